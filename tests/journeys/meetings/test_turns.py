"""Whose turn it is to take the minutes tells nothing about private meetings."""

import pytest

from tests.journeys.steps import goes_to


@pytest.mark.parametrize("kind", ["no other", "a private", "a public"])
def test_only_a_public_meeting_at_the_same_time_moves_the_turn(town, kind):
    town.call("channels", name="inner", private=True, members=["cleo"], bot=True)
    if kind != "no other":
        channel = "inner" if kind == "a private" else "general"
        assert "is planned" in town.types(
            "cleo", '/meeting new "Elsewhere" 2026-12-10 14:00 for:60m zone:America/Denver', channel
        )
    assert "is planned" in town.types("ana", '/meeting new "Council" 2026-12-10 14:00 for:60m')
    goes_to(town, "2026-12-09T20:00:00Z")
    town.settle()
    said = town.types("ana", "/meeting")
    taker = "Ben Ortiz" if kind == "a public" else "Cleo Marchetti"
    assert f"{taker} takes the minutes" in said or f"minutes {taker}" in said, said
