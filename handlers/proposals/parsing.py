"""What was typed or filled in, read as a proposal."""

from datetime import UTC, datetime, timedelta

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import clean, escape
from handlers.proposals.creation import Draft
from handlers.proposals.position_text import read_rule

KEYS = ("why", "rule", "quorum", "text")
DATED = ("closes", "talk", "review")

EXAMPLE = 'For example: `/propose now "Adopt the shared calendar" why:"One calendar for all schools" closes:7d`'


def typed_draft(ask: Ask, caller: Caller, typed: Typed) -> Draft:
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
        talk = dates.read(options["talk"], ask.now, zone) - ask.now
    span = dates.duration(closes) if closes is not None else None
    quorum = options.get("quorum", "").rstrip("% ")
    if "quorum" in options and not quorum.isdecimal():
        raise Refusal(f"A quorum is a percentage, for example `quorum:60`; I read “{escape(quorum[:40])}”.")
    return Draft(
        title=" ".join(typed.words[1].text.split()),
        channel=ask.channel,
        body=options.get("why") or options.get("text") or "",
        rule=read_rule(options["rule"]) if "rule" in options else None,
        quorum=int(quorum[:6]) if quorum else None,
        closes_at=dates.read(closes, ask.now, zone) if closes is not None and span is None else None,
        open_for=_positive(span, "closes:7d"),
        talk=_positive(talk, "talk:3d"),
        review_on=dates.read_day(options["review"], ask.now, zone) if "review" in options else None,
    )


def _positive(span: timedelta | None, example: str) -> timedelta | None:
    if span is not None and not timedelta() < span <= dates.FARTHEST:
        raise Refusal(f"That is no time span to work with. For example: `{example}`")
    return span


def written_draft(ask: Ask) -> Draft:
    """Read a proposal from the form. Raises Refusal."""
    closes = ask.moment_chosen("closes")
    talk = timedelta(days=int(ask.chosen("talk") or 0))
    review = ask.chosen("review")
    quorum = ask.written("quorum")
    closes_at = datetime.fromtimestamp(closes, UTC) if closes else None
    if closes_at is not None and closes_at <= ask.now:
        raise Refusal("That has passed already. Choose a later time.", field="closes")
    draft = Draft(
        title=" ".join(clean(ask.written("title")).split()),
        channel=ask.channel,
        body=clean(ask.written("why")),
        rule=read_rule(ask.chosen("rule")) if ask.chosen("rule") else None,
        quorum=int(quorum) if quorum.isdecimal() else None,
        closes_at=closes_at,
        talk=talk,
        review_on=datetime.fromisoformat(review).date() if review else None,
    )
    if draft.review_on and draft.review_on <= ask.now.date():
        raise Refusal("That day has passed already. Choose a later one.", field="review")
    return draft
