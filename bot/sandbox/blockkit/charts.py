"""The data_visualization block: pie, bar, line and area charts with their limits."""

from typing import Any

from .checks import Check, add_error, both, kinds, listing, number, record, text
from .objects import ID

LABEL = text(20, least=1)
TYPE: dict[str, Check] = {"type": text()}
SEGMENT = record({"label": LABEL, "value": number(above=0, whole=False)})
POINT = record({"label": LABEL, "value": number(whole=False)})
SERIES = record({"name": LABEL, "data": listing(POINT, least=1, most=20)})
AXES = record({"categories": listing(LABEL, least=1, most=20)}, {"x_label": text(50), "y_label": text(50)})


def labels_are_categories(chart: Any, path: str, errors: list[str]) -> None:
    """Require one point for each category in each series, and unique series names."""
    axes, series = chart.get("axis_config"), chart.get("series")
    categories = axes.get("categories") if isinstance(axes, dict) else None
    if not isinstance(series, list) or not isinstance(categories, list):
        return
    names: list[Any] = []
    for index, item in enumerate(series):
        if not isinstance(item, dict) or not isinstance(item.get("data"), list):
            continue
        labels = [point.get("label") for point in item["data"] if isinstance(point, dict)]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            add_error(errors, "labels must match axis_config.categories", f"{path}/series/{index}/data")
        if item.get("name") in names:
            add_error(errors, "series names must be unique", f"{path}/series/{index}/name")
        names.append(item.get("name"))


XY = both(record({**TYPE, "series": listing(SERIES, least=1, most=6), "axis_config": AXES}), labels_are_categories)
CHART = kinds(
    {
        "pie": record({**TYPE, "segments": listing(SEGMENT, least=1, most=6)}),
        "bar": XY,
        "line": XY,
        "area": XY,
    }
)
DATA_VISUALIZATION = record({**TYPE, "title": text(50, least=1), "chart": CHART}, {"block_id": ID})
