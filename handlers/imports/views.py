"""How an import looks: its preview, page by page, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.imports.snapshot import ImportResult, Preview
from handlers.kit import block_kit
from handlers.kit.block_kit import actions, button, section, text_sections
from handlers.kit.lists import Page, fit_to_message
from handlers.kit.text import (
    bold,
    escape,
    join_lines,
    join_names,
    pluralize,
    quote,
    slack_date,
    truncate,
    truncate_escaped,
)
from storage.imports import ImportDraft, ImportRow
from storage.vocabulary import ImportKind, ImportRowState

MOST_NAMES = 10
MOST_LEFT = 20

READING = "I am reading the table now, and will send you the preview by direct message. Nothing has changed yet."
CANCELED = "Canceled. Nothing was imported."
UNDOING = "You have pressed Undo. What was undone comes in a message of its own."
BUSY = "This table is being imported, or its import undone. What became of it comes in a message of its own."
GONE = (
    "This preview or import is more than a day old, or was canceled, so nothing has changed. `/consortium import` "
    "starts again."
)

WORDS = (
    "I read commands and files here, but not what you write. `/vote` shows what is waiting for your vote, `/task` your "
    "tasks, `/meeting` the next meetings, and `/consortium help` the rest. The *Home* tab shows everything at once."
)

OTHER_FILE = (
    "Here I read tables to import (CSV, TSV, and Excel files ending in .xlsx), and calendars with the closed days of "
    "your agency (.ics)."
)
KEPT_ELSEWHERE = "It is kept outside of Slack, so I cannot open it. Download it, and drop the downloaded file here."
NOT_GIVEN = (
    "Slack does not let me open it, as happens with files from another workspace. Try again, or ask a facilitator in "
    "this workspace to hand it in."
)

_HEADINGS = {
    ImportRowState.PROBLEM: "Problems, which are left out",
    ImportRowState.NEW: "New",
    ImportRowState.CHANGED: "Changed",
}
_NOUNS = {
    ImportKind.PEOPLE: ("change to people and agencies", "changes to people and agencies"),
    ImportKind.TASKS: ("task", "tasks"),
    ImportKind.CONTRIBUTIONS: ("contribution", "contributions"),
    ImportKind.GAINS: ("gain", "gains"),
}


def title(draft: ImportDraft) -> str:
    """Return what is imported, for sentences: the file's name, or "the table"."""
    return quote(draft.name, 60) if draft.name else "the table"


def preview(draft: ImportDraft, shown: Preview) -> list[Block]:
    """Render one page of a preview."""
    planned = count_planned(shown.lines)
    parts = [f"{shown.lines[state]:,} {word}" for state, word in _counted(shown.lines)]
    head = join_lines(
        [
            f"*Preview of {title(draft)}: nothing has changed yet*",
            " · ".join(parts) or "No lines",
            draft.notes,
            "" if planned else "There is nothing to import.",
        ]
    )
    confirm = button(f"Import {planned:,}", "import.confirm", str(draft.id), style="primary") if planned else None
    cancel = button("Cancel" if planned else "Close", "import.cancel", str(draft.id))
    return fit_to_message(
        lambda width: [
            section(head),
            *text_sections(_lines_by_state(shown.page.items, width)),
            *_footer(draft, shown.page, confirm, cancel),
        ]
    )


def count_planned(lines: Mapping[ImportRowState, int]) -> int:
    """Return how many lines of a preview would change something."""
    return lines.get(ImportRowState.NEW, 0) + lines.get(ImportRowState.CHANGED, 0)


def _footer(
    draft: ImportDraft, page: Page[ImportRow], first: ButtonElement | None, last: ButtonElement | None
) -> list[Block]:
    """Render the number of a page, and the buttons that turn pages between two others."""
    number = [block_kit.context(f"Page {page.number + 1} of {page.last + 1}")] if page.last else []
    back = _page_button("Back", "import.page.back", draft, page.number - 1) if page.number else None
    more = _page_button("More", "import.page.more", draft, page.number + 1) if page.number < page.last else None
    buttons = [first, back, more, last]
    return [*number, *([actions(*buttons)] if any(buttons) else [])]


def _page_button(label: str, action: str, draft: ImportDraft, number: int) -> ButtonElement:
    return button(label, action, f"{draft.id}|{number}")


def _lines_by_state(rows: Sequence[ImportRow], width: int) -> list[str]:
    lines: list[str] = []
    shown: ImportRowState | None = None
    for row in rows:
        if row.state is not shown:
            shown = row.state
            lines.append(f"*{_HEADINGS[row.state]}*")
        lines.append(_line(row, width))
    return lines


def _line(row: ImportRow, width: int) -> str:
    return f"Line {row.line}: {truncate_escaped(row.text, width)}"


def _counted(numbers: Mapping[ImportRowState, int]) -> list[tuple[ImportRowState, str]]:
    words = {
        ImportRowState.NEW: "new",
        ImportRowState.CHANGED: "changed",
        ImportRowState.UNCHANGED: "unchanged",
        ImportRowState.PROBLEM: "with a problem" if numbers.get(ImportRowState.PROBLEM) == 1 else "with problems",
    }
    return [(state, word) for state, word in words.items() if numbers.get(state)]


def preview_message(draft: ImportDraft, shown: Preview) -> dict[str, Any]:
    """Render the direct message with the first page of a preview."""
    return block_kit.message(f"The preview of {title(draft)} is ready.", preview(draft, shown))


def reading_notes(columns: Sequence[str], sheet: str, sheets: Sequence[str], *, merged: bool) -> str:
    """Return sentences about how a table was read, and what of it was not."""
    notes = []
    if columns:
        shown = [quote(column, 40) for column in columns[:8]] + ([f"{len(columns) - 8} more"] if columns[8:] else [])
        notes.append(f"Not read: {'the column' if len(columns) == 1 else 'the columns'} {join_names(shown)}.")
    if sheets:
        names = [quote(name, 40) for name in sheets[:5]] + ([f"{len(sheets) - 5} more"] if sheets[5:] else [])
        notes.append(f"From the sheet {quote(sheet, 40)}; not read: {join_names(names)}.")
    if merged:
        notes.append("The agency in a merged cell counts for all lines of that cell.")
    return truncate(" ".join(notes), 1400)


def unreadable(draft: ImportDraft, sentence: str) -> dict[str, Any]:
    """Render the message that a table cannot be read."""
    text = f"*I could not read {title(draft)}. Nothing has changed.*\n{sentence}"
    return block_kit.message(text, [section(text), actions(button("Try again", "import.form"))])


def confirmed(draft: ImportDraft, planned: int) -> str:
    """Return what stays of a confirmed preview."""
    lines = f"{planned:,} {'line' if planned == 1 else 'lines'}"
    return f"You have confirmed the import of {lines} from {title(draft)}. The result comes in a message of its own."


def imported(draft: ImportDraft, result: ImportResult, zone: str, *, undoing: bool = False) -> list[Block]:
    """Render the result of an import, with the button that undoes it; with `undoing`, without any button."""
    done, waiting = result.done, result.waiting
    names = [escape(name) for name in waiting[:MOST_NAMES]]
    names += [f"{len(waiting) - MOST_NAMES} more"] if len(waiting) > MOST_NAMES else []
    asked = f"I have asked the agencies to confirm {join_names(names)}." if waiting else ""
    until = f"You can undo this until {slack_date(draft.due_at, zone)}." if done else ""
    text = join_lines([f"*{_imported_head(draft, result)}*", asked, UNDOING if undoing else until])
    undo = button("Undo", "import.undo", str(draft.id)) if done else None
    footer = [] if undoing else _footer(draft, result.left, undo, None)
    rows = result.left.items
    return fit_to_message(lambda width: [section(text), *_left_out("Left out", rows, len(rows), width), *footer])


def _imported_head(draft: ImportDraft, result: ImportResult) -> str:
    done = result.done - len(result.waiting)
    if not done and result.waiting:
        return f"Nothing has changed yet from {title(draft)}."
    if not done:
        return f"Nothing was imported from {title(draft)}."
    return f"Imported from {title(draft)}: {done:,} {_noun(draft, done)}."


def _noun(draft: ImportDraft, number: int) -> str:
    return _NOUNS[draft.kind][number != 1] if draft.kind is not None else "lines"


def result_message(draft: ImportDraft, result: ImportResult, zone: str) -> dict[str, Any]:
    """Render the direct message with the result of an import."""
    return block_kit.message(_imported_head(draft, result), imported(draft, result, zone))


def undone(draft: ImportDraft, done: int, left: Sequence[ImportRow]) -> dict[str, Any]:
    """Render the result of undoing an import."""
    noun = _noun(draft, done)
    head = f"*Undone: {done:,} {noun} from {title(draft)}.*" if done else f"*Nothing from {title(draft)} was undone.*"
    shown = left[:MOST_LEFT]
    blocks = fit_to_message(lambda width: [section(head), *_left_out("Left as it is", shown, len(left), width)])
    return block_kit.message(head.replace("*", ""), blocks)


def _left_out(heading: str, shown: Sequence[ImportRow], total: int, width: int) -> list[Block]:
    if not shown:
        return []
    lines = [_line(row, width) for row in shown]
    more = [f"… and {total - len(shown)} more."] if total > len(shown) else []
    return [*text_sections([bold(heading), *lines, *more])]


def words(waiting: int) -> str:
    """Return the answer to what a person writes to the bot, with the number of things that wait for their vote."""
    are_waiting = f"{pluralize(waiting, 'proposal or poll is', 'proposals and polls are')} waiting for you."
    return f"{are_waiting} {WORDS}" if waiting else WORDS


def dropped(
    tables: Sequence[str], calendars: Sequence[str], agency: str, refused: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return the lines that answer dropped files: which are read, and why others are not.

    `refused` has the names behind each sentence.
    """
    lines = []
    if tables:
        preview = "the preview" if len(tables) == 1 else "a preview of each"
        lines.append(f"I am reading {_file_names(tables)} now, and will send you {preview}. Nothing has changed yet.")
    if calendars:
        noun = "the calendar" if len(calendars) == 1 else "the calendars"
        lines.append(
            f"I am reading {noun} {_file_names(calendars)} for {escape(agency)} now, and will tell you what I find."
        )
    return [*lines, *(f"I did not read {_file_names(names)}. {sentence}" for sentence, names in refused.items())]


def _file_names(names: Sequence[str]) -> str:
    """Return names of files for a sentence. Slack tells no name of a file that it does not let the bot open."""
    named = [quote(name, 60) for name in names if name]
    unnamed = len(names) - len(named)
    if unnamed:
        other = "other " if named else ""
        named.append(pluralize(unnamed, f"{other}file") if unnamed > 1 or named else "this file")
    return join_names(named)
