"""The words of positions and rules: printed labels, and what people type for them."""

from dataclasses import dataclass

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape
from handlers.proposals.rules import WITH_REASON, stances
from storage.vocabulary import Rule, Stance

LABELS = {
    Stance.AGREE: "Agree",
    Stance.RESERVATIONS: "Agree with reservations",
    Stance.ASIDE: "Stand aside",
    Stance.BLOCK: "Block",
    Stance.ABSTAIN: "Abstain",
    Stance.YES: "Yes",
    Stance.YES_RESERVATIONS: "Yes with reservations",
    Stance.NO: "No",
    Stance.FIST: "0 cannot go along",
    Stance.ONE: "1 serious concerns",
    Stance.TWO: "2 concerns to talk about",
    Stance.THREE: "3 can live with it",
    Stance.FOUR: "4 like it",
    Stance.FIVE: "5 will lead it",
}

MEANS = {
    Stance.AGREE: "supports it and will help carry it out",
    Stance.RESERVATIONS: "problems remain, goes along; the reservation is recorded",
    Stance.ASIDE: "cannot support it, will not carry it out, does not stop it; named in the record",
    Stance.BLOCK: "a fundamental disagreement that is not resolved",
    Stance.ABSTAIN: "heard, takes no side; counts for the quorum only",
    Stance.YES: "for it",
    Stance.YES_RESERVATIONS: "for it; the reservation is recorded",
    Stance.NO: "against it",
}

BUTTONS = {**LABELS, Stance.RESERVATIONS: "With reservations", Stance.YES_RESERVATIONS: "With reservations"}

RULE_NAMES = {
    Rule.CONSENSUS: "consensus of agencies",
    Rule.CONSENT: "consent of agencies (silence is consent)",
    Rule.UNANIMITY: "unanimity of agencies",
    Rule.TWO_THIRDS: "two thirds of agencies",
    Rule.MAJORITY: "majority of agencies",
    Rule.HEADS: "majority of members",
    Rule.SENSE: "sense check, decides nothing",
}

BY_RULE = {
    Rule.CONSENSUS: "By consensus",
    Rule.CONSENT: "By consent",
    Rule.UNANIMITY: "By unanimity",
    Rule.TWO_THIRDS: "By two thirds of agencies",
    Rule.MAJORITY: "By majority of agencies",
    Rule.HEADS: "By majority of members",
}

_TYPED = {
    Stance.AGREE: ("agree",),
    Stance.RESERVATIONS: ("agree with reservations", "with reservations", "reservations", "reservation"),
    Stance.ASIDE: ("stand aside", "aside"),
    Stance.BLOCK: ("block",),
    Stance.ABSTAIN: ("abstain",),
    Stance.YES: ("yes",),
    Stance.YES_RESERVATIONS: (
        "yes with reservations",
        "with reservations",
        "yes reservations",
        "reservations",
        "reservation",
    ),
    Stance.NO: ("no",),
    **{stance: (stance.value, LABELS[stance].casefold()) for stance in stances(Rule.SENSE)},
}


@dataclass(frozen=True)
class Said:
    """A position as typed, with its reason."""

    stance: Stance
    reason: str


def read_rule(word: str) -> Rule:
    """Read a rule's name. Raises Refusal."""
    wanted = word.casefold().replace("_", "-").replace("two thirds", "two-thirds")
    try:
        return Rule(wanted)
    except ValueError:
        known = ", ".join(f"`{rule.value}`" for rule in Rule)
        raise Refusal(
            f"I know no rule “{escape(word[:40])}”. There are {known}. For example: "
            '`/propose now "Adopt the shared calendar" rule:consent`'
        ) from None


def read_stance(rule: Rule, typed: str, number: int) -> Said:
    """Read a position and its reason from what was typed behind the number.

    The longest label that fits counts. Raises Refusal where it cannot be read, lacks its reason, or says more
    than the position has room for.
    """
    text = " ".join(typed.split())
    folded = text.casefold()
    fits = [
        (len(label), stance)
        for stance in stances(rule)
        for label in _TYPED[stance]
        if folded == label or folded.startswith((label + " ", label + ":", label + ","))
    ]
    if not fits:
        raise Refusal(_unread(rule, text, number))
    length, stance = max(fits)
    reason = text[length:].strip(" :,").strip()
    if stance in WITH_REASON and not reason:
        raise Refusal(
            f"“{LABELS[stance]}” is recorded with a reason, so that it can be talked about. For example: "
            f"`/vote {number} {_TYPED[stance][-1] if stance is not Stance.BLOCK else 'block'} "
            "The dates collide with our exams`"
        )
    if stance not in WITH_REASON and reason:
        raise Refusal(_too_much(rule, stance, reason, number))
    return Said(stance, reason)


def _unread(rule: Rule, typed: str, number: int) -> str:
    known = ", ".join(f"`{_TYPED[stance][0]}`" for stance in stances(rule))
    shown = f"“{escape(typed[:60])}” is no position on proposal {number}. " if typed else ""
    return f"{shown}It can be {known}. For example: `/vote {number} {_TYPED[stances(rule)[0]][0]}`"


def _too_much(rule: Rule, stance: Stance, reason: str, number: int) -> str:
    label = LABELS[stance]
    more = f"I read “{label}”, and then “{escape(reason[:60])}”. {label} takes no reason. "
    if Stance.RESERVATIONS in stances(rule) and stance is Stance.AGREE:
        return f"{more}Did you mean `/vote {number} agree` or `/vote {number} reservations {escape(reason[:60])}`?"
    if stance is Stance.YES:
        return (
            f"{more}Did you mean `/vote {number} yes` or `/vote {number} yes with reservations {escape(reason[:60])}`?"
        )
    return f"{more}For example: `/vote {number} {_TYPED[stance][0]}`"
