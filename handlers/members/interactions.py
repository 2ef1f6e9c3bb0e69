"""Buttons and forms of the consortium."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, dates, edits, lookup, money
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.hours import parse_quarter_hours
from handlers.kit.payload import parsed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, format_zone
from handlers.kit.visibility import Audience
from handlers.members import agencies, facilitators, forms, founding, leaving, membership, parsing, rules, views
from handlers.tasks import views as task_views
from storage import agencies as stored_agencies
from storage import audit, load, members
from storage.members import Member
from storage.vocabulary import Rule, Seat

# the consortium and its agencies -----------------------------------------------------------------------


def press_found(request: SlackRequest) -> None:
    """Open the form that founds a consortium."""
    with request.read("anyone") as (_, caller):
        founding.check_no_consortium(caller.found)
    request.open_form(forms.found(request.origin))


def submit_found(request: SlackRequest) -> None:
    """Found the consortium from the form."""
    name = rules.name(request.text_value("name"), "consortium", "Northern Valleys", "name")
    founding.found_consortium(request, name, None)


def press_agency(request: SlackRequest) -> None:
    """Open the form for a new agency."""
    request.require("facilitator")
    request.open_form(forms.agency(request.origin))


def submit_agency(request: SlackRequest) -> None:
    """Add an agency from the form."""
    name, weight, domain = request.text_value("name"), request.text_value("weight") or "1", request.text_value("domain")
    agencies.add_agency(request, name, weight, domain, form=True)


def press_end(request: SlackRequest) -> None:
    """End an agency."""
    agencies.end_agency(request, request.value)


def press_undo(request: SlackRequest) -> None:
    """Restore an agency that ended."""
    agencies.restore_agency(request, request.value)


# joining and seats -------------------------------------------------------------------------------------


def press_join(request: SlackRequest) -> None:
    """Open the form with which a person asks to join an agency."""
    with request.read("consortium") as (session, caller):
        living = stored_agencies.active(session, caller.consortium.id)
        if not living:
            raise Refusal(
                f"There are no agencies to join yet. A facilitator adds them, for example: {rules.AGENCY_EXAMPLE}"
            )
        view = forms.join(request.origin, living)
    request.open_form(view)


def submit_join(request: SlackRequest) -> None:
    """Handle the form: request to join the chosen agency."""
    person = lookup.require_person(request, request.user, "agency")
    with request.begin("consortium") as (session, caller):
        agency = lookup.selected_agency(session, caller, request.selected_value("agency"))
        sentence = membership.request_to_join(session, caller, person, agency, request.now)
    if request.response_url:
        request.show_result(sentence)
    else:
        request.acknowledge_form(response_action="update", view=block_kit.info_form("Noted", [section(sentence)]))


def press_confirm(request: SlackRequest) -> None:
    """Confirm a request to join or to replace a representative."""
    _decide_request(request, confirms=True)


def press_decline(request: SlackRequest) -> None:
    """Decline a request to join or to replace a representative."""
    _decide_request(request, confirms=False)


def _decide_request(request: SlackRequest, *, confirms: bool) -> None:
    request_id = command_text.parse_row_id(request.value)
    with request.begin() as (session, caller):
        sentence = membership.decide_request(session, caller, request_id, request.now, confirms=confirms)
    request.show_result(sentence)


def press_place(request: SlackRequest) -> None:
    """Open the form that adds a person to an agency."""
    with request.read("facilitator") as (session, caller):
        living = stored_agencies.active(session, caller.consortium.id)
        if not living:
            raise Refusal(f"Add an agency first, for example: {rules.AGENCY_EXAMPLE}")
        view = forms.place(request.origin, living)
    request.open_form(view)


def submit_place(request: SlackRequest) -> None:
    """Add a person to an agency from the form."""
    person = lookup.require_person(request, request.selected_value("person"), "person")
    with request.begin("facilitator") as (session, caller):
        agency = lookup.selected_agency(session, caller, request.selected_value("agency"))
        seat = parsed(Seat, request.selected_value("seat") or Seat.MEMBER, "seat")
        change = membership.assign_seat(session, caller, person, agency, seat, request.now)
    request.show_result(change.sentence)


# facilitators ------------------------------------------------------------------------------------------


def press_facilitator(request: SlackRequest) -> None:
    """Open the form that names a facilitator."""
    request.require("facilitator")
    request.open_form(forms.facilitator(request.origin))


def submit_facilitator(request: SlackRequest) -> None:
    """Name a facilitator from the form."""
    person = lookup.require_person(request, request.selected_value("person"), "person")
    with request.begin("facilitator") as (session, caller):
        sentence = facilitators.name_facilitator(session, caller, person, request.now)
    request.show_result(sentence)


# leaving -----------------------------------------------------------------------------------------------


def press_leave(request: SlackRequest) -> None:
    """Open the form that asks whether the caller really leaves."""
    with request.read() as (session, caller):
        view = _leave_form(request, session, caller, caller.person)
    request.open_form(view)


def press_remove(request: SlackRequest) -> None:
    """Open the form in which a facilitator chooses a person to remove."""
    request.require("facilitator")
    request.open_form(forms.remove(request.origin))


def submit_remove(request: SlackRequest) -> None:
    """Show what the chosen person has, and ask whether to remove them."""
    person = lookup.require_person(request, request.selected_value("person"), "person")
    with request.read("facilitator") as (session, caller):
        member = _member_to_remove(session, caller, person, "person")
        view = _leave_form(request, session, caller, member)
    request.acknowledge_form(response_action="update", view=view)


def open_remove_form(request: SlackRequest, person: Person) -> None:
    """Open the form that asks whether to remove a person."""
    with request.read("facilitator") as (session, caller):
        member = _member_to_remove(session, caller, person)
        view = _leave_form(request, session, caller, member)
    request.open_form(view)


def _member_to_remove(session: Session, caller: Caller, person: Person, field: str | None = None) -> Member:
    """Return the membership of a person. Raise Refusal for outsiders, without an example: it would remove somebody."""
    member = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    if member is None or member.left_at is not None:
        raise Refusal(
            f"{escape(person.name)} does not belong to the consortium, so there is nothing to remove. "
            "`/consortium who` lists who does.",
            field=field,
        )
    return member


def _leave_form(request: SlackRequest, session: Session, caller: Caller, member: Member) -> dict[str, Any]:
    leaving.check_may_leave(session, caller, member)
    own = member.id == caller.person.id
    if not own:
        membership.check_may_remove(session, caller, member, request.now)

    def may_see(audience: Audience) -> bool:
        return request.may_see(caller.person.id, audience)

    has = leaving.holdings_of(session, member, may_see)
    lines = views.consequences(
        has.agency,
        has.seat,
        colleagues=has.colleagues,
        tasks=has.tasks,
        roles=has.roles,
        proposals=has.proposals,
        parts=leaving.parts_of(session, member, request.now, may_see),
    )
    return forms.leave(request.origin, member, lines, own=own)


def submit_leave(request: SlackRequest) -> None:
    """End a membership. A facilitator sees the tasks that are free now, with the buttons that pass them on."""
    with request.begin() as (session, caller):
        member = session.get(Member, request.metadata.number("member"))
        if member is None or member.consortium_id != caller.consortium.id:
            raise Refusal("This form is out of date. `/consortium who` lists who belongs to the consortium.")
        answer, free_tasks = leaving.leave(session, caller, member, request.now)
        left = task_views.left_tasks_buttons(member, free_tasks) if free_tasks else None
        text = f"{answer} {task_views.left_tasks_text(member.name, free_tasks)}" if free_tasks else answer
    request.show_result(text, instead=[section(text), left] if left is not None else ())


# settings ----------------------------------------------------------------------------------------------


def press_settings(request: SlackRequest) -> None:
    """Open the form for the settings."""
    with request.read("facilitator") as (_, caller):
        view = forms.settings(request.origin, caller.consortium)
    request.open_form(view)


def submit_settings(request: SlackRequest) -> None:
    """Save the settings."""
    quorum, open_days, talk_days = (
        parsing.whole_number(request.text_value(field), field, *bounds)
        for field, bounds in (("quorum", rules.QUORUM), ("open_days", rules.OPEN_DAYS), ("talk_days", rules.TALK_DAYS))
    )
    quiet_from = parsing.time_of_day(request.text_value("quiet_from"), "quiet_from")
    quiet_until = parsing.time_of_day(request.text_value("quiet_until"), "quiet_until")
    submitted = {
        "name": rules.name(request.text_value("name"), "consortium", "Northern Valleys", "name"),
        "zone": request.text_value("zone"),
        "rule": parsed(Rule, request.selected_value("rule") or Rule.CONSENSUS, "rule").value,
        "quorum": quorum,
        "open_days": open_days,
        "talk_days": talk_days,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "heads": bool(request.selected_values("heads")),
    }
    with request.begin("facilitator") as (session, caller):
        consortium = caller.consortium
        changed = edits.apply_changes(request.metadata, submitted, forms.rules_values(consortium))
        rule = Rule(changed["rule"])
        rules.check_default_rule(rule, changed["open_days"], heads_allowed=changed["heads"])
        if changed["quiet_from"] == changed["quiet_until"]:
            raise Refusal("Quiet hours have to begin and end at different times.", field="quiet_until")
        if changed["zone"] != format_zone(consortium.zone):
            consortium.zone = dates.parse_time_zone(changed["zone"], "zone")
        consortium.name = changed["name"]
        consortium.rule, consortium.quorum = rule, changed["quorum"]
        consortium.open_days, consortium.talk_days = changed["open_days"], changed["talk_days"]
        consortium.quiet_from, consortium.quiet_until = changed["quiet_from"], changed["quiet_until"]
        consortium.heads_allowed = changed["heads"]
        audit.record(session, consortium.id, caller.person.id, "changed", "the settings", request.now)
    request.show_result("Settings saved. Open proposals and polls keep the rules they started with.")


def press_thresholds(request: SlackRequest) -> None:
    """Open the form for the balance of work."""
    with request.read("facilitator") as (_, caller):
        view = forms.thresholds(request.origin, caller.consortium, money.CURRENCIES)
    request.open_form(view)


def submit_thresholds(request: SlackRequest) -> None:
    """Save the settings of the balance of work, and have everyone's load checked again."""
    hours = parse_quarter_hours(request.text_value("hours"), "10", "hours")
    share = parsing.whole_number(request.text_value("share"), "share", *rules.SHARE)
    with request.begin("facilitator") as (session, caller):
        consortium = caller.consortium
        currency = request.selected_value("currency") or consortium.currency
        if currency not in {*money.CURRENCIES, consortium.currency}:
            raise Refusal("Choose one of the currencies in the list.", field="currency")
        submitted = {"hours": hours, "share": share, "currency": currency}
        changed = edits.apply_changes(request.metadata, submitted, forms.thresholds_values(consortium))
        consortium.hours_a_month, consortium.share_limit = changed["hours"], changed["share"]
        consortium.currency = changed["currency"]
        subject = "the settings of the balance of work"
        audit.record(session, consortium.id, caller.person.id, "changed", subject, request.now)
        load.schedule_check(session, consortium.id, request.now)
    request.show_result("Settings saved. They apply to the balance of work from now on.")
