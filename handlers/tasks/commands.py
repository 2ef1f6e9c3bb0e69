"""`/task`, as people type it."""

from handlers.kit import command_text, lookup
from handlers.kit.block_kit import button, row, section
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape
from handlers.tasks import changes, interactions, offers, parsing, rules
from handlers.tasks import lookup as finding
from handlers.tasks.offers import TaskDraft

HELP = (
    "`/task` lists your tasks, what is offered to you, and what nobody has yet; `/task all` everybody's, "
    "`/task agency` your agency's.\n"
    '`/task add "Draft the MOU"` adds one that stays in sight until somebody takes it; you can add `@ben` (who is '
    "asked and may say no), `due:2026-12-01` and `hours:6`. `/task new` opens a form.\n"
    "`/task take 21` takes one, `/task decline 21` leaves it, `/task offer 21 @cleo` gives it to somebody, "
    "`/task done 21` says that it is done, `/task drop 21` that it need not be done.\n"
    "`/task due 21 friday` and `/task hours 21 1.5` change it, `/task reopen 21` opens it again, `/task 21` shows it. "
    "Who has a task, who made it and facilitators may change it.\n"
    "*Make this a task* in a message's menu makes one that leads back to the message."
)

_DO = {
    "take": interactions.take,
    "decline": interactions.decline,
    "done": interactions.done,
    "drop": interactions.drop,
    "reopen": interactions.reopen,
    "show": interactions.show,
}


def task(request: SlackRequest) -> None:
    """Answer /task."""
    typed = command_text.read(request.typed, parsing.KEYS, parsing.DATED)
    alone = len(typed.words) == 1 and not typed.options
    number = command_text.number(typed.words[0].text) if alone else None
    if not typed.words and not typed.options and not typed.gaps:
        interactions.show_list(request, "mine")
    elif (typed.words and typed.words[0].quoted) or (typed.gaps and not typed.words):
        _add(request, typed, 0)
    elif number is not None:
        interactions.show(request, number)
    elif alone and typed.first in {"all", "agency", "mine"}:
        interactions.show_list(request, typed.first)
    elif alone and typed.first == "help":
        request.answer(HELP)
    elif typed.first == "add":
        _add(request, typed, 1)
    elif typed.first == "new":
        interactions.open_form(request, typed.after(1))
    elif typed.first in _DO:
        _DO[typed.first](request, parsing.only_number(typed, f"/task {typed.first} 21"))
    elif typed.first in _CHANGE:
        _CHANGE[typed.first](request, typed)
    else:
        _unsure(request, typed)


def _unsure(request: SlackRequest, typed: Typed) -> None:
    """Answer words that are no command of ours: they may be meant as a task."""
    text = typed.text
    sentence = (
        f"I am not sure what “{escape(cut(text, 100))}” is. To add a task, put it in quotes, for example: "
        f"{parsing.EXAMPLE}. `/task help` explains the rest."
    )
    with request.look():
        request.answer(
            sentence, [section(sentence), row(button("Make it a task", "task.form", cut(text, rules.TITLE)))]
        )


def _add(request: SlackRequest, typed: Typed, skip: int) -> None:
    if len(typed.words) == skip and not typed.options and not typed.gaps:
        interactions.open_form(request)
        return
    request.require()
    wish = parsing.typed_wish(request, typed, skip)
    with request.begin() as (session, caller):
        to = lookup.member(session, caller, wish.person, finding.NEVER, parsing.EXAMPLE) if wish.person else None
        due_on = parsing.due(wish.due, request.now, caller, parsing.EXAMPLE) if wish.due is not None else None
        hours = parsing.hours(wish.hours, parsing.EXAMPLE) if wish.hours is not None else None
        made = offers.offer(session, caller, TaskDraft(wish.title, to, due_on, hours), request.now)
        said, buttons = interactions.made(session, caller, made, request.now)
    request.done(said, *buttons)


def _offer(request: SlackRequest, typed: Typed) -> None:
    example = f"/task {typed.first} 21 @cleo"
    number = parsing.number(typed, example)
    request.require()
    if len(typed.words) == 2:
        interactions.open_give(request, number)
        return
    person, rest = lookup.typed_person(request, typed, 2, f"`{example}`")
    if rest:
        left = escape(cut(" ".join(word.text for word in rest), 60))
        raise Refusal(f"I understood the person, but not “{left}”. For example: `{example}`")
    interactions.give(request, number, person, f"`{example}`")


def _hours(request: SlackRequest, typed: Typed) -> None:
    number = parsing.number(typed, "/task hours 21 1.5")
    example = f"`/task hours {number} 1.5`"
    hours = parsing.hours(typed.after(2), example)
    interactions.act(request, number, lambda s, c, n, now: changes.set_hours(s, c, n, hours, now))


def _due(request: SlackRequest, typed: Typed) -> None:
    number = parsing.number(typed, "/task due 21 friday")
    example = f"`/task due {number} friday`"
    with request.look() as (_, caller):
        due_on = parsing.due(typed.after(2), request.now, caller, example)
    interactions.act(request, number, lambda s, c, n, now: changes.set_due(s, c, n, due_on, now))


_CHANGE = {"offer": _offer, "give": _offer, "hours": _hours, "due": _due}
