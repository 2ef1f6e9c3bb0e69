"""What is pressed, filled in and shown of polls."""

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import clean, written
from handlers.polls import creation, forms, parsing, rules, snapshot, voting
from handlers.polls.voting import no_such
from handlers.proposals import interactions
from storage import outbox, polls, proposals
from storage import voting as papers
from storage.polls import Poll
from storage.vocabulary import PollKind, PollState


def must_see(ask: Ask, number: int, channel: str) -> None:
    """Keep what was asked in a private channel there. Raises Refusal."""
    if not ask.deps.directory.can_see(ask.workspace, channel, ask.user):
        raise Refusal(
            f"#{number} belongs to a private channel that you are not in. Somebody there can invite you. `/vote` "
            "lists what is waiting for you."
        )


def show(ask: Ask, number: int) -> None:
    """Open everything about a poll or proposal."""
    with ask.look("consortium") as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        if poll is not None:
            must_see(ask, number, poll.channel)
        view = _details(ask, session, caller, poll) if poll else None
        known = view is not None or proposals.get(session, caller.consortium.id, number) is not None
    if not known:
        no_such(number)
    if view is None:
        interactions.show(ask, number)
    else:
        ask.open(view)


def _details(ask: Ask, session: Session, caller: Caller, poll: Poll) -> dict[str, object]:
    voted = caller.member is not None and polls.ballot_of(session, poll.id, caller.member.id) is not None
    picture = snapshot.take(session, poll, reveal=voted)
    may = caller.facilitates or (caller.member is not None and caller.member.id == poll.author_id)
    return forms.details(picture, ask.origin, may_close=may, voted=voted)


def close(ask: Ask, number: int) -> None:
    """Close a poll, or a proposal once everybody was heard."""
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
    if poll is None:
        interactions.close(ask, number)
        return
    must_see(ask, number, poll.channel)
    with ask.begin() as (session, caller):
        said = voting.close_now(session, caller, ask.deps.keys, number, ask.now)
    ask.done(said)


def retract(ask: Ask, number: int) -> None:
    """Take a ballot back."""
    with ask.begin() as (session, caller):
        said = voting.retract(session, caller, number, ask.now)
    ask.done(said)


def open_form(ask: Ask, question: str = "") -> None:
    """Open the form for a new poll."""
    if len(question) > creation.QUESTION:
        raise Refusal(
            f"The question has {len(question):,} characters; there is room for {creation.QUESTION}. `/vote new` opens "
            "an empty form."
        )
    with ask.look() as (_, caller):
        days = caller.consortium.open_days
    ask.open(forms.new(ask.origin, question, ask.now, days))


def asked(poll: Poll, caller: Caller) -> str:
    """Say that a poll is on its way."""
    return f"#{poll.number} is on its way to the channel. It closes {written(poll.closes_at, caller.zone)}."


def submit_new(ask: Ask) -> None:
    """Make a poll from the form."""
    private = ask.deps.directory.is_private(ask.workspace, ask.channel)
    with ask.begin() as (session, caller):
        draft = parsing.written_poll(ask, caller, private=private)
        poll = creation.ask_all(session, caller, ask.deps.keys, draft, ask.now)
        said = asked(poll, caller)
    ask.done(said)


def _pressed(ask: Ask) -> int:
    number = command_text.number(ask.value)
    return number if number is not None else no_such(0)


def press_cast(ask: Ask) -> None:
    """Vote with one press."""
    place = int(ask.action["action_id"].removeprefix("poll.cast."))
    cast(ask, _pressed(ask), {place: 1})


def cast(ask: Ask, number: int, ballot: rules.Choices) -> None:
    """Keep a ballot and say what was noted."""
    with ask.vote(papers.of_poll, number) as (session, voter, poll):
        if poll is None:
            no_such(number)
        said = voting.cast(session, voter, ask.deps.keys, poll, ballot, ask.now)
        if poll.ts is None and ask.in_message and ask.channel == poll.channel:
            outbox.learn_ts(session, poll.live_id, ask.message_ts)
    ask.done(said)


def press_vote(ask: Ask) -> None:
    """Open the form for a ballot."""
    number = _pressed(ask)
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        if poll is None:
            no_such(number)
        voting.must_be_open(poll, ask.now)
        own = polls.ballot_of(session, poll.id, caller.person.id)
        view = forms.vote(
            snapshot.take(session, poll), rules.unpack(own.choices if own else None), caller.zone, ask.origin
        )
    ask.open(view)


def submit_vote(ask: Ask) -> None:
    """Keep a ballot from the form."""
    number = int(ask.carry["number"])
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        kind = poll.kind if poll else PollKind.ONE
        first = "choice" if kind is PollKind.ONE else "choices"
        places = [option.place for option in polls.options(session, poll.id)] if poll else []
    try:
        cast(ask, number, parsing.ballot(ask, kind, places))
    except Refusal as refusal:
        fields = {PollKind.ONE: first, PollKind.SEVERAL: first, PollKind.RANKED: "rank.1"}
        place = fields.get(kind, f"option.{places[0]}" if places else None)
        closed = poll is None or poll.state is PollState.CLOSED or ask.now >= poll.closes_at or refusal.blocks
        raise Refusal(refusal.sentence, field=None if closed else place, blocks=refusal.blocks) from None


def press_add(ask: Ask) -> None:
    """Open the form for one more option."""
    number = _pressed(ask)
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        if poll is None:
            no_such(number)
        voting.must_be_open(poll, ask.now)
        view = forms.add(snapshot.take(session, poll), ask.origin)
    ask.open(view)


def submit_add(ask: Ask) -> None:
    """Add an option."""
    label = " ".join(clean(ask.written("label")).split())
    number = int(ask.carry["number"])
    with ask.begin() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        starts_at = None
        if poll is not None and poll.kind is PollKind.TIME:
            starts_at = parsing.moment_at(label, ask, caller, "label")
        said = voting.add_option(session, caller, number, label, starts_at, ask.now)
    ask.done(said)


def press_details(ask: Ask) -> None:
    """Open everything about a poll from a button."""
    show(ask, _pressed(ask))


def press_retract(ask: Ask) -> None:
    """Take a ballot back from a button."""
    retract(ask, _pressed(ask))


def press_close(ask: Ask) -> None:
    """Close from a button."""
    close(ask, _pressed(ask))


def press_form(ask: Ask) -> None:
    """Open the form from a button that may carry a question."""
    open_form(ask, ask.value)
