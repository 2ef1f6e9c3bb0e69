"""`/meeting`."""

from sqlalchemy.orm import Session

from handlers.kit import command_text, dates
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText
from handlers.kit.dates import local_to_utc, today
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import nearest_command, run_subcommand, takes_nothing
from handlers.kit.text import bold, escape, format_day, join_names, sanitize, slack_date, truncate
from handlers.meetings import (
    agenda,
    calendar_interactions,
    creation,
    forms,
    interactions,
    lookup,
    parsing,
    reschedule,
    series_interactions,
)
from handlers.meetings.closures import closed_note
from handlers.meetings.snapshot import MeetingSnapshot, load_snapshot
from storage import meetings, members
from storage.meetings import Meeting
from storage.names import normalize_name

HELP = (
    "`/meeting` lists the next meetings with their agendas.\n"
    '`/meeting new "Council" 2026-12-03 14:00 for:90m` plans one. You can add `every:week`, `every:2weeks`, '
    "`every:month`, `every:quarter`, `every:third thursday` or `every:last friday`, `until:2027-06-30`, "
    "`zone:America/Denver`, `notes:@cleo`, `chair:@ana`. `/meeting new` opens a form.\n"
    '`/meeting add "Budget draft" minutes:15` puts an item on the agenda of this channel\'s next meeting, and '
    "`by:@cleo` says who brings it. "
    "`/meeting agenda` shows that agenda, `/meeting publish` posts it early.\n"
    "`/meeting move 2026-12-04 14:00` and `/meeting cancel` ask whether you mean one meeting or all later ones too. "
    "After `agenda`, `publish` and `cancel`, a date such as `2026-12-03` means the meeting on that day; "
    "`/meeting move 2026-12-03 to 2026-12-04 14:00` moves that one.\n"
    "`/meeting minutes` opens the form for the minutes. `/meeting read` shows the latest ones.\n"
    "`/meeting calendar` gives you an address for your own calendar. `/meeting settings` changes when people are "
    "reminded."
)

NEW_EXAMPLE = '`/meeting new "Council" 2026-12-03 14:00 for:90m`'
MOVE_EXAMPLE = "`/meeting move 2026-12-04 14:00`"


def meeting(request: SlackRequest) -> None:
    """Answer `/meeting`."""
    typed = command_text.parse(_quote_options(request), parsing.KEYS)
    if not typed.words:
        interactions.show_list(request)
        return
    if typed.first not in request.subcommands:
        request.require()
        _ask_if_new(request, typed)
    run_subcommand(request, typed, NEW_EXAMPLE)


def _ask_if_new(request: SlackRequest, typed: CommandText) -> None:
    """Raise Ambiguous if what was typed is no command, but has the name or the time of a meeting."""
    if nearest_command(request, typed, request.subcommands)[1]:
        return
    words, raw = [word.text for word in typed.words], request.text.strip()
    tails = (" ".join(words[place:]) for place in range(len(words)))
    when = next((tail for tail in tails if dates.is_nearly_date(tail)), "")
    if not when and not typed.quoted:
        return
    readings = [Reading("Plan a meeting", f"new {raw}")]
    if len(when.split()) == len(raw.split()) and dates.is_day(when):
        readings.append(Reading("Show the agenda", f"agenda {raw}"))
    raise Ambiguous(
        f"I do not know “{escape(truncate(typed.text, 60))}”. Did you mean "
        f"`/meeting new {escape(truncate(typed.text, 80).replace('`', ''))}`?",
        request.text,
        readings,
    )


def _quote_options(request: SlackRequest) -> str:
    """Return the typed text with the values of options in quotes where they consist of several words."""
    if not any(f"{key}:" in request.text.casefold() for key in parsing.KEYS):
        return request.text
    with request.read() as (session, caller):
        names = [member.name for member in members.active(session, caller.consortium.id)]
    return parsing.quote_options(request.text, names)


def new_command(request: SlackRequest, typed: CommandText) -> None:
    """Plan a typed meeting, ask for confirmation of a series, or open the form."""
    command_text.refuse_unknown_options(typed, parsing.NEW_KEYS, NEW_EXAMPLE)
    if not typed.quoted and not typed.gaps:
        unread = [key for key in typed.options if key not in {"for", "minutes"}]
        if unread:
            raise Refusal(f"To use `{unread[0]}:`, put the name of the meeting in quotes. For example: {NEW_EXAMPLE}")
        with request.read() as (_, caller):
            title, begins, length = parsing.guess_title_and_time(typed, request.now, caller.zone)
        series_interactions.open_form(request, title, begins, length)
        return
    private = request.in_private_channel()
    with request.read() as (session, caller):
        draft, note = parsing.parse_typed_draft(session, caller, request, typed, private=private)
        other_rule = parsing.other_rule(typed, draft, request.now)
        creation.check_draft(session, caller, draft, request.now)
        closed = closed_note(session, caller.consortium.id, creation.first_dates(draft, forms.SHOWN_DATES), draft.zone)
    if draft.rule is not None:
        series_interactions.ask_to_confirm(request, draft, note, closed, other_rule)
        return
    with request.begin() as (session, caller):
        answer = creation.planned_answer(session, creation.create_series(session, caller, draft, request.now), note)
    request.answer(answer)


def add_command(request: SlackRequest, typed: CommandText) -> None:
    """Put a typed item on the agenda of this channel's next meeting; without a title, open the form."""
    title = " ".join(sanitize(" ".join(typed.quoted) or typed.after(1)).split())
    if len(typed.quoted) > 1:
        raise Refusal(f"Add one item at a time. {agenda.EXAMPLE}")
    length, brings = parsing.parse_item_details(typed, title)
    with request.read() as (session, caller):
        meeting = lookup.next_in_channel(session, caller, request)
        who = parsing.find_member(session, caller, brings, "who") if brings else caller.person
        view = forms.add_item(request.origin, load_snapshot(session, meeting), request.user)
    if not title:
        request.open_form(view)
        return
    with request.begin() as (session, caller):
        answer = agenda.add_item(session, caller, meeting.id, title, length, who, request.now)
    request.answer(answer)


def agenda_command(request: SlackRequest, typed: CommandText) -> None:
    """Show the agenda of this channel's next meeting, or of the one that is typed."""
    interactions.show_agenda(request, _typed_meeting_id(request, typed))


def publish_command(request: SlackRequest, typed: CommandText) -> None:
    """Post the agenda of this channel's next meeting early, or of the one that is typed."""
    interactions.publish(request, _typed_meeting_id(request, typed))


def _typed_meeting_id(request: SlackRequest, typed: CommandText) -> int:
    command_text.refuse_unknown_options(typed, (), f"`/meeting {typed.first} 2026-12-03`")
    with request.read() as (session, caller):
        return _find_meeting(session, caller, request, typed, _unquoted(typed)).id


def _unquoted(typed: CommandText) -> str:
    return " ".join(word.text for word in typed.words[1:] if not word.quoted)


def move_command(request: SlackRequest, typed: CommandText) -> None:
    """Move a single meeting to the typed time; of two dates, the first says which meeting.

    For a series, ask which meetings to move. Without a time, open the form.
    """
    command_text.refuse_unknown_options(typed, (), MOVE_EXAMPLE)
    day, new_time = parsing.split_day_and_time(_unquoted(typed))
    shown, zone = _changeable_meeting(request, typed, day)
    if not new_time:
        request.open_form(forms.move_meeting(request.origin, shown))
        return
    wall, note = parsing.parse_wall_clock(new_time, request.now, zone, reschedule.EXAMPLE)
    parsing.check_keeps_length(new_time, shown.title, shown.length)
    to = local_to_utc(wall, zone)
    if shown.recurring:
        notes = [section(note)] if note else []
        request.answer("Only this one, or all later ones too?", [*forms.move_choice(shown, to), *notes])
        return
    with request.begin() as (session, caller):
        answer = reschedule.move_one(session, caller, shown.id, to, request.now)
    request.answer(f"{answer} {note}".strip())


def cancel_command(request: SlackRequest, typed: CommandText) -> None:
    """Ask whether to cancel one meeting or all later ones too."""
    command_text.refuse_unknown_options(typed, (), "`/meeting cancel 2026-12-03`")
    shown, _ = _changeable_meeting(request, typed, _unquoted(typed))
    request.answer("Cancel it?", forms.cancel_choice(shown))


def _changeable_meeting(request: SlackRequest, typed: CommandText, day: str) -> tuple[MeetingSnapshot, str]:
    """Return the meeting that is typed, with the caller's zone. Raise `Refusal` where the caller cannot change it."""
    with request.read() as (session, caller):
        meeting = _find_meeting(session, caller, request, typed, day)
        reschedule.require_changeable(session, caller, meeting, request.now)
        return load_snapshot(session, meeting), caller.zone


def _find_meeting(session: Session, caller: Caller, request: SlackRequest, typed: CommandText, day: str) -> Meeting:
    """Return this channel's next meeting; with a quoted title and a day, the next of that title on that day.

    Raise `Refusal` where there is none, and where several are planned on that day.
    """
    title = " ".join(typed.quoted)
    first = lookup.next_in_channel(session, caller, request, title)
    if not day:
        return first
    days = parsing.parse_days(day, typed, request, caller)
    coming = meetings.list_coming_in_channel(session, caller.consortium.id, request.channel, request.now)
    named = [(meeting, meetings.series_of(session, meeting)) for meeting in coming]
    if title:
        named = [pair for pair in named if normalize_name(pair[1].title) == normalize_name(title)]
    fitting = [pair for pair in named if today(pair[0].starts_at, caller.zone) in days]
    if len(fitting) == 1:
        return fitting[0][0]
    listed = (fitting or named)[: lookup.MAX_LISTED]
    planned = join_names([f"{bold(own.title)}, {slack_date(at.starts_at, own.zone)}" for at, own in listed])
    if fitting:
        raise Refusal(
            f"Several meetings fit: {planned}. Add the name in quotes, or the exact day. For example: "
            f'`/meeting {typed.first} "{escape(fitting[0][1].title)}" {today(fitting[0][0].starts_at, caller.zone)}`'
        )
    shown = " or ".join(format_day(on) for on in days)
    raise Refusal(f"No meeting is planned in this channel on {shown}. The next ones are {planned}.")


@takes_nothing
def calendar_command(request: SlackRequest, _typed: CommandText) -> None:
    """Show the caller's calendar address."""
    calendar_interactions.show_address(request)


@takes_nothing
def settings_command(request: SlackRequest, _typed: CommandText) -> None:
    """Open the form of the consortium's reminder settings."""
    series_interactions.press_settings(request)


@takes_nothing
def help_command(request: SlackRequest, _typed: CommandText) -> None:
    """Explain the command."""
    request.answer(HELP)
