"""What Slack sends about the consortium and its people."""

import difflib
from collections.abc import Callable, Mapping
from functools import partial

from handlers.decisions import commands
from handlers.decisions import interactions as decisions_interactions
from handlers.holidays import interactions as holiday_form
from handlers.kit import command_text
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape
from handlers.members import agencies, agency_closing, availability, leaving, overview, people, settings
from handlers.members.help import HELP
from handlers.undelivered import interactions

Word = Callable[[Ask, Typed], None]
"""Answers a word of `/consortium`."""

KEYS = ("zone", "weight", "domain")


def register(surface: Surface, more: Mapping[str, Word]) -> None:
    """Say what this feature answers; `more` are words of `/consortium` that features above it answer."""
    surface.command(
        "/consortium",
        partial(consortium, more=more),
        does="Who we are, and the record",
        hint="setup, agency, join, member, who, decisions, export",
    )
    surface.actions(
        {
            "member.found": agencies.press_found,
            "member.agency": agencies.press_agency,
            "member.undo": agency_closing.press_undo,
            "member.end": agency_closing.press_end,
            "member.place": people.press_place,
            "closure.form": holiday_form.press_form,
            "closure.list": holiday_form.press_list,
            "closure.list.*": holiday_form.press_list,
            "closure.take": holiday_form.press_take,
            "closure.stop": holiday_form.press_stop,
            "member.join": people.press_join,
            "request.confirm": people.press_confirm,
            "request.decline": people.press_decline,
            "member.settings": settings.press,
            "member.thresholds": settings.press_thresholds,
            "member.import": settings.press_import,
            "member.decisions": decisions_interactions.press_page,
            "member.decisions.*": decisions_interactions.press_page,
            "delivery.list": interactions.press_list,
            "delivery.again": interactions.press_again,
            "delivery.settle": interactions.press_settle,
        }
    )
    surface.forms(
        {
            "member.found": agencies.submit_found,
            "member.agency": agencies.submit_agency,
            "member.place": people.submit_place,
            "closure.form": holiday_form.submit,
            "member.join": people.submit_join,
            "member.settings": settings.submit,
            "member.thresholds": settings.submit_thresholds,
            "member.import": settings.submit_import,
        }
    )
    surface.event("user_change", leaving.user_change)


def consortium(ask: Ask, more: Mapping[str, Word]) -> None:
    """Answer /consortium."""
    typed = command_text.read(ask.typed, KEYS)
    table = {
        "setup": agencies.setup,
        "agency": agencies.agency,
        "join": people.join,
        "away": availability.away,
        "back": availability.back,
        "reminders": availability.reminders,
        "member": people.member,
        "facilitator": people.facilitator,
        "who": overview.who,
        "settings": settings.show,
        "decisions": commands.show,
        "import": settings.show_import,
        **more,
    }
    if not typed.words:
        overview.show(ask)
    elif typed.first == "help":
        ask.answer(HELP)
    elif typed.first in table:
        table[typed.first](ask, typed)
    else:
        close = difflib.get_close_matches(typed.first, table, n=1)
        meant = f" Did you mean `/consortium {close[0]}`?" if close else ""
        raise Refusal(
            f"I do not know “{escape(cut(typed.text, 60))}”.{meant} `/consortium` alone gives an overview, "
            "`/consortium help` explains what can be typed, for example `/consortium who`."
        )
