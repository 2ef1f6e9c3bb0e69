"""The inspector: what went between the sandbox and the app, newest first."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.sandbox.page.pieces import Piece, piece
from bot.sandbox.page.reader import Json, Reader

_SHOWN = 100  # more than anybody scrolls through, and little enough to stay quick
_LONGEST = 20_000
_BODIES = {"body": "Request", "answer": "Answer"}
_FAILED = 400  # the first HTTP status that says no


def exchanges(traffic: Sequence[Json], reader: Reader) -> list[Piece]:
    """Draw the latest requests with their answers."""
    return [_exchange(entry, reader) for entry in reversed(traffic[-_SHOWN:])]


def _exchange(entry: Json, reader: Reader) -> Piece:
    answer, status = entry.get("answer"), entry.get("status")
    error = answer.get("error") if isinstance(answer, dict) else None
    trouble = error or entry.get("fault")
    to_app = entry.get("direction") == "to_app"
    return piece(
        f"n{entry['n']}",
        "exchange.html",
        number=entry["n"],
        way="→" if to_app else "←",
        way_words="from the sandbox to the app" if to_app else "from the app to the sandbox",
        what=_what(entry),
        outcome=trouble or status or "",
        bad=bool(trouble) or (isinstance(status, int) and status >= _FAILED),
        at=_at(entry.get("at"), reader),
        took=entry.get("ms"),
        path=entry.get("path"),
        bodies=[(title, _pretty(entry[name])) for name, title in _BODIES.items() if entry.get(name)],
    )


def _what(entry: Json) -> str:
    """Name a request by what it carries, where its kind alone says little."""
    body = entry.get("body")
    inner = body if isinstance(body, dict) else {}
    event = inner.get("event") or {}
    return {
        "slash_commands": f"{inner.get('command')} {inner.get('text', '')}".strip(),
        "interactive": str(inner.get("type")),
        "events_api": str(event.get("type")),
    }.get(str(entry["method"]), str(entry["method"]))


def _at(at: object, reader: Reader) -> str:
    if not isinstance(at, str):
        return ""
    return f"{datetime.fromisoformat(at).astimezone(reader.zone):%a %-d %b, %H:%M:%S}"


def _pretty(body: object) -> str:
    text = body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n…"
