"""`/consortium` as people type it, apart from agencies and availability."""

import difflib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import command_text, lookup
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText, Word
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import nearest_action, run_subcommand, takes_nothing
from handlers.kit.text import bold, escape, slack_date, truncate
from handlers.kit.visibility import Reader, sees
from handlers.members import facilitators, founding, interactions, membership, rules, views
from handlers.polls.audience import audience_of as poll_audience
from handlers.proposals.audience import audience_of
from storage import agencies, consortia, members, outbox, polls, proposals
from storage.vocabulary import Seat

KEYS = ("weight", "domain")
ZONES = ("zone",)
FACILITATOR_EXAMPLE = "`/consortium facilitator @ana`"
JOIN_EXAMPLE = '`/consortium join "Elm County Schools"`'
MEMBER_EXAMPLE = '`/consortium member @ben "Elm County Schools" representative`'
REMOVE_EXAMPLE = "`/consortium remove @ben`"
_FILLERS = frozenset({"a", "an", "as", "at", "for", "from", "in", "into", "of", "the", "to", "with"})
_SEATS = {
    **dict.fromkeys(("rep", "reps", "repr", "speaker", "delegate"), Seat.REPRESENTATIVE.value),
    **dict.fromkeys(("alt", "deputy", "substitute", "backup", "stand-in"), Seat.ALTERNATE.value),
}
"""Words that people type for a role."""

MOST_SHOWN = 10
"""The number of open proposals and polls that the overview names."""

HELP = (
    "`/consortium` shows an overview with buttons.\n"
    '`/consortium setup "Northern Valleys" zone:America/Denver` founds a consortium in this workspace.\n'
    '`/consortium agency add "Elm County Schools" weight:2 domain:elm.k12.example`, `agency rename "Old" "New"`, '
    '`agency weight "Elm County Schools" 3`, `agency end "Elm County Schools"`, '
    '`agency restore "Elm County Schools"` (facilitators)\n'
    '`/consortium agency holidays "Elm County Schools" 2026-12-21..2027-01-04` adds days when an agency is closed (its '
    "people and facilitators). Without days, it lists them and offers a form, which also takes a calendar.\n"
    '`/consortium join "Elm County Schools"` asks to join an agency.\n'
    '`/consortium member @ben "Elm County Schools" representative` (or alternate, or member) adds a person to an '
    "agency (facilitators).\n"
    "`/consortium facilitator @ana`, `facilitator remove @ana` (facilitators)\n"
    "`/consortium leave` ends your membership, `/consortium remove @ben` another one (facilitators). Both first show "
    "what becomes of everything that the person has.\n"
    "`/consortium away until 2027-01-08` pauses your reminders. `/consortium back` resumes them.\n"
    "`/consortium reminders at once` sends you each reminder right away. `reminders together` sends one message a "
    "day.\n"
    "`/consortium who`, `/consortium decisions budget`, `/consortium settings`\n"
    "`/consortium import` takes a table of people, tasks, or contributions, and shows a preview first (facilitators). "
    "`import again` sends you a lost preview or result again.\n"
    "You can also drop a table, or a calendar of your agency's closed days, into your direct messages with me.\n"
    "`/consortium export` sends you everything you may see as spreadsheet files, by direct message."
)


def consortium_command(request: SlackRequest) -> None:
    """Answer `/consortium`: run the subcommand, or show the overview."""
    typed = command_text.parse(request.text, KEYS, zones=ZONES)
    if typed.words:
        run_subcommand(request, typed, "`/consortium who`")
    else:
        show_overview(request)


@takes_nothing
def help_command(request: SlackRequest, _typed: CommandText) -> None:
    """Answer `/consortium help`."""
    request.answer(HELP)


def show_overview(request: SlackRequest) -> None:
    """Show the agencies, who speaks for them, the facilitators, and what is open."""
    with request.read("consortium") as (session, caller):
        consortium = caller.consortium
        reader = request.reader(caller.member.id if caller.member is not None else None)
        lines = [
            f"{bold(title, 80)} · closes {slack_date(closes_at, consortium.zone)}"
            for closes_at, title in _open_items(session, caller, reader)
        ]
        rest = len(lines) - MOST_SHOWN
        blocks = views.overview(
            consortium,
            agencies.active(session, consortium.id),
            members.active(session, consortium.id),
            [*lines[:MOST_SHOWN], *([f"{rest} more"] if rest > 0 else [])],
            member=caller.member is not None,
            facilitator=caller.facilitates,
            stuck=len(outbox.list_stuck(session, consortium.id)) if caller.facilitates else 0,
        )
        name = escape(consortium.name)
    request.answer(f"{name} at a glance.", blocks)


def _open_items(session: Session, caller: Caller, reader: Reader) -> list[tuple[datetime, str]]:
    """List the open proposals and polls that a reader may see, by closing time.

    Of a private channel's proposals facilitators learn the numbers.
    """
    items = []
    for proposal in proposals.list_running(session, caller.consortium.id):
        if sees(reader, audience_of(session, proposal)):
            items.append((proposal.closes_at, f"#{proposal.number} {proposal.title}"))
        elif caller.facilitates:
            items.append((proposal.closes_at, f"#{proposal.number} in a private channel"))
    items += [
        (poll.closes_at, f"#{poll.number} {poll.question}")
        for poll in polls.list_open(session, caller.consortium.id)
        if sees(reader, poll_audience(poll))
    ]
    return sorted(items)


def who_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium who`: list people by agency; typed words select agencies by the start of their names."""
    command_text.refuse_unknown_options(typed, (), "`/consortium who Elm`")
    with request.read("consortium") as (session, caller):
        living = agencies.active(session, caller.consortium.id)
        blocks = views.people_by_agency(living, members.active(session, caller.consortium.id), typed.after(1))
    request.answer("Who belongs to which agency.", blocks)


def setup_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium setup`: found the consortium, or open the form."""
    names = typed.quoted or ([typed.after(1)] if len(typed.words) > 1 else [])
    if not names:
        command_text.refuse_unknown_options(typed, (), founding.EXAMPLE)
        interactions.press_found(request)
        return
    command_text.refuse_unknown_options(typed, ("zone",), founding.EXAMPLE)
    unread = [word.text for word in typed.words[1:] if not word.quoted] if typed.quoted else []
    if unread:
        raise Refusal(
            f"I understood the name “{escape(truncate(names[0], 60))}”, but not "
            f"“{escape(truncate(' '.join(unread), 60))}”. For example: {founding.EXAMPLE}"
        )
    if len(names) > 1:
        raise Refusal(f"A consortium has only one name. For example: {founding.EXAMPLE}")
    name = rules.name(names[0], "consortium", founding.EXAMPLE)
    founding.found_consortium(request, name, typed.options.get("zone"))


def join_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium join`: ask to join an agency, or open the form."""
    command_text.refuse_unknown_options(typed, (), JOIN_EXAMPLE)
    if len(typed.words) < 2:
        interactions.press_join(request)
        return
    with request.begin("consortium") as (session, caller):
        agency = lookup.require_agency(session, caller, typed.after(1))
        person = lookup.require_person(request, request.user)
        sentence = membership.request_to_join(session, caller, person, agency, request.now)
    request.show_result(sentence)


def member_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium member`: add a person to an agency, or open the form."""
    command_text.refuse_unknown_options(typed, (), MEMBER_EXAMPLE)
    if len(typed.words) < 2:
        interactions.press_place(request)
        return
    request.require("facilitator")
    person, rest = lookup.parse_person(request, typed, 1, MEMBER_EXAMPLE)
    rest = _without_fillers(rest)
    seats = [word for word in rest if not word.quoted and word.folded in set(Seat)]
    names = [word.text for word in rest if word not in seats]
    if not seats and len(names) > 1:
        _ask_about_seat(rest)
    if not names or len(seats) > 1 or len([word for word in rest if word.quoted]) > 1:
        raise Refusal(f"Name one person, one agency, and at most one role. For example: {MEMBER_EXAMPLE}")
    unread = [word.text for word in rest if not word.quoted and word not in seats]
    if unread and any(word.quoted for word in rest):
        raise Refusal(
            f"I did not understand “{escape(truncate(' '.join(unread), 60))}”. A person is a representative, an "
            f"alternate, or a member. For example: {MEMBER_EXAMPLE}"
        )
    with request.begin("facilitator") as (session, caller):
        agency = lookup.require_agency(session, caller, " ".join(names))
        seat = Seat(seats[0].folded) if seats else Seat.MEMBER
        change = membership.assign_seat(session, caller, person, agency, seat, request.now)
    request.show_result(change.sentence)


def _without_fillers(rest: Sequence[Word]) -> list[Word]:
    """Return the words without those that join an agency and a role to a person: `to Elm Schools as an alternate`."""
    words = list(rest)
    while words and _is_filler(words[0]):
        del words[0]
    seat = next((n for n, word in enumerate(words) if not word.quoted and word.folded in set(Seat)), 0)
    while seat > 0 and _is_filler(words[seat - 1]):
        seat -= 1
        del words[seat]
    return words


def _is_filler(word: Word) -> bool:
    return not word.quoted and word.folded in _FILLERS


def _ask_about_seat(rest: Sequence[Word]) -> None:
    """Raise Ambiguous if a word stands for a role, or is nearly one: `rep`, `representitive`."""
    for word in rest:
        near = difflib.get_close_matches(word.folded, [seat.value for seat in Seat], n=1, cutoff=0.8)
        seat = _SEATS.get(word.folded) or next(iter(near), None)
        if not word.quoted and seat is not None:
            sentence = (
                f"I do not know the role “{escape(truncate(word.text, 40))}”. A person is a representative, an "
                f"alternate, or a member. Did you mean `{seat}`?"
            )
            raise Ambiguous(sentence, word.text, [Reading(seat.capitalize(), seat)])


@takes_nothing
def leave_command(request: SlackRequest, _typed: CommandText) -> None:
    """Answer `/consortium leave`: ask first."""
    interactions.press_leave(request)


def remove_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium remove`: say what the person has, and ask first; without a person, open the form."""
    command_text.refuse_unknown_options(typed, (), REMOVE_EXAMPLE)
    if len(typed.words) < 2:
        interactions.press_remove(request)
        return
    for command in ("agency", "facilitator"):
        if not typed.words[1].quoted and typed.words[1].folded == command:
            action = nearest_action(command, typed.first)
            text = f"{command} {action} {command_text.without(request.text.strip(), typed.first, command)}"
            question = f"`/consortium remove` is for people. Did you mean `/consortium {command} {action}`?"
            raise Ambiguous(question, request.text, [Reading(f"/consortium {command} {action}", text)])
    request.require("facilitator")
    person, rest = lookup.parse_person(request, typed, 1, REMOVE_EXAMPLE)
    command_text.refuse_extra_words(rest, REMOVE_EXAMPLE)
    interactions.open_remove_form(request, person)


def facilitator_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium facilitator`: name a facilitator, or remove one."""
    command_text.refuse_unknown_options(typed, (), FACILITATOR_EXAMPLE)
    removes = len(typed.words) > 1 and typed.words[1].folded in {"remove", "end"}
    if len(typed.words) < 2 + removes:
        raise Refusal(f"Name a person. For example: {FACILITATOR_EXAMPLE}, or `/consortium facilitator remove @ana`")
    with request.read() as (session, caller):
        facilitators.check_may_name(session, caller, removes=removes)
    person, rest = lookup.parse_person(request, typed, 1 + removes, FACILITATOR_EXAMPLE)
    command_text.refuse_extra_words(rest, FACILITATOR_EXAMPLE)
    with request.begin() as (session, caller):
        consortia.lock(session, caller.consortium.id)
        facilitators.check_may_name(session, caller, removes=removes)
        if removes:
            sentence = facilitators.remove_facilitator(session, caller, person, request.now)
        else:
            sentence = facilitators.name_facilitator(session, caller, person, request.now)
    request.answer(sentence)


@takes_nothing
def settings_command(request: SlackRequest, _typed: CommandText) -> None:
    """Answer `/consortium settings`: open the form."""
    interactions.press_settings(request)


@takes_nothing
def thresholds_command(request: SlackRequest, _typed: CommandText) -> None:
    """Answer `/workload settings`: open the form for the balance of work."""
    interactions.press_thresholds(request)
