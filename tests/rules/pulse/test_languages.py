"""What the pulse tells one person is there in every language, with the same facts."""

import json
from datetime import UTC, datetime
from string import Formatter

import pytest

from handlers.pulse import forms, question_bank, result_texts, texts, views
from handlers.pulse.question_bank import QUESTIONS
from storage.vocabulary import Language

TRANSLATED = [
    (f"{module.__name__}.{name}", value)
    for module in (texts, result_texts, forms, views, question_bank)
    for name, value in vars(module).items()
    if isinstance(value, dict) and value and all(isinstance(key, Language) for key in value)
]
AT = datetime(2026, 12, 3, 17, tzinfo=UTC)


def fields(value):
    """List the placeholders of a text, or of several."""
    if isinstance(value, dict):
        return sorted(map(str, value))
    parts = [value] if isinstance(value, str) else [text for text in value if isinstance(text, str)]
    return sorted(name for text in parts for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("translations", [pytest.param(value, id=name) for name, value in TRANSLATED])
def test_a_text_has_the_same_placeholders_in_every_language(translations):
    assert set(translations) == set(Language)
    assert len({tuple(fields(value)) for value in translations.values()}) == 1


@pytest.mark.parametrize("language", Language)
def test_forms_and_messages_keep_to_slacks_limits_in_every_language(language):
    for key in QUESTIONS:
        for again in (True, False):
            assert forms.questions({}, [key], "tomorrow", language, again=again)["blocks"]
    assert forms.pause({}, language)["blocks"]
    for piece in (views.invitation("A & B", 1, 5, AT, "UTC", language), views.reminder(1, AT, "UTC", language)):
        written = json.dumps([block.to_dict() for block in piece.blocks])
        assert "{" not in piece.text
        assert all(f"{{{name}}}" not in written for name in ("until", "consortium", "questions"))
