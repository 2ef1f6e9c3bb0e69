"""What Slack sends about who carries what, and the whole of /workload."""

import difflib
from collections.abc import Callable

from handlers.kit import words
from handlers.kit.asking import Ask
from handlers.kit.refusals import Refusal
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape
from handlers.kit.words import Typed
from handlers.members import settings
from handlers.workload import (
    dues_pressing,
    funding,
    giving_pressing,
    giving_typing,
    load_pressing,
    menu,
    own_hours,
    role_pressing,
    role_typing,
    showing,
    what_if_pressing,
)
from handlers.workload.words import DATED, HELP, KEYS

Verb = Callable[[Ask, Typed], None]


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command("/workload", workload, does="Who carries what", hint="roles, hours 8, give, gain, help")
    surface.actions(
        {
            "role.list": role_pressing.press_page,
            "role.list.*": role_pressing.press_page,
            "role.form": role_pressing.press_form,
            "role.pass": role_pressing.press_pass,
            "role.change": role_pressing.press_change,
            "role.end": role_pressing.press_end,
            "role.follow": role_pressing.press_follow,
            "role.follow.*": role_pressing.press_follow,
            "role.more": role_pressing.press_more,
            "load.hours": own_hours.press_form,
            "load.more": menu.press,
            "load.ask.*": load_pressing.press_ask,
            "load.agreed": load_pressing.press_agreed,
            "load.post": showing.post,
            "load.people": showing.press_people,
            "load.people.*": showing.press_people,
            "load.what_if": what_if_pressing.press,
            "balance.agreed": load_pressing.press_agreed_by_facilitator,
            "give.form": giving_pressing.press_give,
            "give.list": giving_pressing.press_given,
            "give.list.*": giving_pressing.press_given,
            "give.back": giving_pressing.press_give_back,
            "gain.form": giving_pressing.press_gain,
            "gain.list": giving_pressing.press_gains,
            "gain.list.*": giving_pressing.press_gains,
            "gain.back": giving_pressing.press_gain_back,
            "fund.list": funding.press_list,
            "fund.list.*": funding.press_list,
            "fund.form": funding.press_form,
            "fund.more": funding.press_more,
            "dues.list": dues_pressing.press_list,
            "dues.list.*": dues_pressing.press_list,
            "dues.form": dues_pressing.press_form,
            "dues.pay": dues_pressing.press_pay,
            "dues.back": dues_pressing.press_back,
        }
    )
    surface.forms(
        {
            "role.new": role_pressing.submit_new,
            "role.pass": role_pressing.submit_pass,
            "role.change": role_pressing.submit_change,
            "load.hours": own_hours.submit,
            "load.what_if": what_if_pressing.submit,
            "give.new": giving_pressing.submit_give,
            "gain.new": giving_pressing.submit_gain,
            "fund.new": funding.submit,
            "dues.new": dues_pressing.submit,
            "dues.pay": dues_pressing.submit_pay,
        }
    )


def workload(ask: Ask) -> None:
    """Answer /workload."""
    typed = words.read(ask.typed, KEYS, DATED)
    if not typed.words and not typed.options:
        showing.show(ask)
        return
    verb = _VERBS.get(typed.first)
    if verb is None:
        _unknown(ask, typed)
    else:
        verb(ask, typed)


def _help(ask: Ask, typed: Typed) -> None:
    """Explain what can be typed."""
    del typed
    ask.answer(HELP)


def _settings(ask: Ask, typed: Typed) -> None:
    """Open the settings from which on work counts as too much."""
    del typed
    settings.press_thresholds(ask)


def _unknown(ask: Ask, typed: Typed) -> None:
    """Say what a word could have been meant as. Raises Refusal."""
    with ask.look():
        pass
    close = difflib.get_close_matches(typed.first, _VERBS, n=1)
    meant = f" Did you mean `/workload {close[0]}`?" if close else ""
    raise Refusal(
        f"I do not know “{escape(cut(typed.text, 60))}”.{meant} `/workload help` explains what can be typed, for "
        "example `/workload roles`."
    )


_VERBS: dict[str, Verb] = {
    "help": _help,
    "people": showing.people,
    "what": what_if_pressing.typed,
    "what-if": what_if_pressing.typed,
    "role": role_typing.role,
    "roles": role_typing.role,
    "hours": own_hours.hours,
    "room": own_hours.room,
    "give": giving_typing.give,
    "given": giving_typing.given,
    "gain": giving_typing.gain,
    "gains": giving_typing.gains,
    "funding": funding.funding,
    "dues": dues_pressing.typed_dues,
    "paid": dues_pressing.typed_paid,
    "settings": _settings,
}
