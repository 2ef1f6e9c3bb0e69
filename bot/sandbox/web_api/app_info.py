"""Methods about the app and the workspace."""

from ..errors import SlackError
from ..json_values import Json
from .call import Call


def api_test(call: Call) -> Json:
    """Echo the arguments, or fail as requested."""
    error = call.text("error")
    if error is not None:
        raise SlackError(error, args={"error": error})
    return {"args": {name: value for name, value in call.args.items() if name != "token"}}


def auth_test(call: Call) -> Json:
    """Identify the token's user."""
    credentials, token = call.world.credentials, call.world.tokens.find(call.args["token"])
    person = token is not None and token.kind == "user"
    user = call.world.directory.people[token.user if token else credentials.bot_user_id]
    return {
        "url": call.world.url + "/",
        "team": call.world.settings.team["name"],
        "user": user.name,
        "team_id": credentials.team_id,
        "user_id": user.id,
        **({} if person else {"bot_id": credentials.bot_id}),
        **({"enterprise_id": call.world.enterprise["id"]} if call.world.enterprise else {}),
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.world.settings.team
    shape = {"id": call.world.credentials.team_id, "name": team["name"], "domain": team["domain"]}
    return {"team": {**shape, **call.world.enterprise_fields(), "email_domain": "", "icon": {"image_default": True}}}


def bots_info(call: Call) -> Json:
    """Describe the app's bot."""
    credentials = call.world.credentials
    if call.text("bot") not in (None, credentials.bot_id):
        raise SlackError("bot_not_found")
    bot = call.world.directory.people[credentials.bot_user_id]
    shape = {"id": credentials.bot_id, "deleted": False, "name": bot.real_name, "updated": bot.updated}
    return {"bot": {**shape, "app_id": credentials.app_id, "user_id": credentials.bot_user_id, "icons": {}}}


def connections_open(call: Call) -> Json:
    """Return an address for one Socket Mode connection."""
    ticket = call.world.connection_tickets.issue()
    address = call.world.url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.world.credentials.app_id}"}
