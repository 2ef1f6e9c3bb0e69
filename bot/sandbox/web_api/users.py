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


def profile(user: User, *, with_email: bool) -> Json:
    """Return a person's profile."""
    first, _, last = user.real_name.partition(" ")
    fields: Json = {
        "title": user.title,
        "phone": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": user.id.lower(),
        "team": user.team_id,
    }
    return {**fields, "email": user.email} if with_email and user.email else fields


def time_zone_fields(user: User, now: datetime) -> Json:
    """Return a person's time zone in Slack's fields."""
    local = now.astimezone(ZoneInfo(user.tz))
    offset, season = local.utcoffset(), "Daylight" if local.dst() else "Standard"
    return {
        "tz": user.tz,
        "tz_label": f"{LABELS.get(user.tz, user.tz.rpartition('/')[2])} {season} Time",
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def active_fields(user: User, *, met: bool) -> Json:
    """Return the extra fields of an active user. `met` is False for an external user not met before."""
    return {
        "locale": user.locale,
        "color": "9f69e7",
        "is_admin": user.admin,
        "is_owner": user.admin,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_stranger": user.external and not met,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def user_payload(user: User, now: datetime, enterprise_user: Json, *, with_email: bool, met: bool = True) -> Json:
    """Describe a person as Slack does; people who left have no time zone and no rights."""
    body: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "profile": profile(user, with_email=with_email),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
        **enterprise_user,
    }
    return body if user.deleted else {**body, **time_zone_fields(user, now), **active_fields(user, met=met)}


def visible_user(call: Call, user: User) -> Json:
    """Describe a person as far as this call may see."""
    pair = {user.id, call.world.directory.bot_id}
    met = not user.external or any(pair <= set(channel.members) for channel in call.world.directory.channels())
    with_email = "users:read.email" in call.world.scopes()
    enterprise_user = call.world.enterprise_user(user)
    body = user_payload(user, call.world.clock.now(), enterprise_user, with_email=with_email, met=met)
    if not call.flag("include_locale"):
        body.pop("locale", None)
    return body


def info(call: Call) -> Json:
    """Describe one person, including people of another workspace in a shared channel."""
    return {"user": visible_user(call, call.person("user"))}


def list_users(call: Call) -> Json:
    """List the workspace's own people and bots, including those who left."""
    members = [member for member in call.world.directory.people.values() if not member.external]
    if call.number("limit", 0) == 0:
        call.args["limit"] = MAX_PAGE_SIZE  # without a limit, Slack returns its maximum at once
    part, metadata = paginate(call, sorted(members, key=lambda member: member.id))
    return {
        "members": [visible_user(call, member) for member in part],
        "cache_ts": int(call.world.clock.seconds()),
        "response_metadata": metadata,
    }


def lookup_by_email(call: Call) -> Json:
    """Find one of the workspace's own people by email."""
    email = call.required("email").lower()
    for user in call.world.directory.people.values():
        if (user.email or "").lower() == email and not user.external and not user.deleted:
            return {"user": visible_user(call, user)}
    raise SlackError("users_not_found")
