"""Lists, buttons and forms of tasks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks.block_elements import ButtonElement
from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, lookup
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.lists import Page, paginate
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.tasks import changes, departures, follow_ups, forms, lists, offers, parsing, rules, shortcuts, views
from handlers.tasks import lookup as task_lookup
from handlers.tasks.offers import TaskDraft
from storage import members, tasks
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import TaskState

TaskChange = Callable[[Session, Caller, int, datetime], str]
"""Change the task with this number, and return a sentence that says so."""


# lists -------------------------------------------------------------------------------------------------


def show_list(request: SlackRequest, which: str) -> None:
    """Show a list of tasks: "mine", "agency" or "all"."""
    request.show_window("tasks", which)


def press_list(request: SlackRequest) -> None:
    """Show the list that a reminder names, or turn a page of it."""
    request.show_window("tasks", request.value)


def render_list(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of tasks. The value names the list and the page."""
    which, _, number = value.partition("|")
    which = which if which in views.HEADINGS else "mine"
    with request.read() as (session, caller):
        page = lists.task_page(session, caller, which, command_text.parse_row_id(number), request.now)
        blocks = views.task_list(page, which, caller.today(request.now))
    return block_kit.info_form("Tasks", blocks)


def show_task(request: SlackRequest, number: int) -> None:
    """Show one task and its buttons."""
    request.show_window("task", str(number))


def render_task(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render the task with this number."""
    number = command_text.parse_row_id(value)
    with request.read() as (session, caller):
        task = tasks.get(session, caller.consortium.id, number)
        if task is None:
            task_lookup.refuse_unknown(session, caller, number)
        line = lists.task_lines(session, caller, [task], request.now)[0]
        blocks = views.task_blocks(line, caller.today(request.now))
    return block_kit.info_form(f"Task {number}", blocks)


# creating and offering ---------------------------------------------------------------------------------


def open_new_form(request: SlackRequest, title: str = "") -> None:
    """Open the form for a new task, filled in with a title and what stands behind it: a name, a date, an effort."""
    request.require()
    if not title:
        request.open_form(forms.new_task(request.origin, ""))
        return
    with request.read() as (session, caller):
        people = [who for who in members.active(session, caller.consortium.id) if who.team_id == request.workspace]
        title, person, due_on, hours = parsing.guess_task(title, people, caller, request.now)
    user_id = person.user_id if person else ""
    request.open_form(forms.new_task(request.origin, title, person=user_id, due_on=due_on, hours=hours))


def press_form(request: SlackRequest) -> None:
    """Open the form for a new task from a button, which may carry what was typed."""
    open_new_form(request, request.value)


def submit_new(request: SlackRequest) -> None:
    """Create a task from the form."""
    title, due_on, hours = parsing.submitted_task(request)
    chosen = request.selected_value("person")
    person = lookup.require_person(request, chosen, "person") if chosen else None
    source, link = shortcuts.message_source(request)
    with request.begin() as (session, caller):
        problem = rules.due_problem(due_on, caller.today(request.now))
        if problem:
            raise Refusal(problem, field="due")
        to = _member(session, caller, person) if person else None
        draft = TaskDraft(title, to, due_on, hours, source, link)
        proposal = follow_ups.proposal_source(request, session, caller)
        if proposal is not None:
            draft = replace(draft, source=proposal.words, live_id=proposal.live_id)
        task = offers.create_task(session, caller, draft, request.now)
        answer, buttons = offer_answer(session, caller, task, request.now)
    request.show_result(answer, *buttons)


def _member(session: Session, caller: Caller, person: Person) -> Member:
    return lookup.require_member(session, caller, person, task_lookup.NOT_OFFERED, "`/consortium who`", "person")


def offer_answer(session: Session, caller: Caller, task: Task, now: datetime) -> tuple[str, list[ButtonElement]]:
    """Return the answer after a task was created or offered, with what was understood of it, and its buttons."""
    number = str(task.number)
    sentence = offers.status_text(session, caller, task, now)
    sentence += "" if views.details_line(task) in sentence else views.details_line(task)
    other = tasks.same_title_without_owner(session, task)
    sentence += f" #{other} has the same title and no owner. `/task drop {other}` removes it." if other else ""
    if task.owner_id is not None or task.offered_to is not None:
        done = [block_kit.button("Done", "task.done", number)]
        return sentence, done if task.owner_id == caller.person.id else []
    return sentence, [views.take_button(task), views.offer_button(task)]


def press_offer(request: SlackRequest) -> None:
    """Open the form that offers a task to somebody."""
    open_offer_form(request, _pressed_number(request))


def open_offer_form(request: SlackRequest, number: int) -> None:
    """Open the form that offers this task to somebody."""
    with request.read() as (session, caller):
        view = forms.offer_task(request.origin, task_lookup.lock_changeable_task(session, caller, number))
    request.open_form(view)


def submit_offer(request: SlackRequest) -> None:
    """Offer a task to the person chosen in the form."""
    person = lookup.require_person(request, request.selected_value("person"), "person")
    offer_task(request, request.metadata.number("number"), person, "`/consortium who`", "person")


def offer_task(request: SlackRequest, number: int, person: Person, example: str, field: str | None = None) -> None:
    """Offer this task to a person."""
    with request.begin() as (session, caller):
        task = task_lookup.lock_changeable_task(session, caller, number)
        to = lookup.require_member(session, caller, person, task_lookup.NOT_OFFERED, example, field)
        offers.offer_to(session, caller, task, to, request.now)
        answer, buttons = offer_answer(session, caller, task, request.now)
    request.show_result(answer, *buttons)


# changing one task -------------------------------------------------------------------------------------


def _pressed_number(request: SlackRequest) -> int:
    number = command_text.parse_number(request.value.rpartition("|")[2])
    if number is None:
        raise Refusal("This button is out of date. `/task` lists your tasks.")
    return number


def change_task(request: SlackRequest, number: int, change: TaskChange, label: str = "", action: str = "") -> None:
    """Change a task in one transaction and answer, with a button for the next step if `label` names one."""
    with request.begin() as (session, caller):
        answer = change(session, caller, number, request.now)
    request.show_result_below(answer, *([block_kit.button(label, action, str(number))] if label else []))


def change_tasks(request: SlackRequest, numbers: Sequence[int], change: TaskChange) -> None:
    """Change several tasks in one transaction, and answer for each. Where one cannot be changed, the others are."""
    with request.begin() as (session, caller):
        answers = [_changed(session, caller, number, request.now, change) for number in numbers]
    request.show_result("\n".join(answers))


def _changed(session: Session, caller: Caller, number: int, now: datetime, change: TaskChange) -> str:
    try:
        with session.begin_nested():
            return change(session, caller, number, now)
    except Refusal as refusal:
        return refusal.sentence


def take_task(request: SlackRequest, number: int) -> None:
    """Make the caller the owner of a task."""
    change_task(request, number, offers.take_task, "Done", "task.done")


def decline_task(request: SlackRequest, number: int) -> None:
    """Decline an offered task."""
    change_task(request, number, offers.decline_task)


def finish_task(request: SlackRequest, number: int) -> None:
    """Mark a task as done."""
    _settle_task(request, number, TaskState.DONE)


def drop_task(request: SlackRequest, number: int) -> None:
    """Mark a task as dropped."""
    _settle_task(request, number, TaskState.DROPPED)


def settle(state: TaskState) -> TaskChange:
    """Return the change that settles a task in this state."""
    return lambda session, caller, number, now: changes.settle_task(session, caller, number, state, now)


def _settle_task(request: SlackRequest, number: int, state: TaskState) -> None:
    change_task(request, number, settle(state), "Reopen", "task.reopen")


def reopen_task(request: SlackRequest, number: int) -> None:
    """Reopen a task that is done or dropped."""
    change_task(request, number, changes.reopen_task)


def number_button(run: Callable[[SlackRequest, int], None]) -> Callable[[SlackRequest], None]:
    """Return the listener of a button that carries a task's number."""
    return lambda request: run(request, _pressed_number(request))


def press_more(request: SlackRequest) -> None:
    """Run the entry chosen in a task's menu: drop it, or open the form that changes it."""
    number = _pressed_number(request)
    if request.value.startswith("drop|"):
        drop_task(request, number)
        return
    with request.read() as (session, caller):
        view = forms.edit_task(request.origin, task_lookup.lock_changeable_task(session, caller, number))
    request.open_form(view)


def press_due(request: SlackRequest) -> None:
    """Open the form that changes a task's due date."""
    number = _pressed_number(request)
    with request.read() as (session, caller):
        view = forms.change_due(request.origin, task_lookup.lock_changeable_task(session, caller, number))
    request.open_form(view)


def submit_due(request: SlackRequest) -> None:
    """Change a task's due date as submitted."""
    due_on = request.selected_date("due")
    number = request.metadata.number("number")
    change_task(request, number, lambda s, c, n, now: changes.set_due(s, c, n, due_on, now))


def submit_edit(request: SlackRequest) -> None:
    """Change a task as submitted."""
    values = parsing.submitted_task(request)
    number = request.metadata.number("number")
    change_task(request, number, lambda s, c, n, now: changes.edit_task(s, c, n, values, now, request.metadata))


# what somebody left behind -----------------------------------------------------------------------------


def press_give_left(request: SlackRequest) -> None:
    """Open the form that offers everything that somebody left behind to one person."""
    with request.read() as (session, caller):
        who = departures.find_former_owner(session, caller, command_text.parse_row_id(request.value))
        left = tasks.left_behind(session, who.id)
        if not left:
            raise departures.nothing_left(who)
        view = forms.offer_left_tasks(request.origin, who, len(left))
    request.open_form(view)


def submit_give_left(request: SlackRequest) -> None:
    """Offer everything that somebody left behind to the person chosen in the form."""
    person = lookup.require_person(request, request.selected_value("person"), "person")
    with request.begin() as (session, caller):
        who = departures.find_former_owner(session, caller, request.metadata.number("former"))
        to = _member(session, caller, person)
        answer = departures.offer_all(session, caller, who, to, request.now)
    request.show_result(answer)


def press_drop_left(request: SlackRequest) -> None:
    """Drop everything that somebody left behind."""
    with request.begin() as (session, caller):
        who = departures.find_former_owner(session, caller, command_text.parse_row_id(request.value))
        answer = departures.drop_all(session, caller, who, request.now)
    request.show_result(answer)


def press_list_left(request: SlackRequest) -> None:
    """Open the window that lists what somebody left behind."""
    with request.read() as (session, caller):
        view = _left_window(request, session, caller, command_text.parse_row_id(request.value), 0)
    request.open_form(view)


def press_left_page(request: SlackRequest) -> None:
    """Turn a page of that window."""
    former, _, number = request.value.partition("|")
    with request.read() as (session, caller):
        parsed = command_text.parse_row_id(former), command_text.parse_row_id(number)
        view = _left_window(request, session, caller, *parsed)
    request.replace_form(view)


def press_ask_left(request: SlackRequest) -> None:
    """Offer one task to the person chosen beside it in that window, and show it as it is then."""
    number = _number_of_action(request)
    person = lookup.require_person(request, str(request.action.get("selected_user") or ""))
    with request.begin() as (session, caller):
        task = task_lookup.lock_changeable_task(session, caller, number)
        to = lookup.require_member(session, caller, person, task_lookup.NOT_OFFERED, "`/consortium who`")
        offers.offer_to(session, caller, task, to, request.now)
        session.flush()
        view = _shown_window(request, session, caller)
    request.replace_form(view)


def press_drop_one_left(request: SlackRequest) -> None:
    """Drop one task in that window."""
    number = _number_of_action(request)
    with request.begin() as (session, caller):
        changes.settle_task(session, caller, number, TaskState.DROPPED, request.now)
        session.flush()
        view = _shown_window(request, session, caller)
    request.replace_form(view)


def _number_of_action(request: SlackRequest) -> int:
    number = command_text.parse_number(str(request.action["action_id"]).rpartition(".")[2])
    if number is None:
        raise Refusal("This button is out of date. `/task` lists your tasks.")
    return number


def _shown_window(request: SlackRequest, session: Session, caller: Caller) -> dict[str, Any]:
    former, page = request.metadata.number("former"), request.metadata.number("page")
    return _left_window(request, session, caller, former, page)


def _left_window(request: SlackRequest, session: Session, caller: Caller, former: int, page: int) -> dict[str, Any]:
    who = departures.find_former_owner(session, caller, former)
    left = paginate(tasks.left_behind(session, who.id), page)
    lines = Page(lists.task_lines(session, caller, left.items, request.now), left.number, left.last, left.total)
    return forms.left_tasks(request.origin, who, lines, caller.today(request.now))
