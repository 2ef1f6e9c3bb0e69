"""Agencies and people from a CSV table: everything in it, or nothing where a line cannot be read."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.text import counted, cut, escape
from handlers.members import joining, rules
from storage import agencies, audit
from storage.agencies import Agency
from storage.vocabulary import Seat

COLUMNS = {"agency", "person", "name", "email", "e-mail", "role", "weight", "domain"}


@dataclass(frozen=True)
class Row:
    """One line of the table, read. `weight` and `domain` are None where they were left out."""

    line: int
    agency: str
    person: Person | None
    seat: Seat
    weight: float | None
    domain: str | None


def read(table: str, people: Sequence[Person]) -> list[Row]:
    """Read a table. Raises Refusal that names the line and what is wrong with it."""
    text = re.sub(r"\r\n?", "\n", table).lstrip("\ufeff").rstrip()
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        names = next((found for found in reader.reader if any(found)), [])
        reader.fieldnames = names
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error:
        raise Refusal(
            f"Line {reader.line_num} cannot be read as a table. Nothing was imported.", field="table"
        ) from None
    header = {name.strip().casefold() for name in names}
    if "agency" not in header or not header <= COLUMNS:
        odd = ", ".join(sorted(name for name in header - COLUMNS if name))
        said = f" I do not know the columns {odd}." if odd and "agency" in header else ""
        raise Refusal(f"The first line has to name the columns, for example: agency,person,role.{said}", field="table")
    return [_row(number, line, people) for number, line in lines if _filled(line)]


def _filled(line: Mapping[str, str | list[str] | None]) -> bool:
    return any(value for value in line.values())


def _row(number: int, line: Mapping[str, str | list[str] | None], people: Sequence[Person]) -> Row:
    if any(cell.strip() for cell in line.get(None) or ()):  # type: ignore[call-overload]  # DictReader's extra cells
        raise Refusal(
            f"Line {number} has more cells than there are columns. Quotes keep commas together.",
            field="table",
        )
    cells = {(key or "").strip().casefold(): str(value or "").strip() for key, value in line.items()}
    try:
        name = rules.name(cells["agency"], "agency", "agency,person,role")
        who = next((cells[c] for c in ("person", "email", "e-mail", "name") if cells.get(c)), "")
        role = (cells.get("role") or Seat.MEMBER).casefold()
        return Row(
            line=number,
            agency=name,
            person=_find(who, people) if who else None,
            seat=_seat(role),
            weight=rules.weight(cells["weight"]) if cells.get("weight") else None,
            domain=rules.domain(cells.get("domain", "")),
        )
    except Refusal as refusal:
        raise Refusal(f"Line {number}: {refusal.sentence} Nothing was imported.", field="table") from None


def _seat(role: str) -> Seat:
    if role not in set(Seat):
        raise Refusal(f"“{escape(cut(role, 40))}” is no role; there are representative, alternate and member.")
    return Seat(role)


def _find(who: str, people: Sequence[Person]) -> Person:
    """Find a person by e-mail or name. Raises Refusal."""
    wanted = " ".join(who.split()).casefold().removeprefix("@")
    fits = [p for p in people if wanted in {p.email, p.name.casefold()}]
    fits = fits or [p for p in people if p.name.casefold().split()[:1] == [wanted]]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise Refusal(f"“{escape(cut(who, 60))}” could be several people; the e-mail address tells them apart.")
    raise Refusal(f"Slack knows nobody called “{escape(cut(who, 60))}”.")


def take(session: Session, caller: Caller, rows: Sequence[Row], now: datetime) -> str:
    """Bring agencies and people in, and say what was done. Raises Refusal."""
    if not rows:
        raise Refusal("There is no line below the columns' names.", field="table")
    known = {agency.folded: agency for agency in agencies.living(session, caller.consortium.id)}
    added = placed = 0
    waiting: list[str] = []
    for row in rows:
        agency = known.get(agencies.fold(row.agency))
        if agency is None:
            agency = agencies.add(session, caller.consortium.id, row.agency, now)
            known[agency.folded] = agency
            added += 1
        agency.weight = agency.weight if row.weight is None else row.weight
        if row.domain is not None and row.domain != agency.domain:
            _unique_domain(known.values(), row)
            agency.domain = row.domain
        if row.person is None:
            continue
        said = joining.ask_for_seat(session, caller, row.person, agency, row.seat, now)
        if "has to confirm" in said:
            waiting.append(row.person.name)
        else:
            placed += 1
    audit.note(session, caller.consortium.id, caller.person.id, "imported", f"{len(rows)} lines", now)
    more = f" The agencies were asked to confirm {escape(', '.join(waiting))}." if waiting else ""
    return f"{counted(added, 'new agency', 'new agencies')}, {counted(placed, 'person', 'people')} placed.{more}"


def _unique_domain(known: Iterable[Agency], row: Row) -> None:
    for other in known:
        if other.domain == row.domain:
            raise Refusal(
                f"Line {row.line}: {escape(other.name)} has the e-mail domain {escape(row.domain or '')} already. "
                "Nothing was imported.",
                field="table",
            )
