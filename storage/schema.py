"""All tables together, for the migrations and for looking."""

from storage import (
    agencies,
    audit,
    closures,
    consortia,
    inbound,
    members,
    notices,
    occurrences,
    outbox,
    polls,
    positions,
    proposals,
    pulse,
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
    notices,
    occurrences,
    outbox,
    polls,
    positions,
    proposals,
    pulse,
    seals,
)
metadata = Base.metadata
