"""The methods with which an app gets, renews and gives back its tokens."""

from ..errors import SlackError
from ..json_values import Json
from ..oauth import installation, removal
from .call import Call


def check_client(call: Call) -> None:
    """Want the app's client id and secret."""
    known = call.world.credentials
    if call.text("client_id") != known.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != known.client_secret:
        raise SlackError("bad_client_secret")


def access(call: Call) -> Json:
    """Give tokens for a code from the consent page, or for a refresh token."""
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
    """Give a token that rotates for one that lasts."""
    check_client(call)
    if not call.world.rotates_tokens():
        raise SlackError("token_rotation_not_enabled")
    token = call.world.tokens.exchange(call.required("token"))
    return installation.renewed_payload(call.world, token)


def revoke(call: Call) -> Json:
    """Give a token back."""
    if call.flag("test"):
        return {"revoked": False}
    removal.revoke(call.world, call.world.tokens.check(call.args["token"]))
    return {"revoked": True}


def uninstall(call: Call) -> Json:
    """Leave the workspace."""
    check_client(call)
    removal.uninstall(call.world)
    return {"uninstalled": True}
