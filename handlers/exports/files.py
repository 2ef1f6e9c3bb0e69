"""Exports as they are sent: the files are written then, and are gone when Slack has them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from handlers.exports import rules, scope, views
from handlers.kit.deps import Deps
from handlers.kit.export_tables import ExportReader, ExportTable, filename
from storage import exports
from storage.members import Member


@dataclass(frozen=True)
class ExportFile:
    """A table in a file of its own; `content` is to be read from its beginning. `rows` had room, `left` had not."""

    title: str
    content: BinaryIO
    size: int
    rows: int
    left: int

    @property
    def filename(self) -> str:
        """Name the file."""
        return filename(self.title)


@dataclass(frozen=True)
class ExportMessage:
    """What comes as one message: what is said, and the files."""

    comment: str
    sheets: list[ExportFile]


WriteExport = Callable[[dict[str, Any]], AbstractContextManager[ExportMessage | None]]
"""Writes what a body in the outbox asks for; None where nobody is there any more to read it."""


def export_writer(deps: Deps, tables: Sequence[ExportTable]) -> WriteExport:
    """Return the function that writes an export of these tables."""
    return lambda body: _write(deps, tables, body["member"], body["bundle"])


@contextmanager
def _write(deps: Deps, every: Sequence[ExportTable], member_id: int, name: str) -> Iterator[ExportMessage | None]:
    now, tables = deps.clock.now(), [table for table in every if table.bundle == name]
    with deps.db.read() as session:
        member = session.get(Member, member_id)
        if member is None or member.left_at is not None:
            yield None
            return
        shut = any(table.private_channels for table in tables)
        wanted = exports.channels(session, member.consortium_id) if shut else []
    # who sees a channel only Slack knows; it is asked when the transaction is over
    channels, all_told = scope.visible_channels(deps, wanted, member.user_id)
    with ExitStack() as files:
        with deps.db.read() as session:
            # read anew: whoever is written about is as in the tables
            reader = scope.load_reader(session, session.get_one(Member, member_id), channels)
            made = [_sheet(session, reader, table, files) for table in tables]
        yield ExportMessage(views.comment(reader, name, made, now, all_told=all_told), _worth_sending(made))


def _sheet(session: Session, reader: ExportReader, table: ExportTable, files: ExitStack) -> ExportFile:
    """Write a table into a file that nobody else finds; what has no room any more is counted."""
    content = files.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it when all are sent
    size = rows = left = 0
    for number, line in enumerate(rules.csv_lines(table.head, table.rows(reader), reader.member.zone)):
        if left or size + len(line) > rules.MAX_FILE_BYTES:
            left += 1
            continue
        size += content.write(line)
        rows = number
    content.seek(0)
    session.expunge_all()
    return ExportFile(table.title, content, size, rows, left)


def _worth_sending(made: list[ExportFile]) -> list[ExportFile]:
    """Leave empty tables at home; a message without any file cannot be sent, so the first goes along."""
    return [sheet for sheet in made if sheet.rows] or made[:1]
