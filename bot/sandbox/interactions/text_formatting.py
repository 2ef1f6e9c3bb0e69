"""Converting typed text to what Slack sends: links, mentions and escapes."""

import re

from ..blockkit.escaping import escape
from ..state.directory import Directory

LINKS = re.compile(
    r"(?P<ready><@U\w+(?:\|[^>]*)?>|<#C\w+(?:\|[^>]*)?>|<!subteam\^S\w+(?:\|[^>]*)?>)"
    r"|(?P<url>https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@])@(?P<person>[a-z0-9][\w.-]*)"
    r"|(?<![\w#&])#(?P<channel>[a-z0-9][\w-]*)"
    r"|(?<![\w.@-])(?P<bare>(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|us))(?![\w.-]*\w)"
)
BROADCASTS = ("here", "channel", "everyone")


def _link(match: re.Match[str], directory: Directory) -> str:
    kind, text = str(match.lastgroup), str(match[str(match.lastgroup)])
    if kind == "ready":
        bare = re.split(r"[|>]", text[2:])[0]
        # the workspace has no user groups of its own, so every one that is named exists
        known = bare in directory.people or bare in directory.conversations or text.startswith("<!")
        return text if known else escape(text)
    addresses = {"url": escape(text), "mail": f"mailto:{text}|{text}", "bare": f"http://{text}|{text}"}
    if kind in addresses:
        return f"<{addresses[kind]}>"
    if kind == "channel":
        channel = next((item for item in directory.channels() if item.name == text), None)
        if channel is None:
            return match[0]
        hidden = channel.private and directory.bot_id not in channel.members
        return f"<#{channel.id}|{'' if hidden else channel.name}>"
    if text in BROADCASTS:
        return f"<!{text}>"
    # A period after a name ends the sentence; it is not part of the name.
    name = text.rstrip(".-_")
    person = next((item for item in directory.people.values() if item.name == name), None)
    return f"<@{person.id}|{person.name}>{text[len(name) :]}" if person else match[0]


def strip_labels(text: str) -> str:
    """Remove the names from mentions, as in messages; commands keep them."""
    return re.sub(r"<([@#][A-Z0-9]+)\|[^>]*>", r"<\1>", text)


def link_text(text: str, directory: Directory) -> str:
    """Escape a text, and link the people, channels and addresses in it."""
    parts, end = [], 0
    for match in LINKS.finditer(text):
        parts += [escape(text[end : match.start()]), _link(match, directory)]
        end = match.end()
    return "".join([*parts, escape(text[end:])])
