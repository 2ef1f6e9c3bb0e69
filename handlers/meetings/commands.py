"""What Slack sends about meetings, and the whole of /meeting."""

import difflib
from collections.abc import Callable

from handlers.kit import command_text
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape
from handlers.meetings import calendar_interactions, interactions, parsing, series_interactions
from handlers.meetings.minutes import interactions as minutes
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
            "meeting.settings": series_interactions.settings,
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
            "calendar.new": calendar_interactions.press_new,
            "calendar.off": calendar_interactions.press_off,
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


WORDS: dict[str, Callable[[Ask, Typed], None]] = {
    "new": series_interactions.new,
    "add": interactions.add,
    "agenda": lambda ask, _: interactions.show_agenda(ask, 0),
    "publish": lambda ask, _: interactions.publish(ask),
    "move": interactions.move,
    "cancel": interactions.cancel,
    "minutes": lambda ask, _: minutes.write(ask),
    "read": lambda ask, _: minutes.show(ask),
    "calendar": lambda ask, _: calendar_interactions.show(ask),
    "settings": lambda ask, _: series_interactions.settings(ask),
    "help": lambda ask, _: ask.answer(HELP),
}


def meeting(ask: Ask) -> None:
    """Answer /meeting."""
    typed = command_text.read(_tidy(ask), KEYS)
    if not typed.words:
        interactions.show_list(ask)
    elif typed.first in WORDS:
        WORDS[typed.first](ask, typed)
    else:
        _unknown(ask, typed)


def _tidy(ask: Ask) -> str:
    """Give what was typed, with names that consist of several words held together."""
    if not any(f"{key}:" in ask.typed.casefold() for key in KEYS):
        return ask.typed
    with ask.look() as (session, caller):
        names = [one.name for one in members.living(session, caller.consortium.id)]
    return parsing.tidy(ask.typed, names)


def _unknown(ask: Ask, typed: Typed) -> None:
    with ask.look():
        pass
    close = difflib.get_close_matches(typed.first, WORDS, n=1)
    meant = f" Did you mean `/meeting {close[0]}`?" if close else ""
    raise Refusal(
        f"I do not know “{escape(cut(typed.text, 60))}”.{meant} `/meeting help` explains what can be typed, for "
        'example `/meeting new "Council" 2026-12-03 14:00 for:90m`'
    )
