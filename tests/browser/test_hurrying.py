"""People who type faster than answers arrive: nothing is lost, and nothing is sent twice."""

from playwright.sync_api import expect

from tests.browser.windows import field, form, message, says

ADDING = """async (button) => {
    button.focus();
    for (; button.isConnected; await new Promise((next) => setTimeout(next))) button.click();
}"""


def test_text_typed_before_an_answer_arrives_is_neither_lost_nor_sent_out_of_order(town, windows):
    ana = windows.of(town, "ana")
    ana.locator("#text").click()
    for words in ("/consortium who", "Good morning", "/consortium hilfe"):
        ana.keyboard.type(words)
        ana.keyboard.press("Enter")
    ana.keyboard.type("More to come")
    expect(message(ana, "“hilfe”")).to_be_visible()
    expect(ana.locator("#text")).to_have_value("More to come")
    texts = ana.locator('[data-part="messages"] article').all_inner_texts()
    places = [
        next(n for n, text in enumerate(texts) if part in text) for part in ("Elm Schools", "Good morning", "“hilfe”")
    ]
    assert places == sorted(places)


def test_a_command_that_failed_returns_to_the_input_to_be_corrected(town, windows):
    ana = windows.of(town, "ana")
    ana.locator("#text").fill("/consortia who")
    ana.locator("#text").press("Enter")
    expect(ana.locator(".toasts")).to_contain_text("/consortia is not a valid command")
    expect(ana.locator("#text")).to_have_value("/consortia who")
    # the arrow key finds it again after the input was cleared
    ana.locator("#text").fill("")
    ana.locator("#text").press("ArrowUp")
    expect(ana.locator("#text")).to_have_value("/consortia who")
    windows.complaints.clear()


def test_a_form_whose_button_is_pressed_repeatedly_is_sent_once(town, windows):
    ana = windows.of(town, "ana")
    says(ana, "/consortium agency add")
    field(form(ana), "Name of the agency").fill("Lake Schools")
    form(ana).get_by_role("button", name="Add", exact=True).evaluate(ADDING)
    expect(message(ana, "Lake Schools")).to_contain_text("Only visible to you")
    sent = [call for call in town.sandbox.traffic() if "view_submission" in str(call["body"])]
    assert len(sent) == 1
