"""What is pressed, filled in and shown of proposals as wholes; positions are taken in `stance_pressing`."""

from sqlalchemy.orm import Session

from handlers.kit.block_kit import button
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, counted, escape, written
from handlers.proposals import creation, forms, lifecycle, parsing, positions, snapshot
from handlers.proposals.audience import check_sees_paper, refuse_unknown, see_proposal
from handlers.proposals.lookup import check_open, learn_message_ts, pressed_number
from handlers.proposals.rules import STANCES_WITH_REASON
from storage import members, outbox, proposals, voting
from storage import positions as stored_positions
from storage.proposals import Proposal
from storage.vocabulary import Seat, Stance, UptakeKind


def open_form(request: SlackRequest, title: str = "") -> None:
    """Open the form for a new proposal."""
    title = " ".join(title.split())
    with request.look() as (_, caller):
        creation.check_wording(creation.ProposalDraft(title=title or "-", channel=request.channel))
        view = forms.new(caller.consortium, request.origin, title, request.now)
    request.open(view)


def press_form(request: SlackRequest) -> None:
    """Open the form from a button."""
    open_form(request)


def posted_answer(proposal: Proposal, caller: Caller) -> str:
    """Say that a proposal is on its way."""
    return f"#{proposal.number} is on its way to the channel. It closes {written(proposal.closes_at, caller.zone)}."


def submit_new(request: SlackRequest) -> None:
    """Make a proposal from the form."""
    private = request.in_private_channel()
    with request.begin() as (session, caller):
        draft = parsing.submitted_draft(request, private=private)
        proposal = creation.create_proposal(session, caller, draft, request.now)
        said = posted_answer(proposal, caller)
    request.done(said)


def show_details(request: SlackRequest, number: int) -> None:
    """Open everything about a proposal."""
    with request.look("consortium") as (session, caller):
        picture = snapshot.load_snapshot(session, see_proposal(request, session, caller, number))
        member = caller.member
        view = forms.details(
            picture,
            request.origin,
            author=member is not None and member.user_id == picture.author_user,
            facilitator=caller.facilitates,
            said=member is not None and _has_word(session, caller, number),
            member=member is not None,
        )
    request.open(view)


def _has_word(session: Session, caller: Caller, number: int) -> bool:
    """Tell whether the caller has said something that can be taken back."""
    proposal = proposals.get(session, caller.consortium.id, number)
    if proposal is None:
        return False
    return any(
        p.member_id == caller.person.id and (p.vacated_at is None or p.seat is Seat.MEMBER)
        for p in stored_positions.every(session, proposal.id)
    )


def press_details(request: SlackRequest) -> None:
    """Open everything about a proposal from a button."""
    number = pressed_number(request)
    if request.in_message:
        with request.begin("consortium") as (session, caller):
            learn_message_ts(request, session, caller, number)
    show_details(request, number)


def close(request: SlackRequest, number: int) -> None:
    """Close a proposal once everybody was heard."""
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        said = lifecycle.close_early(session, caller, number, request.now)
    request.done(said)


def extend(request: SlackRequest, number: int) -> None:
    """Give an undecided proposal its time again."""
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        said = lifecycle.extend_proposal(session, caller, number, request.now)
    request.done(said)


def withdraw(request: SlackRequest, number: int) -> None:
    """Withdraw a proposal."""
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        said = lifecycle.withdraw_proposal(session, caller, number, request.now)
    request.done(said)


def amend(request: SlackRequest, number: int) -> None:
    """Open the form for a new wording."""
    with request.look() as (session, caller):
        proposal = see_proposal(request, session, caller, number)
        lifecycle.check_may_amend(caller, proposal, request.now)
        picture = snapshot.load_snapshot(session, proposal)
    view = forms.amend(picture, {**request.origin, "number": number, "version": picture.version})
    request.open(view)


def submit_amend(request: SlackRequest) -> None:
    """Give a proposal a new wording."""
    wording = (" ".join(clean(request.written("title")).split()), clean(request.written("why")))
    with request.begin() as (session, caller):
        number, version = int(request.carry["number"]), int(request.carry["version"])
        see_proposal(request, session, caller, number)
        said = lifecycle.amend_proposal(session, caller, number, wording, version, request.now)
    request.done(said)


def press_amend(request: SlackRequest) -> None:
    """Open the form for a new wording from a button."""
    amend(request, pressed_number(request))


def press_close(request: SlackRequest) -> None:
    """Close from a button."""
    close(request, pressed_number(request))


def press_extend(request: SlackRequest) -> None:
    """Extend from a button."""
    extend(request, pressed_number(request))


def press_withdraw(request: SlackRequest) -> None:
    """Withdraw from a button."""
    withdraw(request, pressed_number(request))


NUMBER_SUBCOMMANDS = {"show": show_details, "amend": amend, "close": close, "extend": extend, "withdraw": withdraw}


def press_stance(request: SlackRequest) -> None:
    """Take a position, or ask for its reason first."""
    number, stance = pressed_number(request), Stance(request.action["action_id"].removeprefix("proposal.say."))
    if stance in STANCES_WITH_REASON:
        ask_reason(request, number, stance)
        return
    state_position(request, number, stance, "")


def state_position(request: SlackRequest, number: int, stance: Stance, reason: str) -> None:
    """Keep a position and say what was noted."""
    with request.vote(voting.of_proposal, number) as (session, voter, proposal):
        if proposal is None:
            refuse_unknown(number)
        check_sees_paper(request, voter, proposal)
        said = positions.record_position(session, voter, proposal, stance, reason, request.now)
        if proposal.ts is None and request.in_message and request.channel == proposal.channel:
            outbox.learn_ts(session, proposal.live_id, request.message_ts)
    again = [button("Read or change", "proposal.details", str(number))] if request.in_direct_message else []
    request.done(said, *again)


def ask_reason(request: SlackRequest, number: int, stance: Stance) -> None:
    """Open the form for a reason, which says first who will read it."""
    with request.look() as (session, caller):
        proposal = see_proposal(request, session, caller, number)
        check_open(proposal, request.now)
        picture = snapshot.load_snapshot(session, proposal)
        insiders = {m.user_id for m in members.living(session, caller.consortium.id)}
    view = forms.reason(picture, stance, _reader_note(request, proposal.channel, insiders), request.origin)
    if request.carry.get("stance"):
        request.change(view)
    else:
        request.open(view)


def _reader_note(request: SlackRequest, channel: str, insiders: set[str]) -> str:
    """Say who will read a reason: "everyone in #council, 6 of them from outside the consortium"."""
    directory = request.deps.directory
    name = directory.channel_name(request.workspace, channel) or "the channel"
    outside = [user for user in directory.audience(request.workspace, channel) if user not in insiders]
    people = [person for user in outside if (person := directory.person(request.workspace, user)) and not person.bot]
    if not people:
        return f"everyone in {escape(name)}"
    return f"everyone in {escape(name)}, {counted(len(people), 'of them', 'of them')} from outside the consortium"


def press_instead(request: SlackRequest) -> None:
    """Ask for the reason to stand aside, instead of that for a block."""
    ask_reason(request, pressed_number(request), Stance.ASIDE)


def submit_reason(request: SlackRequest) -> None:
    """Keep a position with its reason."""
    reason = clean(request.written("reason"))
    if not reason:
        raise Refusal("It is recorded with a reason, so that it can be talked about.", field="reason")
    state_position(request, int(request.carry["number"]), Stance(request.carry["stance"]), reason)


def retract_position(request: SlackRequest, number: int) -> None:
    """Take a position back."""
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        said = positions.retract_position(session, caller, number, request.now)
    request.done(said)


def press_retract(request: SlackRequest) -> None:
    """Take a position back from a button."""
    retract_position(request, pressed_number(request))


def press_uptake(request: SlackRequest) -> None:
    """Keep how an agency takes a decision up, or ask how it is adapted or why it is not taken up."""
    number = pressed_number(request)
    how = UptakeKind[request.action["action_id"].removeprefix("proposal.uptake.").upper()]
    if how is UptakeKind.AS_IT_IS:
        _take_up(request, number, how, "")
        return
    with request.look() as (session, caller):
        picture = snapshot.load_snapshot(session, see_proposal(request, session, caller, number))
    request.open(forms.uptake(picture, how, request.origin))


def submit_uptake(request: SlackRequest) -> None:
    """Keep how an agency adapts a decision, or why it does not take it up."""
    _take_up(request, int(request.carry["number"]), UptakeKind[request.carry["how"]], clean(request.written("reason")))


def _take_up(request: SlackRequest, number: int, how: UptakeKind, note: str) -> None:
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        said = positions.record_uptake(session, caller, number, how, note, request.now)
    request.done(said)
