"""What is pressed, filled in and shown of tasks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from slack_sdk.models.blocks.block_elements import ButtonElement
from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, lookup
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.tasks import changes, follow_ups, forms, lists, offers, parsing, rules, shortcuts, views
from handlers.tasks import lookup as finding
from handlers.tasks.offers import TaskDraft
from storage import tasks
from storage.tasks import Task
from storage.vocabulary import TaskState

Deed = Callable[[Session, Caller, int, datetime], str]


# lists -------------------------------------------------------------------------------------------------


def show_list(request: SlackRequest, which: str, number: int = 0, *, replace: bool = False) -> None:
    """List tasks, ten on a page."""
    with request.look() as (session, caller):
        shown = lists.page(session, caller, which, number, request.now)
        blocks = views.listing(shown, which, lists.today(caller, request.now))
    request.answer(f"{views.HEADS[which]}.", blocks, replace=replace)


def press_page(request: SlackRequest) -> None:
    """Turn a page."""
    which, _, number = request.value.partition("|")
    show_list(request, which if which in views.HEADS else "mine", command_text.row_id(number), replace=True)


def show(request: SlackRequest, number: int) -> None:
    """Show one task with what can be done."""
    with request.look() as (session, caller):
        task = tasks.get(session, caller.consortium.id, number) or finding.no_such(session, caller, number)
        line = lists.drawn(session, caller, [task], request.now)[0]
        blocks = views.shown(line, lists.today(caller, request.now))
    request.answer(f"Task {number}.", blocks)


# making and giving -------------------------------------------------------------------------------------


def open_form(request: SlackRequest, title: str = "") -> None:
    """Open the form for a new task."""
    request.require()
    request.open(forms.new(request.origin, title))


def press_form(request: SlackRequest) -> None:
    """Open the form from a button that may carry a title."""
    open_form(request, request.value)


def submit_new(request: SlackRequest) -> None:
    """Make a task from the form."""
    title, due_on, hours = parsing.written(request)
    chosen = request.chosen("person")
    person = lookup.person(request, chosen, "person") if chosen else None
    source, link = shortcuts.source(request)
    with request.begin() as (session, caller):
        problem = rules.due_problem(due_on, lists.today(caller, request.now))
        if problem:
            raise Refusal(problem, field="due")
        to = lookup.member(session, caller, person, finding.NEVER, "`/consortium who`", "person") if person else None
        draft = TaskDraft(title, to, due_on, hours, source, link)
        proposal = follow_ups.source(request, session, caller)
        if proposal is not None:
            draft = replace(draft, source=proposal.words, live_id=proposal.live_id)
        task = offers.offer(session, caller, draft, request.now)
        said, buttons = made(session, caller, task, request.now)
    request.done(said, *buttons)


def made(session: Session, caller: Caller, task: Task, now: datetime) -> tuple[str, list[ButtonElement]]:
    """Say with whom a task is that was just made or given, and what comes next."""
    number = str(task.number)
    said = offers.standing(session, caller, task, now)
    if task.owner_id is not None or task.offered_to is not None:
        return said, [block_kit.button("Done", "task.done", number)] if task.owner_id == caller.person.id else []
    return said, [
        block_kit.button("I take it", "task.take", number),
        block_kit.button("Give to somebody", "task.give", number),
    ]


def press_give(request: SlackRequest) -> None:
    """Open the form that asks to whom."""
    open_give(request, _pressed(request))


def open_give(request: SlackRequest, number: int) -> None:
    """Open the form with which a task is given to somebody."""
    with request.look() as (session, caller):
        view = forms.give(request.origin, finding.changeable(session, caller, number))
    request.open(view)


def submit_give(request: SlackRequest) -> None:
    """Offer a task to the person chosen in the form."""
    person = lookup.person(request, request.chosen("person"), "person")
    give(request, int(request.carry["number"]), person, "`/consortium who`", "person")


def give(request: SlackRequest, number: int, person: Person, example: str, field: str | None = None) -> None:
    """Offer a task to somebody."""
    with request.begin() as (session, caller):
        task = finding.changeable(session, caller, number)
        to = lookup.member(session, caller, person, finding.NEVER, example, field)
        offers.give(session, caller, task, to, request.now)
        said, buttons = made(session, caller, task, request.now)
    request.done(said, *buttons)


# what is done with one ---------------------------------------------------------------------------------


def _pressed(request: SlackRequest) -> int:
    number = command_text.number(request.value.rpartition("|")[2])
    if number is None:
        raise Refusal("This button belongs to an earlier time. `/task` lists your tasks.")
    return number


def act(request: SlackRequest, number: int, deed: Deed, label: str = "", action: str = "") -> None:
    """Do something with a task and say so, with the button that comes next."""
    with request.begin() as (session, caller):
        said = deed(session, caller, number, request.now)
    request.done(said, *([block_kit.button(label, action, str(number))] if label else []))


def take(request: SlackRequest, number: int) -> None:
    """Take a task."""
    act(request, number, offers.take, "Done", "task.done")


def decline(request: SlackRequest, number: int) -> None:
    """Leave a task to somebody else."""
    act(request, number, offers.decline)


def done(request: SlackRequest, number: int) -> None:
    """Say that a task is done."""
    act(request, number, lambda s, c, n, now: changes.settle(s, c, n, TaskState.DONE, now), *_AGAIN)


def drop(request: SlackRequest, number: int) -> None:
    """Say that a task need not be done."""
    act(request, number, lambda s, c, n, now: changes.settle(s, c, n, TaskState.DROPPED, now), *_AGAIN)


def reopen(request: SlackRequest, number: int) -> None:
    """Take back that a task is done or dropped."""
    act(request, number, changes.reopen)


_AGAIN = ("Open it again", "task.reopen")


def press(deed: Callable[[SlackRequest, int], None]) -> Callable[[SlackRequest], None]:
    """Make a listener for the button that does this."""
    return lambda request: deed(request, _pressed(request))


def press_more(request: SlackRequest) -> None:
    """Do what was chosen behind the three dots."""
    number = _pressed(request)
    if request.value.startswith("drop|"):
        drop(request, number)
        return
    with request.look() as (session, caller):
        view = forms.edit(request.origin, finding.changeable(session, caller, number))
    request.open(view)


def press_date(request: SlackRequest) -> None:
    """Open the form with which a task gets another date."""
    number = _pressed(request)
    with request.look() as (session, caller):
        view = forms.another_date(request.origin, finding.changeable(session, caller, number))
    request.open(view)


def submit_date(request: SlackRequest) -> None:
    """Give a task another date."""
    chosen = request.chosen("due")
    due_on = date.fromisoformat(chosen) if chosen else None
    act(request, int(request.carry["number"]), lambda s, c, n, now: changes.set_due(s, c, n, due_on, now))


def submit_edit(request: SlackRequest) -> None:
    """Change a task as the form says."""
    wanted = parsing.written(request)
    with request.begin() as (session, caller):
        said = changes.edit(session, caller, int(request.carry["number"]), wanted, request.now)
    request.done(said)
