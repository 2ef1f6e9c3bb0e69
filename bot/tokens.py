"""Whether Slack takes our tokens: asked at the start, so that a wrong one is said at once and in words."""

from slack_sdk import WebClient

from bot.calls import SECONDS, Answer, Fate, call
from bot.config import Settings, Wrong

WHERE = {
    "SLACK_BOT_TOKEN": "Copy it again from OAuth & Permissions at api.slack.com/apps; it begins with xoxb-.",
    "SLACK_APP_TOKEN": "Copy it again from Basic Information, App-Level Tokens, at api.slack.com/apps; it begins with "
    "xapp- and needs the scope connections:write.",
}
NAMES = tuple(WHERE)
_METHODS = {"SLACK_BOT_TOKEN": "auth.test", "SLACK_APP_TOKEN": "apps.connections.open"}


def check(settings: Settings) -> None:
    """Raise Wrong where Slack does not take a token; that Slack is out of reach is no reason not to start."""
    for name in NAMES:
        answer = ask(settings, name)
        if answer is not None and answer.fate is Fate.REFUSED:
            raise Wrong(refused(name, answer))
        if answer is not None and answer.fate is not Fate.DONE:
            return


def ask(settings: Settings, name: str) -> Answer | None:
    """Show Slack a token by its setting's name; give what Slack says, or None where it is not set."""
    token = getattr(settings, name.lower()).get_secret_value()
    if not token:
        return None
    return call(WebClient(token, base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[]), _METHODS[name])


def refused(name: str, answer: Answer) -> str:
    """Say that Slack does not take a token, and where the right one is."""
    return f"Slack does not take {name} ({answer.reason}). {WHERE[name]}"
