"""What an import of agencies and people would change."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.imports.matching import Match, People
from handlers.imports.plans import PlannedRow, problem_rows
from handlers.imports.rules import entries
from handlers.imports.rules.entries import Mention, PeopleEntry, Problem
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, join_names
from storage import agencies, members, membership_requests
from storage.agencies import Agency
from storage.names import normalize_name
from storage.vocabulary import AgencyId, ImportRowState, RequestKind, Seat

_ROLES = {Seat.MEMBER: "a member", Seat.ALTERNATE: "the alternate", Seat.REPRESENTATIVE: "the representative"}


@dataclass
class _Found:
    """What the preview of people is made from. `seats` are the current agency and seat of each member."""

    agencies: Mapping[str, Agency]
    names: Mapping[AgencyId, str]
    seats: Mapping[tuple[str, str], tuple[AgencyId | None, Seat]]
    asked: Collection[tuple[str, str, AgencyId]]


def mentions(said: Sequence[PeopleEntry]) -> list[Mention]:
    """Return everybody whom the lines name."""
    return [mention for entry in said for mention in entry.people]


def plan_rows(
    session: Session, caller: Caller, said: Sequence[PeopleEntry], problems: list[Problem], people: People
) -> list[PlannedRow]:
    """Compare the lines with the consortium, and return the rows of the preview."""
    found = _load(session, caller)
    problems = [*problems, *entries.find_contradictions(said), *_taken_domains(said, found)]
    matched, unmatched = _match_all(said, people, found)
    problems += [*unmatched, *_repeated(matched)]
    wrong = {problem.line for problem in problems}
    good = [entry for entry in said if entry.line not in wrong]
    rows = [*_agency_rows(good, found)]
    for entry in good:
        rows += _people_rows(session, caller, entry, matched[entry.line], found)
    return sorted([*problem_rows(problems), *rows], key=lambda row: row.line)


def _load(session: Session, caller: Caller) -> _Found:
    consortium_id = caller.consortium.id
    living = agencies.active(session, consortium_id)
    everybody = members.active(session, consortium_id)
    names = {agency.id: agency.name for agency in agencies.all_by_id(session, consortium_id).values()}
    asked = membership_requests.list_open(session, consortium_id, RequestKind.SEAT)
    return _Found(
        {agency.folded: agency for agency in living},
        names,
        {(member.team_id, member.user_id): (member.agency_id, member.seat) for member in everybody},
        {(request.team_id, request.user_id, request.agency_id) for request in asked},
    )


def _taken_domains(said: Sequence[PeopleEntry], found: _Found) -> Iterator[Problem]:
    owners = {agency.domain: agency for agency in found.agencies.values() if agency.domain}
    for entry in said:
        owner = owners.get(entry.domain) if entry.domain else None
        if owner is not None and owner.folded != normalize_name(entry.agency):
            yield Problem(
                entry.line, f"{escape(owner.name)} already uses the email domain {escape(entry.domain or '')}."
            )


_Matched = dict[int, list[tuple[Mention, Match]]]


def _match_all(said: Sequence[PeopleEntry], people: People, found: _Found) -> tuple[_Matched, list[Problem]]:
    matched: _Matched = defaultdict(list)
    problems = []
    for entry in said:
        agency = found.agencies.get(normalize_name(entry.agency))
        for mention in entry.people:
            try:
                matched[entry.line].append((mention, people.match(mention, agency.id if agency is not None else None)))
            except Refusal as refusal:
                problems.append(Problem(entry.line, refusal.sentence))
    return matched, problems


def _repeated(matched: _Matched) -> list[Problem]:
    """Return a problem for each line with a person who is in another line too."""
    lines: dict[Match, list[int]] = defaultdict(list)
    for line, pairs in matched.items():
        for match in dict.fromkeys(match for _, match in pairs):
            lines[match].append(line)
    return [
        entries.same_person(match.name, line, found)
        for match, found in lines.items()
        if len(found) > 1
        for line in found
    ]


def _agency_rows(said: Sequence[PeopleEntry], found: _Found) -> Iterator[PlannedRow]:
    """Yield a row for each agency that is new, changed, or listed without people."""
    by_agency: dict[str, list[PeopleEntry]] = defaultdict(list)
    for entry in said:
        if entry.agency:
            by_agency[normalize_name(entry.agency)].append(entry)
    for folded, lines in by_agency.items():
        weight = next((entry.weight for entry in lines if entry.weight is not None), None)
        domain = next((entry.domain for entry in lines if entry.domain), None)
        agency, first = found.agencies.get(folded), lines[0]
        if agency is None:
            if not any(entry.ended for entry in lines):
                yield _new_agency(first, weight, domain)
            continue
        changes = []
        if weight is not None and weight != agency.weight:
            changes.append(f"share {agency.weight:g} → {weight:g}")
        if domain is not None and domain != agency.domain:
            changes.append(f"email domain {escape(agency.domain or 'none')} → {escape(domain)}")
        before = {"weight": agency.weight, "domain": agency.domain}
        after = {
            "weight": agency.weight if weight is None else weight,
            "domain": agency.domain if domain is None else domain,
        }
        plan = {"agency": agency.id, "before": before, "after": after}
        if changes:
            yield PlannedRow(first.line, ImportRowState.CHANGED, f"{bold(agency.name)}: {join_names(changes)}", plan)
        elif not any(entry.people for entry in lines):
            yield PlannedRow(first.line, ImportRowState.UNCHANGED, bold(agency.name))


def _new_agency(entry: PeopleEntry, weight: float | None, domain: str | None) -> PlannedRow:
    details = [f"share {weight:g}"] if weight is not None else []
    details += [f"email domain {escape(domain)}"] if domain else []
    text = f"New agency {bold(entry.agency)}" + (f", {join_names(details)}" if details else "")
    after = {"weight": 1.0 if weight is None else weight, "domain": domain}
    return PlannedRow(entry.line, ImportRowState.NEW, text, {"name": entry.agency, "after": after})


def _people_rows(
    session: Session, caller: Caller, entry: PeopleEntry, pairs: list[tuple[Mention, Match]], found: _Found
) -> Iterator[PlannedRow]:
    if entry.ended:
        return
    for match in dict.fromkeys(match for _, match in pairs):
        seat = next((mention.seat for mention, other in pairs if other == match and mention.seat is not None), None)
        yield _person_row(session, caller, entry, match, seat, found)


def _person_row(
    session: Session, caller: Caller, entry: PeopleEntry, match: Match, seat: Seat | None, found: _Found
) -> PlannedRow:
    """Compare one person with what a line says. Without a role, the seat stays, unless the person moves."""
    name = bold(match.name)
    agency = found.agencies.get(normalize_name(entry.agency))
    current = found.seats.get(match.key)
    agency_id, agency_name = (agency.id, agency.name) if agency else (None, entry.agency)
    if current is not None and not entry.agency:
        agency_id, agency_name = current[0], found.names[current[0]] if current[0] is not None else ""
    stays = current is not None and current[0] == agency_id and (agency is not None or not entry.agency)
    wanted = seat or (current[1] if current is not None and stays else Seat.MEMBER)
    if current is not None and stays and current[1] is wanted:
        return PlannedRow(entry.line, ImportRowState.UNCHANGED, name)
    if not agency_name:
        return PlannedRow(
            entry.line,
            ImportRowState.PROBLEM,
            f"{escape(match.name)} belongs to no agency yet, and this line names none.",
        )
    if agency_id is not None and wanted is Seat.REPRESENTATIVE and (*match.key, agency_id) in found.asked:
        return PlannedRow(
            entry.line, ImportRowState.UNCHANGED, f"{name} waits for the confirmation of {bold(agency_name)}"
        )
    plan = {
        "person": {"team": match.team_id, "user": match.user_id, "name": match.name, "zone": match.zone},
        "agency": agency_name,
        "seat": wanted.value,
        "from": current[0] if current is not None else None,
        "was": current[1] if current is not None else None,
    }
    confirms = ""
    if agency_id is not None and wanted is Seat.REPRESENTATIVE and not _confirms(caller, agency_id, match):
        holder, _ = members.representatives(session, [agency_id])[agency_id]
        confirms = f", once somebody there confirms it ({escape(holder.name)} speaks for it now)" if holder else ""
    if current is None:
        return PlannedRow(
            entry.line, ImportRowState.NEW, f"{name} joins {bold(agency_name)} as {_ROLES[wanted]}{confirms}", plan
        )
    before = f"{_ROLES[current[1]]} of {escape(found.names[current[0]])}" if current[0] is not None else "no agency"
    return PlannedRow(
        entry.line,
        ImportRowState.CHANGED,
        f"{name}: {before} → {_ROLES[wanted]} of {bold(agency_name)}{confirms}",
        plan,
    )


def _confirms(caller: Caller, agency_id: AgencyId, match: Match) -> bool:
    """Return whether the caller's own word is enough to replace the representative of an agency."""
    return caller.person.agency_id == agency_id and match.key != (caller.home, caller.user_id)
