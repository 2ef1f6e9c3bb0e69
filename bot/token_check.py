"""Whether Slack accepts our tokens, so that a wrong one is reported at startup, in words."""

from bot.config import ConfigurationError, Settings
from bot.delivery.calls import TIMEOUT_SECONDS, CallResult, call
from bot.slack_client import SlackClient

BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
HELP = {
    BOT: "Copy it again from OAuth & Permissions at api.slack.com/apps; it begins with xoxb-.",
    APP: "Copy it again from Basic Information, App-Level Tokens, at api.slack.com/apps; it begins with xapp- and "
    "needs the scope connections:write.",
}
_METHODS = {BOT: "auth.test", APP: "apps.connections.open"}


def require_accepted(name: str, result: CallResult) -> None:
    """Raise `ConfigurationError` if Slack rejected a token. An unreachable Slack does not prevent a start."""
    if result.refused:
        raise ConfigurationError(rejection(name, result))


def ask(settings: Settings, name: str) -> CallResult:
    """Call Slack with a token from the settings. Return the result."""
    token = getattr(settings, name.lower()).get_secret_value()
    client = SlackClient(token, base_url=settings.slack_api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    return call(client, _METHODS[name])


def rejection(name: str, result: CallResult) -> str:
    """Explain that Slack rejected a token, and where to find the right one."""
    return f"Slack does not accept {name} ({result.reason}). {HELP[name]}"
