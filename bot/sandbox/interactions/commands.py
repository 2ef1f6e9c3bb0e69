"""Slash commands that people run."""

from typing import Any

from ..delivery.deliveries import Deliveries, delivery_error
from ..errors import ControlError, SlackError
from ..json_values import Json
from ..state.directory import Conversation, User
from ..state.world import World
from ..web_api.call import Call
from ..web_api.chat import message_content
from . import payloads
from .actors import acting_user, joined_conversation, require_commands_scope, typed_text
from .text_formatting import link_text


async def run_command(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Run a slash command as a person, and show them the app's response."""
    user = acting_user(world, body.get("user"))
    conversation = joined_conversation(world, user, body.get("channel"))
    require_commands_scope(world)
    if body.get("thread_ts"):
        raise ControlError("thread_ts: commands do not work in threads", status=403)
    name, rest = [*typed_text(body).strip().split(None, 1), ""][:2]
    if not name.startswith("/") or name == "/":
        raise ControlError("text: a command starts with a slash, such as /propose")
    if user.external:
        raise ControlError(f"user: {user.name} belongs to another workspace and cannot run commands", status=403)
    payload = _payload(world, user, conversation, name, rest.strip())
    outcome = await deliveries.deliver("slash_commands", payload)
    failed, response = delivery_error(outcome), None
    if failed is None and outcome.body is not None:
        failed, response = show_response(world, user, conversation, outcome.body)
        if failed is not None:
            world.traffic.record_refusal(outcome.number, failed)
    if failed == "operation_timeout":
        world.post_privately(user.id, conversation.id, f"{name} didn't respond in time (operation_timeout)")
    elif failed is not None:
        world.post_privately(user.id, conversation.id, f'{name} failed with the error "{failed}"')
    return {"ack_ms": outcome.ms, "response": response, "failed": failed}


def _payload(world: World, user: User, conversation: Conversation, name: str, text: str) -> Json:
    declared = world.commands()
    command = next((item for item in declared if item["command"] == name), None)
    if declared and command is None:
        raise ControlError(f"text: {name} is not a valid command; there are {command_names(declared)}", status=404)
    if command is None or command["should_escape"]:
        text = link_text(text, world.directory)
    credentials, team = world.credentials, world.settings.team
    reply = world.response_urls.issue(user.id, conversation.id)
    return {
        "token": credentials.verification_token,
        "team_id": credentials.team_id,
        "team_domain": team["domain"],
        **world.enterprise_fields(),
        "channel_id": conversation.id,
        "channel_name": payloads.channel_name(conversation),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": credentials.app_id,
        "is_enterprise_install": "false",
        "response_url": payloads.response_url(world, reply.key),
        "trigger_id": world.triggers.issue(user.id),
    }


def command_names(declared: list[Json]) -> str:
    """List commands for an error message."""
    return ", ".join(command["command"] for command in declared)


def show_response(world: World, user: User, conversation: Conversation, body: Any) -> tuple[str | None, Json | None]:
    """Post the body of an acknowledgment, for everyone or only for the person who typed."""
    answer: Json = {"text": body} if isinstance(body, str) else body
    if not isinstance(answer, dict) or not (answer.get("text") or answer.get("blocks")):
        return None, None
    try:
        content = message_content(Call(world, "response", answer))
    except SlackError as error:
        return error.code, answer
    reader = None if answer.get("response_type") == "in_channel" else user.id
    world.post_as_bot(conversation.id, content, reader=reader)
    return None, answer
