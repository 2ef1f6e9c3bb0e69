"""The app's settings: request URL, manifest and scopes."""

from urllib.parse import urlsplit

from ..errors import ControlError
from ..json_values import Json
from ..state.world import World


def request_url_field(url: object) -> str:
    """Read the URL of deliveries."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts is not None and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return str(url)
    except ValueError:
        pass
    raise ControlError(f"request_url: {url!r} is not an address such as http://127.0.0.1:3000/slack/events")


def change_app(world: World, body: Json) -> None:
    """Change the app's request URL, mode, manifest or scopes."""
    settings = world.settings
    url, mode = body.get("request_url", settings.request_url), body.get("mode", settings.mode)
    url = None if url is None else request_url_field(url)
    if "request_url" in body and "mode" not in body:
        mode = "http" if url else "socket"
    if mode not in ("http", "socket"):
        raise ControlError(f"mode: {mode!r} is neither http nor socket")
    manifest, scopes = body.get("manifest", settings.manifest), body.get("scopes", settings.scopes)
    if manifest is not None and not isinstance(manifest, dict):
        raise ControlError("manifest: give the app's manifest as an object")
    if scopes is not None and not (isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)):
        raise ControlError("scopes: give a list of scopes")
    _apply_manifest(world, manifest, scopes)
    settings.request_url, settings.mode = url, mode
    world.save_settings()
    world.feed.notify()


def _apply_manifest(world: World, manifest: Json | None, scopes: list[str] | None) -> None:
    """Use a manifest if it can be read; otherwise change nothing."""
    before = world.settings.manifest
    world.settings.manifest = manifest
    try:
        _ = world.commands(), world.shortcuts(), world.subscribed("message"), list(world.scopes())
        _ = world.rotates_tokens(), list(world.redirect_urls()), world.has_tab("home")
    except (AttributeError, KeyError, TypeError) as error:
        world.settings.manifest = before
        raise ControlError("manifest: this is not an app manifest") from error
    world.settings.scopes = scopes


def describe_app(world: World) -> Json:
    """Return what a Bolt app needs."""
    credentials, settings = world.credentials, world.settings
    token = next(reversed(world.tokens.active("bot")), None)
    return {
        "bot_token": token.value if token else None,
        "refresh_token": token.refresh if token else None,
        "app_token": credentials.app_token,
        "signing_secret": credentials.signing_secret,
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "team_id": credentials.team_id,
        "app_id": credentials.app_id,
        "bot_user_id": credentials.bot_user_id,
        "api_url": world.url + "/api/",
        "clock_url": world.url + "/sandbox/clock/follow",
        "request_url": settings.request_url,
        "mode": settings.mode,
        "installed": world.tokens.installed,
        "scopes": world.scopes(),
        "commands": world.commands(),
        "shortcuts": world.shortcuts(),
    }
