"""Warnings in Block Kit: to one person about their own load, and to facilitators."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, section
from handlers.kit.hours import format_hours
from handlers.kit.text import bold, escape, format_short_day, join_lines, join_names, pluralize, truncate
from handlers.load.snapshot import MemberLoad
from handlers.warnings import texts
from handlers.warnings.suggestions import Handover, HandoverPlan
from handlers.warnings.texts import WarningFacts
from storage.tasks import Task
from storage.vocabulary import WarningKind
from storage.warnings import WorkWarning

MAX_TASKS = 3
MAX_ASKS = 4
"""How many "Ask …" buttons stand in one row; pressing one makes room for the next."""


# to the person -----------------------------------------------------------------------------------------


def overload_notice(plan: HandoverPlan, *, again: bool) -> MessagePart:
    """Tell a person, kindly, that they have more work than their hours, with ways to hand work over."""
    person = plan.person
    limit = "You had set aside" if person.has_said else "The default here is"
    first = f"You {'still ' if again else ''}have {load_text(person)}. {limit} {format_hours(person.load.set_aside)}."
    text = join_lines([f"*{first}*", *_details(plan), _next_step(plan)])
    return MessagePart(first, [section(text), block_kit.actions(*_ask_buttons(plan), agree_button(), hours_button())])


def relief_notice(person: MemberLoad) -> MessagePart:
    """Tell a person that their load is within their hours again."""
    first = f"You have {load_text(person)}, within your {format_hours(person.load.set_aside)} a month again."
    return MessagePart(first, [section(f"{first} There is nothing to do.")])


def own_load(plan: HandoverPlan) -> list[Block]:
    """Return a person's own load, for that person."""
    person = plan.person
    first = f"You have {load_text(person)}." if person.load.hours else "No work in the next 30 days."
    head = f"*{first}* {limit_text(person.load.set_aside, has_said=person.has_said)}"
    if not person.load.is_over:
        return [section(join_lines([head, _roles(person)])), block_kit.actions(hours_button())]
    text = join_lines([head, *_details(plan), _next_step(plan)])
    return [section(text), block_kit.actions(*_ask_buttons(plan), hours_button())]


def limit_text(hours: float, *, has_said: bool) -> str:
    """Return a sentence with a person's hours a month, which are the default unless the person has said others."""
    return f"{'You have set aside' if has_said else 'The default here is'} {_hours(hours)} a month."


def load_text(person: MemberLoad) -> str:
    """Return a person's load in words."""
    if not person.load.hours:
        return "no consortium work in the next 30 days"
    return f"about {_hours(person.load.hours)} of consortium work in the next 30 days"


def _hours(hours: float) -> str:
    return f"{format_hours(hours)} {'hour' if hours == 1 else 'hours'}"


def _details(plan: HandoverPlan) -> list[str]:
    largest = " · ".join(task_line(task) for task in plan.tasks[:MAX_TASKS])
    offered = [
        f"{bold(f'#{task.number}', 20)} to {escape(truncate(name, 60))}" for task, name in plan.offered[:MAX_ASKS]
    ]
    return [
        f"Largest: {largest}" if largest else "",
        _roles(plan.person),
        f"Offered, not answered yet: {join_names(offered)}." if offered else "",
    ]


def _roles(person: MemberLoad) -> str:
    return f"Your roles are {format_hours(person.roles)} h of that." if person.roles else ""


def task_line(task: Task) -> str:
    """Return a task with its effort and due date."""
    due = f", due {format_short_day(task.due_on)}" if task.due_on else ""
    return f"{bold(f'#{task.number} {task.title}', 120)}, {format_hours(task.hours or 0)} h{due}"


def _next_step(plan: HandoverPlan) -> str:
    if plan.handovers:
        names = sorted({escape(truncate(handover.to.name, 60)) for handover in plan.handovers})
        part = "" if plan.enough else " That would take care of part of it."
        return f"{join_names(names)} offered to take on more.{part}"
    if plan.offered:
        return f"That would{'' if plan.enough else ' not'} bring you within your hours."
    if not plan.tasks:
        return "All of it is roles. `/workload roles` lists them, and a facilitator can pass one on."
    return (
        "I have nobody to suggest for your tasks right now. You can offer one to anybody with `/task offer`, or ask a "
        "facilitator for help."
    )


def _ask_buttons(plan: HandoverPlan) -> list[ButtonElement]:
    return [_ask_button(handover, place) for place, handover in enumerate(plan.handovers[:MAX_ASKS])]


def _ask_button(handover: Handover, place: int) -> ButtonElement:
    label = f"Ask {truncate(handover.to.name, 40)} to take #{handover.task.number}"
    return block_kit.button(label, f"load.ask.{place}", f"{handover.task.number}|{handover.to.id}")


def agree_button() -> ButtonElement:
    """Return the button that marks a person's own load as agreed."""
    return block_kit.button("It's agreed", "load.agreed")


def hours_button() -> ButtonElement:
    """Return the button that opens the form with a person's own hours."""
    return block_kit.button("Change my hours", "load.hours")


def answer_with_handovers(answer: str, plan: HandoverPlan | None) -> Sequence[Block]:
    """Return an answer with the handovers that would still help, if there are any."""
    if plan is None or not plan.person.load.is_over or (plan.enough and not plan.handovers):
        return [section(answer)]
    text = join_lines([answer, _next_step(plan) if plan.handovers else ""])
    return [section(text), block_kit.actions(*_ask_buttons(plan), hours_button())]


# to facilitators ---------------------------------------------------------------------------------------

MAX_PEOPLE = 5
MAX_OTHERS = 8
"""How many people, and how many other warnings, one message shows; `/workload people` shows all."""

SIZES = ((MAX_PEOPLE, MAX_OTHERS), (3, 4), (1, 2))
MAX_CHARACTERS = 9_000
"""Characters of one piece, so that others fit beside it; a longer one shows fewer warnings."""

ABOUT_WORK = frozenset({WarningKind.PERSON, WarningKind.AGENCY, WarningKind.FEW_PEOPLE, WarningKind.FEW_AGENCIES})
"""The kinds of warnings that improve when other people take on tasks."""


def facilitator_notice(
    facts: WarningFacts, started: Sequence[WorkWarning], ended: Sequence[WorkWarning]
) -> MessagePart | None:
    """Tell facilitators which warnings have started or continue, and which have ended; None if none applies."""
    ends = [text for warning in sorted(ended, key=severity_order) if (text := texts.ended_text(facts, warning))]
    for people, others in SIZES:
        shown, more = _select(facts, started, people, others)
        if not shown and not ends:
            return None
        blocks = [*_warning_blocks(facts, shown, more), *([section(join_lines(ends[:MAX_OTHERS]))] if ends else [])]
        blocks.append(block_kit.actions(block_kit.button("Who carries what", "load.people")))
        if block_kit.json_size(blocks) < MAX_CHARACTERS:
            break
    return MessagePart(_summary([*(text for _, text in shown), *ends]), blocks)


def _warning_blocks(facts: WarningFacts, shown: Sequence[tuple[WorkWarning, str]], more: int) -> list[Block]:
    blocks: list[Block] = [warning_block(warning, text) for warning, text in shown]
    if more:
        blocks.append(section(f"And {pluralize(more, 'more')}: `/workload people` shows all."))
    if any(warning.kind in ABOUT_WORK for warning, _ in shown):
        blocks.append(section(texts.room_text(facts.load)))
    return blocks


def _select(
    facts: WarningFacts, started: Sequence[WorkWarning], people: int, others: int
) -> tuple[list[tuple[WorkWarning, str]], int]:
    """Return the worst warnings about people and the worst others with their texts, and how many are left."""
    by_severity = sorted(started, key=severity_order)
    about_people = [warning for warning in by_severity if warning.kind is WarningKind.PERSON]
    about_others = [warning for warning in by_severity if warning.kind is not WarningKind.PERSON]
    selected = [*about_people[:people], *about_others[:others]]
    shown = [(warning, text) for warning in selected if (text := texts.warning_text(facts, warning))]
    return shown, len(started) - len(selected)


def severity_order(warning: WorkWarning) -> tuple[int, float, int]:
    """Return the sort key of a warning: by kind, then the worst first."""
    return list(WarningKind).index(warning.kind), -warning.measure, warning.id


def _summary(sentences: Sequence[str]) -> str:
    """Return the first sentence as the notification."""
    first = truncate(sentences[0].split("\n")[0].replace("*", ""), 300)
    return first if len(sentences) == 1 else f"{first} And {len(sentences) - 1} more."


def warning_block(warning: WorkWarning, text: str) -> Block:
    """Return one warning with its button; only the person concerned can call their own load agreed."""
    if warning.kind is WarningKind.PERSON or warning.agreed_by is not None:
        return section(text)
    return section(text, accessory=block_kit.button("It's agreed", "balance.agreed", str(warning.id)))
