"""Tasks in Block Kit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit, hours, todo
from handlers.kit.block_kit import MessagePart, context, section, text_sections
from handlers.kit.lists import Page, fit_to_message
from handlers.kit.text import bold, escape, format_day, join_names, link, pluralize, truncate
from handlers.kit.todo import TodoReader
from handlers.tasks import rules
from handlers.tasks.news import Deed
from storage.members import Member
from storage.tasks import Task
from storage.todo import TodoItem
from storage.vocabulary import MemberId, TaskState

WIDTHS = (150, 60, 10)
"""Titles and names are cut until a page fits into one message. The last width always fits, without links."""


@dataclass(frozen=True)
class TaskLine:
    """A task as one reader sees it in a list, with what the reader has to do with it.

    `effect` says what taking the task would do to the reader's load; empty unless it is offered to them. `former` is
    who had it and left, if nobody has taken it since.
    """

    task: Task
    owner: str
    offered_to: str
    mine: bool
    asked: bool
    may_change: bool
    effect: str = ""
    former: str = ""

    @property
    def group(self) -> str:
        """The heading under which the reader finds the task."""
        if self.asked:
            return "Offered to you"
        if self.mine:
            return "Yours"
        return "No owner yet" if self.task.owner_id is None else "Others'"


def task_name(task: Task, limit: int = 300) -> str:
    """Return a task's number and title in bold."""
    return bold(f"#{task.number} {task.title}", limit)


def details(
    task: Task,
    today: date | None = None,
    width: int = rules.SOURCE,
    *,
    dated: bool = True,
    with_effort: bool = True,
) -> list[str]:
    """Return a task's due date (if `dated`), effort (if `with_effort`) and source, as far as they are known."""
    parts = []
    if task.due_on is not None and dated:
        late = today is not None and task.state is TaskState.OPEN and task.due_on < today
        parts.append(f"{'was due' if late else 'due'} {format_day(task.due_on)}")
    if task.hours is not None and with_effort:
        parts.append(f"about {hours.format_effort(task.hours)}")
    if task.source:
        parts.append(f"from {link(truncate(task.source, width), task.source_link if width > WIDTHS[-1] else None)}")
    return parts


def details_line(task: Task, *, dated: bool = True, with_effort: bool = True) -> str:
    """Return a task's details on a line of their own, after a line break; empty if there are none."""
    line = " · ".join(details(task, dated=dated, with_effort=with_effort))
    return f"\n{line[0].upper()}{line[1:]}" if line else ""


# buttons -----------------------------------------------------------------------------------------------


def take_button(task: Task) -> ButtonElement:
    """Return the button that takes a task."""
    return block_kit.button("I'll take it", "task.take", str(task.number))


def offer_button(task: Task) -> ButtonElement:
    """Return the button that opens the form to offer a task."""
    return block_kit.button("Offer to somebody", "task.give", str(task.number))


def new_task_button() -> ButtonElement:
    """Return the button that opens the form for a new task."""
    return block_kit.button("New task", "task.form")


def task_buttons(line: TaskLine) -> list[ButtonElement]:
    """Return the buttons for what the reader can do with a task."""
    task_number = str(line.task.number)
    if line.task.state is not TaskState.OPEN:
        return [block_kit.button("Reopen", "task.reopen", task_number)] if line.may_change else []
    done = block_kit.button("Done", "task.done", task_number)
    buttons = []
    if line.mine:
        buttons.append(done)
    if line.asked or line.task.owner_id is None:
        buttons.append(take_button(line.task))
    if line.asked:
        buttons.append(block_kit.button("Not me", "task.decline", task_number))
    if line.may_change:
        buttons.append(offer_button(line.task))
        if not line.mine:
            buttons.append(done)
    return buttons


# answers and messages ----------------------------------------------------------------------------------


def taken_answer(task: Task) -> str:
    """Return the answer to a person who took a task."""
    return f"{task_name(task)} is yours now.{details_line(task)}"


def unchanged_answer(task: Task) -> str:
    """Return the answer to a change after which a task would be as it is."""
    return f"{task_name(task)} is unchanged.{details_line(task)}"


def change_answer(task: Task, deed: Deed) -> str:
    """Return a sentence that says how a task was changed."""
    return f"{task_name(task)} {_change(task, deed)}."


def _change(task: Task, deed: Deed) -> str:
    """Return what became of a task, as the end of a sentence that begins with it."""
    if deed is Deed.HOURS and task.hours is not None:
        return f"is about {hours.format_effort(task.hours)} of work"
    if deed is Deed.DUE and task.due_on is not None:
        return f"is due {format_day(task.due_on)}"
    return _CHANGES[deed]


_CHANGES = {
    Deed.DONE: "is done",
    Deed.DROPPED: "is dropped: it is no longer needed",
    Deed.REOPENED: "is open again",
    Deed.HOURS: "has no effort anymore",
    Deed.DUE: "has no due date anymore",
    Deed.CHANGED: "was changed",
    Deed.RESTORED: "is as it was before",
}


MAX_LISTED = 10
"""The most tasks that a message lists; `/task` has the rest."""


# lists -------------------------------------------------------------------------------------------------

EMPTY = {
    "mine": "You have no tasks, and none is waiting for an owner.",
    "all": "There are no open tasks.",
    "agency": "Your agency's people have no open tasks.",
}
HEADINGS = {"mine": "Your tasks, and those without an owner", "all": "All open tasks", "agency": "Your agency's tasks"}


def task_list(page: Page[TaskLine], which: str, today: date) -> list[Block]:
    """Return one page of tasks with their buttons."""
    if not page.total:
        text = f'{EMPTY[which]} To add one: `/task add "Draft the MOU" due:friday`'
        return [section(text), block_kit.actions(new_task_button())]
    blocks: list[Block] = []
    for width in WIDTHS:
        blocks = _page(page, which, today, width)
        if block_kit.json_size(blocks) < block_kit.MESSAGE_CHARACTERS - 500:
            break
    return blocks


def _page(page: Page[TaskLine], which: str, today: date, width: int) -> list[Block]:
    blocks: list[Block] = [section(f"*{HEADINGS[which]}* · {page.total} open")]
    group = ""
    for line in page.items:
        if which == "mine" and line.group != group:
            group = line.group
            blocks.append(context(f"*{group}*"))
        blocks += task_blocks(line, today, width)
    turns = [
        block_kit.button("Back", "task.page.back", f"{which}|{page.number - 1}") if page.number else None,
        block_kit.button("More", "task.page.more", f"{which}|{page.number + 1}") if page.number < page.last else None,
    ]
    if page.last:
        blocks.append(context(f"Page {page.number + 1} of {page.last + 1}"))
    return [*blocks, block_kit.actions(*turns, new_task_button())]


def task_blocks(line: TaskLine, today: date, width: int = WIDTHS[0]) -> list[Block]:
    """Return one task with its buttons and menu."""
    buttons = task_buttons(line)
    menu = None
    if line.may_change and line.task.state is TaskState.OPEN:
        number = line.task.number
        choices = [block_kit.option("Edit …", f"edit|{number}"), block_kit.option("Drop it", f"drop|{number}")]
        menu = block_kit.overflow_menu("task.more", choices)
    return [section(line_text(line, today, width)), *([block_kit.actions(*buttons, menu)] if buttons else [])]


def line_text(line: TaskLine, today: date, width: int = WIDTHS[0]) -> str:
    """Return a task in a list: its title, who has it, and its details."""
    task = line.task
    owner = "yours" if line.mine else escape(truncate(line.owner, width)) if line.owner else _no_owner(line, width)
    asked = "you" if line.asked else escape(truncate(line.offered_to, width))
    parts = [owner, *([f"offered to {asked}"] if line.offered_to else []), *details(task, today, width)]
    if task.state is not TaskState.OPEN:
        parts.insert(0, task.state.value)
    effect = f"\n{line.effect}" if line.effect else ""
    return f"{task_name(task, width)}\n{' · '.join(parts)}{effect}"


def _no_owner(line: TaskLine, width: int) -> str:
    return f"no owner now (was {escape(truncate(line.former, width))}'s)" if line.former else "no owner yet"


# notices -----------------------------------------------------------------------------------------------


def _answer_buttons(number: int) -> Block:
    return block_kit.actions(
        block_kit.button("I'll take it", "task.take", str(number), style="primary"),
        block_kit.button("Not me", "task.decline", str(number)),
    )


def offer_notice(
    task: Task, giver: str, agency: str, owner: str, effect: str, *, again: bool = False, gone: bool = False
) -> MessagePart:
    """Return the question whether somebody takes a task, also if it is asked `again` or the giver is `gone`.

    `owner` has it until then, if anybody; `effect` says what it would do to the person's load.
    """
    who = f"{giver} ({agency})" if agency else giver
    until_then = f" {escape(owner)} has it until you do." if owner else ""
    asks = "would still like to know" if again else "asks"
    if gone:
        asks = "has left the consortium, and had asked"
        until_then = f" You have not answered yet.{until_then}" if again else until_then
    text = f"{escape(who)} {asks} if you can take {task_name(task)}.{until_then}{details_line(task)}\n{effect}"
    summary = f"{escape(giver)} {asks} if you can take {_short_name(task)}."
    return MessagePart(summary, [section(text), _answer_buttons(task.number)])


def no_answer_notice(task: Task, asked: str, gone: str = "") -> MessagePart:
    """Tell the person who offered a task, or a facilitator if that person is `gone`, that nobody has answered."""
    text = (
        f"{escape(asked)} has not said whether they can take {task_name(task)}. You could ask them, or somebody else."
    )
    text += f" {escape(gone)}, who offered it, has left." if gone else ""
    summary = f"{escape(asked)} has not answered about {_short_name(task)}."
    take = [take_button(task)] if task.owner_id is None else []
    return MessagePart(summary, [section(text), block_kit.actions(offer_button(task), *take)])


def reminder_notice(named: Sequence[Task], today: date, names: Mapping[MemberId, str]) -> MessagePart:
    """Return the reminder of an owner's tasks that are due soon, today, or overdue."""
    return _due_task(named[0], today, names) if len(named) == 1 else _due_tasks(named, today, names)


def _due_task(task: Task, today: date, names: Mapping[MemberId, str]) -> MessagePart:
    when, unanswered = _when(task, today), _unanswered(task, names)
    overdue = " Is it done, or should the date or the owner change?" if _is_late(task, today) and not unanswered else ""
    buttons = block_kit.actions(
        block_kit.button("Done", "task.done", str(task.number), style="primary"),
        block_kit.button("Change date", "task.date", str(task.number)),
        offer_button(task),
    )
    text = f"{task_name(task)} {when}.{overdue}{unanswered}{details_line(task, dated=False)}"
    return MessagePart(f"{_short_name(task)} {when}.", [section(text), buttons])


def _due_tasks(named: Sequence[Task], today: date, names: Mapping[MemberId, str]) -> MessagePart:
    """List what is due soon, then what is late, each with the button that settles it."""
    late = [task for task in named if _is_late(task, today)]
    soon = [task for task in named if task not in late]
    counts = [f"{len(soon)} due soon" if soon else "", f"{len(late)} late" if late else ""]
    head = f"Your tasks: {' and '.join(count for count in counts if count)}."
    ask = " Are they done, or should the dates or the owners change?" if late else ""

    def render(width: int) -> list[Block]:
        rows = [
            section(
                f"{task_name(task, width)} {_when(task, today)}.{_unanswered(task, names, width)}",
                accessory=block_kit.button("Done", "task.done", str(task.number)),
            )
            for task in [*soon, *late][:MAX_LISTED]
        ]
        return [section(f"*{head}*{ask}"), *rows, *_rest(len(named), "mine")]

    return MessagePart(head, fit_to_message(render))


def _rest(count: int, which: str) -> list[Block]:
    """Return how many tasks a list leaves out, and the button that shows them all."""
    more = count - MAX_LISTED
    text = [context(f"{pluralize(more, 'more is', 'more are')} in the list.")] if more > 0 else []
    label = "All my tasks" if which == "mine" else "All tasks"
    return [*text, block_kit.actions(block_kit.button(label, f"task.list.{which}", which))]


def _short_name(task: Task) -> str:
    return f"#{task.number} {escape(truncate(task.title, 200))}"


def _unanswered(task: Task, names: Mapping[MemberId, str], width: int = WIDTHS[0]) -> str:
    if task.offered_to is None:
        return ""
    return f" {escape(truncate(names[task.offered_to], width))} was asked to take it and has not answered yet."


def _is_late(task: Task, today: date) -> bool:
    return task.due_on is not None and task.due_on < today


def _when(task: Task, today: date) -> str:
    if task.due_on is None:
        return "has no due date"
    left, day = (task.due_on - today).days, format_day(task.due_on)
    if left < 0:
        return f"was due {day}, {'yesterday' if left == -1 else pluralize(-left, 'day') + ' ago'}"
    words = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    return f"is due {words}, {day}"


def unowned_notice(tasks: Sequence[Task], today: date, names: Mapping[MemberId, str], reader: MemberId) -> MessagePart:
    """Tell the creator of tasks, or a facilitator, that nobody has them, a week before they are due or when late."""
    if len(tasks) == 1:
        task = tasks[0]
        text = f"Nobody has {task_name(task)}. It {_when(task, today)}.{_former(task, names)}{_unanswered(task, names)}"
        summary = f"Nobody has {_short_name(task)}. It {_when(task, today)}."
        return MessagePart(summary, [section(text), block_kit.actions(offer_button(task), take_button(task))])
    are_theirs = all(task.created_by == reader for task in tasks)
    head = (
        f"Nobody has {len(tasks)} of the tasks that you added." if are_theirs else f"{len(tasks)} tasks have no owner."
    )

    def render(width: int) -> list[Block]:
        rows = [
            section(
                f"{task_name(task, width)} {_when(task, today)}.{_former(task, names, width)}"
                f"{_unanswered(task, names, width)}",
                accessory=offer_button(task),
            )
            for task in tasks[:MAX_LISTED]
        ]
        return [section(f"*{head}*"), *rows, *_rest(len(tasks), "all")]

    return MessagePart(head, fit_to_message(render))


def _former(task: Task, names: Mapping[MemberId, str], width: int = WIDTHS[0]) -> str:
    if task.former_owner_id is None:
        return ""
    return f" It was {escape(truncate(names[task.former_owner_id], width))}'s."


def news_notice(news: Sequence[tuple[Task, Deed, str]], reader: MemberId, names: Mapping[MemberId, str]) -> MessagePart:
    """Tell a reader what others did with tasks: (task, what, who), oldest first."""
    if len(news) == 1:
        ((task, deed, who),) = news
        text = _news_line(task, deed, who, reader, names)
        buttons = [block_kit.actions(*_after_decline(task))] if deed in _REFUSALS and _after_decline(task) else []
        # what the sentence says already is not repeated
        more = details_line(task, dated=deed is not Deed.DUE, with_effort=deed is not Deed.HOURS)
        piece = [section(text if deed in _REFUSALS or deed is Deed.REASKED else f"{text}{more}"), *buttons]
        return MessagePart(_news_summary(task, deed, who), piece)
    head = f"News of {pluralize(len({task.number for task, _, _ in news}), 'task')}."

    def render(width: int) -> list[Block]:
        rows = []
        for task, deed, who in news[:MAX_LISTED]:
            offer = _after_decline(task)[:1] if deed in _REFUSALS else []
            line = _news_line(task, deed, who, reader, names, width)
            rows.append(section(line, accessory=offer[0]) if offer else section(line))
        return [section(f"*{head}*"), *rows, *(_rest(len(news), "all") if len(news) > MAX_LISTED else [])]

    return MessagePart(f"{head} {_news_summary(*news[0])}", fit_to_message(render))


def _news_summary(task: Task, deed: Deed, who: str) -> str:
    return _news_sentence(_short_name(task), task, deed, escape(who))


def _news_line(
    task: Task, deed: Deed, who: str, reader: MemberId, names: Mapping[MemberId, str], width: int = WIDTHS[0]
) -> str:
    sentence = _news_sentence(task_name(task, width), task, deed, escape(truncate(who, width)))
    is_theirs = task.owner_id is not None and names.get(task.owner_id) == who
    if deed in _REFUSALS or deed is Deed.REASKED or (deed is Deed.TAKEN and not is_theirs):
        return f"{sentence}{_state_now(task, deed, reader, names, width)}"
    return sentence


def _news_sentence(name: str, task: Task, deed: Deed, who: str) -> str:
    if deed is Deed.TAKEN:
        return f"{who} took {name}."
    if deed is Deed.REASKED:
        return f"{who} asked somebody else to take {name}."
    return f"{who} {_REFUSALS[deed]} {name}." if deed in _REFUSALS else f"{who}: {name} {_change(task, deed)}."


_REFUSALS = {Deed.DECLINED: "declined", Deed.UNANSWERED: "has left without saying whether they can take"}


def _state_now(task: Task, deed: Deed, reader: MemberId, names: Mapping[MemberId, str], width: int) -> str:
    """Return who has a task that somebody declined, or took and no longer has, when the reader hears of it."""
    if task.state is not TaskState.OPEN:
        return ""
    if task.offered_to is not None:
        return f" {escape(truncate(names[task.offered_to], width))} is asked now."
    if task.owner_id == reader:
        return " You have it now." if deed is Deed.TAKEN else " You still have it."
    if task.owner_id is not None:
        return f" {escape(truncate(names[task.owner_id], width))} has it."
    since = "yet" if task.former_owner_id is None else "now"
    return f" It has no owner {since} and stays on the `/task` list."


def _after_decline(task: Task) -> list[ButtonElement]:
    """Return what can be done with a task that somebody declined, unless somebody else has been asked since."""
    if task.state is not TaskState.OPEN or task.offered_to is not None:
        return []
    return [offer_button(task), *([take_button(task)] if task.owner_id is None else [])]


# what somebody left behind -----------------------------------------------------------------------------


def left_tasks_notice(
    former: Member, listed: Sequence[Task], today: date, names: Mapping[MemberId, str]
) -> MessagePart:
    """Return the tasks that somebody left behind, with the buttons that pass them on together or one by one."""
    text = left_tasks_text(former.name, len(listed))
    more = [f"and {len(listed) - MAX_LISTED} more"] if len(listed) > MAX_LISTED else []

    def render(width: int) -> list[Block]:
        rows = [_left_line(task, today, names, width) for task in listed[:MAX_LISTED]]
        return [*text_sections([f"*{text}*", *rows, *more]), left_tasks_buttons(former, len(listed))]

    return MessagePart(text, fit_to_message(render))


def left_tasks_text(name: str, count: int) -> str:
    """Return the sentence that somebody left tasks behind."""
    return f"{pluralize(count, 'task')} of {escape(name)} {'has' if count == 1 else 'have'} no owner now."


def _left_line(task: Task, today: date, names: Mapping[MemberId, str], width: int) -> str:
    facts = " · ".join(details(task, today, width))
    return f"• {task_name(task, width)}{f' · {facts}.' if facts else ''}{_unanswered(task, names, width)}"


def left_tasks_buttons(former: Member, count: int) -> ActionsBlock:
    """Return the buttons that pass on what somebody left behind."""
    confirm = block_kit.confirm_dialog(
        f"Drop {pluralize(count, 'task')}?",
        "They are no longer needed, and those who added them are told. You can reopen each one.",
        "Drop",
        "Keep",
    )
    all_of_them = "all " if count > 1 else ""
    return block_kit.actions(
        block_kit.button(f"Give {all_of_them}to …", "task.left.give", str(former.id), style="primary"),
        block_kit.button("One by one", "task.left.list", str(former.id)),
        block_kit.button(
            f"Drop {all_of_them or 'it'}".rstrip(), "task.left.drop", str(former.id), style="danger", confirm=confirm
        ),
    )


def left_pages(former: Member, page: Page[TaskLine]) -> ActionsBlock:
    """Return the buttons that turn the pages of what somebody left behind."""
    return block_kit.actions(
        block_kit.button("Back", "task.left.page.back", f"{former.id}|{page.number - 1}") if page.number else None,
        block_kit.button("More", "task.left.page.more", f"{former.id}|{page.number + 1}")
        if page.number < page.last
        else None,
    )


def numbers_text(listed: Sequence[Task]) -> str:
    """Return the numbers of tasks, such as "#3, #4 and 7 more"."""
    more = len(listed) - MAX_LISTED
    shown = [f"#{task.number}" for task in listed[:MAX_LISTED]]
    return join_names([*shown, *([f"{more} more"] if more > 0 else [])])


# the to-do list ----------------------------------------------------------------------------------------


def todo_offer(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Return a task that is offered to the reader, with its effect on the reader's load."""
    effect = rules.offer_effect(reader.load, reader.hours, reader.offered, item.hours, item.on, reader.consortium_today)
    facts = " · ".join(["offered to you", *todo.due_and_effort(item, reader)])
    return [section(f"{todo.item_title(item)}\n{facts}\n{effect}"), _answer_buttons(item.number)]


def todo_own(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Return one of the reader's own tasks."""
    facts = " · ".join(todo.due_and_effort(item, reader))
    done = block_kit.button("Done", "task.done", str(item.number))
    return [section(f"{todo.item_title(item)}{f' · {facts}' if facts else ''}", accessory=done)]
