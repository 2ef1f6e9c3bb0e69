"""Revoking tokens; with the last of them, the app leaves the workspace."""

from collections.abc import Collection

from ..errors import ControlError
from ..json_values import Json
from ..state.tokens import Token
from ..state.world import World


def revoke(world: World, token: Token) -> None:
    """Revoke the tokens of one authorization: the bot's, or those of one person."""
    _revoke(world, world.tokens.active(token.kind, token.user), bot_error="token_revoked")


def uninstall(world: World) -> None:
    """Revoke all tokens: bot tokens become `account_inactive`, user tokens `token_revoked`."""
    _revoke(world, world.tokens.active(), bot_error="account_inactive")


def remove_app(world: World, _body: Json) -> Json:
    """Remove the app, as an administrator would."""
    if not world.tokens.installed:
        raise ControlError("the app is not installed", status=409)
    uninstall(world)
    return {"uninstalled": True}


def _revoke(world: World, tokens: Collection[Token], *, bot_error: str) -> None:
    bots = sorted({token.user for token in tokens if token.kind == "bot"})
    people = sorted({token.user for token in tokens if token.kind == "user"})
    # The events are sent while the app still counts as subscribed; when they arrive, its tokens are gone.
    world.emit({"type": "tokens_revoked", "tokens": {"oauth": people, "bot": bots}})
    if len(tokens) == len(world.tokens.active()):
        world.emit({"type": "app_uninstalled"})
    world.tokens.revoke([token for token in tokens if token.kind == "bot"], bot_error)
    world.tokens.revoke([token for token in tokens if token.kind == "user"], "token_revoked")
    if bots:
        world.deactivate_bot()
    world.feed.notify()
