"""All tables together, for the migrations and for looking."""

from importlib import import_module

from storage.database import Base

TABLES = (
    "agencies",
    "agendas",
    "audit",
    "balance",
    "calendars",
    "cautions",
    "closures",
    "consortia",
    "electorates",
    "giving",
    "homes",
    "inbound",
    "lives",
    "meetings",
    "members",
    "minutes",
    "notices",
    "occurrences",
    "outbox",
    "polls",
    "positions",
    "proposals",
    "pulse",
    "requests",
    "roles",
    "seals",
    "tasks",
)
for _name in TABLES:
    import_module(f"storage.{_name}")
metadata = Base.metadata
