"""The rules of docs/rules.md on quorum, outcomes, closing times, and the choice of a rule."""

# ruff: noqa: DTZ001 - wall clocks have no zone

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import representation
from handlers.kit.representation import Named
from handlers.proposals import rules
from handlers.proposals.rules import Standing, Tally, working_time
from storage.vocabulary import AgencyId, MemberId, ProposalState, Rule, Seat

ADOPTED, NOT_ADOPTED, NOT_DECIDED = (
    ProposalState.ADOPTED,
    ProposalState.NOT_ADOPTED,
    ProposalState.NOT_DECIDED,
)
AGREE, RESERVATIONS, ASIDE, BLOCK, ABSTAIN = rules.CONSENSUS_STANCES
YES, YES_RESERVATIONS, NO, _ = rules.VOTING_STANCES
BY_CONSENSUS = [Rule.CONSENSUS, Rule.CONSENT, Rule.UNANIMITY]
BY_VOTES = [Rule.TWO_THIRDS, Rule.MAJORITY, Rule.HEADS]


def counted(electorate, *said, divided=0, blocks=0):
    """Count positions; `blocks` are those within divided agencies."""
    return Tally(electorate, Counter(said), divided, blocks + said.count(BLOCK))


def outcome(rule, needed, tally, **more):
    return rules.decide(rule, needed, tally, **more)


# quorum ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "electorate", "needed"),
    [
        pytest.param(60, 5, 3, id="a percentage that comes out even is not rounded"),
        pytest.param(60, 7, 5, id="4.2 agencies are rounded up to 5"),
        pytest.param(60, 6, 4, id="3.6 agencies are rounded up to 4"),
        pytest.param(50, 7, 4, id="half of seven is four"),
        pytest.param(51, 100, 51, id="whole numbers stay as they are"),
        pytest.param(1, 101, 2, id="1.01 agencies are rounded up to two"),
        pytest.param(1, 201, 3, id="2.01 agencies are rounded up to three"),
        pytest.param(100, 7, 7, id="a hundred percent is everybody"),
        pytest.param(60, 3, 2, id="1.8 agencies are two"),
        pytest.param(60, 2, 2, id="of two agencies both are needed"),
        pytest.param(1, 5, 2, id="it is at least two however low the percentage"),
        pytest.param(60, 1, 2, id="it is at least two even where there is one agency"),
    ],
)
def test_the_quorum_is_rounded_up_and_at_least_two(percent, electorate, needed):
    assert rules.needed_for_quorum(percent, electorate) == needed


@given(st.integers(1, 100), st.integers(2, 10_000))
def test_a_quorum_can_be_reached_and_is_the_least_number_that_has_the_percentage(percent, electorate):
    needed = rules.needed_for_quorum(percent, electorate)
    assert 2 <= needed <= electorate
    assert 100 * needed >= percent * electorate
    assert needed == 2 or 100 * (needed - 1) < percent * electorate


# outcomes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        pytest.param(counted(7, *[AGREE] * 4, RESERVATIONS), ADOPTED, id="the example of the rules"),
        pytest.param(counted(7, *[RESERVATIONS] * 5), ADOPTED, id="reservations alone carry it"),
        pytest.param(counted(7, *[AGREE] * 4), NOT_DECIDED, id="one short of the quorum is not decided"),
        pytest.param(
            counted(7, *[AGREE] * 3, BLOCK), NOT_DECIDED, id="the quorum is checked first even if a block stands"
        ),
        pytest.param(counted(7, *[AGREE] * 4, BLOCK), NOT_ADOPTED, id="one block stops it"),
        pytest.param(counted(7, *[AGREE] * 6, BLOCK), NOT_ADOPTED, id="one block stops it however many agree"),
        pytest.param(counted(7, *[AGREE] * 3, *[ABSTAIN] * 2), ADOPTED, id="3 of 5 heard is more than half"),
        pytest.param(counted(7, *[AGREE] * 3, *[ABSTAIN] * 3), NOT_ADOPTED, id="3 of 6 heard is half and no more"),
        pytest.param(counted(7, *[AGREE] * 2, *[ABSTAIN] * 3), NOT_ADOPTED, id="2 of 5 heard is less than half"),
        pytest.param(counted(7, *[AGREE] * 4, *[ASIDE] * 2), ADOPTED, id="four agree is twice two aside"),
        pytest.param(counted(7, *[AGREE] * 4, *[ASIDE] * 3), NOT_ADOPTED, id="four agree is not twice three aside"),
        pytest.param(counted(7, *[AGREE] * 3, *[ASIDE] * 2), NOT_ADOPTED, id="three agree is not twice two aside"),
        pytest.param(
            counted(7, AGREE, AGREE, RESERVATIONS, RESERVATIONS, ASIDE, ASIDE),
            ADOPTED,
            id="reservations count with those who agree against those aside",
        ),
        pytest.param(counted(7, *[ABSTAIN] * 5), NOT_ADOPTED, id="abstentions alone reach the quorum and no more"),
        pytest.param(counted(7, *[AGREE] * 4, ABSTAIN), ADOPTED, id="an abstention counts for the quorum only"),
        pytest.param(counted(7, *[AGREE] * 4, divided=1), ADOPTED, id="a divided agency is heard for the quorum"),
        pytest.param(counted(7, *[AGREE] * 3, divided=3), NOT_ADOPTED, id="divided agencies are among those heard"),
        pytest.param(
            counted(7, *[AGREE] * 5, divided=1, blocks=1), NOT_ADOPTED, id="a block within a divided agency stops it"
        ),
    ],
)
def test_consensus_of_seven_agencies_with_a_quorum_of_five(tally, expected):
    assert outcome(Rule.CONSENSUS, 5, tally) is expected


@pytest.mark.parametrize(
    ("tally", "others_agree", "expected"),
    [
        pytest.param(counted(6, AGREE), True, ADOPTED, id="one other agency that agrees is enough: no quorum is asked"),
        pytest.param(counted(6, AGREE), False, NOT_ADOPTED, id="the author's own agency is not enough"),
        pytest.param(counted(6), False, NOT_ADOPTED, id="where nobody spoke nobody seconded"),
        pytest.param(counted(6, AGREE, ASIDE), True, ADOPTED, id="one of six aside is fewer than a third"),
        pytest.param(counted(6, *[AGREE] * 4, *[ASIDE] * 2), True, NOT_ADOPTED, id="two of six aside are a third"),
        pytest.param(counted(7, AGREE, *[ASIDE] * 2), True, ADOPTED, id="two of seven aside are fewer than a third"),
        pytest.param(counted(5, AGREE, *[ASIDE] * 2), True, NOT_ADOPTED, id="two of five aside are more than a third"),
        pytest.param(counted(9, AGREE, *[ASIDE] * 3), True, NOT_ADOPTED, id="three of nine aside are a third"),
        pytest.param(
            counted(9, AGREE, *[ASIDE] * 2),
            True,
            ADOPTED,
            id="the third is one of the electorate and not of those heard",
        ),
        pytest.param(counted(6, *[AGREE] * 5, BLOCK), True, NOT_ADOPTED, id="a block stops it"),
        pytest.param(
            counted(6, AGREE, divided=1, blocks=1), True, NOT_ADOPTED, id="a block within a divided agency stops it"
        ),
        pytest.param(counted(6, AGREE, divided=1), True, ADOPTED, id="a divided agency does not stop it"),
    ],
)
def test_consent_takes_silence_for_agreement_and_asks_no_quorum(tally, others_agree, expected):
    assert outcome(Rule.CONSENT, 6, tally, others_agree=others_agree) is expected


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        pytest.param(counted(4, *[AGREE] * 4), ADOPTED, id="everybody agrees"),
        pytest.param(counted(4, *[AGREE] * 3, RESERVATIONS), ADOPTED, id="reservations count as agreeing"),
        pytest.param(counted(4, *[AGREE] * 3), NOT_DECIDED, id="where only silence is lacking nothing is decided"),
        pytest.param(counted(4, *[AGREE] * 2), NOT_DECIDED, id="below the quorum nothing is decided"),
        pytest.param(counted(4, AGREE, BLOCK), NOT_DECIDED, id="the quorum is checked first even if a block stands"),
        pytest.param(counted(4, *[AGREE] * 3, ABSTAIN), NOT_ADOPTED, id="an abstention is no agreement"),
        pytest.param(counted(4, *[AGREE] * 3, ASIDE), NOT_ADOPTED, id="standing aside is no agreement"),
        pytest.param(counted(4, *[AGREE] * 3, BLOCK), NOT_ADOPTED, id="a block is no agreement"),
        pytest.param(counted(4, *[AGREE] * 3, divided=1), NOT_ADOPTED, id="a divided agency does not agree"),
        pytest.param(
            counted(4, *[AGREE] * 2, ASIDE), NOT_ADOPTED, id="where more than silence is lacking it is not adopted"
        ),
    ],
)
def test_unanimity_of_four_agencies_with_a_quorum_of_three(tally, expected):
    assert outcome(Rule.UNANIMITY, 3, tally) is expected


@pytest.mark.parametrize(
    ("rule", "tally", "expected"),
    [
        pytest.param(Rule.TWO_THIRDS, counted(9, *[YES] * 4, *[NO] * 2), ADOPTED, id="4 of 6 are two thirds"),
        pytest.param(Rule.TWO_THIRDS, counted(9, *[YES] * 3, *[NO] * 3), NOT_ADOPTED, id="3 of 6 are not two thirds"),
        pytest.param(Rule.TWO_THIRDS, counted(9, *[YES] * 5, *[NO] * 3), NOT_ADOPTED, id="5 of 8 are not two thirds"),
        pytest.param(Rule.TWO_THIRDS, counted(9, *[YES] * 5, *[NO] * 2), ADOPTED, id="5 of 7 are more than two thirds"),
        pytest.param(
            Rule.TWO_THIRDS,
            counted(9, YES, YES, YES_RESERVATIONS, YES_RESERVATIONS, NO, NO),
            ADOPTED,
            id="yes with reservations is a yes for two thirds",
        ),
        pytest.param(Rule.MAJORITY, counted(9, *[YES] * 4, *[NO] * 3), ADOPTED, id="4 of 7 are more than half"),
        pytest.param(Rule.MAJORITY, counted(9, *[YES] * 3, *[NO] * 3), NOT_ADOPTED, id="half is no majority"),
        pytest.param(Rule.MAJORITY, counted(9, *[YES] * 3, *[NO] * 4), NOT_ADOPTED, id="3 of 7 are less than half"),
        pytest.param(
            Rule.MAJORITY, counted(9, *[YES] * 3, *[ABSTAIN] * 3), ADOPTED, id="abstentions take no side: 3 of 3"
        ),
        pytest.param(
            Rule.MAJORITY, counted(9, *[YES] * 3, divided=3), ADOPTED, id="divided agencies take no side: 3 of 3"
        ),
        pytest.param(
            Rule.MAJORITY,
            counted(9, *[YES] * 2, *[ABSTAIN] * 4),
            NOT_ADOPTED,
            id="two yes are less than half a quorum of six",
        ),
        pytest.param(
            Rule.TWO_THIRDS,
            counted(9, *[YES] * 2, *[ABSTAIN] * 4),
            NOT_ADOPTED,
            id="two yes are less than half a quorum of six under two thirds",
        ),
        pytest.param(Rule.MAJORITY, counted(9, *[ABSTAIN] * 9), NOT_ADOPTED, id="abstentions alone adopt nothing"),
        pytest.param(Rule.MAJORITY, counted(9, *[YES] * 5), NOT_DECIDED, id="one short of the quorum is not decided"),
        pytest.param(Rule.TWO_THIRDS, counted(9, *[YES] * 5), NOT_DECIDED, id="two thirds needs the quorum as well"),
        pytest.param(Rule.HEADS, counted(40, *[YES] * 4, *[NO] * 2), ADOPTED, id="by heads the same majority holds"),
        pytest.param(Rule.HEADS, counted(40, *[YES] * 3, *[NO] * 3), NOT_ADOPTED, id="by heads half is no majority"),
        pytest.param(Rule.HEADS, counted(40, *[YES] * 5), NOT_DECIDED, id="by heads the quorum is checked first"),
    ],
)
def test_voting_with_a_quorum_of_six(rule, tally, expected):
    assert outcome(rule, 6, tally) is expected


@pytest.mark.parametrize("needed", [5, 6, 7])
def test_yes_has_to_be_half_the_quorum_where_halves_are_whole_and_where_not(needed):
    least = (needed + 1) // 2
    rest = [ABSTAIN] * needed
    assert outcome(Rule.MAJORITY, needed, counted(20, *[YES] * least, *rest)) is ADOPTED
    assert outcome(Rule.MAJORITY, needed, counted(20, *[YES] * (least - 1), *rest)) is NOT_ADOPTED


@given(st.lists(st.sampled_from(rules.SENSE_STANCES)))
def test_a_sense_check_decides_nothing(said):
    assert outcome(Rule.SENSE, 2, rules.tally_people(said, 30)) is ProposalState.SENSED


# what always holds -------------------------------------------------------------------------------------

said_by_consensus = st.lists(st.sampled_from(rules.CONSENSUS_STANCES), max_size=12)
said_by_vote = st.lists(st.sampled_from(rules.VOTING_STANCES), max_size=12)
few = st.integers(0, 3)


@st.composite
def consensus_tallies(draw):
    said = draw(said_by_consensus)
    divided = draw(few)
    within = draw(st.integers(0, divided))
    return counted(len(said) + divided + draw(few), *said, divided=divided, blocks=within)


@given(consensus_tallies(), st.integers(2, 12), st.sampled_from([AGREE, RESERVATIONS]))
def test_one_more_agency_that_agrees_never_undoes_consensus(tally, needed, stance):
    more = Tally(tally.electorate + 1, tally.counts + Counter([stance]), tally.divided, tally.blocks)
    if outcome(Rule.CONSENSUS, needed, tally) is ADOPTED:
        assert outcome(Rule.CONSENSUS, needed, more) is ADOPTED


@given(consensus_tallies(), st.integers(2, 12), st.sampled_from([AGREE, RESERVATIONS]))
def test_a_silent_agency_that_comes_to_agree_never_undoes_adoption(tally, needed, stance):
    more = Tally(tally.electorate, tally.counts + Counter([stance]), tally.divided, tally.blocks)
    if tally.heard < tally.electorate:
        for rule in BY_CONSENSUS:
            if outcome(rule, needed, tally) is ADOPTED:
                assert outcome(rule, needed, more) is ADOPTED


@given(consensus_tallies(), st.integers(2, 12), st.sampled_from(BY_CONSENSUS))
def test_where_a_block_stands_nothing_is_adopted(tally, needed, rule):
    if tally.blocks:
        assert outcome(rule, needed, tally) is not ADOPTED


@given(consensus_tallies(), st.integers(2, 12))
def test_below_the_quorum_nothing_but_consent_is_decided(tally, needed):
    if tally.heard < needed:
        assert outcome(Rule.CONSENSUS, needed, tally) is NOT_DECIDED
        assert outcome(Rule.UNANIMITY, needed, tally) is NOT_DECIDED
    assert outcome(Rule.CONSENT, needed, tally) is not NOT_DECIDED


@given(said_by_consensus, st.randoms(use_true_random=False), st.integers(2, 12), st.sampled_from(BY_CONSENSUS))
def test_the_order_of_positions_does_not_matter(said, random, needed, rule):
    standings = {AgencyId(n): Standing(stance, own=[statement(stance)]) for n, stance in enumerate(said)}
    items = list(standings.items())
    random.shuffle(items)
    assert outcome(rule, needed, rules.tally_agencies(standings)) is outcome(
        rule, needed, rules.tally_agencies(dict(items))
    )


@given(said_by_consensus, few, few)
def test_silent_agencies_only_change_the_size_of_the_electorate(said, silent, more):
    def standings(quiet):
        heard = [Standing(stance, own=[statement(stance)]) for stance in said]
        return {AgencyId(n): s for n, s in enumerate([*heard, *[Standing()] * quiet])}

    one, other = rules.tally_agencies(standings(silent)), rules.tally_agencies(standings(silent + more))
    assert (one.counts, one.heard, one.blocks) == (other.counts, other.heard, other.blocks)
    assert other.electorate - one.electorate == more
    for needed in range(2, 8):
        assert outcome(Rule.CONSENSUS, needed, one) is outcome(Rule.CONSENSUS, needed, other)


@given(said_by_vote, st.integers(2, 12))
def test_yes_and_no_cannot_both_have_the_majority(said, needed):
    mirror = {YES: NO, YES_RESERVATIONS: NO, NO: YES, ABSTAIN: ABSTAIN}
    tally, turned = counted(20, *said), counted(20, *(mirror[s] for s in said))
    for rule in BY_VOTES:
        assert {outcome(rule, needed, tally), outcome(rule, needed, turned)} != {ADOPTED}
    yes, no = tally.of(YES, YES_RESERVATIONS), tally.of(NO)
    if outcome(Rule.MAJORITY, needed, turned) is ADOPTED:
        assert no > yes
        assert 2 * no >= needed


@given(said_by_vote, st.integers(2, 12))
def test_what_two_thirds_adopt_a_majority_adopts(said, needed):
    if outcome(Rule.TWO_THIRDS, needed, counted(20, *said)) is ADOPTED:
        assert outcome(Rule.MAJORITY, needed, counted(20, *said)) is ADOPTED


@given(said_by_consensus, st.integers(2, 12))
def test_what_is_unanimous_is_consensus(said, needed):
    tally = counted(max(1, len(said)), *said)
    if outcome(Rule.UNANIMITY, needed, tally) is ADOPTED:
        assert outcome(Rule.CONSENSUS, needed, tally) is ADOPTED


@given(said_by_consensus)
def test_people_are_counted_as_they_spoke(said):
    tally = rules.tally_people(said, 12)
    assert (tally.heard, tally.electorate, tally.divided) == (len(said), 12, 0)


# what a rule knows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", BY_CONSENSUS)
def test_consensus_consent_and_unanimity_have_five_positions(rule):
    assert [s.value for s in rules.stances(rule)] == ["agree", "reservations", "aside", "block", "abstain"]


@pytest.mark.parametrize("rule", BY_VOTES)
def test_voting_rules_have_four_positions(rule):
    assert [s.value for s in rules.stances(rule)] == ["yes", "yes-reservations", "no", "abstain"]


def test_a_sense_check_has_fist_to_five():
    assert [s.value for s in rules.stances(Rule.SENSE)] == ["0", "1", "2", "3", "4", "5"]


def test_reservations_standing_aside_and_blocks_need_a_reason():
    assert {RESERVATIONS, ASIDE, BLOCK, YES_RESERVATIONS} == rules.STANCES_WITH_REASON


def test_blocks_and_reservations_carry_over_an_amendment_and_the_rest_is_cleared():
    assert {RESERVATIONS, BLOCK, YES_RESERVATIONS} == rules.STANCES_KEPT_BY_AMENDMENT


@pytest.mark.parametrize("rule", list(Rule))
def test_only_heads_and_sense_checks_count_people(rule):
    assert rules.counts_people(rule) is (rule in {Rule.HEADS, Rule.SENSE})


@pytest.mark.parametrize("rule", list(Rule))
def test_an_author_may_always_keep_the_rule_of_the_consortium(rule):
    assert rules.at_least_as_demanding(rule, rule)


@pytest.mark.parametrize(
    ("rule", "than"),
    [
        pytest.param(Rule.UNANIMITY, Rule.CONSENSUS, id="unanimity asks more than consensus"),
        pytest.param(Rule.CONSENSUS, Rule.CONSENT, id="consensus asks more than silence"),
        pytest.param(Rule.CONSENSUS, Rule.TWO_THIRDS, id="consensus asks more than two thirds"),
        pytest.param(Rule.TWO_THIRDS, Rule.MAJORITY, id="two thirds ask more than a majority"),
        pytest.param(Rule.MAJORITY, Rule.HEADS, id="a majority of agencies asks more than one of heads"),
    ],
)
def test_an_author_may_choose_the_more_demanding_rule_and_not_the_other(rule, than):
    assert rules.at_least_as_demanding(rule, than)
    assert not rules.at_least_as_demanding(than, rule)


@given(st.sampled_from(Rule), st.sampled_from(Rule), st.sampled_from(Rule))
def test_rules_stand_in_one_order_of_demand(one, two, three):
    if Rule.SENSE not in {one, two, three}:
        assert rules.at_least_as_demanding(one, two) or rules.at_least_as_demanding(two, one)
        if rules.at_least_as_demanding(one, two) and rules.at_least_as_demanding(two, three):
            assert rules.at_least_as_demanding(one, three)


@pytest.mark.parametrize("than", list(Rule))
def test_every_author_may_choose_a_sense_check_because_it_decides_nothing(than):
    assert rules.at_least_as_demanding(Rule.SENSE, than)


# closing times -----------------------------------------------------------------------------------------

CLOSES = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "given_time", "later"),
    [
        pytest.param(timedelta(hours=49), False, None, id="a block 49 hours before adds nothing"),
        pytest.param(
            timedelta(hours=48, seconds=1), False, None, id="a block a second earlier than 48 hours adds nothing"
        ),
        pytest.param(timedelta(hours=48), False, 72, id="a block 48 hours before adds 72 hours"),
        pytest.param(timedelta(minutes=1), False, 72, id="a block in the last minute adds 72 hours"),
        pytest.param(timedelta(hours=1), True, None, id="time is added once"),
    ],
)
def test_a_late_block_gives_time_to_meet(left, given_time, later):
    expected = CLOSES + timedelta(hours=later) if later else None
    assert rules.closing_time_after_late_block(CLOSES, CLOSES - left, given_time=given_time) == expected


@pytest.mark.parametrize(
    ("outcome", "extended", "days"),
    [
        pytest.param(NOT_DECIDED, False, 7, id="what was not decided can be extended for a week"),
        pytest.param(NOT_DECIDED, True, None, id="it can be extended once only"),
        pytest.param(NOT_ADOPTED, False, None, id="what was not adopted cannot be extended"),
        pytest.param(ADOPTED, False, None, id="what was adopted cannot be extended"),
        pytest.param(ProposalState.SENSED, False, None, id="a sense check cannot be extended"),
    ],
)
def test_only_what_was_not_decided_can_be_extended(outcome, extended, days):
    until = CLOSES + timedelta(days=days) if days else None
    assert rules.extendable_until(outcome, CLOSES, extended=extended) == until


# In this week 30 November 2026 is a Monday.
MON, TUE, WED, THU, FRI, SAT, SUN = (datetime(2026, 11, 30, 10) + timedelta(days=n) for n in range(7))
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("opens", "first"),
    [
        pytest.param(MON, THU, id="from Monday it is Thursday at the same hour"),
        pytest.param(TUE, FRI, id="from Tuesday it is Friday at the same hour"),
        pytest.param(WED, MON + WEEK, id="from Wednesday it is Monday, over the weekend"),
        pytest.param(THU, TUE + WEEK, id="from Thursday it is Tuesday, over the weekend"),
        pytest.param(FRI, WED + WEEK, id="from Friday it is Wednesday, over the weekend"),
        pytest.param(SAT, THU.replace(hour=0) + WEEK, id="from Saturday it is when Wednesday has ended"),
        pytest.param(SUN, THU.replace(hour=0) + WEEK, id="from Sunday it is when Wednesday has ended"),
        pytest.param(
            MON.replace(hour=0), THU.replace(hour=0), id="from the first minute of Monday it is when Wednesday ends"
        ),
    ],
)
def test_consent_stays_open_for_72_hours_and_three_working_days(opens, first):
    assert rules.is_long_enough_for_consent(opens, first)
    assert not rules.is_long_enough_for_consent(opens, first - MINUTE)
    assert rules.earliest_consent_closing(opens) == first


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))


@given(moments)
def test_the_earliest_closing_of_consent_is_long_enough_and_no_earlier_one_is(opens):
    first = rules.earliest_consent_closing(opens)
    assert rules.is_long_enough_for_consent(opens, first)
    assert not rules.is_long_enough_for_consent(opens, first - MINUTE)
    assert first - opens >= timedelta(hours=72)


@given(moments, st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 20))
def test_working_time_adds_up_and_has_no_weekend(begin, minutes, more):
    middle, end = begin + minutes * MINUTE, begin + (minutes + more) * MINUTE
    assert working_time(begin, middle) + working_time(middle, end) == working_time(begin, end)
    assert timedelta() <= working_time(begin, end) <= end - begin
    assert working_time(begin, begin + 2 * WEEK) == timedelta(days=10)


# standings ---------------------------------------------------------------------------------------------


def statement(stance, reason=""):
    return rules.Statement(stance, reason, spoken=object())


@pytest.mark.parametrize(
    ("seat", "named", "is_voice"),
    [
        pytest.param(Seat.MEMBER, Named(MemberId(1)), True, id="beside a representative a member is a voice"),
        pytest.param(Seat.MEMBER, Named(None, MemberId(2)), True, id="beside an alternate a member is a voice"),
        pytest.param(Seat.MEMBER, Named(), False, id="where nobody is named a member speaks"),
        pytest.param(Seat.ALTERNATE, Named(MemberId(1), MemberId(2)), False, id="an alternate is more than a voice"),
        pytest.param(Seat.REPRESENTATIVE, Named(MemberId(1)), False, id="a representative is more than a voice"),
    ],
)
def test_who_is_a_voice_only(seat, named, is_voice):
    assert representation.speaks(seat, named) is not is_voice
