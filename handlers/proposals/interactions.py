"""What is pressed, filled in and shown of proposals as wholes; positions are taken in `stance_pressing`."""

from sqlalchemy.orm import Session

from handlers.kit.block_kit import button
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import clean, counted, escape, written
from handlers.proposals import creation, forms, lifecycle, parsing, positions, snapshot
from handlers.proposals.lookup import learn, must_be_open, no_such, pressed, seen
from handlers.proposals.rules import WITH_REASON
from storage import members, outbox, proposals, voting
from storage import positions as stored_positions
from storage.proposals import Proposal
from storage.vocabulary import Seat, Stance, UptakeKind


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
        for p in stored_positions.every(session, proposal.id)
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
        picture = snapshot.take(session, proposal)
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


def press_stance(ask: Ask) -> None:
    """Take a position, or ask for its reason first."""
    number, stance = pressed(ask), Stance(ask.action["action_id"].removeprefix("proposal.say."))
    if stance in WITH_REASON:
        ask_reason(ask, number, stance)
        return
    state_position(ask, number, stance, "")


def state_position(ask: Ask, number: int, stance: Stance, reason: str) -> None:
    """Keep a position and say what was noted."""
    with ask.vote(voting.of_proposal, number) as (session, voter, proposal):
        if proposal is None:
            no_such(number)
        said = positions.say(session, voter, proposal, stance, reason, ask.now)
        again = [button("Read or change", "proposal.details", str(number))] if ask.in_direct_message else []
        if proposal.ts is None and ask.in_message and ask.channel == proposal.channel:
            outbox.learn_ts(session, proposal.live_id, ask.message_ts)
    ask.done(said, *again)


def ask_reason(ask: Ask, number: int, stance: Stance) -> None:
    """Open the form for a reason, which says first who will read it."""
    with ask.look() as (session, caller):
        proposal = proposals.get(session, caller.consortium.id, number)
        if proposal is None:
            no_such(number)
        must_be_open(proposal, ask.now)
        picture = snapshot.take(session, proposal)
        insiders = {m.user_id for m in members.living(session, caller.consortium.id)}
    view = forms.reason(picture, stance, _reader_note(ask, proposal.channel, insiders), ask.origin)
    if ask.carry.get("stance"):
        ask.change(view)
    else:
        ask.open(view)


def _reader_note(ask: Ask, channel: str, insiders: set[str]) -> str:
    """Say who will read a reason: "everyone in #council, 6 of them from outside the consortium"."""
    directory = ask.deps.directory
    name = directory.channel_name(ask.workspace, channel) or "the channel"
    outside = [user for user in directory.audience(ask.workspace, channel) if user not in insiders]
    people = [person for user in outside if (person := directory.person(ask.workspace, user)) and not person.bot]
    if not people:
        return f"everyone in {escape(name)}"
    return f"everyone in {escape(name)}, {counted(len(people), 'of them', 'of them')} from outside the consortium"


def press_instead(ask: Ask) -> None:
    """Ask for the reason to stand aside, instead of that for a block."""
    ask_reason(ask, pressed(ask), Stance.ASIDE)


def submit_reason(ask: Ask) -> None:
    """Keep a position with its reason."""
    reason = clean(ask.written("reason"))
    if not reason:
        raise Refusal("It is recorded with a reason, so that it can be talked about.", field="reason")
    state_position(ask, int(ask.carry["number"]), Stance(ask.carry["stance"]), reason)


def retract_position(ask: Ask, number: int) -> None:
    """Take a position back."""
    with ask.begin() as (session, caller):
        said = positions.retract(session, caller, number, ask.now)
    ask.done(said)


def press_retract(ask: Ask) -> None:
    """Take a position back from a button."""
    retract_position(ask, pressed(ask))


def press_uptake(ask: Ask) -> None:
    """Keep how an agency takes a decision up, or ask how it is adapted or why it is not taken up."""
    number = pressed(ask)
    how = UptakeKind[ask.action["action_id"].removeprefix("proposal.uptake.").upper()]
    if how is UptakeKind.AS_IT_IS:
        _take_up(ask, number, how, "")
        return
    with ask.look() as (session, caller):
        picture = seen(session, caller, number)
    ask.open(forms.uptake(picture, how, ask.origin))


def submit_uptake(ask: Ask) -> None:
    """Keep how an agency adapts a decision, or why it does not take it up."""
    _take_up(ask, int(ask.carry["number"]), UptakeKind[ask.carry["how"]], clean(ask.written("reason")))


def _take_up(ask: Ask, number: int, how: UptakeKind, note: str) -> None:
    with ask.begin() as (session, caller):
        said = positions.take_up(session, caller, number, how, note, ask.now)
    ask.done(said)
