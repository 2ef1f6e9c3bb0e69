"""Where much happens the page stays live, and leaves in peace whoever types."""

import threading
import time

from playwright.sync_api import expect

MESSAGES, A_SECOND = 200, 50


def change(world, messages, enough: threading.Event) -> None:
    """Change one message after the other, fifty times a second, each at least once.

    Slack lets no app change so much for long; the page has to bear it all the same.
    """
    begun, number = time.monotonic(), 0
    while number < len(messages) or not enough.is_set():
        message = messages[number % len(messages)]
        message.body["text"] = f"Change {number}"
        world.messages.save(message)
        world.feed.notify()
        number += 1
        time.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))


def test_the_page_stays_live_with_200_messages_and_50_changes_a_second(town, windows):
    world = town.sandbox.world
    council = next(one["id"] for one in town.sandbox.channels() if one["name"] == "council")
    messages = [world.post_as_bot(council, {"text": f"News {n}"}) for n in range(MESSAGES)]
    ben = windows.of(town, "ben")
    shown, text = ben.locator("article"), ben.locator("#text")
    expect(shown).to_have_count(MESSAGES)
    ben.evaluate("window.loadedOnce = true")
    enough = threading.Event()
    worker = threading.Thread(target=change, args=(world, messages, enough))
    worker.start()
    try:
        expect(shown.first).to_contain_text("Change")
        words = "What somebody types while the others are busy stays as it is."
        text.press_sequentially(words)
        expect(text).to_have_value(words)
        expect(text).to_be_focused()
    finally:
        enough.set()
        worker.join()
    expect(shown.last).to_contain_text(messages[-1].body["text"])
    text.press("Enter")
    expect(shown.last).to_contain_text(words)
    assert ben.evaluate("window.loadedOnce"), "nothing was loaded anew"
