"""The traffic inspector: requests between the sandbox and the app, newest first, with details on demand."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from ..json_values import Json
from ..state.traffic import MAX_ENTRIES
from .fragments import Fragment, render_fragment
from .location import Location
from .reader import Reader

_MAX_SHOWN = 200  # more than anybody scrolls through, and few enough to be fast
_MAX_CHARACTERS = 60_000
_MAX_CACHED = 2 * MAX_ENTRIES
_BODIES = {"body": "Request", "answer": "Answer"}
_FIRST_ERROR_STATUS = 400  # the first HTTP status that is an error
_TO_APP = "to_app"
_REASONS = {
    "http_timeout": "The app did not answer in time.",
    "connection_failed": "The app could not be reached.",
    "http_error": "The app did not answer with status 200.",
}

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass
class TrafficRenderer:
    """Render exchanges for all readers, each only once, and cache their texts for searching."""

    cache: OrderedDict[tuple[object, str], Fragment] = field(default_factory=OrderedDict)
    search_texts: OrderedDict[int, str] = field(default_factory=OrderedDict)

    def exchanges(self, traffic: list[Json], reader: Reader, location: Location) -> Iterator[Fragment]:
        """Render the latest exchanges that match the filters, and their number."""
        fitting = [entry for entry in reversed(traffic) if self._fits(entry, location)]
        yield render_fragment("count", "exchange_count.html", shown=min(len(fitting), _MAX_SHOWN), all=len(fitting))
        for entry in fitting[:_MAX_SHOWN]:
            yield self._row(entry, reader)

    def _row(self, entry: Json, reader: Reader) -> Fragment:
        return _cached(self.cache, (entry["n"], reader.zone.key), lambda: _render_row(entry, reader))

    def _fits(self, entry: Json, location: Location) -> bool:
        if location.way and entry.get("direction") != location.way:
            return False
        if location.failed and not _failure(entry):
            return False
        terms = location.find.lower().split()
        if not terms:
            return True
        text = _cached(self.search_texts, entry["n"], lambda: _search_text(entry))
        return all(term in text for term in terms)


def _cached(cache: OrderedDict[_Key, _Value], key: _Key, make: Callable[[], _Value]) -> _Value:
    if key not in cache:
        if len(cache) >= _MAX_CACHED:
            cache.popitem(last=False)
        cache[key] = make()
    return cache[key]


def render_detail(entry: Json, reader: Reader) -> str:
    """Render a request and its response."""
    trouble = _failure(entry)
    return render_fragment(
        "detail",
        "exchange_detail.html",
        way_words=_direction(entry)[1],
        at=_time(entry.get("at"), reader),
        took=entry.get("ms"),
        path=entry.get("path"),
        refused=trouble[1] if trouble else "",
        reasons=_reasons(entry),
        bodies=[(title, _pretty(entry[name])) for name, title in _BODIES.items() if entry.get(name)],
    ).html


def _render_row(entry: Json, reader: Reader) -> Fragment:
    trouble = _failure(entry)
    way, way_words = _direction(entry)
    return render_fragment(
        f"n{entry['n']}",
        "exchange.html",
        number=entry["n"],
        way=way,
        way_words=way_words,
        what=_title(entry),
        outcome=trouble[0] if trouble else entry.get("status") or "",
        bad=bool(trouble),
        took=entry.get("ms"),
        at=_time(entry.get("at"), reader, brief=True),
    )


def _direction(entry: Json) -> tuple[str, str]:
    if entry.get("direction") == _TO_APP:
        return "→", "from the sandbox to the app"
    return "←", "from the app to the sandbox"


def _failure(entry: Json) -> tuple[str, str] | None:
    """Return what went wrong, as a code and a sentence; None if nothing did."""
    answer, status, fault = entry.get("answer"), entry.get("status"), entry.get("fault")
    if entry.get("refused"):
        return str(entry["refused"]["error"]), "Slack would not have accepted this response."
    if entry.get("direction") == _TO_APP:
        return (str(fault), _REASONS.get(str(fault), "The app did not accept it.")) if fault else None
    if fault:
        return str(fault), "This fault was injected. Slack would have answered the call."
    error = answer.get("error") if isinstance(answer, dict) else None
    if error or (isinstance(status, int) and status >= _FIRST_ERROR_STATUS):
        return str(error or status), "Slack would have refused this too."
    return None


def _reasons(entry: Json) -> list[str]:
    """List the wrong fields, if the response names them."""
    answer = entry.get("answer")
    if entry.get("refused"):
        return [str(message) for message in entry["refused"]["messages"]]
    named = answer.get("response_metadata", {}).get("messages", []) if isinstance(answer, dict) else []
    return [str(message) for message in named]


def _title(entry: Json) -> str:
    """Name a request by its content where its kind says little."""
    body = entry.get("body")
    inner = body if isinstance(body, dict) else {}
    event = inner.get("event") or {}
    return {
        "slash_commands": f"{inner.get('command')} {inner.get('text', '')}".strip(),
        "interactive": str(inner.get("type")),
        "events_api": str(event.get("type")),
    }.get(str(entry["method"]), str(entry["method"]))


def _search_text(entry: Json) -> str:
    named = {name: entry.get(name) for name in ("method", "path", "status", "fault", *_BODIES)}
    return json.dumps(named, ensure_ascii=False, default=str).lower()


def _time(at: object, reader: Reader, *, brief: bool = False) -> str:
    if not isinstance(at, str):
        return ""
    time = datetime.fromisoformat(at).astimezone(reader.zone)
    return f"{time:%a %H:%M:%S}" if brief else f"{time:%a %-d %b, %H:%M:%S}"


def _pretty(body: object) -> str:
    text = body if isinstance(body, str) else json.dumps(_decoded(body), indent=2, ensure_ascii=False, default=str)
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}\n…"


def _decoded(body: object) -> object:
    """Decode JSON inside form fields, such as blocks, for people to read."""
    if not isinstance(body, dict):
        return body
    return {name: _decode(value) for name, value in body.items()}


def _decode(value: object) -> object:
    if not isinstance(value, str) or value[:1] not in ("[", "{"):
        return value
    try:
        decoded: object = json.loads(value)
    except ValueError:
        return value
    return decoded
