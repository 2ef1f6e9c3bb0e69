"""Windows of a real browser, and what people do in them."""

import re
from contextlib import ExitStack
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.waiting import PATIENCE

TIMEOUT_MS = PATIENCE * 1000
expect.set_options(timeout=TIMEOUT_MS)

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 375, "height": 812}


class Windows:
    """Opens a browser window for each person, and records errors and requests to other servers."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.browser = browser
        self.stack = stack
        self.complaints: list[str] = []

    def page(self, **look) -> Page:
        """Open an empty window; `look` are Playwright's options, such as viewport or color_scheme."""
        context = self.browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **look})
        self.stack.callback(context.close)
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._on_request)
        return page

    def _on_console(self, entry) -> None:
        if entry.type in ("error", "warning"):
            self.complaints.append(f"{entry.text} ({entry.location['url']})")

    def _on_request(self, request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.complaints.append(f"requested {request.url}")

    def of(self, town, who: str, room: str = "council", *, more: dict[str, str] | None = None, **look) -> Page:
        """Open the page as a person, in a channel."""
        page = self.page(**look)
        goes(page, town, who, room, **(more or {}))
        return page

    def were_clean(self) -> None:
        assert not self.complaints, self.complaints


def goes(page: Page, town, who: str, room: str = "council", **more: str) -> None:
    """Open another page in the same window."""
    page.goto(f"{town.url}/?{urlencode({'as': who, 'in': room, **more})}")
    expect(page.locator("body:not(.offline)")).to_have_attribute("data-who", who)


def says(page: Page, words: str) -> None:
    """Type something and send it; wait until it was accepted."""
    text = page.locator("#text")
    text.fill(words)
    text.press("Enter")
    expect(text).to_have_value("")
    taken(page)


def taken(page: Page) -> None:
    """Wait until what was sent has been accepted."""
    expect(page.locator('.composer[aria-busy="true"]')).to_have_count(0)


def message(page: Page, part: str) -> Locator:
    """Return the last message with these words."""
    return page.locator('[data-part="messages"] article').filter(has_text=part).last


def form(page: Page) -> Locator:
    """Return the top form."""
    return page.locator("dialog[data-view][open]")


def presses(where: Locator | Page, label: str) -> None:
    where.get_by_role("button", name=label, exact=True).click()


def field(where: Locator, label: str) -> Locator:
    """Return a field by its label, which may end in \"(optional)\"."""
    return where.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))


def chooses(where: Locator, label: str, choice: str) -> None:
    """Type a few letters into a menu, and choose what it offers."""
    box = field(where, label)
    box.fill(choice[:4])
    where.page.get_by_role("option", name=re.compile(f"^{re.escape(choice)}")).click()
    expect(box).to_have_value(re.compile(f"^{re.escape(choice)}"))
