"""What is pressed, filled in and shown of meetings and their agendas."""

from datetime import UTC, datetime, timedelta

from handlers.kit import command_text
from handlers.kit.block_kit import section
from handlers.kit.dates import local
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import bold, clean, escape, moment
from handlers.meetings import agenda, channel_posts, forms, lookup, parsing, participants, reschedule, snapshot, views
from handlers.meetings.forms import ALL, ONE
from handlers.meetings.lookup import pressed
from handlers.meetings.minutes import note_takers
from storage import meetings
from storage.members import Member

MOVE_EXAMPLE = "For example: `/meeting move 2026-12-04 14:00`"


def show_list(ask: Ask) -> None:
    """List the next meetings with their agendas and buttons."""
    with ask.look() as (session, caller):
        shown, more = lookup.next_ones(session, caller, ask)
        blocks = views.overview(shown, more)
    ask.answer("The next meetings.", blocks)


# the agenda --------------------------------------------------------------------------------------------


def add(ask: Ask, typed: command_text.Typed) -> None:
    """Put a typed item on the agenda of this channel's next meeting; without a title the form opens."""
    title = " ".join(clean(" ".join(typed.quoted) or typed.after(1)).split())
    if len(typed.quoted) > 1:
        raise Refusal(f"One item at a time reads best. {agenda.EXAMPLE}")
    with ask.look() as (session, caller):
        meeting = lookup.next_here(session, caller, ask)
        view = forms.item(ask.origin, snapshot.take(session, meeting), ask.user)
    if not title:
        ask.open(view)
        return
    length = parsing.item_length(typed.options.get("minutes", typed.options.get("for", "")))
    with ask.begin() as (session, caller):
        said = agenda.add(session, caller, meeting.id, title, length, caller.person, ask.now)
    ask.answer(said)


def press_add(ask: Ask) -> None:
    """Open the form for an item."""
    with ask.look() as (session, caller):
        shown = lookup.picture(session, caller, pressed(ask))
    lookup.must_see(ask, caller, shown)
    if shown.cancelled or shown.ends_at <= ask.now:
        state = "is cancelled" if shown.cancelled else "is over"
        raise Refusal(f"{views.name(shown)}, {state}. `/meeting` lists what is planned.")
    ask.open(forms.item(ask.origin, shown, ask.user))


def submit_item(ask: Ask) -> None:
    """Put an item from the form on an agenda."""
    length = parsing.item_length(ask.written("length"))
    title = " ".join(clean(ask.written("title")).split())
    with ask.begin() as (session, caller):
        who = parsing.chosen_person(session, caller, ask, "who")
        brings = session.get_one(Member, who) if who else caller.person
        said = agenda.add(session, caller, pressed(ask), title, length, brings, ask.now)
    ask.done(said)


def press_suggest(ask: Ask) -> None:
    """Put a suggested topic on the agenda of this channel's next meeting, else of the consortium's next."""
    title = " ".join(clean(ask.value).split())
    with ask.begin() as (session, caller):
        meeting = lookup.next_anywhere(session, caller, ask)
        if meeting is None:
            raise Refusal(
                "No meeting is planned yet that could talk about it. Plan one, for example: "
                '`/meeting new "Council" 2026-12-03 14:00`, and press again.'
            )
        said = agenda.add(session, caller, meeting.id, title, None, caller.person, ask.now)
    ask.done(said)


def show_agenda(ask: Ask, meeting_id: int) -> None:
    """Show one reader the agenda of a meeting."""
    with ask.look() as (session, caller):
        found = meetings.get(session, caller.consortium.id, meeting_id) or lookup.next_here(session, caller, ask)
        shown = snapshot.take(session, found)
        series = meetings.series_of(session, found)
        may = participants.may_change(series, caller.person)
        own = forms.own_items(shown, caller.person.id, may=may)
        publish = may and found.starts_at > ask.now and not channel_posts.is_published(session, series, found)
        blocks = views.agenda_for_reader(shown, own, may=publish)
    lookup.must_see(ask, caller, shown)
    ask.answer(f"The agenda of {views.plain_name(shown)}", blocks)


def press_agenda(ask: Ask) -> None:
    """Show the agenda from a button."""
    show_agenda(ask, pressed(ask))


def press_off(ask: Ask) -> None:
    """Take an item off."""
    with ask.begin() as (session, caller):
        said = agenda.take_off(session, caller, pressed(ask), ask.now)
    ask.answer(said)


def publish(ask: Ask, meeting_id: int = 0) -> None:
    """Publish an agenda before its time."""
    with ask.begin() as (session, caller):
        if not meeting_id:
            meeting_id = lookup.next_here(session, caller, ask).id
        series, meeting = reschedule.locked(session, caller, meeting_id, ask.now)
        fresh = channel_posts.agenda(session, series, meeting, ask.now)
        name = f"{bold(series.title)}, {moment(meeting.starts_at, series.zone)}"
    if not fresh:
        raise Refusal(f"The agenda of {name}, is in the channel already, and its message follows every change.")
    ask.done(f"The agenda of {name}, is on its way to the channel. Its message follows every change.")


def press_publish(ask: Ask) -> None:
    """Publish an agenda from a button."""
    publish(ask, pressed(ask))


# moving and cancelling ---------------------------------------------------------------------------------


def move(ask: Ask, typed: command_text.Typed) -> None:
    """Ask whether a typed date is meant for one meeting or for all; a single one is moved at once."""
    title = " ".join(typed.quoted)
    plain = " ".join(word.text for word in typed.words[1:] if not word.quoted)
    with ask.look() as (session, caller):
        found = lookup.next_here(session, caller, ask, title)
        reschedule.may_change(session, caller, found, ask.now)
        shown = snapshot.take(session, found)
        if not plain:
            ask.open(forms.move(ask.origin, shown))
            return
        wall, note = parsing.wall_clock(plain, ask.now, caller.zone, MOVE_EXAMPLE)
        to = local(wall, caller.zone)
    if shown.recurring:
        ask.answer("This one or all?", [*forms.move_choice(shown, to), *([section(note)] if note else [])])
        return
    with ask.begin() as (session, caller):
        said = reschedule.move_one(session, caller, shown.id, to, ask.now)
    ask.answer(f"{said} {note}".strip())


def press_move(ask: Ask) -> None:
    """Open the form that moves a meeting."""
    with ask.look() as (session, caller):
        reschedule.may_change(session, caller, meetings.get(session, caller.consortium.id, pressed(ask)), ask.now)
        shown = lookup.picture(session, caller, pressed(ask))
    ask.open(forms.move(ask.origin, shown))


def submit_move(ask: Ask) -> None:
    """Move a meeting from the form."""
    _move(ask, parsing.moment_chosen(ask, "begins"), every=ask.chosen("which") == ALL)


def press_moved(ask: Ask) -> None:
    """Move one meeting, or all, from a button."""
    seconds = ask.value.partition("|")[2]
    to = datetime.fromtimestamp(int(seconds[:10]) if seconds.isdecimal() else 0, UTC)
    _move(ask, to, every=ask.action["action_id"].endswith(ALL))


def _move(ask: Ask, to: datetime, *, every: bool) -> None:
    with ask.begin() as (session, caller):
        change = reschedule.move_all if every else reschedule.move_one
        said = change(session, caller, pressed(ask), to, ask.now)
    ask.done(said)


def cancel(ask: Ask, typed: command_text.Typed) -> None:
    """Ask whether one meeting is to be cancelled, or all."""
    with ask.look() as (session, caller):
        found = lookup.next_here(session, caller, ask, " ".join(typed.quoted))
        reschedule.may_change(session, caller, found, ask.now)
        shown = snapshot.take(session, found)
    ask.answer("Cancel it?", forms.cancel_choice(shown))


def press_cancel(ask: Ask) -> None:
    """Open the form that cancels a meeting."""
    with ask.look() as (session, caller):
        reschedule.may_change(session, caller, meetings.get(session, caller.consortium.id, pressed(ask)), ask.now)
        shown = lookup.picture(session, caller, pressed(ask))
    ask.open(forms.cancel(ask.origin, shown))


def submit_cancel(ask: Ask) -> None:
    """Cancel a meeting from the form."""
    _cancel(ask, every=ask.chosen("which") == ALL)


def press_cancelled(ask: Ask) -> None:
    """Cancel one meeting, or all, from a button."""
    _cancel(ask, every=not ask.action["action_id"].endswith(ONE))


def _cancel(ask: Ask, *, every: bool) -> None:
    with ask.begin() as (session, caller):
        change = reschedule.cancel_all if every else reschedule.cancel_one
        said = change(session, caller, pressed(ask), ask.now)
    ask.done(said)


def press_keep(ask: Ask) -> None:
    """Leave everything as it is."""
    ask.answer("Good. Nothing has changed.", replace=True)


# who takes the minutes ---------------------------------------------------------------------------------


def press_cannot(ask: Ask) -> None:
    """Pass the minutes on to the next agency."""
    with ask.begin() as (session, caller):
        meeting = meetings.lock(session, pressed(ask))
        if meeting is None or meeting.consortium_id != caller.consortium.id:
            raise Refusal("There is no such meeting any more. `/meeting` lists what is planned.")
        if meeting.notes_id != caller.person.id:
            shown = snapshot.take(session, meeting)
            who = f"{escape(shown.notes)} takes them now." if shown.notes else "Nobody takes them yet."
            raise Refusal(f"The minutes of {views.name(shown)}, are not yours any more. {who}")
        _still_wanted(snapshot.take(session, meeting))
        chosen = note_takers.pass_on(session, meeting, ask.now)
        session.flush()
        shown = snapshot.take(session, meeting)
        to = f" {escape(chosen.name)} is asked now." if chosen else " Nobody else is left to ask, so the chair will be."
    ask.done(f"Thanks for saying so. The minutes of {views.name(shown)}, are not yours any more.{to}")


def _still_wanted(shown: snapshot.Picture) -> None:
    """Refuse to pass on minutes that nobody waits for any more. Raises Refusal."""
    if shown.cancelled:
        raise Refusal(f"{views.name(shown)}, is cancelled, so there are no minutes to take. `/meeting` lists the next.")
    if shown.written:
        raise Refusal(f"The minutes of {views.name(shown)}, are written already, so there is nothing left to pass on.")


def tomorrow(ask: Ask) -> datetime:
    """Give a sensible first date for a form: the same hour in a week, on the full hour."""
    return (ask.now + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
