"""Ranked results that were worked out by hand, word by word.

A profile is a list of ballots such as "4 A>B>C": four people rank A before B before C. `=` joins equal ranks, and an
option that a ballot leaves out shares the place behind those it ranks.
"""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise, permutations

import pytest
from hypothesis import given

from handlers.polls import rules, views
from handlers.polls.ranking.rules import rank
from handlers.polls.snapshot import PollSnapshot, result_from_json, result_to_json
from storage.vocabulary import PollKind, PollState, ResultVisibility
from tests.rules.polls.test_results import condorcet_winner, electorates, places_4, schulze_example

AT = datetime(2026, 12, 4, tzinfo=UTC)


def ballots_of(profile):
    """Read a profile: "4 A>B=C, 2 C"."""
    ballots = []
    for group in profile.split(", ") if profile else []:
        count, order = group.split()
        ballot = {" ABCDEFGHI".index(x): n for n, same in enumerate(order.split(">"), 1) for x in same.split("=")}
        ballots += [ballot] * int(count)
    return ballots


def poll(letters, ballots, **changes):
    options = dict(enumerate(letters, 1))
    shown = PollSnapshot(
        number=1,
        question="In which order?",
        kind=PollKind.RANKED,
        most=1,
        anonymous=False,
        shows=ResultVisibility.AT_ONCE,
        open_options=False,
        by_agency=False,
        state=PollState.CLOSED,
        author="Ana Reyes",
        author_user="U1",
        closes_at=AT,
        closed_at=AT,
        zone="America/Denver",
        options=options,
        starts={},
        ballots=len(ballots),
        voters=(),
        named_ballots=(),
        result=rules.count(PollKind.RANKED, list(options), ballots),
    )
    return replace(shown, **changes)


def lines(shown):
    """Return the line of each option without its bar."""
    return [line.partition("\n")[2].lstrip("█ ") for line in views.option_lines(shown)]


CIRCLE = "1 A>B>C, 1 B>C>A, 1 C>A>B"
SEVEN = ", ".join(f"1 {'>'.join(('ABCDEFG' * 2)[n : n + 7])}" for n in range(7))


@pytest.mark.parametrize(
    ("options", "profile", "sentence", "standings"),
    [
        # one option is preferred to each other one
        pytest.param("ABC", "", "nobody voted.", ["", "", ""], id="nobody"),
        pytest.param(
            "ABC",
            "1 A>B>C",
            "1 person voted. “A” is preferred to every other choice; closest: 1 to 0 over “B” and “C”.",
            ["ahead of 2 others", "ahead of 1 other", "ahead of none"],
            id="one voter",
        ),
        pytest.param(
            "ABC",
            "1 B",
            "1 person voted. “B” is preferred to every other choice; closest: 1 to 0 over “A” and “C”.",
            ["level with 1 other", "ahead of 2 others", "level with 1 other"],
            id="one voter who ranks one option",
        ),
        pytest.param(
            "ABC",
            "6 A>B>C, 4 B>A>C",
            "10 people voted. “A” is preferred to every other choice; closest: 6 to 4 over “B”.",
            ["ahead of 2 others", "ahead of 1 other", "ahead of none"],
            id="six to four",
        ),
        pytest.param(
            "AB",
            "6 A>B, 4 B>A",
            "10 people voted. “A” is preferred to “B”, 6 to 4.",
            ["ahead of 1 other", "ahead of none"],
            id="two options",
        ),
        pytest.param(
            "A",
            "2 A",
            "2 people voted. “A” is the only choice.",
            ["ahead of none"],
            id="one option",
        ),
        pytest.param(
            "ABC",
            "5 A>B>C",
            "5 people voted. “A” is preferred to every other choice; closest: 5 to 0 over “B” and “C”.",
            ["ahead of 2 others", "ahead of 1 other", "ahead of none"],
            id="all agree",
        ),
        pytest.param(
            "ABC",
            "4 A>B>C, 3 C>B>A, 2 B>C>A",
            "9 people voted. “B” is preferred to every other choice; closest: 5 to 4 over “A”.",
            ["ahead of none", "ahead of 2 others", "ahead of 1 other"],
            id="the option with the fewest first places",
        ),
        pytest.param(
            "ABC",
            "3 A, 2 B, 1 C",
            "6 people voted. “A” is preferred to every other choice; closest: 3 to 2 over “B”.",
            ["ahead of 2 others", "ahead of 1 other", "ahead of none"],
            id="everybody ranks one option",
        ),
        pytest.param(
            "ABCD",
            "1 A>B>C>D, 1 A>C>D>B, 1 A>D>B>C",
            "3 people voted. “A” is preferred to every other choice; closest: 3 to 0 over “B”, “C” and “D”.",
            ["ahead of 3 others", "level with 2 others", "level with 2 others", "level with 2 others"],
            id="a circle behind the leader",
        ),
        pytest.param(
            "ABCDE",
            "1 A",
            "1 person voted. “A” is preferred to every other choice; closest: 1 to 0 over “B”, “C”, “D” and 1 more.",
            ["ahead of 4 others", *["level with 3 others"] * 4],
            id="many are equally close",
        ),
        pytest.param(
            "ABC",
            "1 A=B>C, 1 B>A>C",
            "2 people voted. “B” is preferred to every other choice; closest: 1 to 0 over “A”.",
            ["ahead of 1 other", "ahead of 2 others", "ahead of none"],
            id="an equal rank leaves the duel to the other ballot",
        ),
        pytest.param(
            "ABC",
            "2 A>B=C, 1 C>B",
            "3 people voted. “A” is preferred to every other choice; closest: 2 to 1 over “B” and “C”.",
            ["ahead of 2 others", "ahead of none", "ahead of 1 other"],
            id="equal ranks at the end, and an option left out",
        ),
        # ties
        pytest.param(
            "AB",
            "5 A>B, 5 B>A",
            "10 people voted. It is a tie between “A” and “B”, 5 to 5.",
            ["level with 1 other", "level with 1 other"],
            id="a tie of two",
        ),
        pytest.param(
            "ABC",
            "1 A>B>C, 1 B>A>C",
            "2 people voted. It is a tie between “A” and “B”, 1 to 1.",
            ["ahead of 1 other, level with 1 other", "ahead of 1 other, level with 1 other", "ahead of none"],
            id="a tie of two before a third",
        ),
        pytest.param(
            "ABC",
            "1 A, 1 B>C",
            "2 people voted. It is a tie between “A” and “B”, 1 to 1.",
            ["level with 2 others", "ahead of 1 other, level with 1 other", "level with 1 other"],
            id="a tie of an option that is ahead of none",
        ),
        pytest.param(
            "ABC",
            "2 A=B>C",
            "2 people voted. It is a tie between “A” and “B”.",
            ["ahead of 1 other, level with 1 other", "ahead of 1 other, level with 1 other", "ahead of none"],
            id="equal ranks alone are a tie",
        ),
        pytest.param(
            "ABC",
            "1 A=B=C",
            "1 person voted. It is a tie between “A”, “B” and “C”.",
            ["level with 2 others"] * 3,
            id="all equal",
        ),
        pytest.param(
            "ABC",
            "1 A, 1 B, 1 C",
            "3 people voted. It is a tie between “A”, “B” and “C”.",
            ["level with 2 others"] * 3,
            id="each ranks another one",
        ),
        pytest.param(
            "ABC",
            ", ".join(f"1 {'>'.join(order)}" for order in permutations("ABC")),
            "6 people voted. It is a tie between “A”, “B” and “C”.",
            ["level with 2 others"] * 3,
            id="all six orders",
        ),
        pytest.param(
            "ABCDEFGHI",
            "1 A=B=C=D=E=F=G=H=I",
            "1 person voted. It is a tie between choices 1, 2, 3, 4, 5, 6, 7, 8 and 9.",
            ["level with 8 others"] * 9,
            id="a tie of more than can be named",
        ),
        # cycles
        pytest.param(
            "ABC",
            CIRCLE,
            "3 people voted. It is a tie between “A”, “B” and “C”. The preferences form a cycle, so none of them is "
            "ahead: “A” over “B” 2 to 1, “B” over “C” 2 to 1, “C” over “A” 2 to 1.",
            ["level with 2 others"] * 3,
            id="a circle of three",
        ),
        pytest.param(
            "ABC",
            "1 A>C>B, 1 C>B>A, 1 B>A>C",
            "3 people voted. It is a tie between “A”, “B” and “C”. The preferences form a cycle, so none of them is "
            "ahead: “A” over “C” 2 to 1, “C” over “B” 2 to 1, “B” over “A” 2 to 1.",
            ["level with 2 others"] * 3,
            id="the same circle the other way round",
        ),
        pytest.param(
            "ABCD",
            "1 A>B>C>D, 1 B>C>D>A, 1 C>D>A>B, 1 D>A>B>C",
            "4 people voted. It is a tie between “A”, “B”, “C” and “D”. The preferences form a cycle, so none of them "
            "is ahead: “A” over “B” 3 to 1, “B” over “C” 3 to 1, “C” over “D” 3 to 1, “D” over “A” 3 to 1.",
            ["level with 3 others"] * 4,
            id="a circle of four",
        ),
        pytest.param(
            "ABCDEFG",
            SEVEN,
            "7 people voted. It is a tie between “A”, “B”, “C”, “D”, “E”, “F” and “G”. The preferences form a cycle, "
            "so none of them is ahead.",
            ["level with 6 others"] * 7,
            id="a circle too long to list",
        ),
        pytest.param(
            "ABC",
            "3 A>B>C, 2 B>C>A, 3 C>A>B",
            "8 people voted. It is a tie between “A” and “C”. The preferences form a cycle, so none of them is ahead: "
            "“A” over “B” 6 to 2, “B” over “C” 5 to 3, “C” over “A” 5 to 3.",
            ["ahead of 1 other, level with 1 other", "level with 1 other", "level with 2 others"],
            id="a circle with two equally weak steps",
        ),
        pytest.param(
            "ABCD",
            "1 D>A>B>C, 1 D>B>C>A, 1 D>C>A>B, 1 A>B>C>D, 1 B>C>A>D, 1 C>A>B>D",
            "6 people voted. It is a tie between “A”, “B”, “C” and “D”. The preferences form a cycle, so none of them "
            "is ahead: “A” over “B” 4 to 2, “B” over “C” 4 to 2, “C” over “A” 4 to 2.",
            ["level with 3 others"] * 4,
            id="a circle, and one option that is even with all of it",
        ),
        # one leader by chains
        pytest.param(
            "ABC",
            "4 A>B>C, 3 B>C>A, 2 C>A>B",
            "9 people voted. “A” leads by chains. The preferences form a cycle: “A” over “B” 6 to 3, “B” over “C” 7 "
            "to 2, “C” over “A” 5 to 4. The last step has the fewest votes, 5, so it gives way.",
            ["ahead of 2 others, 1 by chains", "ahead of 1 other", "ahead of none"],
            id="a circle with one weakest step",
        ),
        pytest.param(
            "ABC",
            "2 A>B>C, 3 B>C>A, 2 C>A>B, 2 B, 2 A=C>B",
            "11 people voted. “A” leads by chains. The preferences form a cycle: “A” over “B” 6 to 5, “B” over “C” 7 "
            "to 4, “C” over “A” 5 to 2. The last step has the fewest votes, 5, so it gives way.",
            ["ahead of 2 others, 1 by chains", "ahead of 1 other", "ahead of none"],
            id="the votes of a step count, not its margin, by which B would lead",
        ),
        pytest.param(
            "ABC",
            "2 A>C>B, 1 C>B>A, 1 B>A>C",
            "4 people voted. “A” leads by chains. “A” and “B” are even, 2 to 2, but a chain leads from “A” to “B”: "
            "“A” over “C” 3 to 1, “C” over “B” 3 to 1.",
            ["ahead of 2 others, 1 by chains", "ahead of none", "ahead of 1 other"],
            id="an even duel that a chain breaks",
        ),
    ],
)
def test_the_result_says_why(options, profile, sentence, standings):
    shown = poll(options, ballots_of(profile))
    assert views.outcome(shown) == sentence
    assert lines(shown) == standings


def test_the_example_of_the_paper_is_led_by_chains():
    shown = poll("ABCDE", schulze_example())
    assert views.outcome(shown) == (
        "45 people voted. “E” leads by chains. The preferences form a cycle: “E” over “D” 31 to 14, “D” over “C” 28 to "
        "17, “C” over “E” 24 to 21. The last step has the fewest votes, 24, so it gives way."
    )
    assert lines(shown) == [
        "ahead of 3 others, 1 by chains",
        "ahead of 1 other",
        "ahead of 2 others, 1 by chains",
        "ahead of none",
        "ahead of 4 others, 1 by chains",
    ]


def strongest(prefer, first, last):
    """Return the strength of the strongest chain, found by trying each chain of four options."""
    between = [place for place in places_4 if place not in {first, last}]
    best = 0
    for length in range(len(between) + 1):
        for middle in permutations(between, length):
            chain = [first, *middle, last]
            steps = [(prefer(a, b), prefer(b, a)) for a, b in pairwise(chain)]
            best = max(best, min(votes if votes > against else 0 for votes, against in steps))
    return best


@given(electorates)
def test_the_count_agrees_with_trying_each_chain(ballots):
    def prefer(a, b):
        return sum(ballot.get(a, 99) < ballot.get(b, 99) for ballot in ballots)

    ranking = rank(places_4, ballots)
    for standing in ranking.standings:
        a, others = standing.place, [place for place in places_4 if place != standing.place]
        ahead = [b for b in others if strongest(prefer, a, b) > strongest(prefer, b, a)]
        behind = [b for b in others if strongest(prefer, a, b) < strongest(prefer, b, a)]
        assert (standing.ahead, standing.level) == (len(ahead), 3 - len(ahead) - len(behind))
        assert (a in ranking.leaders) == (not behind)


@given(electorates)
def test_every_by_chains_and_tie_each_mean_what_they_say(ballots):
    shown = poll("ABCD", ballots)
    sentence = views.outcome(shown)
    alone = len(shown.result.leaders) == 1
    beats_all = condorcet_winner(places_4, ballots) is not None
    assert ("preferred to every other choice; closest: " in sentence) == beats_all
    assert ("leads by chains" in sentence) == (alone and not beats_all)
    assert ("It is a tie" in sentence) == (not alone)
    assert "most" not in sentence


@given(electorates)
def test_the_lines_do_not_contradict_the_result(ballots):
    shown = poll("ABCD", ballots)
    full = [place for place, line in enumerate(views.option_lines(shown), 1) if "█" * 10 in line]
    assert full == list(shown.result.leaders), "the bars of those that lead are full, and no others"


@given(electorates)
def test_a_result_is_stored_whole(ballots):
    result = rules.count(PollKind.RANKED, places_4, ballots)
    restored = result_from_json(result_to_json(result))
    assert replace(restored, divided_names=()) == replace(
        result, options=list(result.options), leaders=list(result.leaders), duels=list(result.duels)
    )


def test_a_poll_that_closed_before_reasons_were_stored_still_has_its_result():
    stored = {"ballots": 3, "lines": [[1, 1, 0, 0], [2, 0, 0, 0]], "leaders": [1], "divided": 0, "withheld": False}
    shown = poll("AB", [], result=result_from_json(stored))
    assert views.outcome(shown) == "3 people voted, and “A” came first."


def test_the_method_is_named():
    assert views.kind_summary(poll("AB", [])) == "ranked choice (Schulze, winning votes)"


@pytest.mark.parametrize(
    ("ballots", "names", "sentence"),
    [
        pytest.param(
            "2 A>B, 1 B>A",
            ["Oak Valley"],
            "3 agencies voted. “A” is preferred to “B”, 2 to 1. Oak Valley was divided.",
            id="one divided agency",
        ),
        pytest.param(
            "1 A>B, 1 B>A",
            ["Elm", "Oak <Valley>"],
            "2 agencies voted. It is a tie between “A” and “B”, 1 to 1. Elm and Oak &lt;Valley&gt; were divided.",
            id="two divided agencies",
        ),
        pytest.param("", ["Elm"], "Elm was divided, so no vote counts.", id="only a divided agency"),
        pytest.param("", [], "nobody voted.", id="nobody"),
    ],
)
def test_divided_agencies_are_named_and_counted_once(ballots, names, sentence):
    result = rules.count(PollKind.RANKED, [1, 2], ballots_of(ballots))
    result = replace(result, divided=len(names), divided_names=names)
    assert views.outcome(poll("AB", [], by_agency=True, result=result)) == sentence


def test_times_appear_in_each_readers_own_zone():
    starts = {1: AT, 2: AT}
    sentence = views.outcome(poll("AB", ballots_of("1 A>B"), kind=PollKind.TIME, starts=starts))
    assert sentence.count("<!date^") == 2
