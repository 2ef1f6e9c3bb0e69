"""Actions in one window appear in the other, except private answers."""

from playwright.sync_api import expect

from tests.browser.windows import message, presses, says


def test_two_windows_are_live_and_private_answers_stay_private(town, windows):
    town.proposes("Adopt the calendar")
    ben, cleo = windows.of(town, "ben"), windows.of(town, "cleo")
    for page in (ben, cleo):
        page.evaluate("window.loadedOnce = true")

    says(ben, "Shall we decide before Friday?")
    expect(message(cleo, "Shall we decide before Friday?")).to_contain_text("Ben Ortiz")
    presses(message(cleo, "#1 Adopt the calendar"), "Agree")
    expect(message(cleo, "Noted on #1 for Birch Schools")).to_contain_text("Only visible to you")
    expect(message(ben, "#1 Adopt the calendar")).to_contain_text("1 of 3 agencies heard")
    assert "Noted on #1" not in ben.content()

    message(cleo, "Shall we decide").hover()
    message(cleo, "Shall we decide").get_by_role("link", name="Reply in a thread").click()
    cleo.get_by_label("Reply", exact=True).fill("Thursday suits us.")
    cleo.get_by_label("Reply", exact=True).press("Enter")
    message(ben, "Shall we decide").get_by_role("link", name="1 reply", exact=True).click()
    expect(ben.get_by_role("log", name="Replies")).to_contain_text("Thursday suits us.")
    for page in (ben, cleo):
        assert page.evaluate("window.loadedOnce"), "the page was not reloaded"


def test_two_people_side_by_side_see_only_their_own_private_answers(town, windows):
    town.proposes("Adopt the calendar")
    ben = windows.of(town, "ben")
    ben.locator("#acting > summary").click()
    ben.get_by_role("link", name="Side by side with Cleo Marchetti").click()
    left, right = (ben.frame_locator(f"#frame-{side}") for side in ("left", "right"))
    expect(left.locator("#acting")).to_contain_text("Ben Ortiz")
    expect(right.locator("#acting")).to_contain_text("Cleo Marchetti")
    for frame in ben.frames:
        frame.wait_for_load_state()

    right.locator("article", has_text="#1 Adopt the calendar").get_by_role("button", name="Block").click()
    right.get_by_label("What would have to change?").fill("Our exams come first.")
    right.get_by_role("dialog").get_by_role("button", name="Block", exact=True).click()
    expect(right.locator("article", has_text="Noted on #1 for Birch Schools")).to_contain_text("Only visible to you")
    expect(left.locator("article", has_text="#1 Adopt the calendar")).to_contain_text("Our exams come first.")
    expect(left.locator("article", has_text="Noted on #1")).to_have_count(0)

    ben.get_by_label("Who is on the right").select_option(label="Finn Abernathy")
    expect(right.locator("#acting")).to_contain_text("Finn Abernathy")
    expect(right.locator("article", has_text="Noted on #1")).to_have_count(0)
    expect(ben).to_have_title("Ben Ortiz and Finn Abernathy")


def test_a_press_counts_even_if_the_message_is_updated_during_it(town, windows):
    town.proposes("Adopt the calendar")
    ben, cleo = windows.of(town, "ben"), windows.of(town, "cleo")
    message(ben, "#1 Adopt the calendar").get_by_role("button", name="Agree", exact=True).hover()
    ben.mouse.down()
    presses(message(cleo, "#1 Adopt the calendar"), "Agree")
    expect(message(cleo, "#1 Adopt the calendar")).to_contain_text("1 of 3 agencies heard")
    ben.mouse.up()
    expect(message(ben, "#1 Adopt the calendar")).to_contain_text("2 of 3 agencies heard")
