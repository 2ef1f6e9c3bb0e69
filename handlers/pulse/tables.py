"""Export tables of the pulse: results and comments."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.pulse.question_bank import EN, QUESTIONS, THEME_NAMES
from handlers.pulse.result_texts import BANDS
from handlers.pulse.rules import results as rules
from handlers.pulse.rules.disclosure import MIN_SHOWN
from handlers.pulse.rules.results import Band, Result, Shown
from storage import exports
from storage.pulse import PulseRound

RESULTS_HEAD = (
    *("Round of", "Theme", "Sentence", "Group", "Asked", "Answered", "Mean", "Range", "Spread"),
    *("Chose 1", "Chose 2", "Chose 3", "Chose 4", "Chose 5", "Does not apply", "Not shown because"),
)
COMMENTS_HEAD = ("Round of", "Comment")

FEW_ANSWERS = f"Nothing is shown or kept with fewer than {MIN_SHOWN} answers"
FEW_DIFFER = "Nearly the same people may have rated the same sentence before"
NOTHING = f"Fewer than {MIN_SHOWN} people rated the sentence, or nearly the same people may have rated it before"
EVERYBODY = "everybody"


def results(reader: ExportReader) -> Iterator[Row]:
    """Yield the results of each closed round: counts or a range for everybody, means or ranges for groups."""
    for closed, result in _closed_rounds(reader):
        yield from _result_rows(reader, closed, result)


def _result_rows(reader: ExportReader, closed: PulseRound, result: Result) -> Iterator[Row]:
    total = (result.asked, result.answered)
    if result.answered < MIN_SHOWN:
        yield closed.day, "", "", EVERYBODY, *total, *[None] * 9, FEW_ANSWERS
        return
    for key in closed.questions:
        shown = result.shown.get(key)
        yield closed.day, *_names(key), EVERYBODY, *total, *_figures(shown), *_counts(shown, result.answered)
    for group in result.groups:
        agencies = ", ".join(reader.agency(agency) for agency in group.agencies)
        for key, shown in group.shown.items():
            # for groups only means and ranges are shown
            mean, band, _ = _figures(shown)
            why = FEW_DIFFER if band else ""
            yield closed.day, *_names(key), agencies, None, group.answered, mean, band, *[None] * 7, why


def _names(key: str) -> tuple[str, str]:
    return THEME_NAMES[rules.theme_of(key)][EN], QUESTIONS[key].text[EN]


def _figures(shown: Shown | None) -> tuple[float | None, str, float | None]:
    """Return the mean, the range, and the spread, as far as they are shown."""
    if shown is None or isinstance(shown, Band):
        return None, BANDS[EN][shown] if shown else "", None
    return round(rules.mean(shown), 1), "", round(rules.spread(shown), 1)


def _counts(shown: Shown | None, answered: int) -> Row:
    """Return how many chose each point, how many that the sentence does not apply, and why this is not shown."""
    if shown is None or isinstance(shown, Band):
        return *[None] * 6, NOTHING if shown is None else FEW_DIFFER
    return *shown, answered - sum(shown), ""


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
