"""Buttons and forms of single meetings: the list, agendas, moving, and canceling."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text
from handlers.kit.callers import Caller
from handlers.kit.payload import parsed, whole_number
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, quote, sanitize, slack_date
from handlers.meetings import agenda, channel_posts, forms, lookup, parsing, participants, reschedule, views
from handlers.meetings.forms import ALL, ONE
from handlers.meetings.lookup import requested_meeting_id
from handlers.meetings.snapshot import MeetingSnapshot, OwnPart, without_private_proposals
from storage import meetings, outbox
from storage.meetings import Meeting
from storage.members import Member
from storage.vocabulary import Language

_NO_MEETING = {
    Language.ENGLISH: "No meeting is planned yet to discuss this. Plan one, for example: "
    '`/meeting new "Council" 2026-12-03 14:00`, and press the button again.',
    Language.SPANISH: "Todavía no hay ninguna reunión programada para conversar sobre esto. Programe una, por ejemplo: "
    '`/meeting new "Council" 2026-12-03 14:00`, y pulse el botón de nuevo.',
}


def show_list(request: SlackRequest) -> None:
    """List the next meetings with their agendas and buttons."""
    request.show_window("meetings")


def render_list(request: SlackRequest, _: str) -> dict[str, Any]:
    """Render the next meetings that the person may see from where the list was opened."""
    request.ask_about_origin()
    with request.read() as (session, caller):
        upcoming = lookup.upcoming(session, caller, request)
        blocks = views.overview(upcoming.listed, upcoming.more, upcoming.hidden)
    return block_kit.info_form("Meetings", blocks)


# agendas -----------------------------------------------------------------------------------------------


def press_add(request: SlackRequest) -> None:
    """Open the form for an agenda item."""
    with request.read() as (session, caller):
        shown = lookup.see_part(request, session, caller, requested_meeting_id(request))
        if shown.cancelled or shown.ends_at <= request.now:
            state = "is canceled" if shown.cancelled else "is over"
            raise Refusal(f"{views.meeting_name(shown)}, {state}. `/meeting` lists what is planned.")
        view = forms.add_item(request.origin, shown, request.user)
    request.open_form(view)


def submit_item(request: SlackRequest) -> None:
    """Put an item from the form on an agenda."""
    title = " ".join(sanitize(request.text_value("title")).split())
    with request.begin() as (session, caller):
        shown = lookup.see_part(request, session, caller, requested_meeting_id(request), lock=True)
        own_part = isinstance(shown, OwnPart)
        length = parsing.parse_item_length(request.text_value("length"))
        member_id = parsing.parse_person_field(session, caller, request, "who") or caller.person.id
        if own_part and member_id != caller.person.id:
            raise Refusal(
                "You are not in the private channel of this meeting, so you can only add what you bring yourself.",
                field="who",
            )
        who = session.get_one(Member, member_id)
        answer = agenda.add_item(session, caller, shown.id, title, length, who, request.now, own_part=own_part)
    request.show_result(answer)


def press_suggest(request: SlackRequest) -> None:
    """Put a suggested topic on the agenda of this channel's next meeting or else the consortium's next public one.

    The answer is in the language of the button.
    """
    spanish = request.action["action_id"] == f"meeting.suggest.{Language.SPANISH.value}"
    language = Language.SPANISH if spanish else Language.ENGLISH
    title = " ".join(sanitize(request.value).split())
    with request.begin() as (session, caller):
        meeting = lookup.next_in_channel_or_public(session, caller, request)
        if meeting is None:
            raise Refusal(_NO_MEETING[language], language=language)
        lookup.see_meeting(request, session, caller, meeting.id, lock=True)
        answer = agenda.add_item(session, caller, meeting.id, title, None, caller.person, request.now)
        if language is Language.SPANISH:
            series = meetings.series_of(session, meeting)
            when = slack_date(meeting.starts_at, series.zone)
            answer = f"{quote(title)} está en la agenda de {bold(series.title)}, {when}."
    request.show_result(answer, language=language)


def press_agenda(request: SlackRequest) -> None:
    """Show the agenda of a meeting from a button."""
    show_agenda(request, requested_meeting_id(request))


def show_agenda(request: SlackRequest, meeting_id: int = 0) -> None:
    """Show the caller the agenda of a meeting; without an id, or where it is gone, of this channel's next one."""
    with request.read() as (session, caller):
        meeting = meetings.get(session, caller.consortium.id, meeting_id)
        meeting = meeting or lookup.next_in_channel(session, caller, request)
        shown = str(meeting.id)
    request.show_window("agenda", shown)


def render_agenda(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render the agenda of the meeting with this id, as far as the caller may see it."""
    with request.read() as (session, caller):
        shown = lookup.see_part(request, session, caller, command_text.parse_row_id(value))
        blocks = (
            views.own_agenda(shown) if isinstance(shown, OwnPart) else _agenda_blocks(request, session, caller, shown)
        )
    return block_kit.info_form("Agenda", blocks)


def _agenda_blocks(request: SlackRequest, session: Session, caller: Caller, shown: MeetingSnapshot) -> list[Block]:
    """Return the agenda of a meeting for a caller who may see the whole meeting."""
    meeting = session.get_one(Meeting, shown.id)
    series = meetings.series_of(session, meeting)
    may_change = participants.may_change(series, caller.person)
    removable = forms.removable_items(shown, caller.person.id, may_change=may_change)
    published = channel_posts.is_agenda_published(session, series, meeting)
    may_publish = may_change and meeting.starts_at > request.now and not published
    private_proposals = any(proposal.private for proposal in shown.proposals)
    if private_proposals and not lookup.is_in_channel(request, caller, shown):
        shown = without_private_proposals(shown)
    return views.agenda_for_reader(shown, removable, may_publish=may_publish)


def press_off(request: SlackRequest) -> None:
    """Remove the chosen item from its agenda."""
    item_id = command_text.parse_row_id(request.value)
    with request.begin() as (session, caller):
        lookup.check_sees_item(request, session, caller, item_id)
        answer = agenda.remove_item(session, caller, item_id, request.now)
    request.show_result(answer)


def press_publish(request: SlackRequest) -> None:
    """Publish an agenda early from a button."""
    publish(request, requested_meeting_id(request))


def publish(request: SlackRequest, meeting_id: int = 0) -> None:
    """Publish the agenda of a meeting early; without an id, of this channel's next one."""
    with request.begin() as (session, caller):
        meeting_id = meeting_id or lookup.next_in_channel(session, caller, request).id
        lookup.see_meeting(request, session, caller, meeting_id, lock=True)
        series, meeting = reschedule.lock_changeable(session, caller, meeting_id, request.now)
        published = channel_posts.publish_agenda(session, series, meeting, request.now)
        missing = outbox.find_undelivered(session, meeting.live_id) is not None
        name = f"{bold(series.title)}, {slack_date(meeting.starts_at, series.zone)}"
    if not published and missing:
        raise Refusal(
            f"The agenda of {name}, is published, but not in the channel yet. If it does not come soon, facilitators "
            "find it among the messages to check in `/consortium`."
        )
    if not published:
        raise Refusal(f"The agenda of {name}, is already in the channel. It updates with every change.")
    request.show_result(f"The agenda of {name}, is on its way to the channel. It updates with every change.")


# moving and canceling -----------------------------------------------------------------------------------


def press_move(request: SlackRequest) -> None:
    """Open the form that moves a meeting."""
    _open_change_form(request, forms.move_meeting)


def press_cancel(request: SlackRequest) -> None:
    """Open the form that cancels a meeting."""
    _open_change_form(request, forms.cancel_meeting)


def _open_change_form(
    request: SlackRequest, render: Callable[[dict[str, Any], MeetingSnapshot], dict[str, Any]]
) -> None:
    with lookup.read_meeting(request) as (session, caller, shown):
        meeting = meetings.get(session, caller.consortium.id, shown.id)
        reschedule.require_changeable(session, caller, meeting, request.now)
    request.open_form(render(request.origin, shown))


def submit_move(request: SlackRequest) -> None:
    """Move one meeting, or all later ones too, from the form."""
    _move(request, lambda: parsing.parse_time_field(request, "begins"), every=request.selected_value("which") == ALL)


def press_moved(request: SlackRequest) -> None:
    """Move one meeting, or all later ones too, from a button."""
    seconds = request.value.partition("|")[2]
    to = datetime.fromtimestamp(parsed(whole_number, seconds, "the value of a button"), UTC)
    _move(request, lambda: to, every=request.action["action_id"].endswith(ALL))


def _move(request: SlackRequest, parse_time: Callable[[], datetime], *, every: bool) -> None:
    with lookup.begin_change(request) as (session, caller, shown):
        move = reschedule.move_all if every else reschedule.move_one
        answer = move(session, caller, shown.id, parse_time(), request.now)
    request.show_result(answer)


def submit_cancel(request: SlackRequest) -> None:
    """Cancel one meeting, or all later ones too, from the form."""
    _cancel(request, every=request.selected_value("which") == ALL)


def press_cancelled(request: SlackRequest) -> None:
    """Cancel one meeting, or all later ones too, from a button."""
    _cancel(request, every=not request.action["action_id"].endswith(ONE))


def _cancel(request: SlackRequest, *, every: bool) -> None:
    with lookup.begin_change(request) as (session, caller, shown):
        cancel = reschedule.cancel_all if every else reschedule.cancel_one
        answer = cancel(session, caller, shown.id, request.now)
    request.show_result(answer)


def press_keep(request: SlackRequest) -> None:
    """Leave everything as it is."""
    request.answer("OK. Nothing has changed.", replace=True)
