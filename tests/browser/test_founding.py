"""A consortium is founded in the browser, by typing and by forms."""

from playwright.sync_api import expect

from tests.browser.windows import chooses, field, form, message, presses, says


def test_a_consortium_is_founded_by_typing_with_completion_and_by_forms(empty_town, windows):
    ana = windows.of(empty_town, "ana")
    text = ana.locator("#text")
    text.press_sequentially("/conso")
    expect(ana.get_by_role("option", name="/consortium")).to_be_visible()
    text.press("Tab")
    expect(text).to_have_value("/consortium ")
    text.press_sequentially("setup")
    text.press("Enter")
    field(form(ana), "Name of the consortium").fill("Northern Valleys")
    presses(form(ana), "Found the consortium")
    expect(form(ana)).to_have_count(0)

    says(ana, '/consortium agency add "Elm Schools"')
    says(ana, '/consortium agency add "Birch Schools"')
    says(ana, "/consortium agency add")
    field(form(ana), "Name of the agency").fill("Oak Valley")
    presses(form(ana), "Add")
    expect(form(ana)).to_have_count(0)
    expect(message(ana, "Oak Valley")).to_contain_text("Only visible to you")

    text.press_sequentially("/consortium member @be")
    ana.get_by_role("option", name="Ben Ortiz").click()
    expect(text).to_have_value("/consortium member @ben ")
    text.press_sequentially('"Elm Schools" representative')
    text.press("Enter")
    expect(message(ana, "Ben Ortiz")).to_contain_text("Elm Schools")
    for person, agency, seat in (
        ("Cleo Marchetti", "Birch Schools", "Representative"),
        ("Finn Abernathy", "Oak Valley", "Representative"),
    ):
        says(ana, "/consortium member")
        chooses(form(ana), "Person", person)
        chooses(form(ana), "Agency", agency)
        chooses(form(ana), "Role", seat)
        presses(form(ana), "Save")
        expect(form(ana)).to_have_count(0)
        expect(message(ana, person)).to_contain_text(agency)

    says(ana, "/consortium")
    overview = message(ana, "Northern Valleys")
    for words in ("Ben Ortiz", "Cleo Marchetti", "Finn Abernathy", "Elm Schools", "Birch Schools", "Oak Valley"):
        expect(overview).to_contain_text(words)
