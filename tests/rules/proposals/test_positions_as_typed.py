"""Positions and rules as people type them."""

# ruff: noqa: PT017 - parsing it and refusing it are both correct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.refusals import Ambiguous, Refusal
from handlers.proposals.labels import STANCE_BUTTONS, STANCE_LABELS
from handlers.proposals.parsing import TypedPosition, read_position, read_rule
from handlers.proposals.rules import STANCES_WITH_REASON, stances
from storage.vocabulary import Rule, Stance

CONSENSUS, MAJORITY, SENSE = Rule.CONSENSUS, Rule.MAJORITY, Rule.SENSE
REASON = "The May window collides with our exams."


def read(rule, typed):
    position = read_position(rule, typed, 12, 3)
    return position.stance, position.reason


def refused(rule, typed):
    with pytest.raises(Refusal) as caught:
        read_position(rule, typed, 12, 3)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("rule", "typed", "stance", "reason"),
    [
        pytest.param(CONSENSUS, "agree", Stance.AGREE, "", id="agree"),
        pytest.param(CONSENSUS, "AGREE", Stance.AGREE, "", id="capital letters do not matter"),
        pytest.param(CONSENSUS, "abstain", Stance.ABSTAIN, "", id="abstain"),
        pytest.param(CONSENSUS, f"reservations {REASON}", Stance.RESERVATIONS, REASON, id="reservations"),
        pytest.param(
            CONSENSUS,
            f"agree with reservations {REASON}",
            Stance.RESERVATIONS,
            REASON,
            id="the longest label that fits comes first",
        ),
        pytest.param(
            CONSENSUS, f"With reservations {REASON}", Stance.RESERVATIONS, REASON, id="the words of the button"
        ),
        pytest.param(CONSENSUS, f"aside {REASON}", Stance.ASIDE, REASON, id="aside"),
        pytest.param(CONSENSUS, f"Stand aside {REASON}", Stance.ASIDE, REASON, id="the printed label of aside"),
        pytest.param(CONSENSUS, f"block {REASON}", Stance.BLOCK, REASON, id="block"),
        pytest.param(CONSENSUS, f"block: {REASON}", Stance.BLOCK, REASON, id="a colon before the reason"),
        pytest.param(Rule.UNANIMITY, "agree", Stance.AGREE, "", id="unanimity has the same words"),
        pytest.param(Rule.CONSENT, f"block {REASON}", Stance.BLOCK, REASON, id="consent has the same words"),
        pytest.param(MAJORITY, "yes", Stance.YES, "", id="yes"),
        pytest.param(MAJORITY, "no", Stance.NO, "", id="no"),
        pytest.param(MAJORITY, "abstain", Stance.ABSTAIN, "", id="abstain under a voting rule"),
        pytest.param(
            MAJORITY, f"yes with reservations {REASON}", Stance.YES_RESERVATIONS, REASON, id="yes with reservations"
        ),
        pytest.param(Rule.HEADS, "no", Stance.NO, "", id="heads have the same words"),
        pytest.param(SENSE, "0", Stance.FIST, "", id="a fist"),
        pytest.param(SENSE, "5", Stance.FIVE, "", id="five"),
        pytest.param(SENSE, "5 will lead it", Stance.FIVE, "", id="the printed label of five"),
    ],
)
def test_positions_that_can_be_parsed(rule, typed, stance, reason):
    assert read(rule, typed) == (stance, reason)


@pytest.mark.parametrize("rule", list(Rule))
def test_every_printed_label_and_button_is_understood(rule):
    for stance in stances(rule):
        reason = REASON if stance in STANCES_WITH_REASON else ""
        assert read(rule, f"{STANCE_LABELS[stance]} {reason}") == (stance, reason)
        assert read(rule, f"{STANCE_BUTTONS[stance]} {reason}") == (stance, reason)


@pytest.mark.parametrize("typed", ["agree but only in May", "agree, mostly", "Agree: with some doubts"])
def test_agree_with_more_words_after_it_asks_what_was_meant(typed):
    with pytest.raises(Ambiguous) as question:
        read_position(CONSENSUS, typed, 12, 3)
    meant = [read_position(CONSENSUS, reading.text, 12, 3) for reading in question.value.readings]
    assert [position.stance for position in meant] == [Stance.AGREE, Stance.RESERVATIONS]
    assert meant[1].reason in typed


def test_yes_with_more_words_after_it_asks_what_was_meant():
    with pytest.raises(Ambiguous) as question:
        read_position(MAJORITY, "yes but only in May", 12, 3)
    meant = [read_position(MAJORITY, reading.text, 12, 3) for reading in question.value.readings]
    assert meant == [TypedPosition(Stance.YES, ""), TypedPosition(Stance.YES_RESERVATIONS, "but only in May")]


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        pytest.param(CONSENSUS, "block", id="a block"),
        pytest.param(CONSENSUS, "block :", id="a block with a colon and no more"),
        pytest.param(CONSENSUS, "stand aside", id="standing aside"),
        pytest.param(CONSENSUS, "agree with reservations", id="agreeing with reservations"),
        pytest.param(CONSENSUS, "reservations", id="reservations"),
        pytest.param(MAJORITY, "yes with reservations", id="yes with reservations"),
    ],
)
def test_a_missing_reason_is_asked_for_with_an_example_that_works(rule, typed):
    with pytest.raises(Refusal) as caught:
        read_position(rule, typed, 12, 3)
    sentence, (button,) = caught.value.sentence, caught.value.buttons
    assert "is recorded with a reason" in sentence
    assert Stance(button.action_id.removeprefix("proposal.say.")) in STANCES_WITH_REASON
    example = sentence.split("`/vote 12 ")[1].rstrip("`")
    assert read(rule, example)[0] in STANCES_WITH_REASON


A, R, ASIDE, B = Stance.AGREE, Stance.RESERVATIONS, Stance.ASIDE, Stance.BLOCK
YES, YR, NO = Stance.YES, Stance.YES_RESERVATIONS, Stance.NO


@pytest.mark.parametrize(
    ("rule", "typed", "near"),
    [
        pytest.param(CONSENSUS, "no", [ASIDE, B], id="no under consensus steers to neither"),
        pytest.param(CONSENSUS, "disagree", [ASIDE, B], id="disagree"),
        pytest.param(CONSENSUS, "yes", [A, R], id="yes under consensus"),
        pytest.param(CONSENSUS, "OK!", [A, R], id="ok"),
        pytest.param(CONSENSUS, "agre", [A], id="a letter is missing"),
        pytest.param(CONSENSUS, "blcok", [B], id="two letters are swapped"),
        pytest.param(CONSENSUS, "stnad aside", [ASIDE], id="two words"),
        pytest.param(CONSENSUS, "maybe", [Stance.ABSTAIN], id="maybe"),
        pytest.param(MAJORITY, "agree", [YES, YR], id="agree under a majority"),
        pytest.param(MAJORITY, "block", [NO], id="a block under a majority"),
        pytest.param(MAJORITY, "stand aside", [NO], id="aside under a majority"),
        pytest.param(CONSENSUS, "3", stances(CONSENSUS), id="a number of fingers under consensus"),
        pytest.param(SENSE, "6", stances(SENSE), id="six fingers"),
        pytest.param(SENSE, "agree", stances(SENSE), id="agree in a sense check"),
        pytest.param(MAJORITY, "nobody", stances(MAJORITY), id="a longer word that begins with no"),
        pytest.param(CONSENSUS, "", stances(CONSENSUS), id="nothing"),
        pytest.param(CONSENSUS, "<b>", stances(CONSENSUS), id="signs"),
    ],
)
def test_words_that_are_no_position_are_answered_with_those_that_they_may_mean(rule, typed, near):
    with pytest.raises(Refusal) as caught:
        read_position(rule, typed, 12, 3)
    assert [(b.action_id, b.value) for b in caught.value.buttons] == [(f"proposal.say.{s.value}", "12:3") for s in near]
    assert "<" not in caught.value.sentence
    # an example would put one position forward
    assert "For example" not in caught.value.sentence


@pytest.mark.parametrize(
    ("rule", "typed", "meant"),
    [
        (CONSENSUS, f"no, {REASON}", [(ASIDE, REASON), (B, REASON)]),
        (CONSENSUS, f"agre {REASON}", [(A, ""), (R, REASON)]),
        (CONSENSUS, f"yes {REASON}", [(A, ""), (R, REASON)]),
        (CONSENSUS, REASON, [(A, ""), (R, REASON), (ASIDE, REASON), (B, REASON), (Stance.ABSTAIN, "")]),
        (MAJORITY, f"agree {REASON}", [(YES, ""), (YR, REASON)]),
        (MAJORITY, f"block {REASON}", [(NO, "")]),
    ],
)
def test_what_stands_beside_such_words_becomes_the_reason(rule, typed, meant):
    with pytest.raises(Ambiguous) as question:
        read_position(rule, typed, 12, 3)
    assert [read(rule, reading.text) for reading in question.value.readings] == meant


@pytest.mark.parametrize("typed", ["Agree!", "agree.", "AGREE !"])
def test_a_mark_at_the_end_is_not_part_of_a_position(typed):
    assert read(CONSENSUS, typed) == (Stance.AGREE, "")


@pytest.mark.parametrize("typed", ["abstain for now", "no never", "3 fingers of mine"])
def test_positions_without_a_reason_refuse_one(typed):
    rule = SENSE if typed[0] == "3" else MAJORITY
    assert "takes no reason" in refused(rule, typed)


@given(st.sampled_from(Rule), st.text(max_size=80))
def test_any_text_is_parsed_or_refused_with_help(rule, typed):
    try:
        stance, reason = read(rule, typed)
    except Refusal as refusal:
        readings = refusal.readings if isinstance(refusal, Ambiguous) else ()
        assert "/vote 12" in refusal.sentence or refusal.buttons or readings
        assert "<" not in refusal.sentence
        assert all(read(rule, reading.text)[0] in stances(rule) for reading in readings)
    else:
        assert stance in stances(rule)
        assert bool(reason) == (stance in STANCES_WITH_REASON)


reasons = st.text(st.characters(codec="utf-8"), min_size=1).map(lambda t: " ".join(t.split()).strip(" :,"))


wordy = reasons.filter(lambda reason: reason.strip(" .!"))


@given(wordy, st.sampled_from(["block", "stand aside", "Agree with reservations"]))
def test_no_word_of_a_reason_is_lost(reason, typed):
    """A period or an exclamation mark alone is no reason."""
    assert read(CONSENSUS, f"{typed} {reason}")[1] == reason


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("consensus", Rule.CONSENSUS),
        ("Consent", Rule.CONSENT),
        ("UNANIMITY", Rule.UNANIMITY),
        ("two-thirds", Rule.TWO_THIRDS),
        ("two thirds", Rule.TWO_THIRDS),
        ("majority", Rule.MAJORITY),
        ("heads", Rule.HEADS),
        ("sense", Rule.SENSE),
    ],
)
def test_rules_are_read_by_the_words_of_docs_rules(typed, rule):
    assert read_rule(typed) is rule


def test_an_unknown_rule_is_answered_with_the_known_ones():
    with pytest.raises(Refusal, match="`consensus`, `consent`, `unanimity`, `two-thirds`, `majority`"):
        read_rule("dictatorship")
