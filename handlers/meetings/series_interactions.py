"""What is typed and filled in to make a series, to change it, and to adjust when people are reminded."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, dates
from handlers.kit.block_kit import refill, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, clean, cut, escape, moment
from handlers.meetings import creation, forms, jobs, lookup, parsing, reminder_settings, reschedule
from handlers.meetings import series as editing
from handlers.meetings.creation import SeriesDraft
from handlers.meetings.interactions import tomorrow
from handlers.meetings.lookup import pressed
from handlers.meetings.rules import recurrence, step_times
from storage import audit, meetings
from storage.meetings import Meeting, Series
from storage.members import Member


def _ask_sure(request: SlackRequest, draft: SeriesDraft, note: str) -> None:
    value = json.dumps(draft.dump(), separators=(",", ":"))
    buttons = block_kit.row(
        block_kit.button("Plan them", "meeting.sure", value, style="primary"),
        block_kit.button("Not like this", "meeting.keep"),
    )
    request.answer("Is this right?", [*forms.confirmation(draft), *([section(note)] if note else []), buttons])


def press_sure(request: SlackRequest) -> None:
    """Plan a series that was confirmed with a button."""
    _make(request, request.value)


def submit_sure(request: SlackRequest) -> None:
    """Plan a series that was confirmed in the form."""
    _make(request, request.carry["draft"])


def _make(request: SlackRequest, dumped: str) -> None:
    draft = SeriesDraft(**json.loads(dumped))
    try:
        with request.begin() as (session, caller):
            said = _planned(session, creation.make(session, caller, draft, request.now), "")
    except Refusal as refusal:
        # what is asked to be confirmed has no fields at which it could be shown
        raise Refusal(refusal.sentence, buttons=refusal.buttons) from None
    if request.kind == "block_actions":
        request.answer(said, replace=True)
    else:
        request.done(said)


def _planned(session: Session, series: Series, note: str) -> str:
    """Say what was planned and what happens next."""
    first = meetings.of_series(session, series.id)[0]
    taker = session.get(Member, series.notes_id) if series.notes_id is not None else None
    around = "takes the minutes" if series.private else "the minutes go round the agencies"
    notes = f"{escape(taker.name)} takes the minutes" if taker else around
    chair = escape(session.get_one(Member, series.chair_id).name)
    how = f", {recurrence.words(series.rrule, series.begins)}" if series.rrule else ""
    text = (
        f"{bold(series.title)} is planned{how}: {moment(first.starts_at, series.zone)}, {series.length} minutes, in "
        f"<#{series.channel}>. {chair} chairs, and {notes}. "
        'Items go onto the agenda with `/meeting add "Budget draft"`'
    )
    more = [f". {one}" for one in (note, _soon(session, series, first)) if one]
    return text + "".join(more).replace("..", ".")


def _soon(session: Session, series: Series, first: Meeting) -> str:
    """Say that an agenda is not published by itself any more, where that is so."""
    chosen = step_times.steps(meetings.custom(session, series.consortium_id), series.steps)
    if chosen[step_times.Step.AGENDA] is None or step_times.moments(jobs.frame(session, series, first), chosen).agenda:
        return ""
    return "It is soon, so its agenda comes into the channel when you want it: `/meeting publish`"


# the form ----------------------------------------------------------------------------------------------


def _open_guessing(request: SlackRequest, typed: command_text.Typed) -> None:
    """Open the form, filled with what can be told apart: a name, and a date behind it."""
    title, begins = typed.after(1), tomorrow(request)
    with request.look() as (_, caller):
        zone = caller.zone
    rest = [word.text for word in typed.words[1:]]
    for place in range(1, len(rest)):
        try:
            begins = dates.read(" ".join(rest[place:]), request.now, zone)
        except Refusal:
            continue
        title = " ".join(rest[:place])
        break
    open_form(request, title, begins)


def open_form(request: SlackRequest, title: str = "", begins: datetime | None = None) -> None:
    """Open the form for a new meeting."""
    request.require()
    request.open(_form(request, {"title": cut(title, creation.TITLE), "begins": begins or tomorrow(request)}))


def _form(request: SlackRequest, filled: dict[str, Any], more: step_times.Steps | None = None) -> dict[str, Any]:
    channel = "" if request.channel.startswith("D") else request.channel
    carry = {**request.origin, "more": more is not None}
    return forms.new(carry, **filled, channel=channel, chair=request.user, more=more)


def press_form(request: SlackRequest) -> None:
    """Open the form from a button."""
    open_form(request)


def press_more(request: SlackRequest) -> None:
    """Show the rare questions too; what was filled in stays."""
    carry = {**request.carry, "more": True}
    with request.look() as (session, caller):
        usual = step_times.steps(meetings.custom(session, caller.consortium.id))
        if "meeting" in carry:
            found = meetings.get(session, caller.consortium.id, int(carry["meeting"]))
            own = meetings.series_of(session, found).steps if found else {}
            view = _edit_form(session, caller, carry, step_times.steps(usual, own))
        else:
            view = _form(request, {"title": "", "begins": tomorrow(request)}, usual)
    request.change(refill({**view, "private_metadata": json.dumps(carry)}, request.body["view"]))


def submit_new(request: SlackRequest) -> None:
    """Plan what was filled in; a series is shown once more before."""
    private = request.in_private_channel(request.chosen("channel"))
    with request.look() as (session, caller):
        draft = parsing.written_draft(session, caller, request, private=private)
        if request.carry.get("more"):
            usual = step_times.steps(meetings.custom(session, caller.consortium.id))
            draft = SeriesDraft(**{**draft.dump(), "steps": reminder_settings.chosen_in(request.written, usual)})
        creation.check(session, caller, draft, request.now)
    if draft.rule is not None:
        carry = {**request.carry, "draft": json.dumps(draft.dump(), separators=(",", ":"))}
        request.reply(response_action="update", view=forms.confirm(carry, draft))
        return
    with request.begin() as (session, caller):
        said = _planned(session, creation.make(session, caller, draft, request.now), "")
    request.done(said)


# changing ----------------------------------------------------------------------------------------------


def press_edit(request: SlackRequest) -> None:
    """Open the form that changes a series."""
    with request.look() as (session, caller):
        reschedule.may_change(
            session, caller, meetings.get(session, caller.consortium.id, pressed(request)), request.now
        )
        view = _edit_form(session, caller, {**request.origin, "meeting": pressed(request)})
    request.open(view)


def _edit_form(
    session: Session, caller: Caller, carry: dict[str, Any], more: step_times.Steps | None = None
) -> dict[str, Any]:
    shown = lookup.picture(session, caller, int(carry["meeting"]))
    found = meetings.get(session, caller.consortium.id, shown.id)
    series = meetings.series_of(session, found) if found else None
    notes = session.get(Member, series.notes_id) if series and series.notes_id is not None else None
    chair = session.get_one(Member, shown.chair_id)
    return forms.edit(carry, shown, chair=chair.user_id, notes=notes.user_id if notes else "", more=more)


def submit_edit(request: SlackRequest) -> None:
    """Change a series."""
    private = request.in_private_channel(request.chosen("channel"))
    with request.begin() as (session, caller):
        usual = step_times.steps(meetings.custom(session, caller.consortium.id))
        wish = editing.Wish(
            title=" ".join(clean(request.written("title")).split()),
            channel=request.chosen("channel"),
            private=private,
            length=parsing.length(request.written("length")),
            chair=parsing.chosen_person(session, caller, request, "chair") or caller.person.id,
            notes=parsing.chosen_person(session, caller, request, "notes"),
            steps=reminder_settings.chosen_in(request.written, usual) if request.carry.get("more") else None,
        )
        said = editing.change_series(session, caller, pressed(request), wish, request.now)
    request.done(said)


# the consortium's reminders ----------------------------------------------------------------------------


def press_settings(request: SlackRequest) -> None:
    """Open the form that says when people are reminded of meetings."""
    with request.look("facilitator") as (session, caller):
        chosen = step_times.steps(meetings.custom(session, caller.consortium.id))
    request.open(forms.settings(request.origin, chosen))


def submit_settings(request: SlackRequest) -> None:
    """Keep when people are reminded of meetings."""
    steps = reminder_settings.chosen_in(request.written, step_times.DEFAULTS)
    with request.begin("facilitator") as (session, caller):
        meetings.keep_custom(session, caller.consortium.id, steps)
        for meeting in meetings.coming(session, caller.consortium.id, request.now):
            meeting.look_at = request.now
        audit.note(session, caller.consortium.id, caller.person.id, "changed", "the reminders of meetings", request.now)
    request.done("Kept. It holds for all meetings to come that have no reminders of their own.")
