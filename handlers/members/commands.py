"""`/consortium`, as people type it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.holidays import commands as holiday_commands
from handlers.kit import command_text, dates, lookup
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import run_subcommand
from handlers.kit.text import bold, cut, escape, moment, written
from handlers.kit.visibility import Reader, sees
from handlers.members import agency_closing, joining, rules, views
from handlers.members.agencies import (
    ADD_EXAMPLE,
    SETUP_EXAMPLE,
    WEIGHT_EXAMPLE,
    add_agency,
    change_weight,
    found_consortium,
    rename_agency,
)
from handlers.members.interactions import (
    press_agency,
    press_found,
    press_import,
    press_join,
    press_place,
    press_settings,
    press_thresholds,
)
from handlers.members.people import FACILITATOR_EXAMPLE, MEMBER_EXAMPLE, _may_name, name_facilitator, remove_facilitator
from handlers.polls.audience import audience_of as poll_audience
from handlers.proposals.audience import audience_of
from storage import agencies as stored_agencies
from storage import audit, consortia, members, notices, outbox, polls, proposals
from storage.members import Member
from storage.vocabulary import Seat

KEYS = ("zone", "weight", "domain")


def consortium(request: SlackRequest) -> None:
    """Answer `/consortium`."""
    typed = command_text.read(request.typed, KEYS)
    if typed.words:
        run_subcommand(request, typed, "`/consortium who`")
    else:
        show_overview(request)


def help_command(request: SlackRequest, _typed: Typed) -> None:
    """Explain what can be typed."""
    request.answer(HELP)


def setup_command(request: SlackRequest, typed: Typed) -> None:
    """Found the consortium with the words of a command."""
    names = typed.quoted or ([typed.after(1)] if len(typed.words) > 1 else [])
    if not names:
        press_found(request)
        return
    if len(names) > 1:
        raise Refusal(f"A consortium has one name. For example: {SETUP_EXAMPLE}")
    found_consortium(request, rules.name(names[0], "consortium", SETUP_EXAMPLE), typed.options.get("zone"))


def agency_command(request: SlackRequest, typed: Typed) -> None:
    """Add, rename, weigh or end an agency with the words of a command."""
    deed = typed.words[1].folded if len(typed.words) > 1 else ""
    rest = [word.text for word in typed.words[2:]]
    if deed == "add" and rest:
        name = rest[0] if typed.words[2].quoted else " ".join(rest)
        _no_more(rest[1:] if typed.words[2].quoted else [], rules.AGENCY_EXAMPLE)
        with _shown(ADD_EXAMPLE):
            add_agency(request, name, typed.options.get("weight", "1"), typed.options.get("domain", ""), form=False)
    elif deed == "add" or not deed:
        press_agency(request)
    elif deed == "rename":
        _two(rest, '`/consortium agency rename "Elm County Schools" "Elm Schools"`')
        rename_agency(request, rest[0], rest[1])
    elif deed == "weight":
        given = [*rest, typed.options["weight"]] if "weight" in typed.options else rest
        _two(given, WEIGHT_EXAMPLE)
        with _shown(WEIGHT_EXAMPLE):
            change_weight(request, given[0], given[1])
    elif deed == "end" and rest:
        agency_closing.confirm_ending(request, " ".join(rest))
    elif deed in {"holidays", "holiday", "closed"}:
        holiday_commands.holidays(request, typed)
    else:
        raise Refusal(
            f"I do not know “{escape(cut(typed.after(1), 60))}”. An agency can be added, renamed, weighed and "
            "ended, and can have holidays. "
            f"For example: {rules.AGENCY_EXAMPLE}"
        )


@contextmanager
def _shown(example: str) -> Iterator[None]:
    """Show with a refusal what can be typed instead; one that leads on by itself stays as it is."""
    try:
        yield
    except Refusal as refusal:
        if refusal.buttons or "`/" in refusal.sentence:
            raise
        raise Refusal(f"{refusal.sentence} For example: {example}") from None


def _no_more(words: list[str], example: str) -> None:
    if words:
        raise Refusal(f"I did not understand “{escape(cut(' '.join(words), 60))}”. For example: {example}")


def _two(words: list[str], example: str) -> None:
    if len(words) != 2:
        raise Refusal(f"This takes two things, names in quotes. For example: {example}")


def join_command(request: SlackRequest, typed: Typed) -> None:
    """Ask to join an agency with the words of a command."""
    if len(typed.words) < 2:
        press_join(request)
        return
    with request.begin("consortium") as (session, caller):
        agency = lookup.agency(session, caller, typed.after(1))
        said = joining.ask_to_join(session, caller, lookup.person(request, request.user), agency, request.now)
    request.done(said)


def member_command(request: SlackRequest, typed: Typed) -> None:
    """Place a person with the words of a command."""
    if len(typed.words) < 2:
        press_place(request)
        return
    request.require("facilitator")
    person, rest = lookup.typed_person(request, typed, 1, MEMBER_EXAMPLE)
    seats = [word for word in rest if not word.quoted and word.folded in set(Seat)]
    names = [word.text for word in rest if word not in seats]
    if not names or len(seats) > 1 or len([w for w in rest if w.quoted]) > 1:
        raise Refusal(f"Say who, in which agency, and as what. For example: {MEMBER_EXAMPLE}")
    left = [word.text for word in rest if not word.quoted and word not in seats]
    if left and any(word.quoted for word in rest):
        raise Refusal(
            f"“{escape(cut(' '.join(left), 60))}” is none of representative, alternate and member. For example: "
            f"{MEMBER_EXAMPLE}"
        )
    with request.begin("facilitator") as (session, caller):
        agency = lookup.agency(session, caller, " ".join(names))
        seat = Seat(seats[0].folded) if seats else Seat.MEMBER
        said = joining.ask_for_seat(session, caller, person, agency, seat, request.now)
    request.done(said)


def facilitator_command(request: SlackRequest, typed: Typed) -> None:
    """Name a facilitator, or thank one."""
    removes = len(typed.words) > 1 and typed.words[1].folded in {"remove", "end"}
    if len(typed.words) < 2 + removes:
        raise Refusal("Say who. For example: `/consortium facilitator @ana`, or `/consortium facilitator remove @ana`")
    with request.look() as (_, caller):
        _may_name(request, caller, removes=removes)
    person, rest = lookup.typed_person(request, typed, 1 + removes, FACILITATOR_EXAMPLE)
    if rest:
        raise Refusal(
            f"I did not understand “{escape(cut(' '.join(w.text for w in rest), 60))}”. For example: "
            f"{FACILITATOR_EXAMPLE}"
        )
    with request.begin() as (session, caller):
        consortia.lock(session, caller.consortium.id)
        _may_name(request, caller, removes=removes)
        said = (remove_facilitator if removes else name_facilitator)(request, session, caller, person)
        deed = "removed facilitator" if removes else "named facilitator"
        audit.note(session, caller.consortium.id, caller.person.id, deed, person.name, request.now)
    request.answer(said)


def settings_command(request: SlackRequest, typed: Typed) -> None:
    """Open the settings."""
    del typed
    press_settings(request)


def import_command(request: SlackRequest, typed: Typed) -> None:
    """Open the form that takes a table."""
    del typed
    press_import(request)


AWAY_EXAMPLE = "`/consortium away until 2027-01-08`"


def away_command(request: SlackRequest, typed: Typed) -> None:
    """Leave somebody in peace until a day."""
    about = any(not word.quoted and word.text.startswith("@") for word in typed.words)
    request.require()
    person, rest = lookup.typed_person(request, typed, 1, AWAY_EXAMPLE) if about else (None, list(typed.words[1:]))
    plain = " ".join(word.text for word in rest if word.folded != "until")
    if not plain:
        raise Refusal(f"Say until when. For example: {AWAY_EXAMPLE}")
    other = person is not None and person.user_id != request.user
    with request.begin("facilitator" if other else "member") as (session, caller):
        member = caller.person
        if other and person is not None:
            member = _present(session, caller, person)
        until = _until(plain, request, caller)
        member.away_until = until
        # whoever comes back sooner than said before is told sooner
        notices.look_anew(session, member.id, request.now)
        when = written(until, caller.zone)
        said = (
            f"{escape(member.name)} is left in peace until {when}, or until they type `/consortium back`"
            if other
            else f"You are left in peace until {when}. `/consortium back` ends that earlier."
        )
    request.answer(said)


def _present(session: Session, caller: Caller, person: Person) -> Member:
    found = members.find(session, caller.consortium.id, person.team_id, person.user_id)
    if found is None or found.left_at is not None:
        raise Refusal(f"{escape(person.name)} does not belong to the consortium. `/consortium who` shows who does.")
    return found


def _until(typed: str, request: SlackRequest, caller: Caller) -> datetime:
    try:
        return dates.read(typed, request.now, caller.zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} For example: {AWAY_EXAMPLE}") from None


def back_command(request: SlackRequest, typed: Typed) -> None:
    """End being away."""
    del typed
    with request.begin() as (session, caller):
        was = caller.person.away_until is not None and caller.person.away_until > request.now
        caller.person.away_until = None
        notices.look_anew(session, caller.person.id, request.now)
    request.answer("Welcome back. What waits for you comes in one message." if was else "You were not away.")


def reminders_command(request: SlackRequest, typed: Typed) -> None:
    """Choose between one message a day and hearing of each thing as it comes."""
    wish = " ".join(typed.plain[1:])
    if wish not in {"at once", "together"}:
        raise Refusal(
            "What I say by myself comes in one message a day. `/consortium reminders at once` if you would rather hear "
            "of each thing as it comes, `/consortium reminders together` for one message a day."
        )
    with request.begin() as (session, caller):
        caller.person.tell_at_once = wish == "at once"
        notices.look_anew(session, caller.person.id, request.now)
    request.answer(
        "From now on you hear of each thing as it comes, outside your quiet hours."
        if wish == "at once"
        else "From now on what can wait comes in one message a day."
    )


def show_overview(request: SlackRequest) -> None:
    """Show agencies, who speaks for whom, facilitators and what is open."""
    with request.look("consortium") as (session, caller):
        consortium = caller.consortium
        reader = request.reader(caller.member.id if caller.member is not None else None)
        running = [
            f"{bold(title, 80)} · closes {moment(closes_at, consortium.zone)}"
            for closes_at, title in _open_items(session, caller, reader)
        ]
        blocks = views.overview(
            consortium,
            stored_agencies.living(session, consortium.id),
            members.living(session, consortium.id),
            [*running[:10], *([f"{len(running) - 10} more"] if len(running) > 10 else [])],
            member=caller.member is not None,
            facilitator=caller.facilitates,
            stuck=len(outbox.stuck(session, consortium.id)) if caller.facilitates else 0,
        )
        name = escape(consortium.name)
    request.answer(f"{name} at a glance.", blocks)


def _open_items(session: Session, caller: Caller, reader: Reader) -> list[tuple[datetime, str]]:
    """List the open proposals and polls that a reader may see, by closing time.

    Of a private channel's proposals facilitators learn the numbers.
    """
    items = []
    for proposal in proposals.running(session, caller.consortium.id):
        if sees(reader, audience_of(session, proposal)):
            items.append((proposal.closes_at, f"#{proposal.number} {proposal.title}"))
        elif caller.facilitates:
            items.append((proposal.closes_at, f"#{proposal.number} in a private channel"))
    items += [
        (poll.closes_at, f"#{poll.number} {poll.question}")
        for poll in polls.running(session, caller.consortium.id)
        if sees(reader, poll_audience(poll))
    ]
    return sorted(items)


def who_command(request: SlackRequest, typed: Typed) -> None:
    """Show people by agency, or those of the agencies whose names begin as was typed."""
    with request.look("consortium") as (session, caller):
        found = stored_agencies.living(session, caller.consortium.id)
        blocks = views.who(found, members.living(session, caller.consortium.id), typed.after(1))
    request.answer("Who belongs to which agency.", blocks)


HELP = (
    "`/consortium` gives an overview with buttons.\n"
    '`/consortium setup "Northern Valleys" zone:America/Denver` founds a consortium here.\n'
    '`/consortium agency add "Elm County Schools" weight:2 domain:elm.k12.example`, `agency rename "Old" "New"`, '
    '`agency weight "Elm County Schools" 3`, `agency end "Elm County Schools"`: a facilitator.\n'
    '`/consortium agency holidays "Elm County Schools" 2026-12-21..2027-01-04` says when an agency is closed: its '
    "people or a facilitator. Without days it lists them, with a form that takes a calendar too.\n"
    '`/consortium join "Elm County Schools"` asks to join an agency.\n'
    '`/consortium member @ben "Elm County Schools" representative` (or alternate, member): a facilitator.\n'
    "`/consortium facilitator @ana`, `facilitator remove @ana`: a facilitator.\n"
    "`/consortium away until 2027-01-08` leaves you in peace, `/consortium back` ends that.\n"
    "`/consortium reminders at once` tells you each thing as it comes, `together` in one message a day.\n"
    "`/consortium who`, `/consortium decisions budget`, `/consortium settings`, `/consortium import`\n"
    "`/consortium export` sends you everything you may see as tables for a spreadsheet, by direct message."
)


def thresholds_command(request: SlackRequest, _typed: Typed) -> None:
    """Answer `/workload settings`: open the form for what counts as too much work."""
    press_thresholds(request)
