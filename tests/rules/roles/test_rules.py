"""Rules of roles: the last day of a term, and whose turn a role is."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.dates import MAX_AHEAD
from handlers.kit.refusals import Refusal
from handlers.roles import rules
from handlers.roles.rules import Candidate

EXAMPLE = '`/workload role add "Note-taker" @cleo hours:4`'
TODAY = date(2026, 11, 30)
LONG_AGO, LATELY = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)

candidates = st.lists(
    st.builds(
        Candidate,
        member_id=st.integers(1, 99),
        name=st.sampled_from(["Ana", "ben", "Cleo"]),
        agency_id=st.integers(1, 4),
        load=st.integers(0, 40).map(float),
    ),
    max_size=8,
)


@pytest.mark.parametrize("on", [TODAY, TODAY + MAX_AHEAD])
def test_a_term_ends_between_today_and_three_years_from_now(on):
    assert rules.last_day(on, TODAY, EXAMPLE) == on


@pytest.mark.parametrize(
    ("on", "part"),
    [
        pytest.param(TODAY - timedelta(days=1), "already passed", id="yesterday"),
        pytest.param(TODAY + MAX_AHEAD + timedelta(days=1), "more than three years away", id="too far away"),
    ],
)
def test_a_last_day_that_is_past_or_too_far_away_is_refused(on, part):
    with pytest.raises(Refusal, match=part):
        rules.last_day(on, TODAY, EXAMPLE)


def test_agencies_that_never_held_a_role_come_first_then_the_longest_ago_and_within_them_the_smallest_load():
    people = [
        Candidate(1, "Ana", 1, 2.0),
        Candidate(2, "Ben", 1, 1.0),
        Candidate(3, "Cleo", 2, 0.0),
        Candidate(4, "Eva", 3, 30.0),
        Candidate(5, "Finn", 3, 30.0),
        Candidate(6, "Gus", 4, 5.0),
    ]
    turns = {1: LONG_AGO, 2: LATELY}
    assert [person.name for person in rules.in_turn(people, turns)] == ["Gus", "Eva", "Finn", "Ben", "Ana", "Cleo"]
    assert rules.in_turn([], turns) == []


@given(candidates, st.dictionaries(st.integers(1, 4), st.sampled_from([LONG_AGO, LATELY])))
def test_the_order_keeps_everybody_and_a_turn_outweighs_any_load(people, turns):
    ordered = rules.in_turn(people, turns)
    assert sorted(map(repr, ordered)) == sorted(map(repr, people))
    for person, following in pairwise(ordered):
        first, second = turns.get(person.agency_id), turns.get(following.agency_id)
        assert first == second or first is None or (second is not None and first < second)
        if first == second:
            assert person.load <= following.load
