"""The page is accessible: on a phone, in dark mode, by keyboard, and with a screen reader."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.states import STATES
from tests.browser.windows import NARROW, WIDE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
REACH = (Path(__file__).parent / "reach.js").read_text()


def violations(page) -> list[str]:
    """List violations of the accessibility guidelines."""
    found = [rule for frame in page.frames for rule in Axe().run(frame, options=RULES).response["violations"]]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"][:3]]


@pytest.fixture
def lively(town):
    """A town with something of every kind on the page."""
    message = town.proposes("Adopt the calendar", more='why:"One calendar for all schools."')
    town.asks('/vote "Which week?" "12 Jan" "19 Jan" "26 Jan"')
    town.types("ana", '/task add "Draft the MOU" @ben due:friday hours:6')
    town.types("ana", '/task add "Find rooms" @ana hours:14')
    town.types("cleo", "/vote 1 block Our exams come first")
    town.types("finn", "/vote 1 reservations Who tells the drivers?")
    town.call("say", user="gus", channel="council", thread_ts=message["ts"], text="We could move it by a week.")
    town.types("ben", "/workload")
    town.settle()
    return town


MORE = pytest.mark.more


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(WIDE, "light", id="wide", marks=MORE),
        pytest.param(NARROW, "dark", id="narrow and dark"),
        pytest.param(WIDE, "dark", id="wide and dark", marks=MORE),
        pytest.param(NARROW, "light", id="narrow", marks=MORE),
    ],
)
def test_every_state_of_the_page_is_accessible(lively, windows, subtests, size, scheme):
    page = windows.page(viewport=size, color_scheme=scheme)
    for name, reach in STATES.items():
        with subtests.test(name):
            reach(page, lively, "Adopt the calendar")
            problems = violations(page)
            # an open menu covers what is below it
            problems += [target for frame in page.frames for target in frame.evaluate(REACH) if name != "combobox"]
            assert not problems
        for who in ("ben", "ana"):
            lively.closes_forms(who)
