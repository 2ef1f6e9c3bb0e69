"""What is said with an export."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handlers.kit.export_tables import ExportReader
from handlers.kit.text import bold, counted, escape, lines, listed, quote, written


class WrittenFile(Protocol):
    """A table as it was written."""

    @property
    def title(self) -> str:
        """Name it."""

    @property
    def rows(self) -> int:
        """Count what it has."""

    @property
    def left(self) -> int:
        """Count what had no room."""


ON_ITS_WAY = (
    "Your export is on its way to you, as two direct messages with tables that any spreadsheet opens: people, agencies "
    "and roles, tasks, what agencies gave, gained and owe; and decisions, polls, the climate, meetings and minutes. It "
    "has what you may see, and of hours and room only your own."
)


def unexpected_words(rest: str) -> str:
    """Say to whom typed more that an export has no parts."""
    return (
        f"I understood an export, but not {quote(rest, 60)}: it always has everything you may see. For example: "
        "`/consortium export`"
    )


def already_requested(asked_at: datetime, zone: str) -> str:
    """Say to whom asks once more that it is coming."""
    return (
        f"Your export of {escape(written(asked_at, zone))} is on its way or has just come, so I do not send it twice. "
        "In a minute `/consortium export` makes a new one."
    )


def comment(reader: ExportReader, name: str, made: Sequence[WrittenFile], now: datetime, *, all_told: bool) -> str:
    """Say beside the files what they are, what is empty, and what is not in them."""
    zone = reader.member.zone
    empty = [sheet.title.casefold() for sheet in made if not sheet.rows and not sheet.left]
    return lines(
        [
            f"{bold(f'{reader.consortium.name}: {name}')} · as of {escape(written(now, zone))}",
            f"Times are on your own clock, {escape(zone.replace('_', ' '))}. {SHIELDED}",
            f"Nothing to list yet: {listed(empty)}." if empty else "",
            *(_cut(sheet) for sheet in made if sheet.left),
            "" if all_told else UNTOLD,
        ]
    )


SHIELDED = "A text that a spreadsheet could take for a formula begins with an apostrophe."
UNTOLD = (
    "Slack did not tell me in time which channels you see, so some polls, meetings and minutes may be missing. "
    "`/consortium export` in five minutes has them."
)


def _cut(sheet: WrittenFile) -> str:
    many = f"{sheet.left:,} older ones had no room" if sheet.left > 1 else "one older one had no room"
    return f"{sheet.title} has the {counted(sheet.rows, 'newest row')}; {many} in one file."
