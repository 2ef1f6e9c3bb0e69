"""Buttons and forms of proposals."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.block_kit import button
from handlers.kit.callers import Caller
from handlers.kit.payload import parsed, whole_number
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, format_time, pluralize, sanitize
from handlers.proposals import creation, forms, lifecycle, openings, parsing, positions
from handlers.proposals.audience import check_sees_paper, deciders, refuse_unknown, see_proposal
from handlers.proposals.creation import ProposalDraft
from handlers.proposals.lookup import (
    check_open,
    check_wording_is_current,
    learn_message_ts,
    pressed_number,
    pressed_wording,
)
from handlers.proposals.rules import STANCES_WITH_REASON, counts_people
from handlers.proposals.snapshot import load_snapshot
from storage import electorates, members, outbox, voting
from storage import positions as stored_positions
from storage.proposals import Proposal
from storage.vocabulary import Seat, Stance, UptakeKind

# new proposals -------------------------------------------------------------------------------------------


def open_form(request: SlackRequest, draft: ProposalDraft | None = None) -> None:
    """Open the form for a new proposal, with what was typed in it. In a direct message, it asks for the channel."""
    draft = draft or ProposalDraft(title="", channel=request.channel)
    with request.read() as (session, caller):
        creation.check_wording(replace(draft, title=draft.title or "-"))
        lone = creation.is_only_one_agency(session, caller.consortium)
    origin = request.origin
    if origin["channel"].startswith("D"):
        origin = {**origin, "channel": ""}
    # Slack is asked outside the transaction
    private = bool(origin["channel"]) and request.in_private_channel()
    request.open_form(forms.new(caller.consortium, origin, draft, request.now, private=private, lone=lone))


def press_form(request: SlackRequest) -> None:
    """Open the form for a new proposal from a button."""
    open_form(request)


def posted_answer(proposal: Proposal, caller: Caller, absent: int) -> str:
    """Return the answer to the author of a new proposal, whose message is still in the outbox.

    `absent` is the number of people who decide and are not in its private channel.
    """
    who = pluralize(absent, "person who decides is", "people who decide are")
    told = f" {who} not in this channel and will get it by direct message." if absent else ""
    closes = format_time(proposal.closes_at, caller.zone)
    return f"#{proposal.number} is on its way to <#{proposal.channel}>. It closes {closes}.{told}"


def submit_new(request: SlackRequest) -> None:
    """Create a proposal from the form."""
    channel = request.selected_value("channel") or request.channel
    private = request.posts_privately(channel)
    in_channel = openings.people_in_channel(request, channel, private=private)
    with request.begin() as (session, caller):
        draft = parsing.submitted_draft(request, channel, private=private)
        proposal = creation.create_proposal(session, caller, draft, request.now)
        absent = openings.notify_absent_deciders(session, proposal, in_channel, request.now)
        answer = posted_answer(proposal, caller, absent)
    request.show_result(answer)


# details and changes -------------------------------------------------------------------------------------


def show_details(request: SlackRequest, number: int) -> None:
    """Open a proposal's details."""
    request.show_window("proposal", str(number))


def render_details(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render the details of the proposal with this number. Raise Refusal if the person may not see it."""
    with request.read("consortium") as (session, caller):
        proposal = see_proposal(request, session, caller, parsed(whole_number, value, "the number of a proposal"))
        snapshot = load_snapshot(session, proposal)
        member = caller.member
        author = member is not None and member.user_id == snapshot.author_user
        return forms.details(
            snapshot,
            request.origin,
            author=author,
            facilitator=caller.facilitates,
            may_retract=member is not None and _may_retract(session, caller, proposal),
            may_withdraw=lifecycle.may_withdraw(session, caller, proposal),
            member=member is not None,
            may_answer=member is not None and _may_answer(session, caller, proposal),
        )


def _may_answer(session: Session, caller: Caller, proposal: Proposal) -> bool:
    """Return whether the caller can take a position: an agency's people can, and those who were fixed as electors."""
    if counts_people(proposal.rule):
        return electorates.agency_of_elector(session, proposal.id, caller.person.id) is not None
    return caller.active_agency is not None


def _may_retract(session: Session, caller: Caller, proposal: Proposal) -> bool:
    """Return whether the caller has a position to take back."""
    return any(
        position.member_id == caller.person.id and (position.vacated_at is None or position.seat is Seat.MEMBER)
        for position in stored_positions.list_positions(session, proposal.id)
    )


def press_details(request: SlackRequest) -> None:
    """Open a proposal's details from a button."""
    number = pressed_number(request)
    if request.in_message:
        with request.begin("consortium") as (session, caller):
            learn_message_ts(request, session, caller, number)
    show_details(request, number)


def close(request: SlackRequest, number: int) -> None:
    """Close a proposal on which everyone was heard."""
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        answer = lifecycle.close_early(session, caller, number, request.now)
    request.show_result(answer)


def extend(request: SlackRequest, number: int) -> None:
    """Extend a proposal that was not decided."""
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        answer = lifecycle.extend_proposal(session, caller, number, request.now)
    request.show_result(answer)


def withdraw(request: SlackRequest, number: int) -> None:
    """Withdraw a proposal."""
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        answer = lifecycle.withdraw_proposal(session, caller, number, request.now)
    request.show_result(answer)


def amend(request: SlackRequest, number: int, title: str = "", body: str = "") -> None:
    """Open the form for a new wording, with a title and text that were typed."""
    with request.read() as (session, caller):
        proposal = see_proposal(request, session, caller, number)
        lifecycle.check_may_amend(session, caller, proposal, request.now)
        snapshot = load_snapshot(session, proposal)
    metadata = {**request.origin, "number": number, "version": snapshot.version}
    request.open_form(forms.amend(snapshot, metadata, title or snapshot.title, body or snapshot.body))


def submit_amend(request: SlackRequest) -> None:
    """Amend a proposal from the form."""
    wording = (" ".join(sanitize(request.text_value("title")).split()), sanitize(request.text_value("why")))
    with request.begin() as (session, caller):
        number, version = request.metadata.number("number"), request.metadata.number("version")
        see_proposal(request, session, caller, number)
        answer = lifecycle.amend_proposal(session, caller, number, wording, version, request.now)
    request.show_result(answer)


NUMBER_SUBCOMMANDS: dict[str, Callable[[SlackRequest, int], None]] = {
    "show": show_details,
    "amend": amend,
    "close": close,
    "extend": extend,
    "withdraw": withdraw,
}
"""Subcommands of /propose that a number follows."""


def press_amend(request: SlackRequest) -> None:
    """Open the form for a new wording from a button."""
    amend(request, pressed_number(request))


def press_close(request: SlackRequest) -> None:
    """Close a proposal from a button."""
    close(request, pressed_number(request))


def press_extend(request: SlackRequest) -> None:
    """Extend a proposal from a button."""
    extend(request, pressed_number(request))


def press_withdraw(request: SlackRequest) -> None:
    """Withdraw a proposal from a button."""
    withdraw(request, pressed_number(request))


# positions -----------------------------------------------------------------------------------------------


def press_stance(request: SlackRequest) -> None:
    """Record a position, or open the form for its reason first."""
    wording, stance = (
        pressed_wording(request),
        parsed(Stance, request.action["action_id"].removeprefix("proposal.say."), "action_id"),
    )
    if stance in STANCES_WITH_REASON:
        _open_reason_form(request, wording, stance)
    else:
        _record_position(request, wording, stance, "")


def _record_position(request: SlackRequest, wording: tuple[int, int], stance: Stance, reason: str) -> None:
    """Record a position on a wording, a proposal's number with its version."""
    number, version = wording
    with request.begin_vote(voting.lock_for_position, number) as (session, voter, paper):
        if paper is None:
            refuse_unknown(number)
        check_sees_paper(request, session, voter, paper)
        check_wording_is_current(session, paper, version)
        answer = positions.record_position(session, voter, paper, stance, reason, request.now)
        if paper.ts is None and request.in_message and request.channel == paper.channel:
            outbox.record_live_ts(session, paper.live_id, request.message_ts)
    buttons = [button("Read or change", "proposal.details", str(number))] if request.in_direct_message else []
    request.show_result(answer, *buttons)


def _open_reason_form(request: SlackRequest, wording: tuple[int, int], stance: Stance) -> None:
    """Open the form for a reason. It names the readers of the reason first."""
    number, version = wording
    with request.read() as (session, caller):
        proposal = see_proposal(request, session, caller, number)
        check_open(proposal, request.now)
        check_wording_is_current(session, proposal, version)
        snapshot = load_snapshot(session, proposal)
        readers = _load_readers(session, proposal)
        weight = positions.weigh_position(session, caller, proposal)
    note = f"{_reader_note(request, readers)} If your position stands at the end, the decision log keeps the reason."
    view = forms.reason(snapshot, stance, note, weight, request.origin)
    if request.metadata.get("stance"):
        request.replace_form(view)
    else:
        request.open_form(view)


@dataclass(frozen=True)
class _Readers:
    """The people, by Slack user id, who can read a reason besides those in the channel; and all members."""

    channel: str
    private: bool
    members: Collection[str]
    deciders: Collection[str]
    author: str


def _load_readers(session: Session, proposal: Proposal) -> _Readers:
    living = {member.id: member.user_id for member in members.active(session, proposal.consortium_id)}
    decider_ids = deciders(session, proposal) if proposal.private else set()
    return _Readers(
        channel=proposal.channel,
        private=proposal.private,
        members=set(living.values()),
        deciders={living[member_id] for member_id in decider_ids if member_id in living},
        author=living.get(proposal.author_id, ""),
    )


def _reader_note(request: SlackRequest, readers: _Readers, what: str = "your reason") -> str:
    """Return sentences about who can read what somebody writes. Asks Slack, so it belongs outside transactions."""
    directory = request.deps.directory
    name = escape(directory.channel_name(request.workspace, readers.channel) or "the channel")
    in_channel = set(directory.audience(request.workspace, readers.channel))
    outsiders = [
        person
        for user in in_channel - set(readers.members)
        if (person := directory.person(request.workspace, user)) is not None and not person.bot
    ]
    count = pluralize(len(outsiders), "person", "people") + " from outside the consortium"
    if readers.private:
        note = f"Everyone in {name} can read {what}{f', including {count}' if outsiders else ''}."
        note = f"{note} {_others(readers, in_channel)}".rstrip()
    else:
        # also somebody who is not in a public channel can open its proposals
        there = f", including {count} there" if outsiders else ""
        note = f"Everyone in this workspace and in {name} can read {what}{there}."
    return note


def _others(readers: _Readers, in_channel: Collection[str]) -> str:
    """Return which people outside a private channel can read a reason. Empty if there are none."""
    if not in_channel:
        return "The people who decide can read it too, even if they are not in the channel."
    absent = set(readers.deciders) - set(in_channel)
    author_absent = readers.author and readers.author not in in_channel and readers.author not in absent
    parts = [
        "the author" if author_absent else "",
        f"{pluralize(len(absent), 'person who decides', 'people who decide')}" if absent else "",
    ]
    named = " and ".join(part for part in parts if part)
    return f"So can {named} without being in the channel." if named else ""


def press_instead(request: SlackRequest) -> None:
    """Ask for the reason to stand aside instead of the reason to block."""
    _open_reason_form(request, pressed_wording(request), Stance.ASIDE)


def submit_reason(request: SlackRequest) -> None:
    """Record a position with its reason."""
    reason = sanitize(request.text_value("reason"))
    if not reason:
        raise Refusal("This position is recorded with a reason, so that people can talk about it.", field="reason")
    # a form that a release before 0.2.0 opened has no version; it can be open while the bot is updated
    wording = request.metadata.number("number"), int(request.metadata.get("version", 1))
    _record_position(request, wording, parsed(Stance, request.metadata["stance"], "private_metadata.stance"), reason)


def press_retract(request: SlackRequest) -> None:
    """Retract the person's position."""
    number = pressed_number(request)
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        answer = positions.retract_position(session, caller, number, request.now)
    request.show_result(answer)


# uptake --------------------------------------------------------------------------------------------------


def press_uptake(request: SlackRequest) -> None:
    """Record how an agency takes a decision up, or open the form that asks how it is adapted or why it is not."""
    number = pressed_number(request)
    named = request.action["action_id"].removeprefix("proposal.uptake.").upper()
    how = parsed(lambda name: UptakeKind[name], named, "action_id")
    if how is UptakeKind.AS_IT_IS:
        _record_uptake(request, number, how, "")
        return
    with request.read() as (session, caller):
        proposal = see_proposal(request, session, caller, number)
        snapshot, readers = load_snapshot(session, proposal), _load_readers(session, proposal)
    note = _reader_note(request, readers, "what you write")
    request.open_form(forms.uptake(snapshot, how, note, request.origin))


def submit_uptake(request: SlackRequest) -> None:
    """Record how an agency adapts a decision, or why it does not take it up."""
    how = parsed(lambda name: UptakeKind[name], request.metadata["how"], "private_metadata.how")
    _record_uptake(request, request.metadata.number("number"), how, sanitize(request.text_value("reason")))


def _record_uptake(request: SlackRequest, number: int, how: UptakeKind, note: str) -> None:
    with request.begin() as (session, caller):
        see_proposal(request, session, caller, number)
        answer = positions.record_uptake(session, caller, number, how, note, request.now)
    request.show_result(answer)
