"""All features together: their records merged, with nothing registered twice."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from handlers.kit.deps import Deps
from handlers.kit.export_tables import ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Phase, RenderLive, Shortcut, Sweep
from handlers.kit.notices import sweep as notice_sweep
from handlers.kit.notices.sweep import RenderNotices
from handlers.kit.slack_request import Listener, RenderWindow, Subcommand
from handlers.kit.todo import RenderTodo
from storage import notices
from storage.vocabulary import LiveMessageKind, NoticeKind, TodoKind

Key = TypeVar("Key")
Value = TypeVar("Value")


class Registry:
    """What all features register. Raise ValueError if two features register the same id."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = features
        self.commands: Mapping[str, Command] = _merge(feature.commands for feature in features)
        self.words: Mapping[str, Mapping[str, Subcommand]] = {
            command: _merge(feature.words.get(command, {}) for feature in features) for command in self.commands
        }
        self.actions: Mapping[str, Listener] = _merge(feature.actions for feature in features)
        self.forms: Mapping[str, Listener] = _merge(feature.forms for feature in features)
        self.windows: Mapping[str, RenderWindow] = _merge(feature.windows for feature in features)
        self.events: Mapping[str, Listener] = _merge(feature.events for feature in features)
        self.shortcuts: Mapping[str, Shortcut] = _merge(feature.shortcuts for feature in features)
        self.notices: Mapping[NoticeKind, NoticeRenderer] = _merge(feature.notices for feature in features)
        self.live: Mapping[LiveMessageKind, RenderLive] = _merge(feature.live for feature in features)
        self.todo: Mapping[TodoKind, RenderTodo] = _merge(feature.todo for feature in features)
        self.tables: Sequence[ExportTable] = [table for feature in features for table in feature.tables]

    def sweeps(self) -> list[Sweep]:
        """Return the scheduled work of all features and the sweep that sends notices, in the order of a tick."""
        sending = Sweep("notices", self._send_notices, notice_sweep.next_due, "a reminder", Phase.NOTICES)
        own = [sweep for feature in self.features for sweep in feature.sweeps]
        return sorted([*own, sending], key=lambda sweep: sweep.phase)

    def next_label(self, session: Session, sweep: Sweep) -> str:
        """Describe in a few words what a sweep will do when it is due."""
        kind = notices.next_kind(session) if sweep.name == "notices" else None
        return self.notices[kind].label if kind is not None else sweep.label

    def _send_notices(self, deps: Deps, now: datetime) -> None:
        notice_sweep.send_due_notices(deps.db, self.notice_renderers, now)

    @property
    def notice_renderers(self) -> Mapping[NoticeKind, RenderNotices]:
        """Return the renderer of each kind of notice."""
        return {kind: notice.render for kind, notice in self.notices.items()}


def _merge(mappings: Iterable[Mapping[Key, Value]]) -> dict[Key, Value]:
    merged: dict[Key, Value] = {}
    for mapping in mappings:
        twice = merged.keys() & mapping.keys()
        if twice:
            raise ValueError(f"two features register {sorted(map(str, twice))}")
        merged.update(mapping)
    return merged
