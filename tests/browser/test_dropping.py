"""Files that people attach to a message or drop on it."""

from playwright.sync_api import expect

from tests.browser.windows import message, taken

TABLE = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"agency,name\nPine Hill,Hana Okafor"}
DROP = """(form) => {
    const data = new DataTransfer();
    data.items.add(new File(["BEGIN:VCALENDAR"], "elm.ics"));
    form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def test_a_table_is_attached_in_the_direct_messages_and_previewed(town, windows):
    ana = windows.of(town, "ana", "@ana")
    room = ana.locator(".room")
    room.get_by_label("Attach files").set_input_files(TABLE)
    expect(room.locator(".attached")).to_contain_text("people.csv")
    ana.get_by_role("button", name="Send", exact=True).click()
    expect(room.locator(".attached")).to_be_hidden()
    taken(ana)
    expect(ana.locator(".file-name").filter(has_text="people.csv")).to_be_visible()
    expect(message(ana, "Preview of “people.csv”")).to_be_visible()


def test_a_dropped_file_can_be_removed_and_goes_with_no_command(town, windows):
    ben = windows.of(town, "ben", "@ben")
    composer = ben.locator(".room .composer")
    composer.evaluate(DROP)
    expect(composer.locator(".attached")).to_contain_text("elm.ics")
    composer.get_by_role("button", name="Remove the files").click()
    expect(composer.locator(".attached")).to_be_hidden()
    composer.evaluate(DROP)
    ben.locator("#text").fill("/consortium who")
    ben.locator("#text").press("Enter")
    expect(ben.locator(".toasts")).to_contain_text("Commands take no files.")
    expect(ben.locator("#text")).to_have_value("/consortium who")
    expect(composer.locator(".attached")).to_contain_text("elm.ics")
    ben.locator("#text").fill("")
    ben.locator("#text").press("Enter")
    expect(message(ben, "I am reading the calendar “elm.ics” for Elm Schools now")).to_be_visible()
    taken(ben)
