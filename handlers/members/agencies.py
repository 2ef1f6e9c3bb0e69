"""Founding, and the agencies."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.holidays import commands
from handlers.kit import dates
from handlers.kit import lookup as kit_lookup
from handlers.kit.block_kit import button, row, section
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import cut, escape
from handlers.members import agency_closing, forms, lookup, rules, seats
from storage import agencies, audit, consortia, load
from storage.consortia import Consortium
from storage.vocabulary import Seat

ADD_EXAMPLE = '`/consortium agency add "Elm County Schools" weight:2 domain:elm.k12.example`'
WEIGHT_EXAMPLE = '`/consortium agency weight "Elm Schools" 3`'
SETUP_EXAMPLE = '`/consortium setup "Northern Valleys"`'


# founding ----------------------------------------------------------------------------------------------


def setup(ask: Ask, typed: Typed) -> None:
    """Found the consortium with the words of a command."""
    names = typed.quoted or ([typed.after(1)] if len(typed.words) > 1 else [])
    if not names:
        press_found(ask)
        return
    if len(names) > 1:
        raise Refusal(f"A consortium has one name. For example: {SETUP_EXAMPLE}")
    _found(ask, rules.name(names[0], "consortium", SETUP_EXAMPLE), typed.options.get("zone"))


def press_found(ask: Ask) -> None:
    """Open the form that founds a consortium."""
    with ask.look("anyone") as (_, caller):
        _only_once(caller.found)
    ask.open(forms.found(ask.origin))


def submit_found(ask: Ask) -> None:
    """Found the consortium from the form."""
    _found(ask, rules.name(ask.written("name"), "consortium", "Northern Valleys", "name"), None)


def _only_once(found: Consortium | None) -> None:
    if found is not None:
        raise Refusal(
            f"This workspace has its consortium already: {escape(found.name)}. `/consortium` gives an overview."
        )


def _found(ask: Ask, name: str, zone: str | None) -> None:
    founder = lookup.person(ask, ask.user)
    if zone is not None and not dates.is_zone(zone):
        raise Refusal(f"I know no zone “{escape(cut(zone, 60))}”. One looks like `zone:America/Denver`")
    try:
        with ask.begin("anyone") as (session, caller):
            _only_once(caller.found)
            consortium = consortia.found(session, ask.workspace, name, zone or founder.zone, ask.now)
            member = seats.place(session, consortium, founder, None, Seat.MEMBER, ask.now)
            member.facilitator = True
            audit.note(session, consortium.id, member.id, "founded", name, ask.now)
    except IntegrityError:
        # somebody else founded it in the same moment; the workspace's key lets only one through
        with ask.look("anyone") as (_, caller):
            _only_once(caller.found)
        raise
    ask.answer(
        f"{escape(name)} is founded, and you are its first facilitator.",
        [
            section(
                f"*{escape(name)}* is founded, and you are its first facilitator. Next: add the agencies, then place "
                f"their people. For example: {rules.AGENCY_EXAMPLE}"
            ),
            row(button("Add an agency", "member.agency"), button("Import a table", "member.import")),
        ],
    )


# agencies ----------------------------------------------------------------------------------------------


def agency(ask: Ask, typed: Typed) -> None:
    """Add, rename, weigh or end an agency with the words of a command."""
    deed = typed.words[1].folded if len(typed.words) > 1 else ""
    rest = [word.text for word in typed.words[2:]]
    if deed == "add" and rest:
        name = rest[0] if typed.words[2].quoted else " ".join(rest)
        _no_more(rest[1:] if typed.words[2].quoted else [], rules.AGENCY_EXAMPLE)
        with _shown(ADD_EXAMPLE):
            _add(ask, name, typed.options.get("weight", "1"), typed.options.get("domain", ""), form=False)
    elif deed == "add" or not deed:
        press_agency(ask)
    elif deed == "rename":
        _two(rest, '`/consortium agency rename "Elm County Schools" "Elm Schools"`')
        _rename(ask, rest[0], rest[1])
    elif deed == "weight":
        given = [*rest, typed.options["weight"]] if "weight" in typed.options else rest
        _two(given, WEIGHT_EXAMPLE)
        with _shown(WEIGHT_EXAMPLE):
            _weigh(ask, given[0], given[1])
    elif deed == "end" and rest:
        agency_closing.ask_first(ask, " ".join(rest))
    elif deed in {"holidays", "holiday", "closed"}:
        commands.holidays(ask, typed)
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
        if refusal.blocks or "`/" in refusal.sentence:
            raise
        raise Refusal(f"{refusal.sentence} For example: {example}") from None


def _no_more(words: list[str], example: str) -> None:
    if words:
        raise Refusal(f"I did not understand “{escape(cut(' '.join(words), 60))}”. For example: {example}")


def _two(words: list[str], example: str) -> None:
    if len(words) != 2:
        raise Refusal(f"This takes two things, names in quotes. For example: {example}")


def press_agency(ask: Ask) -> None:
    """Open the form for a new agency."""
    with ask.look("facilitator"):
        pass
    ask.open(forms.agency(ask.origin))


def submit_agency(ask: Ask) -> None:
    """Add an agency from the form."""
    _add(ask, ask.written("name"), ask.written("weight") or "1", ask.written("domain"), form=True)


def _add(ask: Ask, name: str, weight: str, domain: str, *, form: bool) -> None:
    fields = ("name", "weight", "domain") if form else (None, None, None)
    example = "Elm County Schools" if form else rules.AGENCY_EXAMPLE
    try:
        with ask.begin("facilitator") as (session, caller):
            given = rules.name(name, "agency", example, fields[0])
            _unique_domain(session, caller, rules.domain(domain, fields[2]), fields[2])
            agencies.add(
                session,
                caller.consortium.id,
                given,
                ask.now,
                weight=rules.weight(weight, fields[1]),
                domain=rules.domain(domain, fields[2]),
            )
            audit.note(session, caller.consortium.id, caller.person.id, "added", f"agency {given}", ask.now)
    except IntegrityError:
        apart = "Elm County Schools, North" if form else '`/consortium agency add "Elm County Schools, North"`'
        with ask.look("facilitator") as (session, caller):
            known = {a.folded: a.name for a in agencies.living(session, caller.consortium.id)}
        raise Refusal(
            f"There is an agency “{escape(known.get(agencies.fold(name), name))}” already. Two agencies cannot have "
            f"the same name; a place or a number tells them apart, for example {apart}.",
            field=fields[0],
        ) from None
    ask.done(
        f"{escape(given)} is in. Place its people next, for example: "
        f'`/consortium member @ben "{escape(given)}" representative`',
        button("Place a person", "member.place"),
        button("Add another agency", "member.agency"),
    )


def _unique_domain(session: Session, caller: Caller, domain: str | None, field: str | None) -> None:
    for other in agencies.living(session, caller.consortium.id):
        if domain is not None and other.domain == domain:
            raise Refusal(
                f"{escape(other.name)} has the e-mail domain {escape(domain)} already, so leave it out here.",
                field=field,
            )


def _rename(ask: Ask, old: str, new: str) -> None:
    try:
        with ask.begin("facilitator") as (session, caller):
            found = kit_lookup.agency(session, caller, old)
            before = found.name
            agencies.rename(found, rules.name(new, "agency", rules.AGENCY_EXAMPLE))
            session.flush()
            after = found.name
            audit.note(session, caller.consortium.id, caller.person.id, "renamed", f"agency {before}", ask.now)
            seats.refresh(session, caller.consortium)
    except IntegrityError:
        raise Refusal(
            f"There is an agency “{escape(cut(new, 60))}” already. Choose another name, for example "
            '`/consortium agency rename "Elm County Schools" "Elm Schools"`'
        ) from None
    ask.answer(f"{escape(before)} is called {escape(after)} now.")


def _weigh(ask: Ask, name: str, weight: str) -> None:
    with ask.begin("facilitator") as (session, caller):
        found = kit_lookup.agency(session, caller, name)
        found.weight = rules.weight(weight)
        load.touch(session, caller.consortium.id, ask.now)
        said = f"{escape(found.name)} carries a share of {found.weight:g} now. Its voice is the same as everyone's."
        audit.note(session, caller.consortium.id, caller.person.id, "weighed", f"agency {found.name}", ask.now)
    ask.answer(said)
