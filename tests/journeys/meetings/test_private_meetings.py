"""Meetings of a private channel, for those who have a part in them without being there, and when they leave it.

In the channel *board* are Cleo, who chairs, and Ben. Gus brings an item and is not in it; so does Ana, who facilitates.
Finn has no part in it, and Dov is an outsider.
"""

import pytest
from sqlalchemy import select

from handlers.meetings.agenda import NO_SUCH
from handlers.meetings.audience import OWN_PART
from storage.agendas import AgendaItem
from storage.meetings import Series
from storage.vocabulary import AgendaItemState
from tests.journeys.exports.test_exports import cells, exports
from tests.journeys.kit.test_visibility import everything_stored, home, sent
from tests.journeys.steps import flat, goes_to, makes_board, plans, posted, sends, submits, told
from tests.town import text_of

TITLE = "Layoffs"
OWN = "Severance"
HIDDEN = ("Who goes", "Cut pay", "Two schools close", "Ben Ortiz", "Cleo Marchetti", "90 min", "board")
WEEKLY = f'/meeting new "{TITLE}" 2026-12-07 13:00 for:90m every:week zone:America/Denver'

OWN_ACTIONS = {"meeting.add", "meeting.agenda", "meeting.off", "meeting.item submitted"}
"""The buttons and the form that work for those who bring an item; an item is removed only if it is their own."""


@pytest.fixture
def board(town):
    """A weekly meeting of *board* with an item of Ben, and an open proposal there."""
    makes_board(town, "cleo", "ben")
    plans(town, WEEKLY, "cleo", "board")
    assert "is on the agenda" in town.types("ben", '/meeting add "Who goes"', "board")
    assert town.types("ben", '/propose now "Cut pay" closes:20d', "board").startswith("#1")
    town.settle()
    return town


def brings(town, user, title=OWN):
    """Have Cleo put an item that somebody else brings on the next agenda. Return its id."""
    town.types("cleo", "/meeting add", "board")
    assert town.fills("cleo", title=title, who=user)["closed"]
    with town.bot.db.read() as session:
        return session.scalars(select(AgendaItem.id).order_by(AgendaItem.id.desc())).first()


def asks(town, user, command="/meeting", channel="council"):
    return flat(town.types(user, command, channel))


def presses(town, user, label, channel="council"):
    """Press a button of the last private answer."""
    return flat(town.presses(user, label, town.private_answer(user, channel), channel))


def tells_nothing_else(text):
    return not [word for word in HIDDEN if word in text]


# the own part ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["gus", "ana"])
def test_who_brings_an_item_from_outside_sees_when_the_meeting_is_and_that_item(board, user):
    brings(board, user)
    for text in (asks(board, user), presses(board, user, "My items")):
        assert f"*{TITLE}*\nMon, Dec 7, 2026, 1:00 PM" in text
        assert f"• {OWN}" in text
        assert tells_nothing_else(text), text
    assert "[Move]" not in asks(board, user)
    tab = home(board, user)
    assert TITLE in tab and tells_nothing_else(tab)
    with board.bot.db.read() as session:
        assert session.scalars(select(Series.channel)).one() not in tab
    assert TITLE not in asks(board, "finn")
    assert "is for members of the consortium" in sends(board, "dov", "meeting.agenda", "1")


@pytest.mark.parametrize("user", ["gus", "ana"])
def test_who_brings_an_item_from_outside_changes_and_reads_nothing_else(board, user):
    brings(board, user)
    goes_to(board, "2026-12-07T22:00:00Z")
    board.types("cleo", "/meeting minutes", "board")
    assert board.fills("cleo", agencies=["Elm Schools"], decisions="Two schools close")["closed"]
    board.settle("PT2H")
    before = everything_stored(board)
    for number in (1, 2):
        for action, answer in sent(board, user, number).items():
            assert tells_nothing_else(answer), (action, number, answer)
            if action not in OWN_ACTIONS:
                assert OWN_PART in answer or NO_SUCH in answer or "private channel that you are not in" in answer
    # the forms that the buttons opened are the only thing that is new
    assert everything_stored(board) == before
    assert "Two schools" not in asks(board, user, "/consortium decisions")
    for cell in (TITLE, "Two schools", "Who goes", OWN):
        assert cell not in str(cells(exports(board, user))), cell
    assert "Two schools" in str(cells(exports(board, "cleo")))


def test_who_brings_an_item_from_outside_adds_and_removes_their_own(board):
    item = brings(board, "gus")
    asks(board, "gus")
    form = presses(board, "gus", "Add an item")
    assert "Who brings it" not in form
    assert board.fills("gus", title="Notice periods", length="15")["closed"]
    assert "• Notice periods (15 min)" in asks(board, "gus")
    assert NO_SUCH in sends(board, "gus", "meeting.off", str(item - 1)), "it is Ben's"
    assert f"“{OWN}” is off the agenda of *{TITLE}*" in sends(board, "gus", "meeting.off", str(item))
    assert OWN not in asks(board, "gus")
    with board.bot.db.read() as session:
        titles = select(AgendaItem.title).where(AgendaItem.state == AgendaItemState.OPEN)
        assert sorted(session.scalars(titles)) == ["Notice periods", "Who goes"]


def test_adding_an_own_item_from_outside_tells_nothing_about_the_others(board):
    brings(board, "gus")
    answer = submits(board, "gus", "meeting.item", {"meeting": 1}, {"title": "Who goes"})
    assert "already on the agenda" not in answer
    assert "already on the agenda" in submits(board, "gus", "meeting.item", {"meeting": 1}, {"title": OWN})
    assert "takes 1 to" in submits(board, "gus", "meeting.item", {"meeting": 1}, {"title": "Long", "length": "900m"})
    for number in range(30):
        board.types("ben", f'/meeting add "Item {number}"', "board")
    answer = submits(board, "gus", "meeting.item", {"meeting": 1}, {"title": "One more"})
    assert "takes no more items" in answer and "30" not in answer


def test_a_form_left_open_does_not_let_those_who_left_the_channel_bring_others_in(board):
    board.call("channels", channel="board", join=["gus"])
    board.types("gus", f'/meeting add "{OWN}"', "board")
    board.types("gus", "/meeting add", "board")
    board.call("channels", channel="board", leave=["gus"])
    board.bot.surface.deps.directory._cache.clear()
    assert board.fills("gus", title="For Finn", who="finn")["errors"]["who"].startswith("You are not in the private")
    assert TITLE not in asks(board, "finn")


def test_who_brings_an_item_is_reminded_and_told_of_changes_without_the_rest(board):
    brings(board, "gus")
    board.types("cleo", "/meeting move 2026-12-08 11:00", "board")
    presses(board, "cleo", "Move only this one", "board")
    board.settle("PT3H")
    moved = f"*{TITLE}*, to which you bring an item, is moved from Mon, Dec 7, 2026, 1:00 PM to Tue, Dec 8, 2026"
    assert told(board, "gus", moved)
    goes_to(board, "2026-12-08T16:45:05Z")
    assert told(board, "gus", f"*{TITLE}* begins Tue, Dec 8, 2026, 10:00 AM.\nYou bring “{OWN}”.")
    assert tells_nothing_else(" ".join(told(board, "gus")))
    with board.bot.db.read() as session:
        assert session.scalars(select(Series.channel)).one() not in " ".join(told(board, "gus"))


@pytest.mark.parametrize(
    ("label", "news"),
    [("Cancel only this one", f"*{TITLE}*, Mon, Dec 7, 2026, 1:00 PM, is"), ("Cancel this and all", f"*{TITLE}* is")],
)
def test_who_brings_an_item_is_told_that_the_meeting_is_canceled(board, label, news):
    brings(board, "gus")
    board.types("cleo", "/meeting cancel", "board")
    presses(board, "cleo", label if "only" in label else "Cancel this and all later ones", "board")
    board.settle("PT3H")
    assert told(board, "gus", f"{news} canceled. What you bring to it goes to a later meeting.")
    assert tells_nothing_else(" ".join(told(board, "gus")))


def test_a_series_that_becomes_private_shows_those_who_bring_an_item_only_their_part(board):
    plans(board, '/meeting new "Council" 2026-12-10 14:00', "ben")
    for user, item in (("gus", OWN), ("finn", "Who goes")):
        board.types(user, f'/meeting add "{item}"')
    board.types("ben", "/meeting", "council")
    presses(board, "ben", "Change")
    assert board.fills("ben", title="Cuts", channel="board")["closed"]
    said = text_of(board.private_answer("ben"))
    assert "Whoever brings an item still sees when that meeting is, and their own items" in said
    assert "Finn Abernathy and Gus Whitehorse" in said
    assert f"• {OWN}" in asks(board, "gus")
    assert "Who goes" not in asks(board, "gus")


# open proposals ----------------------------------------------------------------------------------------


def test_an_agenda_that_a_chair_outside_the_channel_reads_has_no_private_proposals(board):
    assert "Cut pay" in asks(board, "cleo", "/meeting agenda", "board")
    board.call("channels", channel="board", leave=["cleo"])
    board.bot.surface.deps.directory._cache.clear()
    text = sends(board, "cleo", "meeting.agenda", "1")
    assert "Who goes" in text, "the chair sees the whole agenda"
    assert "Cut pay" not in text


def test_the_list_of_a_private_channel_still_shows_its_meetings_after_a_press_until_the_reader_leaves(board):
    assert TITLE in asks(board, "ben", "/meeting", "board")
    board.presses_in_form("ben", "Add an item")
    assert board.fills("ben", title="Notice periods")["closed"]
    shown = flat(text_of(board.private_answer("ben", "board")))
    assert f"“Notice periods” is on the agenda of *{TITLE}*" in shown
    assert shown.index("is on the agenda") < shown.index("2. Notice periods (Ben Ortiz)")
    board.presses_in_form("ben", "Add an item")
    board.call("channels", channel="board", leave=["ben"])
    board.bot.surface.deps.directory._cache.clear()
    assert "2. Notice periods" not in str(board.fills("ben", title="Severance"))
    assert TITLE not in asks(board, "finn")


def test_a_chair_outside_the_channel_publishes_from_the_agenda_once_and_it_is_shown_again(board):
    board.call("channels", channel="board", leave=["cleo"])
    asks(board, "cleo", "/meeting")
    presses(board, "cleo", "Agenda")
    board.bot.surface.deps.directory._cache.clear()
    shown = flat(board.presses_in_form("cleo", "Publish now"))
    assert f"The agenda of *{TITLE}*" in shown and "is on its way to the channel" in shown
    assert "1. Who goes" in shown and "Cut pay" not in shown and "[Publish now]" not in shown
    board.settle()
    agendas = [m for m in board.messages("ben", "board") if "*Agenda*" in text_of(m) and not m.get("ephemeral")]
    assert len(agendas) == 1


def test_the_agenda_of_a_public_meeting_has_no_private_proposals(board):
    # the channel has become public since the proposal was made, as Slack allows
    board.sandbox.world.directory.conversations[board_id(board)].private = False
    board.bot.surface.deps.directory._cache.clear()
    plans(board, '/meeting new "Open board" 2026-12-10 14:00', "ben", "board")
    board.types("ben", '/propose now "Open the books" closes:20d', "board")
    goes_to(board, "2026-12-09T22:00:05Z")
    agenda = posted(board, "*Agenda* · *Open board*", "board")[-1]
    assert "Open the books" in agenda
    assert "Cut pay" not in agenda


def board_id(town):
    return next(c["id"] for c in town.http.get("/sandbox/channels").json()["channels"] if c["name"] == "board")


# moving to a public channel ----------------------------------------------------------------------------


def test_moving_a_private_series_to_a_public_channel_says_what_that_means_and_tells_the_channel(board):
    asks(board, "cleo", "/meeting", "board")
    presses(board, "cleo", "Change", "board")
    hints = str(board.views("cleo")[-1])
    assert "In a public channel, everyone can see its title, times, and agenda from then on." in hints
    assert board.fills("cleo", title="Council", channel="council")["closed"]
    said = text_of(board.private_answer("cleo", "board"))
    assert "From now on, everyone can see its title, times, and agenda." in said
    (news,) = [text_of(m) for m in board.messages("ben", "board") if "has moved" in text_of(m)]
    assert news.startswith(f"Cleo Marchetti has moved *{TITLE}* to <#C")
    assert news.endswith("It meets there from now on.")
    assert TITLE not in str(board.messages("gus")) + str(board.direct("gus"))


def test_moving_a_private_series_to_another_private_channel_does_not_name_that_one(board):
    made = board.call("channels", name="inner", private=True, members=["cleo", "dov"], bot=True)
    assert made["ok"], made
    asks(board, "cleo", "/meeting", "board")
    presses(board, "cleo", "Change", "board")
    assert board.fills("cleo", title="Even more", channel="inner")["closed"]
    assert "everyone can see" not in text_of(board.private_answer("cleo", "board"))
    (news,) = [text_of(m) for m in board.messages("ben", "board") if "has moved" in text_of(m)]
    assert news == f"Cleo Marchetti has moved *{TITLE}* to another private channel. It meets there from now on."


def test_a_chair_outside_the_channel_changes_a_series_without_moving_it(board):
    board.call("channels", channel="board", leave=["cleo"])
    board.bot.surface.deps.directory._cache.clear()
    asks(board, "cleo")
    form = presses(board, "cleo", "Change")
    assert "It stays in its private channel, because you are not in that channel." in form
    assert "<Channel>" not in form
    board.presses_in_form("cleo", "More options")
    assert "<Channel>" not in text_of(board.views("cleo")[-1])
    assert board.fills("cleo", title="Savings", length="30m")["closed"]
    with board.bot.db.read() as session:
        series = session.scalars(select(Series)).one()
        assert (series.title, series.length, series.private, series.channel) == ("Savings", 30, True, board_id(board))
    assert not [m for m in board.messages("ben", "board") if "has moved" in text_of(m)]


def test_a_chair_who_leaves_the_channel_while_the_form_is_open_does_not_move_the_series(board):
    asks(board, "cleo", "/meeting", "board")
    presses(board, "cleo", "Change", "board")
    board.call("channels", channel="board", leave=["cleo"])
    board.bot.surface.deps.directory._cache.clear()
    board.fills("cleo", title="Savings")
    with board.bot.db.read() as session:
        series = session.scalars(select(Series)).one()
        assert (series.title, series.private, series.channel) == ("Savings", True, board_id(board))


def moves_while_open(board):
    """Have Gus, who chairs, open *Change* in *council*, and Ben move the series to *board* meanwhile."""
    plans(board, '/meeting new "Talks" 2026-12-10 14:00 every:week chair:@gus', "ben")
    for user in ("gus", "ben"):
        asks(board, user)
        presses(board, user, "Change")
    assert board.fills("ben", channel="board")["closed"]


def talks(board):
    """Return the name, length, privacy, and channel of the series that Gus chairs."""
    with board.bot.db.read() as session:
        series = session.scalars(select(Series).order_by(Series.id.desc())).first()
        return series.title, series.length, series.private, series.channel


def test_a_form_opened_before_a_series_became_private_changes_the_rest_and_leaves_it_there(board):
    moves_while_open(board)
    assert board.fills("gus", title="Quiet talks")["closed"]
    assert talks(board) == ("Quiet talks", 60, True, board_id(board))
    assert "Quiet talks" not in asks(board, "finn")
    assert not [m for m in board.messages("ben", "board") if "has moved" in text_of(m)]


def test_a_form_opened_before_a_series_became_private_does_not_move_it_for_somebody_outside(board):
    board.call("channels", name="open", members=["gus"], bot=True)
    moves_while_open(board)
    refused = board.fills("gus", title="Quiet talks", channel="open")
    assert "Only people in that channel can move it." in refused["errors"]["channel"]
    assert talks(board) == ("Talks", 60, True, board_id(board))
    assert "Talks" not in asks(board, "finn")


@pytest.mark.parametrize("private", [True, False], ids=["from a private channel", "from a public channel"])
def test_late_minutes_and_their_items_follow_only_from_a_public_channel(town, private):
    makes_board(town, "cleo", "ben")
    origin = "board" if private else "council"
    plans(town, WEEKLY.replace("every", "notes:@ben every"), "cleo", origin)
    town.types("ben", '/meeting add "Who goes"', origin)
    goes_to(town, "2026-12-07T23:00:00Z")
    asks(town, "cleo", "/meeting", origin)
    presses(town, "cleo", "Change", origin)
    assert town.fills("cleo", title="Council", channel="general")["closed"]
    goes_to(town, "2026-12-20T20:00:05Z")
    text = "\n".join(posted(town, "", "general"))
    assert "*Agenda* · *Council*" in text
    assert ("carried over" in text) is not private
    assert ("Who goes" in text) is not private
    assert ("The minutes of Mon, Dec 7" in text) is not private
    if private:
        assert "Who goes" not in str(town.messages("gus", "general")) + str(town.messages("gus")) + asks(town, "gus")


# note-takers -------------------------------------------------------------------------------------------


def test_a_person_who_is_no_longer_named_for_a_private_meeting_does_not_take_its_minutes(town):
    makes_board(town, "cleo", "ben")
    plans(town, WEEKLY.replace("every", "notes:@gus every"), "cleo", "board")
    goes_to(town, "2026-12-06T20:00:00Z")
    assert told(town, "gus", "You will take the minutes") and TITLE in asks(town, "gus")
    asks(town, "cleo", "/meeting", "board")
    presses(town, "cleo", "Change", "board")
    assert town.fills("cleo", notes="")["closed"]
    assert TITLE not in asks(town, "gus")
    assert "minutes Cleo Marchetti" in asks(town, "cleo", "/meeting", "board")
    goes_to(town, "2026-12-08T20:00:00Z")
    assert [len(told(town, user, "Write the minutes")) for user in ("cleo", "gus")] == [1, 0]


def test_where_the_chair_of_a_private_meeting_cannot_take_minutes_nobody_is_chosen(board):
    brings(board, "gus")
    goes_to(board, "2026-12-04T21:30:00Z")
    asked = next(m for m in board.direct("cleo") if "[I can't]" in text_of(m))
    board.presses("cleo", "I can't", asked, "@cleo")
    board.settle()
    said = " ".join(text_of(m) for m in board.messages("cleo", "@cleo"))
    assert "Nobody takes them now. You can name somebody who does: *Change*, in `/meeting`." in said
    goes_to(board, "2026-12-07T19:00:00Z")
    assert not told(board, "cleo", "Nobody takes the minutes of"), "the chair knows it"
    for user in ("gus", "ben", "ana"):
        assert not told(board, user, "will take the minutes"), user
    assert "Who goes" not in " ".join(told(board, "gus")) + asks(board, "gus")


def test_a_chair_who_is_away_reads_that_somebody_can_be_named_for_a_private_meeting(board):
    board.types("cleo", "/consortium away until 2026-12-08")
    goes_to(board, "2026-12-04T18:00:00Z")
    assert not told(board, "gus", TITLE) and not told(board, "ben", "will take the minutes")
    board.types("cleo", "/consortium back")
    board.settle("PT1H")
    news = told(board, "cleo", f"Nobody takes the minutes of *{TITLE}*, Mon, Dec 7, 2026, 1:00 PM yet.")
    assert len(news) == 1 and "[Change]" in news[0]
    asks(board, "cleo")
    presses(board, "cleo", "Change")
    assert board.fills("cleo", notes="ben")["closed"]
    board.settle("PT1H")
    assert told(board, "ben", f"You will take the minutes of {TITLE}*")


# what facilitators learn -------------------------------------------------------------------------------


def test_a_facilitator_learns_how_many_meetings_private_channels_have_and_no_more(board):
    alone = "1 meeting or series is planned in a private channel, where `/meeting` lists it."
    text = asks(board, "ana")
    assert text.startswith(alone)
    assert "No meeting is planned" not in text and TITLE not in text and "Dec 7" not in text
    assert "No meeting is planned." in asks(board, "gus")
    plans(board, '/meeting new "More cuts" 2026-12-09 13:00', "ben", "board")
    plans(board)
    text = asks(board, "ana")
    assert "*Council*" in text
    assert "2 meetings or series are planned in private channels, where `/meeting` lists them." in text
    assert "More cuts" not in text
    assert "private channel" not in asks(board, "gus")
    assert "is for members of the consortium" in asks(board, "dov")


def test_a_named_note_taker_sees_the_meeting_from_the_beginning(town):
    town.call("channels", name="secret", private=True, members=["ben"], bot=True)
    said = town.types("ben", '/meeting new "Quiet talk" 2027-01-12 14:00 notes:@cleo', "secret")
    assert "Cleo Marchetti takes the minutes" in said
    assert "minutes Cleo Marchetti" in town.types("cleo", "/meeting")
    for outsider in ("finn", "gus"):
        assert "Quiet talk" not in town.types(outsider, "/meeting")
