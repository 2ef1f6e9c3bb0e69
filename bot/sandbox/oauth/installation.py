"""Installing the app, or granting it more scopes: an authorization becomes tokens."""

from ..json_values import Json
from ..state.oauth_codes import OAuthCode
from ..state.tokens import LIFETIME, Token
from ..state.world import World


def install(world: World, code: OAuthCode) -> Json:
    """Issue the authorized tokens, in the shape of `oauth.v2.access`."""
    rotates = world.rotates_tokens()
    answer: Json = {"app_id": world.credentials.app_id, "authed_user": {"id": code.user}, **_team(world)}
    if code.scopes:
        # Scopes granted earlier stay until the app is removed.
        before = world.scopes() if world.tokens.active("bot") else []
        world.settings.scopes = [*before, *(scope for scope in code.scopes if scope not in before)]
        world.save_settings()
        _activate_bot(world)
        token = world.tokens.issue("bot", world.directory.bot_id, world.settings.scopes, rotates=rotates)
        answer |= token_payload(world, token)
    if code.user_scopes:
        held_scopes = [scope for token in world.tokens.active("user", code.user) for scope in token.scopes]
        scopes = dict.fromkeys([*held_scopes, *code.user_scopes])
        token = world.tokens.issue("user", code.user, scopes, rotates=rotates)
        parts = token_payload(world, token)
        answer["authed_user"] |= {name: parts[name] for name in parts if name != "user_id"}
    world.feed.notify()
    return answer


def _activate_bot(world: World) -> None:
    """Reactivate the bot's user, which was deactivated when the app was removed."""
    bot = world.directory.people[world.directory.bot_id]
    bot.deleted = False
    world.directory.save_person(bot)


def _team(world: World) -> Json:
    team = {"id": world.credentials.team_id, "name": world.settings.team["name"]}
    return {"team": team, "enterprise": world.enterprise, "is_enterprise_install": False}


def token_payload(world: World, token: Token) -> Json:
    """Describe a token as the methods that issue one do."""
    scopes = world.scopes() if token.kind == "bot" else token.scopes
    acts_as = {"bot_user_id": token.user} if token.kind == "bot" else {"user_id": token.user}
    body: Json = {"access_token": token.value, "token_type": token.kind, "scope": ",".join(scopes), **acts_as}
    if token.refresh is not None:
        body |= {"expires_in": int(LIFETIME.total_seconds()), "refresh_token": token.refresh}
    return body


def renewed_payload(world: World, token: Token) -> Json:
    """Describe a token that replaces another one."""
    return {"app_id": world.credentials.app_id, **token_payload(world, token), **_team(world)}
