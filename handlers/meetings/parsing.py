"""Parsing typed words and submitted forms into meetings and agenda items."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import command_text, dates, mentions, quotes
from handlers.kit.callers import Caller
from handlers.kit.command_text import MENTION, CommandText
from handlers.kit.lookup import MOST_READINGS
from handlers.kit.mentions import people_called
from handlers.kit.refusals import Ambiguous, Reading, Refusal, ambiguous
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, escape, format_clock, sanitize, slack_date, truncate
from handlers.meetings import agenda
from handlers.meetings.creation import DEFAULT_LENGTH, EXAMPLE, SeriesDraft
from handlers.meetings.reminder_settings import format_span, parse_span
from handlers.meetings.rules import recurrence
from storage import members
from storage.members import Member
from storage.names import normalize_name

NEW_KEYS = ("for", "every", "until", "zone", "notes", "chair", "minutes")
"""The options of `/meeting new`."""

ITEM_KEYS = ("minutes", "for", "by")
"""The options of `/meeting add`."""

KEYS = (*NEW_KEYS, "by")
"""The options of `/meeting`."""

UNTIL_EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 every:week until:2027-06-30`'

_DAY_AND_MONTH = (
    r"\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}\.?(?:,?\s+\d{4}(?![-\d]))?"
    r"|[a-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?(?![-:/\d])(?:,?\s+\d{4}(?![-\d]))?"
)


# typed commands ----------------------------------------------------------------------------------------


def quote_options(raw: str, names: Sequence[str]) -> str:
    """Join the words of each option's value.

    They are names with spaces after `notes:` or `chair:`, `2 weeks` or `third thursday` after `every:`, `30 june` after
    `until:`, and `New York` after `zone:`. What is in quotes stays as typed.
    """
    parts, at = [], 0
    for begin, quote in quotes.readings(raw)[0].items():
        parts += [_quote_options_in(raw[at:begin], names), raw[begin : quote.end]]
        at = quote.end
    return "".join([*parts, _quote_options_in(raw[at:], names)])


def _quote_options_in(part: str, names: Sequence[str]) -> str:
    text = re.sub(rf"(?i)\b({'|'.join(KEYS)}):\s+", r"\1:", part)
    text = re.sub(rf"(?i)\bevery:({recurrence.WEEKDAY_OF_A_MONTH})(?!\w)", r'every:"\1"', text)
    text = re.sub(r"(?i)\b(every|for):(\d+(?:[.,]\d+)?)\s+([a-z]+)", r"\1:\2\3", text)
    text = re.sub(rf"(?i)\b(until):({_DAY_AND_MONTH})", r'\1:"\2"', text)
    text = re.sub(r"(?i)\b(zone):([a-z]+(?: [a-z]+)+)", _quote_zone, text)
    for name in sorted(names, key=len, reverse=True):
        words = r"\s+".join(r"\S+" for _ in name.split())
        text = re.sub(rf"(?i)\b(notes|chair|by):@?({words})(?=\s|$)", partial(_quote_name, name), text)
    return text


def _quote_zone(match: re.Match[str]) -> str:
    """Put the words of a zone's name in quotes, as many as belong to it: `zone:New York`."""
    words = match[2].split(" ")
    count = next((n for n in range(len(words), 1, -1) if dates.find_time_zone(" ".join(words[:n]))), 0)
    return " ".join([f'{match[1]}:"{" ".join(words[:count])}"', *words[count:]]) if count else match[0]


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
    plain = " ".join(word.text for word in typed.words[1:] if not word.quoted)
    if not plain and len(extra) == 1 and dates.is_date(extra[0]):
        plain, extra = extra[0], []
    if extra:
        raise Refusal(
            f"I understood the name “{escape(truncate(title, 60))}”, but not “{escape(truncate(extra[0], 60))}”. "
            f"{EXAMPLE}"
        )
    if not plain:
        raise Refusal(f"I understood the name “{escape(truncate(title, 60))}”, but when does it begin? {EXAMPLE}")
    options = typed.options
    zone = dates.parse_time_zone(options["zone"]) if "zone" in options else caller.zone
    wall, note = parse_wall_clock(plain, request.now, zone, EXAMPLE)
    if "until" in options and "every" not in options:
        raise Refusal(f"`until:` says when a series ends. How often does it repeat? {UNTIL_EXAMPLE}")
    rule = recurrence.parse_rule(options["every"], wall, zone) if "every" in options else None
    draft = SeriesDraft(
        title=title,
        channel=request.channel,
        begins=wall.isoformat(),
        zone=zone,
        rule=_with_end(rule, options, wall, request.now, zone),
        length=_typed_length(plain, options.get("for", options.get("minutes"))),
        chair=find_member(session, caller, typed.typed_options["chair"], "chair").id if "chair" in options else None,
        notes=find_member(session, caller, typed.typed_options["notes"], "notes").id if "notes" in options else None,
        private=private,
    )
    return draft, note


def _typed_length(begins: str, typed: str | None) -> int:
    """Return the minutes of a typed meeting: from a range of hours, or after `for:`. Raise `Refusal` if they differ."""
    by_hours = dates.length_of_hours(begins)
    length = parse_length(typed) if typed is not None else None
    if by_hours is None:
        return DEFAULT_LENGTH if length is None else length
    minutes = by_hours // timedelta(minutes=1)
    if length is not None and length != minutes:
        raise Refusal(
            f"From its first to its last hour it takes {format_span(minutes)}, and `for:` says {format_span(length)}. "
            f"Leave one of them out. {EXAMPLE}"
        )
    return minutes


def other_rule(typed: CommandText, draft: SeriesDraft, now: datetime) -> str | None:
    """Return the rule that the words after `every:` can mean too, with the same end; None where they are clear."""
    wall = datetime.fromisoformat(draft.begins)
    other = recurrence.other_reading(typed.options["every"], wall) if "every" in typed.options else None
    try:
        return _with_end(other, typed.options, wall, now, draft.zone)
    except Refusal:
        # it would end before it begins, so it cannot be meant
        return None


def _with_end(rule: str | None, options: Mapping[str, str], begins: datetime, now: datetime, zone: str) -> str | None:
    """Return a rule with the end that was typed after `until:`. Raise `Refusal` where that is impossible."""
    if rule is None or "until" not in options:
        return rule
    return recurrence.add_end(rule, parse_last_day(options["until"], begins, now, zone), begins, zone)


def guess_title_and_time(typed: CommandText, now: datetime, zone: str) -> tuple[str, datetime | None, int]:
    """Split unquoted words into a title, a date after it, and the length in minutes.

    Without a date, all words are the title; a date alone leaves the title empty.
    """
    words = [word.text for word in typed.words[1:]]
    length = typed.options.get("for", typed.options.get("minutes"))
    for place in range(len(words)):
        begins = " ".join(words[place:])
        try:
            at = dates.parse_time(begins, now, zone, begin=True)
        except Ambiguous:
            raise
        except Refusal:
            continue
        return " ".join(words[:place]), at, _typed_length(begins, length)
    return typed.after(1), None, _typed_length("", length)


def parse_wall_clock(typed: str, now: datetime, zone: str, example: str) -> tuple[datetime, str]:
    """Parse when a meeting begins, as wall-clock time.

    Return it with a note where the clocks skip that time, empty otherwise. Raise `Refusal` where it cannot be parsed.
    """
    try:
        at = dates.parse_moment(typed, now, zone)
    except Refusal as refusal:
        raise refusal.with_example(example) from None
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    walls = [datetime.combine(shown.date(), hour) for hour in dates.times_of_day(typed)]
    skipped = next((wall for wall in walls if wall != shown and dates.local_to_utc(wall, zone) == at), None)
    if skipped is None:
        return shown, ""
    return skipped, f"On that day the clocks skip {format_clock(skipped)}, so it begins {slack_date(at, zone)}."


def split_day_and_time(typed: str) -> tuple[str, str]:
    """Split `dec 3 to dec 4 14:00` into the day of a meeting and its new time.

    A single date, with or without `to`, is the new time.
    """
    words = typed.split()
    if dates.is_date(typed):
        return "", typed
    for place in range(1, len(words)):
        day, moment = " ".join(words[:place]), _without_to(words[place:])
        if dates.is_day(day) and dates.is_date(moment):
            return day, moment
    return "", _without_to(words)


def _without_to(words: Sequence[str]) -> str:
    return " ".join(words[1:] if words and words[0].casefold() == "to" else words)


def check_keeps_length(begins: str, title: str, length: int) -> None:
    """Raise `Refusal` where a range of hours would give a meeting of `length` minutes another length by moving it."""
    typed = dates.length_of_hours(begins)
    if typed is not None and typed != timedelta(minutes=length):
        raise Refusal(
            f"Moving a meeting keeps its length, and {bold(title)} takes {length} minutes. Type only when it begins, "
            "for example: `/meeting move 2026-12-04 14:00`. To change its length, use *Change* in `/meeting`."
        )


def parse_days(typed: str, command: CommandText, request: SlackRequest, caller: Caller) -> list[date]:
    """Parse the day of a planned meeting; several where it can be read in several ways. Raise `Refusal` otherwise."""
    try:
        return [dates.parse_future_day(typed, request.now, caller.zone)]
    except dates.MisspelledDate:
        raise
    except Ambiguous as question:
        return [dates.parse_future_day(reading.text, request.now, caller.zone) for reading in question.readings]
    except dates.NotADate:
        raise Refusal(
            f"I understood `/meeting {command.first}`, but not “{escape(truncate(typed, 60))}”. Put the name of a "
            f"meeting in quotes, or add its day. For example: `/meeting {command.first} 2026-12-03`"
        ) from None


# forms -------------------------------------------------------------------------------------------------


def parse_submitted_draft(session: Session, caller: Caller, request: SlackRequest, *, private: bool) -> SeriesDraft:
    """Parse a meeting from the form. Raise `Refusal` at the field."""
    typed_zone, until = request.text_value("zone"), request.selected_date("until")
    zone = dates.parse_time_zone(typed_zone, "zone") if typed_zone else caller.zone
    wall = parse_time_field(request, "begins").astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    every = request.selected_value("every")
    rule = recurrence.parse_rule(every, wall, zone) if every and every != "once" else None
    if until and rule is None:
        raise Refusal("Choose how often the meeting repeats, or leave this empty.", field="until")
    if until and rule is not None:
        rule = recurrence.add_end(rule, until, wall, zone)
    return SeriesDraft(
        title=" ".join(sanitize(request.text_value("title")).split()),
        channel=request.selected_value("channel"),
        begins=wall.isoformat(),
        zone=zone,
        rule=rule,
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
    return find_member(session, caller, f"@{user_id}", field).id if user_id else None


# values ------------------------------------------------------------------------------------------------


def parse_last_day(typed: str, begins: datetime, now: datetime, zone: str) -> date:
    """Parse the last day of a series; without a year, it is the next such day after the beginning."""
    try:
        last = dates.parse_day(typed, now, zone)
        if last < begins.date() and not re.search(r"\d{4}", typed):
            last = dates.parse_day(typed, dates.local_to_utc(begins, zone), zone)
    except Refusal as refusal:
        raise refusal.with_example(UNTIL_EXAMPLE) from None
    return last


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


def parse_item_details(typed: CommandText, title: str) -> tuple[int | None, str]:
    """Return the minutes of a typed item, and who brings it as typed; None and empty where that is not said.

    They are options or, after a quoted title, words: `20m @cleo`. Raise `Refusal` for anything else.
    """
    command_text.refuse_unknown_options(typed, ITEM_KEYS, agenda.EXAMPLE.removeprefix("For example: "))
    words = [word for word in typed.words[1:] if not word.quoted] if typed.quoted else []
    length_text = typed.options.get("minutes", typed.options.get("for", ""))
    place = next((n for n, word in enumerate(words) if word.text[0].isdecimal()), None)
    if place is not None and not length_text:
        both = " ".join(word.text for word in words[place : place + 2])
        count = 2 if parse_span(both) is not None else 1
        length_text = both if count == 2 else words[place].text
        del words[place : place + count]
    names = [word.typed for word in words]
    brings = typed.typed_options.get("by", "")
    if not brings and names and (names[0].startswith("@") or names[0].casefold() == "by"):
        brings = " ".join(names).removeprefix("by ").strip()
        names = []
    if names:
        rest = escape(truncate(" ".join(names), 60))
        raise Refusal(f"I understood the item “{escape(truncate(title, 60))}”, but not “{rest}”. {agenda.EXAMPLE}")
    return parse_item_length(length_text), brings


def find_member(session: Session, caller: Caller, typed: str, field: str) -> Member:
    """Return the member that a mention, a user id or a name means. Raise `Refusal` for none or several."""
    everyone = members.active(session, caller.consortium.id)
    mention = MENTION.match(typed)
    if mention and mention[1]:
        matches = [person for person in everyone if person.user_id == mention[1]]
    else:
        matches = people_called(typed, everyone)
    if 1 < len({person.name for person in matches}) == len(matches) <= MOST_READINGS:
        readings = [Reading(person.name, f"<@{person.user_id}>") for person in matches]
        raise ambiguous(typed, readings, field=field)
    if len(matches) > 1:
        names = " or ".join(escape(person.name) for person in matches[:5])
        raise Refusal(
            f"“{escape(truncate(typed, 40))}” could be {names}. Choose the name after typing `@`.", field=field
        )
    if not matches:
        shown = "This person" if mention else f"“{escape(truncate(typed, 40))}”"
        raise Refusal(
            f"{shown} does not belong to the consortium, or has left it. `/consortium who` lists who belongs to it. "
            'For example: `/meeting new "Council" 2026-12-03 14:00 notes:@cleo`',
            field=field,
        )
    return matches[0]
