"""Four weeks of forty people, with failing calls and a kill each week: nothing is lost or sent twice."""

from tests.year.cast import SHORT
from tests.year.count import compare
from tests.year.life import simulate
from tests.year.table import render


def test_in_four_weeks_with_failing_calls_and_kills_nothing_is_lost_repeated_or_late(tmp_path):
    with simulate(SHORT, tmp_path) as life:
        report = compare(life)
    assert report.holds, render(SHORT, report) + "\n" + (tmp_path / "errors.log").read_text()
    assert report.kills == SHORT.weeks
    assert report.kept > 0
