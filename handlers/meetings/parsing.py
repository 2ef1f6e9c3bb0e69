"""What was typed or filled in, read as meetings and items."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.command_text import MENTIONED, Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, cut, escape, moment
from handlers.meetings import reminder_settings
from handlers.meetings.creation import DEFAULT_LENGTH, EXAMPLE, SeriesDraft
from handlers.meetings.rules import recurrence
from storage import members
from storage.members import Member

_QUOTED = re.compile(r"([\"“”„‟«»][^\"“”„‟«»]*[\"“”„‟«»])")
KEYS = ("for", "every", "notes", "chair", "minutes")


def tidy(raw: str, names: Sequence[str]) -> str:
    """Put quotes around what belongs to one option: names with spaces behind `notes:`, "2 weeks" behind `every:`."""
    parts = _QUOTED.split(raw)
    # what stands in quotes, every second part, stays as it was written
    return "".join(part if place % 2 else _tidied(part, names) for place, part in enumerate(parts))


def _tidied(part: str, names: Sequence[str]) -> str:
    text = re.sub(r"(?i)\b(every|for|notes|chair|minutes):\s+", r"\1:", part)
    text = re.sub(r"(?i)\b(every|for):(\d+(?:[.,]\d+)?)\s+([a-z]+)", r"\1:\2\3", text)
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?i)\b(notes|chair):@?{re.escape(name)}(?=\s|$)", rf'\1:"{name}"', text)
    return text


def person(session: Session, caller: Caller, typed: str, field: str) -> Member:
    """Find the member meant by a mention, a user id or a name. Raises Refusal."""
    example = 'For example: `/meeting new "Council" 2026-12-03 14:00 notes:@cleo`'
    every = members.living(session, caller.consortium.id)
    user_id = MENTIONED.match(typed)[1] if MENTIONED.match(typed) else ""  # type: ignore[index]
    if user_id:
        fits = [one for one in every if one.user_id == user_id]
    else:
        wanted = " ".join(typed.removeprefix("@").split()).casefold()
        fits = [one for one in every if one.name.casefold() == wanted]
        fits = fits or [one for one in every if wanted and one.name.casefold().split()[0] == wanted]
    if len(fits) > 1:
        names = " or ".join(escape(one.name) for one in fits[:5])
        raise Refusal(f"“{escape(cut(typed, 40))}” could be {names}. Choose the name after typing `@`.", field=field)
    if not fits:
        shown = "This person" if user_id else f"“{escape(cut(typed, 40))}”"
        raise Refusal(
            f"{shown} does not belong to the consortium, or has left Slack, so cannot have a task here. "
            f"`/consortium who` shows who does. {example}",
            field=field,
        )
    return fits[0]


def length(typed: str) -> int:
    """Read how long it takes, in minutes. Raises Refusal."""
    found = reminder_settings.read(typed.strip())
    if found is None:
        raise Refusal(
            f"I could not read “{escape(cut(typed, 20))}” as a length, such as 90m or 2h. {EXAMPLE}", field="length"
        )
    return found


def wall_clock(typed: str, now: datetime, zone: str, example: str) -> tuple[datetime, str]:
    """Read when something begins, as the wall clock shows it, and a note where that hour does not exist.

    Raises Refusal.
    """
    try:
        _, hour = dates.clock(typed)
        at = dates.read(typed, now, zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} {example}") from None
    if hour is None:
        raise Refusal(f"I understood the day, but at what time? {example}")
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wall = datetime.combine(shown.date(), hour)
    if wall == shown:
        return wall, ""
    return wall, f"On that day the clocks skip {wall:%H:%M}, so it begins {moment(at, zone)}."


def typed_draft(
    session: Session, caller: Caller, request: SlackRequest, typed: Typed, *, private: bool
) -> tuple[SeriesDraft, str]:
    """Read a meeting typed at once, and a note about its hour. Raises Refusal."""
    if typed.gaps:
        raise Refusal(f"There is nothing between the quotes, and a meeting needs a name. {EXAMPLE}")
    title = " ".join(typed.quoted[0].split())
    extra = [word.text for word in typed.words[1:] if word.quoted][1:]
    if extra:
        raise Refusal(
            f"I understood the name “{escape(cut(title, 60))}”, but not “{escape(cut(extra[0], 60))}”. {EXAMPLE}"
        )
    plain = " ".join(word.text for word in typed.words[1:] if not word.quoted)
    if not plain:
        raise Refusal(f"I understood the name “{escape(cut(title, 60))}”, but when does it begin? {EXAMPLE}")
    wall, note = wall_clock(plain, request.now, caller.zone, EXAMPLE)
    given = typed.options
    draft = SeriesDraft(
        title=title,
        channel=request.channel,
        begins=wall.isoformat(),
        zone=caller.zone,
        rule=recurrence.read(given["every"], wall) if "every" in given else None,
        length=length(given.get("for", given.get("minutes", f"{DEFAULT_LENGTH}m"))),
        chair=person(session, caller, given["chair"], "chair").id if "chair" in given else None,
        notes=person(session, caller, given["notes"], "notes").id if "notes" in given else None,
        private=private,
    )
    return draft, note


def written_draft(session: Session, caller: Caller, request: SlackRequest, *, private: bool) -> SeriesDraft:
    """Read a meeting from the form. Raises Refusal at the field."""
    wall = moment_chosen(request, "begins").astimezone(ZoneInfo(caller.zone)).replace(tzinfo=None)
    every = request.chosen("every")
    return SeriesDraft(
        title=" ".join(clean(request.written("title")).split()),
        channel=request.chosen("channel"),
        begins=wall.isoformat(),
        zone=caller.zone,
        rule=recurrence.read(every, wall) if every and every != "once" else None,
        length=length(request.written("length")),
        chair=chosen_person(session, caller, request, "chair"),
        notes=chosen_person(session, caller, request, "notes"),
        private=private,
    )


def moment_chosen(request: SlackRequest, field: str) -> datetime:
    """Read a moment from a form. Raises Refusal at the field."""
    seconds = request.moment_chosen(field)
    if seconds is None:
        raise Refusal("Choose a day and an hour.", field=field)
    return datetime.fromtimestamp(seconds, UTC)


def chosen_person(session: Session, caller: Caller, request: SlackRequest, field: str) -> int | None:
    """Read a person from a form; None where nobody was chosen. Raises Refusal at the field."""
    user_id = request.chosen(field)
    return person(session, caller, f"@{user_id}", field).id if user_id else None


def item_length(typed: str) -> int | None:
    """Read an item's minutes; None where nothing was said. Raises Refusal."""
    if not typed.strip():
        return None
    found = reminder_settings.read(typed.strip())
    if found is None:
        raise Refusal(
            f"I could not read “{escape(cut(typed, 20))}” as minutes. For example: "
            '`/meeting add "Budget draft" minutes:15`',
            field="length",
        )
    return found
