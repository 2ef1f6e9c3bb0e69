"""Titles, names, and short descriptions as people type them."""

import pytest

from handlers.kit import command_text
from handlers.kit.refusals import Refusal

EXAMPLE = '`/workload role add "Note-taker" @cleo hours:4`'


def test_control_characters_and_outer_spaces_are_removed():
    assert command_text.parse_short_text("  Note-\u202etaker\x00 ", "which role", EXAMPLE, 80) == "Note-taker"


@pytest.mark.parametrize(
    ("typed", "part"), [("", "in a few words"), ("…!", "in a few words"), ("x" * 3000, "3,000 characters")]
)
def test_an_empty_or_endless_text_is_refused(typed, part):
    with pytest.raises(Refusal, match=part):
        command_text.parse_short_text(typed, "which role", EXAMPLE, 80)
