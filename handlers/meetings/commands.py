"""`/meeting`, as people type it."""

from handlers.kit import command_text
from handlers.kit.block_kit import section
from handlers.kit.command_text import Typed
from handlers.kit.dates import local
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import run_subcommand
from handlers.kit.text import clean
from handlers.meetings import (
    agenda,
    creation,
    forms,
    interactions,
    lookup,
    parsing,
    reschedule,
    series_interactions,
    snapshot,
)
from handlers.meetings.interactions import MOVE_EXAMPLE
from handlers.meetings.series_interactions import _ask_sure, _open_guessing, _planned
from storage import members

HELP = (
    "`/meeting` lists the next meetings with their agendas.\n"
    '`/meeting new "Council" 2026-12-03 14:00 for:90m` plans one; you can add `every:week`, `every:2weeks` or '
    "`every:month`, `notes:@cleo`, `chair:@ana`. `/meeting new` opens a form.\n"
    '`/meeting add "Budget draft" minutes:15` puts an item on the agenda of this channel\'s next meeting; '
    "`/meeting agenda` shows it, `/meeting publish` posts it before its time.\n"
    "`/meeting move 2026-12-04 14:00` and `/meeting cancel` ask whether this one is meant or all.\n"
    "`/meeting minutes` opens the form for the minutes; `/meeting read` shows the latest ones.\n"
    "`/meeting calendar` gives you an address for your own calendar; `/meeting settings` says when people are reminded."
)

KEYS = parsing.KEYS


def meeting(request: SlackRequest) -> None:
    """Answer `/meeting`."""
    typed = command_text.read(_tidy(request), KEYS)
    if not typed.words:
        interactions.show_list(request)
        return
    if typed.first not in request.subcommands:
        request.require()
    run_subcommand(request, typed, '`/meeting new "Council" 2026-12-03 14:00 for:90m`')


def help_command(request: SlackRequest, _typed: Typed) -> None:
    """Explain what can be typed."""
    request.answer(HELP)


def agenda_command(request: SlackRequest, _typed: Typed) -> None:
    """Show the agenda of this channel's next meeting."""
    interactions.show_agenda(request, 0)


def publish_command(request: SlackRequest, _typed: Typed) -> None:
    """Post the agenda of this channel's next meeting before its time."""
    interactions.publish(request)


def calendar_command(request: SlackRequest, _typed: Typed) -> None:
    """Give the speaker an address for their own calendar."""
    interactions.show_address(request)


def settings_command(request: SlackRequest, _typed: Typed) -> None:
    """Open the form for when people are reminded."""
    series_interactions.press_settings(request)


def _tidy(request: SlackRequest) -> str:
    """Give what was typed, with names that consist of several words held together."""
    if not any(f"{key}:" in request.typed.casefold() for key in KEYS):
        return request.typed
    with request.look() as (session, caller):
        names = [one.name for one in members.living(session, caller.consortium.id)]
    return parsing.tidy(request.typed, names)


def add_command(request: SlackRequest, typed: command_text.Typed) -> None:
    """Put a typed item on the agenda of this channel's next meeting; without a title the form opens."""
    title = " ".join(clean(" ".join(typed.quoted) or typed.after(1)).split())
    if len(typed.quoted) > 1:
        raise Refusal(f"One item at a time reads best. {agenda.EXAMPLE}")
    with request.look() as (session, caller):
        meeting = lookup.next_here(session, caller, request)
        view = forms.item(request.origin, snapshot.take(session, meeting), request.user)
    if not title:
        request.open(view)
        return
    length = parsing.item_length(typed.options.get("minutes", typed.options.get("for", "")))
    with request.begin() as (session, caller):
        said = agenda.add(session, caller, meeting.id, title, length, caller.person, request.now)
    request.answer(said)


def move_command(request: SlackRequest, typed: command_text.Typed) -> None:
    """Ask whether a typed date is meant for one meeting or for all; a single one is moved at once."""
    title = " ".join(typed.quoted)
    plain = " ".join(word.text for word in typed.words[1:] if not word.quoted)
    with request.look() as (session, caller):
        found = lookup.next_here(session, caller, request, title)
        reschedule.may_change(session, caller, found, request.now)
        shown = snapshot.take(session, found)
        if not plain:
            request.open(forms.move(request.origin, shown))
            return
        wall, note = parsing.wall_clock(plain, request.now, caller.zone, MOVE_EXAMPLE)
        to = local(wall, caller.zone)
    if shown.recurring:
        request.answer("This one or all?", [*forms.move_choice(shown, to), *([section(note)] if note else [])])
        return
    with request.begin() as (session, caller):
        said = reschedule.move_one(session, caller, shown.id, to, request.now)
    request.answer(f"{said} {note}".strip())


def cancel_command(request: SlackRequest, typed: command_text.Typed) -> None:
    """Ask whether one meeting is to be cancelled, or all."""
    with request.look() as (session, caller):
        found = lookup.next_here(session, caller, request, " ".join(typed.quoted))
        reschedule.may_change(session, caller, found, request.now)
        shown = snapshot.take(session, found)
    request.answer("Cancel it?", forms.cancel_choice(shown))


def new_command(request: SlackRequest, typed: command_text.Typed) -> None:
    """Plan what was typed, ask whether a series is meant as it was read, or open the form."""
    if not typed.quoted and not typed.gaps:
        _open_guessing(request, typed)
        return
    private = request.in_private_channel()
    with request.look() as (session, caller):
        draft, note = parsing.typed_draft(session, caller, request, typed, private=private)
        creation.check(session, caller, draft, request.now)
    if draft.rule is not None:
        _ask_sure(request, draft, note)
        return
    with request.begin() as (session, caller):
        said = _planned(session, creation.make(session, caller, draft, request.now), note)
    request.answer(said)
