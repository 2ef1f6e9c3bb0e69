"""Charts: the positions of the marks, and how they are rendered and told apart."""

import re
from itertools import pairwise
from math import hypot
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.sandbox.page import charts
from bot.sandbox.page.blocks import render_blocks
from tests.sandbox.page_rendering import EVIL, READER

KINDS = st.sampled_from(["line", "bar", "area"])
VALUES = st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e15, 1e15), st.floats(-5, 5))
LETTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
LABELS = st.text(LETTERS, min_size=1, max_size=20)
SEGMENTS = st.lists(
    st.tuples(LABELS, st.integers(1, 10**15) | st.floats(0, 1e15, exclude_min=True)), min_size=1, max_size=6
)


def points(names, values):
    return [{"label": name, "value": value} for name, value in zip(names, values, strict=True)]


def xy(kind, names, series, **axes):
    rows = [{"name": name, "data": points(names, values)} for name, values in series.items()]
    return {"type": kind, "series": rows, "axis_config": {"categories": list(names), **axes}}


def pie(*segments):
    return {"type": "pie", "segments": [{"label": label, "value": value} for label, value in segments]}


def block(chart, title="Pulse"):
    return {"type": "data_visualization", "block_id": "b1", "title": title, "chart": chart}


def draw(*payload):
    return " ".join(str(render_blocks(payload, READER, place="C1/1")).split())


@st.composite
def xy_charts(draw):
    names = draw(st.lists(LABELS, min_size=1, max_size=20))
    rows = draw(st.lists(st.lists(VALUES, min_size=len(names), max_size=len(names)), min_size=1, max_size=6))
    return xy(draw(KINDS), names, {f"s{at}": row for at, row in enumerate(rows)})


@given(xy_charts())
def test_every_mark_lies_inside_the_plot(chart):
    assert charts.is_drawable(block(chart))
    plot = charts.layout_plot(chart)
    assert 0 <= plot.base <= 100
    for series in plot.series:
        for spot in series.points:
            assert 0 <= spot.y <= 100
            assert plot.width / 2 <= spot.x + 0.002
            assert spot.x + plot.width / 2 <= 100.002


@given(xy_charts())
def test_higher_values_are_higher_and_equal_ones_equally_high(chart):
    spots = sorted(
        (spot for series in charts.layout_plot(chart).series for spot in series.points), key=lambda spot: spot.value
    )
    for low, high in pairwise(spots):
        assert low.y >= high.y
        assert low.value != high.value or low.y == high.y


@given(xy_charts())
def test_categories_and_bars_go_from_left_to_right_and_never_overlap(chart):
    plot = charts.layout_plot(chart)
    xs = sorted(spot.x for series in plot.series for spot in series.points)
    if plot.width:
        assert all(right - left >= plot.width - 0.003 for left, right in pairwise(xs))
    for series in plot.series:
        assert [spot.x for spot in series.points] == sorted(spot.x for spot in series.points)
        assert [spot.label for spot in series.points] == [name for _, name in plot.categories]


@given(st.lists(VALUES, min_size=1), st.booleans())
def test_a_scale_encloses_the_values_in_a_few_even_steps(values, from_zero):
    ticks = charts.axis_ticks(values, from_zero=from_zero)
    slack = 1e-9 * max(map(abs, [*ticks, 1]))
    assert ticks[0] <= min(values) + slack
    assert ticks[-1] >= max(values) - slack
    assert 2 <= len(ticks) <= 8
    assert not from_zero or 0 in ticks
    assert all(low < high for low, high in pairwise(ticks))


@pytest.mark.parametrize(
    ("values", "from_zero", "ticks"),
    [
        ([0], True, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([1.2, 4.3], False, [0, 1, 2, 3, 4, 5]),
        ([3.2, 4.3], False, [3, 3.25, 3.5, 3.75, 4, 4.25, 4.5]),
        ([32000, 41000], False, [32000, 34000, 36000, 38000, 40000, 42000]),
        ([32000, 41000], True, [0, 10000, 20000, 30000, 40000, 50000]),
        ([-4, -4], False, [-4, -3, -2, -1, 0]),
        ([1000000, 1000001], False, [0, 250000, 500000, 750000, 1000000, 1250000]),
        ([-9000, 15250], True, [-10000, -5000, 0, 5000, 10000, 15000, 20000]),
    ],
)
def test_a_scale_has_round_numbers(values, from_zero, ticks):
    assert charts.axis_ticks(values, from_zero=from_zero) == ticks


def test_points_follow_the_categories_whatever_order_they_came_in():
    chart = xy("line", ["a", "b", "a"], {"s": [1, 2, 3]})
    chart["series"][0]["data"].reverse()
    assert [(spot.label, spot.value) for spot in charts.layout_plot(chart).series[0].points] == [
        ("a", 3),
        ("b", 2),
        ("a", 1),
    ]


@given(SEGMENTS)
def test_slices_fill_the_pie_in_their_order(segments):
    assert charts.is_drawable(block(pie(*segments)))
    slices = charts.layout_pie(pie(*segments))
    assert [(item.label, bool(item.path)) for item in slices] == [
        (label, item.share > 0) for (label, _), item in zip(segments, slices, strict=True)
    ]
    assert sum(item.share for item in slices) == pytest.approx(1 if any(value for _, value in segments) else 0)
    for item in slices:
        assert 0 <= item.x <= charts.SIDE
        assert 0 <= item.y <= charts.SIDE


@given(SEGMENTS)
def test_slices_meet_and_stay_on_the_disc(segments):
    assume(sum(value for _, value in segments))
    shown = [item for item in charts.layout_pie(pie(*segments)) if item.path]
    ends = [[(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)(?=A|$|Z)", item.path)] for item in shown]
    for path in ends:
        for x, y in path:
            assert hypot(x - charts.SIDE / 2, y - charts.SIDE / 2) == pytest.approx(charts.RADIUS, abs=0.02)
    for before, after in pairwise(ends):
        assert before[-1] == pytest.approx(after[0], abs=0.02)


@pytest.mark.parametrize(
    ("value", "full", "brief"),
    [
        (0, "0", "0"),
        (4.0, "4", "4"),
        (64.5, "64.5", "64.5"),
        (12000, "12,000", "12k"),
        (-1250000, "-1,250,000", "−1.25M"),
        (10**15, "1,000,000,000,000,000", "1000T"),
    ],
)
def test_numbers_are_written_in_full_and_in_brief(value, full, brief):
    assert (charts.full_number(value), charts.compact_number(value)) == (full, brief)


@pytest.mark.parametrize(("share", "words"), [(0, "0 %"), (0.001, "<1 %"), (0.285, "28 %"), (1, "100 %")])
def test_a_share_above_zero_is_never_shown_as_zero(share, words):
    assert charts.percentage(share) == words


@pytest.mark.parametrize(
    ("chart", "looks"),
    [
        (xy("line", ["Mon", "Tue"], {"s": [1, 2]}), {"deep-1", "bare", "bare-narrow"}),
        (xy("bar", ["Mon", "Tue"], {"s": [1, 2]}), {"deep-1"}),
        (xy("bar", ["2 Mar", "3 Mar", "4 Mar", "5 Mar", "6 Mar"], {"s": [1] * 5}), {"deep-1", "lean-narrow"}),
        (
            xy("area", ["x" * 20] * 20, {"s": [1] * 20}),
            {"deep-4", "lean", "lean-narrow", "thin-narrow", "bare", "bare-narrow"},
        ),
    ],
)
def test_labels_are_rotated_thinned_out_or_hidden_where_there_is_no_room(chart, looks):
    assert set(charts.layout_plot(chart).label_classes.split()) == looks


def test_many_bars_are_kept_wide_enough_to_be_told_apart():
    few, many = (xy("bar", list("abcdefghij")[:n], {str(s): [1] * n for s in range(6)}) for n in (1, 10))
    assert (charts.layout_plot(few).min_width, charts.layout_plot(many).min_width) == (0, 601)
    assert 'width="601"' in draw(block(many))


@pytest.mark.parametrize(
    "chart",
    [
        {},
        pie(("a", -1)),
        pie(("a", float("inf"))),
        xy("line", ["a"], {"s": [float("nan")]}),
        xy("bar", ["a"], {"s": [10**400]}),
        xy("line", [], {}),
        {**xy("line", ["a"], {"s": [1]}), "axis_config": {"categories": ["b"]}},
    ],
)
def test_an_invalid_chart_stays_a_box(chart):
    assert '<div class="unknown">data_visualization</div>' in draw(block(chart))


@given(st.one_of(xy_charts(), SEGMENTS.map(lambda segments: pie(*segments))))
def test_a_chart_is_well_formed_and_has_its_numbers_beside_it(chart):
    tree = ET.fromstring(str(render_blocks([block(chart)], READER, place="C1/1")))
    (picture,) = (item for item in tree.iter("svg") if item.get("role") == "img")
    assert picture.get("aria-label", "").split(":")[0] == f"{chart['type'].capitalize()} chart"
    numbers = sum(1 for cell in tree.iter("td"))
    wanted = len(chart["segments"]) * 2 if "segments" in chart else sum(len(item["data"]) for item in chart["series"])
    assert numbers == wanted


def test_each_series_has_its_own_mark_in_the_legend():
    html = draw(block(xy("line", ["a", "b"], {f"s{at}": [at, at] for at in range(6)}, x_label="Round", y_label="Mean")))
    marks = re.findall(r'<path class="mark" d="([^"]+)"', html)
    assert len(set(marks)) == 6
    assert all(marks.count(mark) == 3 for mark in marks)
    assert 'aria-label="Line chart: Pulse (s0, s1, s2, s3, s4, s5)"' in html
    assert '<p class="axis">Mean</p>' in html
    assert '<p class="axis axis-x">Round</p>' in html


@pytest.mark.parametrize(
    "chart", [pie(*((f"s{at}", 1) for at in range(6))), xy("bar", ["a"], {f"s{at}": [at] for at in range(6)})]
)
def test_each_bar_and_slice_has_its_own_pattern_in_the_legend(chart):
    html = draw(block(chart))
    patterns = re.findall(r'<pattern class="tone-\d" id="([^"]+)".+?(<path [^>]+>)', html)
    assert len({path for _, path in patterns}) == 6
    assert all(html.count(f'fill="url(#{name})"') == 2 for name, _ in patterns)
    other = str(render_blocks([block(chart)], READER, place="C1/2"))
    assert all(name not in other for name, _ in patterns)


@pytest.mark.parametrize(
    "chart", [pie((EVIL[:20], 1)), xy("bar", [EVIL[:20]], {EVIL[:20]: [1]}, x_label=EVIL, y_label=EVIL)]
)
def test_nothing_in_a_chart_becomes_markup_and_no_style_is_written_inline(chart):
    html = draw(block(chart, EVIL))
    assert "<script" not in html
    assert "style=" not in html
