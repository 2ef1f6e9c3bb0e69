"""Four weeks of forty people, with calls that fail and a kill each week: nothing lost, nothing said twice."""

from tests.year.cast import SHORT
from tests.year.count import reckon
from tests.year.life import lived
from tests.year.table import draw


def test_in_four_weeks_with_failing_calls_and_kills_nothing_is_lost_doubled_or_late(tmp_path):
    with lived(SHORT, tmp_path) as life:
        account = reckon(life)
    assert account.holds, draw(SHORT, account) + "\n" + (tmp_path / "errors.log").read_text()
    assert account.kills == SHORT.weeks
    assert account.kept > 0
