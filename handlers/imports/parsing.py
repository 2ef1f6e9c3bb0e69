"""Parse the form that takes a table, and the files in which tables arrive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.imports.rules import sheets
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import sanitize, truncate

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
OLD_ENDING = ".xls"
LONGEST_NAME = 100


@dataclass(frozen=True)
class Source:
    """A table that was handed in: pasted text, or the address of a file in Slack. `field` is where it was entered."""

    field: str
    text: str | None = None
    url: str | None = None
    name: str = ""


def form_source(request: SlackRequest) -> Source:
    """Return the table of the form. Raise `Refusal` at its field if it certainly cannot be read."""
    files, pasted = request.uploaded_files("file"), request.text_value("table")
    if files and pasted:
        raise Refusal("Choose a file or paste a table, not both.", field="table")
    if pasted:
        sheets.read_text(pasted)
        return Source("table", text=pasted)
    if not files:
        raise Refusal("Choose a file, or paste a table here.", field="table")
    return file_source(files[0])


def is_table(name: str) -> bool:
    """Return whether a file's name is that of a table, perhaps of one that is too old to be read."""
    return name.casefold().endswith((*ENDINGS, OLD_ENDING))


def file_source(file: Mapping[str, Any]) -> Source:
    """Return the table in a file, as Slack describes it. Raise `Refusal` if it certainly cannot be read."""
    name = truncate(sanitize(str(file.get("name") or "")), LONGEST_NAME)
    if not name.casefold().endswith(ENDINGS):
        raise Refusal(sheets.OLD_EXCEL if name.casefold().endswith(OLD_ENDING) else sheets.NO_TABLE, field="file")
    if int(file.get("size") or 0) > sheets.MOST_BYTES:
        raise Refusal(sheets.TOO_LARGE, field="file")
    if not file.get("url_private"):
        raise Refusal("Slack did not give me this file. Try again.", field="file")
    return Source("file", url=str(file["url_private"])[:2000], name=name)
