"""The guided tour, from its first step to its last."""

import re

from playwright.sync_api import Page, expect

from tests.browser.windows import field, form, message, presses, taken


def at_step(page: Page, title: str) -> None:
    panel = page.get_by_role("region", name="Guided tour")
    expect(panel.get_by_role("heading", name=title)).to_be_visible()


def becomes(page: Page, name: str) -> None:
    page.get_by_role("link", name=f"Be {name}").click()
    expect(page.locator("#acting")).to_contain_text(name)
    page.wait_for_load_state()


def lets_it_type(page: Page) -> None:
    """Send the text that the tour suggests."""
    presses(page, "Type it for me")
    expect(page.locator("#text")).not_to_have_value("")
    presses(page, "Send")
    taken(page)


def proposes_and_is_blocked(page, by):
    """Take the steps that both tours share, from the proposal to the clock."""
    at_step(page, "Propose something")
    lets_it_type(page)
    at_step(page, "State your own agency's position")
    presses(message(page, "Share a bus to the museum"), "Agree")
    at_step(page, "See it from another agency")
    becomes(page, by)
    at_step(page, "Block it, with a reason")
    presses(message(page, "Share a bus to the museum"), "Block")
    field(form(page), "What would have to change?").fill("Our roads are closed in winter.")
    presses(form(page), "Block")
    at_step(page, "Turn the clock")


def test_the_tour_leads_from_a_first_vote_to_an_outcome_and_can_be_left_and_started_again(demo, windows):
    town = demo(with_story=True)
    page = windows.page()
    page.goto(town.url)
    at_step(page, "State your agency's position")
    presses(page, "Skip the tour")
    expect(page.get_by_role("region", name="Guided tour")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("region", name="Guided tour")).to_have_count(0)
    presses(page, "Guided tour")
    at_step(page, "State your agency's position")

    presses(message(page, "#3 Share a speech therapist"), "Agree")
    at_step(page, "See who decides")
    lets_it_type(page)
    at_step(page, "Propose something")
    presses(page, "Back")
    at_step(page, "See who decides")
    presses(page, "Next")
    proposes_and_is_blocked(page, by="Gus Whitehorse")
    presses(page, "+ 1 week")
    expect(page.get_by_role("heading", name="Read the outcome")).to_be_visible()
    ended = page.locator("article", has_text="Share a bus to the museum").filter(has_text="because a block stands")
    expect(ended.first).to_contain_text("1 blocks (Pine Ridge Schools)")
    lets_it_type(page)
    at_step(page, "You have seen the essentials")
    expect(form(page)).to_contain_text("Share a bus to the museum")
    page.keyboard.press("Escape")
    presses(page, "Finish")
    expect(page.get_by_role("region", name="Guided tour")).to_have_count(0)


def test_the_tour_of_the_empty_workspace_begins_with_founding(demo, windows):
    town = demo(with_story=False)
    page = windows.page()
    page.goto(town.url)
    at_step(page, "Found a consortium")
    lets_it_type(page)
    at_step(page, "Add the agencies")
    for _ in range(6):
        lets_it_type(page)
    proposes_and_is_blocked(page, by="Ben Ortiz")
    presses(page, "Next")
    lets_it_type(page)
    at_step(page, "You have seen the essentials")
    expect(page.get_by_role("region", name="Guided tour")).to_have_text(re.compile("Explore on your own"))
