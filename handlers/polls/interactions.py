"""What is pressed, filled in and shown of polls."""

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, written
from handlers.polls import creation, forms, parsing, rules, snapshot, voting
from handlers.polls.audience import check_sees_poll, no_such, see_poll
from handlers.polls.pending import waiting_for
from handlers.proposals import interactions, lifecycle, positions
from handlers.proposals.audience import see_proposal
from storage import outbox, polls, proposals
from storage import voting as papers
from storage.polls import Poll
from storage.vocabulary import PollKind, PollState


def show(request: SlackRequest, number: int) -> None:
    """Open everything about a poll or proposal."""
    with request.look("consortium") as (session, caller):
        poll = see_poll(request, session, caller, number)
        view = _details(request, session, caller, poll) if poll else None
        known = view is not None or proposals.get(session, caller.consortium.id, number) is not None
    if not known:
        no_such(number)
    if view is None:
        interactions.show_details(request, number)
    else:
        request.open(view)


def _details(request: SlackRequest, session: Session, caller: Caller, poll: Poll) -> dict[str, object]:
    voted = caller.member is not None and polls.ballot_of(session, poll.id, caller.member.id) is not None
    picture = snapshot.take(session, poll, reveal=voted)
    may = caller.facilitates or (caller.member is not None and caller.member.id == poll.author_id)
    return forms.details(picture, request.origin, may_close=may, voted=voted)


def close(request: SlackRequest, number: int) -> None:
    """Close a poll, or a proposal once everybody was heard."""
    with request.begin() as (session, caller):
        if see_poll(request, session, caller, number) is not None:
            said = voting.close_now(session, caller, request.deps.keys, number, request.now)
        else:
            see_proposal(request, session, caller, number)
            said = lifecycle.close_early(session, caller, number, request.now)
    request.done(said)


def retract(request: SlackRequest, number: int) -> None:
    """Take back a ballot, or a position on a proposal."""
    with request.begin() as (session, caller):
        if see_poll(request, session, caller, number) is not None:
            said = voting.retract(session, caller, number, request.now)
        else:
            see_proposal(request, session, caller, number)
            said = positions.retract_position(session, caller, number, request.now)
    request.done(said)


def open_form(request: SlackRequest, question: str = "") -> None:
    """Open the form for a new poll."""
    if len(question) > creation.QUESTION:
        raise Refusal(
            f"The question has {len(question):,} characters; there is room for {creation.QUESTION}. `/vote new` opens "
            "an empty form."
        )
    with request.look() as (_, caller):
        days = caller.consortium.open_days
    request.open(forms.new(request.origin, question, request.now, days))


def asked(poll: Poll, caller: Caller) -> str:
    """Say that a poll is on its way."""
    return f"#{poll.number} is on its way to the channel. It closes {written(poll.closes_at, caller.zone)}."


def submit_new(request: SlackRequest) -> None:
    """Make a poll from the form."""
    private = request.in_private_channel()
    with request.begin() as (session, caller):
        draft = parsing.written_poll(request, caller, private=private)
        poll = creation.ask_all(session, caller, request.deps.keys, draft, request.now)
        said = asked(poll, caller)
    request.done(said)


def _pressed(request: SlackRequest) -> int:
    number = command_text.number(request.value)
    return number if number is not None else no_such(0)


def press_cast(request: SlackRequest) -> None:
    """Vote with one press."""
    place = int(request.action["action_id"].removeprefix("poll.cast."))
    cast(request, _pressed(request), {place: 1})


def cast(request: SlackRequest, number: int, ballot: rules.Choices) -> None:
    """Keep a ballot and say what was noted."""
    with request.vote(papers.of_poll, number) as (session, voter, poll):
        if poll is None:
            no_such(number)
        check_sees_poll(request, voter.person.id, poll)
        said = voting.cast(session, voter, request.deps.keys, poll, ballot, request.now)
        if poll.ts is None and request.in_message and request.channel == poll.channel:
            outbox.learn_ts(session, poll.live_id, request.message_ts)
    request.done(said)


def press_vote(request: SlackRequest) -> None:
    """Open the form for a ballot."""
    number = _pressed(request)
    with request.look() as (session, caller):
        poll = see_poll(request, session, caller, number)
        if poll is None:
            no_such(number)
        voting.must_be_open(poll, request.now)
        own = polls.ballot_of(session, poll.id, caller.person.id)
        view = forms.vote(
            snapshot.take(session, poll), rules.unpack(own.choices if own else None), caller.zone, request.origin
        )
    request.open(view)


def submit_vote(request: SlackRequest) -> None:
    """Keep a ballot from the form."""
    number = int(request.carry["number"])
    with request.look() as (session, caller):
        poll = see_poll(request, session, caller, number)
        kind = poll.kind if poll else PollKind.ONE
        first = "choice" if kind is PollKind.ONE else "choices"
        places = [option.place for option in polls.options(session, poll.id)] if poll else []
    try:
        cast(request, number, parsing.ballot(request, kind, places))
    except Refusal as refusal:
        fields = {PollKind.ONE: first, PollKind.SEVERAL: first, PollKind.RANKED: "rank.1"}
        place = fields.get(kind, f"option.{places[0]}" if places else None)
        closed = poll is None or poll.state is PollState.CLOSED or request.now >= poll.closes_at or refusal.buttons
        raise Refusal(refusal.sentence, field=None if closed else place, buttons=refusal.buttons) from None


def press_add(request: SlackRequest) -> None:
    """Open the form for one more option."""
    number = _pressed(request)
    with request.look() as (session, caller):
        poll = see_poll(request, session, caller, number)
        if poll is None:
            no_such(number)
        voting.must_be_open(poll, request.now)
        view = forms.add(snapshot.take(session, poll), request.origin)
    request.open(view)


def submit_add(request: SlackRequest) -> None:
    """Add an option."""
    label = " ".join(clean(request.written("label")).split())
    number = int(request.carry["number"])
    with request.begin() as (session, caller):
        poll = see_poll(request, session, caller, number)
        starts_at = None
        if poll is not None and poll.kind is PollKind.TIME:
            starts_at = parsing.moment_at(label, request, caller, "label")
        said = voting.add_option(session, caller, number, label, starts_at, request.now)
    request.done(said)


def press_details(request: SlackRequest) -> None:
    """Open everything about a poll from a button."""
    show(request, _pressed(request))


def press_retract(request: SlackRequest) -> None:
    """Take a ballot back from a button."""
    retract(request, _pressed(request))


def press_close(request: SlackRequest) -> None:
    """Close from a button."""
    close(request, _pressed(request))


def press_form(request: SlackRequest) -> None:
    """Open the form from a button that may carry a question."""
    open_form(request, request.value)


def show_waiting(request: SlackRequest) -> None:
    """List what waits for the person in this channel."""
    with request.look() as (session, caller):
        blocks = waiting_for(session, caller, request.reader(caller.person.id), request.now)
    request.answer("What is waiting for you.", blocks)
