"""Buttons and forms of minutes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.block_kit import copy_input_values
from handlers.kit.callers import Caller
from handlers.kit.payload import parsed, whole_number
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, sanitize, strip_list_marker
from handlers.meetings import lookup
from handlers.meetings.agenda import NO_SUCH
from handlers.meetings.audience import check_sees_meeting
from handlers.meetings.lookup import requested_meeting_id
from handlers.meetings.minutes import (
    corrections,
    forms,
    note_takers,
    objections,
    posted,
    rules,
    snapshot,
    views,
    writing,
)
from handlers.meetings.minutes.snapshot import MinutesSnapshot
from handlers.meetings.minutes.writing import MinutesDraft
from handlers.meetings.snapshot import MeetingSnapshot, load_snapshot
from handlers.meetings.views import meeting_name
from storage import agencies, agendas, meetings, members, minutes
from storage.meetings import Meeting
from storage.vocabulary import AgencyId, AgendaItemId

# the note-taker ----------------------------------------------------------------------------------------


def press_cannot(request: SlackRequest) -> None:
    """Pass the caller's task of taking the minutes on to somebody else."""
    with lookup.begin_change(request) as (session, caller, shown):
        meeting = session.get_one(Meeting, shown.id)
        if meeting.notes_id != caller.person.id:
            now = f"{escape(shown.notes)} takes them now." if shown.notes else "Nobody takes them yet."
            raise Refusal(f"You no longer take the minutes of {meeting_name(shown)}. {now}")
        _require_wanted(shown)
        chosen = note_takers.pass_on(session, meeting, request.now)
        news = f"{escape(chosen.name)} is asked now." if chosen else _nobody_text(shown, caller, request.now)
    request.show_result(f"Thanks for letting me know. You no longer take the minutes of {meeting_name(shown)}. {news}")


def _nobody_text(meeting: MeetingSnapshot, caller: Caller, now: datetime) -> str:
    """Return that nobody else takes the minutes, and what happens now."""
    if meeting.private and meeting.starts_at > now:
        asked = (
            views.NAME_SOMEBODY
            if caller.person.id == meeting.chair_id
            else "The chair is told, or a facilitator if the chair has left."
        )
        return f"Nobody takes them now. {asked}"
    return "Nobody else is available to take them."


def _require_wanted(meeting: MeetingSnapshot) -> None:
    """Raise `Refusal` where a meeting no longer needs minutes."""
    if meeting.cancelled:
        raise Refusal(
            f"{meeting_name(meeting)}, is canceled, so there are no minutes to take. `/meeting` lists what is planned."
        )
    if meeting.has_minutes:
        raise Refusal(f"The minutes of {meeting_name(meeting)}, are already written, so there is nothing to pass on.")


# writing -----------------------------------------------------------------------------------------------


def open_latest_missing(request: SlackRequest) -> None:
    """Open the form for the latest meeting without minutes. Raise `Refusal` where there is none."""
    with request.read() as (session, caller):
        latest = lookup.latest_without_minutes(session, caller, request)
        if latest is None:
            raise Refusal("No meeting here needs minutes. `/meeting` lists what is planned.")
        meeting_id = latest[1].id
    _open_form(request, meeting_id)


def press_write(request: SlackRequest) -> None:
    """Open the form for minutes from a button."""
    _open_form(request, requested_meeting_id(request))


def _open_form(request: SlackRequest, meeting_id: int) -> None:
    with request.read() as (session, caller):
        shown = lookup.see_meeting(request, session, caller, meeting_id)
        writing.require_writable(session, caller, meetings.get(session, caller.consortium.id, meeting_id), request.now)
        view = forms.write_minutes(request.origin, shown, _agency_names(session, caller), each=False)
    request.open_form(view)


def press_each(request: SlackRequest) -> None:
    """Give each item its own field in the form; filled-in answers stay."""
    metadata: dict[str, Any] = {**request.metadata, "each": True}
    with request.read() as (session, caller):
        shown = lookup.see_meeting(request, session, caller, request.metadata.number("meeting"))
        view = forms.write_minutes(metadata, shown, _agency_names(session, caller), each=True)
    request.replace_form(copy_input_values(view, request.view))


def _agency_names(session: Session, caller: Caller) -> dict[AgencyId, str]:
    return {agency.id: agency.name for agency in agencies.active(session, caller.consortium.id)}


def submit_write(request: SlackRequest) -> None:
    """Post minutes from the form."""
    with lookup.begin_change(request) as (session, caller, shown):
        found = meetings.get(session, caller.consortium.id, shown.id)
        _, meeting = writing.require_writable(session, caller, found, request.now)
        draft = _parse_draft(session, caller, request, meeting)
        answer = writing.post_minutes(session, caller, meeting.id, draft, request.now)
    request.show_result(answer)


def _parse_draft(session: Session, caller: Caller, request: SlackRequest, meeting: Meeting) -> MinutesDraft:
    """Parse minutes from the form. Raise `Refusal` at the field."""
    items = [(item.id, item.title) for item in agendas.items_of_meeting(session, meeting.id)]
    prefilled = forms.prefilled_notes(load_snapshot(session, meeting))
    active = _agency_names(session, caller)
    people = members.active(session, caller.consortium.id)
    typed = sanitize(request.text_value("decisions")).split("\n")
    decisions = [" ".join(strip_list_marker(line).split()) for line in typed]
    return MinutesDraft(
        parts=_parse_parts(request, items, prefilled),
        decisions=[text for text in decisions if text],
        actions=rules.parse_actions(request.linked_text_value("actions"), people, request.now, caller.zone),
        agencies=[AgencyId(number) for number in request.selected_numbers("agencies") if number in active],
        people=" ".join(sanitize(request.text_value("people")).split()),
        left={AgendaItemId(number) for number in request.selected_numbers("left")},
    )


def _parse_parts(request: SlackRequest, items: list[tuple[AgendaItemId, str]], prefilled: str) -> list[tuple[str, str]]:
    """Parse the texts with their headings. Notes that are unchanged since the form opened count as empty."""
    notes = sanitize(request.text_value("notes"))
    notes = "" if notes.split() == prefilled.split() else notes
    if not request.metadata.get("each"):
        return [("", notes)]
    each = [(title, sanitize(request.text_value(f"item.{id_}"))) for id_, title in items]
    return [*each, ("Anything else" if any(text for _, text in each) else "", notes)]


# reading -----------------------------------------------------------------------------------------------


def show_latest(request: SlackRequest) -> None:
    """Open the latest minutes of this channel. Raise `Refusal` where there are none."""
    with request.read() as (session, caller):
        begun = meetings.list_begun(session, caller.consortium.id, request.now)
        here = [meeting for meeting, series in begun if series.channel == request.channel]
        record = next((record for m in here if (record := minutes.of_meeting(session, m.id))), None)
        if record is None:
            raise Refusal("There are no minutes in this channel yet. `/meeting minutes` opens the form to write them.")
        view = views.whole(_see_minutes(request, session, caller, record.id), request.origin)
    request.open_form(view)


def press_read(request: SlackRequest) -> None:
    """Open the whole minutes."""
    with request.read("consortium") as (session, caller):
        shown = _see_minutes(request, session, caller, _pressed_id(request))
    request.open_form(views.whole(shown, request.origin))


def _see_minutes(request: SlackRequest, session: Session, caller: Caller, minutes_id: int) -> MinutesSnapshot:
    """Return the snapshot of minutes that the caller may see. Raise `Refusal` where there are none."""
    record = minutes.get(session, caller.consortium.id, minutes_id)
    if record is None:
        raise Refusal(NO_SUCH)
    shown = snapshot.load_snapshot(session, record)
    check_sees_meeting(request, caller, shown.meeting)
    return shown


def _check_sees_correction(request: SlackRequest, session: Session, caller: Caller, correction_id: int) -> None:
    """Raise `Refusal` where the caller sees no minutes to which this correction is proposed."""
    correction = minutes.get_correction(session, correction_id)
    if correction is None:
        raise Refusal(NO_SUCH)
    _see_minutes(request, session, caller, correction.minutes_id)


def _pressed_id(request: SlackRequest) -> int:
    """Return the id of the minutes that a button carries."""
    return command_text.parse_row_id(request.value)


def _pressed_correction(request: SlackRequest) -> tuple[int, int]:
    """Return the id of the correction that a button carries, and the version of the wording that was shown with it.

    A button that an earlier release sent has no version. It is taken for one of the first wording, so that the person
    is asked again where another came later.
    """
    number, _, version = request.value.partition(":")
    return command_text.parse_row_id(number), command_text.parse_row_id(version)


def _shown_version(request: SlackRequest, place: int) -> int:
    """Return which version of a decision's wording a form showed. One from an earlier release carries none."""
    versions = parsed(dict, request.metadata.get("versions", {}), "private_metadata.versions")
    return parsed(whole_number, versions.get(str(place), 0), "private_metadata.versions")


# corrections and objections ----------------------------------------------------------------------------


def press_correct(request: SlackRequest) -> None:
    """Open the form for a correction."""
    with request.read() as (session, caller):
        shown = _see_minutes(request, session, caller, _pressed_id(request))
        posted.require_open(session, caller, _pressed_id(request), request.now)
    request.open_form(forms.propose_correction(request.origin, shown))


def submit_correct(request: SlackRequest) -> None:
    """Propose a correction from the form."""
    minutes_id, text = request.metadata.number("minutes"), sanitize(request.text_value("text"))
    place = request.selected_number("place") or None
    with request.begin() as (session, caller):
        _see_minutes(request, session, caller, minutes_id)
        subject = (place, _shown_version(request, place)) if place is not None else None
        answer = corrections.propose_correction(session, caller, minutes_id, subject, text, request.now)
    request.show_result(answer)


def press_take(request: SlackRequest) -> None:
    """Accept a correction."""
    _decide(request, take=True)


def press_decline(request: SlackRequest) -> None:
    """Decline a correction."""
    _decide(request, take=False)


def _decide(request: SlackRequest, *, take: bool) -> None:
    with request.begin() as (session, caller):
        correction_id, version = _pressed_correction(request)
        _check_sees_correction(request, session, caller, correction_id)
        answer = corrections.decide_correction(session, caller, correction_id, version, request.now, take=take)
    request.show_result(answer)


def press_object(request: SlackRequest) -> None:
    """Open the form for an objection."""
    with request.read() as (session, caller):
        shown = _see_minutes(request, session, caller, _pressed_id(request))
        posted.require_open(session, caller, _pressed_id(request), request.now)
        agency = objections.objecting_agency(session, caller)
    if all(decision.proposal for decision in shown.decisions):
        raise Refusal("Agencies have already objected to every decision in these minutes.")
    request.open_form(forms.object_to_decision(request.origin, shown, agency))


def submit_object(request: SlackRequest) -> None:
    """Turn a recorded decision into a proposal."""
    minutes_id, why = request.metadata.number("minutes"), sanitize(request.text_value("why"))
    place = request.selected_number("decision") or 0
    with request.begin() as (session, caller):
        _see_minutes(request, session, caller, minutes_id)
        subject = (place, _shown_version(request, place))
        answer = objections.object_to_decision(session, caller, minutes_id, subject, why, request.now)
    request.show_result(answer)
