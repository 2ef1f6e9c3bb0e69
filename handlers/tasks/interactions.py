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
from handlers.kit.slack_request import Ask
from handlers.tasks import changes, follow_ups, forms, lists, offers, parsing, rules, shortcuts, views
from handlers.tasks import lookup as finding
from handlers.tasks.offers import Draft
from storage import tasks
from storage.tasks import Task
from storage.vocabulary import TaskState

Deed = Callable[[Session, Caller, int, datetime], str]


# lists -------------------------------------------------------------------------------------------------


def show_list(ask: Ask, which: str, number: int = 0, *, replace: bool = False) -> None:
    """List tasks, ten on a page."""
    with ask.look() as (session, caller):
        shown = lists.page(session, caller, which, number, ask.now)
        blocks = views.listing(shown, which, lists.today(caller, ask.now))
    ask.answer(f"{views.HEADS[which]}.", blocks, replace=replace)


def press_page(ask: Ask) -> None:
    """Turn a page."""
    which, _, number = ask.value.partition("|")
    show_list(ask, which if which in views.HEADS else "mine", int(number) if number.isdecimal() else 0, replace=True)


def show(ask: Ask, number: int) -> None:
    """Show one task with what can be done."""
    with ask.look() as (session, caller):
        task = tasks.get(session, caller.consortium.id, number) or finding.no_such(session, caller, number)
        line = lists.drawn(session, caller, [task], ask.now)[0]
        blocks = views.shown(line, lists.today(caller, ask.now))
    ask.answer(f"Task {number}.", blocks)


# making and giving -------------------------------------------------------------------------------------


def open_form(ask: Ask, title: str = "") -> None:
    """Open the form for a new task."""
    with ask.look():
        pass
    ask.open(forms.new(ask.origin, title))


def press_form(ask: Ask) -> None:
    """Open the form from a button that may carry a title."""
    open_form(ask, ask.value)


def submit_new(ask: Ask) -> None:
    """Make a task from the form."""
    title, due_on, hours = parsing.written(ask)
    chosen = ask.chosen("person")
    person = lookup.person(ask, chosen, "person") if chosen else None
    source, link = shortcuts.source(ask)
    with ask.begin() as (session, caller):
        problem = rules.due_problem(due_on, lists.today(caller, ask.now))
        if problem:
            raise Refusal(problem, field="due")
        to = lookup.member(session, caller, person, finding.NEVER, "`/consortium who`", "person") if person else None
        draft = Draft(title, to, due_on, hours, source, link)
        proposal = follow_ups.source(ask, session, caller)
        if proposal is not None:
            draft = replace(draft, source=proposal.words, live_id=proposal.live_id)
        task = offers.offer(session, caller, draft, ask.now)
        said, buttons = made(session, caller, task, ask.now)
    ask.done(said, *buttons)


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


def press_give(ask: Ask) -> None:
    """Open the form that asks to whom."""
    open_give(ask, _pressed(ask))


def open_give(ask: Ask, number: int) -> None:
    """Open the form with which a task is given to somebody."""
    with ask.look() as (session, caller):
        view = forms.give(ask.origin, finding.changeable(session, caller, number))
    ask.open(view)


def submit_give(ask: Ask) -> None:
    """Offer a task to the person chosen in the form."""
    person = lookup.person(ask, ask.chosen("person"), "person")
    give(ask, int(ask.carry["number"]), person, "`/consortium who`", "person")


def give(ask: Ask, number: int, person: Person, example: str, field: str | None = None) -> None:
    """Offer a task to somebody."""
    with ask.begin() as (session, caller):
        task = finding.changeable(session, caller, number)
        to = lookup.member(session, caller, person, finding.NEVER, example, field)
        offers.give(session, caller, task, to, ask.now)
        said, buttons = made(session, caller, task, ask.now)
    ask.done(said, *buttons)


# what is done with one ---------------------------------------------------------------------------------


def _pressed(ask: Ask) -> int:
    number = command_text.number(ask.value.rpartition("|")[2])
    if number is None:
        raise Refusal("This button belongs to an earlier time. `/task` lists your tasks.")
    return number


def act(ask: Ask, number: int, deed: Deed, label: str = "", action: str = "") -> None:
    """Do something with a task and say so, with the button that comes next."""
    with ask.begin() as (session, caller):
        said = deed(session, caller, number, ask.now)
    ask.done(said, *([block_kit.button(label, action, str(number))] if label else []))


def take(ask: Ask, number: int) -> None:
    """Take a task."""
    act(ask, number, offers.take, "Done", "task.done")


def decline(ask: Ask, number: int) -> None:
    """Leave a task to somebody else."""
    act(ask, number, offers.decline)


def done(ask: Ask, number: int) -> None:
    """Say that a task is done."""
    act(ask, number, lambda s, c, n, now: changes.settle(s, c, n, TaskState.DONE, now), *_AGAIN)


def drop(ask: Ask, number: int) -> None:
    """Say that a task need not be done."""
    act(ask, number, lambda s, c, n, now: changes.settle(s, c, n, TaskState.DROPPED, now), *_AGAIN)


def reopen(ask: Ask, number: int) -> None:
    """Take back that a task is done or dropped."""
    act(ask, number, changes.reopen)


_AGAIN = ("Open it again", "task.reopen")


def press(deed: Callable[[Ask, int], None]) -> Callable[[Ask], None]:
    """Make a listener for the button that does this."""
    return lambda ask: deed(ask, _pressed(ask))


def press_more(ask: Ask) -> None:
    """Do what was chosen behind the three dots."""
    number = _pressed(ask)
    if ask.value.startswith("drop|"):
        drop(ask, number)
        return
    with ask.look() as (session, caller):
        view = forms.edit(ask.origin, finding.changeable(session, caller, number))
    ask.open(view)


def press_date(ask: Ask) -> None:
    """Open the form with which a task gets another date."""
    number = _pressed(ask)
    with ask.look() as (session, caller):
        view = forms.another_date(ask.origin, finding.changeable(session, caller, number))
    ask.open(view)


def submit_date(ask: Ask) -> None:
    """Give a task another date."""
    chosen = ask.chosen("due")
    due_on = date.fromisoformat(chosen) if chosen else None
    act(ask, int(ask.carry["number"]), lambda s, c, n, now: changes.set_due(s, c, n, due_on, now))


def submit_edit(ask: Ask) -> None:
    """Change a task as the form says."""
    wanted = parsing.written(ask)
    with ask.begin() as (session, caller):
        said = changes.edit(session, caller, int(ask.carry["number"]), wanted, ask.now)
    ask.done(said)
