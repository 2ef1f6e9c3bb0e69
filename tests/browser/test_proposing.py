"""A proposal from its form to its outcome, in the windows of three people."""

import re

from playwright.sync_api import expect

from tests.browser.windows import chooses, field, form, message, presses, says


def test_a_proposal_is_made_in_a_form_gets_three_positions_and_is_closed_by_the_clock(town, windows):
    ben, cleo, finn = (windows.of(town, who) for who in ("ben", "cleo", "finn"))
    says(ben, "/propose Adopt the calendar")
    proposal = form(ben)
    expect(field(proposal, "Title")).to_have_value("Adopt the calendar")
    field(proposal, "What is proposed, and why").fill("One calendar for all schools.")
    chooses(proposal, "Time to talk before voting opens", "Voting opens at once")
    field(proposal, "Quorum, in percent").fill("60")

    review = field(proposal, "Review it on")
    review.fill("2026-11-02")
    presses(proposal, "Propose")
    error = proposal.locator(".error", has_text="That day has passed already. Choose a later one.")
    expect(error).to_be_in_viewport(ratio=1)
    expect(review).to_be_focused()
    expect(review).to_have_attribute("aria-invalid", "true")
    expect(review).to_have_accessible_description(re.compile("That day has passed already"))
    expect(field(proposal, "Title")).to_have_value("Adopt the calendar")
    review.fill("2027-06-01")
    presses(proposal, "Propose")
    expect(form(ben)).to_have_count(0)
    expect(message(ben, "#1 Adopt the calendar")).to_contain_text("0 of 3 agencies heard (quorum 2)")

    presses(message(ben, "#1 Adopt the calendar"), "Agree")
    expect(message(cleo, "#1 Adopt the calendar")).to_contain_text("1 of 3 agencies heard")
    presses(message(cleo, "#1 Adopt the calendar"), "Block")
    expect(form(cleo)).to_contain_text("It stops the proposal until you lift it.")
    expect(field(form(cleo), "What would have to change?")).to_be_focused()
    field(form(cleo), "What would have to change?").fill("Our exams come first.")
    presses(form(cleo), "Block")
    expect(form(cleo)).to_have_count(0)
    presses(message(finn, "#1 Adopt the calendar"), "With reservations")
    field(form(finn), "Your reason").fill("Who tells the bus drivers?")
    presses(form(finn), "Agree with reservations")

    for window in (ben, cleo, finn):
        shown = message(window, "#1 Adopt the calendar")
        expect(shown).to_contain_text("3 of 3 agencies heard (quorum 2) · 1 agrees · 1 with reservations · 1 blocks")
        expect(shown).to_contain_text("Block, Birch Schools: “Our exams come first.”")

    presses(ben, "+ 1 week")
    presses(ben, "+ 1 hour")
    verdict = message(finn, "#1 Adopt the calendar")
    expect(verdict).to_contain_text("because a block stands")
    expect(verdict.get_by_role("button", name="Agree")).to_have_count(0)
    expect(ben.locator(".clock-now")).to_contain_text("Mon 7 Dec 2026")
