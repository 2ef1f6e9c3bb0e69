"""Agencies that are closed on the day of a meeting: whoever plans it is told, and may choose another day."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.text import escape, format_day, join_names
from storage import agencies, closures
from storage.vocabulary import ConsortiumId


def closed_note(session: Session, consortium_id: ConsortiumId, starts: Sequence[datetime], zone: str) -> str:
    """Return a sentence for each of these times on whose day, in `zone`, agencies are closed. Empty without any."""
    days = sorted({at.astimezone(ZoneInfo(zone)).date() for at in starts})
    if not days:
        return ""
    closed = closures.closed_days(session, consortium_id, days[0], days[-1])
    names = {agency.id: agency.name for agency in agencies.active(session, consortium_id)}
    sentences = []
    for day in days:
        shut = sorted(escape(names[agency]) for agency, dates in closed.items() if day in dates and agency in names)
        if shut:
            sentences.append(f"On {format_day(day)}, {join_names(shut)} {'is' if len(shut) == 1 else 'are'} closed.")
    return " ".join(sentences)
