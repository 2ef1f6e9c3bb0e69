"""Who could take what: exact, compared with trying everything."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.warnings.rules import suggestions
from handlers.warnings.rules.spreading import spread_tasks
from handlers.warnings.rules.suggestions import Candidate, MovableTask, Move, Suggestion, suggest

CLEO, DOV, GUS = 3, 4, 7
BIRCH, OAK = 20, 30


def tasks(*hours):
    return [MovableTask(number, effort) for number, effort in enumerate(hours, start=21)]


def test_one_task_that_is_enough_is_better_than_two():
    assert suggest(5, tasks(3, 2, 6), [Candidate(CLEO, 8)], {}) == Suggestion((Move(23, CLEO),), enough=True)


def test_of_two_that_are_enough_the_smaller_one_goes():
    assert suggest(2, tasks(12, 3, 2), [Candidate(CLEO, 20)], {}) == Suggestion((Move(23, CLEO),), enough=True)


def test_two_people_are_asked_where_neither_has_room_for_both():
    found = suggest(16, tasks(12, 6, 2, 2), [Candidate(CLEO, 13), Candidate(DOV, 7)], {})
    assert found == Suggestion((Move(21, CLEO), Move(22, DOV)), enough=True)


def test_whoever_has_most_room_is_asked_first():
    found = suggest(1, tasks(1), [Candidate(CLEO, 3), Candidate(DOV, 9)], {})
    assert found.moves == (Move(21, DOV),)


def test_a_place_that_a_smaller_task_needs_is_not_taken_by_a_larger_one():
    found = suggest(10, tasks(6, 4), [Candidate(CLEO, 6), Candidate(DOV, 9)], {})
    assert found.enough and {move.number for move in found.moves} == {21, 22}
    assert len({move.to for move in found.moves}) == 2


def test_an_agency_above_its_share_gets_no_more():
    people = [Candidate(CLEO, 20, BIRCH), Candidate(GUS, 4, OAK)]
    assert suggest(4, tasks(4), people, {BIRCH: 0, OAK: 10}).moves == (Move(21, GUS),)
    assert suggest(4, tasks(4, 4), people, {BIRCH: 0, OAK: 3}).moves == ()


def test_two_people_of_one_agency_do_not_lift_it_over_its_line_together():
    people = [Candidate(CLEO, 6, BIRCH), Candidate(DOV, 6, BIRCH), Candidate(GUS, 5, OAK)]
    found = suggest(10, tasks(5, 5), people, {BIRCH: 7})
    assert found.enough and {move.to for move in found.moves} == {CLEO, GUS}


def test_nobody_is_asked_twice_for_the_same_task():
    asked = [MovableTask(21, 4, frozenset({CLEO})), MovableTask(22, 4)]
    assert suggest(4, asked[:1], [Candidate(CLEO, 9)], {}) == Suggestion()
    assert suggest(4, asked[:1], [Candidate(CLEO, 9), Candidate(GUS, 4)], {}).moves == (Move(21, GUS),)
    assert suggest(4, asked, [Candidate(CLEO, 9)], {}).moves == (Move(22, CLEO),)


def test_where_nothing_is_enough_what_frees_most_is_given():
    assert suggest(50, tasks(12, 6, 2), [Candidate(CLEO, 8)], {}) == Suggestion((Move(22, CLEO), Move(23, CLEO)))


@pytest.mark.parametrize(
    ("excess", "movable", "people"),
    [
        pytest.param(5, [], [Candidate(CLEO, 8)], id="nothing can be moved: roles, or work without effort"),
        pytest.param(5, tasks(3, 2), [], id="nobody may be asked"),
        pytest.param(5, tasks(30), [Candidate(CLEO, 8)], id="no task fits anywhere"),
        pytest.param(5, tasks(3), [Candidate(CLEO, 0)], id="nobody has room"),
    ],
)
def test_where_nothing_helps_nothing_is_said(excess, movable, people):
    assert suggest(excess, movable, people, {}) == Suggestion()


def test_who_carries_nothing_too_much_needs_nothing():
    assert suggest(0, tasks(3), [Candidate(CLEO, 8)], {}) == Suggestion(enough=True)


# everything tried ----------------------------------------------------------------------------------------

quarters = st.integers(1, 40).map(lambda n: n / 4)
cases = st.tuples(
    st.integers(1, 120).map(lambda n: n / 4),
    st.lists(st.tuples(quarters, st.frozensets(st.integers(1, 3), max_size=1)), max_size=5),
    st.lists(st.tuples(quarters, st.sampled_from([None, BIRCH, OAK])), max_size=4),
    st.dictionaries(st.sampled_from([BIRCH, OAK]), st.integers(0, 60).map(lambda n: n / 4)),
)


def keeps_the_rules(moves, known, people, agencies):
    effort = {task.number: task for task in known}
    took, filled = {}, {}
    for move in moves:
        if move.to in effort[move.number].refused:
            return False
        took[move.to] = took.get(move.to, 0) + effort[move.number].hours
    for person in people:
        if took.get(person.id, 0) > person.room:
            return False
        filled[person.agency] = filled.get(person.agency, 0) + took.get(person.id, 0)
    return all(filled.get(agency, 0) <= room for agency, room in agencies.items())


def everything(known, people, agencies):
    """Every way to move some tasks that keeps the rules, as (tasks, hours)."""
    yield 0, 0
    for count in range(1, len(known) + 1):
        for chosen in combinations(known, count):
            for takers in product(people, repeat=count):
                moves = [Move(task.number, taker.id) for task, taker in zip(chosen, takers, strict=True)]
                if keeps_the_rules(moves, known, people, agencies):
                    yield count, sum(task.hours for task in chosen)


@settings(deadline=None)
@given(cases)
def test_it_is_as_good_as_trying_everything(case):
    excess, efforts, rooms, agencies = case
    known = [MovableTask(number, hours, refused) for number, (hours, refused) in enumerate(efforts, start=21)]
    people = [Candidate(number, room, agency) for number, (room, agency) in enumerate(rooms, start=1)]
    found = suggest(excess, known, people, agencies)
    assert len({move.number for move in found.moves}) == len(found.moves)
    assert keeps_the_rules(found.moves, known, people, agencies)
    hours = {task.number: task.hours for task in known}
    freed = sum(hours[move.number] for move in found.moves)
    ways = list(everything(known, people, agencies))
    enough = [way for way in ways if way[1] >= excess]
    assert found.enough is bool(enough)
    if enough:
        assert (len(found.moves), freed) == min(enough)
    else:
        assert freed == max(hours for _, hours in ways)


def test_the_size_that_is_promised_stays_within_the_steps():
    """Ten tasks and six people, all different, none fitting well: more than usually occurs."""
    for salt in range(60):
        known = tasks(*(1 + ((salt * 7 + n * n * 13) % 47) / 4 for n in range(10)))
        people = [Candidate(n, 2 + ((salt * 11 + n * 29) % 47) / 4, n % 3) for n in range(1, 7)]
        for excess in (15, 30, 45, 80):
            search = suggestions._search(excess, known, people, {1: salt / 2, 2: 9.75})
            assert search.steps < suggestions.MAX_STEPS


@given(cases)
def test_much_work_is_spread_by_the_same_rules(case):
    _, efforts, rooms, agencies = case
    known = [MovableTask(number, hours, refused) for number, (hours, refused) in enumerate(efforts, start=21)]
    people = [Candidate(number, room, agency) for number, (room, agency) in enumerate(rooms, start=1)]
    moves = spread_tasks(known, people, agencies)
    assert keeps_the_rules(moves, known, people, agencies)
    left = [task for task in known if task.number not in {move.number for move in moves}]
    for task in left:
        for one in people:
            assert not keeps_the_rules([*moves, Move(task.number, one.id)], known, people, agencies), (
                "nothing is left out"
            )


def test_beyond_it_something_good_is_found_all_the_same():
    known = tasks(*(2 + (n * n * 13 % 97) / 4 for n in range(200)))
    people = [Candidate(n, 4 + (n * 29 % 61) / 4, n % 7) for n in range(1, 500)]
    agencies = dict.fromkeys(range(7), 11.0)
    found = suggest(90, known, people, agencies)
    assert len(found.moves) == suggestions.MAX_MOVES
    assert keeps_the_rules(found.moves, known, people, agencies)
