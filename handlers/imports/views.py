"""How an import looks: its preview, page by page, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

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

PAGE = 20
"""The number of rows on a page of a preview."""

MOST_NAMES = 10

READING = "I am reading the table now, and will send you the preview by direct message. Nothing has changed yet."
CANCELED = "Canceled. Nothing was imported."
UNDOING = "I am undoing the import now, and will tell you when it is done."
GONE = (
    "This preview or import is more than a day old, or was canceled, so nothing has changed. `/consortium import` "
    "starts again."
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
SHOWN = tuple(_HEADINGS)
"""The states of the rows that a preview lists. Unchanged ones are only counted."""

_NOUNS = {
    ImportKind.PEOPLE: ("change to people and agencies", "changes to people and agencies"),
    ImportKind.TASKS: ("task", "tasks"),
    ImportKind.CONTRIBUTIONS: ("contribution", "contributions"),
    ImportKind.GAINS: ("gain", "gains"),
}


def title(draft: ImportDraft) -> str:
    """Return what is imported, for sentences: the file's name, or "the table"."""
    return quote(draft.name, 60) if draft.name else "the table"


def preview(draft: ImportDraft, numbers: Mapping[ImportRowState, int], page: Page[ImportRow]) -> list[Block]:
    """Render one page of a preview."""
    planned = numbers.get(ImportRowState.NEW, 0) + numbers.get(ImportRowState.CHANGED, 0)
    parts = [f"{numbers[state]:,} {word}" for state, word in _counted(numbers)]
    head = join_lines(
        [
            f"*Preview of {title(draft)}: nothing has changed yet*",
            " · ".join(parts) or "No lines",
            draft.notes,
            "" if planned else "There is nothing to import.",
        ]
    )
    footer = [block_kit.context(f"Page {page.number + 1} of {page.last + 1}")] if page.last else []
    back = _page_button("Back", "import.page.back", draft, page.number - 1) if page.number else None
    more = _page_button("More", "import.page.more", draft, page.number + 1) if page.number < page.last else None
    confirm = button(f"Import {planned:,}", "import.confirm", str(draft.id), style="primary") if planned else None
    cancel = button("Cancel" if planned else "Close", "import.cancel", str(draft.id))
    buttons = actions(confirm, back, more, cancel)
    return fit_to_message(
        lambda width: [section(head), *text_sections(_lines_by_state(page.items, width)), *footer, buttons]
    )


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


def preview_message(draft: ImportDraft, numbers: Mapping[ImportRowState, int], page: Page[ImportRow]) -> dict[str, Any]:
    """Render the direct message with the first page of a preview."""
    return block_kit.message(f"The preview of {title(draft)} is ready.", preview(draft, numbers, page))


def unread_note(columns: Sequence[str], sheet: str, sheets: Sequence[str]) -> str:
    """Return sentences about what of a table was not read."""
    notes = []
    if columns:
        shown = [quote(column, 40) for column in columns[:8]] + ([f"{len(columns) - 8} more"] if columns[8:] else [])
        notes.append(f"Not read: {'the column' if len(columns) == 1 else 'the columns'} {join_names(shown)}.")
    if sheets:
        names = [quote(name, 40) for name in sheets[:5]] + ([f"{len(sheets) - 5} more"] if sheets[5:] else [])
        notes.append(f"From the sheet {quote(sheet, 40)}; not read: {join_names(names)}.")
    return truncate(" ".join(notes), 1400)


def unreadable(draft: ImportDraft, sentence: str) -> dict[str, Any]:
    """Render the message that a table cannot be read."""
    text = f"*I could not read {title(draft)}. Nothing has changed.*\n{sentence}"
    return block_kit.message(text, [section(text), actions(button("Try again", "import.form"))])


def importing(planned: int) -> str:
    """Return the answer to a confirmed preview."""
    return f"I am importing {pluralize(planned, 'line')} now, and will tell you when it is done."


def imported(
    draft: ImportDraft, done: int, left: Sequence[ImportRow], waiting: Sequence[str], zone: str
) -> dict[str, Any]:
    """Render the result of an import, with the button that undoes it.

    `waiting` are the people whose agencies were asked to confirm them.
    """
    noun = _NOUNS[draft.kind][done != 1] if draft.kind is not None else "lines"
    head = (
        f"*Imported from {title(draft)}: {done:,} {noun}.*" if done else f"*Nothing was imported from {title(draft)}.*"
    )
    names = [escape(name) for name in waiting[:MOST_NAMES]]
    names += [f"{len(waiting) - MOST_NAMES} more"] if len(waiting) > MOST_NAMES else []
    asked = f"I have asked the agencies to confirm {join_names(names)}." if waiting else ""
    text = join_lines([head, asked, f"You can undo this until {slack_date(draft.due_at, zone)}." if done else ""])
    undo = [actions(button("Undo", "import.undo", str(draft.id)))] if done else []
    blocks = fit_to_message(lambda width: [section(text), *_left_out("Left out", left, width), *undo])
    return block_kit.message(head.replace("*", ""), blocks)


def undone(draft: ImportDraft, done: int, left: Sequence[ImportRow]) -> dict[str, Any]:
    """Render the result of undoing an import."""
    noun = _NOUNS[draft.kind][done != 1] if draft.kind is not None else "lines"
    head = f"*Undone: {done:,} {noun} from {title(draft)}.*" if done else f"*Nothing from {title(draft)} was undone.*"
    blocks = fit_to_message(lambda width: [section(head), *_left_out("Left as it is", left, width)])
    return block_kit.message(head.replace("*", ""), blocks)


def _left_out(heading: str, left: Sequence[ImportRow], width: int) -> list[Block]:
    if not left:
        return []
    lines = [_line(row, width) for row in left[:PAGE]]
    more = [f"… and {len(left) - PAGE} more."] if len(left) > PAGE else []
    return [*text_sections([bold(heading), *lines, *more])]


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
