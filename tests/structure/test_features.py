"""Contract of the feature records: every id that a view can send is registered once, and every kind is covered."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.features import FEATURES
from handlers.kit.registry import Registry
from storage.vocabulary import LiveMessageKind, NoticeKind, TodoKind

HANDLERS = Path(__file__).parents[2] / "handlers"
REGISTRY = Registry(FEATURES)
REGISTERED = {*REGISTRY.actions, *REGISTRY.forms, *REGISTRY.shortcuts}
RETIRED = {id_ for feature in FEATURES for id_ in feature.retired}
ID = re.compile(rf"(?:{'|'.join({id_.partition('.')[0] for id_ in REGISTERED})})(?:\.[a-z_*]+)+")


CARRIERS = {"button", "form"}
"""The functions of `handlers.kit.block_kit` whose second argument is an id, of whatever prefix."""


def text_of(node: ast.AST) -> str:
    """Return the text of a string, with `*` for a computed part. Empty for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def ids_in(source: str) -> Iterator[str]:
    """Return the ids in a file: what looks like a registered id, and what buttons and forms carry."""
    for node in ast.walk(ast.parse(source)):
        if ID.fullmatch(text_of(node)):
            yield text_of(node)
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CARRIERS and re.fullmatch(r"[a-z_]+(?:\.[a-z_*]+)+", text_of(node.args[1])):
                yield text_of(node.args[1])


SENT = {id_ for path in HANDLERS.rglob("*.py") if path.name != "feature.py" for id_ in ids_in(path.read_text())}


def covers(registered: str, sent: str) -> bool:
    if registered.endswith(".*"):
        # another module may append the last part, as for the buttons that turn pages
        return registered[:-2] in {sent, sent.rpartition(".")[0]}
    return registered == sent


@pytest.mark.parametrize("sent", sorted(SENT))
def test_an_id_that_a_view_can_send_is_registered(sent):
    registering = [
        feature
        for feature in FEATURES
        if any(covers(registered, sent) for registered in (*feature.actions, *feature.forms, *feature.shortcuts))
    ]
    assert len(registering) == 1, f"{sent} is sent by a view: register it once, in the feature.py of its feature"


def test_an_id_with_a_prefix_that_no_feature_has_is_found():
    source = 'button("Thank", "kudos.back", "1"), block_kit.form("Thanks", f"kudos.{kind}", [])'
    assert set(ids_in(source)) == {"kudos.back", "kudos.*"}


@pytest.mark.parametrize("registered", sorted(REGISTERED))
def test_a_registered_id_is_sent_by_a_view_or_retired(registered):
    sent = any(covers(registered, sent) for sent in SENT)
    known = sent or registered in REGISTRY.shortcuts or registered in RETIRED
    assert known, f"no view sends {registered}: remove it from feature.py, or list it in `retired` with its version"


def test_a_retired_id_is_registered_has_a_version_and_is_sent_by_no_view():
    for feature in FEATURES:
        for id_, version in feature.retired.items():
            assert id_ in {*feature.actions, *feature.forms, *feature.shortcuts}
            assert re.fullmatch(r"\d+\.\d+\.\d+", version)
            assert not any(covers(id_, sent) for sent in SENT)


def test_each_kind_is_rendered_by_one_feature():
    assert set(REGISTRY.notices) == set(NoticeKind)
    assert set(REGISTRY.live) == set(LiveMessageKind)
    assert set(REGISTRY.todo) == set(TodoKind)


def test_every_sweep_has_a_unique_name_and_a_label():
    sweeps = REGISTRY.sweeps()
    assert len({sweep.name for sweep in sweeps}) == len(sweeps)
    assert all(sweep.label for sweep in sweeps)
    assert all(notice.label for notice in REGISTRY.notices.values())


@pytest.mark.parametrize("field", ["commands", "actions", "forms", "events", "shortcuts", "notices", "live", "todo"])
def test_two_features_cannot_register_the_same_id(field):
    feature = next(feature for feature in FEATURES if getattr(feature, field))
    with pytest.raises(ValueError, match="two features register"):
        Registry([*FEATURES, replace(feature, words={}, retired={})])


def test_two_features_cannot_register_the_same_subcommand():
    feature = next(feature for feature in FEATURES if feature.words and not feature.commands)
    only_words = replace(feature, actions={}, forms={}, notices={}, todo={}, live={}, sweeps=())
    with pytest.raises(ValueError, match="two features register"):
        Registry([*FEATURES, only_words])


def test_only_feature_files_import_the_record():
    importing = {
        path.relative_to(HANDLERS).as_posix()
        for path in HANDLERS.rglob("*.py")
        if re.search(r"from handlers\.kit\.feature import|handlers\.kit import .*\bfeature\b", path.read_text())
    }
    assert all(name.endswith("/feature.py") for name in importing - {"features.py", "kit/registry.py"})
