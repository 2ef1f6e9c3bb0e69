"""Typing: messages and slash commands."""

import uuid
from typing import Any

from bot.sandbox import events
from bot.sandbox.directory import Conversation, Someone
from bot.sandbox.people import payloads
from bot.sandbox.people.typing import linked, without_labels
from bot.sandbox.problems import Problem, SlackError
from bot.sandbox.store import Json
from bot.sandbox.web.call import Call
from bot.sandbox.web.chat import content
from bot.sandbox.wire.deliveries import Deliveries, failure
from bot.sandbox.world import World


def somebody(world: World, word: object) -> Someone:
    """Find who acts; the bot and those who left cannot."""
    someone = world.directory.person(word)
    if someone.is_bot or someone.deleted:
        why = "is the app" if someone.is_bot else "has left the workspace"
        raise Problem(f"user: {someone.name} {why} and cannot do anything", status=403)
    return someone


def place(world: World, someone: Someone, word: object) -> Conversation:
    """Find where somebody acts; they must be in there."""
    conversation = world.directory.channel(word, someone)
    if someone.id not in conversation.members:
        raise Problem(f"channel: {someone.name} is not in {conversation.name}", status=403)
    if conversation.archived:
        raise Problem(f"channel: {conversation.name} is archived", status=403)
    return conversation


def may_start(world: World) -> None:
    """Want the scope without which an app has neither commands nor shortcuts."""
    if "commands" not in world.scopes():
        raise Problem("app: without the scope commands it has neither commands nor shortcuts", status=403)


def words(body: Json) -> str:
    """Read what was typed."""
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Problem("text: say what is typed")
    return text


async def say(world: World, _deliveries: Deliveries, body: Json) -> Json:
    """Put a person's message into a conversation."""
    someone = somebody(world, body.get("user"))
    conversation = place(world, someone, body.get("channel"))
    text = without_labels(linked(words(body), world.directory))
    thread_ts = body.get("thread_ts")
    if thread_ts and world.archive.find(conversation.id, thread_ts) is None:
        raise Problem(f"thread_ts: there is no message {thread_ts!r} in {conversation.name}", status=404)
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    known = {"user": someone.id, "team": someone.team_id, "client_msg_id": str(uuid.uuid4())}
    if someone.external:
        known.update(user_team=someone.team_id, source_team=someone.team_id)
    with world.store.together():
        message = world.archive.add(conversation.id, {**known, "text": text, "blocks": [], **thread})
        if thread_ts:
            world.count_reply(conversation.id, thread_ts, message)
    world.feed.changed()
    event = events.message(message.body, conversation)
    world.emit(event)
    if f"<@{world.directory.bot_id}>" in text:
        world.emit({**event, "type": "app_mention"})
    return {"ts": message.ts, "channel": conversation.id}


async def command(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Run a slash command as a person, and show them what the app acknowledges with."""
    someone = somebody(world, body.get("user"))
    conversation = place(world, someone, body.get("channel"))
    may_start(world)
    if body.get("thread_ts"):
        raise Problem("thread_ts: commands do not work in threads", status=403)
    name, rest = [*words(body).strip().split(None, 1), ""][:2]
    if not name.startswith("/") or name == "/":
        raise Problem("text: a command starts with a slash, such as /propose")
    if someone.external:
        raise Problem(f"user: {someone.name} belongs to another workspace and cannot run commands", status=403)
    payload = _payload(world, someone, conversation, name, rest.strip())
    outcome = await deliveries.deliver("slash_commands", payload)
    failed, shown = failure(outcome), None
    if failed is None and outcome.body is not None:
        failed, shown = show(world, someone, conversation, outcome.body)
        if failed is not None:
            world.traffic.refuse(outcome.number, failed)
    if failed == "operation_timeout":
        world.say_privately(someone.id, conversation.id, f"{name} didn't respond in time (operation_timeout)")
    elif failed is not None:
        world.say_privately(someone.id, conversation.id, f'{name} failed with the error "{failed}"')
    return {"ack_ms": outcome.ms, "response": shown, "failed": failed}


def _payload(world: World, someone: Someone, conversation: Conversation, name: str, text: str) -> Json:
    declared = world.commands()
    found = next((one for one in declared if one["command"] == name), None)
    if declared and found is None:
        raise Problem(f"text: {name} is not a valid command; there are {names(declared)}", status=404)
    if found is None or found["should_escape"]:
        text = linked(text, world.directory)
    known, team = world.credentials, world.settings.team
    reply = world.replies.give(someone.id, conversation.id)
    return {
        "token": known.verification_token,
        "team_id": known.team_id,
        "team_domain": team["domain"],
        "channel_id": conversation.id,
        "channel_name": payloads.channel_name(conversation),
        "user_id": someone.id,
        "user_name": someone.name,
        "command": name,
        "text": text,
        "api_app_id": known.app_id,
        "is_enterprise_install": "false",
        "response_url": payloads.response_url(world, reply.key),
        "trigger_id": world.triggers.give(someone.id),
    }


def names(declared: list[Json]) -> str:
    """List commands in words."""
    return ", ".join(one["command"] for one in declared)


def show(world: World, someone: Someone, conversation: Conversation, body: Any) -> tuple[str | None, Json | None]:
    """Show an acknowledgement's body: to all, or to the one who typed."""
    answer: Json = {"text": body} if isinstance(body, str) else body
    if not isinstance(answer, dict) or not (answer.get("text") or answer.get("blocks")):
        return None, None
    try:
        found = content(Call(world, "response", answer))
    except SlackError as error:
        return error.code, answer
    reader = None if answer.get("response_type") == "in_channel" else someone.id
    world.say_as_bot(conversation.id, found, reader=reader)
    return None, answer
