"""No subtraction of what rounds show, within one or between several, reveals what fewer than five people said."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, pairwise, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.pulse import result_views, snapshot
from handlers.pulse.rules import disclosure, results
from handlers.pulse.rules.disclosure import MIN_SHOWN, Answer, Part, Precedent
from handlers.pulse.rules.results import Band
from storage.pulse import PulseRound
from storage.vocabulary import Language
from tests.town import START

QUESTIONS = ["trust-1", "pace-3"]
RATINGS = st.one_of(st.none(), st.integers(1, 5))
"""None stands for "does not apply"."""

SIZES = st.dictionaries(st.integers(1, 6), st.integers(0, 9), max_size=6)


def answer(agency):
    points = st.fixed_dictionaries(dict.fromkeys(QUESTIONS, RATINGS))
    return st.builds(Answer, st.just(agency), points, st.one_of(st.just(""), st.text("abc", min_size=1, max_size=3)))


ANSWERS = SIZES.flatmap(
    lambda sizes: st.tuples(*(answer(agency) for agency, size in sizes.items() for _ in range(size))).map(list)
)


def numbered(answers):
    """Say who answered, by agency, where each answer is by somebody else."""
    return {
        agency: frozenset(person for person, one in enumerate(answers) if one.agency == agency)
        for agency in sorted({one.agency for one in answers})
    }


def kept(answers, asked=60):
    """Return what the database stores, comments without their order."""
    stored = results.to_json(disclosure.summarize(asked, QUESTIONS, answers, numbered(answers), {}))
    assert json.loads(json.dumps(stored)) == stored
    assert results.to_json(results.from_json(stored)) == stored
    return {**stored, "comments": Counter(stored["comments"])}


# within one round ----------------------------------------------------------------------------------------


@given(SIZES)
def test_no_sum_or_difference_of_shown_groups_is_about_fewer_than_five_people(sizes):
    """Try all combinations of the whole and the groups, each added, subtracted or left out, that counts people once."""
    groups = disclosure.group_agencies(sizes)
    answered = {agency for agency, size in sizes.items() if size}
    shown = [answered, *map(set, groups)] if sum(sizes.values()) >= MIN_SHOWN else []
    for signs in product((-1, 0, 1), repeat=len(shown)):
        weights = {a: sum(sign for sign, part in zip(signs, shown, strict=True) if a in part) for a in answered}
        if set(weights.values()) <= {0, 1} and any(weights.values()):
            people = sum(sizes[agency] for agency, weight in weights.items() if weight)
            assert people >= MIN_SHOWN, (groups, signs)


@given(SIZES)
def test_every_answer_is_in_one_group_or_there_are_no_groups(sizes):
    groups = disclosure.group_agencies(sizes)
    named = [agency for group in groups for agency in group]
    assert sorted(named) == (sorted(agency for agency, size in sizes.items() if size) if groups else [])
    assert len(groups) != 1
    assert all(sum(sizes[agency] for agency in group) >= MIN_SHOWN for group in groups)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_what_is_stored_does_not_depend_on_who_in_a_group_answered_what(answers, draw):
    """Deal the answers out again within each shown group, or the whole if there is none, each question separately."""
    together = disclosure.group_agencies(Counter(one.agency for one in answers)) or [
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


@given(ANSWERS)
def test_a_sentence_is_shown_from_five_ratings_on_and_by_agency_only_if_everybody_rated_it(answers):
    stored = kept(answers)
    rated = {key: sum(answer.scores[key] is not None for answer in answers) for key in QUESTIONS}
    enough = {key: n for key, n in rated.items() if n >= MIN_SHOWN}
    assert {key: sum(counts) for key, counts in stored.get("counts", {}).items()} == enough
    for group in stored["groups"]:
        assert set(group["counts"]) == {key for key, n in enough.items() if n == len(answers)}
        assert {sum(counts) for counts in group["counts"].values()} <= {group["answered"]}
    assert not stored["bands"], "there is nothing to compare with"


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

KEY = QUESTIONS[0]
EVERYBODY = range(14)


@dataclass(frozen=True)
class Told:
    """What a round told about a sentence: who answered in which agency, and what was shown of them.

    `rated` are the people who rated it, which the bot forgets. `by_answers` says whether what is shown depends on
    anything but who answered and what was shown before.
    """

    agencies: dict
    everybody: object
    groups: list
    rated: frozenset
    by_answers: bool

    @property
    def parts(self):
        """Return everybody and the groups, each with what was shown of them."""
        people = frozenset().union(*self.agencies.values())
        own = [(frozenset().union(*(self.agencies[one] for one in group)), shown) for group, shown in self.groups]
        return [(part, shown) for part, shown in [(people, self.everybody), *own] if shown is not None]


def lived(rounds, mind, left_out=None):
    """Close rounds one after the other. In each, some people answer, each for an agency; `mind` is what each thinks.

    `left_out` are, for each round, the people to whom the sentence does not apply then.
    """
    told, earlier = [], []
    for agency_of, out in zip(rounds, left_out or [()] * len(rounds), strict=False):
        agencies = {}
        for person, agency in agency_of.items():
            agencies.setdefault(agency, set()).add(person)
        agencies = {agency: frozenset(people) for agency, people in agencies.items()}
        scores = {person: None if person in out else mind[person] for person in agency_of}
        answers = [Answer(agency, {KEY: scores[person]}) for person, agency in agency_of.items()]
        result = disclosure.summarize(60, [KEY], answers, agencies, {KEY: earlier})
        groups = [(group.agencies, group.shown.get(KEY)) for group in result.groups]
        rated = frozenset(person for person, score in scores.items() if score is not None)
        everybody = frozenset(agency_of)
        by_answers = len(everybody) >= MIN_SHOWN and not any(
            disclosure.differ_by_few([everybody], before.groups) for before in earlier
        )
        told.append(Told(agencies, result.shown.get(KEY), groups, rated, by_answers))
        if told[-1].parts or KEY in result.blank:
            earlier.append(Precedent(frozenset(agency_of), [Part(people, shown) for people, shown in told[-1].parts]))
    return told


def seen(told):
    return [(one.everybody, one.groups) for one in told]


MINDS = st.lists(st.integers(1, 5), min_size=len(EVERYBODY), max_size=len(EVERYBODY))
OPEN_MINDS = st.one_of(
    st.lists(st.sampled_from(thoughts), min_size=len(EVERYBODY), max_size=len(EVERYBODY))
    for thoughts in ((*range(1, 6), *range(1, 6), None), (5, 5, 4, None))
)
"""What people think, where now and then the sentence does not apply to one of them; often they nearly agree."""


@st.composite
def histories(draw):
    """Draw rounds in which some people answer who did not before, some do not any more, and some change agencies."""
    now = dict(enumerate(draw(st.lists(st.integers(1, 3), min_size=5, max_size=len(EVERYBODY)))))
    rounds = [now]
    for _ in range(draw(st.integers(1, 5))):
        now = dict(now)
        for person in draw(st.sets(st.sampled_from(EVERYBODY), max_size=6)):
            agency = draw(st.integers(0, 3))
            now.pop(person, None)
            if agency:
                now[person] = agency
        if now:
            rounds.append(now)
    return rounds


def numbers(told):
    """Return the people of each part of a round that was shown with a number."""
    return [people for people, shown in told.parts if not isinstance(shown, Band)]


def unions(parts):
    for taken in product((False, True), repeat=len(parts)):
        yield frozenset().union(*(part for part, takes in zip(parts, taken, strict=True) if takes))


@given(histories(), MINDS)
def test_no_sums_of_two_rounds_differ_by_one_to_four_people(rounds, mind):
    told = [one for one in lived(rounds, mind) if numbers(one)]
    for one, other in combinations(told, 2):
        differences = {len(a ^ b) for a in unions(numbers(one)) for b in unions(numbers(other))}
        assert not differences & set(range(1, MIN_SHOWN)), (one, other)


@given(histories(), MINDS, st.lists(st.sets(st.sampled_from(EVERYBODY), max_size=4), min_size=6, max_size=6))
def test_no_sums_of_two_rounds_differ_by_one_to_four_people_who_rated(rounds, mind, left_out):
    """The watcher also knows to whom the sentence applies, and when, such as to a newcomer only in the second month."""
    told = lived(rounds, mind, left_out)
    for one, other in combinations(told, 2):
        differences = {
            len((a & one.rated) ^ (b & other.rated)) for a in unions(numbers(one)) for b in unions(numbers(other))
        }
        assert not differences & set(range(1, MIN_SHOWN)), (one, other)


@given(histories(), OPEN_MINDS, st.randoms(use_true_random=False))
def test_what_is_shown_does_not_depend_on_who_among_those_counted_together_thinks_what(rounds, mind, draw):
    """Deal out again what people think, among those whom no number tells apart: they see the same as before.

    This is the strongest attacker: nobody ever changes their mind, and it is known who answered when and for whom. What
    such people think, also that the sentence does not apply to them, cannot be guessed better than from the number in
    which they are counted together.
    """
    told = lived(rounds, mind)
    counted = [people for one in told for people in numbers(one)]
    # how many were left out of a round as a whole shows in what it shows
    counted += [frozenset().union(*one.agencies.values()) for one in told if one.by_answers]
    alike = {}
    for person in EVERYBODY:
        alike.setdefault(tuple(person in people for people in counted), []).append(person)
    for counts, people in alike.items():
        dealt = list(mind)
        thoughts = [mind[one] for one in people]
        # what people think who are in no number does not matter at all
        others = (
            draw.sample(thoughts, len(people)) if any(counts) else draw.choices((*range(1, 6), None), k=len(people))
        )
        for person, thinks in zip(people, others, strict=True):
            dealt[person] = thinks
        assert seen(lived(rounds, dealt)) == seen(told)


@given(histories(), OPEN_MINDS)
def test_sums_of_people_whose_choice_shows_as_a_whole_never_differ_by_one_to_four(rounds, mind):
    """How many people a sentence does not apply to shows at most of such sums, so never of fewer than five people."""
    whole = [frozenset().union(*one.agencies.values()) for one in lived(rounds, mind) if one.by_answers]
    assert not {len(one ^ other) for one, other in combinations(whole, 2)} & set(range(1, MIN_SHOWN))


@given(histories(), MINDS)
def test_a_consortium_in_which_every_sentence_applies_to_everybody_sees_the_numbers_of_all_rounds(rounds, mind):
    """A number is withheld only where a sum of this round differs by one to four people from one shown before."""
    told = lived(rounds, mind)
    for place, one in enumerate(told):
        number = one.everybody is not None and not isinstance(one.everybody, Band)
        assert number == one.by_answers, (place, one)


def test_subtracting_numbers_as_they_were_would_reveal_an_answer():
    """The attack that this guards against: 21 of six people, less 20 of five."""
    six = dict.fromkeys(range(6), 1)
    five = dict.fromkeys(range(5), 1)
    mind = [4, 4, 4, 4, 4, 1, *[3] * 8]
    for rounds in ([six], [five]):
        assert not isinstance(lived(rounds, mind)[0].everybody, Band), "each number alone would be shown"
    first, second = lived([six, five], mind)
    assert (first.everybody, second.everybody) == ((1, 0, 0, 5, 0), Band(1, 2))


def test_subtracting_the_ratings_of_a_newcomer_would_reveal_an_answer():
    """The same attack without anybody missing: the sentence did not apply to the sixth when it was asked first."""
    six = dict.fromkeys(range(6), 1)
    mind = [4, 4, 4, 4, 4, 1, *[3] * 8]
    for out in ({5}, ()):
        assert not isinstance(lived([six], mind, [out])[0].everybody, Band), "each number alone would be shown"
    first, second = lived([six, six], mind, [{5}, ()])
    # 20 of five, with one more from 21 to 25 of six: 3.5 to 4.2
    assert (first.everybody, second.everybody) == ((0, 0, 0, 5, 0), Band(1, 2))
    first, second = lived([six, six], mind, [(), {5}])
    assert (first.everybody, second.everybody) == ((1, 0, 0, 5, 0), Band(1, 2))


@pytest.mark.parametrize("seed", range(4))
def test_a_group_is_compared_with_earlier_results_only_if_it_had_the_same_agencies(seed):
    draw = Random(seed)
    rounds = []
    for number in range(6):
        sizes = {agency: draw.choice((0, 2, 4, 5, 6)) for agency in range(1, 6)}
        answers = [Answer(a, {KEY: draw.randint(1, 5)}) for a, size in sizes.items() for _ in range(size)]
        result = disclosure.summarize(60, [KEY], answers, numbered(answers), {})
        rounds.append(((START + timedelta(weeks=number)).date(), [KEY], result))
        now = snapshot.RoundSnapshot(
            number=number,
            day=rounds[-1][0],
            closed_at=START,
            zone="UTC",
            result=result,
            themes=[],
            names={agency: f"Agency {agency}" for agency in range(1, 6)},
            rounds=list(rounds),
        )
        earlier = [set(group.agencies) for _, _, older in rounds[:-1] for group in older.groups]
        for group in result.groups:
            said = result_views.group_lines(now, group, Language.ENGLISH)
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
