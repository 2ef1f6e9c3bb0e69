"""Texts that accompany an export."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handlers.kit.export_tables import ExportReader
from handlers.kit.text import bold, escape, format_time, format_zone, join_lines, join_names, pluralize, quote

ON_ITS_WAY = (
    "Your export is on its way to you, as two direct messages with tables for any spreadsheet. The first is about "
    "people and their work, the second about decisions and meetings. They contain what you may see, and only "
    "your own hours."
)
SHIELDED = "Text that a spreadsheet could take for a formula begins with an apostrophe."
INCOMPLETE = (
    "Slack did not tell me in time which channels you are in, so some decisions, polls, meetings and minutes may be "
    "missing. Try `/consortium export` again in five minutes."
)


class WrittenFile(Protocol):
    """A table that was written into a file."""

    @property
    def title(self) -> str:
        """The name of the table."""

    @property
    def rows(self) -> int:
        """The number of rows in the file."""

    @property
    def omitted(self) -> int:
        """The number of rows for which the file had no room."""


def unexpected_words(text: str) -> str:
    """Return the answer to a person who typed more than the command."""
    return (
        f"{quote(text, 60)} is not needed: an export always has everything you may see. For example: "
        "`/consortium export`"
    )


def already_requested(at: datetime, zone: str) -> str:
    """Return the answer to a person who requested the same export a moment ago."""
    return (
        f"Your export of {escape(format_time(at, zone))} is on its way or has just arrived, so I am not sending it "
        "twice. In a minute, `/consortium export` creates a new one."
    )


def comment(reader: ExportReader, bundle: str, files: Sequence[WrittenFile], now: datetime, *, complete: bool) -> str:
    """Return the text of the message with the files: what they are, which tables are empty, and what is missing.

    `complete` is False if Slack did not say, for some private channel, whether the reader is in it.
    """
    zone = reader.member.zone
    empty = [file.title.casefold() for file in files if not file.rows and not file.omitted]
    return join_lines(
        [
            f"{bold(f'{reader.consortium.name}: {bundle}')} · as of {escape(format_time(now, zone))}",
            f"Times are in your own time zone, {escape(format_zone(zone))}. {SHIELDED}",
            f"Nothing to list yet: {join_names(empty)}." if empty else "",
            *(_omission(file) for file in files if file.omitted),
            "" if complete else INCOMPLETE,
        ]
    )


def _omission(file: WrittenFile) -> str:
    older = f"{file.omitted:,} older ones" if file.omitted > 1 else "one older one"
    return f"{file.title} has the {pluralize(file.rows, 'newest row')}. There was no room for {older}."
