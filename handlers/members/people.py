"""People: joining, seats, facilitators."""

from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit import lookup as kit_lookup
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.command_text import Typed
from handlers.kit.directory import Person
from handlers.kit.notices.messages import tell
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import cut, escape
from handlers.members import forms, joining, lookup
from handlers.members import seats as seating
from storage import agencies, audit, consortia, members
from storage.vocabulary import Seat

FACILITATOR_EXAMPLE = "`/consortium facilitator @ana`"
MEMBER_EXAMPLE = '`/consortium member @ben "Elm County Schools" representative`'


def join(ask: Ask, typed: Typed) -> None:
    """Ask to join an agency with the words of a command."""
    if len(typed.words) < 2:
        press_join(ask)
        return
    with ask.begin("consortium") as (session, caller):
        agency = kit_lookup.agency(session, caller, typed.after(1))
        said = joining.ask_to_join(session, caller, lookup.person(ask, ask.user), agency, ask.now)
    ask.done(said)


def press_join(ask: Ask) -> None:
    """Open the form with which anyone asks to join."""
    with ask.look("consortium") as (session, caller):
        found = agencies.living(session, caller.consortium.id)
        if not found:
            raise Refusal(
                "There are no agencies to join yet. A facilitator adds them, for example: "
                '`/consortium agency add "Elm County Schools"`'
            )
        view = forms.join(ask.origin, found)
    ask.open(view)


def submit_join(ask: Ask) -> None:
    """Ask to join an agency from the form."""
    person = lookup.person(ask, ask.user, "agency")
    with ask.begin("consortium") as (session, caller):
        agency = kit_lookup.chosen_agency(session, caller, ask.chosen("agency"))
        said = joining.ask_to_join(session, caller, person, agency, ask.now)
    if ask.response_url:
        ask.done(said)
    else:
        ask.reply(response_action="update", view=block_kit.notice("Noted", [section(said)]))


def press_confirm(ask: Ask) -> None:
    """Confirm what somebody asked."""
    _decide(ask, yes=True)


def press_decline(ask: Ask) -> None:
    """Decline what somebody asked."""
    _decide(ask, yes=False)


def _decide(ask: Ask, *, yes: bool) -> None:
    if not ask.value.isdecimal():
        raise Refusal("This request is not there any more.")
    with ask.begin() as (session, caller):
        said = joining.decide(session, caller, int(ask.value), ask.now, yes=yes)
    ask.done(said)


def member(ask: Ask, typed: Typed) -> None:
    """Place a person with the words of a command."""
    if len(typed.words) < 2:
        press_place(ask)
        return
    with ask.look("facilitator"):
        pass
    person, rest = lookup.typed_person(ask, typed, 1, MEMBER_EXAMPLE)
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
    with ask.begin("facilitator") as (session, caller):
        agency = kit_lookup.agency(session, caller, " ".join(names))
        seat = Seat(seats[0].folded) if seats else Seat.MEMBER
        said = joining.ask_for_seat(session, caller, person, agency, seat, ask.now)
    ask.done(said)


def press_place(ask: Ask) -> None:
    """Open the form that places a person."""
    with ask.look("facilitator") as (session, caller):
        found = agencies.living(session, caller.consortium.id)
        if not found:
            raise Refusal('Add an agency first, for example: `/consortium agency add "Elm County Schools"`')
        view = forms.place(ask.origin, found)
    ask.open(view)


def submit_place(ask: Ask) -> None:
    """Place a person from the form."""
    person = lookup.person(ask, ask.chosen("person"), "person")
    with ask.begin("facilitator") as (session, caller):
        agency = kit_lookup.chosen_agency(session, caller, ask.chosen("agency"))
        seat = Seat(ask.chosen("seat") or Seat.MEMBER)
        said = joining.ask_for_seat(session, caller, person, agency, seat, ask.now)
    ask.done(said)


def facilitator(ask: Ask, typed: Typed) -> None:
    """Name a facilitator, or thank one."""
    removes = len(typed.words) > 1 and typed.words[1].folded in {"remove", "end"}
    if len(typed.words) < 2 + removes:
        raise Refusal("Say who. For example: `/consortium facilitator @ana`, or `/consortium facilitator remove @ana`")
    with ask.look() as (_, caller):
        _may_name(ask, caller, removes=removes)
    person, rest = lookup.typed_person(ask, typed, 1 + removes, FACILITATOR_EXAMPLE)
    if rest:
        raise Refusal(
            f"I did not understand “{escape(cut(' '.join(w.text for w in rest), 60))}”. For example: "
            f"{FACILITATOR_EXAMPLE}"
        )
    with ask.begin() as (session, caller):
        consortia.lock(session, caller.consortium.id)
        _may_name(ask, caller, removes=removes)
        said = (_unname if removes else _name)(ask, session, caller, person)
        deed = "removed facilitator" if removes else "named facilitator"
        audit.note(session, caller.consortium.id, caller.person.id, deed, person.name, ask.now)
    ask.answer(said)


def _name(ask: Ask, session: Session, caller: Caller, person: Person) -> str:
    """Make somebody a facilitator, and tell them."""
    present = members.find(session, caller.consortium.id, person.team_id, person.user_id)
    if present is None or present.left_at is not None:
        present = seating.place(session, caller.consortium, person, None, Seat.MEMBER, ask.now)
    present.facilitator = True
    if present.id != caller.person.id:
        text = (
            f"{escape(caller.person.name)} has named you a facilitator: you set things up, see warnings, and decide "
            "nothing by it. `/consortium` gives an overview."
        )
        body = block_kit.message(text, [section(text)])
        tell(session, ask.workspace, present, body, "the news of being facilitator", ask.now)
    return f"{escape(person.name)} is a facilitator now, who sets things up, sees warnings, and decides nothing by it."


def _unname(ask: Ask, session: Session, caller: Caller, person: Person) -> str:
    """Thank a facilitator. Raises Refusal for the last one."""
    del ask
    present = members.find(session, caller.consortium.id, person.team_id, person.user_id)
    if present is None or not present.facilitator:
        raise Refusal(f"{escape(person.name)} is no facilitator. `/consortium` shows who is.")
    if len(members.facilitators(session, caller.consortium.id)) == 1:
        raise Refusal(
            f"{escape(person.name)} is the only facilitator. Name another one first: `/consortium facilitator @name`"
        )
    present.facilitator = False
    return f"{escape(person.name)} is no facilitator any more."


def _may_name(ask: Ask, caller: Caller, *, removes: bool) -> None:
    """Let facilitators name others, and representatives where there is no facilitator left. Raises Refusal."""
    if caller.facilitates:
        return
    orphaned = caller.person.seat is Seat.REPRESENTATIVE and not removes
    with ask.look("member" if orphaned else "facilitator") as (session, _):
        if members.facilitators(session, caller.consortium.id):
            raise Refusal(f"A facilitator does this. {ask_whom(session, caller.consortium)}")
