"""The load of members and agencies, its weekly record, and its checks."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from handlers.load import rooms, snapshot
from handlers.load.snapshot import OwnLoad
from storage import agencies, consortia, load
from storage.members import Member
from storage.roles import Role
from storage.tasks import Task
from storage.vocabulary import TaskState, WeekRecord
from tests.consortium import NOW, TODAY, add_task, found_consortium, member_ids


def test_the_snapshot_counts_open_tasks_due_soon_roles_and_tasks_without_owner_or_effort(db):
    with db.begin() as session:
        consortium, places = found_consortium(
            session, [("Ben", "Elm", 10), ("Cleo", "Birch", None), ("Gus", "Oak", 20), ("Zoe", None, 5)]
        )
        people = member_ids(session, consortium)
        add_task(session, consortium, people, "Ben", 12)
        add_task(session, consortium, people, "Ben", 6, TODAY - timedelta(days=90))
        add_task(session, consortium, people, "Ben", 4, TODAY + timedelta(days=30))
        add_task(session, consortium, people, "Ben", 8, TODAY + timedelta(days=31))
        add_task(session, consortium, people, "Ben", None)
        add_task(session, consortium, people, "Ben", 50, state=TaskState.DONE)
        add_task(session, consortium, people, "Cleo", 3, offered_to=people["Gus"])
        add_task(session, consortium, people, None, 5)
        add_task(session, consortium, people, None, None)
        for until, ended_at, hours in ((None, None, 2), (TODAY, None, 1), (TODAY - timedelta(days=1), None, 9)):
            session.add(
                Role(
                    consortium_id=consortium.id,
                    team_id="T1",
                    title=f"Role {hours}",
                    folded=f"role {hours}",
                    member_id=people["Ben"],
                    hours=hours,
                    until=until,
                    created_by=people["Ben"],
                    created_at=NOW,
                    ended_at=ended_at,
                )
            )
        session.flush()
        rooms.work_out_daily(session, consortium, NOW)
    with db.read() as session:
        seen = snapshot.load_snapshot(session, consortium.id, NOW)
        ben, cleo, gus, zoe = (seen.by_id[people[name]] for name in ("Ben", "Cleo", "Gus", "Zoe"))
        assert (ben.load.hours, ben.load.set_aside, ben.owned, ben.room) == (25, 10, 30, 0)
        assert ben.load.is_over and not cleo.load.is_over
        assert (cleo.load.hours, cleo.load.set_aside, cleo.room) == (3, 10, 4)
        assert (gus.promised, gus.room) == (3, 5)
        assert (zoe.agency_id, zoe.room) == (None, 4)
        assert (seen.unowned, seen.unowned_hours, seen.unsized, seen.sized) == (2, 5, 1, 5)
        shares = {share.name: share for share in seen.agencies}
        assert list(shares) == ["Birch", "Elm", "Oak"]
        assert (shares["Elm"].load, shares["Birch"].load, shares["Oak"].load) == (25, 3, 0)
        assert seen.total == 28 and shares["Elm"].fair == 28 / 3
        assert seen.limits() == {places["Elm"].id: 0}
        assert (seen.unplaced, seen.unplaced_hours) == ([zoe], 0)
        assert snapshot.load_of_member(session, consortium.id, people["Ben"], NOW) == OwnLoad(ben.load, 0)
        assert snapshot.load_of_member(session, consortium.id, people["Gus"], NOW) == OwnLoad(gus.load, 3)
        assert [one.hours for one in load.tasks_in_load(session, consortium.id, [people["Ben"]], TODAY)] == [12, 6]


@pytest.mark.parametrize("hours", [None, 3, 0.25])
@pytest.mark.parametrize("due_in", [None, 30, 31])
@pytest.mark.parametrize("before", [None, "Gus", "Ben"])
def test_a_snapshot_after_an_offer_is_what_a_new_one_would_be(db, hours, due_in, before):
    with db.begin() as session:
        consortium, _ = found_consortium(session, [("Ben", "Elm", 10), ("Cleo", "Birch", None), ("Gus", "Oak", 20)])
        people = member_ids(session, consortium)
        due_on = TODAY + timedelta(days=due_in) if due_in else None
        offered = people[before] if before else None
        add_task(session, consortium, people, "Cleo", hours, due_on, offered_to=offered)
        old = snapshot.load_snapshot(session, consortium.id, NOW)
        row = session.scalars(select(Task)).one()
        row.offered_to = people["Gus"]
        session.flush()
        assert old.after_offer(row, offered).people == snapshot.load_snapshot(session, consortium.id, NOW).people


def test_the_snapshot_leaves_out_former_members_ended_agencies_and_other_consortia(db):
    with db.begin() as session:
        consortium, places = found_consortium(session, [("Ben", "Elm", 10), ("Cleo", "Birch", 10), ("Gus", "Oak", 10)])
        people = member_ids(session, consortium)
        add_task(session, consortium, people, "Ben", 12)
        add_task(session, consortium, people, "Gus", 7)
        places["Oak"].ended_at = NOW
        session.get_one(Member, people["Ben"]).left_at = NOW
        session.get_one(Member, people["Cleo"]).away_until = NOW + timedelta(days=9)
        agencies.add(session, consortium.id, "Nobody's", NOW)
        other = consortia.create(session, "T2", "Southern Valleys", "UTC", NOW)
    with db.read() as session:
        seen = snapshot.load_snapshot(session, consortium.id, NOW)
        assert [share.name for share in seen.agencies] == ["Birch"]
        assert {one.name: one.load.hours for one in seen.people} == {"Cleo": 0, "Gus": 7}
        assert seen.by_id[people["Cleo"]].room == 0
        assert (seen.unowned, seen.unowned_hours, seen.sized) == (1, 12, 1)
        empty = snapshot.load_snapshot(session, other.id, NOW)
        assert not empty.people and not empty.agencies and empty.total == 0 and not empty.limits()


def test_the_snapshot_takes_at_most_eight_statements(db):
    with db.begin() as session:
        consortium, _ = found_consortium(session, [(f"P{n:02}", f"A{n % 7}", None) for n in range(40)])
        people = member_ids(session, consortium)
        for n in range(200):
            add_task(session, consortium, people, f"P{n % 40:02}", n % 9 / 4 + 1)
    statements = []
    with db.read() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))
        snapshot.load_snapshot(session, consortium.id, NOW)
    assert len(statements) <= 8


def test_a_consortium_is_due_when_touched_and_its_loads_are_kept_by_week(db):
    monday = date(2026, 11, 30)
    with db.begin() as session:
        consortium, places = found_consortium(session, [("Ben", "Elm", 10)])
        elm = places["Elm"].id
        assert load.list_due(session, NOW) == [consortium.id]
        load.schedule_next_check(session, consortium.id, NOW + timedelta(days=1))
        assert load.list_due(session, NOW) == []
        load.schedule_check(session, consortium.id, NOW)
        settled = NOW + timedelta(hours=1)
        assert load.list_due(session, settled - timedelta(seconds=1)) == []
        assert load.list_due(session, settled) == [consortium.id] and load.next_due(session) == settled
        load.schedule_next_check(session, consortium.id, NOW + timedelta(days=1))
        assert load.next_due(session) == NOW + timedelta(days=1)
        load.record_week(session, consortium.id, monday, {elm: WeekRecord(4, 2)})
        load.record_week(session, consortium.id, monday, {elm: WeekRecord(4, 3)})
        load.record_week(session, consortium.id, monday + timedelta(days=7), {elm: WeekRecord(8, 3)})
        assert load.list_weeks(session, consortium.id, monday) == {
            monday: {elm: WeekRecord(4, 3)},
            monday + timedelta(days=7): {elm: WeekRecord(8, 3)},
        }
        assert len(load.list_weeks(session, consortium.id, monday + timedelta(days=1))) == 1


def test_work_that_changes_during_a_check_is_checked_again(db):
    with db.begin() as session:
        consortium, _ = found_consortium(session, [("Ben", "Elm", 10)])
        load.schedule_check(session, consortium.id, NOW)
    check_began = threading.Event()

    def change_work():
        check_began.wait(5)
        with db.begin() as session:
            load.schedule_next_check(session, consortium.id, NOW + timedelta(seconds=1))

    change = threading.Thread(target=change_work)
    change.start()
    with db.begin() as session:
        load.schedule_next_check(session, consortium.id, NOW + timedelta(days=1))
        check_began.set()
        change.join(0.2)
    change.join(5)
    with db.read() as session:
        assert load.next_due(session) == NOW + timedelta(seconds=1)
