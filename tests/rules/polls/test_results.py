"""Results of polls: a tie is a tie, and the order of the ballots does not matter."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named
from handlers.polls import rules
from storage.vocabulary import AgencyId, MemberId, PollKind, Seat

ONE, SEVERAL, RANKED = PollKind.ONE, PollKind.SEVERAL, PollKind.RANKED
SCORE, DOTS, TIME = PollKind.SCORE, PollKind.DOTS, PollKind.TIME
THREE = [1, 2, 3]


def ranking(*places):
    return {place: rank for rank, place in enumerate(places, start=1)}


def leaders(kind, ballots, places=THREE):
    return list(rules.count(kind, places, ballots).leaders)


def numbers(kind, ballots, places=THREE):
    return [option.score for option in rules.count(kind, places, ballots).options]


# counting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(PollKind))
def test_where_nobody_voted_nobody_leads(kind):
    result = rules.count(kind, THREE, [])
    assert (result.ballots, list(result.leaders), [option.score for option in result.options]) == (0, [], [0, 0, 0])


@pytest.mark.parametrize(
    ("kind", "ballots", "expected", "first"),
    [
        pytest.param(ONE, [{1: 1}, {2: 1}, {2: 1}], [1, 2, 0], [2], id="one choice counts ballots"),
        pytest.param(ONE, [{1: 1}, {2: 1}], [1, 1, 0], [1, 2], id="a tie of one choice is a tie"),
        pytest.param(SEVERAL, [{1: 1, 2: 1}, {2: 1, 3: 1}], [1, 2, 1], [2], id="several choices count each"),
        pytest.param(SCORE, [{1: 5, 2: 4}, {1: 1, 2: 4}], [3, 4, 0], [2], id="scores are means"),
        pytest.param(SCORE, [{1: 0, 2: 0, 3: 0}], [0, 0, 0], [], id="where nobody gives points nothing leads"),
        pytest.param(SCORE, [{1: 4}, {1: 0, 2: 0}], [2, 0, 0], [1], id="a ballot of zeros counts in the mean"),
        pytest.param(SCORE, [{1: 5}, {2: 3}, {2: 3}], [5 / 3, 2, 0], [2], id="who scores nothing gives nothing to it"),
        pytest.param(DOTS, [{1: 3, 2: 2}, {2: 5}], [3, 7, 0], [2], id="dots are added"),
        pytest.param(TIME, [{1: 2, 2: 1}, {1: 0, 2: 1}], [1, 2, 0], [2], id="who can come at all counts first"),
        pytest.param(TIME, [{1: 2, 2: 1}, {1: 2, 2: 2}], [2, 2, 0], [1], id="then who can come gladly"),
        pytest.param(TIME, [{1: 2, 2: 2}], [1, 1, 0], [1, 2], id="times that are equal in both are a tie"),
        pytest.param(TIME, [{1: 0, 2: 0, 3: 0}], [0, 0, 0], [], id="where nobody can come no time leads"),
        pytest.param(RANKED, [ranking(2, 1, 3)], [1, 2, 0], [2], id="one ranking is its own result"),
        pytest.param(RANKED, [{2: 1}], [0, 2, 0], [2], id="options left out stand equal behind those ranked"),
        pytest.param(RANKED, [ranking(1, 2, 3), ranking(2, 1, 3)], [1, 1, 0], [1, 2], id="two ranked alike are a tie"),
        pytest.param(
            RANKED,
            [ranking(1, 2, 3), ranking(2, 3, 1), ranking(3, 1, 2)],
            [0, 0, 0],
            [1, 2, 3],
            id="a perfect circle is a tie of all",
        ),
        pytest.param(
            RANKED, [{1: 1}, ranking(2, 3)], [0, 1, 0], [1, 2], id="whoever no other beats is part of the tie"
        ),
    ],
)
def test_counts(kind, ballots, expected, first):
    assert numbers(kind, ballots) == expected
    assert leaders(kind, ballots) == first


def test_a_lead_of_one_point_among_many_ballots_is_no_tie():
    ballots = [{1: 3, 2: 3}] * 999 + [{1: 4, 2: 3}]
    assert leaders(SCORE, ballots) == [1]


def schulze_example():
    """The example of Schulze's paper: 45 voters, five options A to E; E wins, then A, C, B, D."""
    groups = ((5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"))
    groups += ((7, "DCEBA"), (8, "EBADC"))
    return [ranking(*(" ABCDE".index(letter) for letter in order)) for many, order in groups for _ in range(many)]


def test_the_example_of_the_paper_comes_out_as_in_the_paper():
    places = [1, 2, 3, 4, 5]
    assert leaders(RANKED, schulze_example(), places) == [5]
    order = sorted(rules.count(RANKED, places, schulze_example()).options, key=lambda option: -option.score)
    assert [" ABCDE"[option.place] for option in order] == list("EACBD")


places_4 = [1, 2, 3, 4]
rankings = st.permutations(places_4).flatmap(lambda p: st.integers(1, 4).map(lambda n: ranking(*p[:n])))
electorates = st.lists(rankings, min_size=1, max_size=9)


def condorcet_winner(places, ballots):
    """Find by brute force the option that more voters prefer to each other one than the reverse."""

    def prefer(a, b):
        return sum(ballot.get(a, 99) < ballot.get(b, 99) for ballot in ballots)

    winners = [a for a in places if all(prefer(a, b) > prefer(b, a) for b in places if b != a)]
    return winners[0] if winners else None


@given(electorates)
def test_whoever_beats_each_other_option_leads_alone(ballots):
    winner = condorcet_winner(places_4, ballots)
    if winner is not None:
        assert leaders(RANKED, ballots, places_4) == [winner]


@given(electorates)
def test_somebody_leads_wherever_anybody_voted(ballots):
    first = leaders(RANKED, ballots, places_4)
    best = max(numbers(RANKED, ballots, places_4))
    assert first
    options = rules.count(RANKED, places_4, ballots).options
    assert all(option.place in first for option in options if option.score == best)


@given(electorates, st.permutations(places_4))
def test_other_names_for_the_options_give_the_same_result_under_other_names(ballots, names):
    renamed = dict(zip(places_4, names, strict=True))
    turned = [{renamed[place]: rank for place, rank in ballot.items()} for ballot in ballots]
    assert set(leaders(RANKED, turned, places_4)) == {renamed[p] for p in leaders(RANKED, ballots, places_4)}


@given(electorates)
def test_each_ballot_twice_changes_no_leader(ballots):
    assert leaders(RANKED, ballots * 2, places_4) == leaders(RANKED, ballots, places_4)


@given(electorates)
def test_putting_the_leader_first_on_one_ballot_more_keeps_it_leading(ballots):
    first = leaders(RANKED, ballots, places_4)[0]
    assert first in leaders(RANKED, [*ballots, {first: 1}], places_4)


def test_all_orders_of_three_together_are_a_tie():
    assert leaders(RANKED, [ranking(*order) for order in permutations(THREE)]) == THREE


def ballots_of(kind):
    most = {ONE: 1, SEVERAL: 1, SCORE: 5, DOTS: 9, TIME: 2}.get(kind, 1)
    if kind is RANKED:
        return electorates
    least = 0 if kind in {SCORE, TIME} else 1
    sizes = 1 if kind is ONE else 4
    return st.lists(st.dictionaries(st.sampled_from(places_4), st.integers(least, most), min_size=1, max_size=sizes))


kinds_with_ballots = st.sampled_from(PollKind).flatmap(
    lambda kind: st.tuples(st.just(kind), ballots_of(kind), st.randoms(use_true_random=False))
)


@given(kinds_with_ballots)
def test_the_order_of_ballots_does_not_matter(drawn):
    kind, ballots, random = drawn
    shuffled = list(ballots)
    random.shuffle(shuffled)
    assert rules.count(kind, places_4, shuffled) == rules.count(kind, places_4, ballots)


@given(kinds_with_ballots)
def test_nobody_who_leads_has_less_than_another_except_in_a_ranking(drawn):
    kind, ballots, _ = drawn
    result = rules.count(kind, places_4, ballots)
    if kind is not RANKED and result.leaders:
        best = max((option.score, option.yes) for option in result.options)
        leading = [option.place for option in result.options if (option.score, option.yes) == best]
        assert leading == list(result.leaders)


@given(kinds_with_ballots)
def test_what_is_kept_of_a_ballot_is_the_ballot(drawn):
    _, ballots, _ = drawn
    for ballot in ballots:
        assert rules.unpack(rules.pack(ballot)) == ballot
    assert rules.unpack(None) == {}


# ballots that a poll allows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "most", "ballot"),
    [
        pytest.param(ONE, 1, {2: 1}, id="one choice"),
        pytest.param(SEVERAL, 2, {1: 1, 3: 1}, id="as many choices as are allowed"),
        pytest.param(SEVERAL, 2, {1: 1}, id="fewer choices than are allowed"),
        pytest.param(RANKED, 1, {3: 1}, id="a ranking of one"),
        pytest.param(SCORE, 1, {1: 0, 2: 5}, id="points from 0 to 5"),
        pytest.param(SCORE, 1, {1: 0, 2: 0}, id="no point to any choice"),
        pytest.param(DOTS, 5, {1: 3, 2: 2}, id="all dots spent"),
        pytest.param(DOTS, 5, {1: 3}, id="not all dots spent"),
        pytest.param(TIME, 1, {1: 0, 2: 0, 3: 0}, id="no to every time"),
    ],
)
def test_a_good_ballot_is_taken(kind, most, ballot):
    rules.check_ballot(kind, most, THREE, ballot)


@pytest.mark.parametrize(
    ("kind", "most", "ballot", "said"),
    [
        pytest.param(ONE, 1, {}, "not chosen anything", id="an empty ballot"),
        pytest.param(ONE, 1, {1: 1, 2: 1}, "pick one choice", id="two choices where there is one"),
        pytest.param(SEVERAL, 2, {1: 1, 2: 1, 3: 1}, "up to 2", id="one choice more than allowed"),
        pytest.param(ONE, 1, {4: 1}, "no choice 4. The choices are 1 to 3", id="an option that is not there"),
        pytest.param(SCORE, 1, {1: 6}, "0 to 5 points", id="six points"),
        pytest.param(SCORE, 1, {1: -1}, "0 to 5 points", id="points below nothing"),
        pytest.param(DOTS, 5, {1: 3, 2: 3}, "5 dots", id="one dot too many"),
        pytest.param(DOTS, 5, {1: 0}, "not spent any dots", id="no dot spent"),
    ],
)
def test_a_bad_ballot_is_refused_in_a_sentence(kind, most, ballot, said):
    with pytest.raises(Refusal, match=said):
        rules.check_ballot(kind, most, THREE, ballot)


# one voice per agency ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SpokenBallot:
    agency_id: AgencyId
    member_id: MemberId
    choices: dict
    seat: Seat = Seat.MEMBER
    sole: bool = False
    said_at: datetime = datetime(2026, 11, 30, tzinfo=UTC)
    vacated_at: datetime | None = None


ELM, BIRCH, OAK = (AgencyId(n) for n in (1, 2, 3))


def test_each_agency_has_one_ballot_whoever_else_of_it_votes():
    ballots = [
        SpokenBallot(ELM, MemberId(1), {"1": 1}, Seat.REPRESENTATIVE),
        SpokenBallot(ELM, MemberId(2), {"2": 1}),
        SpokenBallot(ELM, MemberId(3), {"2": 1}),
        SpokenBallot(BIRCH, MemberId(4), {"1": 1}, Seat.ALTERNATE),
    ]
    named = {ELM: Named(MemberId(1)), BIRCH: Named(MemberId(9), MemberId(4)), OAK: Named(MemberId(5))}
    assert rules.agency_ballots(PollKind.ONE, [1, 2], ballots, named) == ([{1: 1}, {1: 1}], [])


def test_where_nobody_is_named_people_who_agree_are_one_voice():
    ballots = [SpokenBallot(ELM, MemberId(n), {"1": 1}, sole=True) for n in (1, 2)]
    assert rules.agency_ballots(PollKind.ONE, [1, 2], ballots, {ELM: Named()}) == ([{1: 1}], [])


def test_where_nobody_is_named_people_who_differ_make_a_divided_agency():
    ballots = [SpokenBallot(ELM, MemberId(n), {str(n): 1}, sole=True) for n in (1, 2)]
    assert rules.agency_ballots(PollKind.ONE, [1, 2], ballots, {ELM: Named()}) == ([], [ELM])


def test_an_agency_that_did_not_vote_is_neither_heard_nor_divided():
    assert rules.agency_ballots(PollKind.ONE, [1, 2], [], {ELM: Named()}) == ([], [])


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        pytest.param(PollKind.SCORE, {"1": 3}, {"1": 3, "2": 0}, id="no points and left out"),
        pytest.param(PollKind.RANKED, {"1": 1}, {"1": 1, "2": 2}, id="the last rank and left out"),
        pytest.param(PollKind.RANKED, {"1": 1, "2": 2}, {"1": 2, "2": 5}, id="ranks with a gap"),
    ],
)
def test_ballots_that_mean_the_same_are_one_voice(kind, first, second):
    ballots = [SpokenBallot(ELM, MemberId(n), choices, sole=True) for n, choices in ((1, first), (2, second))]
    assert rules.agency_ballots(kind, [1, 2], ballots, {ELM: Named()})[1] == []


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        pytest.param(PollKind.SCORE, {"1": 3}, {"1": 3, "2": 1}, id="one point and left out"),
        pytest.param(PollKind.RANKED, {"1": 1}, {"1": 1, "2": 1}, id="a shared first rank and left out"),
    ],
)
def test_ballots_that_mean_something_else_divide_the_agency(kind, first, second):
    ballots = [SpokenBallot(ELM, MemberId(n), choices, sole=True) for n, choices in ((1, first), (2, second))]
    assert rules.agency_ballots(kind, [1, 2], ballots, {ELM: Named()}) == ([], [ELM])
