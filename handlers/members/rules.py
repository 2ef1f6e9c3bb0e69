"""Rules for the names, weights, and email domains of agencies, and the bounds of settings."""

import re
from datetime import datetime, time

from handlers.kit.quiet_hours import next_open_time, next_working_day
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, sanitize, truncate
from handlers.proposals.rules import LEAST_CONSENT_DAYS
from storage.vocabulary import Rule

NAME = 80
"""The longest name, in characters."""

WEIGHT = 1000.0
"""The highest capacity weight."""

SHARE = (101, 1000)
"""The bounds of the percentage of its fair share above which an agency carries too much."""

QUORUM = (1, 100)
OPEN_DAYS = (1, 90)
TALK_DAYS = (0, 60)

ANSWER_DAYS = 3
"""The number of working days after which those who were asked about a request are asked again."""

AGENCY_EXAMPLE = '`/consortium agency add "Elm County Schools"`'


def name(typed: str, what: str, example: str, field: str | None = None) -> str:
    """Return a name, cleaned. Raise `Refusal` if it is empty or too long."""
    text = " ".join(sanitize(typed).split())
    if not text or not any(character.isalnum() for character in text):
        raise Refusal(f"The {what} needs a name. For example: {example}", field=field)
    if len(text) > NAME:
        raise Refusal(
            f"That name has {len(text):,} characters. A name can have {NAME}. For example: {example}",
            field=field,
        )
    return text


def weight(typed: str, field: str | None = None) -> float:
    """Parse a capacity weight, a number from 0 to 1000. Raise `Refusal` for anything else."""
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= WEIGHT:
        raise Refusal(
            f"I could not read “{escape(truncate(typed, 40))}” as a weight. A weight is a number such as 1, 2, or "
            "0.5. It is the agreed share of the work, and never changes an agency's voice.",
            field=field,
        )
    return number


def check_default_rule(rule: Rule, open_days: int, *, heads_allowed: bool) -> None:
    """Raise `Refusal` for a default rule by which no proposal could be made."""
    if rule is Rule.HEADS and not heads_allowed:
        raise Refusal(
            "Deciding by a majority of members is turned off below. Turn it on, or choose another rule.", field="rule"
        )
    if rule is Rule.CONSENT and open_days < LEAST_CONSENT_DAYS:
        raise Refusal(
            "By consent, silence counts as agreement, so a proposal stays open for at least 72 hours and three working "
            f"days. Choose {LEAST_CONSENT_DAYS} days or more.",
            field="open_days",
        )


def domain(typed: str, field: str | None = None) -> str | None:
    """Parse the part of an email address after the @; None for an empty text. Raise `Refusal` for anything else."""
    text = re.sub(r"^https?://", "", typed.strip().casefold())
    text = text.removeprefix("@").removeprefix("www.").rstrip("./")
    if not text:
        return None
    if len(text) > 120 or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", text):
        raise Refusal(
            f"“{escape(truncate(typed, 40))}” is not an email domain. One looks like `elm.k12.example`", field=field
        )
    return text


def after_answer_time(asked_at: datetime, zone: str, quiet_hours: tuple[time, time]) -> datetime:
    """Return when people should have answered a request, by the consortium's working days and quiet hours."""
    at = asked_at
    for _ in range(ANSWER_DAYS):
        at = next_working_day(at, zone)
    return next_open_time(at, zone, quiet_hours)
