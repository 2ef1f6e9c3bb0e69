"""Parts that Slack's payloads share."""

from ..json_values import Json
from ..state.directory import Conversation, User
from ..state.world import World


def interaction_payload(world: World, kind: str, user: User) -> Json:
    """Return the common fields of an interaction: who acted, and where the app is installed."""
    credentials, team = world.credentials, world.settings.team
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": world.home_of(user),
        },
        "api_app_id": credentials.app_id,
        "token": credentials.verification_token,
        "team": {"id": credentials.team_id, "domain": team["domain"], **world.enterprise_fields()},
        "enterprise": world.enterprise,
        "is_enterprise_install": False,
    }


def channel_name(conversation: Conversation) -> str:
    """Return a conversation's name as payloads have it."""
    if conversation.im is not None:
        return "directmessage"
    return "privategroup" if conversation.private else conversation.name


def channel_payload(conversation: Conversation) -> Json:
    """Describe a conversation as payloads do."""
    return {"id": conversation.id, "name": channel_name(conversation)}


def response_url(world: World, key: str) -> str:
    """Return the address of a response URL."""
    return f"{world.url}/response/{key}"
