"""No subtraction of what a round shows reveals what fewer than five people said."""

import json
from collections import Counter
from datetime import timedelta
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.pulse import result_views, snapshot
from handlers.pulse.rules import results
from handlers.pulse.rules.results import MIN_SHOWN, Answer
from storage import agencies, consortia, pulse, seals
from storage.pulse import PulseRound
from storage.vocabulary import RoundState
from tests.town import KEY, START

QUESTIONS = ["trust-1", "pace-2"]
SIZES = st.dictionaries(st.integers(1, 6), st.integers(0, 9), max_size=6)


def answer(agency):
    points = st.fixed_dictionaries({key: st.integers(1, 5) for key in QUESTIONS})
    return st.builds(Answer, st.just(agency), points, st.one_of(st.just(""), st.text("abc", min_size=1, max_size=3)))


ANSWERS = SIZES.flatmap(
    lambda sizes: st.tuples(*(answer(agency) for agency, size in sizes.items() for _ in range(size))).map(list)
)


def kept(answers, asked=60):
    """Return what the database stores, comments without their order."""
    stored = results.to_json(results.summarize(asked, QUESTIONS, answers))
    assert json.loads(json.dumps(stored)) == stored
    return {**stored, "comments": Counter(stored["comments"])}


# within one round ----------------------------------------------------------------------------------------


@given(SIZES)
def test_no_sum_or_difference_of_shown_groups_is_about_fewer_than_five_people(sizes):
    """Try all combinations of the whole and the groups, each added, subtracted or left out, that counts people once."""
    groups = results.group_agencies(sizes)
    answered = {agency for agency, size in sizes.items() if size}
    shown = [answered, *map(set, groups)] if sum(sizes.values()) >= MIN_SHOWN else []
    for signs in product((-1, 0, 1), repeat=len(shown)):
        weights = {a: sum(sign for sign, part in zip(signs, shown, strict=True) if a in part) for a in answered}
        if set(weights.values()) <= {0, 1} and any(weights.values()):
            people = sum(sizes[agency] for agency, weight in weights.items() if weight)
            assert people >= MIN_SHOWN, (groups, signs)


@given(SIZES)
def test_every_answer_is_in_one_group_or_there_are_no_groups(sizes):
    groups = results.group_agencies(sizes)
    named = [agency for group in groups for agency in group]
    assert sorted(named) == (sorted(agency for agency, size in sizes.items() if size) if groups else [])
    assert len(groups) != 1
    assert all(sum(sizes[agency] for agency in group) >= MIN_SHOWN for group in groups)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_what_is_stored_does_not_depend_on_who_in_a_group_answered_what(answers, draw):
    """Deal the answers out again within each shown group, or the whole if there is none, each question separately."""
    together = results.group_agencies(Counter(one.agency for one in answers)) or [
        sorted({one.agency for one in answers})
    ]
    dealt = []
    for group in together:
        people = [one for one in answers if one.agency in group]
        columns = [draw.sample([one.scores[key] for one in people], len(people)) for key in QUESTIONS]
        for one, *points in zip(people, *columns, strict=True):
            dealt.append(Answer(one.agency, dict(zip(QUESTIONS, points, strict=True))))
    comments = draw.sample([one.comment for one in answers], len(answers))
    dealt = [Answer(one.agency, one.scores, said) for one, said in zip(dealt, comments, strict=True)]
    assert kept(draw.sample(dealt, len(dealt))) == kept(answers)


@given(st.integers(0, MIN_SHOWN - 1).flatmap(lambda n: st.tuples(*[st.lists(answer(1), min_size=n, max_size=n)] * 2)))
def test_what_is_stored_does_not_depend_on_what_fewer_than_five_people_answered(two):
    one, other = two
    assert kept(one) == kept(other)


@given(
    st.lists(answer(1), min_size=MIN_SHOWN, max_size=9),
    *[st.lists(st.text("xyz", min_size=1), min_size=1, max_size=MIN_SHOWN - 1)] * 2,
)
def test_fewer_than_five_comments_leave_only_that_there_were_some(answers, some, others):
    def with_comments(comments):
        padded = [*comments, *[""] * len(answers)]
        return kept([Answer(a.agency, a.scores, said) for a, said in zip(answers, padded, strict=False)])

    assert with_comments(some) == with_comments(others)


# over rounds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_a_group_is_compared_with_its_last_result_only_if_it_had_the_same_agencies(db, seed):
    draw = Random(seed)
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        known = [agencies.add(session, consortium.id, f"Agency {n}", START).id for n in range(5)]
        session.flush()
        ring = seals.KeyRing([KEY])
        shown, last = [], {}
        for number in range(1, 7):
            sizes = last if draw.random() < 0.4 else {agency: draw.choice((0, 2, 4, 5, 6)) for agency in known}
            last = sizes
            answers = [
                Answer(agency, {key: draw.randint(1, 5) for key in QUESTIONS})
                for agency, size in sizes.items()
                for _ in range(size)
            ]
            at = START + timedelta(days=7 * number)
            closed = PulseRound(
                consortium_id=consortium.id,
                number=number,
                team_id="T1",
                channel="C1",
                seal_id=seals.create(session, ring),
                day=at.date(),
                questions=QUESTIONS,
                state=RoundState.CLOSED,
                opened_at=at,
                closes_at=at,
                result=results.to_json(results.summarize(60, QUESTIONS, answers)),
            )
            session.add(closed)
            session.flush()
            shown.append(snapshot.load_snapshot(session, closed))
        assert len(pulse.list_closed_rounds(session, consortium.id, 9)) == len(shown)
    with_counts = [one for one in shown if one.result.counts]
    for before, now in pairwise(with_counts):
        earlier = [set(group.agencies) for group in before.result.groups]
        for group in now.result.groups:
            said = result_views.group_lines(now, group)
            compares = any(word in said for word in ("(up", "(down", "(as before)"))
            assert compares == (set(group.agencies) in earlier), said


def test_rescheduling_does_not_bring_two_rounds_closer_together(town):
    assert "A round is open" in town.types("ana", "/pulse now")
    for planned in ("friday", "thursday"):
        said = town.types("ana", f"/pulse schedule {planned} 9:00")
        assert "Dec 10, 2026" in said or "Dec 11, 2026" in said, "not the 4th, four days after the 30th"
    town.types("ana", "/pulse schedule friday 9:00")
    town.waits("P4DT6H")
    with town.bot.db.read() as session:
        assert len(session.scalars(select(PulseRound)).all()) == 1
    town.waits("P7D")
    with town.bot.db.read() as session:
        days = [found.day for found in session.scalars(select(PulseRound).order_by(PulseRound.number))]
    assert [later - earlier >= timedelta(days=5) for earlier, later in pairwise(days)] == [True]
