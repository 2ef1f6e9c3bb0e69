"""The guided tour, walked as it says, from its first step to its last."""

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
    """Take the tour's words, and send them."""
    presses(page, "Type it for me")
    expect(page.locator("#text")).not_to_have_value("")
    presses(page, "Send")
    taken(page)


def proposes_and_is_blocked(page, by):
    """Go the steps that both tours have, from the proposal to the clock."""
    at_step(page, "Propose something")
    lets_it_type(page)
    at_step(page, "Say what your own agency thinks")
    presses(message(page, "Share a bus to the museum"), "Agree")
    at_step(page, "See it from another agency")
    becomes(page, by)
    at_step(page, "Block it, with a reason")
    presses(message(page, "Share a bus to the museum"), "Block")
    field(form(page), "What would have to change?").fill("Our roads are closed in winter.")
    presses(form(page), "Block")
    at_step(page, "Turn the clock")


def test_the_tour_leads_from_a_first_vote_to_a_verdict_can_be_left_and_begun_again(demo, windows):
    town = demo(told=True)
    page = windows.page()
    page.goto(town.url)
    at_step(page, "Say what your agency thinks")
    presses(page, "Skip the tour")
    expect(page.get_by_role("region", name="Guided tour")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("region", name="Guided tour")).to_have_count(0)
    presses(page, "Guided tour")
    at_step(page, "Say what your agency thinks")

    presses(message(page, "#3 Share a speech therapist"), "Agree")
    at_step(page, "Look at who decides")
    lets_it_type(page)
    at_step(page, "Propose something")
    presses(page, "Back")
    at_step(page, "Look at who decides")
    presses(page, "Next")
    proposes_and_is_blocked(page, by="Gus Whitehorse")
    presses(page, "+ 1 week")
    expect(page.get_by_role("heading", name="Read the verdict")).to_be_visible()
    ended = page.locator("article", has_text="Share a bus to the museum").filter(has_text="since a block stands")
    expect(ended.first).to_contain_text("1 blocks (Pine Ridge Schools)")
    lets_it_type(page)
    at_step(page, "That is the heart of it")
    expect(message(page, "Only visible to you")).to_contain_text("Share a bus to the museum")
    presses(page, "Finish")
    expect(page.get_by_role("region", name="Guided tour")).to_have_count(0)


def test_the_tour_of_the_empty_workspace_begins_with_founding(demo, windows):
    town = demo(told=False)
    page = windows.page()
    page.goto(town.url)
    at_step(page, "Found a consortium")
    lets_it_type(page)
    at_step(page, "Say which agencies there are")
    for _ in range(6):
        lets_it_type(page)
    proposes_and_is_blocked(page, by="Ben Ortiz")
    presses(page, "Next")
    lets_it_type(page)
    at_step(page, "That is the heart of it")
    expect(page.get_by_role("region", name="Guided tour")).to_have_text(re.compile("Look around as you like"))
