"""What Slack sends about meetings, and the whole of /meeting."""

import difflib
from collections.abc import Callable

from handlers.kit import command_text
from handlers.kit.block_kit import section
from handlers.kit.command_text import Typed
from handlers.kit.dates import local
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.surface import Surface
from handlers.kit.text import clean, cut, escape
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
from handlers.meetings.minutes import interactions as minutes
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


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command(
        "/meeting", meeting, does="Meetings, agendas and minutes", hint="new, add, agenda, minutes, move, cancel"
    )
    surface.actions(
        {
            "meeting.list": interactions.show_list,
            "meeting.form": series_interactions.press_form,
            "meeting.more": series_interactions.press_more,
            "meeting.sure": series_interactions.press_sure,
            "meeting.edit": series_interactions.press_edit,
            "meeting.settings": series_interactions.press_settings,
            "meeting.add": interactions.press_add,
            "meeting.suggest": interactions.press_suggest,
            "meeting.agenda": interactions.press_agenda,
            "meeting.off": interactions.press_off,
            "meeting.publish": interactions.press_publish,
            "meeting.move": interactions.press_move,
            "meeting.moved.*": interactions.press_moved,
            "meeting.cancel": interactions.press_cancel,
            "meeting.cancelled.*": interactions.press_cancelled,
            "meeting.keep": interactions.press_keep,
            "meeting.cannot": interactions.press_cannot,
            "meeting.absent": interactions.press_cannot,
            "calendar.new": interactions.press_new_address,
            "calendar.off": interactions.press_address_off,
            "minutes.write": minutes.press_write,
            "minutes.each": minutes.press_each,
            "minutes.read": minutes.press_read,
            "minutes.correct": minutes.press_correct,
            "minutes.take": minutes.press_take,
            "minutes.decline": minutes.press_decline,
            "minutes.object": minutes.press_object,
        }
    )
    surface.forms(
        {
            "meeting.new": series_interactions.submit_new,
            "meeting.sure": series_interactions.submit_sure,
            "meeting.edit": series_interactions.submit_edit,
            "meeting.settings": series_interactions.submit_settings,
            "meeting.item": interactions.submit_item,
            "meeting.move": interactions.submit_move,
            "meeting.cancel": interactions.submit_cancel,
            "minutes.write": minutes.submit_write,
            "minutes.correct": minutes.submit_correct,
            "minutes.object": minutes.submit_object,
        }
    )


WORDS: dict[str, Callable[[SlackRequest, Typed], None]] = {
    "new": new_command,
    "add": add_command,
    "agenda": lambda request, _: interactions.show_agenda(request, 0),
    "publish": lambda request, _: interactions.publish(request),
    "move": move_command,
    "cancel": cancel_command,
    "minutes": lambda request, _: minutes.write(request),
    "read": lambda request, _: minutes.show(request),
    "calendar": lambda request, _: interactions.calendar_command(request),
    "settings": lambda request, _: series_interactions.press_settings(request),
    "help": lambda request, _: request.answer(HELP),
}


def meeting(request: SlackRequest) -> None:
    """Answer /meeting."""
    typed = command_text.read(_tidy(request), KEYS)
    if not typed.words:
        interactions.show_list(request)
    elif typed.first in WORDS:
        WORDS[typed.first](request, typed)
    else:
        _unknown(request, typed)


def _tidy(request: SlackRequest) -> str:
    """Give what was typed, with names that consist of several words held together."""
    if not any(f"{key}:" in request.typed.casefold() for key in KEYS):
        return request.typed
    with request.look() as (session, caller):
        names = [one.name for one in members.living(session, caller.consortium.id)]
    return parsing.tidy(request.typed, names)


def _unknown(request: SlackRequest, typed: Typed) -> None:
    with request.look():
        pass
    close = difflib.get_close_matches(typed.first, WORDS, n=1)
    meant = f" Did you mean `/meeting {close[0]}`?" if close else ""
    raise Refusal(
        f"I do not know “{escape(cut(typed.text, 60))}”.{meant} `/meeting help` explains what can be typed, for "
        'example `/meeting new "Council" 2026-12-03 14:00 for:90m`'
    )


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
    private = lookup.is_private(request, request.channel)
    with request.look() as (session, caller):
        draft, note = parsing.typed_draft(session, caller, request, typed, private=private)
        creation.check(session, caller, draft, request.now)
    if draft.rule is not None:
        _ask_sure(request, draft, note)
        return
    with request.begin() as (session, caller):
        said = _planned(session, creation.make(session, caller, draft, request.now), note)
    request.answer(said)
