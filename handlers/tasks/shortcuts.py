"""The shortcuts that create a task, from a message's menu or from anywhere in Slack."""

import re
from collections.abc import Mapping
from dataclasses import asdict

from handlers.kit import command_text, permalinks
from handlers.kit.permalinks import MessageLocation
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import truncate
from handlers.tasks import forms, rules
from storage import members

SOURCE = "a message"

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_DATE = re.compile(r"<!date\^[^<>|]*\|([^<>]*)>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|?>")


def from_message(request: SlackRequest) -> None:
    """Open the form for a new task with the message's text as its title."""
    text = str(request.body["message"].get("text") or "")
    with request.read() as (session, caller):
        names = members.names_by_user_id(session, caller.consortium.id, _MENTION.findall(text))
    metadata = {**request.origin, "message": asdict(MessageLocation.of(request.body))}
    request.open_form(forms.new_task(metadata, message_title(text, names), of_message=True))


def from_anywhere(request: SlackRequest) -> None:
    """Open the form for a new task."""
    request.require()
    request.open_form(forms.new_task(request.origin, ""))


def message_title(text: str, names: Mapping[str, str]) -> str:
    """Return a message's text as a title: on one line, with names for mentions, cut to the maximum length."""
    named = _MENTION.sub(lambda m: names.get(m[1], "somebody"), text)
    plain = command_text.unwrap(_CHANNEL.sub("a channel", _DATE.sub(r"\1", named)))
    return truncate(" ".join(plain.split()), rules.TITLE)


def message_source(request: SlackRequest) -> tuple[str, str | None]:
    """Return where a submitted task comes from: in words, and as a link if there is one."""
    spot = request.metadata.get("message")
    if not spot:
        return "", None
    return SOURCE, permalinks.find_permalink(request.deps.slack(request.workspace), MessageLocation(**spot))
