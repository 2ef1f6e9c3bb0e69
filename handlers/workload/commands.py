"""What Slack sends about who carries what, and the whole of /workload."""

import difflib
from collections.abc import Callable

from handlers.contributions import commands, interactions
from handlers.funding import dues_interactions, sources
from handlers.kit import command_text
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape
from handlers.members import settings
from handlers.roles import commands as role_typing
from handlers.roles import interactions as role_pressing
from handlers.warnings import interactions as load_pressing
from handlers.workload import menu, overview, own_hours, what_if_interactions
from handlers.workload.help import DATED, HELP, KEYS

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
            "load.post": overview.post,
            "load.people": overview.press_people,
            "load.people.*": overview.press_people,
            "load.what_if": what_if_interactions.press,
            "balance.agreed": load_pressing.press_agreed_by_facilitator,
            "give.form": interactions.press_give,
            "give.list": interactions.press_given,
            "give.list.*": interactions.press_given,
            "give.back": interactions.press_give_back,
            "gain.form": interactions.press_gain,
            "gain.list": interactions.press_gains,
            "gain.list.*": interactions.press_gains,
            "gain.back": interactions.press_gain_back,
            "fund.list": sources.press_list,
            "fund.list.*": sources.press_list,
            "fund.form": sources.press_form,
            "fund.more": sources.press_more,
            "dues.list": dues_interactions.press_list,
            "dues.list.*": dues_interactions.press_list,
            "dues.form": dues_interactions.press_form,
            "dues.pay": dues_interactions.press_pay,
            "dues.back": dues_interactions.press_back,
        }
    )
    surface.forms(
        {
            "role.new": role_pressing.submit_new,
            "role.pass": role_pressing.submit_pass,
            "role.change": role_pressing.submit_change,
            "load.hours": own_hours.submit,
            "load.what_if": what_if_interactions.submit,
            "give.new": interactions.submit_give,
            "gain.new": interactions.submit_gain,
            "fund.new": sources.submit,
            "dues.new": dues_interactions.submit,
            "dues.pay": dues_interactions.submit_pay,
        }
    )


def workload(ask: Ask) -> None:
    """Answer /workload."""
    typed = command_text.read(ask.typed, KEYS, DATED)
    if not typed.words and not typed.options:
        overview.show(ask)
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
    "people": overview.people,
    "what": what_if_interactions.typed,
    "what-if": what_if_interactions.typed,
    "role": role_typing.role,
    "roles": role_typing.role,
    "hours": own_hours.hours,
    "room": own_hours.room,
    "give": commands.give,
    "given": commands.given,
    "gain": commands.gain,
    "gains": commands.gains,
    "funding": sources.funding,
    "dues": dues_interactions.typed_dues,
    "paid": dues_interactions.typed_paid,
    "settings": _settings,
}
