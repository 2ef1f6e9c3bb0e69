"""What people see of tasks: within Slack's limits, whatever was typed."""

import json
from datetime import UTC, date, datetime

import pytest

from handlers.kit import block_kit
from handlers.kit.lists import fetch_page
from handlers.tasks import rules, shortcuts, views
from handlers.tasks.news import Deed
from handlers.tasks.views import TaskLine
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import MemberId, TaskState

TODAY = date(2026, 12, 1)
LINK = "https://northern-valleys.slack.com/archives/C012345/p1796680805086471?thread_ts=1796680805.086471&cid=C012345"


def task(number=1, **facts):
    known = {"title": "Draft the MOU", "source": "", "source_link": None, "hours": None, "due_on": None}
    made = {"number": number, "state": TaskState.OPEN, "owner_id": None, "created_at": datetime.now(UTC)}
    return Task(**{**known, **made, **facts})


def worst(number):
    text = "&<>\"'"
    facts = {"title": text * 40, "source": text * 30, "source_link": LINK.ljust(rules.LINK, "x"), "hours": 12.25}
    effect = rules.load_effect(1234.75, 1000, 12.25, due_later=False)
    names = {"owner": "", "offered_to": text * 16, "former": text * 16}
    return TaskLine(
        task(number, due_on=TODAY, **facts), **names, mine=False, asked=True, may_change=True, effect=effect
    )


def test_a_page_of_the_longest_tasks_fits_into_one_message():
    page = fetch_page(5000, 250, lambda first, most: [worst(999_000 + first + n) for n in range(most)])
    blocks = views.task_list(page, "mine", TODAY)
    body = block_kit.message("All open tasks.", blocks)
    assert "Page 251 of 500" in json.dumps(body)
    assert json.dumps(body).count('"task.take"') == 10


def test_a_page_number_beyond_the_end_gives_the_last_page():
    page = fetch_page(21, 7, lambda first, most: list(range(first, min(21, first + most))))
    assert (page.items, page.number, page.last, page.total) == ([20], 2, 2, 21)
    assert fetch_page(0, 3, lambda _first, _most: []).number == 0


@pytest.mark.parametrize(
    ("today", "said"),
    [
        pytest.param(date(2026, 12, 2), "is due in 2 days, Fri, Dec 4, 2026", id="two days before"),
        pytest.param(date(2026, 12, 3), "is due tomorrow, Fri, Dec 4, 2026", id="the day before"),
        pytest.param(date(2026, 12, 4), "is due today, Fri, Dec 4, 2026", id="on the day"),
        pytest.param(date(2026, 12, 5), "was due Fri, Dec 4, 2026, yesterday. Is it done", id="the day after"),
        pytest.param(date(2026, 12, 11), "was due Fri, Dec 4, 2026, 7 days ago. Is it done", id="a week after"),
    ],
)
def test_a_reminder_says_how_much_time_is_left(today, said):
    due_on = date(2026, 12, 4)
    piece = views.reminder_notice([task(due_on=due_on, hours=6.0)], today, {})
    text = piece.blocks[0].to_dict()["text"]["text"]
    assert f"*#1 Draft the MOU* {said}" in text
    assert text.endswith("\nAbout 6 h")


def worst_tasks(count=40):
    """Tasks that somebody left and others were asked to take, with the longest names."""
    facts = {"title": "&" * 300, "source": "&" * 150, "source_link": LINK.ljust(rules.LINK, "x"), "due_on": TODAY}
    return [
        task(n, **facts, offered_to=MemberId(7), former_owner_id=MemberId(8)) for n in range(999_000, 999_000 + count)
    ]


NAMES = {MemberId(7): "&" * 160, MemberId(8): "<" * 160}


@pytest.mark.parametrize(
    "render",
    [
        pytest.param(lambda: views.reminder_notice(worst_tasks(), TODAY, NAMES), id="a reminder"),
        pytest.param(
            lambda: views.unowned_notice(worst_tasks(), TODAY, NAMES, MemberId(1)), id="tasks that nobody has"
        ),
        pytest.param(
            lambda: views.news_notice([(one, Deed.DECLINED, "&" * 160) for one in worst_tasks()], MemberId(1), NAMES),
            id="news",
        ),
        pytest.param(
            lambda: views.left_tasks_notice(Member(id=8, name="&" * 160), worst_tasks(), TODAY, NAMES), id="left tasks"
        ),
    ],
)
def test_a_list_of_many_tasks_fits_into_one_message_and_says_how_many_it_leaves_out(render):
    piece = render()
    assert "30 more" in json.dumps(block_kit.message(piece.text, piece.blocks))


def test_a_reminder_of_several_tasks_lists_what_is_due_soon_before_what_is_late():
    late, soon = task(1, due_on=date(2026, 11, 20)), task(2, due_on=date(2026, 12, 2))
    piece = views.reminder_notice([late, soon], TODAY, {})
    assert piece.text == "Your tasks: 1 due soon and 1 late."
    first, second = (block.to_dict()["text"]["text"] for block in piece.blocks[1:3])
    assert first == "*#2 Draft the MOU* is due tomorrow, Wed, Dec 2, 2026."
    assert second == "*#1 Draft the MOU* was due Fri, Nov 20, 2026, 11 days ago."


def test_tasks_that_nobody_has_are_the_readers_only_where_the_reader_added_all_of_them():
    ben, ana = MemberId(1), MemberId(2)
    bens, anas = task(1, created_by=ben, due_on=TODAY), task(2, created_by=ana, due_on=TODAY)
    assert views.unowned_notice([bens, bens], TODAY, {}, ben).text == "Nobody has 2 of the tasks that you added."
    assert views.unowned_notice([bens, anas], TODAY, {}, ben).text == "2 tasks have no owner."


def test_news_is_worded_as_things_are_when_it_is_sent():
    taken = task(2, owner_id=MemberId(7))
    piece = views.news_notice([(taken, Deed.DECLINED, "Ben <Ortiz>")], MemberId(1), {MemberId(7): "Cleo"})
    assert [block.to_dict()["text"]["text"] for block in piece.blocks[:1]] == [
        "Ben &lt;Ortiz&gt; declined *#2 Draft the MOU*. Cleo has it."
    ]
    own = views.news_notice([(taken, Deed.DECLINED, "Ben")], MemberId(7), {MemberId(7): "Cleo"})
    assert own.blocks[0].to_dict()["text"]["text"] == "Ben declined *#2 Draft the MOU*. You still have it."
    gone = views.news_notice([(task(4, former_owner_id=MemberId(7)), Deed.TAKEN, "Cleo")], MemberId(1), {})
    assert gone.blocks[0].to_dict()["text"]["text"] == (
        "Cleo took *#4 Draft the MOU*. It has no owner now and stays on the `/task` list."
    )
    moved = task(5, due_on=date(2026, 12, 18), hours=6.0)
    piece = views.news_notice([(moved, Deed.DUE, "Ben")], MemberId(1), {})
    assert piece.blocks[0].to_dict()["text"]["text"] == ("Ben: *#5 Draft the MOU* is due Fri, Dec 18, 2026.\nAbout 6 h")
    done = task(3, state=TaskState.DONE)
    piece = views.news_notice([(done, Deed.UNANSWERED, "Ben"), (done, Deed.DONE, "Ana")], MemberId(1), {})
    assert piece.text == "News of 1 task. Ben has left without saying whether they can take #3 Draft the MOU."
    assert "task.give" not in json.dumps([block.to_dict() for block in piece.blocks])


@pytest.mark.parametrize(
    ("link", "drawn"),
    [
        pytest.param(LINK, f"from <{LINK.replace('&', '&amp;')}|a/b>", id="a link"),
        pytest.param("javascript:alert(1)", "from a|b", id="something else"),
        pytest.param("https://x.example/><!channel>", "from a|b", id="an address that would break out"),
        pytest.param(None, "from a|b", id="none"),
    ],
)
def test_a_source_is_a_link_only_if_its_address_is_safe(link, drawn):
    assert views.details(task(source="a|b", source_link=link)) == [drawn]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("Ask <@U1|Ben> or <@U2>", "Ask Ben or somebody", id="mentions"),
        pytest.param("See <#C1> and <#C2|council>", "See a channel and #council", id="channels"),
        pytest.param("<!here> at <!date^1^{date}|noon>", "@here at noon", id="dates and broadcasts"),
        pytest.param(
            "Read <https://a.example/b|this> &amp; more\n\n  soon", "Read this & more soon", id="links, lines"
        ),
        pytest.param("=HYPERLINK(1)", "=HYPERLINK(1)", id="a formula"),
        pytest.param("x" * 5000, "x" * 199 + "…", id="endless"),
        pytest.param("", "", id="only a picture"),
    ],
)
def test_a_messages_text_becomes_a_title(text, title):
    assert shortcuts.message_title(text) == title
