"""The decision log as members read, search and page it."""

from tests.town import text_of


def decide(town, *titles):
    """Let all agencies agree to proposals with these titles, and close them."""
    for title in titles:
        number = town.types("ana", f'/propose now "{title}"').split(" ")[0].removeprefix("#")
        for user in ("ben", "cleo", "finn"):
            town.types(user, f"/vote {number} agree")
        town.types("ana", f"/propose close {number}")
    town.settle()


def test_the_decision_log_is_searched_and_read(town):
    decide(town, "Adopt the calendar", "Share the van")
    said = town.types("ben", "/consortium decisions")
    assert "*Decision log* · 2 entries, newest first" in said
    assert said.index("Share the van") < said.index("Adopt the calendar")
    assert "Adopt the calendar" not in town.types("ben", "/consortium decisions van")
    assert "nothing with “zebra” in the decision log" in town.types("ben", "/consortium decisions zebra")
    assert "is for members of the consortium" in town.types("dov", "/consortium decisions")


def test_the_log_finds_what_it_prints(town, subtests):
    decide(town, "Share the van")
    number = town.types("ana", '/propose now "Adopt the calendar"').split(" ")[0].removeprefix("#")
    town.types("ben", f"/vote {number} reservations buses are late in winter")
    for user in ("cleo", "finn"):
        town.types(user, f"/vote {number} agree")
    town.types("ana", f"/propose close {number}")
    town.settle()
    town.presses("cleo", "Adapted", town.message("Adopt the calendar"))
    town.fills("cleo", **{"How do you adapt it?": "From August only"})
    printed = town.types("ben", "/consortium decisions")
    assert "From August only" in printed
    for words in (
        "winter",
        "reservations Elm",
        f"#{number}",
        "August",
        "Birch adapted",
        "adopted",
        "Proposed by Ana",
        "Nov 30",
    ):
        with subtests.test(words):
            found = town.types("ben", f"/consortium decisions {words}")
            assert "Adopt the calendar" in found
            assert all(word.casefold() in printed.casefold() for word in words.split())
    assert "Share the van" not in town.types("ben", "/consortium decisions winter")


def test_an_open_proposal_is_not_in_the_log(town):
    town.proposes("Still open")
    assert "There is nothing in the decision log yet." in town.types("ben", "/consortium decisions")


def test_a_long_log_is_paged_with_the_words_that_were_searched_for(town):
    decide(town, *(f"Share van {number}" for number in range(1, 8)), "Adopt the calendar")
    assert "8 entries" in town.types("ben", "/consortium decisions")
    said = town.types("ben", "/consortium decisions van")
    assert "7 entries" in said
    assert "Share van 7" in said
    assert "Share van 2" not in said
    town.presses("ben", "Older", town.private_answer("ben"))
    older = town.private_answer("ben")
    assert "Share van 2" in text_of(older)
    assert "Adopt the calendar" not in text_of(older), "the search still holds"
    assert "[Older]" not in text_of(older)
    town.presses("ben", "Newer", older)
    assert "Share van 7" in text_of(town.private_answer("ben"))


def test_an_entry_opens_the_details_of_its_proposal(town):
    decide(town, "Adopt the calendar")
    town.types("ben", "/consortium decisions")
    shown = town.private_answer("ben")
    menu = next(e for b in shown["blocks"] for e in b.get("elements", []) if e.get("type") == "static_select")
    where = {"user": "ben", "view_id": shown["id"], "action_id": menu["action_id"]}
    assert town.call("act", **where, value="1")["ok"]
    town.settle()
    assert "Adopt the calendar" in text_of(town.views("ben")[-1])


def test_hostile_searches_find_nothing_and_break_nothing(town, subtests):
    decide(town, "Adopt the calendar")
    for words in ("%", "_", "<!channel>", "|1|", "x" * 2000, "שלום", "🎉"):
        with subtests.test(words[:10]):
            said = town.types("ben", f"/consortium decisions {words}")
            assert said.startswith("There is nothing with “")
