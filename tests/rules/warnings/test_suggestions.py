"""Suggestions of who could take which task, compared with trying everything."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.warnings.rules import suggestions
from handlers.warnings.rules.spreading import spread_tasks
from handlers.warnings.rules.suggestions import Giver, MovableTask, Move, Suggestion, Taker

CLEO, DOV, GUS = 3, 4, 7
BEN, FINN = 90, 91
BIRCH, OAK = 20, 30


def suggest(excess, movable, people, agencies, **more):
    """Suggest for one giver."""
    return suggestions.suggest([Giver(BEN, excess, movable)], people, agencies, **more)[BEN]


def tasks(*hours):
    return [MovableTask(number, effort) for number, effort in enumerate(hours, start=21)]


def test_one_task_that_is_enough_is_preferred_to_two():
    assert suggest(5, tasks(3, 2, 6), [Taker(CLEO, 8)], {}) == Suggestion((Move(23, CLEO),), enough=True)


def test_of_two_tasks_that_are_enough_the_smaller_one_is_moved():
    assert suggest(2, tasks(12, 3, 2), [Taker(CLEO, 20)], {}) == Suggestion((Move(23, CLEO),), enough=True)


def test_two_people_are_asked_if_neither_has_room_for_both_tasks():
    found = suggest(16, tasks(12, 6, 2, 2), [Taker(CLEO, 13), Taker(DOV, 7)], {})
    assert found == Suggestion((Move(21, CLEO), Move(22, DOV)), enough=True)


def test_the_person_with_most_room_is_asked_first():
    found = suggest(1, tasks(1), [Taker(CLEO, 3), Taker(DOV, 9)], {})
    assert found.moves == (Move(21, DOV),)


def test_tasks_are_placed_so_that_all_of_them_fit():
    found = suggest(10, tasks(6, 4), [Taker(CLEO, 6), Taker(DOV, 9)], {})
    assert found.enough and {move.number for move in found.moves} == {21, 22}
    assert len({move.to for move in found.moves}) == 2


def test_an_agency_without_room_receives_nothing():
    people = [Taker(CLEO, 20, BIRCH), Taker(GUS, 4, OAK)]
    assert suggest(4, tasks(4), people, {BIRCH: 0, OAK: 10}).moves == (Move(21, GUS),)
    assert suggest(4, tasks(4, 4), people, {BIRCH: 0, OAK: 3}).moves == ()


def test_people_of_one_agency_share_its_room():
    people = [Taker(CLEO, 6, BIRCH), Taker(DOV, 6, BIRCH), Taker(GUS, 5, OAK)]
    found = suggest(10, tasks(5, 5), people, {BIRCH: 7})
    assert found.enough and {move.to for move in found.moves} == {CLEO, GUS}


def test_nobody_is_asked_to_take_the_same_task_twice():
    asked = [MovableTask(21, 4, frozenset({CLEO})), MovableTask(22, 4)]
    assert suggest(4, asked[:1], [Taker(CLEO, 9)], {}) == Suggestion()
    assert suggest(4, asked[:1], [Taker(CLEO, 9), Taker(GUS, 4)], {}).moves == (Move(21, GUS),)
    assert suggest(4, asked, [Taker(CLEO, 9)], {}).moves == (Move(22, CLEO),)


def test_if_nothing_is_enough_the_set_that_frees_most_is_suggested():
    assert suggest(50, tasks(12, 6, 2), [Taker(CLEO, 8)], {}) == Suggestion((Move(22, CLEO), Move(23, CLEO)))


@pytest.mark.parametrize(
    ("excess", "movable", "people"),
    [
        pytest.param(5, [], [Taker(CLEO, 8)], id="nothing can be moved: roles, or work without effort"),
        pytest.param(5, tasks(3, 2), [], id="nobody may be asked"),
        pytest.param(5, tasks(30), [Taker(CLEO, 8)], id="no task fits anywhere"),
        pytest.param(5, tasks(3), [Taker(CLEO, 0)], id="nobody has room"),
    ],
)
def test_if_nothing_helps_nothing_is_suggested(excess, movable, people):
    assert suggest(excess, movable, people, {}) == Suggestion()


def test_somebody_without_excess_needs_no_suggestion():
    assert suggest(0, tasks(3), [Taker(CLEO, 8)], {}) == Suggestion(enough=True)


# several givers -------------------------------------------------------------------------------------------------


def test_two_people_are_not_sent_to_the_same_person():
    ben, dov = Giver(BEN, 4, [MovableTask(21, 4)]), Giver(FINN, 8, [MovableTask(22, 8)])
    eva, gus = Taker(CLEO, 4), Taker(GUS, 8)
    for givers in ([ben, dov], [dov, ben]):
        assert suggestions.suggest(givers, [eva, gus], {}) == {
            BEN: Suggestion((Move(21, CLEO),), enough=True),
            FINN: Suggestion((Move(22, GUS),), enough=True),
        }


def test_an_agency_hands_over_only_to_people_outside_it():
    elm = Giver(BIRCH, 4, [MovableTask(21, 4)], BIRCH, leaves=True)
    inside, outside = Taker(CLEO, 8, BIRCH), Taker(GUS, 4, OAK)
    assert suggestions.suggest([elm], [inside, outside], {BIRCH: 0, OAK: 6})[BIRCH].moves == (Move(21, GUS),)
    assert suggestions.suggest([elm], [inside], {})[BIRCH] == Suggestion()


def test_a_colleague_can_be_asked_although_the_agency_is_above_its_share():
    ben = Giver(BEN, 4, [MovableTask(21, 4)], BIRCH)
    assert suggestions.suggest([ben], [Taker(CLEO, 8, BIRCH)], {BIRCH: 0})[BEN].moves == (Move(21, CLEO),)


wholes = st.integers(1, 8).map(float)
crowds = st.tuples(
    st.lists(st.tuples(wholes, st.lists(wholes, min_size=1, max_size=3)), min_size=2, max_size=3),
    st.lists(st.tuples(st.sampled_from([4.0, 8.0, 3.0]), st.sampled_from([None, BIRCH, OAK])), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from([BIRCH, OAK]), st.integers(0, 10).map(float)),
)


@settings(max_examples=60)
@given(crowds)
def test_suggestions_for_several_people_are_as_good_as_trying_everything(crowd):
    needs, rooms, agencies = crowd
    numbers = iter(range(100))
    givers = [
        Giver(50 + place, excess, [MovableTask(next(numbers), hours) for hours in efforts])
        for place, (excess, efforts) in enumerate(needs)
    ]
    people = [Taker(number, room, agency) for number, (room, agency) in enumerate(rooms, start=1)]
    found = suggestions.suggest(givers, people, agencies)
    known = [task for giver in givers for task in giver.tasks]
    assert meets_constraints([move for one in found.values() for move in one.moves], known, people, agencies)

    def value(by_giver):
        return (
            sum(min(giver.excess, sum(by_giver[giver.id])) for giver in givers),
            -sum(len(hours) for hours in by_giver.values()),
            -sum(sum(hours) for hours in by_giver.values()),
        )

    hours = {task.number: task.hours for task in known}
    ours = value({id_: [hours[move.number] for move in one.moves] for id_, one in found.items()})
    best = value({giver.id: [] for giver in givers})
    for takers in product([None, *people], repeat=len(known)):
        moves = [Move(task.number, taker.id) for task, taker in zip(known, takers, strict=True) if taker]
        if meets_constraints(moves, known, people, agencies):
            moved = {move.number for move in moves}
            ways = {giver.id: [task.hours for task in giver.tasks if task.number in moved] for giver in givers}
            best = max(best, value(ways))
    assert ours == best


def test_a_hundred_givers_stay_within_the_steps():
    givers = [
        Giver(1000 + n, 5 + n % 17, [MovableTask(n * 25 + m, (m % 4 + 1) / 2) for m in range(25)], n % 60)
        for n in range(100)
    ]
    people = [Taker(n, 4.0 * (1 + n % 2), n % 60) for n in range(400)]
    agencies = {n: n % 4 * 6.0 for n in range(60)}
    found = suggestions.suggest(givers, people, agencies)
    known = [task for giver in givers for task in giver.tasks]
    moves = [move for one in found.values() for move in one.moves]
    assert len({move.number for move in moves}) == len(moves)
    outside = {agency: room + 8 * 7 for agency, room in agencies.items()}
    assert meets_constraints(moves, known, people, outside), "colleagues may receive more than the agency's limit"


# compared with trying everything -------------------------------------------------------------------------------

quarters = st.integers(1, 40).map(lambda n: n / 4)
cases = st.tuples(
    st.integers(1, 120).map(lambda n: n / 4),
    st.lists(st.tuples(quarters, st.frozensets(st.integers(1, 3), max_size=1)), max_size=5),
    st.lists(st.tuples(quarters, st.sampled_from([None, BIRCH, OAK])), max_size=4),
    st.dictionaries(st.sampled_from([BIRCH, OAK]), st.integers(0, 60).map(lambda n: n / 4)),
)


def meets_constraints(moves, known, people, agencies):
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


def all_sets(known, people, agencies):
    """Yield every set of moves that meets the constraints, as (tasks, hours)."""
    yield 0, 0
    for count in range(1, len(known) + 1):
        for chosen in combinations(known, count):
            for takers in product(people, repeat=count):
                moves = [Move(task.number, taker.id) for task, taker in zip(chosen, takers, strict=True)]
                if meets_constraints(moves, known, people, agencies):
                    yield count, sum(task.hours for task in chosen)


@settings(deadline=None)
@given(cases)
def test_a_suggestion_is_as_good_as_trying_everything(case):
    excess, efforts, rooms, agencies = case
    known = [MovableTask(number, hours, refused) for number, (hours, refused) in enumerate(efforts, start=21)]
    people = [Taker(number, room, agency) for number, (room, agency) in enumerate(rooms, start=1)]
    found = suggest(excess, known, people, agencies)
    assert len({move.number for move in found.moves}) == len(found.moves)
    assert meets_constraints(found.moves, known, people, agencies)
    hours = {task.number: task.hours for task in known}
    freed = sum(hours[move.number] for move in found.moves)
    ways = list(all_sets(known, people, agencies))
    enough = [way for way in ways if way[1] >= excess]
    assert found.enough is bool(enough)
    if enough:
        assert (len(found.moves), freed) == min(enough)
    else:
        assert freed == max(hours for _, hours in ways)


def test_ten_tasks_and_six_people_stay_within_the_steps():
    """All tasks and people differ and few fit together, which is harder than usual."""
    for salt in range(60):
        known = tasks(*(1 + ((salt * 7 + n * n * 13) % 47) / 4 for n in range(10)))
        people = [Taker(n, 2 + ((salt * 11 + n * 29) % 47) / 4, n % 3) for n in range(1, 7)]
        for excess in (15, 30, 45, 80):
            problem = suggestions._Problem.of([Giver(BEN, excess, known)], people, {1: salt / 2, 2: 9.75})
            problem.solve(suggestions.MAX_STEPS)
            assert problem.is_complete


@given(cases)
def test_spreading_many_tasks_meets_the_same_constraints(case):
    _, efforts, rooms, agencies = case
    known = [MovableTask(number, hours, refused) for number, (hours, refused) in enumerate(efforts, start=21)]
    people = [Taker(number, room, agency) for number, (room, agency) in enumerate(rooms, start=1)]
    moves = spread_tasks(known, people, agencies)
    assert meets_constraints(moves, known, people, agencies)
    left = [task for task in known if task.number not in {move.number for move in moves}]
    for task in left:
        for one in people:
            assert not meets_constraints([*moves, Move(task.number, one.id)], known, people, agencies), (
                "nothing is left out"
            )


def test_a_search_that_is_too_large_still_returns_a_valid_set():
    known = tasks(*(2 + (n * n * 13 % 97) / 4 for n in range(200)))
    people = [Taker(n, 4 + (n * 29 % 61) / 4, n % 7) for n in range(1, 500)]
    agencies = dict.fromkeys(range(7), 11.0)
    found = suggest(90, known, people, agencies)
    assert 0 < len(found.moves) <= suggestions.MAX_MOVES
    assert meets_constraints(found.moves, known, people, agencies)
