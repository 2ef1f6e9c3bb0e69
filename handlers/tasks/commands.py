"""`/task`, as people type it."""

from collections.abc import Callable, Sequence
from typing import NoReturn

from handlers.kit import command_text, lookup
from handlers.kit.block_kit import BUTTON_VALUE
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Ambiguous, Reading, Refusal, RefusalButton
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import nearest_command, run_subcommand
from handlers.kit.text import escape, truncate
from handlers.tasks import changes, interactions, offers, parsing
from handlers.tasks import lookup as task_lookup
from handlers.tasks.interactions import TaskChange
from handlers.tasks.offers import TaskDraft

HELP = (
    "`/task` lists your tasks, what is offered to you, and what has no owner. `/task all` lists everybody's, "
    "`/task agency` your agency's.\n"
    '`/task add "Draft the MOU"` adds a task that has no owner until somebody takes it. You can add `@ben` (who is '
    "asked and can say no), `due:2026-12-01` and `hours:6`. `/task new` opens a form.\n"
    "`/task take 21` makes a task yours, `/task decline 21` declines it, `/task offer 21 @cleo` offers it to somebody, "
    "`/task done 21` marks it as done, `/task drop 21` as no longer needed.\n"
    "`/task due 21 friday` and `/task hours 21 1.5` change it, `/task reopen 21` reopens it, `/task 21` shows it. "
    "The owner, the creator and facilitators can change a task.\n"
    "*Make this a task* in a message's menu creates a task that links to the message."
)


LISTS = ("all", "mine")


def task(request: SlackRequest) -> None:
    """Answer `/task`."""
    typed = command_text.parse(request.text, dated=parsing.DATED, efforts=parsing.EFFORTS)
    number = command_text.parse_number(typed.words[0].text) if _is_alone(typed) else None
    if not typed.words and not typed.options and not typed.gaps:
        interactions.show_list(request, "mine")
    elif (typed.words and typed.words[0].quoted) or (typed.gaps and not typed.words):
        _add(request, typed, 0)
    elif number is not None:
        interactions.show_task(request, number)
    elif typed.first in request.subcommands:
        run_subcommand(request, typed, parsing.EXAMPLE)
    else:
        _offer_to_create(request, typed)


def _is_alone(typed: CommandText) -> bool:
    return len(typed.words) == 1 and not typed.options


def _offer_to_create(request: SlackRequest, typed: CommandText) -> NoReturn:
    """Answer text that is no subcommand: name the nearest one, and offer to make the text a task."""
    # A further word that is neither quoted nor a number is part of a title: "order lunch" is not meant as "offer".
    is_prose = len(typed.words) > 1 and not any(
        word.quoted or word.folded in LISTS or command_text.parse_number(word.text) is not None
        for word in typed.words[:2]
    )
    readings: Sequence[Reading]
    if typed.people and len(typed.words) == 1:
        nearest, readings = " Did you mean everybody's tasks, `/task all`?", [Reading("/task all", "all")]
    else:
        nearest, readings = ("", []) if is_prose else nearest_command(request, typed, request.subcommands)
    answer = (
        f"I do not understand “{escape(truncate(typed.text, 100))}”.{nearest} To add a task, put it in quotes, for "
        f"example: {parsing.EXAMPLE}. `/task help` explains the rest."
    )
    request.require()
    new = RefusalButton("Make it a task", "task.form", truncate(typed.text, BUTTON_VALUE))
    raise Ambiguous(answer, request.text, readings, buttons=[new])


# subcommands -------------------------------------------------------------------------------------------


def help_command(request: SlackRequest, typed: CommandText) -> None:
    """Explain what can be typed."""
    if _is_alone(typed):
        request.answer(HELP)
    else:
        _offer_to_create(request, typed)


def list_command(which: str) -> Callable[[SlackRequest, CommandText], None]:
    """Return the subcommand that lists these tasks."""

    def show_list(request: SlackRequest, typed: CommandText) -> None:
        if _is_alone(typed):
            interactions.show_list(request, which)
        else:
            _offer_to_create(request, typed)

    return show_list


def show_command(request: SlackRequest, typed: CommandText) -> None:
    """Show the task with the number that was typed."""
    example = "/task show 21"
    numbers = parsing.task_numbers(typed, example)
    if len(numbers) > 1:
        raise Refusal(f"Name one task, so that I can show it. For example: `{example}`")
    interactions.show_task(request, numbers[0])


def number_command(
    run: Callable[[SlackRequest, int], None], change: TaskChange
) -> Callable[[SlackRequest, CommandText], None]:
    """Return the subcommand that `run` handles for one task, and `change` for each of several."""

    def change_tasks(request: SlackRequest, typed: CommandText) -> None:
        numbers = parsing.task_numbers(typed, f"/task {typed.first} 21")
        if len(numbers) == 1:
            run(request, numbers[0])
        else:
            interactions.change_tasks(request, numbers, change)

    return change_tasks


def add_command(request: SlackRequest, typed: CommandText) -> None:
    """Add a task; alone it opens the form."""
    _add(request, typed, 1)


def _add(request: SlackRequest, typed: CommandText, skip: int) -> None:
    if len(typed.words) == skip and not typed.options and not typed.gaps:
        interactions.open_new_form(request)
        return
    request.require()
    new = parsing.typed_task(request, typed, skip)
    with request.begin() as (session, caller):
        to = None
        if new.person:
            to = lookup.require_member(session, caller, new.person, task_lookup.NOT_OFFERED, parsing.EXAMPLE)
        due_on = parsing.read_due(new.due, request.now, caller, parsing.EXAMPLE) if new.due is not None else None
        hours = parsing.read_hours(new.hours, parsing.EXAMPLE) if new.hours is not None else None
        created = offers.create_task(session, caller, TaskDraft(new.title, to, due_on, hours), request.now)
        answer, buttons = interactions.offer_answer(session, caller, created, request.now)
    request.show_result(answer, *buttons)


def new_command(request: SlackRequest, typed: CommandText) -> None:
    """Open the form for a new task; further words become its title."""
    command_text.refuse_unknown_options(typed, (), parsing.EXAMPLE)
    interactions.open_new_form(request, typed.after(1))


def offer_command(request: SlackRequest, typed: CommandText) -> None:
    """Offer a task to somebody; without a person it opens the form."""
    example = f"/task {typed.first} 21 @cleo"
    number = parsing.task_number(typed, example)
    command_text.refuse_unknown_options(typed, (), f"`{example}`")
    request.require()
    if len(typed.words) == 2:
        interactions.open_offer_form(request, number)
        return
    person, rest = lookup.parse_person(request, typed, 2, f"`{example}`")
    if rest:
        left = escape(truncate(" ".join(word.text for word in rest), 60))
        raise Refusal(f"I understood the person, but not “{left}”. For example: `{example}`")
    interactions.offer_task(request, number, person, f"`{example}`")


def hours_command(request: SlackRequest, typed: CommandText) -> None:
    """Set the effort of a task."""
    number = parsing.task_number(typed, "/task hours 21 1.5")
    command_text.refuse_unknown_options(typed, (), f"`/task hours {number} 1.5`")
    hours = parsing.read_hours(typed.after(2), f"`/task hours {number} 1.5`")
    interactions.change_task(request, number, lambda s, c, n, now: changes.set_hours(s, c, n, hours, now))


def due_command(request: SlackRequest, typed: CommandText) -> None:
    """Set the due date of a task."""
    number = parsing.task_number(typed, "/task due 21 friday")
    command_text.refuse_unknown_options(typed, (), f"`/task due {number} friday`")
    with request.read() as (_, caller):
        due_on = parsing.read_due(typed.after(2), request.now, caller, f"`/task due {number} friday`")
    interactions.change_task(request, number, lambda s, c, n, now: changes.set_due(s, c, n, due_on, now))
