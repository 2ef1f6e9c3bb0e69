"""Views: each person's stack of modals, and the home tab last published to them."""

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

from ..json_values import Json
from .directory import new_id
from .store import Store

MAX_STACK = 3

SENT_FIELDS = ("type", "title", "close", "submit", "blocks", "private_metadata", "callback_id", "external_id")


@dataclass
class View:
    """A view that a person has open, with what they have entered (`state`)."""

    id: str
    user: str
    root_id: str
    previous_id: str | None
    content: Json
    hash: str
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    response_urls: list[Json] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return "modal" or "home"."""
        return str(self.content["type"])

    @property
    def blocks(self) -> list[Json]:
        """Return its blocks, each with its block_id."""
        blocks: list[Json] = self.content["blocks"]
        return blocks


def new_hash(content: Json) -> str:
    """Return a new hash, by which Slack notices that a view has changed meanwhile."""
    digest = hashlib.sha256(json.dumps(content).encode() + str(time.time_ns()).encode()).hexdigest()
    return f"{time.time_ns() // 1_000_000_000}.{digest[:8]}"


class Views:
    """Store what each person has open."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.by_id = {key: View(**body) for key, body in store.load("view").items()}
        self.stacks: dict[str, list[str]] = store.load("stack")
        self.homes: dict[str, str] = store.load("home")

    def save(self, view: View) -> None:
        """Store a view's current state."""
        self.by_id[view.id] = view
        self._store.put("view", view.id, view)

    def stack(self, user: str) -> list[View]:
        """Return a person's open modals, the top one last."""
        return [self.by_id[key] for key in self.stacks.get(user, [])]

    def home(self, user: str) -> View | None:
        """Return the home tab last published to a person."""
        key = self.homes.get(user)
        return self.by_id[key] if key else None

    def find_by_external_id(self, external_id: str) -> View | None:
        """Find an open view by the app's own id."""
        return next((view for view in self.by_id.values() if view.content["external_id"] == external_id), None)

    def _create(self, user: str, content: Json, below: View | None) -> View:
        key = new_id("V")
        root = below.root_id if below else key
        view = View(key, user, root, below.id if below else None, content, new_hash(content))
        self.save(view)
        return view

    def open(self, user: str, content: Json) -> View:
        """Open a modal in place of all others: there is one stack per person."""
        self.clear(user)
        view = self._create(user, content, None)
        self._save_stack(user, [view.id])
        return view

    def push(self, user: str, content: Json) -> View:
        """Push a modal onto the stack; the caller has checked that there is room."""
        view = self._create(user, content, self.stack(user)[-1])
        self._save_stack(user, [*self.stacks[user], view.id])
        return view

    def update(self, view: View, content: Json) -> View:
        """Replace a view's content."""
        view.content = content
        view.hash = new_hash(content)
        self.save(view)
        return view

    def publish(self, user: str, content: Json) -> View:
        """Publish a home tab."""
        view = self.home(user)
        if view is not None:
            return self.update(view, content)
        view = self._create(user, content, None)
        self.homes[user] = view.id
        self._store.put("home", user, view.id)
        return view

    def pop(self, user: str) -> None:
        """Close the top modal, revealing the one below."""
        keys = self.stacks.get(user, [])
        if keys:
            self._remove(keys[-1])
            self._save_stack(user, keys[:-1])

    def clear(self, user: str) -> None:
        """Close all of a person's modals."""
        for key in self.stacks.get(user, []):
            self._remove(key)
        self._save_stack(user, [])

    def _remove(self, key: str) -> None:
        self.by_id.pop(key, None)
        self._store.delete("view", key)

    def _save_stack(self, user: str, keys: list[str]) -> None:
        self.stacks[user] = keys
        self._store.put("stack", user, keys)


def view_payload(view: View, *, app_id: str, bot_id: str, team_id: str) -> dict[str, Any]:
    """Describe a view as Slack sends it to the app."""
    content = view.content
    return {
        "id": view.id,
        "team_id": team_id,
        **{name: content.get(name) for name in SENT_FIELDS},
        "state": {"values": view.state},
        "hash": view.hash,
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app_id,
        "app_installed_team_id": team_id,
        "bot_id": bot_id,
    }
