"""Global shortcuts and message shortcuts."""

from ..delivery.deliveries import Deliveries, delivery_error
from ..errors import ControlError
from ..json_values import Json
from ..state.directory import Conversation, User
from ..state.messages import Message
from ..state.world import World
from . import payloads
from .actors import acting_user, require_commands_scope


async def run_shortcut(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Run a shortcut as a person: a message shortcut with `channel` and `ts`, a global one without."""
    user = acting_user(world, body.get("user"))
    on_message = body.get("channel") is not None or body.get("ts") is not None
    name = _declared(world, body.get("callback_id"), "message" if on_message else "global")
    require_commands_scope(world)
    if user.external:
        raise ControlError(f"user: {user.name} belongs to another workspace and cannot use shortcuts", status=403)
    payload = _on_message(world, user, name, body) if on_message else _from_anywhere(world, user, name)
    outcome = await deliveries.deliver("interactive", payload)
    return {"ack_ms": outcome.ms, "failed": delivery_error(outcome)}


def _declared(world: World, name: object, kind: str) -> str:
    """Check that the manifest declares a shortcut; without a manifest, deliver any."""
    if not isinstance(name, str) or not name:
        raise ControlError("callback_id: give a shortcut")
    declared = world.shortcuts()
    if world.settings.manifest is not None and (name, kind) not in {(s["callback_id"], s["type"]) for s in declared}:
        available = ", ".join(item["callback_id"] for item in declared if item["type"] == kind) or "none"
        raise ControlError(f"callback_id: {name!r} is not a {kind} shortcut; there is {available}", status=404)
    return name


def _from_anywhere(world: World, user: User, name: str) -> Json:
    """Return a global shortcut's payload, which has no channel and no response URL."""
    parts = payloads.interaction_payload(world, "shortcut", user)
    parts["user"] = {key: parts["user"][key] for key in ("id", "username", "team_id")}
    return {**_trimmed(parts), **_trigger_fields(world, user, name)}


def _on_message(world: World, user: User, name: str, body: Json) -> Json:
    conversation, message = _find_message(world, user, body)
    reply = world.response_urls.issue(user.id, conversation.id)
    return {
        **_trimmed(payloads.interaction_payload(world, "message_action", user)),
        **_trigger_fields(world, user, name),
        "channel": payloads.channel_payload(conversation),
        "message_ts": message.ts,
        "message": message.body,
        "response_url": payloads.response_url(world, reply.key),
    }


def _trimmed(parts: Json) -> Json:
    """Remove what Slack sends only with other interactions."""
    return {key: value for key, value in parts.items() if key != "api_app_id"}


def _trigger_fields(world: World, user: User, name: str) -> Json:
    return {
        "callback_id": name,
        "trigger_id": world.triggers.issue(user.id),
        "action_ts": f"{world.clock.seconds():.6f}",
    }


def _find_message(world: World, user: User, body: Json) -> tuple[Conversation, Message]:
    """Find the message of a message shortcut; ephemeral messages have no shortcuts."""
    if body.get("channel") is None or body.get("ts") is None:
        raise ControlError("where: give channel and ts of the message")
    conversation = world.directory.channel(body["channel"], user)
    message = world.messages.find(conversation.id, body["ts"])
    hidden = message is None or message.reader not in (None, user.id)
    if message is None or hidden or not world.directory.can_read(user, conversation):
        raise ControlError(f"ts: {user.name} sees no message {body['ts']!r} in {conversation.name}", status=404)
    if message.reader is not None:
        raise ControlError("ts: a message that is visible to one person only has no shortcuts", status=403)
    return conversation, message
