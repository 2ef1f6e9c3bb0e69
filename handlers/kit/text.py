"""The one module that makes text for Slack: what people typed is hostile until it has been here."""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

BAR = 10
"""The width of a bar that reads on a phone, in characters."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and the marks with which a text could turn its surroundings around."""


def clean(typed: str) -> str:
    """Take out what is not text: control characters and direction overrides."""
    return _CONTROL.sub("", typed).strip()


def escape(typed: str) -> str:
    """Make a person's words safe within mrkdwn; mentions are kept from working by `verbatim`."""
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unformatted(text: str) -> str:
    """Turn a sentence made for mrkdwn into one for a place where nothing is formatted, such as a field's error."""
    plain = re.sub(r"<![a-z]+\^[^|>]*\|([^>]*)>", r"\1", text).replace("`", "")
    return html.unescape(plain)


def cut(text: str, limit: int) -> str:
    """Shorten a text to `limit` characters, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def quote(typed: str, limit: int = 300) -> str:
    """Give a person's words as a quotation within a sentence."""
    return f"“{escape(cut(' '.join(typed.split()), limit))}”"


def bold(typed: str, limit: int = 300) -> str:
    """Give a person's words in bold."""
    return f"*{escape(cut(' '.join(typed.split()), limit))}*"


def cut_escaped(text: str, limit: int) -> str:
    """Shorten escaped text without leaving half an entity or half a link behind."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    short = re.sub(r"&[a-z]*$", "", short)
    if short.rfind("<") > short.rfind(">"):
        short = short[: short.rfind("<")]
    return short.rstrip() + "…"


def bar(part: float, whole: float) -> str:
    """Draw `part` of `whole` as full blocks; anything above nothing shows at least one."""
    if whole <= 0 or part <= 0:
        return ""
    return "█" * max(1, min(BAR, round(BAR * part / whole)))


def listed(names: Sequence[str], last: str = "and") -> str:
    """Join names as people write them: "Birch, Elm and Oak"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Say how many: "1 agency", "3 agencies"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def link(words: str, address: str | None) -> str:
    """Make words lead to an address; just the words where there is none."""
    if not address or not address.startswith(("https://", "http://")) or set(address) & set("<>|\"' \n"):
        return escape(words)
    return f"<{escape(address)}|{escape(words).replace('|', '/')}>"


def lines(texts: Iterable[str]) -> str:
    """Put one below the other, leaving out empty ones."""
    return "\n".join(text for text in texts if text)


def moment(at: datetime, zone: str = "UTC") -> str:
    """Give a moment with its weekday that each reader sees in their own zone; `zone` is for those who cannot."""
    fallback = written(at, zone).replace("|", " ").replace(">", "")
    return f"<!date^{int(at.timestamp())}^{{date_long_pretty}}, {{time}}|{fallback}>"


def day(on: date) -> str:
    """Write a day out with its weekday: "Fri 4 Dec 2026"."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def written(at: datetime, zone: str) -> str:
    """Write a moment out with weekday and zone: "Fri 4 Dec 2026, 17:00 (America/Denver)"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local)}, {local:%H:%M} ({zone.replace('_', ' ')})"
