"""users.*: the workspace's people and bots."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ..errors import SlackError
from ..json_values import Json
from ..state.directory import User
from .call import MAX_PAGE_SIZE, Call, paginate

LABELS = {
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain",
    "America/Chicago": "Central",
    "America/New_York": "Eastern",
    "America/Los_Angeles": "Pacific",
    "Europe/Berlin": "Central European",
}


def profile(someone: User, *, with_email: bool) -> Json:
    """Return a person's profile."""
    first, _, last = someone.real_name.partition(" ")
    found: Json = {
        "title": someone.title,
        "phone": "",
        "real_name": someone.real_name,
        "real_name_normalized": someone.real_name,
        "display_name": someone.name,
        "display_name_normalized": someone.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": someone.id.lower(),
        "team": someone.team_id,
    }
    return {**found, "email": someone.email} if with_email and someone.email else found


def time_zone_fields(someone: User, now: datetime) -> Json:
    """Return a person's time zone in Slack's fields."""
    local = now.astimezone(ZoneInfo(someone.tz))
    offset, season = local.utcoffset(), "Daylight" if local.dst() else "Standard"
    return {
        "tz": someone.tz,
        "tz_label": f"{LABELS.get(someone.tz, someone.tz.rpartition('/')[2])} {season} Time",
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def active_fields(someone: User, *, met: bool) -> Json:
    """Return the fields of people who have not left; an external person is a stranger until `met`."""
    return {
        "locale": someone.locale,
        "color": "9f69e7",
        "is_admin": someone.admin,
        "is_owner": someone.admin,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_stranger": someone.external and not met,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def user_payload(someone: User, now: datetime, *, with_email: bool, met: bool = True) -> Json:
    """Describe a person as Slack does; people who left have no time zone and no rights."""
    body: Json = {
        "id": someone.id,
        "team_id": someone.team_id,
        "name": someone.name,
        "deleted": someone.deleted,
        "real_name": someone.real_name,
        "profile": profile(someone, with_email=with_email),
        "is_bot": someone.is_bot,
        "is_app_user": False,
        "updated": someone.updated,
    }
    return body if someone.deleted else {**body, **time_zone_fields(someone, now), **active_fields(someone, met=met)}


def visible_user(call: Call, someone: User) -> Json:
    """Describe a person as far as this call may see."""
    pair = {someone.id, call.world.directory.bot_id}
    met = not someone.external or any(pair <= set(one.members) for one in call.world.directory.channels())
    body = user_payload(someone, call.world.clock.now(), with_email="users:read.email" in call.world.scopes(), met=met)
    if not call.flag("include_locale"):
        body.pop("locale", None)
    return body


def info(call: Call) -> Json:
    """Describe one person, including people of another workspace in a shared channel."""
    call.required("user")
    return {"user": visible_user(call, call.person("user"))}


def list_users(call: Call) -> Json:
    """List the workspace's own people and bots, including those who left."""
    own = [one for one in call.world.directory.people.values() if not one.external]
    if call.number("limit", 0) == 0:
        call.args["limit"] = MAX_PAGE_SIZE  # without a limit, Slack returns its maximum at once
    part, metadata = paginate(call, sorted(own, key=lambda one: one.id))
    return {
        "members": [visible_user(call, one) for one in part],
        "cache_ts": int(call.world.clock.seconds()),
        "response_metadata": metadata,
    }


def lookup_by_email(call: Call) -> Json:
    """Find one of the workspace's own people by email."""
    wanted = call.required("email").lower()
    for one in call.world.directory.people.values():
        if (one.email or "").lower() == wanted and not one.external and not one.deleted:
            return {"user": visible_user(call, one)}
    raise SlackError("users_not_found")
