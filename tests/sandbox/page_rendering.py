"""Rendering blocks for tests of the page, as Ana reads them."""

from datetime import UTC, datetime

from bot.sandbox.page.blocks import render_blocks
from bot.sandbox.page.reader import Reader

ANA = {"id": "U1", "name": "ana", "real_name": "Ana Reyes", "tz": "America/Denver"}
GONE = {"id": "U3", "name": "gone", "real_name": "Gone Away", "deleted": True}
READER = Reader(
    ANA,
    {"U1": ANA, "U3": GONE},
    {"C1": {"id": "C1", "name": "council"}},
    datetime(2026, 12, 1, 19, 0, tzinfo=UTC),
)
EVIL = '"><script>alert(1)</script>'


def plain(words):
    return {"type": "plain_text", "text": words}


def mark(words):
    return {"type": "mrkdwn", "text": words}


def option(words, **more):
    return {"text": plain(words), "value": words.lower(), **more}


def element(type_, **more):
    return {"type": type_, "action_id": "a1", **more}


def actions(*elements):
    return {"type": "actions", "block_id": "b1", "elements": list(elements)}


def asks(field, **more):
    return {"type": "input", "block_id": "b1", "label": plain("The label"), "element": field, **more}


def draw(*payload, **more):
    return " ".join(str(render_blocks(payload, READER, place="C1/1", **more)).split())


ONE_TWO = [option("One"), option("Two", description=plain("The second"))]
