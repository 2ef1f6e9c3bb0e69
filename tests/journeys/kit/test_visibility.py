"""Who sees what of a private channel, by every way there is: command, button, details, lists, log, home, export.

The table is that of docs/rules.md, "Who sees what". In the channel *inner* are Ben, who proposes and asks, and the
outsider Dov. Cleo and Finn decide and are not in it. Ana facilitates and Gus is a member; neither is in it.
"""

import pytest
from sqlalchemy import select

from handlers.meetings.agenda import NO_SUCH
from handlers.meetings.feature import FEATURE as MEETINGS
from handlers.meetings.minutes.feature import FEATURE as MINUTES
from storage.database import Base
from storage.polls import Ballot
from storage.positions import Position
from tests.journeys.exports.test_exports import cells, exports
from tests.journeys.steps import goes_to, sends, submits, told
from tests.town import element_of, text_of

SECRET = "Merge the two schools"
REASON = "nobody was asked"
NUMBER = "private channel that you are not in"


@pytest.fixture
def inner(town):
    made = town.call("channels", name="inner", private=True, members=["ben", "dov"], bot=True)
    assert made["ok"], made
    return town


def typed(town, user, *commands):
    return [town.types(user, command) for command in commands]


def pressed(town, user, *pairs):
    """Press buttons elsewhere than in the channel, as somebody with an old message would."""
    return [sends(town, user, action, value) for action, value in pairs]


def home(town, user):
    town.call("home", user=user)
    town.settle()
    view = town.call("home", user=user)["view"]
    assert view, "a home tab was published"
    return str(view)


def everything(town, user, commands, presses):
    """Gather all that one person can read about an item."""
    texts = [
        *typed(town, user, *commands, "/vote", "/consortium", "/consortium decisions", "/task all", "/meeting"),
        *pressed(town, user, *presses),
        home(town, user),
    ]
    town.closes_forms(user)
    return texts


PROPOSAL = (
    ("/propose show 1", "/vote show 1", "/vote 1", "/vote 1 abstain", "/vote 1 retract", "/vote close 1"),
    (("proposal.details", "1"), ("proposal.say.abstain", "1"), ("proposal.retract", "1"), ("poll.details", "1")),
)


def proposes(town):
    assert town.types("ben", f'/propose now "{SECRET}" why:"{REASON}" closes:4d', "inner").startswith("#1")
    town.settle()
    return town.message(SECRET, "ben", "inner")


def test_a_private_proposal_is_hidden_from_members_without_a_part(inner):
    proposes(inner)
    texts = everything(inner, "gus", *PROPOSAL)
    assert not [text for text in texts if SECRET in text or REASON in text or "#1" in text]
    assert "There is no proposal 1 here" in inner.types("gus", "/propose show 1")
    assert NUMBER not in str(texts)


def test_a_hidden_number_is_answered_like_one_that_does_not_exist(inner):
    proposes(inner)
    assert inner.types("ben", '/vote "Whom do we let go?" "Nobody" "Somebody"', "inner").startswith("#2")
    for command in ("/vote show {}", "/vote {} retract", "/vote close {}", "/vote {} 1", "/task {}", "/task done {}"):
        answers = {inner.types("gus", command.format(number)).replace(str(number), "N") for number in (1, 2, 9)}
        assert len(answers) == 1, (command, answers)


def test_in_a_discussion_who_decides_is_told_that_positions_open_later(inner):
    assert inner.types("ben", f'/propose now "{SECRET}" talk:3d closes:4d', "inner").startswith("#1")
    assert "Voting opens" in inner.types("cleo", "/vote 1 agree")
    assert NUMBER in inner.types("ana", "/vote 1 agree")
    assert "There is no proposal or poll 1 here" in inner.types("gus", "/vote 1 agree")


def test_a_form_left_open_does_not_let_in_who_has_left_the_channel(inner):
    inner.call("channels", channel="inner", join=["gus"])
    message = proposes(inner)
    assert inner.types("ben", '/vote "Whom do we let go?" "Nobody" "Somebody" ranked', "inner").startswith("#2")
    inner.settle()
    poll = inner.message("Whom do we let go?", "gus", "inner")
    inner.presses("gus", "Details", message, "inner")
    inner.call("channels", channel="inner", leave=["gus"])
    inner.bot.surface.deps.directory._cache.clear()
    inner.presses_in_form("gus", "Agree")
    inner.closes_forms("gus")
    inner.call("channels", channel="inner", join=["gus"])
    inner.bot.surface.deps.directory._cache.clear()
    inner.presses("gus", "Vote", poll, "inner")
    inner.call("channels", channel="inner", leave=["gus"])
    inner.bot.surface.deps.directory._cache.clear()
    inner.fills("gus", **{"rank.1": "1"})
    with inner.bot.db.read() as session:
        assert not session.scalars(select(Position)).all() and not session.scalars(select(Ballot)).all()


def test_a_review_of_a_private_decision_is_announced_only_to_those_who_see_it(inner):
    assert inner.types("ben", f'/propose now "{SECRET}" closes:4d review:2026-12-20', "inner").startswith("#1")
    inner.settle()
    for user, channel in (("ben", "inner"), ("cleo", "council"), ("finn", "council")):
        assert "Noted" in inner.types(user, "/vote 1 agree", channel)
    goes_to(inner, "2026-12-21T18:00:00Z")
    assert told(inner, "ben", "up for review")
    assert not told(inner, "ana", SECRET)


def test_of_a_private_proposal_facilitators_without_a_part_learn_its_number(inner):
    proposes(inner)
    texts = everything(inner, "ana", *PROPOSAL)
    assert not [text for text in texts if SECRET in text or REASON in text]
    assert NUMBER in inner.types("ana", "/propose show 1")
    assert NUMBER in inner.types("ana", "/propose withdraw 1")
    assert "#1 in a private channel" in inner.types("ana", "/consortium")


def test_an_outsider_in_the_private_channel_is_shown_the_way_in_and_elsewhere_nothing(inner):
    message = proposes(inner)
    answer = inner.presses("dov", "Details", message, "inner")
    assert "This one is for members of the consortium" in answer
    assert "[Join an agency]" in answer and REASON not in answer
    assert "There is no proposal 1 here" in inner.types("dov", "/propose show 1")


def test_a_private_proposal_is_hidden_from_outsiders(inner):
    proposes(inner)
    for channel in ("council", "inner"):
        for command in PROPOSAL[0]:
            text = inner.types("dov", command, channel)
            assert SECRET not in text and REASON not in text, (command, channel)
    assert SECRET in text_of(inner.message(SECRET, "dov", "inner")), "Slack shows it to everyone there"


def test_who_decides_sees_a_private_proposal_in_lists_and_answers_without_being_in_the_channel(inner):
    proposes(inner)
    assert SECRET in home(inner, "cleo")
    assert SECRET in inner.types("cleo", "/vote")
    assert SECRET in inner.types("cleo", "/propose show 1")
    assert SECRET in inner.types("cleo", "/consortium")
    inner.closes_forms("cleo")
    assert "Noted on #1 for Birch Schools" in inner.types("cleo", "/vote 1 agree")
    inner.waits("P3DT1H")
    assert told(inner, "finn", SECRET), "reminded by direct message"
    assert not told(inner, "ana", SECRET) and not told(inner, "gus", SECRET)


def test_the_log_and_the_export_keep_a_private_decision_to_its_channel_and_those_who_decided(inner):
    proposes(inner)
    for user in ("ben", "cleo", "finn"):
        assert "Noted" in inner.types(user, "/vote 1 agree", "inner" if user == "ben" else "council")
    inner.waits("P5D")
    for user, sees in (("ben", True), ("cleo", True), ("ana", False), ("gus", False)):
        assert (SECRET in inner.types(user, "/consortium decisions")) is sees, user
        files = exports(inner, user)
        assert (SECRET in cells(files)) is sees, user
        assert ("Agree" in cells(files)) is sees, user


def test_a_task_that_follows_from_a_private_proposal_does_not_name_it(inner):
    message = proposes(inner)
    assert "Noted" in inner.types("ben", "/vote 1 agree with reservations we need a lawyer", "inner")
    inner.presses("ben", "Details", message, "inner")
    inner.presses_in_form("ben", "Make a reservation a task")
    inner.fills("ben", title="Call the lawyer")
    for user in ("ben", "gus", "ana"):
        text = inner.types(user, "/task all")
        assert "Call the lawyer" in text and SECRET not in text, user


POLL = (
    ("/vote show 1", "/vote 1", "/vote 1 2", "/vote 1 retract", "/vote close 1", "/propose show 1"),
    (("poll.details", "1"), ("poll.vote", "1"), ("poll.retract", "1"), ("poll.close", "1"), ("poll.cast.1", "1")),
)


@pytest.mark.parametrize("user", ["ana", "cleo", "gus"])
def test_a_private_poll_is_hidden_from_everybody_else(inner, user):
    assert inner.types("ben", f'/vote "{SECRET}?" "Yes" "No" closes:2d', "inner").startswith("#1")
    inner.settle()
    texts = everything(inner, user, *POLL)
    assert not [text for text in texts if SECRET in text or "#1" in text]
    assert "There is no proposal or poll 1 here" in inner.types(user, "/vote 1 2")
    inner.waits("P3D")
    assert SECRET not in str(cells(exports(inner, user)))
    assert SECRET in str(cells(exports(inner, "ben")))


MEETING = (
    ("/meeting", "/meeting agenda", "/meeting read", "/meeting minutes"),
    (("meeting.agenda", "1"), ("minutes.read", "1"), ("meeting.add", "1"), ("minutes.write", "1")),
)


@pytest.mark.parametrize("user", ["ana", "cleo", "gus"])
def test_a_private_meeting_and_its_minutes_are_hidden_from_everybody_else(inner, user):
    inner.types("ben", f'/meeting new "{SECRET}" 2026-12-03 14:00', "inner")
    inner.settle()
    texts = everything(inner, user, *MEETING)
    assert not [text for text in texts if SECRET in text]
    goes_to(inner, "2026-12-03T23:00:00Z")
    inner.types("ben", "/meeting minutes", "inner")
    inner.fills("ben", agencies=["Elm Schools"], decisions=REASON)
    inner.settle()
    texts = everything(inner, user, *MEETING)
    assert not [text for text in texts if SECRET in text or REASON in text]
    assert SECRET not in str(cells(exports(inner, user)))
    assert SECRET in str(cells(exports(inner, "ben")))


def test_a_chair_outside_the_private_channel_sees_the_meeting_everywhere(inner):
    inner.call("channels", channel="inner", join=["finn"])
    inner.types("finn", f'/meeting new "{SECRET}" 2026-12-03 14:00', "inner")
    inner.settle()
    inner.call("channels", channel="inner", leave=["finn"])
    inner.bot.surface.deps.directory._cache.clear()
    assert SECRET in inner.types("finn", "/meeting")
    assert SECRET in sends(inner, "finn", "meeting.agenda", "1")
    inner.types("ben", f'/meeting add "{REASON}"', "inner")
    assert SECRET not in inner.types("gus", "/meeting")


NO_MEETING = {
    *("meeting.list", "meeting.form", "meeting.new", "meeting.sure", "meeting.settings", "meeting.suggest"),
    "meeting.suggest.*",
    *("meeting.keep", "meeting.other", "calendar.new", "calendar.off"),
}
"""The buttons and forms that say of no meeting which one they mean."""

IN_FORMS = {"meeting.more", "minutes.each"}
"""The buttons for which the form around them names the meeting."""

MEETING_BUTTONS = sorted({*MEETINGS.actions, *MINUTES.actions} - NO_MEETING)
MEETING_FORMS = sorted({*MEETINGS.forms, *MINUTES.forms} - NO_MEETING)

SOON = 1797242400
"""A time in the week after the meetings, in Unix seconds."""


def held_and_planned(town):
    """Plan three meetings in *inner*: one with minutes and a correction, one without minutes, and one to come."""
    town.call("channels", channel="inner", join=["finn"])
    for day in ("2026-12-03", "2026-12-02", "2026-12-10"):
        town.types("ben", f'/meeting new "{SECRET}" {day} 14:00 notes:@ben', "inner")
        town.settle()
        town.types("ben", f'/meeting add "{REASON}"', "inner")
    goes_to(town, "2026-12-03T23:00:00Z")
    town.types("ben", "/meeting minutes", "inner")
    town.fills("ben", agencies=["Elm Schools"], decisions=REASON)
    town.settle()
    town.presses("finn", "Propose a correction", town.message("Decided", "finn", "inner"), "inner")
    town.fills("finn", text=REASON)
    town.types("ben", f'/meeting add "{REASON}"', "inner")
    town.settle("PT2H")


def everything_stored(town):
    with town.bot.db.read() as session:
        return {table.name: sorted(map(repr, session.execute(table.select()))) for table in Base.metadata.sorted_tables}


def sent(town, user, number):
    """Send every button and form that names a meeting, an item, minutes or a correction. Return all answers."""
    carried = {"meeting": number, "minutes": number}
    answers = {}
    for pattern in MEETING_BUTTONS:
        value = f"{number}|{SOON}" if "moved" in pattern else str(number)
        metadata = carried if pattern in IN_FORMS else None
        for action in [pattern.replace("*", which) for which in ("one", "all")] if "*" in pattern else [pattern]:
            answers[action] = sends(town, user, action, value, metadata=metadata)
    for form in MEETING_FORMS:
        answers[f"{form} submitted"] = submits(town, user, form, carried, {})
    return answers


@pytest.mark.parametrize("user", ["ana", "cleo", "gus"])
def test_no_button_or_form_of_a_private_meeting_tells_or_changes_anything(inner, user):
    held_and_planned(inner)
    before = everything_stored(inner)
    for number in (1, 2, 3):
        for action, answer in sent(inner, user, number).items():
            assert NO_SUCH in answer or (user == "ana" and NUMBER in answer), (action, number, answer)
            hidden = (SECRET, REASON, "Ben", "Finn", "Council")
            assert not [text for text in hidden if text in answer], (action, number, answer)
    assert everything_stored(inner) == before


def test_who_sees_a_private_meeting_can_still_use_its_buttons(inner):
    held_and_planned(inner)
    assert SECRET in sends(inner, "finn", "meeting.agenda", "3", "inner")
    assert "is accepted" in sends(inner, "ben", "minutes.take", "1", "council")
    inner.bot.surface.deps.directory._cache.clear()
    # Ben is in the channel and presses elsewhere: Slack is asked first, and then the meeting moves once
    assert "is moved" in sends(inner, "ben", "meeting.moved.one", f"3|{SOON}")


def test_a_private_proposal_is_answered_where_slack_has_to_be_asked_first(inner):
    inner.call("channels", channel="inner", join=["gus"])
    proposes(inner)
    inner.bot.surface.deps.directory._cache.clear()
    asked = len(inner.calls("conversations.members"))
    # Gus is in the channel and types elsewhere: Slack is asked once, and nothing is done twice
    assert SECRET in inner.types("gus", "/propose show 1")
    assert "Noted on #1 as your voice" in inner.types("gus", "/vote 1 agree")
    assert len(inner.calls("conversations.members")) == asked + 1


def test_the_reason_for_a_refusal_tells_nothing_where_slack_does_not_answer(inner):
    proposes(inner)
    inner.forgiven |= {"internal_error"}
    inner.bot.surface.deps.directory._cache.clear()
    inner.call("faults", method="conversations.info", fault="500")
    text = inner.types("gus", "/propose show 1")
    assert "Slack has trouble just now" in text and SECRET not in text


def leaves(town, user):
    town.call("channels", channel="inner", leave=[user])
    town.bot.surface.deps.directory._cache.clear()


def test_a_private_sense_check_is_for_those_in_the_channel(inner):
    inner.types("ben", f'/propose now "{SECRET}" why:"{REASON}" rule:sense closes:4d', "inner")
    inner.settle()
    for user in ("ana", "cleo", "gus"):
        texts = everything(inner, user, *PROPOSAL)
        assert not [text for text in texts if SECRET in text or REASON in text], user
    assert SECRET in inner.types("ben", "/vote", "inner")


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        pytest.param("/propose From outside", {"title": "From outside"}, id="proposal"),
        pytest.param("/vote new From outside", {"question": "From outside", "choices": "a\nb"}, id="poll"),
        pytest.param("/meeting new From outside", {"title": "From outside", "length": "60m"}, id="meeting"),
    ],
)
def test_a_form_left_open_posts_nothing_into_a_private_channel_that_the_person_has_left(inner, command, fields):
    inner.call("channels", channel="inner", join=["gus"])
    inner.types("gus", command, "inner")
    leaves(inner, "gus")
    inner.fills("gus", **fields)
    said = text_of(inner.views("gus")[-1]) if inner.views("gus") else ""
    assert "You are not in that private channel, so nothing was posted." in said
    inner.settle()
    assert "From outside" not in str(inner.messages("ben", "inner"))


def test_an_amendment_is_told_only_to_those_who_may_see_it(inner):
    inner.call("channels", channel="inner", join=["gus"])
    proposes(inner)
    inner.types("gus", "/vote 1 agree", "inner")
    inner.types("finn", "/vote 1 agree")
    leaves(inner, "gus")
    inner.types("ben", "/propose amend 1", "inner")
    inner.fills("ben", title="A new secret", why="")
    inner.settle()
    assert "A new secret" not in str(inner.direct("gus"))
    assert "A new secret" in str(inner.direct("finn"))


def test_who_decided_a_private_proposal_stays_the_same_after_people_change_agencies(inner):
    proposes(inner)
    for user in ("ben", "cleo", "finn"):
        inner.types(user, "/vote 1 block No")
    goes_to(inner, "2026-12-08T17:00:00Z")
    assert SECRET in inner.types("finn", "/consortium decisions")
    inner.places("finn", '"Elm Schools" member')
    assert SECRET in inner.types("finn", "/consortium decisions")
    assert SECRET not in inner.types("gus", "/consortium decisions"), "Gus speaks for Oak now, and did not decide"


def test_who_comes_to_decide_a_private_proposal_is_announced_in_its_thread(inner):
    message = proposes(inner)
    inner.types("ana", '/consortium member @ana "Oak Valley" alternate')
    inner.settle()
    posts = [text_of(m) for m in inner.messages("ben", "inner") if m.get("thread_ts") == message["ts"]]
    assert "Ana Reyes now takes part in deciding #1, and can see it." in posts


def test_facilitators_do_not_learn_who_is_silent_on_a_private_proposal(inner):
    proposes(inner)
    inner.settle()
    assert "Not heard yet" not in home(inner, "ana")
    inner.proposes("Adopt the calendar")
    inner.settle()
    assert "Not heard yet on *#2*" in home(inner, "ana")


def test_the_planner_of_a_private_meeting_who_has_left_the_channel_is_not_asked_for_minutes(inner):
    inner.call("channels", channel="inner", join=["gus"])
    inner.types("gus", f'/meeting new "{SECRET}" 2026-12-10 14:00 chair:@ben', "inner")
    leaves(inner, "gus")
    goes_to(inner, "2026-12-03T21:30:00Z")
    inner.presses("ben", "I can't", next(m for m in inner.direct("ben") if "[I can't]" in text_of(m)), "@ben")
    inner.settle()
    assert SECRET not in str(inner.direct("gus"))
    assert SECRET not in inner.types("gus", "/meeting")


def test_a_meeting_that_becomes_private_leaves_its_note_taker_and_its_news_behind(inner):
    inner.types("ana", '/meeting new "Council" 2026-12-10 14:00')
    goes_to(inner, "2026-12-05T18:00:00Z")
    inner.types("ana", "/meeting move 2026-12-11 15:00")
    inner.call("channels", channel="inner", join=["ana"])
    inner.bot.surface.deps.directory._cache.clear()
    inner.types("ana", "/meeting")
    inner.presses("ana", "Change", inner.private_answer("ana"))
    inner.fills("ana", title=SECRET, channel="inner")
    goes_to(inner, "2026-12-07T18:00:00Z")
    for user in ("ben", "cleo", "finn", "gus"):
        assert SECRET not in str(inner.direct(user)), user
    for user in ("cleo", "finn", "gus"):
        assert SECRET not in inner.types(user, "/meeting"), user


def test_a_correction_of_private_minutes_is_not_sent_to_an_author_who_has_left_the_channel(inner):
    inner.call("channels", channel="inner", join=["gus", "finn"])
    inner.types("ben", '/meeting new "Board" 2026-12-03 14:00', "inner")
    goes_to(inner, "2026-12-03T23:00:00Z")
    inner.types("gus", "/meeting minutes", "inner")
    inner.fills("gus", notes="We met.")
    inner.settle()
    leaves(inner, "gus")
    inner.presses("finn", "Propose a correction", inner.message("*Minutes*", "finn", "inner"), "inner")
    inner.fills("finn", text=SECRET)
    goes_to(inner, "2026-12-04T17:00:00Z")
    assert SECRET not in str(inner.direct("gus"))
    assert SECRET in str(inner.direct("ben")), "the chair decides"


def test_an_old_button_does_not_tell_the_present_title(inner):
    inner.call("channels", channel="inner", join=["gus"])
    inner.types("gus", '/meeting new "Board" 2026-12-10 14:00 every:week chair:@ben', "inner")
    draft = element_of(inner.private_answer("gus", "inner"), "Plan them")["value"]
    inner.presses("gus", "Plan them", inner.private_answer("gus", "inner"), "inner")
    inner.types("ben", "/meeting", "inner")
    inner.presses("ben", "Change", inner.private_answer("ben", "inner"), "inner")
    inner.fills("ben", title=SECRET, channel="inner")
    leaves(inner, "gus")
    assert SECRET not in sends(inner, "gus", "meeting.sure", draft)


def test_a_hidden_number_with_a_question_is_answered_like_one_that_does_not_exist(inner):
    proposes(inner)
    inner.types("ben", '/vote "Which one?" "a" "b"', "inner")
    answers = {inner.types("gus", f"/vote {number} weeks or 4?").replace(str(number), "N") for number in (1, 2, 9)}
    assert len(answers) == 1, answers


def test_the_words_of_a_private_reservation_do_not_become_the_title_of_a_task(inner):
    proposes(inner)
    inner.types("ben", f"/vote 1 reservations {REASON}", "inner")
    inner.presses("ben", "Details", inner.message(SECRET, "ben", "inner"), "inner")
    form = inner.presses_in_form("ben", "Make a reservation a task")
    assert "Everybody in the consortium can read this title" in str(inner.views("ben")[-1]), form
    inner.fills("ben", title="Talk about pay")
    said = inner.types("gus", "/task all")
    assert "Talk about pay" in said
    assert REASON not in said and "#1" not in said


def test_what_was_not_delivered_in_a_private_channel_is_not_named(inner):
    bot = inner.http.get("/sandbox/app").json()["bot_user_id"]
    proposes(inner)
    inner.forgiven |= {"not_in_channel", "channel_not_found"}
    inner.call("channels", channel="inner", leave=[bot])
    inner.types("finn", f"/vote 1 block {REASON}")
    inner.waits("PT5M")
    said = sends(inner, "ana", "delivery.list", "")
    assert "a message about a proposal in a private channel" in said
    assert "block" not in said and "proposal 1" not in said


def test_what_protects_an_anonymous_vote_tells_nobody_else_that_there_is_a_poll(inner):
    inner.types("ben", f'/vote "{SECRET}" "High" "Low" anonymous', "inner")
    inner.bot.surface.deps.directory._cache.clear()
    kept = [inner.types("gus", f"/propose {number}") for number in (1, 97)]
    assert kept[0].replace("1", "97") == kept[1].replace("1", "97")
    assert "I have not kept what you typed" in inner.types("ben", "/propose 1")
