"""What is typed and filled in to make a series, to change it, and to adjust when people are reminded."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, dates
from handlers.kit.block_kit import refill, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import bold, clean, cut, escape, moment
from handlers.meetings import creation, forms, jobs, lookup, parsing, reminder_settings, reschedule
from handlers.meetings import series as editing
from handlers.meetings.creation import Draft
from handlers.meetings.interactions import tomorrow
from handlers.meetings.lookup import pressed
from handlers.meetings.rules import recurrence, step_times
from storage import audit, meetings
from storage.meetings import Meeting, Series
from storage.members import Member


def new(ask: Ask, typed: command_text.Typed) -> None:
    """Plan what was typed, ask whether a series is meant as it was read, or open the form."""
    if not typed.quoted and not typed.gaps:
        _open_guessing(ask, typed)
        return
    private = lookup.is_private(ask, ask.channel)
    with ask.look() as (session, caller):
        draft, note = parsing.typed_draft(session, caller, ask, typed, private=private)
        creation.check(session, caller, draft, ask.now)
    if draft.rule is not None:
        _ask_sure(ask, draft, note)
        return
    with ask.begin() as (session, caller):
        said = _planned(session, creation.make(session, caller, draft, ask.now), note)
    ask.answer(said)


def _ask_sure(ask: Ask, draft: Draft, note: str) -> None:
    value = json.dumps(draft.dump(), separators=(",", ":"))
    buttons = block_kit.row(
        block_kit.button("Plan them", "meeting.sure", value, style="primary"),
        block_kit.button("Not like this", "meeting.keep"),
    )
    ask.answer("Is this right?", [*forms.confirmation(draft), *([section(note)] if note else []), buttons])


def press_sure(ask: Ask) -> None:
    """Plan a series that was confirmed with a button."""
    _make(ask, ask.value)


def submit_sure(ask: Ask) -> None:
    """Plan a series that was confirmed in the form."""
    _make(ask, ask.carry["draft"])


def _make(ask: Ask, dumped: str) -> None:
    draft = Draft(**json.loads(dumped))
    try:
        with ask.begin() as (session, caller):
            said = _planned(session, creation.make(session, caller, draft, ask.now), "")
    except Refusal as refusal:
        # what is asked to be confirmed has no fields at which it could be shown
        raise Refusal(refusal.sentence, blocks=refusal.blocks) from None
    if ask.kind == "block_actions":
        ask.answer(said, replace=True)
    else:
        ask.done(said)


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


def _open_guessing(ask: Ask, typed: command_text.Typed) -> None:
    """Open the form, filled with what can be told apart: a name, and a date behind it."""
    title, begins = typed.after(1), tomorrow(ask)
    with ask.look() as (_, caller):
        zone = caller.zone
    rest = [word.text for word in typed.words[1:]]
    for place in range(1, len(rest)):
        try:
            begins = dates.read(" ".join(rest[place:]), ask.now, zone)
        except Refusal:
            continue
        title = " ".join(rest[:place])
        break
    open_form(ask, title, begins)


def open_form(ask: Ask, title: str = "", begins: datetime | None = None) -> None:
    """Open the form for a new meeting."""
    with ask.look():
        pass
    ask.open(_form(ask, {"title": cut(title, creation.TITLE), "begins": begins or tomorrow(ask)}))


def _form(ask: Ask, filled: dict[str, Any], more: step_times.Steps | None = None) -> dict[str, Any]:
    channel = "" if ask.channel.startswith("D") else ask.channel
    carry = {**ask.origin, "more": more is not None}
    return forms.new(carry, **filled, channel=channel, chair=ask.user, more=more)


def press_form(ask: Ask) -> None:
    """Open the form from a button."""
    open_form(ask)


def press_more(ask: Ask) -> None:
    """Show the rare questions too; what was filled in stays."""
    carry = {**ask.carry, "more": True}
    with ask.look() as (session, caller):
        usual = step_times.steps(meetings.custom(session, caller.consortium.id))
        if "meeting" in carry:
            found = meetings.get(session, caller.consortium.id, int(carry["meeting"]))
            own = meetings.series_of(session, found).steps if found else {}
            view = _edit_form(session, caller, carry, step_times.steps(usual, own))
        else:
            view = _form(ask, {"title": "", "begins": tomorrow(ask)}, usual)
    ask.change(refill({**view, "private_metadata": json.dumps(carry)}, ask.body["view"]))


def submit_new(ask: Ask) -> None:
    """Plan what was filled in; a series is shown once more before."""
    private = lookup.is_private(ask, ask.chosen("channel"))
    with ask.look() as (session, caller):
        draft = parsing.written_draft(session, caller, ask, private=private)
        if ask.carry.get("more"):
            usual = step_times.steps(meetings.custom(session, caller.consortium.id))
            draft = Draft(**{**draft.dump(), "steps": reminder_settings.chosen_in(ask.written, usual)})
        creation.check(session, caller, draft, ask.now)
    if draft.rule is not None:
        carry = {**ask.carry, "draft": json.dumps(draft.dump(), separators=(",", ":"))}
        ask.reply(response_action="update", view=forms.confirm(carry, draft))
        return
    with ask.begin() as (session, caller):
        said = _planned(session, creation.make(session, caller, draft, ask.now), "")
    ask.done(said)


# changing ----------------------------------------------------------------------------------------------


def press_edit(ask: Ask) -> None:
    """Open the form that changes a series."""
    with ask.look() as (session, caller):
        reschedule.may_change(session, caller, meetings.get(session, caller.consortium.id, pressed(ask)), ask.now)
        view = _edit_form(session, caller, {**ask.origin, "meeting": pressed(ask)})
    ask.open(view)


def _edit_form(
    session: Session, caller: Caller, carry: dict[str, Any], more: step_times.Steps | None = None
) -> dict[str, Any]:
    shown = lookup.picture(session, caller, int(carry["meeting"]))
    found = meetings.get(session, caller.consortium.id, shown.id)
    series = meetings.series_of(session, found) if found else None
    notes = session.get(Member, series.notes_id) if series and series.notes_id is not None else None
    chair = session.get_one(Member, shown.chair_id)
    return forms.edit(carry, shown, chair=chair.user_id, notes=notes.user_id if notes else "", more=more)


def submit_edit(ask: Ask) -> None:
    """Change a series."""
    private = lookup.is_private(ask, ask.chosen("channel"))
    with ask.begin() as (session, caller):
        usual = step_times.steps(meetings.custom(session, caller.consortium.id))
        wish = editing.Wish(
            title=" ".join(clean(ask.written("title")).split()),
            channel=ask.chosen("channel"),
            private=private,
            length=parsing.length(ask.written("length")),
            chair=parsing.chosen_person(session, caller, ask, "chair") or caller.person.id,
            notes=parsing.chosen_person(session, caller, ask, "notes"),
            steps=reminder_settings.chosen_in(ask.written, usual) if ask.carry.get("more") else None,
        )
        said = editing.change(session, caller, pressed(ask), wish, ask.now)
    ask.done(said)


# the consortium's reminders ----------------------------------------------------------------------------


def settings(ask: Ask) -> None:
    """Open the form that says when people are reminded of meetings."""
    with ask.look("facilitator") as (session, caller):
        chosen = step_times.steps(meetings.custom(session, caller.consortium.id))
    ask.open(forms.settings(ask.origin, chosen))


def submit_settings(ask: Ask) -> None:
    """Keep when people are reminded of meetings."""
    steps = reminder_settings.chosen_in(ask.written, step_times.DEFAULTS)
    with ask.begin("facilitator") as (session, caller):
        meetings.keep_custom(session, caller.consortium.id, steps)
        for meeting in meetings.coming(session, caller.consortium.id, ask.now):
            meeting.look_at = ask.now
        audit.note(session, caller.consortium.id, caller.person.id, "changed", "the reminders of meetings", ask.now)
    ask.done("Kept. It holds for all meetings to come that have no reminders of their own.")
