"""`/consortium away`, `back`, and `reminders`: when and how often a person is reminded."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import command_text, dates, day_words, lookup
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import takes_nothing
from handlers.kit.text import escape, format_time, truncate
from handlers.members import views
from handlers.proposals import reminders
from storage import members, notices, polls
from storage.members import Member

AWAY_EXAMPLE = "`/consortium away until 2027-01-08`"


def away_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium away`: pause reminders for the caller, or for the person a facilitator names."""
    command_text.refuse_unknown_options(typed, (), AWAY_EXAMPLE)
    names_person = any(not word.quoted and word.typed.startswith("@") for word in typed.words)
    request.require()
    person, rest = (
        lookup.parse_person(request, typed, 1, AWAY_EXAMPLE) if names_person else (None, list(typed.words[1:]))
    )
    date_text = " ".join(word.text for word in rest)
    if not date_text:
        raise Refusal(f"Add the date of return. For example: {AWAY_EXAMPLE}")
    other = person if person is not None and person.user_id != request.user else None
    with request.begin("member" if other is None else "facilitator") as (session, caller):
        member = caller.person if other is None else _current_member(session, caller, other)
        until = _return_date(date_text, request, caller)
        if other is not None and member.away_until == until:
            when = format_time(until, caller.zone)
            raise Refusal(f"{escape(member.name)} is already away until {when}. Nothing has changed.")
        reminders.look_again(session, caller.consortium.id)
        polls.lock_reminding(session, caller.consortium.id)
        polls.look_again(session, caller.consortium.id, request.now)
        member.away_until = until
        if other is None:
            member.own_away_until = until
        else:
            body = views.set_away(caller.person.name, until, member.zone)
            queue_direct_message(session, caller.workspace, member, body, "the news of being away", request.now)
        # an earlier return than stated before brings messages earlier
        notices.reconsider(session, member.id, request.now)
        when = format_time(until, caller.zone)
        sentence = (
            f"You are away until {when}. You get no reminders before then. `/consortium back` ends this earlier."
            if other is None
            else f"{escape(member.name)} is away until {when}, or until they type `/consortium back`. They get no "
            "reminders before then, and they have been told."
        )
    request.answer(sentence)


def _current_member(session: Session, caller: Caller, person: Person) -> Member:
    """Return the member that a person is. Raise `Refusal` for people outside the consortium."""
    member = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    if member is None or member.left_at is not None:
        raise Refusal(f"{escape(person.name)} does not belong to the consortium. `/consortium who` shows who does.")
    return member


def _return_date(typed: str, request: SlackRequest, caller: Caller) -> datetime:
    """Parse when an absence ends: `until friday`, `for 2 weeks`, `next week` (its end). Raise `Refusal` otherwise."""
    week = day_words.week_of(typed, dates.today(request.now, caller.zone))
    text = f"{week[1]}" if week else re.sub(r"(?i)^(?:until|till|for)\s+", "", typed)
    try:
        return dates.parse_time(text, request.now, caller.zone)
    except dates.NotADate:
        raise Refusal(
            f"I could not read “{escape(truncate(typed, 60))}” as the end of an absence, which begins when you type "
            f"it. For example: {AWAY_EXAMPLE}, or `/consortium away for 2 weeks`"
        ) from None
    except Refusal as refusal:
        raise refusal.with_example(f"For example: {AWAY_EXAMPLE}") from None


@takes_nothing
def back_command(request: SlackRequest, _typed: CommandText) -> None:
    """Answer `/consortium back`: end the caller's absence."""
    with request.begin() as (session, caller):
        was_away = caller.person.away_until is not None and caller.person.away_until > request.now
        caller.person.away_until = caller.person.own_away_until = None
        notices.reconsider(session, caller.person.id, request.now)
    request.answer("Welcome back. Anything waiting for you comes in one message." if was_away else "You were not away.")


def reminders_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium reminders`: choose one message a day, or each reminder right away."""
    choice = typed.after(1).casefold() if not typed.options else ""
    if choice not in {"at once", "together"}:
        raise Refusal(
            "You can get your reminders in one message a day, or each one right away. Type "
            "`/consortium reminders together` or `/consortium reminders at once`."
        )
    with request.begin() as (session, caller):
        caller.person.tell_at_once = choice == "at once"
        notices.reconsider(session, caller.person.id, request.now)
    request.answer(
        "You now get each reminder right away, outside your quiet hours."
        if choice == "at once"
        else "You now get one message a day with everything that can wait."
    )
