"""What Slack sends about meetings, and the whole of /meeting."""

import difflib
from collections.abc import Callable

from handlers.kit import words
from handlers.kit.asking import Ask
from handlers.kit.refusals import Refusal
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape
from handlers.kit.words import Typed
from handlers.meetings import calendar_pressing, pressing, reading, setting_up
from handlers.meetings import minutes_pressing as minutes
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

KEYS = reading.KEYS


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command(
        "/meeting", meeting, does="Meetings, agendas and minutes", hint="new, add, agenda, minutes, move, cancel"
    )
    surface.actions(
        {
            "meeting.list": pressing.show_list,
            "meeting.form": setting_up.press_form,
            "meeting.more": setting_up.press_more,
            "meeting.sure": setting_up.press_sure,
            "meeting.edit": setting_up.press_edit,
            "meeting.settings": setting_up.settings,
            "meeting.add": pressing.press_add,
            "meeting.suggest": pressing.press_suggest,
            "meeting.agenda": pressing.press_agenda,
            "meeting.off": pressing.press_off,
            "meeting.publish": pressing.press_publish,
            "meeting.move": pressing.press_move,
            "meeting.moved.*": pressing.press_moved,
            "meeting.cancel": pressing.press_cancel,
            "meeting.cancelled.*": pressing.press_cancelled,
            "meeting.keep": pressing.press_keep,
            "meeting.cannot": pressing.press_cannot,
            "meeting.absent": pressing.press_cannot,
            "calendar.new": calendar_pressing.press_new,
            "calendar.off": calendar_pressing.press_off,
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
            "meeting.new": setting_up.submit_new,
            "meeting.sure": setting_up.submit_sure,
            "meeting.edit": setting_up.submit_edit,
            "meeting.settings": setting_up.submit_settings,
            "meeting.item": pressing.submit_item,
            "meeting.move": pressing.submit_move,
            "meeting.cancel": pressing.submit_cancel,
            "minutes.write": minutes.submit_write,
            "minutes.correct": minutes.submit_correct,
            "minutes.object": minutes.submit_object,
        }
    )


WORDS: dict[str, Callable[[Ask, Typed], None]] = {
    "new": setting_up.new,
    "add": pressing.add,
    "agenda": lambda ask, _: pressing.show_agenda(ask, 0),
    "publish": lambda ask, _: pressing.publish(ask),
    "move": pressing.move,
    "cancel": pressing.cancel,
    "minutes": lambda ask, _: minutes.write(ask),
    "read": lambda ask, _: minutes.show(ask),
    "calendar": lambda ask, _: calendar_pressing.show(ask),
    "settings": lambda ask, _: setting_up.settings(ask),
    "help": lambda ask, _: ask.answer(HELP),
}


def meeting(ask: Ask) -> None:
    """Answer /meeting."""
    typed = words.read(_tidy(ask), KEYS)
    if not typed.words:
        pressing.show_list(ask)
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
    return reading.tidy(ask.typed, names)


def _unknown(ask: Ask, typed: Typed) -> None:
    with ask.look():
        pass
    close = difflib.get_close_matches(typed.first, WORDS, n=1)
    meant = f" Did you mean `/meeting {close[0]}`?" if close else ""
    raise Refusal(
        f"I do not know “{escape(cut(typed.text, 60))}”.{meant} `/meeting help` explains what can be typed, for "
        'example `/meeting new "Council" 2026-12-03 14:00 for:90m`'
    )
