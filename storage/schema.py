"""All tables together, for the migrations and for looking."""

from importlib import import_module

from storage.database import Base

TABLES = (
    "agencies",
    "agendas",
    "audit",
    "calendars",
    "closures",
    "consortia",
    "contributions",
    "electorates",
    "home_tabs",
    "idempotency",
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
    "seals",
    "tasks",
    "warnings",
)
for _name in TABLES:
    import_module(f"storage.{_name}")
metadata = Base.metadata
