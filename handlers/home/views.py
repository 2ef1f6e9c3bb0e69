"""How the home tab looks: what is waiting first, then tasks and load, then what comes next."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, HeaderBlock
from slack_sdk.models.views import View

from handlers.home import facilitator_views
from handlers.home.snapshot import MAX_ITEMS, HomeSnapshot, LatestRound, NonMemberSnapshot
from handlers.kit import block_kit
from handlers.kit.block_kit import context, divider, plain_text, section
from handlers.kit.hours import format_hours
from handlers.kit.text import bold, escape, join_lines
from handlers.kit.todo import RenderTodo
from handlers.pulse import result_texts
from handlers.pulse.question_bank import THEME_NAMES
from handlers.pulse.result_views import written
from handlers.pulse.rules.disclosure import MIN_SHOWN
from handlers.pulse.rules.results import level_of
from handlers.warnings.views import limit_text
from storage.vocabulary import Language, Seat, Theme, TodoKind

WAITING = 8
"""The most items that are shown as waiting. Others follow when these are done."""

TASKS = 6
MEETINGS = 3


def render(home: HomeSnapshot | NonMemberSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> dict[str, Any]:
    """Render a home tab. `renderers` has the renderer of each kind of to-do item."""
    blocks = _non_member(home) if isinstance(home, NonMemberSnapshot) else _member(home, renderers)
    answer = [context(home.answer)] if home.answer else []
    return View(type="home", blocks=[*blocks[:1], *answer, *blocks[1:]]).to_dict()


def _non_member(home: NonMemberSnapshot) -> list[Block]:
    if not home.consortium:
        text = (
            "There is no consortium in this workspace yet. If you start one, you become its first facilitator. You can "
            "then add agencies and people."
        )
        return [
            _header("Agencies that decide together"),
            section(text),
            block_kit.actions(_primary("Found a consortium", "member.found")),
        ]
    text = (
        f"You do not belong to {bold(home.consortium, 100)} yet. If you work for one of its agencies, choose which. "
        "Its representative or a facilitator will confirm it."
    )
    return [_header(home.consortium), section(text), block_kit.actions(_primary("Join an agency", "member.join"))]


def _member(home: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    return [
        _header(home.consortium),
        context(_reader_line(home)),
        *_waiting(home, renderers),
        divider(),
        *_own_work(home, renderers),
        *_meetings(home, renderers),
        *(_round_blocks(home.latest_round, home.language) if home.latest_round else []),
        *(facilitator_views.facilitator_blocks(home) if home.facilitates else []),
        divider(),
        block_kit.actions(
            block_kit.button("New proposal", "proposal.form"),
            block_kit.button("New poll", "poll.form"),
            block_kit.button("New task", "task.form"),
            block_kit.button("Who carries what", "home.workload"),
        ),
    ]


def _header(title: str) -> HeaderBlock:
    return HeaderBlock(text=plain_text(title, 150))


def _primary(label: str, action: str) -> Any:
    return block_kit.button(label, action, style="primary")


def _reader_line(home: HomeSnapshot) -> str:
    seats = {Seat.REPRESENTATIVE: "you speak for it", Seat.ALTERNATE: "you are its alternate", Seat.MEMBER: ""}
    parts = [
        escape(home.name),
        escape(home.agency) or "no agency yet",
        seats[home.seat] if home.agency else "",
    ]
    return " · ".join([*filter(None, parts), *(["facilitator"] if home.facilitates else [])])


# what is waiting ---------------------------------------------------------------------------------------


def _waiting(home: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    kinds = (TodoKind.OFFER, TodoKind.MINUTES, TodoKind.PULSE, TodoKind.PROPOSAL, TodoKind.POLL)
    items = [item for kind in kinds for item in home.items.get(kind, ())]
    if not items:
        steps = facilitator_views.next_steps(home)
        return steps or [section("*You're up to date.* Anything waiting for you will appear here.")]
    # there may be more items of a kind than were read
    or_more = " or more" if any(len(home.items.get(kind, ())) == MAX_ITEMS for kind in kinds) else ""
    blocks: list[Block] = [section(f"*Waiting for you* · {len(items)}{or_more}")]
    for item in items[:WAITING]:
        blocks += renderers[item.kind](item, home.reader)
    if len(items) > WAITING:
        blocks.append(context("More items will appear here when you have done these."))
    return [*blocks, *facilitator_views.next_steps(home)]


# own work, and what comes next --------------------------------------------------------------------------


def _own_work(home: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    tasks = home.items.get(TodoKind.TASK, ())
    load = f"About {_hours(home.load)} of work" if home.load else "No work"
    hours = f"{load} in the next 30 days. {limit_text(home.hours, has_said=home.has_said)}"
    late = facilitator_views.count_sentence(home.counts.late, "of your tasks is late", "of your tasks are late")
    free = facilitator_views.count_sentence(home.counts.free, "task has no owner yet", "tasks have no owner yet")
    blocks: list[Block] = [section(join_lines(["*Your work*", hours, " ".join(filter(None, [late, free]))]))]
    for item in tasks[:TASKS]:
        blocks += renderers[item.kind](item, home.reader)
    if len(tasks) > TASKS:
        blocks.append(context("You have more tasks. “All my tasks” lists them."))
    change_hours = block_kit.button("Change my hours", "load.hours")
    return [*blocks, block_kit.actions(block_kit.button("All my tasks", "home.tasks"), change_hours)]


def _hours(hours: float) -> str:
    shown = format_hours(hours)
    return f"{shown} {'hour' if shown == '1' else 'hours'}"


def _meetings(home: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    meetings = home.items.get(TodoKind.MEETING, ())[:MEETINGS]
    blocks: list[Block] = [divider(), section("*Next meetings*")] if meetings else []
    for item in meetings:
        blocks += renderers[item.kind](item, home.reader)
    return blocks


def _round_blocks(latest: LatestRound, language: Language) -> list[Block]:
    strong = [_theme(theme, language) for theme, shown in latest.shown.items() if level_of(shown) == "strength"]
    weak = [
        f"{_theme(theme, language)} {written(shown, language)}"
        for theme, shown in latest.shown.items()
        if level_of(shown) == "address"
    ]
    answered = result_texts.ANSWERED[language].format(answered=latest.answered, asked=latest.asked)
    text = join_lines(
        [
            f"*{result_texts.HOW_WE_WORK[language]}* · {answered}",
            f"{result_texts.STRONG[language]}: {result_texts.names(strong, language)}." if strong else "",
            f"{result_texts.TO_ADDRESS[language]}: {result_texts.names(weak, language)}." if weak else "",
            "" if latest.answered >= MIN_SHOWN else result_texts.SO_FEW[language],
        ]
    )
    details = block_kit.button(result_texts.DETAILS[language], "pulse.details", str(latest.number))
    return [divider(), section(text, accessory=details)]


def _theme(theme: Theme, language: Language) -> str:
    return THEME_NAMES[theme][language].casefold()
