"""What is pressed, filled in and shown of meetings and their agendas."""

from datetime import UTC, datetime, timedelta

from slack_sdk.models.blocks import ActionsBlock

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, clean, escape, lines, moment
from handlers.meetings import agenda, channel_posts, forms, lookup, parsing, participants, reschedule, snapshot, views
from handlers.meetings.audience import check_sees_meeting
from handlers.meetings.forms import ALL, ONE
from handlers.meetings.lookup import pressed
from handlers.meetings.minutes import note_takers
from storage import audit, calendars, meetings
from storage.members import Member

MOVE_EXAMPLE = "For example: `/meeting move 2026-12-04 14:00`"


def show_list(request: SlackRequest) -> None:
    """List the next meetings with their agendas and buttons."""
    with request.look() as (session, caller):
        shown, more = lookup.next_ones(session, caller, request)
        blocks = views.overview(shown, more)
    request.answer("The next meetings.", blocks)


# the agenda --------------------------------------------------------------------------------------------


def press_add(request: SlackRequest) -> None:
    """Open the form for an item."""
    with request.look() as (session, caller):
        shown = lookup.picture(session, caller, pressed(request))
    check_sees_meeting(request, caller, shown)
    if shown.cancelled or shown.ends_at <= request.now:
        state = "is cancelled" if shown.cancelled else "is over"
        raise Refusal(f"{views.name(shown)}, {state}. `/meeting` lists what is planned.")
    request.open(forms.item(request.origin, shown, request.user))


def submit_item(request: SlackRequest) -> None:
    """Put an item from the form on an agenda."""
    length = parsing.item_length(request.written("length"))
    title = " ".join(clean(request.written("title")).split())
    with request.begin() as (session, caller):
        who = parsing.chosen_person(session, caller, request, "who")
        brings = session.get_one(Member, who) if who else caller.person
        said = agenda.add(session, caller, pressed(request), title, length, brings, request.now)
    request.done(said)


def press_suggest(request: SlackRequest) -> None:
    """Put a suggested topic on the agenda of this channel's next meeting, else of the consortium's next."""
    title = " ".join(clean(request.value).split())
    with request.begin() as (session, caller):
        meeting = lookup.next_anywhere(session, caller, request)
        if meeting is None:
            raise Refusal(
                "No meeting is planned yet that could talk about it. Plan one, for example: "
                '`/meeting new "Council" 2026-12-03 14:00`, and press again.'
            )
        said = agenda.add(session, caller, meeting.id, title, None, caller.person, request.now)
    request.done(said)


def show_agenda(request: SlackRequest, meeting_id: int) -> None:
    """Show one reader the agenda of a meeting."""
    with request.look() as (session, caller):
        found = meetings.get(session, caller.consortium.id, meeting_id) or lookup.next_here(session, caller, request)
        shown = snapshot.take(session, found)
        series = meetings.series_of(session, found)
        may = participants.may_change(series, caller.person)
        own = forms.own_items(shown, caller.person.id, may=may)
        publish = may and found.starts_at > request.now and not channel_posts.is_published(session, series, found)
        blocks = views.agenda_for_reader(shown, own, may=publish)
    check_sees_meeting(request, caller, shown)
    request.answer(f"The agenda of {views.plain_name(shown)}", blocks)


def press_agenda(request: SlackRequest) -> None:
    """Show the agenda from a button."""
    show_agenda(request, pressed(request))


def press_off(request: SlackRequest) -> None:
    """Take an item off."""
    with request.begin() as (session, caller):
        said = agenda.take_off(session, caller, pressed(request), request.now)
    request.answer(said)


def publish(request: SlackRequest, meeting_id: int = 0) -> None:
    """Publish an agenda before its time."""
    with request.begin() as (session, caller):
        if not meeting_id:
            meeting_id = lookup.next_here(session, caller, request).id
        series, meeting = reschedule.locked(session, caller, meeting_id, request.now)
        fresh = channel_posts.agenda(session, series, meeting, request.now)
        name = f"{bold(series.title)}, {moment(meeting.starts_at, series.zone)}"
    if not fresh:
        raise Refusal(f"The agenda of {name}, is in the channel already, and its message follows every change.")
    request.done(f"The agenda of {name}, is on its way to the channel. Its message follows every change.")


def press_publish(request: SlackRequest) -> None:
    """Publish an agenda from a button."""
    publish(request, pressed(request))


# moving and cancelling ---------------------------------------------------------------------------------


def press_move(request: SlackRequest) -> None:
    """Open the form that moves a meeting."""
    with request.look() as (session, caller):
        reschedule.may_change(
            session, caller, meetings.get(session, caller.consortium.id, pressed(request)), request.now
        )
        shown = lookup.picture(session, caller, pressed(request))
    request.open(forms.move(request.origin, shown))


def submit_move(request: SlackRequest) -> None:
    """Move a meeting from the form."""
    _move(request, parsing.moment_chosen(request, "begins"), every=request.chosen("which") == ALL)


def press_moved(request: SlackRequest) -> None:
    """Move one meeting, or all, from a button."""
    seconds = request.value.partition("|")[2]
    to = datetime.fromtimestamp(int(seconds[:10]) if seconds.isdecimal() else 0, UTC)
    _move(request, to, every=request.action["action_id"].endswith(ALL))


def _move(request: SlackRequest, to: datetime, *, every: bool) -> None:
    with request.begin() as (session, caller):
        change = reschedule.move_all if every else reschedule.move_one
        said = change(session, caller, pressed(request), to, request.now)
    request.done(said)


def press_cancel(request: SlackRequest) -> None:
    """Open the form that cancels a meeting."""
    with request.look() as (session, caller):
        reschedule.may_change(
            session, caller, meetings.get(session, caller.consortium.id, pressed(request)), request.now
        )
        shown = lookup.picture(session, caller, pressed(request))
    request.open(forms.cancel(request.origin, shown))


def submit_cancel(request: SlackRequest) -> None:
    """Cancel a meeting from the form."""
    _cancel(request, every=request.chosen("which") == ALL)


def press_cancelled(request: SlackRequest) -> None:
    """Cancel one meeting, or all, from a button."""
    _cancel(request, every=not request.action["action_id"].endswith(ONE))


def _cancel(request: SlackRequest, *, every: bool) -> None:
    with request.begin() as (session, caller):
        change = reschedule.cancel_all if every else reschedule.cancel_one
        said = change(session, caller, pressed(request), request.now)
    request.done(said)


def press_keep(request: SlackRequest) -> None:
    """Leave everything as it is."""
    request.answer("Good. Nothing has changed.", replace=True)


# who takes the minutes ---------------------------------------------------------------------------------


def press_cannot(request: SlackRequest) -> None:
    """Pass the minutes on to the next agency."""
    with request.begin() as (session, caller):
        meeting = meetings.lock(session, pressed(request))
        if meeting is None or meeting.consortium_id != caller.consortium.id:
            raise Refusal("There is no such meeting any more. `/meeting` lists what is planned.")
        if meeting.notes_id != caller.person.id:
            shown = snapshot.take(session, meeting)
            who = f"{escape(shown.notes)} takes them now." if shown.notes else "Nobody takes them yet."
            raise Refusal(f"The minutes of {views.name(shown)}, are not yours any more. {who}")
        _still_wanted(snapshot.take(session, meeting))
        chosen = note_takers.pass_on(session, meeting, request.now)
        session.flush()
        shown = snapshot.take(session, meeting)
        to = f" {escape(chosen.name)} is asked now." if chosen else " Nobody else is left to ask, so the chair will be."
    request.done(f"Thanks for saying so. The minutes of {views.name(shown)}, are not yours any more.{to}")


def _still_wanted(shown: snapshot.MeetingSnapshot) -> None:
    """Refuse to pass on minutes that nobody waits for any more. Raises Refusal."""
    if shown.cancelled:
        raise Refusal(f"{views.name(shown)}, is cancelled, so there are no minutes to take. `/meeting` lists the next.")
    if shown.written:
        raise Refusal(f"The minutes of {views.name(shown)}, are written already, so there is nothing left to pass on.")


def tomorrow(request: SlackRequest) -> datetime:
    """Give a sensible first date for a form: the same hour in a week, on the full hour."""
    return (request.now + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)


WITHOUT = (
    "Calendar addresses are not set up here yet: the bot has not been told under which public address it is reached. "
    "IT can do that with one setting, for example `PUBLIC_URL=https://bot.example`; then `/meeting calendar` gives you "
    "yours. Until then a calendar file goes with each agenda and each change."
)


HOW = (
    "Paste it where your calendar takes one: in Google *Other calendars, From URL*, in Outlook *Add calendar, "
    "Subscribe from web*, in Apple *File, New calendar subscription*. It keeps itself current."
)


def show_address(request: SlackRequest) -> None:
    """Give the caller an address, or say that there is one already."""
    with request.look() as (session, caller):
        since = calendars.made_at(session, caller.person.id)
        zone = caller.zone
    if not request.deps.public_url.url:
        request.answer(WITHOUT)
    elif since is None:
        renew_address(request, replace=False)
    else:
        text = (
            f"You have had a calendar address since {moment(since, zone)}. It was shown once and is kept nowhere, so I "
            "cannot repeat it. A new one takes its place; the old one stops working."
        )
        request.answer("You have a calendar address.", [section(text), _address_buttons()])


def press_new_address(request: SlackRequest) -> None:
    """Give the caller a new address in place of the old one."""
    if request.deps.public_url.url:
        renew_address(request, replace=True)
        return
    with request.look():
        request.answer(WITHOUT)


def renew_address(request: SlackRequest, *, replace: bool) -> None:
    """Make an address and tell it privately: the answer goes straight to the person and lies in no outbox."""
    with request.begin() as (session, caller):
        secret = calendars.renew(session, caller.person.id, request.now)
        name = caller.consortium.name
        audit.note(session, caller.consortium.id, caller.person.id, "renewed", "own calendar address", request.now)
    text = lines(
        [
            f"*Your calendar address* for the meetings of {escape(name)}:",
            f"`{request.deps.public_url.url}/calendar/{secret}.ics`",
            HOW,
            "It shows titles and times to whoever has it, so keep it to yourself. It is shown this once.",
        ]
    )
    request.answer("Your calendar address.", [section(text), _address_buttons()], replace=replace)


def press_address_off(request: SlackRequest) -> None:
    """Switch the caller's address off."""
    with request.begin() as (session, caller):
        gone = calendars.revoke(session, caller.person.id)
        if gone:
            audit.note(
                session, caller.consortium.id, caller.person.id, "switched off", "own calendar address", request.now
            )
    said = "It is switched off and shows nothing any more." if gone else "It was off already."
    request.answer(f"{said} `/meeting calendar` makes a new address.", replace=True)


def _address_buttons() -> ActionsBlock:
    return block_kit.row(
        block_kit.button("New address", "calendar.new"), block_kit.button("Switch off", "calendar.off")
    )
