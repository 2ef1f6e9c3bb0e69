"""One call of the Web API, with its arguments read as Slack reads them."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import SlackError
from ..json_values import Json, read_json
from ..state.directory import Conversation, User
from ..state.world import World

MAX_PAGE_SIZE = 1000


@dataclass
class Call:
    """The arguments of a call, and the world it acts on."""

    world: World
    method: str
    args: Json
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """Read a string that may be missing; an empty one counts as missing."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def required(self, name: str) -> str:
        """Read a string that must be present."""
        value = self.text(name)
        if value is None:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        """Read a boolean, as a form or JSON writes it."""
        return self.args.get(name) in (True, "true", "True", "1", 1)

    def number(self, name: str, default: int) -> int:
        """Read a whole number."""
        try:
            return int(self.text(name) or default)
        except ValueError as error:
            raise SlackError(f"invalid_{name}") from error

    def value(self, name: str, broken: str = "invalid_arguments") -> Any:
        """Read a structure, given as such or as JSON in a string."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return read_json(value)
        except ValueError as error:
            raise SlackError(broken) from error

    def person(self, name: str) -> User:
        """Find the person whose id an argument contains."""
        person = self.world.directory.people.get(self.required(name))
        if person is None:
            raise SlackError("user_not_found")
        return person

    def conversation(self, name: str = "channel") -> Conversation:
        """Find the conversation whose id an argument contains, if the bot may know about it."""
        conversation = self.world.directory.conversations.get(self.required(name))
        if conversation is None or (conversation.private and not self.bot_in(conversation)):
            raise SlackError("channel_not_found")
        return conversation

    def bot_in(self, conversation: Conversation) -> bool:
        """Return whether the bot is in a conversation."""
        return self.world.credentials.bot_user_id in conversation.members


def invalid_arguments(sentence: str) -> SlackError:
    """Return the error for invalid arguments."""
    return SlackError("invalid_arguments", [f"[ERROR] {sentence}"])


def paginate(call: Call, items: list[Any], *, most: int = MAX_PAGE_SIZE) -> tuple[list[Any], Json]:
    """Return one page of a list, and the metadata with the next cursor."""
    limit = call.number("limit", 100)
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    start = _start(call.text("cursor"))
    following = _cursor(start + limit) if start + limit < len(items) else ""
    return items[start : start + limit], {"next_cursor": following}


def _cursor(start: int) -> str:
    """Encode a position as Slack does: with an equals sign, which clients must escape in addresses."""
    return base64.b64encode(f"next:{start:06}".encode()).decode()


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        text = base64.b64decode(cursor, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SlackError("invalid_cursor") from error
    if not re.fullmatch(r"next:\d{6}", text):
        raise SlackError("invalid_cursor")
    return int(text[5:])


@dataclass(frozen=True)
class Method:
    """A method: its handler, the kind of caller and scopes it requires, and its rate limit tier.

    It requires all of `scopes`, and one of `any_scope` if there are some.
    """

    work: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    tier: str | None = None
    caller: str | None = "bot"
    any_scope: tuple[str, ...] = ()
