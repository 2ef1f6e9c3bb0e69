"""Windows of a real browser, and the hands of the people before them."""

import re
from contextlib import ExitStack
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

LIMIT = 300_000
"""Milliseconds after which something is broken rather than slow."""

expect.set_options(timeout=LIMIT)

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 375, "height": 812}


class Windows:
    """Opens a browser of their own for each person, and hears what goes wrong in any of them."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.browser = browser
        self.stack = stack
        self.complaints: list[str] = []

    def page(self, **look) -> Page:
        """Open an empty window; `look` is Playwright's, such as viewport or color_scheme."""
        context = self.browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **look})
        self.stack.callback(context.close)
        context.set_default_timeout(LIMIT)
        page = context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        return page

    def _said(self, said) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(f"{said.text} ({said.location['url']})")

    def _asked(self, request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.complaints.append(f"asked for {request.url}")

    def of(self, town, who: str, room: str = "council", *, more: dict[str, str] | None = None, **look) -> Page:
        """Open the page as a person, in a channel."""
        page = self.page(**look)
        goes(page, town, who, room, **(more or {}))
        return page

    def were_clean(self) -> None:
        assert not self.complaints, self.complaints


def goes(page: Page, town, who: str, room: str = "council", **more: str) -> None:
    """Go to another place in the same window."""
    page.goto(f"{town.url}/?{urlencode({'as': who, 'in': room, **more})}")
    expect(page.locator("body:not(.offline)")).to_have_attribute("data-who", who)


def says(page: Page, words: str) -> None:
    """Type something and send it; wait until it was taken."""
    text = page.locator("#text")
    text.fill(words)
    text.press("Enter")
    expect(text).to_have_value("")
    taken(page)


def taken(page: Page) -> None:
    """Wait until what was sent has been taken."""
    expect(page.locator('.composer[aria-busy="true"]')).to_have_count(0)


def message(page: Page, part: str) -> Locator:
    """Find the last message with these words."""
    return page.locator('[data-part="messages"] article').filter(has_text=part).last


def form(page: Page) -> Locator:
    """Find the form on top."""
    return page.locator("dialog[data-view][open]")


def presses(where: Locator | Page, label: str) -> None:
    where.get_by_role("button", name=label, exact=True).click()


def field(where: Locator, label: str) -> Locator:
    """Find a field by its label, which may say that it is optional."""
    return where.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))


def chooses(where: Locator, label: str, choice: str) -> None:
    """Type a few letters into a menu, and take what it offers."""
    box = field(where, label)
    box.fill(choice[:4])
    where.page.get_by_role("option", name=re.compile(f"^{re.escape(choice)}")).click()
    expect(box).to_have_value(re.compile(f"^{re.escape(choice)}"))
