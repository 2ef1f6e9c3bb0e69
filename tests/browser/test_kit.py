"""What apps draw, used with a keyboard: menus to type in, chips, an editor, buttons that wait."""

import re
from contextlib import nullcontext

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.windows import NARROW, WIDE, form, goes, presses
from tests.sandbox import gallery
from tests.sandbox.block_builders import button, modal, plain
from tests.sandbox.conftest import Echo, driving, over_http

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
CHOSEN = ("selected_option", "selected_user", "selected_options", "selected_date")


@pytest.fixture
def slack():
    """Open a sandbox with an app behind it that acknowledges everything and notes what was done."""
    with driving() as driver:
        echo = Echo(driver)
        driver.done = []

        @echo.app.action(re.compile("."))
        def note(ack, body):
            driver.done.append(body["actions"][0])
            ack()

        @echo.app.options(re.compile("."))
        def offer(ack, body):
            ack(options=[gallery.option(f"{body['value']} {word}") for word in ("alpha", "beta")])

        driver.echo = echo
        with over_http(driver, echo.app):
            driver.api("conversations.join", channel=driver.channel())
            yield driver


def posted(slack, *blocks):
    sent = slack.api("chat.postMessage", channel=slack.channel(), text="All", blocks=blocks)
    assert sent["ok"], sent
    return sent["ts"]


def opened(slack, view):
    answer = slack.api("views.open", trigger_id=slack.trigger(), view=view)
    assert answer["ok"], answer
    return answer["view"]["id"]


def menu(page, label):
    return page.get_by_role("combobox", name=label, exact=True)


def told(slack):
    """Give what the app heard last: the action, and what was chosen."""
    action = slack.done[-1]
    return action["action_id"], next(action[name] for name in CHOSEN if name in action)


def test_menus_are_used_by_typing(slack, windows):
    posted(slack, {"type": "actions", "block_id": "menus", "elements": gallery.named(gallery.MENUS, "m")})
    ana = windows.of(slack, "ana", "general")
    school, book, person = menu(ana, "Pick a school"), menu(ana, "Find a book"), menu(ana, "Pick a person")

    school.press("ArrowDown")
    expect(school).to_have_attribute("aria-expanded", "true")
    school.press("Escape")
    expect(school).to_have_attribute("aria-expanded", "false")
    school.press_sequentially("edou")
    expect(ana.get_by_role("option")).to_have_count(1)
    school.press("Enter")
    expect(school).to_have_value("Édouard")

    book.press_sequentially("tree")
    expect(ana.get_by_role("option")).to_have_text(["tree alpha", "tree beta"])
    book.press("ArrowDown")
    book.press("Enter")
    expect(book).to_have_value("tree beta")

    person.press_sequentially("cleo")
    person.press("Enter")
    expect(person).to_have_value("Cleo Marchetti")
    expect(ana.locator("[aria-busy=true]")).to_have_count(0)
    assert [action["action_id"] for action in slack.done] == ["m0", "m1", "m2"]
    assert told(slack) == ("m2", slack.user("cleo"))
    assert slack.done[1]["selected_option"]["value"] == "tree beta"


def test_several_choices_are_chips_and_outlive_a_new_look(slack, windows):
    block = {"type": "actions", "block_id": "many", "elements": gallery.named(gallery.MANY, "n")}
    ts = posted(slack, block)
    ana = windows.of(slack, "ana", "general")
    schools = menu(ana, "Pick schools")
    for word in ("elm", "oak", "birch"):
        schools.press_sequentially(word)
        schools.press("Enter")
    chips = ana.locator(".chip")
    expect(chips).to_have_text(["Elm✕", "Oak✕"])
    expect(ana.get_by_text("You can choose up to 2.")).to_be_visible()

    schools.fill("bi")
    changed = [{"type": "header", "text": plain("Changed")}, block]
    slack.api("chat.update", channel=slack.channel(), ts=ts, text="All", blocks=changed)
    expect(ana.get_by_role("heading", name="Changed")).to_be_visible()
    expect(schools).to_be_focused()
    expect(schools).to_have_value("bi")
    expect(ana.get_by_role("option")).to_have_text(["Birch"])
    expect(chips).to_have_text(["Elm✕", "Oak✕"])

    presses(ana, "Remove Elm")
    expect(chips).to_have_text(["Oak✕"])
    expect(ana.locator("[aria-busy=true]")).to_have_count(0)
    action, options = told(slack)
    assert (action, [option["value"] for option in options]) == ("n0", ["oak"])


def test_a_choice_that_is_not_confirmed_is_given_back(slack, windows):
    pick = {"type": "static_select", "action_id": "s", "options": gallery.ONE_TWO, "placeholder": plain("Pick")}
    pick |= {"initial_option": gallery.ONE_TWO[0], "confirm": gallery.CONFIRM}
    posted(slack, {"type": "actions", "elements": [pick]})
    ana = windows.of(slack, "ana", "general")
    box = menu(ana, "Pick")
    for answer, holds in (("Back", "One"), ("Block it", "Two")):
        box.focus()
        box.press_sequentially("two")
        box.press("Enter")
        # what was confirmed is told a moment after the question is gone
        with ana.expect_response("**/sandbox/act") if holds == "Two" else nullcontext():
            presses(ana.locator("#confirm"), answer)
        expect(box).to_have_value(holds)
    assert len(slack.done) == 1


def test_rich_text_is_written_with_a_keyboard_and_given_back_as_it_came(slack, windows):
    first = {"type": "rich_text_input", "initial_value": gallery.RICH}
    opened(slack, modal(*gallery.asks([first, {"type": "rich_text_input"}], "r")))
    ana = windows.of(slack, "ana", "general")
    words = form(ana).get_by_role("textbox", name="Rich text input").last
    words.click()
    keys = ana.keyboard
    for typed, key in (
        ("Hello ", "Control+b"),
        ("bold", "Control+b"),
        (" ", "Control+Shift+C"),
        ("x=1", "Control+Shift+C"),
        (" end", "Enter"),
        ("see ", "Control+k"),
        ("schools.example", "Enter"),
        ("", "Enter"),
        ("- one", "Enter"),
        ("two", "Tab"),
    ):
        keys.type(typed)
        keys.press(key)
    presses(form(ana), "Send")
    expect(form(ana)).to_have_count(0)
    heard = [one for one in slack.echo.heard if one["type"] == "view_submission"][-1]["view"]["state"]["values"]
    assert heard["r0"]["r0"]["rich_text_value"] == gallery.RICH
    section = gallery.section(
        gallery.words("Hello "),
        gallery.words("bold", bold=True),
        gallery.words(" "),
        gallery.words("x=1", code=True),
        gallery.words(" end\nsee "),
        {"type": "link", "url": "https://schools.example", "text": "schools.example"},
    )
    written = [section, gallery.items("bullet", "one", "two", indent=0)]
    assert heard["r1"]["r1"]["rich_text_value"]["elements"] == written


def test_a_press_that_nobody_answers_is_said_beside_it(slack, windows):
    posted(slack, {"type": "actions", "elements": [button()]})
    slack.sandbox.deliver_to("http://127.0.0.1:9/nobody")
    ana = windows.of(slack, "ana", "general")
    presses(ana, "Press")
    expect(ana.locator("article").get_by_role("alert")).to_have_text("The app did not answer. Is it running?")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(NARROW, "dark", id="narrow and dark"),
        pytest.param(WIDE, "light", id="wide", marks=pytest.mark.more),
    ],
)
def test_everything_there_is_can_be_read_and_used_by_everybody(slack, windows, size, scheme):
    posted(slack, *gallery.MESSAGE)
    slack.api("views.publish", user_id=slack.user(), view=gallery.HOME)
    ana = windows.page(viewport=size, color_scheme=scheme)
    for place in ({"room": "general"}, {"room": "@ana", "tab": "home"}):
        goes(ana, slack, "ana", **place)
        expect(ana.get_by_role("heading", name="Everything there is").first).to_be_visible()
        assert not Axe().run(ana, options=RULES).response["violations"]
    opened(slack, gallery.MODAL)
    menu(form(ana), "Multi static select (optional)").fill("e")
    expect(ana.get_by_role("option").first).to_be_visible()
    assert not Axe().run(ana, options=RULES).response["violations"]


def test_on_a_phone_messages_have_all_the_width_and_are_answered_from_their_menu(slack, windows):
    words = "Somebody has written enough here to fill more than one line of a phone."
    for _ in range(2):
        posted(slack, {"type": "section", "text": plain(words)})
    ana = windows.of(slack, "ana", "general", viewport=NARROW)
    for said in ana.locator("article .body").all():
        box = said.bounding_box()
        assert box["x"] + box["width"] >= NARROW["width"] - 12
    last = ana.locator("article").last
    last.get_by_label("More actions for the message").click()
    last.get_by_role("link", name="Reply in a thread").click()
    expect(ana.get_by_label("Reply", exact=True)).to_be_focused()
    expect(ana.locator("details.menu[open]")).to_have_count(0)
