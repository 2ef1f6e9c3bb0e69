"""Write the files of an export while it is sent. They are deleted when Slack has them."""

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
    """A table in a temporary file, positioned at its beginning.

    `size` is in bytes. `rows` counts the rows in the file, `omitted` those for which it had no room.
    """

    title: str
    content: BinaryIO
    size: int
    rows: int
    omitted: int

    @property
    def filename(self) -> str:
        """Return the name of the file."""
        return filename(self.title)


@dataclass(frozen=True)
class ExportMessage:
    """One message of an export: its text and its files."""

    comment: str
    files: list[ExportFile]


WriteExport = Callable[[dict[str, Any]], AbstractContextManager[ExportMessage | None]]
"""Write the message for a body in the outbox. None if the member has left."""


def export_writer(deps: Deps, tables: Sequence[ExportTable]) -> WriteExport:
    """Return the function that writes an export of these tables."""
    return lambda body: _write(deps, tables, body["member"], body["bundle"])


@contextmanager
def _write(
    deps: Deps, all_tables: Sequence[ExportTable], member_id: int, bundle: str
) -> Iterator[ExportMessage | None]:
    now, tables = deps.clock.now(), [table for table in all_tables if table.bundle == bundle]
    with deps.db.read() as session:
        member = session.get(Member, member_id)
        if member is None or member.left_at is not None:
            yield None
            return
        private = any(table.private_channels for table in tables)
        channels = exports.channels_to_check(session, member.consortium_id) if private else []
    # only Slack knows who is in a channel, and it is asked outside of any transaction
    visible, complete = scope.visible_channels(deps, channels, member.user_id)
    with ExitStack() as open_files:
        with deps.db.read() as session:
            # read again, so that the member is in the same state as the tables
            reader = scope.load_reader(session, session.get_one(Member, member_id), visible)
            files = [_write_file(session, reader, table, open_files) for table in tables]
        yield ExportMessage(views.comment(reader, bundle, files, now, complete=complete), _worth_sending(files))


def _write_file(session: Session, reader: ExportReader, table: ExportTable, open_files: ExitStack) -> ExportFile:
    """Write a table into an unnamed temporary file. Rows for which there is no room are only counted."""
    content = open_files.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it when all are sent
    size = rows = omitted = 0
    for number, line in enumerate(rules.csv_lines(table.head, table.rows(reader), reader.member.zone)):
        if omitted or size + len(line) > rules.MAX_FILE_BYTES:
            omitted += 1
            continue
        size += content.write(line)
        rows = number
    content.seek(0)
    session.expunge_all()
    return ExportFile(table.title, content, size, rows, omitted)


def _worth_sending(files: list[ExportFile]) -> list[ExportFile]:
    """Leave out empty tables. A message needs at least one file, so the first is sent if all are empty."""
    return [file for file in files if file.rows] or files[:1]
