"""Settings, and the import of agencies and people."""

import re

from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.members import forms, importing, rules
from storage import audit, load
from storage.vocabulary import Rule


def show(ask: Ask, typed: Typed) -> None:
    """Open the settings."""
    del typed
    press(ask)


def press(ask: Ask) -> None:
    """Open the settings from a button."""
    with ask.look("facilitator") as (_, caller):
        view = forms.settings(ask.origin, caller.consortium)
    ask.open(view)


def submit(ask: Ask) -> None:
    """Keep the settings."""
    quorum, open_days, talk_days = (_whole(ask, *limits) for limits in _LIMITS)
    quiet_from, quiet_until = _time(ask, "quiet_from"), _time(ask, "quiet_until")
    heads = bool(ask.ticked("heads"))
    rule = Rule(ask.chosen("rule") or Rule.CONSENSUS)
    if rule is Rule.HEADS and not heads:
        raise Refusal("Counting heads is switched off below. Switch it on, or choose another rule.", field="rule")
    if quiet_from == quiet_until:
        raise Refusal("Quiet hours need a beginning and an end that differ.", field="quiet_until")
    with ask.begin("facilitator") as (session, caller):
        own = caller.consortium
        own.rule, own.quorum, own.open_days, own.talk_days = rule, quorum, open_days, talk_days
        own.quiet_from, own.quiet_until, own.heads_allowed = quiet_from, quiet_until, heads
        audit.note(session, own.id, caller.person.id, "changed", "the settings", ask.now)
    ask.done("The settings are kept. What is open already goes on under the rules it began with.")


_LIMITS = (("quorum", 1, 100), ("open_days", 1, 90), ("talk_days", 0, 60))


def _whole(ask: Ask, field: str, least: int, most: int) -> int:
    typed = ask.written(field)
    if not typed.isdecimal() or not least <= int(typed[:6]) <= most:
        raise Refusal(f"A whole number from {least} to {most}.", field=field)
    return int(typed)


def _time(ask: Ask, field: str) -> str:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", ask.written(field))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refusal("A time of day, such as 18:00.", field=field)
    return f"{int(found[1]):02}:{found[2]}"


def press_thresholds(ask: Ask) -> None:
    """Open the settings of the balance of work."""
    with ask.look("facilitator") as (_, caller):
        view = forms.thresholds(ask.origin, caller.consortium, rules.CURRENCIES)
    ask.open(view)


def submit_thresholds(ask: Ask) -> None:
    """Keep the settings of the balance of work; everything is weighed anew."""
    hours = _hours(ask, "hours")
    share = _whole(ask, "share", *rules.SHARE)
    with ask.begin("facilitator") as (session, caller):
        own = caller.consortium
        currency = ask.chosen("currency") or own.currency
        if currency not in {*rules.CURRENCIES, own.currency}:
            raise Refusal("Choose one of the currencies in the list.", field="currency")
        own.hours_a_month, own.share_limit, own.currency = hours, share, currency
        audit.note(session, own.id, caller.person.id, "changed", "the settings of the balance of work", ask.now)
        load.touch(session, own.id, ask.now)
    ask.done("The settings are kept. Who carries what is weighed by them from now on.")


def _hours(ask: Ask, field: str) -> float:
    typed = ask.written(field).replace(",", ".")
    found = float(typed) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", typed) else 0.0
    if not 0.25 <= found <= rules.MOST_HOURS or found * 4 % 1:
        raise Refusal(f"A number from 0.25 to {rules.MOST_HOURS:g}, in quarters, such as 10 or 7.5.", field=field)
    return found


def show_import(ask: Ask, typed: Typed) -> None:
    """Open the form that takes a table."""
    del typed
    press_import(ask)


def press_import(ask: Ask) -> None:
    """Open the form that takes a table, from a button."""
    with ask.look("facilitator"):
        pass
    ask.open(forms.table(ask.origin))


def submit_import(ask: Ask) -> None:
    """Take agencies and people from a table; all of it, or nothing where a line cannot be read."""
    rows = importing.read(ask.written("table"), ask.deps.directory.everyone(ask.workspace))
    with ask.begin("facilitator") as (session, caller):
        said = importing.take(session, caller, rows, ask.now)
    ask.done(said)
