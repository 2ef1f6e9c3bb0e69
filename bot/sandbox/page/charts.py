"""Charts as coordinates: the position of each mark of a `data_visualization` block, without its looks.

Line, bar and area charts use percent of the plot, x to the right and y downward, so that a narrow window squeezes
the plot but not its labels. A pie uses pixels of its own square.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, log10, pi, sin

from ..blockkit.charts import DATA_VISUALIZATION
from ..json_values import Json

MAX_VALUE = 1e15  # beyond this, neighboring numbers cannot be told apart
SIDE, RADIUS, RIM = 220, 76, 84  # the pie's square, the pie, and the circle of its labels
MIN_LABELED_SHARE = 0.05  # a smaller slice has its share only in the legend
_LETTER, _LEANING, _BAR = (
    6.8,
    15,
    8,
)  # pixels: width of a letter, of a rotated label, and of a bar whose pattern is visible
_NARROW, _WIDE = 185, 420  # pixels: minimum width of a plot on a phone, and elsewhere
_PREFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Point:
    """The position of a value: the middle of its category, or of its bar."""

    label: str
    value: float
    x: float
    y: float


@dataclass(frozen=True)
class Series:
    """The values of one name, in the order of the categories."""

    name: str
    points: list[Point]

    @property
    def polyline(self) -> str:
        """Return the points as SVG writes them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True)
class Plot:
    """Series between two axes. `base` is the y coordinate of zero, or of the bottom if zero is left out."""

    categories: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    base: float
    width: float
    series: list[Series]

    def area(self, series: Series) -> str:
        """Return the points and the base below them."""
        first, last = series.points[0], series.points[-1]
        return f"{first.x},{self.base} {series.polyline} {last.x},{self.base}"

    @property
    def min_width(self) -> int:
        """Return the width in pixels below which the bars cannot be told apart; 0 if a phone has that much."""
        needed = ceil(100 * _BAR / self.width) if self.width else 0
        return needed if needed > _NARROW else 0

    @property
    def label_classes(self) -> str:
        """Return class names for labels that must be rotated, thinned out or hidden, and for their depth."""
        longest = max(len(label) for _, label in self.categories)
        values = max(len(compact_number(point.value)) for series in self.series for point in series.points)
        classes = [f"deep-{ceil(longest / 5)}"]
        for name, room in (("", max(_WIDE, self.min_width)), ("-narrow", max(_NARROW, self.min_width))):
            band = room / len(self.categories)
            classes += [f"lean{name}"] if (longest + 1) * _LETTER > band else []
            classes += [f"thin{name}"] if band < _LEANING else []
            classes += [f"bare{name}"] if values * _LETTER > self.width * room / 100 else []
        return " ".join(classes)


@dataclass(frozen=True)
class Slice:
    """A slice of a pie, clockwise from the top. `number` is its position in the block."""

    number: int
    label: str
    share: float
    path: str
    x: float
    y: float

    @property
    def anchor(self) -> str:
        """Return which end of the label is anchored at the slice."""
        aside = self.x - SIDE / 2
        return "middle" if abs(aside) < RIM / 3 else "start" if aside > 0 else "end"


def is_drawable(block: Json) -> bool:
    """Return whether a block is a chart within Slack's limits whose numbers can be told apart."""
    errors: list[str] = []
    DATA_VISUALIZATION(block, "", errors)
    return not errors and all(abs(value) <= MAX_VALUE for value in _numbers(block["chart"]))


def layout_plot(chart: Json) -> Plot:
    """Position the series of a line, bar or area chart."""
    names: list[str] = chart["axis_config"]["categories"]
    rows = [(str(series_data["name"]), _in_order(series_data["data"], names)) for series_data in chart["series"]]
    ticks = axis_ticks([value for _, row in rows for value in row], from_zero=chart["type"] != "line")
    band = 100 / len(names)
    width = band * 0.8 / len(rows) if chart["type"] == "bar" else 0.0
    series = []
    for place, (name, row) in enumerate(rows):
        aside = (place - (len(rows) - 1) / 2) * width
        xs = (round(band * (at + 0.5) + aside, 3) for at in range(len(names)))
        points = [
            Point(*point) for point in zip(names, row, xs, (y_position(value, ticks) for value in row), strict=True)
        ]
        series.append(Series(name, points))
    middles = [(round(band * (at + 0.5), 3), name) for at, name in enumerate(names)]
    marks = [(y_position(tick, ticks), compact_number(tick)) for tick in ticks]
    return Plot(middles, marks, y_position(0, ticks), round(width, 3), series)


def axis_ticks(values: Sequence[float], *, from_zero: bool) -> list[float]:
    """Choose round numbers that enclose the values.

    Include zero, unless it may be left out and would squeeze the values into less than a third of the plot.
    Differences below a thousandth are not magnified.
    """
    low, high = min(values), max(values)
    peak = max(abs(low), abs(high))
    if from_zero or not peak / 1000 <= high - low < peak / 3:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1 / MAX_VALUE:
        high = low + 1
    rough = (high - low) / 5
    magnitude = 10.0 ** floor(log10(rough))
    step = next(nice * magnitude for nice in (1, 2, 2.5, 5, 10, 20) if nice * magnitude >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]


def y_position(value: float, ticks: Sequence[float]) -> float:
    """Return the position of a value between the lowest tick (100) and the highest (0)."""
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return round(100 * (1 - min(max(share, 0), 1)), 3)


def layout_pie(chart: Json) -> list[Slice]:
    """Cut a pie; a value of zero gets a slice without a path."""
    values = [float(segment["value"]) for segment in chart["segments"]]
    total = sum(values)
    slices, turned = [], 0.0
    for number, (segment, value) in enumerate(zip(chart["segments"], values, strict=True)):
        share = value / total if total else 0.0
        path = _sector(turned, min(turned + share, 1)) if share else ""
        slices.append(Slice(number, str(segment["label"]), share, path, *_on_circle(turned + share / 2, RIM)))
        turned += share
    return slices


def data_table(chart: Json) -> tuple[list[str], list[list[str]]]:
    """Return the column names and the rows of the numbers behind a chart."""
    if chart["type"] == "pie":
        rows = [[item.label, percentage(item.share)] for item in layout_pie(chart)]
        for row, segment in zip(rows, chart["segments"], strict=True):
            row.insert(1, full_number(segment["value"]))
        return ["Segment", "Value", "Share"], rows
    names: list[str] = chart["axis_config"]["categories"]
    columns = [[full_number(value) for value in _in_order(item["data"], names)] for item in chart["series"]]
    head = [str(chart["axis_config"].get("x_label") or "Category"), *(str(item["name"]) for item in chart["series"])]
    return head, [list(row) for row in zip(names, *columns, strict=True)]


def full_number(value: float) -> str:
    """Format a number in full."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def compact_number(value: float) -> str:
    """Format a number for an axis: 12000 is 12k."""
    size, unit = next(((size, unit) for size, unit in _PREFIXES if abs(value) >= size), (1.0, ""))
    return f"{value / size:.5g}{unit}".replace("-", "−", 1)


def percentage(share: float) -> str:
    """Format a share; only zero is 0 %."""
    return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def _numbers(chart: Json) -> Iterator[float]:
    for item in chart.get("segments") or [point for series_data in chart["series"] for point in series_data["data"]]:
        yield item["value"]


def _in_order(points: Sequence[Json], names: Sequence[str]) -> list[float]:
    """Return a series' values in the order of the categories."""
    left: dict[str, deque[float]] = {}
    for point in points:
        left.setdefault(point["label"], deque()).append(point["value"])
    return [left[name].popleft() for name in names]


def _on_circle(turned: float, radius: float) -> tuple[float, float]:
    """Return a point on a circle around the pie's center; `turned` is 0 at the top and 1 after a full turn."""
    angle = 2 * pi * turned
    return round(SIDE / 2 + radius * sin(angle), 2), round(SIDE / 2 - radius * cos(angle), 2)


def _sector(start: float, end: float) -> str:
    """Return a slice as an SVG path; two arcs, because one cannot be a full circle."""
    stops = [_on_circle(turned, RADIUS) for turned in (start, (start + end) / 2, end)]
    arcs = "".join(f"A{RADIUS} {RADIUS} 0 0 1 {x} {y}" for x, y in stops[1:])
    if end - start > 0.9999:
        return f"M{stops[0][0]} {stops[0][1]}{arcs}Z"
    return f"M{SIDE / 2} {SIDE / 2}L{stops[0][0]} {stops[0][1]}{arcs}Z"
