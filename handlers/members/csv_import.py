"""Import agencies and people from a CSV table: all of it, or nothing when a line cannot be read."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.mentions import people_called
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, pluralize, truncate
from handlers.members import membership, rules
from storage import agencies, audit
from storage.agencies import Agency
from storage.names import normalize_name
from storage.vocabulary import Seat

COLUMNS = {"agency", "person", "name", "email", "e-mail", "role", "weight", "domain"}


@dataclass(frozen=True)
class Row:
    """One parsed line of the table. `weight` and `domain` are None when the line leaves them out."""

    line: int
    agency: str
    person: Person | None
    seat: Seat
    weight: float | None
    domain: str | None


def parse_table(table: str, people: Sequence[Person]) -> list[Row]:
    """Parse a table. Raise `Refusal`, which names the line and what is wrong with it."""
    text = re.sub(r"\r\n?", "\n", table).lstrip("\ufeff").rstrip()
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        names = next((cells for cells in reader.reader if any(cells)), [])
        reader.fieldnames = names
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error:
        raise Refusal(
            f"Line {reader.line_num} cannot be read as a table. Nothing was imported.", field="table"
        ) from None
    header = {normalize_name(name) for name in names}
    if "agency" not in header or not header <= COLUMNS:
        unknown = ", ".join(sorted(name for name in header - COLUMNS if name))
        more = f" I do not know these columns: {unknown}." if unknown and "agency" in header else ""
        raise Refusal(f"The first line has to name the columns, for example: agency,person,role.{more}", field="table")
    return [_parse_line(number, line, people) for number, line in lines if any(line.values())]


def _parse_line(number: int, line: Mapping[str, str | list[str] | None], people: Sequence[Person]) -> Row:
    if any(cell.strip() for cell in line.get(None) or ()):  # type: ignore[call-overload]  # DictReader's extra cells
        raise Refusal(
            f"Line {number} has more cells than columns. Put text that contains a comma in quotes.",
            field="table",
        )
    cells = {normalize_name(key or ""): str(value or "").strip() for key, value in line.items()}
    try:
        name = rules.name(cells["agency"], "agency", "agency,person,role")
        person = next((cells[c] for c in ("person", "email", "e-mail", "name") if cells.get(c)), "")
        role = normalize_name(cells.get("role") or Seat.MEMBER)
        return Row(
            line=number,
            agency=name,
            person=_find_person(person, people) if person else None,
            seat=_parse_seat(role),
            weight=rules.weight(cells["weight"]) if cells.get("weight") else None,
            domain=rules.domain(cells.get("domain", "")),
        )
    except Refusal as refusal:
        raise Refusal(f"Line {number}: {refusal.sentence} Nothing was imported.", field="table") from None


def _parse_seat(role: str) -> Seat:
    if role not in set(Seat):
        raise Refusal(f"“{escape(truncate(role, 40))}” is not a role. Use representative, alternate, or member.")
    return Seat(role)


def _find_person(typed: str, people: Sequence[Person]) -> Person:
    """Return the person with this email address or name. Raise `Refusal` if there is none, or more than one."""
    wanted = normalize_name(typed)
    matches = [person for person in people if person.email and normalize_name(person.email) == wanted]
    matches = matches or people_called(typed, people)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Refusal(f"“{escape(truncate(typed, 60))}” could be several people. Use the email address instead.")
    raise Refusal(f"There is nobody called “{escape(truncate(typed, 60))}” in Slack.")


def import_rows(session: Session, caller: Caller, rows: Sequence[Row], now: datetime) -> str:
    """Store agencies and people, and return a summary. Raise `Refusal` if the table is empty or a domain is taken."""
    if not rows:
        raise Refusal("There is no line below the names of the columns.", field="table")
    known = {agency.folded: agency for agency in agencies.active(session, caller.consortium.id)}
    added = placed = 0
    waiting: list[str] = []  # people whom an agency has to confirm first
    for row in rows:
        agency = known.get(normalize_name(row.agency))
        if agency is None:
            agency = agencies.add(session, caller.consortium.id, row.agency, now)
            known[agency.folded] = agency
            added += 1
        agency.weight = agency.weight if row.weight is None else row.weight
        if row.domain is not None and row.domain != agency.domain:
            _check_domain_is_free(known.values(), row)
            agency.domain = row.domain
        if row.person is None:
            continue
        change = membership.assign_seat(session, caller, row.person, agency, row.seat, now)
        if change.waits:
            waiting.append(row.person.name)
        else:
            placed += 1
    audit.record(session, caller.consortium.id, caller.person.id, "imported", f"{len(rows)} lines", now)
    more = f" I have asked the agencies to confirm {escape(', '.join(waiting))}." if waiting else ""
    return (
        f"Imported {pluralize(added, 'new agency', 'new agencies')} and {pluralize(placed, 'person', 'people')}.{more}"
    )


def _check_domain_is_free(known: Iterable[Agency], row: Row) -> None:
    for other in known:
        if other.domain == row.domain:
            raise Refusal(
                f"Line {row.line}: {escape(other.name)} already uses the email domain {escape(row.domain or '')}. "
                "Nothing was imported.",
                field="table",
            )
