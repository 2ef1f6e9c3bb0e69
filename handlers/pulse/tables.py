"""Tables that an export has of the climate."""

from collections.abc import Iterator, Mapping

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.pulse.question_bank import THEMES
from handlers.pulse.rules import results
from handlers.pulse.rules.results import Counts, Result
from storage import exports
from storage.pulse import Round
from storage.vocabulary import Language

CLIMATE_HEAD = (
    *("Round of", "Theme", "Of", "Asked", "Answered", "Mean", "Spread"),
    *("Chose 1", "Chose 2", "Chose 3", "Chose 4", "Chose 5", "Not shown because"),
)


COMMENT_HEAD = ("Round of", "Comment")


FEW_ANSWERS = f"Nothing is shown or kept of fewer than {results.ENOUGH} answers"


def climate(reader: ExportReader) -> Iterator[Row]:
    """List what the rounds of the pulse came to. What is withheld is not kept, and it says so."""
    for page in exports.rounds(reader.session, reader.consortium.id):
        for one in page:
            yield from _round(reader, one, results.load(one.result)) if one.result else ()


def _round(reader: ExportReader, one: Round, result: Result) -> Iterator[Row]:
    whole = (result.asked, result.answered)
    if not result.counts:
        yield one.day, "", "everybody", *whole, *[None] * 7, FEW_ANSWERS
    for theme, counts in results.by_theme(result.counts).items():
        figures = (round(results.mean(counts), 1), round(results.spread(counts), 1))
        yield one.day, THEMES[theme][Language.ENGLISH], "everybody", *whole, *figures, *counts, ""
    for group in result.groups:
        of = ", ".join(reader.agency(agency) for agency in group.agencies)
        for name, mean in _means(group.counts).items():
            # of groups the means are shown, and nothing more
            yield one.day, name, of, None, group.answered, mean, *[None] * 6, ""


def _means(counts: Counts) -> Mapping[str, float]:
    themes = results.by_theme(counts).items()
    return {THEMES[theme][Language.ENGLISH]: round(results.mean(found), 1) for theme, found in themes}


def comments(reader: ExportReader) -> Iterator[Row]:
    """List the comments of the rounds, where there were enough of them, in the order in which they were shuffled."""
    for page in exports.rounds(reader.session, reader.consortium.id):
        for one in page:
            for comment in results.load(one.result).comments if one.result else ():
                yield one.day, comment
