"""The home tab as people see it: what awaits them first, then what they carry, then what comes."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, HeaderBlock
from slack_sdk.models.views import View

from handlers.home import facilitator_views
from handlers.home.snapshot import MAX_ITEMS, Climate, HomeSnapshot, NonMemberSnapshot
from handlers.kit import block_kit
from handlers.kit.block_kit import context, divider, plain, section
from handlers.kit.hours import number
from handlers.kit.text import bold, escape, lines, listed
from handlers.kit.todo import RenderTodo
from handlers.pulse.question_bank import THEMES
from handlers.pulse.rules.results import reading
from storage.vocabulary import Language, Seat, TodoKind

AWAITING = 8
"""So many things that await somebody stand on the tab; the rest follows when these are done."""

TASKS = 6
MEETINGS = 3


def render(picture: HomeSnapshot | NonMemberSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> dict[str, Any]:
    """Draw a home tab."""
    blocks = _outside(picture) if isinstance(picture, NonMemberSnapshot) else _inside(picture, renderers)
    said = [context(picture.said)] if picture.said else []
    return View(type="home", blocks=[*blocks[:1], *said, *blocks[1:]]).to_dict()


def _outside(picture: NonMemberSnapshot) -> list[Block]:
    if not picture.consortium:
        text = (
            "There is no consortium in this workspace yet. Whoever founds it becomes its first facilitator, and then "
            "adds agencies and people."
        )
        return [
            _head("Agencies that decide together"),
            section(text),
            block_kit.row(_press("Found a consortium", "member.found")),
        ]
    text = (
        f"You do not belong to {bold(picture.consortium, 100)} yet. If you work with one of its agencies, say which, "
        "and somebody who may will confirm it."
    )
    return [_head(picture.consortium), section(text), block_kit.row(_press("Join an agency", "member.join"))]


def _inside(picture: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    return [
        _head(picture.consortium),
        context(_who(picture)),
        *_awaiting(picture, renderers),
        divider(),
        *_carried(picture, renderers),
        *_meetings(picture, renderers),
        *(_climate(picture.climate) if picture.climate else []),
        *(facilitator_views.facilitator_blocks(picture) if picture.facilitates else []),
        divider(),
        block_kit.row(
            block_kit.button("New proposal", "proposal.form"),
            block_kit.button("New poll", "poll.form"),
            block_kit.button("New task", "task.form"),
            block_kit.button("Who carries what", "home.workload"),
        ),
    ]


def _head(title: str) -> HeaderBlock:
    return HeaderBlock(text=plain(title, 150))


def _press(label: str, action: str) -> Any:
    return block_kit.button(label, action, style="primary")


def _who(picture: HomeSnapshot) -> str:
    seats = {Seat.REPRESENTATIVE: "you speak for it", Seat.ALTERNATE: "you speak for it as alternate", Seat.MEMBER: ""}
    parts = [
        escape(picture.name),
        escape(picture.agency) or "no agency yet",
        seats[picture.seat] if picture.agency else "",
    ]
    return " · ".join([*filter(None, parts), *(["facilitator"] if picture.facilitates else [])])


# what awaits ------------------------------------------------------------------------------------------


def _awaiting(picture: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    kinds = (TodoKind.OFFER, TodoKind.MINUTES, TodoKind.PULSE, TodoKind.PROPOSAL, TodoKind.POLL)
    waiting = [one for kind in kinds for one in picture.matters.get(kind, ())]
    if not waiting:
        return [section("*Nothing awaits you.* What does shows here, with the buttons to do it.")]
    # no more of a kind are read than that
    many = any(len(picture.matters.get(kind, ())) == MAX_ITEMS for kind in kinds)
    blocks: list[Block] = [section(f"*What awaits you* · {len(waiting)}{' or more' if many else ''}")]
    for one in waiting[:AWAITING]:
        blocks += renderers[one.kind](one, picture.reader)
    if len(waiting) > AWAITING:
        blocks.append(context("More await you; they show here once these are done."))
    return blocks


# what one carries, and what comes ---------------------------------------------------------------------


def _carried(picture: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    own = picture.matters.get(TodoKind.TASK, ())
    load = f"about {number(picture.load)} h" if picture.load else "nothing"
    held = f"You hold {load} for the next 30 days, of your {number(picture.hours)} h a month."
    late = facilitator_views.count_sentence(picture.figures.late, "task of yours is late", "tasks of yours are late")
    free = facilitator_views.count_sentence(picture.figures.free, "task is nobody's yet", "tasks are nobody's yet")
    blocks: list[Block] = [section(lines(["*What you carry*", held, " ".join(filter(None, [late, free]))]))]
    for one in own[:TASKS]:
        blocks += renderers[one.kind](one, picture.reader)
    if len(own) > TASKS:
        blocks.append(context("There are more; the button below lists all of them."))
    hours = block_kit.button("Change my hours", "load.hours")
    return [*blocks, block_kit.row(block_kit.button("All my tasks", "home.tasks"), hours)]


def _meetings(picture: HomeSnapshot, renderers: Mapping[TodoKind, RenderTodo]) -> list[Block]:
    coming = picture.matters.get(TodoKind.MEETING, ())[:MEETINGS]
    blocks: list[Block] = [divider(), section("*Next meetings*")] if coming else []
    for one in coming:
        blocks += renderers[one.kind](one, picture.reader)
    return blocks


def _climate(climate: Climate) -> list[Block]:
    rate = f"{climate.answered} of {climate.asked} answered"
    strong = [_theme(theme) for theme, mean in climate.means.items() if reading(mean) == "strength"]
    weak = [f"{_theme(theme)} {mean:.1f}" for theme, mean in climate.means.items() if reading(mean) == "address"]
    said = [
        f"*How we work* · {rate}",
        f"Strong: {listed(strong)}." if strong else "",
        f"Worth a conversation: {listed(weak)}." if weak else "",
        "" if climate.means else "With so few answers nothing is shown or kept.",
    ]
    details = block_kit.button("Details", "pulse.details", str(climate.number))
    return [divider(), section(lines(said), accessory=details)]


def _theme(theme: Any) -> str:
    return THEMES[theme][Language.ENGLISH].casefold()
