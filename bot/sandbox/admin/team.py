"""Changing the workspace itself."""

from ..errors import ControlError
from ..json_values import Json
from ..state.world import World


def change_team(world: World, body: Json) -> Json:
    """Move the workspace into an Enterprise Grid organization (`enterprise` is its id), or out of it (null)."""
    enterprise = body.get("enterprise")
    if enterprise is not None and not (isinstance(enterprise, str) and enterprise.startswith("E")):
        raise ControlError(f"enterprise: {enterprise!r} is not the id of an organization, such as E0NORTH")
    named = {"id": enterprise, "name": world.settings.team["name"]} if enterprise else None
    world.settings.team = {**world.settings.team, "enterprise": named}
    world.save_settings()
    world.feed.notify()
    return {"team": {"id": world.credentials.team_id, **world.settings.team}}
