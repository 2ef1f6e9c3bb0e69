"""Buttons and forms for planning and changing a series, and for the consortium's reminder settings."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit, edits
from handlers.kit.block_kit import copy_input_values, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import sanitize, truncate
from handlers.meetings import creation, forms, lookup, parsing, reminder_settings, reschedule
from handlers.meetings.closures import closed_note
from handlers.meetings.creation import SeriesDraft
from handlers.meetings.rules import step_times
from handlers.meetings.rules.step_times import StepOffsets
from handlers.meetings.series import SeriesSettings, change_series, take_chair
from handlers.meetings.snapshot import MeetingSnapshot
from storage import audit, meetings
from storage.meetings import Meeting
from storage.members import Member

NOT_THERE = (
    "By now it meets in a private channel that you are not in. Only people in that channel can move it. To change the "
    "rest, close this form and open it again."
)
"""Why a series stays where somebody moved it while the form was open, or whose channel the person has left since."""

# planning ----------------------------------------------------------------------------------------------


def press_form(request: SlackRequest) -> None:
    """Open the form for a new meeting from a button."""
    open_form(request)


def open_form(
    request: SlackRequest, title: str = "", begins: datetime | None = None, length: int = creation.DEFAULT_LENGTH
) -> None:
    """Open the form for a new meeting; it begins in a week unless `begins` is given. `length` is in minutes."""
    request.require()
    request.open_form(_new_meeting_form(request, title, begins, length=length))


def _new_meeting_form(
    request: SlackRequest,
    title: str = "",
    begins: datetime | None = None,
    zone: str = "",
    more: StepOffsets | None = None,
    *,
    length: int = creation.DEFAULT_LENGTH,
) -> dict[str, Any]:
    in_a_week = (request.now + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    channel = "" if request.channel.startswith("D") else request.channel
    metadata = {**request.origin, "more": more is not None}
    short_title = truncate(title, creation.MAX_TITLE)
    return forms.new_meeting(
        metadata,
        title=short_title,
        channel=channel,
        begins=begins or in_a_week,
        chair=request.user,
        zone=zone,
        more=more,
        length=length,
    )


def press_more(request: SlackRequest) -> None:
    """Show the step fields in the form for a new meeting or a series; filled-in answers stay."""
    carried = request.metadata
    metadata = {**carried, "more": True}
    with request.read() as (session, caller):
        usual = _usual_offsets(session, caller)
        if "meeting" in metadata:
            shown = lookup.see_meeting(request, session, caller, carried.number("meeting"))
            meeting = meetings.get(session, caller.consortium.id, shown.id)
            own = meetings.series_of(session, meeting).steps if meeting else {}
            offsets = step_times.merge_offsets(usual, own)
            metadata[edits.WAS] = {**metadata.get(edits.WAS, {}), **_as_values(offsets)}
            view = _edit_form(request, session, caller, shown, metadata, offsets)
        else:
            view = _new_meeting_form(request, zone=caller.zone, more=usual)
    request.replace_form(copy_input_values({**view, "private_metadata": json.dumps(metadata)}, request.view))


def submit_new(request: SlackRequest) -> None:
    """Plan a meeting from the form; a series has to be confirmed first."""
    private = request.posts_privately(request.selected_value("channel"))
    with request.read() as (session, caller):
        draft = parsing.parse_submitted_draft(session, caller, request, private=private)
        if request.metadata.get("more"):
            steps = reminder_settings.parse_fields(request.text_value, _usual_offsets(session, caller))
            draft = SeriesDraft(**{**draft.dump(), "steps": steps})
        creation.check_draft(session, caller, draft, request.now)
        closed = closed_note(session, caller.consortium.id, creation.first_dates(draft, forms.SHOWN_DATES), draft.zone)
    if draft.rule is not None:
        metadata = {**request.metadata, "draft": _carried(draft)}
        request.acknowledge_form(response_action="update", view=forms.confirm_series(metadata, draft, closed))
        return
    with request.begin() as (session, caller):
        answer = creation.planned_answer(session, creation.create_series(session, caller, draft, request.now))
    request.show_result(answer)


def ask_to_confirm(
    request: SlackRequest, draft: SeriesDraft, note: str, closed: str, other_rule: str | None = None
) -> None:
    """Ask whether a typed series was understood correctly.

    `closed` says which agencies are closed on its dates; `other_rule` is what the words can mean too.
    """
    other = replace(draft, rule=other_rule) if other_rule else None
    request.answer("Is this right?", _confirmation(draft, closed, note, other))


def _confirmation(draft: SeriesDraft, closed: str, note: str = "", other: SeriesDraft | None = None) -> list[Block]:
    buttons = block_kit.actions(
        block_kit.button("Plan them", "meeting.sure", _carried(draft), style="primary"),
        block_kit.button(f"Instead, {forms.often(other)}", "meeting.other", _carried(other)) if other else None,
        block_kit.button("Don't plan them", "meeting.keep"),
    )
    return [*forms.confirmation_blocks(draft, closed), *([section(note)] if note else []), buttons]


def _carried(draft: SeriesDraft) -> str:
    return json.dumps(draft.dump(), separators=(",", ":"))


def _carried_draft(value: str) -> SeriesDraft:
    """Return the draft that a button or form carries. Raise `Refusal` for a button of an earlier version."""
    try:
        return SeriesDraft(**json.loads(value))
    except (TypeError, ValueError):
        raise Refusal("This button no longer works. Nothing has changed. To plan a meeting: `/meeting new`") from None


def press_other(request: SlackRequest) -> None:
    """Ask again whether a series is right, as the words can be understood too."""
    draft = _carried_draft(request.value)
    with request.read() as (session, caller):
        creation.check_draft(session, caller, draft, request.now)
        closed = closed_note(session, caller.consortium.id, creation.first_dates(draft, forms.SHOWN_DATES), draft.zone)
    request.answer("Is this right?", _confirmation(draft, closed), replace=True)


def press_sure(request: SlackRequest) -> None:
    """Plan a series that was confirmed with a button."""
    request.answer(_plan_confirmed(request, request.value), replace=True)


def submit_sure(request: SlackRequest) -> None:
    """Plan a series that was confirmed in the form."""
    request.show_result(_plan_confirmed(request, request.metadata["draft"]))


def _plan_confirmed(request: SlackRequest, dumped: str) -> str:
    """Plan a series and return the answer."""
    draft = _carried_draft(dumped)
    draft = SeriesDraft(**{**draft.dump(), "private": request.posts_privately(draft.channel)})
    try:
        with request.begin() as (session, caller):
            return creation.planned_answer(session, creation.create_series(session, caller, draft, request.now))
    except Refusal as refusal:
        # the confirmation has no fields at which an error could be shown
        raise Refusal(refusal.sentence, buttons=refusal.buttons) from None


# changing ----------------------------------------------------------------------------------------------


def press_chair(request: SlackRequest) -> None:
    """Make the caller the chair of a series whose chair has left."""
    with lookup.begin_change(request) as (session, caller, shown):
        answer = take_chair(session, caller, shown.id, request.now)
    request.show_result(answer)


def press_edit(request: SlackRequest) -> None:
    """Open the form that changes a series."""
    with lookup.read_meeting(request) as (session, caller, shown):
        meeting = meetings.get(session, caller.consortium.id, shown.id)
        series, _ = reschedule.require_changeable(session, caller, meeting, request.now)
        metadata = {**request.origin, "meeting": shown.id, edits.WAS: forms.series_values(series)}
        view = _edit_form(request, session, caller, shown, metadata)
    request.open_form(view)


def _edit_form(
    request: SlackRequest,
    session: Session,
    caller: Caller,
    shown: MeetingSnapshot,
    metadata: dict[str, Any],
    more: StepOffsets | None = None,
) -> dict[str, Any]:
    meeting = meetings.get(session, caller.consortium.id, shown.id)
    series = meetings.series_of(session, meeting) if meeting else None
    note_taker = session.get(Member, series.notes_id) if series and series.notes_id is not None else None
    chair = session.get_one(Member, shown.chair_id)
    notes = note_taker.user_id if note_taker else ""
    in_channel = lookup.is_in_channel(request, caller, shown)
    return forms.edit_series(metadata, shown, in_channel=in_channel, chair=chair.user_id, notes=notes, more=more)


def submit_edit(request: SlackRequest) -> None:
    """Change a series from the form, and only what was changed in it. Another channel is for those in the present one.

    Raise `Refusal` where somebody moves it out of a private channel that they are not in.
    """
    chosen = request.selected_value("channel")
    with lookup.read_meeting(request) as (_, _, shown):
        now = {"channel": shown.channel}
        channel = edits.apply_changes(request.metadata, {"channel": chosen or shown.channel}, now)["channel"]
    stays = channel == shown.channel
    private = request.in_private_channel(channel) if stays else request.posts_privately(channel)
    with lookup.begin_change(request) as (session, caller, shown):
        series = meetings.series_of(session, session.get_one(Meeting, shown.id))
        submitted = {
            "title": " ".join(sanitize(request.text_value("title")).split()),
            "channel": chosen or shown.channel,
            "length": parsing.parse_length(request.text_value("length")),
            "chair": parsing.parse_person_field(session, caller, request, "chair") or caller.person.id,
            "notes": parsing.parse_person_field(session, caller, request, "notes"),
        }
        changed = edits.apply_changes(request.metadata, submitted, forms.series_values(series))
        in_channel = lookup.is_in_channel(request, caller, shown)
        if changed["channel"] != shown.channel and not in_channel:
            raise Refusal(NOT_THERE, field="channel")
        if changed["channel"] != channel or not in_channel:
            # the series stays, and may have been moved a moment ago
            private = shown.private
        usual = _usual_offsets(session, caller)
        offsets = step_times.merge_offsets(usual, series.steps)
        steps = _submitted_steps(request, usual, offsets) if request.metadata.get("more") else None
        new = SeriesSettings(**changed, private=private, steps=steps)
        answer = change_series(session, caller, shown.id, new, request.now)
    request.show_result(answer)


# the consortium's reminder settings --------------------------------------------------------------------


def press_settings(request: SlackRequest) -> None:
    """Open the form of the consortium's reminder settings."""
    with request.read("facilitator") as (session, caller):
        offsets = _usual_offsets(session, caller)
    request.open_form(forms.settings({**request.origin, edits.WAS: _as_values(offsets)}, offsets))


def submit_settings(request: SlackRequest) -> None:
    """Store the consortium's reminder settings, and apply them to its next meetings."""
    with request.begin("facilitator") as (session, caller):
        steps = _submitted_steps(request, step_times.DEFAULT_OFFSETS, _usual_offsets(session, caller))
        meetings.save_reminder_steps(session, caller.consortium.id, steps)
        for meeting in meetings.list_coming(session, caller.consortium.id, request.now):
            meeting.look_at = request.now
        audit.record(
            session, caller.consortium.id, caller.person.id, "changed", "the reminders of meetings", request.now
        )
    request.show_result("Saved. This applies to every upcoming meeting that has no settings of its own.")


def _submitted_steps(request: SlackRequest, usual: StepOffsets, current: StepOffsets) -> dict[str, Any]:
    """Return the steps after a form, without those that are as usual. Raise `Refusal` at an invalid field.

    What another person has changed since the form was opened stays.
    """
    steps = reminder_settings.parse_fields(request.text_value, usual)
    submitted = {step.value: steps.get(step.value, usual[step]) for step in usual}
    changed = edits.apply_changes(request.metadata, submitted, _as_values(current))
    return {step.value: changed[step.value] for step in usual if changed[step.value] != usual[step]}


def _as_values(offsets: StepOffsets) -> dict[str, int | None]:
    return {step.value: minutes for step, minutes in offsets.items()}


def _usual_offsets(session: Session, caller: Caller) -> StepOffsets:
    """Return the consortium's offsets of steps, which apply where a series has none of its own."""
    return step_times.merge_offsets(meetings.reminder_steps(session, caller.consortium.id))
