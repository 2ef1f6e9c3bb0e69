"""Buttons and forms of polls. Numbers are shared with proposals, so some also work for these."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text
from handlers.kit.callers import Caller
from handlers.kit.payload import parsed, whole_number
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import format_time, sanitize, truncate
from handlers.polls import creation, forms, parsing, rules, voting
from handlers.polls.audience import check_sees_poll, no_such, of_either_kind, see_poll
from handlers.polls.pending import waiting_blocks
from handlers.polls.snapshot import load_snapshot
from handlers.proposals import interactions, lifecycle, positions
from handlers.proposals.audience import see_proposal
from storage import outbox, polls, proposals
from storage import voting as papers
from storage.polls import Poll
from storage.vocabulary import PollKind, PollState


def show_waiting(request: SlackRequest) -> None:
    """List what is waiting for the person, as far as they may see it in this channel."""
    request.show_window("waiting")


def render_waiting(request: SlackRequest, _value: str) -> dict[str, Any]:
    """Render the list of what is waiting for the person."""
    with request.read() as (session, caller):
        blocks = waiting_blocks(session, caller, request.reader(caller.person.id), request.now)
    return block_kit.info_form("Waiting for you", blocks)


# a new poll ---------------------------------------------------------------------------------------------


def press_form(request: SlackRequest) -> None:
    """Open the form for a new poll. The button may carry a question with its choices."""
    question, choices = parsing.guess_poll(request.value)
    open_form(request, truncate(question, creation.MAX_QUESTION), choices)


def open_form(request: SlackRequest, question: str = "", choices: tuple[str, ...] = ()) -> None:
    """Open the form for a new poll. Raise Refusal if the question is too long."""
    if len(question) > creation.MAX_QUESTION:
        raise Refusal(
            f"The question has {len(question):,} characters. There is room for {creation.MAX_QUESTION}. `/vote new` "
            "opens an empty form."
        )
    with request.read() as (_, caller):
        quarter = int((request.now + timedelta(days=caller.consortium.open_days)).timestamp()) // 900 * 900
        draft = creation.PollDraft(question, "", choices, datetime.fromtimestamp(quarter, UTC))
    open_form_with(request, draft, caller.zone)


def open_form_with(request: SlackRequest, draft: creation.PollDraft, zone: str) -> None:
    """Open the form for a new poll, with what was typed of it. In a direct message, it asks for the channel."""
    origin = request.origin
    if origin["channel"].startswith("D"):
        origin = {**origin, "channel": ""}
    request.open_form(forms.new_poll_form(origin, draft, zone))


def submit_new(request: SlackRequest) -> None:
    """Create a poll from the form."""
    channel = request.selected_value("channel") or request.channel
    private = request.posts_privately(channel)
    with request.read() as (_, caller):
        draft = parsing.parse_poll_form(request, caller, channel, private=private)
    creation.check_draft(draft)
    if draft.closes_late and not request.metadata.get("asked"):
        question = forms.late_closing_form({**request.origin, "channel": channel}, draft, caller.zone)
        request.acknowledge_form(response_action="push", view=question)
        return
    with request.begin() as (session, caller):
        poll = creation.create_poll(session, caller, request.deps.keys, draft, request.now)
        sentence = confirmation(poll, caller, draft)
    request.show_result(sentence)


def confirmation(poll: Poll, caller: Caller, draft: creation.PollDraft) -> str:
    """Return the answer to the person who created a poll."""
    only_begins = " The choices show when each begins." if draft.names_lengths else ""
    closes = format_time(poll.closes_at, caller.zone)
    return f"#{poll.number} is on its way to <#{poll.channel}>. It closes {closes}.{only_begins}"


# votes --------------------------------------------------------------------------------------------------


def press_cast(request: SlackRequest) -> None:
    """Vote with the button of an option."""
    place = parsed(whole_number, request.action["action_id"].removeprefix("poll.cast."), "action_id")
    _cast(request, _number_of(request), {place: 1})


def press_vote(request: SlackRequest) -> None:
    """Open the form for a ballot."""
    number = _number_of(request)
    with request.read() as (session, caller):
        poll = see_poll(request, session, caller, number)
        if poll is None:
            no_such(number)
        voting.check_open(poll, request.now)
        ballot = polls.find_own_ballot(session, poll, caller.person)
        choices = rules.unpack(ballot.choices if ballot else None)
        view = forms.ballot_form(load_snapshot(session, poll), choices, caller.zone, request.origin)
    request.open_form(view)


def submit_vote(request: SlackRequest) -> None:
    """Store the ballot from the form."""
    number = request.metadata.number("number")
    with request.read() as (session, caller):
        poll = see_poll(request, session, caller, number)
        if poll is None:
            no_such(number)
        kind, closed = poll.kind, poll.state is PollState.CLOSED or request.now >= poll.closes_at
        places = [option.place for option in polls.list_options(session, poll.id)]
    try:
        _cast(request, number, parsing.parse_ballot_form(request, kind, places))
    except Refusal as refusal:
        # a field shows neither formatting nor buttons, and nothing at a field helps once the poll has closed
        field = None if closed or refusal.buttons else _first_field(kind, places)
        raise Refusal(refusal.sentence, field=field, buttons=refusal.buttons) from None


def _first_field(kind: PollKind, places: list[int]) -> str:
    fields = {PollKind.ONE: "choice", PollKind.SEVERAL: "choices", PollKind.RANKED: "rank.1"}
    return fields.get(kind, f"option.{places[0]}")


def _cast(request: SlackRequest, number: int, choices: rules.Choices) -> None:
    """Store a ballot, and answer with the confirmation."""
    with request.begin_vote(papers.lock_for_ballot, number) as (session, voter, poll):
        if poll is None:
            no_such(number)
        check_sees_poll(request, voter.person.id, poll)
        # the home tab keeps what it shows, so a secret ballot is not repeated
        options = [] if poll.anonymous else polls.list_options(session, poll.id)
        places = [option.place for option in options] or None
        words = voting.words_of(poll.kind, choices, options, voter.person.zone)
        sentence = voting.cast_ballot(session, voter, request.deps.keys, poll, choices, request.now, places, words)
        if poll.ts is None and request.in_message and request.channel == poll.channel:
            outbox.record_live_ts(session, poll.live_id, request.message_ts)
    request.show_result(sentence)


def press_retract(request: SlackRequest) -> None:
    """Take back a ballot."""
    retract(request, _number_of(request))


def retract(request: SlackRequest, number: int) -> None:
    """Take back a ballot, or a position on a proposal."""
    with request.begin() as (session, caller):
        if see_poll(request, session, caller, number) is not None:
            sentence = voting.retract_ballot(session, caller, number, request.now)
        else:
            with of_either_kind(number):
                see_proposal(request, session, caller, number)
            sentence = positions.retract_position(session, caller, number, request.now)
    request.show_result(sentence)


# options ------------------------------------------------------------------------------------------------


def press_add(request: SlackRequest) -> None:
    """Open the form for another option."""
    number = _number_of(request)
    with request.read() as (session, caller):
        poll = see_poll(request, session, caller, number)
        if poll is None:
            no_such(number)
        voting.check_open(poll, request.now)
        view = forms.option_form(load_snapshot(session, poll), request.origin)
    request.open_form(view)


def submit_add(request: SlackRequest) -> None:
    """Add the option from the form."""
    label = " ".join(sanitize(request.text_value("label")).split())
    number = request.metadata.number("number")
    with request.begin() as (session, caller):
        poll = see_poll(request, session, caller, number)
        starts_at = None
        if poll is not None and poll.kind is PollKind.TIME:
            starts_at = parsing.parse_time_field(label, request, caller, "label")
        sentence = voting.add_option(session, caller, number, label, starts_at, request.now)
    request.show_result(sentence)


# details and closing ------------------------------------------------------------------------------------


def press_details(request: SlackRequest) -> None:
    """Open the details of a poll."""
    show(request, _number_of(request))


def show(request: SlackRequest, number: int) -> None:
    """Open the details of a poll or proposal."""
    with request.read("consortium") as (session, caller):
        is_poll = see_poll(request, session, caller, number) is not None
        exists = is_poll or proposals.get(session, caller.consortium.id, number) is not None
    if not exists:
        no_such(number)
    if is_poll:
        request.show_window("poll", str(number))
    else:
        with of_either_kind(number):
            interactions.show_details(request, number)


def render_details(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render the details of the poll with this number. Raise Refusal if the person may not see it."""
    number = parsed(whole_number, value, "the number of a poll")
    with request.read("consortium") as (session, caller):
        poll = see_poll(request, session, caller, number)
        return _details(request, session, caller, poll) if poll is not None else no_such(number)


def _details(request: SlackRequest, session: Session, caller: Caller, poll: Poll) -> dict[str, Any]:
    member = caller.member
    voted = member is not None and polls.has_voted(session, poll.id, member.id)
    may_retract = member is not None and polls.find_own_ballot(session, poll, member) is not None
    may_vote = member is not None and (caller.active_agency is not None or not poll.by_agency)
    may_close = caller.facilitates or (member is not None and member.id == poll.author_id)
    snapshot = load_snapshot(session, poll, reveal=voted)
    return forms.details_view(snapshot, request.origin, may_vote=may_vote, may_close=may_close, may_retract=may_retract)


def press_close(request: SlackRequest) -> None:
    """Close a poll."""
    close(request, _number_of(request))


def close(request: SlackRequest, number: int) -> None:
    """Close a poll, or a proposal on which everyone has been heard."""
    with request.begin() as (session, caller):
        if see_poll(request, session, caller, number) is not None:
            sentence = voting.close_now(session, caller, request.deps.keys, number, request.now)
        else:
            with of_either_kind(number):
                see_proposal(request, session, caller, number)
            sentence = lifecycle.close_early(session, caller, number, request.now)
    request.show_result(sentence)


def _number_of(request: SlackRequest) -> int:
    """Return the number that a button carries. Raise Refusal if it carries none."""
    number = command_text.parse_number(request.value)
    return number if number is not None else no_such(0)
