"""The app manifest, made from the registry, so that it always matches the code."""

from typing import Any

from handlers.kit.registry import Registry

NAME = "Consortium"
SCOPES = [
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
]


def make(registry: Registry, *, address: str = "") -> dict[str, Any]:
    """Make the manifest: for HTTP with a public `address`, for Socket Mode without one."""
    url = f"{address.rstrip('/')}/slack/events" if address else ""
    request_url = {"request_url": url} if url else {}
    shortcuts = [
        {
            "name": shortcut.title,
            "type": shortcut.type,
            "callback_id": callback_id,
            "description": shortcut.description,
        }
        for callback_id, shortcut in registry.shortcuts.items()
    ]
    commands = [
        {
            "command": name,
            "description": command.description,
            "usage_hint": command.usage_hint,
            "should_escape": True,
            **({"url": url} if url else {}),
        }
        for name, command in sorted(registry.commands.items())
    ]
    return {
        "display_information": {
            "name": NAME,
            "description": "Agencies decide together: proposals, polls and a record everyone can read.",
            "background_color": "#1f4f5c",
        },
        "features": {
            # without the last one, people could not drop files there
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": commands,
            "shortcuts": shortcuts,
        },
        "oauth_config": {"scopes": {"bot": SCOPES}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": sorted(registry.events)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
