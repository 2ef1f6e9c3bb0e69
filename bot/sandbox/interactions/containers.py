"""The message, modal or home tab in which a person uses an element; Slack's payloads call it the container."""

from dataclasses import dataclass

from ..blockkit.elements import INTERACTIVE
from ..blockkit.input_state import State, carry_over_state
from ..blockkit.surfaces import elements, nested_blocks
from ..errors import ControlError
from ..json_values import Json
from ..state.directory import Conversation, User
from ..state.messages import Message
from ..state.views import View
from ..state.world import World


@dataclass
class Container:
    """A message in a conversation, or a view."""

    blocks: list[Json]
    state: State
    conversation: Conversation | None = None
    message: Message | None = None
    view: View | None = None

    @property
    def spot(self) -> tuple[Conversation, Message]:
        """Return the conversation and the message; only for a container that is not a view."""
        assert self.conversation is not None  # noqa: S101 - a place is a view or a message
        assert self.message is not None  # noqa: S101
        return self.conversation, self.message


def top_view(world: World, user: User, view_id: object) -> View:
    """Find the modal at the top of a person's stack."""
    stack = world.views.stack(user.id)
    if stack and stack[-1].id == view_id:
        return stack[-1]
    if any(view.id == view_id for view in stack):
        raise ControlError(f"view_id: {view_id!r} is under another view; {stack[-1].id!r} is on top", status=409)
    raise ControlError(f"view_id: {user.name} has no view {view_id!r} open", status=404)


def find_container(world: World, user: User, body: Json) -> Container:
    """Find the container that a request names."""
    home = world.views.home(user.id)
    if body.get("home") or (home is not None and body.get("view_id") == home.id):
        if home is None:
            raise ControlError(f"home: nothing has been published to {user.name}", status=404)
        return Container(home.blocks, home.state, view=home)
    if body.get("view_id") is not None:
        view = top_view(world, user, body["view_id"])
        return Container(view.blocks, view.state, view=view)
    return _message_container(world, user, body)


def _message_container(world: World, user: User, body: Json) -> Container:
    if body.get("channel") is None or body.get("ts") is None:
        raise ControlError("where: give channel and ts, or view_id, or home")
    conversation = world.directory.channel(body["channel"], user)
    message = world.messages.find(conversation.id, body["ts"])
    seen = message is not None and message.reader in (None, user.id)
    if message is None or not seen or not world.directory.can_read(user, conversation):
        raise ControlError(f"ts: {user.name} sees no message {body['ts']!r} in {conversation.name}", status=404)
    blocks = message.body.get("blocks") or []
    # What people pick in a message is visible only to them until the message changes.
    key = (user.id, conversation.id, message.ts)
    state = carry_over_state(blocks, world.message_state.get(key, {}))
    if state:
        world.message_state[key] = state
    return Container(blocks, state, conversation, message)


def find_element(container: Container, action_id: object, block_id: object) -> tuple[Json, Json]:
    """Find an element and its block."""
    action_ids = []
    for block in nested_blocks(container.blocks):
        for element in elements(block):
            if element.get("type") not in INTERACTIVE:
                continue
            action_ids.append(element["action_id"])
            if element["action_id"] == action_id and block_id in (None, block["block_id"]):
                return block, element
    available = ", ".join(action_ids) or "nothing that can be pressed"
    raise ControlError(f"action_id: there is no {action_id!r} here; there is {available}", status=404)


def container_payload(container: Container) -> Json:
    """Return the container as payloads describe it."""
    if container.view is not None:
        return {"type": "view", "view_id": container.view.id}
    _, message = container.spot
    payload: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.reader is not None,
    }
    return {**payload, "thread_ts": message.thread_ts} if message.thread_ts else payload
