"""Converting typed text to what Slack sends: links, mentions and escapes."""

import re

from ..state.directory import Directory

LINKS = re.compile(
    r"(?P<ready><@U\w+(?:\|[^>]*)?>|<#C\w+(?:\|[^>]*)?>)"
    r"|(?P<url>https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@])@(?P<person>[a-z0-9][\w.-]*)"
    r"|(?<![\w#&])#(?P<channel>[a-z0-9][\w-]*)"
    r"|(?<![\w.@-])(?P<bare>(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|us))(?![\w.-]*\w)"
)
BROADCASTS = ("here", "channel", "everyone")


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _link(found: re.Match[str], directory: Directory) -> str:
    kind, word = str(found.lastgroup), str(found[str(found.lastgroup)])
    if kind == "ready":
        bare = re.split(r"[|>]", word[2:])[0]
        known = bare in directory.people or bare in directory.conversations
        return word if known else escape(word)
    addresses = {"url": escape(word), "mail": f"mailto:{word}|{word}", "bare": f"http://{word}|{word}"}
    if kind in addresses:
        return f"<{addresses[kind]}>"
    if kind == "channel":
        channel = next((one for one in directory.channels() if one.name == word), None)
        return f"<#{channel.id}|{channel.name}>" if channel else found[0]
    if word in BROADCASTS:
        return f"<!{word}>"
    # A period after a name ends the sentence; it is not part of the name.
    name = word.rstrip(".-_")
    person = next((one for one in directory.people.values() if one.name == name), None)
    return f"<@{person.id}|{person.name}>{word[len(name) :]}" if person else found[0]


def strip_labels(text: str) -> str:
    """Remove the names from mentions, as in messages; commands keep them."""
    return re.sub(r"<([@#][A-Z0-9]+)\|[^>]*>", r"<\1>", text)


def link_text(text: str, directory: Directory) -> str:
    """Escape a text, and link the people, channels and addresses in it."""
    parts, end = [], 0
    for found in LINKS.finditer(text):
        parts += [escape(text[end : found.start()]), _link(found, directory)]
        end = found.end()
    return "".join([*parts, escape(text[end:])])
