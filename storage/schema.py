"""All tables together, for the migrations and for looking."""

from storage import (
    agencies,
    audit,
    closures,
    consortia,
    inbound,
    members,
    occurrences,
    outbox,
    polls,
    positions,
    proposals,
    seals,
)
from storage.database import Base

TABLES = (
    agencies,
    audit,
    closures,
    consortia,
    inbound,
    members,
    occurrences,
    outbox,
    polls,
    positions,
    proposals,
    seals,
)
metadata = Base.metadata
