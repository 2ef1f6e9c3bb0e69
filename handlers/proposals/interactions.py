"""What is pressed, filled in and shown of proposals as wholes; positions are taken in `stance_pressing`."""

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.slack_request import Ask
from handlers.kit.text import clean, written
from handlers.proposals import creation, forms, lifecycle, parsing
from handlers.proposals import snapshot as pictures
from handlers.proposals.guards import no_such
from handlers.proposals.lookup import learn, pressed, seen
from storage import positions, proposals
from storage.proposals import Proposal
from storage.vocabulary import Seat


def open_form(ask: Ask, title: str = "") -> None:
    """Open the form for a new proposal."""
    title = " ".join(title.split())
    with ask.look() as (_, caller):
        creation.check_words(creation.Draft(title=title or "-", channel=ask.channel))
        view = forms.new(caller.consortium, ask.origin, title, ask.now)
    ask.open(view)


def press_form(ask: Ask) -> None:
    """Open the form from a button."""
    open_form(ask)


def posted(proposal: Proposal, caller: Caller) -> str:
    """Say that a proposal is on its way."""
    return f"#{proposal.number} is on its way to the channel. It closes {written(proposal.closes_at, caller.zone)}."


def submit_new(ask: Ask) -> None:
    """Make a proposal from the form."""
    with ask.begin() as (session, caller):
        draft = parsing.written_draft(ask)
        proposal = creation.propose(session, caller, draft, ask.now)
        said = posted(proposal, caller)
    ask.done(said)


def show(ask: Ask, number: int) -> None:
    """Open everything about a proposal."""
    with ask.look("consortium") as (session, caller):
        picture = seen(session, caller, number)
        member = caller.member
        view = forms.details(
            picture,
            ask.origin,
            author=member is not None and member.user_id == picture.author_user,
            facilitator=caller.facilitates,
            said=member is not None and _has_word(session, caller, number),
            member=member is not None,
        )
    ask.open(view)


def _has_word(session: Session, caller: Caller, number: int) -> bool:
    """Tell whether the caller has said something that can be taken back."""
    proposal = proposals.get(session, caller.consortium.id, number)
    if proposal is None:
        return False
    return any(
        p.member_id == caller.person.id and (p.vacated_at is None or p.seat is Seat.MEMBER)
        for p in positions.every(session, proposal.id)
    )


def press_details(ask: Ask) -> None:
    """Open everything about a proposal from a button."""
    number = pressed(ask)
    if ask.in_message:
        with ask.begin("consortium") as (session, caller):
            learn(ask, session, caller, number)
    show(ask, number)


def close(ask: Ask, number: int) -> None:
    """Close a proposal once everybody was heard."""
    with ask.begin() as (session, caller):
        said = lifecycle.close_now(session, caller, number, ask.now)
    ask.done(said)


def extend(ask: Ask, number: int) -> None:
    """Give an undecided proposal its time again."""
    with ask.begin() as (session, caller):
        said = lifecycle.extend(session, caller, number, ask.now)
    ask.done(said)


def withdraw(ask: Ask, number: int) -> None:
    """Withdraw a proposal."""
    with ask.begin() as (session, caller):
        said = lifecycle.withdraw(session, caller, number, ask.now)
    ask.done(said)


def amend(ask: Ask, number: int) -> None:
    """Open the form for a new wording."""
    with ask.look() as (session, caller):
        proposal = proposals.get(session, caller.consortium.id, number)
        if proposal is None:
            no_such(number)
        lifecycle.may_amend(caller, proposal, ask.now)
        picture = pictures.take(session, proposal)
    view = forms.amend(picture, {**ask.origin, "number": number, "version": picture.version})
    ask.open(view)


def submit_amend(ask: Ask) -> None:
    """Give a proposal a new wording."""
    wording = (" ".join(clean(ask.written("title")).split()), clean(ask.written("why")))
    with ask.begin() as (session, caller):
        number, seen = int(ask.carry["number"]), int(ask.carry["version"])
        said = lifecycle.amend(session, caller, number, wording, seen, ask.now)
    ask.done(said)


def press_amend(ask: Ask) -> None:
    """Open the form for a new wording from a button."""
    amend(ask, pressed(ask))


def press_close(ask: Ask) -> None:
    """Close from a button."""
    close(ask, pressed(ask))


def press_extend(ask: Ask) -> None:
    """Extend from a button."""
    extend(ask, pressed(ask))


def press_withdraw(ask: Ask) -> None:
    """Withdraw from a button."""
    withdraw(ask, pressed(ask))


BY_NUMBER = {"show": show, "amend": amend, "close": close, "extend": extend, "withdraw": withdraw}
