"""The news that somebody has left Slack, and what is nobody's now."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import blocks as kit
from handlers.kit.text import bold, counted, escape, listed, section
from storage.members import Member
from storage.roles import Role

SHOWN = 3


def left(
    member: Member, agency: str, *, silent: bool, last: bool, free: int, roles: Sequence[Role] = ()
) -> dict[str, Any]:
    """Tell a facilitator that somebody has left Slack; `free` tasks are nobody's now, and these roles."""
    text = f"{escape(member.name)}{f' of {escape(agency)}' if agency else ''} has left Slack. What was said stays."
    if silent:
        text += (
            f" *{escape(agency)} has no representative now.* Name one: "
            f'`/consortium member @name "{escape(agency)}" representative`'
        )
    if free:
        text += f" {counted(free, 'task is', 'tasks are')} nobody's now; `/task` lists what somebody could take."
    if roles:
        names = [bold(role.title) for role in roles[:10]] + ([f"{len(roles) - 10} more"] if len(roles) > 10 else [])
        text += f" {listed(names)} {'is' if len(roles) == 1 else 'are'} free now."
    if last:
        text += " There is no facilitator left. Any representative can name one: `/consortium facilitator @name`"
    buttons = [] if last else [_follow(n, role, several=len(roles) > 1) for n, role in enumerate(roles[:SHOWN])]
    return kit.message(
        escape(f"{member.name} has left Slack."), [section(text), *([kit.row(*buttons)] if buttons else [])]
    )


def _follow(place: int, role: Role, *, several: bool) -> ButtonElement:
    label = f"Who could be {role.title}" if several else "Who could follow"
    return kit.button(label, f"role.follow.{place}", str(role.id))
