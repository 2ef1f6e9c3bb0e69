"""What facilitators read of who carries what: warnings with suggestions, and what has ended."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import Piece, section
from handlers.kit.text import counted, cut, lines
from handlers.warnings import texts as caution_words
from handlers.warnings.suggestions import with_room
from handlers.warnings.texts import Report
from storage.vocabulary import WarningKind
from storage.warnings import WorkWarning

PEOPLE = 5
MOST = 8
"""So many people, and so many other warnings, stand in one message; `/workload people` shows the rest."""

SIZES = ((PEOPLE, MOST), (3, 4), (1, 2))
ROOM = 9_000
"""Characters of one piece, so that others find room beside it; where more is said, fewer warnings are shown."""

OF_WORK = frozenset({WarningKind.PERSON, WarningKind.AGENCY, WarningKind.FEW_PEOPLE, WarningKind.FEW_AGENCIES})
"""What others could help with by taking tasks over."""


def told(report: Report, begun: Sequence[WorkWarning], ended: Sequence[WorkWarning]) -> Piece | None:
    """Tell facilitators what carries too much, and what does so no more; None where nothing is left to say."""
    over = [text for one in sorted(ended, key=order) if (text := caution_words.ended(report, one))]
    for people, others in SIZES:
        said, more = _chosen(report, begun, people, others)
        if not said and not over:
            return None
        blocks = [*_drawn(report, said, more), *([section(lines(over[:MOST]))] if over else [])]
        blocks.append(block_kit.row(block_kit.button("Who carries what", "load.people")))
        if block_kit.size(blocks) < ROOM:
            break
    return Piece(_summary([*(text for _, text in said), *over]), blocks)


def _drawn(report: Report, said: Sequence[tuple[WorkWarning, str]], more: int) -> list[Block]:
    blocks: list[Block] = [warned(one, text) for one, text in said]
    if more:
        blocks.append(section(f"And {counted(more, 'more')}: `/workload people` shows all."))
    if any(one.kind in OF_WORK for one, _ in said):
        blocks.append(section(caution_words.has_room(with_room(report.seen))))
    return blocks


def _chosen(
    report: Report, begun: Sequence[WorkWarning], people: int, others: int
) -> tuple[list[tuple[WorkWarning, str]], int]:
    """Put into words so many people and so many other warnings, the worst first; and count the rest."""
    persons = [one for one in sorted(begun, key=order) if one.kind is WarningKind.PERSON]
    rest = [one for one in sorted(begun, key=order) if one.kind is not WarningKind.PERSON]
    shown = [*persons[:people], *rest[:others]]
    said = [(one, text) for one in shown if (text := caution_words.warning(report, one))]
    return said, len(begun) - len(shown)


def order(caution: WorkWarning) -> tuple[int, float, int]:
    """Order warnings by what they are about, the worst first."""
    return list(WarningKind).index(caution.kind), -caution.measure, caution.id


def _summary(texts: Sequence[str]) -> str:
    """Say the first thing as a whole sentence, for notifications."""
    first = cut(texts[0].split("\n")[0].replace("*", ""), 300)
    return first if len(texts) == 1 else f"{first} And {counted(len(texts) - 1, 'more thing', 'more things')}."


def warned(caution: WorkWarning, text: str) -> Block:
    """Draw one warning; that a person holds too much only the person can call agreed."""
    if caution.kind is WarningKind.PERSON or caution.agreed_by is not None:
        return section(text)
    return section(text, accessory=block_kit.button("It is agreed", "balance.agreed", str(caution.id)))
