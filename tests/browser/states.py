"""The states of the page: each function brings a window into one, in a town where this proposal is open."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from bot.demo import tour
from tests.browser.windows import field, form, goes, message, presses

Reach = Callable[[Page, object, str], None]


def channel(page: Page, town, title: str) -> None:
    goes(page, town, "ben")
    expect(message(page, title)).to_be_visible()


def thread(page: Page, town, title: str) -> None:
    channel(page, town, title)
    message(page, title).locator(".replies").click()
    expect(page.get_by_role("region", name="Thread").get_by_label("Reply", exact=True)).to_be_visible()


def modal(page: Page, town, title: str) -> None:
    town.types("ben", "/propose")
    goes(page, town, "ben")
    expect(field(form(page), "Title")).to_be_visible()


def error(page: Page, town, title: str) -> None:
    modal(page, town, title)
    field(form(page), "Title").fill("Two meetings a month")
    field(form(page), "Review it on").fill("2020-01-06")
    presses(form(page), "Propose")
    expect(form(page)).to_contain_text("That day has passed already.")


def combobox(page: Page, town, title: str) -> None:
    modal(page, town, title)
    field(form(page), "Who decides, and how").click()
    expect(page.get_by_role("option", name="Unanimity of agencies")).to_be_visible()


def home(page: Page, town, title: str) -> None:
    goes(page, town, "ben", "@ben", tab="home")
    expect(page.get_by_role("region", name="Home", exact=True)).to_contain_text("Waiting for you")


def facilitator(page: Page, town, title: str) -> None:
    goes(page, town, "ana", "@ana", tab="home")
    expect(page.get_by_role("region", name="Home", exact=True)).to_contain_text("For facilitators")


def inspector(page: Page, town, title: str) -> None:
    goes(page, town, "ben", inspect="1")
    page.locator(".exchange").first.locator("summary").click()
    expect(page.locator(".exchange-detail pre").first).to_be_visible()


def split(page: Page, town, title: str) -> None:
    page.goto(f"{town.url}/split?left=ben&right=cleo&in=council")
    expect(page.frame_locator("#frame-left").locator("article", has_text=title).last).to_be_visible()


def touring(page: Page, town, title: str) -> None:
    town.sandbox.tour = tour.STORY
    goes(page, town, "ben")
    expect(page.get_by_role("region", name="Guided tour")).to_be_visible()


def completion(page: Page, town, title: str) -> None:
    goes(page, town, "ben")
    page.locator("#text").fill("/")
    expect(page.get_by_role("option", name="/propose")).to_be_visible()


STATES: dict[str, Reach] = {
    state.__name__: state
    for state in (
        channel, thread, modal, error, combobox, home, facilitator, inspector, split, completion, touring,
    )
}  # fmt: skip
