"""Lists of tasks, which read one page only, and links to their sources."""

from datetime import date, timedelta
from itertools import chain

from sqlalchemy import event, insert

from storage import agencies, consortia, live_messages, outbox, tasks
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import LiveMessageKind, TaskState
from tests.town import START

OPEN, ALL = 5000, 8000


def add_tasks(session, people):
    """Make many tasks of two consortia: every tenth is nobody's, every 17th is offered to the second person."""
    rows = [
        {
            "consortium_id": people[0].consortium_id,
            "number": n + 1,
            "team_id": "T1",
            "title": f"Errand {n}",
            "source": "",
            "created_by": people[0].id,
            "owner_id": None if n % 10 == 0 else people[n % len(people)].id,
            "offered_to": people[1].id if n % 17 == 0 else None,
            "offers": 0,
            "due_on": date(2026, 12, 1) + timedelta(days=n * 7 % 100) if n % 3 else None,
            "state": TaskState.OPEN if n < OPEN else TaskState.DONE,
            "created_at": START,
        }
        for n in range(ALL)
    ]
    session.execute(insert(Task), rows)


def person(session, consortium, agency, name):
    identity = {"team_id": "T1", "user_id": name, "name": name, "zone": "UTC", "joined_at": START}
    member = Member(consortium_id=consortium.id, agency_id=agency.id, **identity)
    session.add(member)
    session.flush()
    return member


def test_a_page_of_each_list_reads_only_its_own_tasks(db):
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        elm, oak = (agencies.add(session, consortium.id, name, START) for name in ("Elm", "Oak"))
        session.flush()
        people = [person(session, consortium, agency, f"U{n}") for n, agency in enumerate((elm, elm, oak, oak))]
        add_tasks(session, people)
        me, consortium_id, elm_id = people[1].id, consortium.id, elm.id
    loaded = []
    with db.read() as session:
        event.listen(session, "loaded_as_persistent", lambda _session, row: loaded.append(row))
        for wanted in (
            tasks.all_open(consortium_id),
            tasks.of_agency(consortium_id, elm_id),
            tasks.for_person(consortium_id, me),
        ):
            session.expunge_all()
            loaded.clear()
            total = tasks.count_tasks(session, wanted)
            first = tasks.list_tasks(session, wanted, 0, 10)
            assert len(loaded) == len(first) == 10
            pages = [tasks.list_tasks(session, wanted, at, 500) for at in range(0, total, 500)]
            every = list(chain.from_iterable(pages))
            assert len({task.number for task in every}) == total == len(every)
            assert all(task.state is TaskState.OPEN for task in every)
        places = [0 if t.offered_to == me else 1 if t.owner_id == me else 2 for t in every]
        assert places == sorted(places), "offered to me, then owned by me, then without an owner"
        mine = [(t.due_on is None, t.due_on or date.min, t.number) for t in every if t.owner_id == me != t.offered_to]
        assert mine == sorted(mine), "earliest due first, without a date last"
        assert tasks.count_tasks(session, tasks.all_open(consortium_id)) == OPEN


def test_a_task_links_to_the_bots_message_once_that_is_posted(db):
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        agency = agencies.add(session, consortium.id, "Elm", START)
        session.flush()
        author = person(session, consortium, agency, "U1")
        live_id = live_messages.create(session, consortium.id, LiveMessageKind.MINUTES, 1, ("T1", "C1"), START)
        values = {"team_id": "T1", "title": "A", "source": "minutes", "created_by": author.id, "created_at": START}
        session.add_all(Task(consortium_id=consortium.id, number=n, offers=0, **values) for n in (1, 2))
        session.flush()
        tasks.set_source_message(session, consortium.id, [2], live_id)
        assert tasks.list_linkable(session, 10) == []
        assert tasks.next_link(session) is None
        outbox.record_live_ts(session, live_id, "1.000001")
        session.flush()
        ((task_id, *where),) = tasks.list_linkable(session, 10)
        assert where == ["T1", "C1", "1.000001"]
        assert tasks.next_link(session) == START
        tasks.save_source_link(session, task_id, "https://x.slack.com/archives/C1/p1000001")
        assert tasks.list_linkable(session, 10) == []
        by_number = tasks.by_numbers(session, consortium.id, [1, 2])
        session.expire_all()
        assert [by_number[n].source_link for n in (1, 2)] == [None, "https://x.slack.com/archives/C1/p1000001"]
