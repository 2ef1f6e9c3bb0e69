"""The whole state of one sandbox."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..json_values import Json
from ..wire_time import WireTime
from ..workspace import App, Credentials, Workspace
from .change_feed import ChangeFeed
from .connection_tickets import ConnectionTickets
from .directory import Directory, User, new_id
from .events import SCOPES
from .events import message as message_event
from .faults import Faults
from .messages import Message, Messages
from .oauth_codes import OAuthCodes
from .rate_limits import RateLimits
from .response_urls import ResponseUrls
from .store import Store
from .story_clock import StoryClock
from .tokens import Tokens, new_token
from .traffic import TrafficLog
from .triggers import Triggers
from .views import View, Views, view_payload

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "chat:write.public",
    "im:write",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "files:read",
    "files:write",
)

# The events that an app without a manifest receives: those about its own status.
DEFAULT_EVENTS = frozenset(
    {
        "app_home_opened",
        "channel_id_changed",
        "app_uninstalled",
        "member_joined_channel",
        "team_join",
        "tokens_revoked",
        "user_change",
    }
)


@dataclass
class Settings:
    """Where deliveries go, and what the app's manifest requests."""

    mode: str = "socket"
    request_url: str | None = None
    manifest: Json | None = None
    scopes: list[str] | None = None
    rotation: bool | None = None
    team: Json = field(default_factory=dict)


def new_credentials() -> Credentials:
    """Create the secrets of a new workspace."""
    return Credentials(
        bot_token=new_token("bot", rotates=False),
        app_token=f"xapp-1-{new_id('A')}-{secrets.randbelow(10**12):012d}-{secrets.token_hex(16)}",
        signing_secret=secrets.token_hex(16),
        team_id=new_id("T"),
        app_id=new_id("A"),
        bot_user_id=new_id("U"),
        bot_id=new_id("B"),
        verification_token=secrets.token_hex(12),
        client_id=f"{secrets.randbelow(10**12):012d}.{secrets.randbelow(10**13):013d}",
        client_secret=secrets.token_hex(16),
    )


class World:
    """The state of a sandbox. Every change goes through one of its parts, which write to the store."""

    def __init__(
        self,
        workspace: Workspace,
        app: App,
        *,
        data: Path | None,
        starts_at: datetime | None,
        wire_time: WireTime,
    ) -> None:
        self.wire_time = wire_time
        self.store = Store(data)
        with self.store.transaction():
            stored = self.store.load("world")
            credentials = asdict(new_credentials()) | stored.get("credentials", {}) | dict(app.secrets)
            self.credentials = Credentials(**credentials)
            self.settings = Settings(**stored["settings"]) if stored else Settings()
            self.clock = StoryClock(self.store, starts_at)
            self.messages = Messages(self.store, self.microseconds)
            self.views = Views(self.store)
            self.response_urls = ResponseUrls(self.store, self.clock.now)
            self.directory = Directory(self.store, self.credentials)
            self.tokens = Tokens(self.store, self.clock.now)
            self.directory.populate(workspace, int(self.clock.seconds()))
            if not stored:
                self.settings.team = {"name": workspace.name, "domain": workspace.domain}
                self.settings.scopes = None if app.scopes is None else list(app.scopes)
            self._apply_app(app)
            self.store.put("world", "credentials", self.credentials)
            self.save_settings()
        self.oauth_codes = OAuthCodes(self.clock.now)
        self.triggers = Triggers(wire_time.trigger)
        self.connection_tickets = ConnectionTickets()
        self.rate_limits = RateLimits(self.clock.seconds)
        self.faults = Faults()
        self.feed = ChangeFeed()
        self.traffic = TrafficLog()
        self.files: dict[str, Json] = self.store.load("file")
        self.message_state: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = {}
        self.loaded_options: dict[tuple[str, str, str], dict[str, Json]] = {}
        self.url = "http://127.0.0.1"
        self.emit: Callable[[Json], None] = lambda _event: None

    def _apply_app(self, app: App) -> None:
        """Apply how the app is described at this start: installed, or to be installed by consent."""
        for name in ("manifest", "request_url", "mode", "rotation"):
            if getattr(app, name) is not None:
                setattr(self.settings, name, getattr(app, name))
        fixed = app.secrets.get("bot_token")
        if app.installed and (not self.tokens.any_issued or (fixed and not self.tokens.find(fixed))):
            self.tokens.revoke(self.tokens.active("bot"), "token_revoked")
            token = self.credentials.bot_token if fixed or not self.rotates_tokens() else None
            issued = self.tokens.issue("bot", self.directory.bot_id, (), rotates=self.rotates_tokens(), value=token)
            self.credentials = replace(self.credentials, bot_token=issued.value)
        elif not self.tokens.installed:
            self.deactivate_bot()

    def deactivate_bot(self) -> None:
        """Leave the bot's user as Slack does when the app has no token: deactivated and in no channel."""
        bot = self.directory.people[self.directory.bot_id]
        for conversation in self.directory.channels():
            self.directory.leave(bot, conversation)
        bot.deleted = True
        self.directory.save_person(bot)

    def save_settings(self) -> None:
        """Store the current settings."""
        self.store.put("world", "settings", self.settings)

    @property
    def enterprise(self) -> Json | None:
        """Return the id and name of the Enterprise Grid organization, or None for a workspace of its own."""
        enterprise: Json | None = self.settings.team.get("enterprise")
        return enterprise

    def home_of(self, user: User) -> str:
        """Return the home team of a person, as interactions name it.

        On Enterprise Grid it is the organization, or another workspace of it in which the person is at home.
        """
        is_here = self.enterprise is not None and user.team_id == self.credentials.team_id
        return str(self.enterprise["id"]) if is_here and self.enterprise else user.team_id

    def enterprise_user(self, user: User) -> Json:
        """Return the extra field that a person of the organization has in Slack's user objects. Empty for others."""
        if self.enterprise is None or user.external or user.is_bot:
            return {}
        rights = {"is_admin": user.admin, "is_owner": user.admin, "is_primary_owner": False}
        teams = sorted({self.credentials.team_id, user.team_id})
        return {"enterprise_user": {"id": user.id, **self.enterprise_fields(), **rights, "teams": teams}}

    def enterprise_fields(self) -> Json:
        """Return the organization as commands and other payloads name it beside the team. Empty without one."""
        if self.enterprise is None:
            return {}
        return {"enterprise_id": self.enterprise["id"], "enterprise_name": self.enterprise["name"]}

    def microseconds(self) -> int:
        """Return the current story time in whole microseconds since 1970."""
        return (self.clock.now() - EPOCH) // timedelta(microseconds=1)

    def scopes(self) -> list[str]:
        """List the bot token's scopes."""
        if self.settings.scopes is not None:
            return self.settings.scopes
        if self.settings.manifest is not None:
            asked: list[str] = self.settings.manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
            return asked
        return list(DEFAULT_SCOPES)

    def rotates_tokens(self) -> bool:
        """Return whether new tokens expire and are refreshed."""
        if self.settings.rotation is not None:
            return self.settings.rotation
        return bool((self.settings.manifest or {}).get("settings", {}).get("token_rotation_enabled"))

    def redirect_urls(self) -> list[str]:
        """List the addresses to which the consent page may redirect."""
        urls: list[str] = (self.settings.manifest or {}).get("oauth_config", {}).get("redirect_urls", [])
        return urls

    def subscribed(self, event: str) -> bool:
        """Return whether the app receives a type of event: it has subscribed, and has the scope."""
        needed = SCOPES.get(event)
        if not self.tokens.installed or (needed is not None and needed.isdisjoint(self.scopes())):
            return False
        if self.settings.manifest is None:
            return event in DEFAULT_EVENTS
        asked = self.settings.manifest.get("settings", {}).get("event_subscriptions", {})
        return event in asked.get("bot_events", [])

    def has_tab(self, name: str) -> bool:
        """Return whether the app has its home or messages tab; without a manifest it has both."""
        if self.settings.manifest is None:
            return True
        tabs = self.settings.manifest.get("features", {}).get("app_home", {})
        return bool(tabs.get(f"{name}_tab_enabled", name == "messages"))

    def takes_messages(self) -> bool:
        """Return whether people may write to the app in its messages tab."""
        tabs = (self.settings.manifest or {}).get("features", {}).get("app_home", {})
        return self.has_tab("messages") and not tabs.get("messages_tab_read_only_enabled", False)

    def commands(self) -> list[Json]:
        """List the slash commands that the manifest declares."""
        declared = (self.settings.manifest or {}).get("features", {}).get("slash_commands", [])
        return [
            {
                "command": command["command"],
                "description": command.get("description", ""),
                "usage_hint": command.get("usage_hint", ""),
                "should_escape": bool(command.get("should_escape", False)),
            }
            for command in declared
        ]

    def shortcuts(self) -> list[Json]:
        """List the shortcuts that the manifest declares."""
        declared = (self.settings.manifest or {}).get("features", {}).get("shortcuts", [])
        names = ("callback_id", "type", "name", "description")
        return [{name: shortcut[name] for name in names} for shortcut in declared]

    def shape_view(self, view: View) -> dict[str, Any]:
        """Describe a view as Slack sends it."""
        credentials = self.credentials
        return view_payload(view, app_id=credentials.app_id, bot_id=credentials.bot_id, team_id=credentials.team_id)

    def post_as_bot(
        self, channel: str, content: Json, *, reader: str | None = None, thread_ts: str | None = None
    ) -> Message:
        """Post a message of the app, for everyone or for one reader."""
        credentials = self.credentials
        body = {
            "user": credentials.bot_user_id,
            "bot_id": credentials.bot_id,
            "app_id": credentials.app_id,
            "team": credentials.team_id,
        }
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        message = self.messages.add(channel, {**body, **content, **thread}, reader=reader)
        if reader is None:
            if thread_ts:
                self.record_reply(channel, thread_ts, message)
            self.emit(message_event(message.body, self.directory.conversations[channel]))
        self.feed.notify()
        return message

    def record_reply(self, channel: str, thread_ts: str, message: Message) -> None:
        """Count a reply at the first message of its thread."""
        parent = self.messages.find(channel, thread_ts)
        if parent is None:
            return
        parent.body["thread_ts"] = thread_ts
        parent.body["reply_count"] = parent.body.get("reply_count", 0) + 1
        parent.body["latest_reply"] = message.ts
        self.messages.save(parent)

    def post_privately(self, user: str, channel: str, sentence: str) -> Message:
        """Show one person a message by Slack itself."""
        body = {"user": "USLACKBOT", "text": sentence, "subtype": "slackbot_response"}
        message = self.messages.add(channel, body, reader=user)
        self.feed.notify()
        return message
