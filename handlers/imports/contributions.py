"""Import contributions and gains: what is new, recording it, and taking it back."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
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
    recorded = _Recorded(_given_key(g.agency_id, g.kind, g.hours, g.cents, g.words, g.given_on) for g in every)
    currency = caller.consortium.currency

    def row(entry: GivenEntry, agency: Agency) -> PlannedRow:
        on = entry.on or today
        amount = format_effort(entry.hours or 0) if entry.hours else format_amount(entry.cents or 0, currency)
        kind = " in kind" if entry.kind is ContributionKind.IN_KIND else ""
        text = f"{bold(agency.name)} gave {amount}{kind}, {quote(entry.words, 120)}, {format_day(on)}"
        key = _given_key(agency.id, entry.kind, entry.hours, entry.cents, entry.words, on)
        state, nth = recorded.take(key)
        plan = {
            "agency": agency.id,
            "nth": nth,
            "kind": entry.kind.value,
            "hours": entry.hours,
            "cents": entry.cents,
            "words": entry.words,
            "on": on.isoformat(),
        }
        return PlannedRow(entry.line, state, text, plan)

    return _plan(session, caller, said, problems, row)


def plan_gains(
    session: Session, caller: Caller, said: Sequence[GainEntry], problems: list[Problem]
) -> list[PlannedRow]:
    """Compare the lines with the gains, and return the rows of the preview."""
    every = contributions.gains_of(session, caller.consortium.id, _all_agencies(session, caller))
    recorded = _Recorded((gain.agency_id, normalize_name(gain.words)) for gain in every)

    def row(entry: GainEntry, agency: Agency) -> PlannedRow:
        state, nth = recorded.take((agency.id, normalize_name(entry.words)))
        text = f"{bold(agency.name)} gained {quote(entry.words, 120)}"
        return PlannedRow(entry.line, state, text, {"agency": agency.id, "nth": nth, "words": entry.words})

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


class _Recorded:
    """What is recorded already. Two equal lines need two entries: both may be true."""

    def __init__(self, keys: Iterable[Hashable]) -> None:
        self._recorded = Counter(keys)
        self._taken: Counter[Hashable] = Counter()

    def take(self, key: Hashable) -> tuple[ImportRowState, int]:
        """Return whether a line is recorded already, and how many equal lines the table has up to there."""
        self._taken[key] += 1
        nth = self._taken[key]
        return (ImportRowState.UNCHANGED if nth <= self._recorded[key] else ImportRowState.NEW), nth


# carrying out and undoing ------------------------------------------------------------------------------


def carry_out_given(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    """Record the contribution of a row. Raise `Refusal` if its agency is gone, or if it has been recorded since."""
    draft = ContributionDraft(ContributionKind(plan["kind"]), plan["words"], plan["hours"], plan["cents"])
    agency, on = _agency(session, caller, plan), date.fromisoformat(plan["on"])
    _check_not_recorded(plan, contributions.words_given(session, agency.id, draft.kind, draft.hours, draft.cents, on))
    return {"id": records.record_contribution(session, caller, agency, draft, on, now).id}


def carry_out_gain(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    """Record the gain of a row. Raise `Refusal` if its agency is gone, or if it has been recorded since."""
    agency = _agency(session, caller, plan)
    _check_not_recorded(plan, contributions.words_gained(session, agency.id))
    return {"id": records.record_gain(session, caller, agency, plan["words"], now).id}


def _check_not_recorded(plan: Plan, recorded: Sequence[str]) -> None:
    """Raise `Refusal` if as many equal entries are recorded as the table has up to this line."""
    words = normalize_name(plan["words"])
    if sum(normalize_name(known) == words for known in recorded) >= plan.get("nth", 1):
        raise Refusal("This has been recorded since the preview.")


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
