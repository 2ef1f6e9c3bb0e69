"""What is pressed and filled in to take a position, and to take a decision up."""

from handlers.kit.blocks import button
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import clean, counted, escape
from handlers.proposals import forms, positions
from handlers.proposals import snapshot as pictures
from handlers.proposals.guards import must_be_open, no_such
from handlers.proposals.lookup import pressed, seen
from handlers.proposals.rules import WITH_REASON
from storage import members, outbox, proposals, voting
from storage.vocabulary import Stance, UptakeKind


def press_stance(ask: Ask) -> None:
    """Take a position, or ask for its reason first."""
    number, stance = pressed(ask), Stance(ask.action["action_id"].removeprefix("proposal.say."))
    if stance in WITH_REASON:
        ask_reason(ask, number, stance)
        return
    say(ask, number, stance, "")


def say(ask: Ask, number: int, stance: Stance, reason: str) -> None:
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
        picture = pictures.take(session, proposal)
        insiders = {m.user_id for m in members.living(session, caller.consortium.id)}
    view = forms.reason(picture, stance, _readers(ask, proposal.channel, insiders), ask.origin)
    if ask.carry.get("stance"):
        ask.change(view)
    else:
        ask.open(view)


def _readers(ask: Ask, channel: str, insiders: set[str]) -> str:
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
    say(ask, int(ask.carry["number"]), Stance(ask.carry["stance"]), reason)


def retract(ask: Ask, number: int) -> None:
    """Take a position back."""
    with ask.begin() as (session, caller):
        said = positions.retract(session, caller, number, ask.now)
    ask.done(said)


def press_retract(ask: Ask) -> None:
    """Take a position back from a button."""
    retract(ask, pressed(ask))


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
