"""The account of a year as people read it."""

from tests.year.cast import ZONES, Scale
from tests.year.count import Reckoning

HEADS = ("what", "due", "sent", "unknown", "lost", "doubled", "late")


def draw(scale: Scale, account: Reckoning) -> str:
    """Draw the table, and below it what else was promised."""
    rows = [HEADS]
    rows += [(r.what, *(f"{n:,}" for n in (r.due, r.sent, r.unknown, r.lost, r.doubled, r.late))) for r in account.rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    head = f"{scale.weeks} weeks, {scale.agencies} agencies, {scale.people} people, {len(ZONES)} zones; "
    head += f"{account.calls:,} calls, of which {account.failed} failed; killed {account.kills} times"
    return "\n".join([head, "", *lines, "", *_below(account)])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
    return "  ".join(cells).rstrip()


def _below(account: Reckoning) -> list[str]:
    said = [
        f"posts {account.posts:,}, doubled {len(account.doubled_posts)}",
        f"unknown posts {account.unknown_posts}, at most {account.kills} kills + {account.cut} broken connections",
        f"answers acknowledged {account.answers:,}, in the results {account.kept:,}",
        *account.wrong[:20],
        *account.doubled_posts[:20],
        *(detail for row in account.rows for detail in row.details[:20]),
    ]
    return [*said, "", "Every promise was kept." if account.holds else "A promise was broken."]
