"""The record with which a feature names everything it adds to the bot.

Only `feature.py` files import this module: mappings, no logic. `handlers.kit.registry` gathers the records.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Literal

from sqlalchemy.orm import Session

from handlers.kit.deps import Deps
from handlers.kit.export_tables import ExportTable
from handlers.kit.notices.sweep import RenderNotices
from handlers.kit.slack_request import Listener, RenderWindow, Subcommand
from handlers.kit.todo import RenderTodo
from storage.due import Due
from storage.live_messages import LiveMessage
from storage.vocabulary import LiveMessageKind, NoticeKind, TodoKind

RenderLive = Callable[[Session, LiveMessage], dict[str, Any]]
"""Render the current state of what a live message shows. Raise LookupError where it no longer exists."""


@dataclass(frozen=True)
class Command:
    """A slash command, with what Slack shows beside it."""

    listener: Listener
    description: str
    usage_hint: str


@dataclass(frozen=True)
class Shortcut:
    """A shortcut: `message` ones appear in a message's menu, `global` ones everywhere and without a channel.

    Slack shows `title` (24 characters) and `description` (150).
    """

    listener: Listener
    type: Literal["message", "global"]
    title: str
    description: str


class Phase(IntEnum):
    """Order of the sweeps within a tick.

    Notices follow work, so that one message covers everything that the work caused. Sweeps that wait for other
    servers come last.
    """

    WORK = 1
    NOTICES = 2
    OUTSIDE = 3


@dataclass(frozen=True)
class Sweep:
    """Scheduled work. `label` tells people in a few words what is due, without its content or recipients."""

    name: str
    run: Callable[[Deps, datetime], object]
    due: Due
    label: str
    phase: Phase = Phase.WORK


@dataclass(frozen=True)
class NoticeRenderer:
    """How notices of one kind are rendered when they are due. `label` is as for a sweep."""

    render: RenderNotices
    label: str


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Everything one feature adds to the bot.

    - `commands`: slash commands.
    - `words`: subcommands of commands that several features share: `{"/workload": {"give": …}}`.
    - `actions`: buttons and menus by action id; an id that ends in `.*` covers all last parts.
    - `forms`: submitted forms by callback id.
    - `windows`: forms that show something and are shown again after a press in them, by name.
    - `events`: Slack events by type.
    - `shortcuts`: shortcuts by callback id.
    - `sweeps`: scheduled work.
    - `notices`: messages that the bot sends people on its own.
    - `live`: messages that always show the current state.
    - `todo`: items of the to-do list on the home tab.
    - `tables`: tables of an export.
    - `retired`: action and callback ids that no view sends anymore, with the last version that sent them.
    """

    name: str
    commands: Mapping[str, Command] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Subcommand]] = field(default_factory=dict)
    actions: Mapping[str, Listener] = field(default_factory=dict)
    forms: Mapping[str, Listener] = field(default_factory=dict)
    windows: Mapping[str, RenderWindow] = field(default_factory=dict)
    events: Mapping[str, Listener] = field(default_factory=dict)
    shortcuts: Mapping[str, Shortcut] = field(default_factory=dict)
    sweeps: Sequence[Sweep] = ()
    notices: Mapping[NoticeKind, NoticeRenderer] = field(default_factory=dict)
    live: Mapping[LiveMessageKind, RenderLive] = field(default_factory=dict)
    todo: Mapping[TodoKind, RenderTodo] = field(default_factory=dict)
    tables: Sequence[ExportTable] = ()
    retired: Mapping[str, str] = field(default_factory=dict)
