"""All tables together, for the migrations and for looking."""

from storage import (
    agencies,
    agendas,
    audit,
    calendars,
    closures,
    consortia,
    inbound,
    meetings,
    members,
    minutes,
    notices,
    occurrences,
    outbox,
    polls,
    positions,
    proposals,
    pulse,
    seals,
    tasks,
)
from storage.database import Base

TABLES = (
    agencies,
    agendas,
    audit,
    calendars,
    closures,
    consortia,
    inbound,
    meetings,
    members,
    minutes,
    notices,
    occurrences,
    outbox,
    polls,
    positions,
    proposals,
    pulse,
    seals,
    tasks,
)
metadata = Base.metadata
