"""What was typed or filled in, read as a proposal."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, escape
from handlers.proposals.creation import ProposalDraft
from handlers.proposals.labels import STANCE_LABELS
from handlers.proposals.rules import STANCES_WITH_REASON, stances
from storage.vocabulary import Rule, Stance

KEYS = ("why", "rule", "quorum", "text")
DATED = ("closes", "talk", "review")

EXAMPLE = 'For example: `/propose now "Adopt the shared calendar" why:"One calendar for all schools" closes:7d`'


def typed_draft(request: SlackRequest, caller: Caller, typed: Typed, *, private: bool) -> ProposalDraft:
    """Read a proposal typed at once. Raises Refusal."""
    if typed.gaps:
        raise Refusal(f"There is nothing between the quotes, and a proposal needs a title. {EXAMPLE}")
    left = [word.text for word in typed.words[2:]]
    if left:
        raise Refusal(
            f"I understood a proposal “{escape(typed.words[1].text[:80])}”, but not “{escape(' '.join(left)[:80])}”. "
            f"{EXAMPLE}"
        )
    options = typed.options
    zone = caller.zone
    closes = options.get("closes")
    talk = dates.duration(options["talk"]) if "talk" in options else None
    if "talk" in options and talk is None:
        talk = dates.read(options["talk"], request.now, zone) - request.now
    span = dates.duration(closes) if closes is not None else None
    quorum = options.get("quorum", "").rstrip("% ")
    if "quorum" in options and not quorum.isdecimal():
        raise Refusal(f"A quorum is a percentage, for example `quorum:60`; I read “{escape(quorum[:40])}”.")
    return ProposalDraft(
        title=" ".join(typed.words[1].text.split()),
        channel=request.channel,
        body=options.get("why") or options.get("text") or "",
        rule=read_rule(options["rule"]) if "rule" in options else None,
        quorum=int(quorum[:6]) if quorum else None,
        closes_at=dates.read(closes, request.now, zone) if closes is not None and span is None else None,
        open_for=_positive(span, "closes:7d"),
        talk=_positive(talk, "talk:3d"),
        review_on=dates.read_day(options["review"], request.now, zone) if "review" in options else None,
        private=private,
    )


def _positive(span: timedelta | None, example: str) -> timedelta | None:
    if span is not None and not timedelta() < span <= dates.FARTHEST:
        raise Refusal(f"That is no time span to work with. For example: `{example}`")
    return span


def submitted_draft(request: SlackRequest, *, private: bool) -> ProposalDraft:
    """Read a proposal from the form. Raises Refusal."""
    closes = request.moment_chosen("closes")
    talk = timedelta(days=int(request.chosen("talk") or 0))
    review = request.chosen("review")
    quorum = request.written("quorum")
    closes_at = datetime.fromtimestamp(closes, UTC) if closes else None
    if closes_at is not None and closes_at <= request.now:
        raise Refusal("That has passed already. Choose a later time.", field="closes")
    draft = ProposalDraft(
        title=" ".join(clean(request.written("title")).split()),
        channel=request.channel,
        body=clean(request.written("why")),
        rule=read_rule(request.chosen("rule")) if request.chosen("rule") else None,
        quorum=int(quorum) if quorum.isdecimal() else None,
        closes_at=closes_at,
        talk=talk,
        review_on=datetime.fromisoformat(review).date() if review else None,
        private=private,
    )
    if draft.review_on and draft.review_on <= request.now.date():
        raise Refusal("That day has passed already. Choose a later one.", field="review")
    return draft


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
    **{stance: (stance.value, STANCE_LABELS[stance].casefold()) for stance in stances(Rule.SENSE)},
}


@dataclass(frozen=True)
class TypedPosition:
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


def read_position(rule: Rule, typed: str, number: int) -> TypedPosition:
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
    if stance in STANCES_WITH_REASON and not reason:
        raise Refusal(
            f"“{STANCE_LABELS[stance]}” is recorded with a reason, so that it can be talked about. For example: "
            f"`/vote {number} {_TYPED[stance][-1] if stance is not Stance.BLOCK else 'block'} "
            "The dates collide with our exams`"
        )
    if stance not in STANCES_WITH_REASON and reason:
        raise Refusal(_too_much(rule, stance, reason, number))
    return TypedPosition(stance, reason)


def _unread(rule: Rule, typed: str, number: int) -> str:
    known = ", ".join(f"`{_TYPED[stance][0]}`" for stance in stances(rule))
    shown = f"“{escape(typed[:60])}” is no position on proposal {number}. " if typed else ""
    return f"{shown}It can be {known}. For example: `/vote {number} {_TYPED[stances(rule)[0]][0]}`"


def _too_much(rule: Rule, stance: Stance, reason: str, number: int) -> str:
    label = STANCE_LABELS[stance]
    more = f"I read “{label}”, and then “{escape(reason[:60])}”. {label} takes no reason. "
    if Stance.RESERVATIONS in stances(rule) and stance is Stance.AGREE:
        return f"{more}Did you mean `/vote {number} agree` or `/vote {number} reservations {escape(reason[:60])}`?"
    if stance is Stance.YES:
        return (
            f"{more}Did you mean `/vote {number} yes` or `/vote {number} yes with reservations {escape(reason[:60])}`?"
        )
    return f"{more}For example: `/vote {number} {_TYPED[stance][0]}`"
