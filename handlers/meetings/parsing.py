"""Parsing typed words and submitted forms into meetings and agenda items."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import dates, mentions
from handlers.kit.callers import Caller
from handlers.kit.command_text import MENTION, CommandText
from handlers.kit.mentions import people_called
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, sanitize, slack_date, truncate
from handlers.meetings import agenda
from handlers.meetings.creation import DEFAULT_LENGTH, EXAMPLE, SeriesDraft
from handlers.meetings.reminder_settings import parse_span
from handlers.meetings.rules import recurrence
from storage import members
from storage.members import Member
from storage.names import normalize_name

KEYS = ("for", "every", "notes", "chair", "minutes")
"""The options of `/meeting`."""

_QUOTED = re.compile(r"([\"“”„‟«»][^\"“”„‟«»]*[\"“”„‟«»])")


# typed commands ----------------------------------------------------------------------------------------


def quote_options(raw: str, names: Sequence[str]) -> str:
    """Join the words of each option's value: names with spaces after `notes:` or `chair:`, `2 weeks` after `every:`."""
    parts = _QUOTED.split(raw)
    # every second part is in quotes and stays as typed
    return "".join(part if place % 2 else _quote_options_in(part, names) for place, part in enumerate(parts))


def _quote_options_in(part: str, names: Sequence[str]) -> str:
    text = re.sub(r"(?i)\b(every|for|notes|chair|minutes):\s+", r"\1:", part)
    text = re.sub(r"(?i)\b(every|for):(\d+(?:[.,]\d+)?)\s+([a-z]+)", r"\1:\2\3", text)
    for name in sorted(names, key=len, reverse=True):
        words = r"\s+".join(r"\S+" for _ in name.split())
        text = re.sub(rf"(?i)\b(notes|chair):@?({words})(?=\s|$)", partial(_quote_name, name), text)
    return text


def _quote_name(name: str, match: re.Match[str]) -> str:
    """Return the option with its value in quotes where that is this name, otherwise as typed."""
    typed = mentions.show_names(match[2])
    return f'{match[1]}:"{name}"' if normalize_name(typed) == normalize_name(name) else match[0]


def parse_typed_draft(
    session: Session, caller: Caller, request: SlackRequest, typed: CommandText, *, private: bool
) -> tuple[SeriesDraft, str]:
    """Parse a meeting from one typed command. Return it with a note about its time, empty where there is none.

    Raise `Refusal` where it cannot be parsed.
    """
    if typed.gaps:
        raise Refusal(f"There is nothing between the quotes, and a meeting needs a name. {EXAMPLE}")
    title = " ".join(typed.quoted[0].split())
    extra = [word.text for word in typed.words[1:] if word.quoted][1:]
    if extra:
        raise Refusal(
            f"I understood the name “{escape(truncate(title, 60))}”, but not “{escape(truncate(extra[0], 60))}”. "
            f"{EXAMPLE}"
        )
    plain = " ".join(word.text for word in typed.words[1:] if not word.quoted)
    if not plain:
        raise Refusal(f"I understood the name “{escape(truncate(title, 60))}”, but when does it begin? {EXAMPLE}")
    wall, note = parse_wall_clock(plain, request.now, caller.zone, EXAMPLE)
    options = typed.options
    draft = SeriesDraft(
        title=title,
        channel=request.channel,
        begins=wall.isoformat(),
        zone=caller.zone,
        rule=recurrence.parse_rule(options["every"], wall) if "every" in options else None,
        length=parse_length(options.get("for", options.get("minutes", f"{DEFAULT_LENGTH}m"))),
        chair=_find_member(session, caller, typed.typed_options["chair"], "chair").id if "chair" in options else None,
        notes=_find_member(session, caller, typed.typed_options["notes"], "notes").id if "notes" in options else None,
        private=private,
    )
    return draft, note


def guess_title_and_time(typed: CommandText, now: datetime, zone: str) -> tuple[str, datetime | None]:
    """Split unquoted words into a title and a date after it; without a date, all words are the title."""
    words = [word.text for word in typed.words[1:]]
    for place in range(1, len(words)):
        try:
            begins = dates.parse_time(" ".join(words[place:]), now, zone)
        except Refusal:
            continue
        return " ".join(words[:place]), begins
    return typed.after(1), None


def parse_wall_clock(typed: str, now: datetime, zone: str, example: str) -> tuple[datetime, str]:
    """Parse when a meeting begins, as wall-clock time.

    Return it with a note where the clocks skip that time, empty otherwise. Raise `Refusal` where it cannot be parsed.
    """
    try:
        _, hour = dates.split_time_of_day(typed)
        at = dates.parse_time(typed, now, zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} {example}") from None
    if hour is None:
        raise Refusal(f"I understood the day, but at what time? {example}")
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wall = datetime.combine(shown.date(), hour)
    if wall == shown:
        return wall, ""
    return wall, f"On that day the clocks skip {wall:%H:%M}, so it begins {slack_date(at, zone)}."


# forms -------------------------------------------------------------------------------------------------


def parse_submitted_draft(session: Session, caller: Caller, request: SlackRequest, *, private: bool) -> SeriesDraft:
    """Parse a meeting from the form. Raise `Refusal` at the field."""
    wall = parse_time_field(request, "begins").astimezone(ZoneInfo(caller.zone)).replace(tzinfo=None)
    every = request.selected_value("every")
    return SeriesDraft(
        title=" ".join(sanitize(request.text_value("title")).split()),
        channel=request.selected_value("channel"),
        begins=wall.isoformat(),
        zone=caller.zone,
        rule=recurrence.parse_rule(every, wall) if every and every != "once" else None,
        length=parse_length(request.text_value("length")),
        chair=parse_person_field(session, caller, request, "chair"),
        notes=parse_person_field(session, caller, request, "notes"),
        private=private,
    )


def parse_time_field(request: SlackRequest, field: str) -> datetime:
    """Return the time chosen in a form. Raise `Refusal` at the field where there is none."""
    seconds = request.selected_datetime(field)
    if seconds is None:
        raise Refusal("Choose a date and a time.", field=field)
    return datetime.fromtimestamp(seconds, UTC)


def parse_person_field(session: Session, caller: Caller, request: SlackRequest, field: str) -> int | None:
    """Return the id of the member chosen in a form, or None. Raise `Refusal` at the field for anybody else."""
    user_id = request.selected_value(field)
    return _find_member(session, caller, f"@{user_id}", field).id if user_id else None


# values ------------------------------------------------------------------------------------------------


def parse_length(typed: str) -> int:
    """Parse the length of a meeting to minutes. Raise `Refusal` where it cannot be parsed."""
    minutes = parse_span(typed.strip())
    if minutes is None:
        raise Refusal(
            f"I could not read “{escape(truncate(typed, 20))}” as a length, such as 90m or 2h. {EXAMPLE}",
            field="length",
        )
    return minutes


def parse_item_length(typed: str) -> int | None:
    """Parse the length of an agenda item to minutes; None for an empty text. Raise `Refusal` where not possible."""
    if not typed.strip():
        return None
    minutes = parse_span(typed.strip())
    if minutes is None:
        raise Refusal(f"I could not read “{escape(truncate(typed, 20))}” as minutes. {agenda.EXAMPLE}", field="length")
    return minutes


def _find_member(session: Session, caller: Caller, typed: str, field: str) -> Member:
    """Return the member that a mention, a user id or a name means. Raise `Refusal` for none or several."""
    everyone = members.active(session, caller.consortium.id)
    mention = MENTION.match(typed)
    if mention and mention[1]:
        matches = [person for person in everyone if person.user_id == mention[1]]
    else:
        matches = people_called(typed, everyone)
    if len(matches) > 1:
        names = " or ".join(escape(person.name) for person in matches[:5])
        raise Refusal(
            f"“{escape(truncate(typed, 40))}” could be {names}. Choose the name after typing `@`.", field=field
        )
    if not matches:
        shown = "This person" if mention else f"“{escape(truncate(typed, 40))}”"
        raise Refusal(
            f"{shown} does not belong to the consortium, or has left Slack. `/consortium who` lists who belongs to it. "
            'For example: `/meeting new "Council" 2026-12-03 14:00 notes:@cleo`',
            field=field,
        )
    return matches[0]
