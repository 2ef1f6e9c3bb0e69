"""The methods with which an app gets, refreshes and revokes its tokens."""

from ..errors import SlackError
from ..json_values import Json
from ..oauth import installation, removal
from .call import Call


def check_client(call: Call) -> None:
    """Require the app's client id and secret."""
    credentials = call.world.credentials
    if call.text("client_id") != credentials.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != credentials.client_secret:
        raise SlackError("bad_client_secret")


def access(call: Call) -> Json:
    """Issue tokens for a code from the consent page, or for a refresh token."""
    check_client(call)
    grant = call.text("grant_type") or "authorization_code"
    if grant == "refresh_token":
        token = call.world.tokens.refresh(call.text("refresh_token"))
        return installation.renewed_payload(call.world, token)
    if grant != "authorization_code":
        raise SlackError("invalid_grant_type")
    code = call.world.oauth_codes.redeem(call.text("code"), call.text("redirect_uri") or "")
    return installation.install(call.world, code)


def exchange(call: Call) -> Json:
    """Exchange a token that does not expire for one that rotates."""
    check_client(call)
    if not call.world.rotates_tokens():
        raise SlackError("token_rotation_not_enabled")
    token = call.world.tokens.exchange(call.required("token"))
    return installation.renewed_payload(call.world, token)


def revoke(call: Call) -> Json:
    """Revoke a token."""
    if call.flag("test"):
        return {"revoked": False}
    removal.revoke(call.world, call.world.tokens.check(call.args["token"]))
    return {"revoked": True}


def uninstall(call: Call) -> Json:
    """Uninstall the app."""
    check_client(call)
    removal.uninstall(call.world)
    return {"uninstalled": True}
