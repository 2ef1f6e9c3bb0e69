"""A workspace that belongs to an Enterprise Grid organization: people are the same whether they type or press."""

import pytest
from sqlalchemy import select

from storage.home_tabs import HomeTab
from storage.members import Member
from storage.membership_requests import MembershipRequest
from tests.town import text_of

GRID = "E0VALLEYS"
SECOND = "T0SECOND"
"""Another workspace of the organization."""


@pytest.fixture
def grid(town):
    """The town after its workspace has joined an organization. All rows name the workspace."""
    assert town.call("team", enterprise=GRID)["ok"]
    return town


def homes(town):
    with town.bot.db.read() as session:
        rows = session.execute(select(Member.name, Member.team_id))
        return {name.split()[0].lower(): home for name, home in rows}


def count(town, table):
    with town.bot.db.read() as session:
        return len(session.scalars(select(table)).all())


def test_a_member_who_types_moves_to_the_organization_and_stays_one_person(grid):
    before = count(grid, Member)
    grid.proposes(user="ben")
    assert homes(grid)["ben"] == GRID
    grid.presses("ben", "Agree", grid.message("Adopt the calendar"))
    assert "#1" in grid.types("ben", "/vote 1 agree")
    grid.settle()
    assert "*1 of 3 agencies heard*" in text_of(grid.message("Adopt the calendar"))
    assert count(grid, Member) == before


def test_a_member_who_presses_moves_too(grid):
    message = grid.proposes(user="ana")
    assert "Noted on #1 for Birch Schools: Agree" in grid.presses("cleo", "Agree", message)
    assert homes(grid)["cleo"] == GRID


@pytest.mark.parametrize("first", ["types", "presses"])
def test_a_person_of_another_workspace_of_the_organization_is_one_person_as_well(grid, first):
    """Slack may name another workspace of the organization in a press, and none in a command."""
    message = grid.proposes(user="ana")
    grid.sandbox.world.directory.person("ben").team_id = SECOND
    with grid.bot.db.begin() as session:
        session.scalars(select(Member).where(Member.name == "Ben Ortiz")).one().team_id = SECOND
    if first == "types":
        assert "Noted on #1 for Elm Schools" in grid.types("ben", "/vote 1 agree")
        assert homes(grid)["ben"] == GRID
    assert "Noted on #1 for Elm Schools" in grid.presses("ben", "Abstain", message)
    assert homes(grid)["ben"] == GRID


def test_a_guest_from_another_organization_keeps_their_own_home(grid):
    grid.call("people", name="zoe", real_name="Zoe Visser", home="T0ELSEWHERE", channels=["council"])
    message = grid.proposes(user="ana")
    assert "This one is for members of the consortium" in grid.presses("zoe", "Agree", message)
    assert "Zoe Visser is now a member" in grid.types("ana", '/consortium member @zoe "Oak Valley"')
    grid.presses("zoe", "Agree", message)
    assert homes(grid)["zoe"] == "T0ELSEWHERE"
    assert count(grid, Member) == 7


def test_a_request_to_join_and_the_home_tab_follow(grid):
    grid.call("team", enterprise=None)
    grid.types("hana", '/consortium join "Oak Valley"')
    grid.call("home", user="hana")
    grid.call("team", enterprise=GRID)
    assert "Your request to join Oak Valley is waiting" in grid.types("hana", "/vote 1 agree")
    with grid.bot.db.read() as session:
        assert session.scalars(select(MembershipRequest.team_id)).all() == [GRID]
        assert session.scalars(select(HomeTab.home_team)).all() == [GRID]
    grid.presses("ana", "Confirm", grid.direct("ana")[-1], "@ana")
    assert homes(grid)["hana"] == GRID
    grid.proposes(user="hana")


def test_opening_the_home_tab_moves_a_member(grid):
    grid.call("home", user="finn")
    grid.settle()
    assert homes(grid)["finn"] == GRID
    with grid.bot.db.read() as session:
        assert session.scalars(select(HomeTab.home_team)).all() == [GRID]


def test_a_member_who_drops_a_file_moves_too(grid):
    assert "for Oak Valley now" in text_of(grid.drops("finn", {"name": "oak.ics", "content": "BEGIN:VCALENDAR"})[0])
    assert homes(grid)["finn"] == GRID


def test_a_file_of_a_guest_is_answered_when_slack_sends_it_again_as_it_did_not_say_who_they_are(grid):
    grid.forgiven.add("internal_error")
    grid.call("people", name="zoe", real_name="Zoe Visser", home="T0ELSEWHERE", channels=["council"])
    grid.settle()
    grid.call("faults", method="users.info", fault="500", times=2)
    assert grid.drops("zoe", {"name": "oak.ics", "content": "BEGIN:VCALENDAR"}) == []
    grid.waits("PT1M")
    (said,) = grid.direct("zoe")[1:]
    assert "This one is for members of the consortium" in text_of(said)


def test_a_named_member_is_not_added_again(grid):
    before = count(grid, Member)
    assert "is now the alternate of Oak Valley" in grid.types("ana", '/consortium member @gus "Oak Valley" alternate')
    assert homes(grid)["gus"] == GRID
    assert count(grid, Member) == before


def test_a_changed_profile_and_the_daily_check_move_members(grid):
    grid.call("people", user="eva", real_name="Eva Castell")
    grid.settle()
    assert homes(grid)["eva"] == GRID
    grid.waits("P1D")
    assert set(homes(grid).values()) == {GRID}
    grid.call("people", user="gus", deleted=True)
    grid.settle()
    with grid.bot.db.read() as session:
        assert session.scalars(select(Member).where(Member.name == "Gus Whitehorse")).one().left_at is not None


def test_nobody_confirms_their_own_seat_after_the_move(grid):
    assert "has to confirm" in grid.types("ana", '/consortium member @gus "Oak Valley" representative')
    grid.settle()
    assert [m for m in grid.direct("gus") if "Confirm" in text_of(m)] == []
    asked = grid.direct("finn")[-1]
    assert "Confirm" in text_of(asked)
