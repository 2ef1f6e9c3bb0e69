"""Whether Slack takes our tokens: a wrong one is said at the start, and in words."""

from slack_sdk import WebClient

from bot.config import ConfigurationError, Settings
from bot.delivery.calls import SECONDS, Answer, Fate, call

BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
WHERE = {
    BOT: "Copy it again from OAuth & Permissions at api.slack.com/apps; it begins with xoxb-.",
    APP: "Copy it again from Basic Information, App-Level Tokens, at api.slack.com/apps; it begins with xapp- and "
    "needs the scope connections:write.",
}
_METHODS = {BOT: "auth.test", APP: "apps.connections.open"}


def check(name: str, answer: Answer) -> None:
    """Raise Wrong where Slack does not take a token; that Slack is out of reach is no reason not to start."""
    if answer.fate is Fate.REFUSED:
        raise ConfigurationError(refused(name, answer))


def ask(settings: Settings, name: str) -> Answer:
    """Show Slack a token that is set; give what Slack says to it."""
    token = getattr(settings, name.lower()).get_secret_value()
    return call(WebClient(token, base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[]), _METHODS[name])


def refused(name: str, answer: Answer) -> str:
    """Say that Slack does not take a token, and where the right one is."""
    return f"Slack does not take {name} ({answer.reason}). {WHERE[name]}"
