"""The metadata of all tables, for migrations and tests."""

from importlib import import_module

from storage.database import Base

_MODULES = (
    "agencies",
    "agendas",
    "audit",
    "calendars",
    "closures",
    "consortia",
    "contributions",
    "delivery_pauses",
    "drafts",
    "electorates",
    "funding",
    "health",
    "home_tabs",
    "idempotency",
    "imports",
    "live_messages",
    "load",
    "meetings",
    "members",
    "membership_requests",
    "minutes",
    "notices",
    "occurrences",
    "outbox",
    "polls",
    "positions",
    "proposals",
    "pulse",
    "roles",
    "roll",
    "rooms",
    "seals",
    "tasks",
    "warnings",
)
for _name in _MODULES:
    import_module(f"storage.{_name}")
metadata = Base.metadata
