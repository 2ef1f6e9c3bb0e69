"""Export tables of the pulse: results and comments."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.pulse.question_bank import EN, THEME_NAMES
from handlers.pulse.rules import results as rules
from handlers.pulse.rules.results import Result
from storage import exports
from storage.pulse import PulseRound

RESULTS_HEAD = (
    *("Round of", "Theme", "Group", "Asked", "Answered", "Mean", "Spread"),
    *("Chose 1", "Chose 2", "Chose 3", "Chose 4", "Chose 5", "Not shown because"),
)
COMMENTS_HEAD = ("Round of", "Comment")

FEW_ANSWERS = f"Nothing is shown or kept with fewer than {rules.MIN_SHOWN} answers"
EVERYBODY = "everybody"


def results(reader: ExportReader) -> Iterator[Row]:
    """Yield the results of each closed round: counts for everybody and means for groups."""
    for closed, result in _closed_rounds(reader):
        yield from _result_rows(reader, closed, result)


def _result_rows(reader: ExportReader, closed: PulseRound, result: Result) -> Iterator[Row]:
    total = (result.asked, result.answered)
    if not result.counts:
        yield closed.day, "", EVERYBODY, *total, *[None] * 7, FEW_ANSWERS
    for theme, counts in rules.counts_by_theme(result.counts).items():
        figures = (round(rules.mean(counts), 1), round(rules.spread(counts), 1))
        yield closed.day, THEME_NAMES[theme][EN], EVERYBODY, *total, *figures, *counts, ""
    for group in result.groups:
        agencies = ", ".join(reader.agency(agency) for agency in group.agencies)
        for theme, counts in rules.counts_by_theme(group.counts).items():
            # for groups only means are shown
            mean = round(rules.mean(counts), 1)
            yield closed.day, THEME_NAMES[theme][EN], agencies, None, group.answered, mean, *[None] * 6, ""


def comments(reader: ExportReader) -> Iterator[Row]:
    """Yield the comments of each closed round, in their shuffled order."""
    for closed, result in _closed_rounds(reader):
        for comment in result.comments:
            yield closed.day, comment


def _closed_rounds(reader: ExportReader) -> Iterator[tuple[PulseRound, Result]]:
    for page in exports.round_pages(reader.session, reader.consortium.id):
        for closed in page:
            if closed.result:
                yield closed, rules.from_json(closed.result)
