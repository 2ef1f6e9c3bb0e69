"""The report of a year as people read it."""

from tests.year.cast import ZONES, Scale
from tests.year.count import Report

HEADS = ("what", "due", "sent", "unknown", "lost", "doubled", "late")


def render(scale: Scale, report: Report) -> str:
    """Return the table, and below it the other promises."""
    rows = [HEADS]
    rows += [(r.what, *(f"{n:,}" for n in (r.due, r.sent, r.unknown, r.lost, r.doubled, r.late))) for r in report.rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    head = f"{scale.weeks} weeks, {scale.agencies} agencies, {scale.people} people, {len(ZONES)} zones; "
    head += f"{report.calls:,} calls, of which {report.failed} failed; killed {report.kills} times"
    return "\n".join([head, "", *lines, "", *_below(report)])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
    return "  ".join(cells).rstrip()


def _below(report: Report) -> list[str]:
    said = [
        f"posts {report.posts:,}, doubled {len(report.doubled_posts)}",
        f"unknown posts {report.unknown_posts}, at most {report.kills} kills + {report.cut} broken connections",
        f"answers acknowledged {report.answers:,}, in the results {report.kept:,}",
        *report.wrong[:20],
        *report.doubled_posts[:20],
        *(detail for row in report.rows for detail in row.details[:20]),
    ]
    return [*said, "", "Every promise was kept." if report.holds else "A promise was broken."]
