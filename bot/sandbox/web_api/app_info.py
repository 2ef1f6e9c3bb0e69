"""Methods about the app and the workspace."""

from ..errors import SlackError
from ..json_values import Json
from .call import Call


def api_test(call: Call) -> Json:
    """Echo the arguments, or fail as requested."""
    wanted = call.text("error")
    if wanted is not None:
        raise SlackError(wanted, args={"error": wanted})
    return {"args": {name: value for name, value in call.args.items() if name != "token"}}


def auth_test(call: Call) -> Json:
    """Identify the token's user."""
    known, token = call.world.credentials, call.world.tokens.find(call.args["token"])
    person = token is not None and token.kind == "user"
    who = call.world.directory.people[token.user if token else known.bot_user_id]
    return {
        "url": call.world.url + "/",
        "team": call.world.settings.team["name"],
        "user": who.name,
        "team_id": known.team_id,
        "user_id": who.id,
        **({} if person else {"bot_id": known.bot_id}),
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.world.settings.team
    shape = {"id": call.world.credentials.team_id, "name": team["name"], "domain": team["domain"]}
    return {"team": {**shape, "email_domain": "", "icon": {"image_default": True}}}


def bots_info(call: Call) -> Json:
    """Describe the app's bot."""
    known = call.world.credentials
    if call.text("bot") not in (None, known.bot_id):
        raise SlackError("bot_not_found")
    bot = call.world.directory.people[known.bot_user_id]
    shape = {"id": known.bot_id, "deleted": False, "name": bot.real_name, "updated": bot.updated}
    return {"bot": {**shape, "app_id": known.app_id, "user_id": known.bot_user_id, "icons": {}}}


def connections_open(call: Call) -> Json:
    """Return an address for one Socket Mode connection."""
    ticket = call.world.connection_tickets.issue()
    address = call.world.url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.world.credentials.app_id}"}
