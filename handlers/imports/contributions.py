"""Import contributions and gains: what is new, recording it, and taking it back."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from handlers.contributions import records
from handlers.contributions.parsing import ContributionDraft
from handlers.imports.plans import Plan, PlannedRow, problem_rows
from handlers.imports.rules.entries import GainEntry, GivenEntry, Problem
from handlers.kit.callers import Caller
from handlers.kit.hours import format_effort
from handlers.kit.money import format_amount
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, format_day, quote
from storage import agencies, contributions
from storage.agencies import Agency
from storage.contributions import Contribution, Gain
from storage.names import normalize_name
from storage.vocabulary import AgencyId, ContributionKind, ImportRowState

_Entry = TypeVar("_Entry", GivenEntry, GainEntry)


def plan_given(
    session: Session, caller: Caller, said: Sequence[GivenEntry], problems: list[Problem], today: date
) -> list[PlannedRow]:
    """Compare the lines with the contributions, and return the rows of the preview."""
    every = contributions.contributions_of(session, caller.consortium.id, _all_agencies(session, caller))
    recorded: Counter[Hashable] = Counter(
        _given_key(g.agency_id, g.kind, g.hours, g.cents, g.words, g.given_on) for g in every
    )
    currency = caller.consortium.currency

    def row(entry: GivenEntry, agency: Agency) -> PlannedRow:
        on = entry.on or today
        amount = format_effort(entry.hours or 0) if entry.hours else format_amount(entry.cents or 0, currency)
        kind = " in kind" if entry.kind is ContributionKind.IN_KIND else ""
        text = f"{bold(agency.name)} gave {amount}{kind}, {quote(entry.words, 120)}, {format_day(on)}"
        key = _given_key(agency.id, entry.kind, entry.hours, entry.cents, entry.words, on)
        plan = {
            "agency": agency.id,
            "kind": entry.kind.value,
            "hours": entry.hours,
            "cents": entry.cents,
            "words": entry.words,
            "on": on.isoformat(),
        }
        return PlannedRow(entry.line, _take(recorded, key), text, plan)

    return _plan(session, caller, said, problems, row)


def plan_gains(
    session: Session, caller: Caller, said: Sequence[GainEntry], problems: list[Problem]
) -> list[PlannedRow]:
    """Compare the lines with the gains, and return the rows of the preview."""
    every = contributions.gains_of(session, caller.consortium.id, _all_agencies(session, caller))
    recorded: Counter[Hashable] = Counter((gain.agency_id, normalize_name(gain.words)) for gain in every)

    def row(entry: GainEntry, agency: Agency) -> PlannedRow:
        state = _take(recorded, (agency.id, normalize_name(entry.words)))
        text = f"{bold(agency.name)} gained {quote(entry.words, 120)}"
        return PlannedRow(entry.line, state, text, {"agency": agency.id, "words": entry.words})

    return _plan(session, caller, said, problems, row)


def _plan(
    session: Session,
    caller: Caller,
    said: Sequence[_Entry],
    problems: list[Problem],
    row: Callable[[_Entry, Agency], PlannedRow],
) -> list[PlannedRow]:
    """Return a row for each line of an agency that exists; the others are problems."""
    by_name = {agency.folded: agency for agency in agencies.all_by_id(session, caller.consortium.id).values()}
    by_name |= {agency.folded: agency for agency in agencies.active(session, caller.consortium.id)}
    rows: list[PlannedRow] = []
    unknown: list[Problem] = []
    for entry in said:
        agency = by_name.get(normalize_name(entry.agency))
        if agency is None:
            sentence = f"There is no agency {quote(entry.agency, 60)}. `/consortium who` lists all agencies."
            unknown.append(Problem(entry.line, sentence))
        else:
            rows.append(row(entry, agency))
    return sorted([*problem_rows([*problems, *unknown]), *rows], key=lambda row: row.line)


def _all_agencies(session: Session, caller: Caller) -> list[AgencyId]:
    return list(agencies.all_by_id(session, caller.consortium.id))


def _given_key(
    agency_id: AgencyId, kind: ContributionKind, hours: float | None, cents: int | None, words: str, on: date
) -> Hashable:
    return agency_id, kind, hours, cents, normalize_name(words), on


def _take(recorded: Counter[Hashable], key: Hashable) -> ImportRowState:
    """Return whether an entry is recorded already. Two equal lines need two entries: both may be true."""
    if not recorded[key]:
        return ImportRowState.NEW
    recorded[key] -= 1
    return ImportRowState.UNCHANGED


# carrying out and undoing ------------------------------------------------------------------------------


def carry_out_given(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    """Record the contribution of a row. Raise `Refusal` if its agency no longer exists."""
    draft = ContributionDraft(ContributionKind(plan["kind"]), plan["words"], plan["hours"], plan["cents"])
    agency = _agency(session, caller, plan)
    given = records.record_contribution(session, caller, agency, draft, date.fromisoformat(plan["on"]), now)
    return {"id": given.id}


def carry_out_gain(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    """Record the gain of a row. Raise `Refusal` if its agency no longer exists."""
    return {"id": records.record_gain(session, caller, _agency(session, caller, plan), plan["words"], now).id}


def _agency(session: Session, caller: Caller, plan: Plan) -> Agency:
    agency = agencies.all_by_id(session, caller.consortium.id).get(plan["agency"])
    if agency is None:
        raise Refusal("This agency does not exist anymore.")
    return agency


def take_given_back(session: Session, caller: Caller, done: Plan, now: datetime) -> None:
    """Take the contribution of a row back. Raise `Refusal` if somebody already has."""
    _take_back(session, caller, contributions.lock_contribution(session, caller.consortium.id, done["id"]), now)


def take_gain_back(session: Session, caller: Caller, done: Plan, now: datetime) -> None:
    """Take the gain of a row back. Raise `Refusal` if somebody already has."""
    _take_back(session, caller, contributions.lock_gain(session, caller.consortium.id, done["id"]), now)


def _take_back(session: Session, caller: Caller, entry: Contribution | Gain | None, now: datetime) -> None:
    if entry is None or entry.taken_back_at is not None:
        raise Refusal("Somebody has already taken this entry back.")
    records.take_back(session, caller, entry, now)
