"""Forms on top of forms."""

from playwright.sync_api import expect

from tests.browser.windows import chooses, field, form, presses, says


def test_a_form_below_another_keeps_what_was_filled_in(town, windows):
    ana = windows.of(town, "ana")
    says(ana, "/consortium settings")
    settings = form(ana).filter(has_text="Settings")
    chooses(settings, "Proposals are decided by", "Majority")
    field(settings, "Quorum, in percent").fill("70")
    field(settings, "Quiet hours begin").fill("20:30")

    presses(settings, "Balance of work")
    above = form(ana).filter(has_text="Hours a month")
    expect(above.get_by_role("heading", name="Balance of work")).to_be_visible()
    expect(settings).to_have_count(0)
    field(above, "Default hours a month for each person").fill("12")
    above.get_by_role("button", name="Cancel").click()

    expect(field(settings, "Quorum, in percent")).to_have_value("70")
    expect(field(settings, "Quiet hours begin")).to_have_value("20:30")
    expect(field(settings, "Proposals are decided by")).to_have_value("Majority")
    presses(settings, "Balance of work")
    expect(field(form(ana), "Default hours a month for each person")).not_to_have_value("12")
    ana.keyboard.press("Escape")
    expect(settings).to_be_visible()
    presses(settings, "Save")
    expect(form(ana)).to_have_count(0)
    says(ana, "/consortium settings")
    expect(field(settings, "Quorum, in percent")).to_have_value("70")
    ana.keyboard.press("Escape")
    expect(form(ana)).to_have_count(0)
    expect(ana.locator("#text")).to_be_focused()
