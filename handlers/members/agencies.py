"""Founding, and the agencies."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit import lookup as kit_lookup
from handlers.kit.block_kit import button, row, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape
from handlers.members import rules, seats
from storage import agencies, audit, consortia, load
from storage.consortia import Consortium
from storage.vocabulary import Seat

ADD_EXAMPLE = '`/consortium agency add "Elm County Schools" weight:2 domain:elm.k12.example`'
WEIGHT_EXAMPLE = '`/consortium agency weight "Elm Schools" 3`'
SETUP_EXAMPLE = '`/consortium setup "Northern Valleys"`'


# founding ----------------------------------------------------------------------------------------------


def _only_once(found: Consortium | None) -> None:
    if found is not None:
        raise Refusal(
            f"This workspace has its consortium already: {escape(found.name)}. `/consortium` gives an overview."
        )


def found_consortium(request: SlackRequest, name: str, zone: str | None) -> None:
    """Found a consortium; the caller becomes its first facilitator."""
    founder = kit_lookup.person(request, request.user)
    if zone is not None and not dates.is_zone(zone):
        raise Refusal(f"I know no zone “{escape(cut(zone, 60))}”. One looks like `zone:America/Denver`")
    try:
        with request.begin("anyone") as (session, caller):
            _only_once(caller.found)
            consortium = consortia.found(session, request.workspace, name, zone or founder.zone, request.now)
            member = seats.place(session, consortium, founder, None, Seat.MEMBER, request.now)
            member.facilitator = True
            audit.note(session, consortium.id, member.id, "founded", name, request.now)
    except IntegrityError:
        # somebody else founded it in the same moment; the workspace's key lets only one through
        with request.look("anyone") as (_, caller):
            _only_once(caller.found)
        raise
    request.answer(
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


def add_agency(request: SlackRequest, name: str, weight: str, domain: str, *, form: bool) -> None:
    """Add an agency."""
    fields = ("name", "weight", "domain") if form else (None, None, None)
    example = "Elm County Schools" if form else rules.AGENCY_EXAMPLE
    try:
        with request.begin("facilitator") as (session, caller):
            given = rules.name(name, "agency", example, fields[0])
            _unique_domain(session, caller, rules.domain(domain, fields[2]), fields[2])
            agencies.add(
                session,
                caller.consortium.id,
                given,
                request.now,
                weight=rules.weight(weight, fields[1]),
                domain=rules.domain(domain, fields[2]),
            )
            audit.note(session, caller.consortium.id, caller.person.id, "added", f"agency {given}", request.now)
    except IntegrityError:
        apart = "Elm County Schools, North" if form else '`/consortium agency add "Elm County Schools, North"`'
        with request.look("facilitator") as (session, caller):
            known = {a.folded: a.name for a in agencies.living(session, caller.consortium.id)}
        raise Refusal(
            f"There is an agency “{escape(known.get(agencies.fold(name), name))}” already. Two agencies cannot have "
            f"the same name; a place or a number tells them apart, for example {apart}.",
            field=fields[0],
        ) from None
    request.done(
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


def rename_agency(request: SlackRequest, old: str, new: str) -> None:
    """Rename an agency."""
    try:
        with request.begin("facilitator") as (session, caller):
            found = kit_lookup.agency(session, caller, old)
            before = found.name
            agencies.rename(found, rules.name(new, "agency", rules.AGENCY_EXAMPLE))
            session.flush()
            after = found.name
            audit.note(session, caller.consortium.id, caller.person.id, "renamed", f"agency {before}", request.now)
            seats.refresh(session, caller.consortium)
    except IntegrityError:
        raise Refusal(
            f"There is an agency “{escape(cut(new, 60))}” already. Choose another name, for example "
            '`/consortium agency rename "Elm County Schools" "Elm Schools"`'
        ) from None
    request.answer(f"{escape(before)} is called {escape(after)} now.")


def change_weight(request: SlackRequest, name: str, weight: str) -> None:
    """Change an agency's capacity weight."""
    with request.begin("facilitator") as (session, caller):
        found = kit_lookup.agency(session, caller, name)
        found.weight = rules.weight(weight)
        load.touch(session, caller.consortium.id, request.now)
        said = f"{escape(found.name)} carries a share of {found.weight:g} now. Its voice is the same as everyone's."
        audit.note(session, caller.consortium.id, caller.person.id, "weighed", f"agency {found.name}", request.now)
    request.answer(said)
