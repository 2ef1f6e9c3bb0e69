"""What one person reads of what they carry: to nobody else."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.kit import block_kit
from handlers.kit.block_kit import Piece, section
from handlers.kit.hours import number
from handlers.kit.text import bold, cut, escape, lines, listed
from handlers.load.snapshot import Person
from handlers.warnings.suggestions import Advice, Asking
from storage.tasks import Task

SHOWN = 3
ASKED = 4
"""So many buttons of this kind stand in one row; pressing one makes room for the next."""

COMMAND = "`/workload`"


def overload(advice: Advice, *, again: bool) -> Piece:
    """Tell a person, kindly, that they hold more than they have time for, with ways to hand work over."""
    first = f"You {'still ' if again else ''}hold {held(advice.person)}; {_own(advice.person)}."
    kind = "It has been like this for a while." if again else "That is easy to happen and worth a look."
    text = lines([f"{first} {kind}", *_facts(advice), _way(advice)])
    buttons = [*_asks(advice), agreed(), change()]
    return Piece(first, [section(text), block_kit.row(*buttons)])


def eased(person: Person) -> Piece:
    """Tell a person that what they hold is within their hours again."""
    first = f"You hold {held(person)}, which is within your {number(person.carried.hours)} again."
    return Piece(first, [section(f"{first} There is nothing more to do.")])


def own(advice: Advice) -> list[Block]:
    """Show a person what they carry, when they ask."""
    person = advice.person
    first = f"*You* hold {held(person)}; {_own(person)}."
    if not person.carried.is_over:
        return [section(lines([first, _roles(person)])), block_kit.row(change())]
    return [section(lines([first, *_facts(advice), _way(advice)])), block_kit.row(*_asks(advice), change())]


def held(person: Person) -> str:
    """Say what somebody holds."""
    if not person.carried.load:
        return "no hours of consortium work for the next 30 days"
    return f"about {number(person.carried.load)} hours of consortium work for the next 30 days"


def _own(person: Person) -> str:
    hours = number(person.carried.hours)
    return f"you had said {hours}" if person.has_said else f"{hours} is usual here"


def _facts(advice: Advice) -> list[str]:
    largest = " · ".join(named(task) for task in advice.tasks[:SHOWN])
    asked = [f"{bold(f'#{task.number}', 20)} is offered to {escape(cut(name, 60))}" for task, name in advice.asked]
    return [
        f"Largest: {largest}" if largest else "",
        _roles(advice.person),
        f"{listed(asked[:ASKED])}, not answered yet." if asked else "",
    ]


def _roles(person: Person) -> str:
    return f"Your roles take {number(person.roles)} h a month of it." if person.roles else ""


def named(task: Task) -> str:
    """Name a task with its effort and its day."""
    due = f", due {task.due_on.day} {task.due_on:%b}" if task.due_on else ""
    return f"{bold(f'#{task.number} {task.title}', 120)}, {number(task.hours or 0)} h{due}"


def _way(advice: Advice) -> str:
    """Say who could take something, or what else could be done."""
    if not advice.askings:
        if advice.asked:
            return "If they take it, you are within your hours." if advice.enough else "That would be a part of it."
        if not advice.tasks:
            return "It is your roles that take it: `/workload roles` lists them, and a facilitator can pass one on."
        return (
            "Nobody who may be asked has room for one of your tasks just now. `/task offer` gives one to somebody you "
            "know of, and a facilitator can help."
        )
    names = sorted({escape(cut(one.to.name, 60)) for one in advice.askings})
    verb = "has" if len(names) == 1 else "have"
    more = "" if advice.enough else " That would not be all of it, but a good part."
    return f"{listed(names)} said that they may be asked, and {verb} room.{more}"


def _asks(advice: Advice) -> list[ButtonElement]:
    return [ask_button(one, place) for place, one in enumerate(advice.askings[:ASKED])]


def ask_button(one: Asking, place: int) -> ButtonElement:
    """Make the button with which somebody is asked to take a task."""
    label = f"Ask {cut(one.to.name, 40)} to take #{one.task.number}"
    return block_kit.button(label, f"load.ask.{place}", f"{one.task.number}|{one.to.id}")


def agreed() -> ButtonElement:
    """Make the button that says that all know and agree."""
    return block_kit.button("It is agreed", "load.agreed")


def change() -> ButtonElement:
    """Make the button that opens the form with one's own hours."""
    return block_kit.button("Change my hours", "load.hours")


def noted(sentence: str, advice: Advice | None) -> Sequence[Block]:
    """Say what was done, and what is left to do about one's load, where anything is."""
    if advice is None or not advice.person.carried.is_over or (advice.enough and not advice.askings):
        return [section(sentence)]
    buttons = [*_asks(advice), change()]
    return [section(lines([sentence, _way(advice) if advice.askings else ""])), block_kit.row(*buttons)]
