"""The shortcuts that create a task, from a message's menu or from anywhere in Slack."""

from dataclasses import asdict

from handlers.kit import command_text, permalinks
from handlers.kit.permalinks import MessageLocation
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import truncate
from handlers.tasks import forms, rules

SOURCE = "a message"


def from_message(request: SlackRequest) -> None:
    """Open the form for a new task with the message's text as its title."""
    text = str(request.body["message"].get("text") or "")
    request.require()
    metadata = {**request.origin, "message": asdict(MessageLocation.of(request.body))}
    request.open_form(forms.new_task(metadata, message_title(text), forms.MESSAGE_HINT))


def from_anywhere(request: SlackRequest) -> None:
    """Open the form for a new task."""
    request.require()
    request.open_form(forms.new_task(request.origin, ""))


def message_title(text: str) -> str:
    """Return a message's text as a title: on one line, cut to the maximum length."""
    return truncate(" ".join(command_text.unwrap(text).split()), rules.TITLE)


def message_source(request: SlackRequest) -> tuple[str, str | None]:
    """Return where a submitted task comes from: in words, and as a link if there is one."""
    spot = request.metadata.get("message")
    if not spot:
        return "", None
    return SOURCE, permalinks.find_permalink(request.deps.slack(request.workspace), MessageLocation(**spot))
