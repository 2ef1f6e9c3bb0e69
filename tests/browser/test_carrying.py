"""The balance of work in the browser: a person hands over work without a name in the channel."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_everybody import violations
from tests.browser.windows import form, goes, message, presses, says

PLACES = {"ana": "Elm", "ben": "Elm", "eva": "Elm", "cleo": "Birch", "finn": "Oak", "gus": "Pine", "hana": "Lake"}
NAMES = ("Ben Ortiz", "Cleo Marchetti", "Eva Castellanos", "Finn Abernathy", "Gus Whitehorse", "Hana Okafor")


def add_work(town) -> None:
    """Found five agencies and add forty tasks; Ben has more than he has time for, and Cleo may be asked."""
    town.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
    for agency in dict.fromkeys(PLACES.values()):
        town.types("ana", f'/consortium agency add "{agency}"')
    for user, agency in PLACES.items():
        town.types("ana", f'/consortium member @{user} "{agency}"')
    town.types("cleo", "/workload room yes")
    for user in PLACES:
        hours = (6, 4, 2, 1) if user == "ben" else (0.25,) * 6
        for effort in hours:
            town.types(user, f'/task add "Errand of {effort} h" @{user} hours:{effort}')
    town.settle()


@pytest.mark.more
def test_a_person_hands_over_work_with_two_presses_and_the_channel_names_nobody(empty_town, windows):
    town = empty_town
    add_work(town)
    town.waits("PT61M")
    dov = windows.of(town, "dov")
    ben, cleo = windows.of(town, "ben", "@ben"), windows.of(town, "cleo", "@cleo")
    warning = message(ben, "You have about 13 hours")
    expect(warning).to_contain_text("Cleo Marchetti offered to take on more.")
    warning.get_by_role("button", name="Ask Cleo Marchetti to take").click()
    expect(message(ben, "is offered to Cleo Marchetti")).to_contain_text("Errand of 4 h")
    presses(message(cleo, "With this task: 5.5 of your 10"), "I'll take it")
    expect(message(cleo, "is yours now")).to_contain_text("Errand of 4 h")
    # the news that it is over comes after a day without another message
    presses(ben, "+ 1 day")
    presses(ben, "+ 1 day")
    expect(message(ben, "within your 10 a month again")).to_be_visible()

    goes(ben, town, "ben", "@ben", tab="home")
    home = ben.get_by_role("region", name="Home", exact=True)
    expect(home).to_contain_text("About 9 hours of work in the next 30 days")
    tasks = home.get_by_role("button", name="Done")
    expect(tasks).to_have_count(3)
    tasks.first.click()
    expect(tasks).to_have_count(2)
    presses(home, "All my tasks")
    expect(form(ben)).to_contain_text("Errand of 2 h")
    ben.keyboard.press("Escape")
    expect(form(ben)).to_have_count(0)

    goes(ben, town, "ben")
    says(ben, "/workload")
    chart = ben.get_by_role("img", name="Bar chart")
    expect(chart.last).to_be_visible()
    assert chart.last.locator("rect.bar").count() >= 4
    presses(message(ben, "Post it here"), "Post it here")
    shown = dov.get_by_role("img", name="Bar chart")
    expect(shown).to_be_visible()
    for scheme in ("light", "dark"):
        ben.emulate_media(color_scheme=scheme)
        assert not violations(ben)
    text = dov.locator('[data-part="messages"]').inner_text()
    assert not [name for name in NAMES if name in text]
