"""What an import of agencies and people would change."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.imports.matching import Match, People
from handlers.imports.plans import PlannedRow, problem_rows
from handlers.imports.rules import entries
from handlers.imports.rules.entries import Mention, PeopleEntry, Problem
from handlers.kit import replacements
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, join_names, quote
from storage import agencies, members, membership_requests
from storage.agencies import Agency
from storage.members import Member
from storage.names import normalize_name
from storage.vocabulary import AgencyId, ImportRowState, RequestKind, Seat

_ROLES = {Seat.MEMBER: "a member", Seat.ALTERNATE: "the alternate", Seat.REPRESENTATIVE: "the representative"}


@dataclass
class _Found:
    """What the preview of people is made from.

    `members` are found by their Slack identity, `holders` by agency and seat. `taken` has who gets a seat in the table.
    """

    agencies: Mapping[str, Agency]
    names: Mapping[AgencyId, str]
    members: Mapping[tuple[str, str], Member]
    holders: Mapping[tuple[AgencyId | None, Seat], Member]
    asked: Collection[tuple[str, str, AgencyId, Seat]]
    taken: dict[tuple[AgencyId | None, Seat], tuple[str, str]]
    now: datetime


def mentions(said: Sequence[PeopleEntry]) -> list[Mention]:
    """Return everybody whom the lines name, apart from those that have ended."""
    return [mention for entry in said if not entry.ended for mention in entry.people]


def plan_rows(
    session: Session,
    caller: Caller,
    said: Sequence[PeopleEntry],
    problems: list[Problem],
    people: People,
    now: datetime,
) -> list[PlannedRow]:
    """Compare the lines with the consortium, and return the rows of the preview: at least one for each line."""
    found = _load(session, caller, now)
    living = [entry for entry in said if not entry.ended]
    problems = [*problems, *entries.find_contradictions(living), *_taken_domains(living, found)]
    matched, unmatched = _match_all(living, people, found)
    problems += [*unmatched, *_repeated(matched), *_two_roles(matched)]
    wrong = {problem.line for problem in problems}
    good = [entry for entry in living if entry.line not in wrong]
    for entry in good:
        _note_taken(entry, matched[entry.line], found)
    rows = [*_agency_rows(good, found)]
    for entry in good:
        rows += _people_rows(session, caller, entry, matched[entry.line], found)
    wrong = {row.line for row in rows if row.state is ImportRowState.PROBLEM}
    rows = [row for row in rows if row.line not in wrong or row.state is ImportRowState.PROBLEM]
    rows += [_ended_row(entry) for entry in said if entry.ended]
    rows = [*problem_rows(problems), *rows]
    shown = {row.line for row in rows}
    rows += [
        PlannedRow(entry.line, ImportRowState.UNCHANGED, _shown(entry)) for entry in good if entry.line not in shown
    ]
    return sorted(rows, key=lambda row: row.line)


def _ended_row(entry: PeopleEntry) -> PlannedRow:
    return PlannedRow(entry.line, ImportRowState.UNCHANGED, f"{_shown(entry)}: ended, so it is left out")


def _shown(entry: PeopleEntry) -> str:
    return bold(entry.agency or join_names([mention.shown for mention in entry.people]))


def _load(session: Session, caller: Caller, now: datetime) -> _Found:
    consortium_id = caller.consortium.id
    living = agencies.active(session, consortium_id)
    everybody = members.active(session, consortium_id)
    names = {agency.id: agency.name for agency in agencies.all_by_id(session, consortium_id).values()}
    asked = membership_requests.list_open(session, consortium_id, RequestKind.SEAT)
    return _Found(
        {agency.folded: agency for agency in living},
        names,
        {(member.team_id, member.user_id): member for member in everybody},
        {(member.agency_id, member.seat): member for member in everybody if member.seat is not Seat.MEMBER},
        {(request.team_id, request.user_id, request.agency_id, request.seat) for request in asked},
        {},
        now,
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


def _two_roles(matched: _Matched) -> Iterator[Problem]:
    """Yield a problem for each line that gives a person two roles."""
    for line, pairs in matched.items():
        seats: dict[Match, set[Seat]] = defaultdict(set)
        for mention, match in pairs:
            seats[match] |= {mention.seat} if mention.seat is not None else set()
        for match, several in seats.items():
            if len(several) > 1:
                yield Problem(line, f"{escape(match.name)} has two roles in this line. Keep one of them.")


def _note_taken(entry: PeopleEntry, pairs: list[tuple[Mention, Match]], found: _Found) -> None:
    for mention, match in pairs:
        agency_id, _ = _target(entry, match, found)
        if mention.seat in {Seat.REPRESENTATIVE, Seat.ALTERNATE} and agency_id is not None:
            found.taken[agency_id, mention.seat] = match.key


def _target(entry: PeopleEntry, match: Match, found: _Found) -> tuple[AgencyId | None, str]:
    """Return the agency to which a line assigns a person: the one it names, or their own. None if it is new."""
    current = found.members.get(match.key)
    if current is not None and not entry.agency:
        return current.agency_id, found.names[current.agency_id] if current.agency_id is not None else ""
    agency = found.agencies.get(normalize_name(entry.agency))
    return (agency.id, agency.name) if agency is not None else (None, entry.agency)


def _agency_rows(said: Sequence[PeopleEntry], found: _Found) -> Iterator[PlannedRow]:
    """Yield a row for each agency that is new or changed."""
    by_agency: dict[str, list[PeopleEntry]] = defaultdict(list)
    for entry in said:
        if entry.agency:
            by_agency[normalize_name(entry.agency)].append(entry)
    for folded, lines in by_agency.items():
        weight = next((entry.weight for entry in lines if entry.weight is not None), None)
        domain = next((entry.domain for entry in lines if entry.domain), None)
        agency, first = found.agencies.get(folded), lines[0]
        if agency is None:
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


def _new_agency(entry: PeopleEntry, weight: float | None, domain: str | None) -> PlannedRow:
    details = [f"share {weight:g}"] if weight is not None else []
    details += [f"email domain {escape(domain)}"] if domain else []
    text = f"New agency {bold(entry.agency)}" + (f", {join_names(details)}" if details else "")
    after = {"weight": 1.0 if weight is None else weight, "domain": domain}
    return PlannedRow(entry.line, ImportRowState.NEW, text, {"name": entry.agency, "after": after})


def _people_rows(
    session: Session, caller: Caller, entry: PeopleEntry, pairs: list[tuple[Mention, Match]], found: _Found
) -> Iterator[PlannedRow]:
    for match in dict.fromkeys(match for _, match in pairs):
        said = [mention for mention, other in pairs if other == match]
        mention = next((mention for mention in said if mention.seat is not None), said[0])
        yield _person_row(session, caller, entry, match, mention, found)


def _person_row(
    session: Session, caller: Caller, entry: PeopleEntry, match: Match, mention: Mention, found: _Found
) -> PlannedRow:
    """Compare one person with what a line says. Without a role, the seat stays, unless the person moves."""
    current = found.members.get(match.key)
    agency_id, agency_name = _target(entry, match, found)
    stays = current is not None and current.agency_id == agency_id and (agency_id is not None or not entry.agency)
    kept = current.seat if current is not None and stays else Seat.MEMBER
    if mention.not_representative and kept is Seat.REPRESENTATIVE:
        kept = Seat.MEMBER
    wanted = mention.seat or kept
    name = bold(match.name)
    if current is not None and stays and current.seat is wanted:
        return PlannedRow(entry.line, ImportRowState.UNCHANGED, name)
    if not agency_name:
        return PlannedRow(
            entry.line,
            ImportRowState.PROBLEM,
            f"{escape(match.name)} belongs to no agency yet, and this line names none. Write the agency in this line.",
        )
    if agency_id is not None and (*match.key, agency_id, wanted) in found.asked:
        return PlannedRow(
            entry.line, ImportRowState.UNCHANGED, f"{name} waits for the confirmation of {bold(agency_name)}"
        )
    plan = {
        "person": {"team": match.team_id, "user": match.user_id, "name": match.name, "zone": match.zone},
        "agency": agency_name,
        "agency_id": agency_id,
        "seat": wanted.value,
        "from": current.agency_id if current is not None else None,
        "was": current.seat if current is not None else None,
        "displaced": _is_displaced(current, found),
    }
    name += f" ({quote(mention.name, 60)} in the table)" if _names_differ(mention.name, match.name) else ""
    how = _replacement(session, caller, agency_id, wanted, match, found)
    if current is None:
        text = f"{name} joins {bold(agency_name)} as {_ROLES[wanted]}{how}"
        return PlannedRow(entry.line, ImportRowState.NEW, text, plan)
    place = f"{_ROLES[current.seat]} of {escape(found.names[current.agency_id])}" if current.agency_id else "no agency"
    text = f"{name}: {place} → {_ROLES[wanted]} of {bold(agency_name)}{how}"
    return PlannedRow(entry.line, ImportRowState.CHANGED, text, plan)


def _is_displaced(current: Member | None, found: _Found) -> bool:
    """Return whether the table gives the seat of a member to somebody else."""
    if current is None:
        return False
    taker = found.taken.get((current.agency_id, current.seat))
    return taker is not None and taker != (current.team_id, current.user_id)


def _names_differ(typed: str, name: str) -> bool:
    """Return whether a typed name has no word of a person's name: people should look twice."""
    words = {word.strip(",.") for word in normalize_name(typed).split()}
    return bool(words) and not words & set(normalize_name(name).split())


def _replacement(
    session: Session, caller: Caller, agency_id: AgencyId | None, seat: Seat, match: Match, found: _Found
) -> str:
    """Return whom a person would replace in a seat, and which agencies confirm it first. Empty for nobody."""
    holder, member = found.holders.get((agency_id, seat)), found.members.get(match.key)
    waits = _waits(session, caller, agency_id, seat, member, found)
    holder = holder if seat is not Seat.MEMBER and holder is not member else None
    replaced = f", in place of {escape(holder.name)}" if holder is not None else ""
    if not waits:
        return replaced
    if [agency.id for agency in waits] != [agency_id]:
        return f", once somebody of {join_names([bold(agency.name) for agency in waits])} confirms it"
    if holder is not None and seat is Seat.REPRESENTATIVE:
        replaced = f" ({escape(holder.name)} speaks for it now)"
    return f", once somebody there confirms it{replaced}"


def _waits(
    session: Session, caller: Caller, agency_id: AgencyId | None, seat: Seat, member: Member | None, found: _Found
) -> list[Agency]:
    """Return the agencies that confirm a person's new place first."""
    agency = session.get(Agency, agency_id) if agency_id is not None else None
    changes = replacements.find(session, member, agency, seat, found.now)
    return [change.agency for change in changes if not change.may_be_confirmed_by(caller.person)]
