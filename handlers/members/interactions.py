"""Buttons and forms of the consortium."""

import re

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, money
from handlers.kit import lookup as kit_lookup
from handlers.kit.block_kit import button, row, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, lines
from handlers.members import forms, importing, joining, rules
from handlers.members.agencies import _only_once, add_agency, found_consortium
from handlers.members.agency_closing import _carries
from handlers.members.settings import _LIMITS
from storage import agencies, audit, load
from storage.agencies import Agency
from storage.vocabulary import Rule, Seat


def press_found(request: SlackRequest) -> None:
    """Open the form that founds a consortium."""
    with request.look("anyone") as (_, caller):
        _only_once(caller.found)
    request.open(forms.found(request.origin))


def submit_found(request: SlackRequest) -> None:
    """Found the consortium from the form."""
    found_consortium(request, rules.name(request.written("name"), "consortium", "Northern Valleys", "name"), None)


def press_agency(request: SlackRequest) -> None:
    """Open the form for a new agency."""
    request.require("facilitator")
    request.open(forms.agency(request.origin))


def submit_agency(request: SlackRequest) -> None:
    """Add an agency from the form."""
    add_agency(request, request.written("name"), request.written("weight") or "1", request.written("domain"), form=True)


def press_end(request: SlackRequest) -> None:
    """End an agency."""
    with request.begin("facilitator") as (session, caller):
        found = _by_id(session, caller, request.value)
        if found.ended_at is not None:
            raise Refusal(f"{escape(found.name)} has ended already.")
        found.ended_at = request.now
        audit.note(session, caller.consortium.id, caller.person.id, "ended", f"agency {found.name}", request.now)
        load.touch(session, caller.consortium.id, request.now)
        text = lines(
            [
                f"{escape(found.name)} has ended. Its history stays.",
                _carries(session, found, "They keep it until it is passed on"),
            ]
        )
        blocks = [section(text), row(button("Undo", "member.undo", str(found.id)))]
    request.answer(text, blocks, replace=True)


def press_undo(request: SlackRequest) -> None:
    """Take an agency back in."""
    try:
        with request.begin("facilitator") as (session, caller):
            found = _by_id(session, caller, request.value)
            found.ended_at = None
            session.flush()
            name = found.name
            audit.note(session, caller.consortium.id, caller.person.id, "took back", f"agency {name}", request.now)
            load.touch(session, caller.consortium.id, request.now)
    except IntegrityError:
        raise Refusal("Another agency has this name by now. Rename that one first.") from None
    request.answer(f"{escape(name)} is back.", replace=True)


def _by_id(session: Session, caller: Caller, value: str) -> Agency:
    for found in agencies.every(session, caller.consortium.id).values():
        if str(found.id) == value:
            return found
    raise Refusal("This agency is not there any more.")


def press_join(request: SlackRequest) -> None:
    """Open the form with which anyone asks to join."""
    with request.look("consortium") as (session, caller):
        found = agencies.living(session, caller.consortium.id)
        if not found:
            raise Refusal(
                "There are no agencies to join yet. A facilitator adds them, for example: "
                '`/consortium agency add "Elm County Schools"`'
            )
        view = forms.join(request.origin, found)
    request.open(view)


def submit_join(request: SlackRequest) -> None:
    """Ask to join an agency from the form."""
    person = kit_lookup.person(request, request.user, "agency")
    with request.begin("consortium") as (session, caller):
        agency = kit_lookup.chosen_agency(session, caller, request.chosen("agency"))
        said = joining.ask_to_join(session, caller, person, agency, request.now)
    if request.response_url:
        request.done(said)
    else:
        request.reply(response_action="update", view=block_kit.notice("Noted", [section(said)]))


def press_confirm(request: SlackRequest) -> None:
    """Confirm what somebody asked."""
    _decide_request(request, yes=True)


def press_decline(request: SlackRequest) -> None:
    """Decline what somebody asked."""
    _decide_request(request, yes=False)


def _decide_request(request: SlackRequest, *, yes: bool) -> None:
    request_id = command_text.row_id(request.value)
    if not request_id:
        raise Refusal("This request no longer exists.")
    with request.begin() as (session, caller):
        said = joining.decide(session, caller, request_id, request.now, yes=yes)
    request.done(said)


def press_place(request: SlackRequest) -> None:
    """Open the form that places a person."""
    with request.look("facilitator") as (session, caller):
        found = agencies.living(session, caller.consortium.id)
        if not found:
            raise Refusal('Add an agency first, for example: `/consortium agency add "Elm County Schools"`')
        view = forms.place(request.origin, found)
    request.open(view)


def submit_place(request: SlackRequest) -> None:
    """Place a person from the form."""
    person = kit_lookup.person(request, request.chosen("person"), "person")
    with request.begin("facilitator") as (session, caller):
        agency = kit_lookup.chosen_agency(session, caller, request.chosen("agency"))
        seat = Seat(request.chosen("seat") or Seat.MEMBER)
        said = joining.ask_for_seat(session, caller, person, agency, seat, request.now)
    request.done(said)


def press_settings(request: SlackRequest) -> None:
    """Open the settings from a button."""
    with request.look("facilitator") as (_, caller):
        view = forms.settings(request.origin, caller.consortium)
    request.open(view)


def submit_settings(request: SlackRequest) -> None:
    """Keep the settings."""
    quorum, open_days, talk_days = (_whole(request, *limits) for limits in _LIMITS)
    quiet_from, quiet_until = _time(request, "quiet_from"), _time(request, "quiet_until")
    heads = bool(request.ticked("heads"))
    rule = Rule(request.chosen("rule") or Rule.CONSENSUS)
    if rule is Rule.HEADS and not heads:
        raise Refusal("Counting heads is switched off below. Switch it on, or choose another rule.", field="rule")
    if quiet_from == quiet_until:
        raise Refusal("Quiet hours need a beginning and an end that differ.", field="quiet_until")
    with request.begin("facilitator") as (session, caller):
        own = caller.consortium
        own.rule, own.quorum, own.open_days, own.talk_days = rule, quorum, open_days, talk_days
        own.quiet_from, own.quiet_until, own.heads_allowed = quiet_from, quiet_until, heads
        audit.note(session, own.id, caller.person.id, "changed", "the settings", request.now)
    request.done("The settings are kept. What is open already goes on under the rules it began with.")


def _whole(request: SlackRequest, field: str, least: int, most: int) -> int:
    typed = request.written(field)
    if not typed.isdecimal() or not least <= int(typed[:6]) <= most:
        raise Refusal(f"A whole number from {least} to {most}.", field=field)
    return int(typed)


def _time(request: SlackRequest, field: str) -> str:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", request.written(field))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refusal("A time of day, such as 18:00.", field=field)
    return f"{int(found[1]):02}:{found[2]}"


def press_thresholds(request: SlackRequest) -> None:
    """Open the settings of the balance of work."""
    with request.look("facilitator") as (_, caller):
        view = forms.thresholds(request.origin, caller.consortium, money.CURRENCIES)
    request.open(view)


def submit_thresholds(request: SlackRequest) -> None:
    """Keep the settings of the balance of work; everything is weighed anew."""
    hours = _hours(request, "hours")
    share = _whole(request, "share", *rules.SHARE)
    with request.begin("facilitator") as (session, caller):
        own = caller.consortium
        currency = request.chosen("currency") or own.currency
        if currency not in {*money.CURRENCIES, own.currency}:
            raise Refusal("Choose one of the currencies in the list.", field="currency")
        own.hours_a_month, own.share_limit, own.currency = hours, share, currency
        audit.note(session, own.id, caller.person.id, "changed", "the settings of the balance of work", request.now)
        load.touch(session, own.id, request.now)
    request.done("The settings are kept. Who carries what is weighed by them from now on.")


def _hours(request: SlackRequest, field: str) -> float:
    typed = request.written(field).replace(",", ".")
    found = float(typed) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", typed) else 0.0
    if not 0.25 <= found <= rules.MOST_HOURS or found * 4 % 1:
        raise Refusal(f"A number from 0.25 to {rules.MOST_HOURS:g}, in quarters, such as 10 or 7.5.", field=field)
    return found


def press_import(request: SlackRequest) -> None:
    """Open the form that takes a table, from a button."""
    request.require("facilitator")
    request.open(forms.table(request.origin))


def submit_import(request: SlackRequest) -> None:
    """Take agencies and people from a table; all of it, or nothing where a line cannot be read."""
    rows = importing.read(request.written("table"), request.deps.directory.everyone(request.workspace))
    with request.begin("facilitator") as (session, caller):
        said = importing.take(session, caller, rows, request.now)
    request.done(said)
