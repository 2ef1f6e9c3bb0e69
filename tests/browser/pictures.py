"""Take the screenshots of the documentation: `python -m tests.browser.pictures [--folder docs/pictures]`."""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from bot import logs
from bot.demo import tour
from tests.browser import chromium, states
from tests.browser.windows import NARROW, Windows, chooses, field, form, goes, message, presses, says
from tests.town import Town

WIDE = {"width": 1200, "height": 800}
"""Smaller than most screens, so that it is readable when it is shown at a reduced size."""

ASKED = "Our speech therapist has two free days"
OPEN = "#3 Share a speech therapist"
POLLS = (
    ('/vote "Where do we meet?" "Elm" "Oak Valley"', ("1", "2", "2")),
    ('/vote "Which books?" "Atlas" "Fables" "Poems" multi:2', ("1, 2", "2", "2, 3")),
    ('/vote "What first?" "Buses" "Books" "Training" ranked', ("3, 1", "3, 2", "2, 3")),
    ('/vote "How useful was the training?" "Morning" "Afternoon" score', ("1=5 2=3", "1=4 2=4", "1=4 2=2")),
    ('/vote "Where does the money go?" "Buses" "Books" dots:4', ("1=1 2=3", "2=4", "1=2 2=2")),
    (
        '/vote time "When is the next council?" "friday 14:00" "friday 16:00" closes:thursday',
        ("1 yes, 2 no", "1 maybe", "1 yes, 2 yes"),
    ),
)


@dataclass
class Photographer:
    """Takes screenshots of the demo."""

    town: Town
    windows: Windows
    folder: Path

    def keep(self, page: Page, name: str, *, part: str | None = None, margin: int = 0) -> None:
        """Save a screenshot of a window, or of the last element that matches `part`, with a margin."""
        path = self.folder / f"{name}.png"
        clip = None
        if part:
            page.locator(part).last.scroll_into_view_if_needed()
            box = page.locator(part).last.bounding_box()
            clip = {"x": box["x"] - margin, "y": box["y"] - margin}
            clip |= {"width": box["width"] + 2 * margin, "height": box["height"] + 2 * margin}
        page.screenshot(path=path, clip=clip, animations="disabled")
        sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} kB\n")

    def shows(self, page: Page, who: str, part: str) -> None:
        """Scroll a message of the channel to the top."""
        goes(page, self.town, who)
        expect(message(page, part)).to_be_visible()
        message(page, part).evaluate("element => element.scrollIntoView({ block: 'start' })")


def take_all(photographer: Photographer) -> None:
    """Take all screenshots, from the first vote to the outcome."""
    wide, phone = photographer.windows.page(viewport=WIDE), photographer.windows.page(viewport=NARROW)
    dark = photographer.windows.page(viewport=WIDE, color_scheme="dark")
    _before_the_vote(photographer, wide, phone, dark)
    _forms(photographer, wide, phone)
    _side_by_side_and_traffic(photographer, wide)
    _polls_and_outcome(photographer, wide)


def _before_the_vote(photographer: Photographer, wide: Page, phone: Page, dark: Page) -> None:
    photographer.shows(wide, "june", ASKED)
    photographer.keep(wide, "proposal")
    photographer.shows(phone, "june", OPEN)
    photographer.keep(phone, "phone")
    photographer.shows(dark, "june", ASKED)
    message(dark, OPEN).hover()
    photographer.keep(dark, "dark")
    states.home(wide, photographer.town, OPEN)
    photographer.keep(wide, "home")
    states.home(phone, photographer.town, OPEN)
    photographer.keep(phone, "phone-home")
    goes(wide, photographer.town, "ben")
    says(wide, "/workload")
    expect(wide.get_by_role("img", name="Bar chart").last).to_be_visible()
    photographer.keep(wide, "workload", part="figure.chart:has([aria-label^='Bar'])", margin=6)


def _forms(photographer: Photographer, wide: Page, phone: Page) -> None:
    states.error(wide, photographer.town, OPEN)
    photographer.keep(wide, "form", part="dialog[open]")
    photographer.town.closes_forms("ben")
    states.modal(phone, photographer.town, OPEN)
    photographer.keep(phone, "phone-form")
    photographer.town.closes_forms("ben")
    goes(wide, photographer.town, "ana")
    says(wide, "/consortium member")
    chooses(form(wide), "Agency", "Birch Unified")
    field(form(wide), "Person").click()
    expect(wide.get_by_role("option", name="Cleo Marchetti")).to_be_visible()
    photographer.keep(wide, "people", part="dialog[open]")
    photographer.town.closes_forms("ana")
    goes(wide, photographer.town, "ana")
    says(wide, "/consortium settings")
    presses(form(wide), "Balance of work")
    expect(form(wide)).to_contain_text("hours a month")
    photographer.keep(wide, "forms", part="dialog[open]")
    photographer.town.closes_forms("ana")


def _side_by_side_and_traffic(photographer: Photographer, wide: Page) -> None:
    town = photographer.town
    town.types("hana", "/vote 3 agree")
    town.types("june", "/vote 3 aside We have one of our own")
    town.settle()
    wide.goto(f"{town.url}/split?left=eva&right=june&in=council")
    for side in ("left", "right"):
        frame = wide.frame_locator(f"#frame-{side}")
        frame.locator("article", has_text=OPEN).last.evaluate("element => element.scrollIntoView({ block: 'center' })")
    photographer.keep(wide, "two-people")
    states.inspector(wide, town, OPEN)
    photographer.keep(wide, "traffic", part=".traffic")
    town.sandbox.tour = tour.STORY
    goes(wide, town, "hana")
    expect(wide.get_by_role("region", name="Guided tour")).to_be_visible()
    photographer.keep(wide, "tour")
    town.sandbox.tour = []


def _polls_and_outcome(photographer: Photographer, wide: Page) -> None:
    town = photographer.town
    for asked, ballots in POLLS:
        number = town.types("ana", asked).split(" ")[0].strip("#*")
        for who, ballot in zip(("ben", "cleo", "gus"), ballots, strict=True):
            town.types(who, f"/vote {number} {ballot}")
    town.settle()
    goes(wide, town, "lena")
    wide.set_viewport_size({"width": 1000, "height": 1900})
    expect(message(wide, "When is the next council?")).to_contain_text("3 people have voted")
    photographer.keep(wide, "polls", part=".room")
    wide.set_viewport_size(WIDE)
    town.waits("P7D")
    photographer.shows(wide, "gus", OPEN)
    photographer.keep(wide, "verdict")


def main() -> None:
    """Open the demo and a browser, and take the screenshots."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=Path("docs/pictures"))
    folder = options.parse_args().folder
    path = chromium.found()
    if path is None:
        sys.exit(chromium.MISSING)
    logs.set_up("ERROR")
    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory())
        town = stack.enter_context(chromium.demo(f"sqlite:///{place}/bot.db", with_story=True))
        town.sandbox.tour = []
        windows = Windows(stack.enter_context(chromium.launched(path)), stack)
        take_all(Photographer(town, windows, folder))
        windows.were_clean()


if __name__ == "__main__":
    main()
