"""What can be done where everybody who speaks for an agency is away, and the agency has not been heard.

Proposals and polls in which agencies vote share this. Source: docs/rules.md, "Time".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours, replacements
from handlers.kit.callers import facilitators_to_ask
from handlers.kit.representation import Named, speaks
from handlers.kit.text import escape, join_names, slack_date
from storage import agencies, members
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import AgencyId, ConsortiumId, Seat

FIRST = "/first"
"""How the key of the first news ends."""


@dataclass(frozen=True)
class Absence:
    """An agency, the members who speak for it, who are all away, and its other people."""

    agency: Agency
    speakers: Sequence[Member]
    others: Sequence[Member]

    def lasts(self, closes_at: datetime, now: datetime) -> bool:
        """Return whether they all still are when they would be reminded of a closing."""
        return all_away(self.speakers, now) and all(
            speaker.away_until is not None and speaker.away_until > quiet_hours.reminder_time(closes_at, speaker.zone)
            for speaker in self.speakers
        )


def speakers_of(session: Session, agency_id: AgencyId) -> list[Member]:
    """Return the members who speak for an agency now."""
    named = Named.of(members.representatives(session, [agency_id])[agency_id])
    return [member for member in members.members_of_agency(session, agency_id) if speaks(member.seat, named)]


def all_away(speakers: Collection[Member], now: datetime) -> bool:
    """Return whether there are people who speak for an agency, and all of them are away."""
    return bool(speakers) and all(speaker.away_until is not None and speaker.away_until > now for speaker in speakers)


def absences(
    session: Session, consortium_id: ConsortiumId, unheard: Collection[AgencyId], now: datetime
) -> list[Absence]:
    """List the active agencies among these for which everybody who speaks is away."""
    found = []
    for agency in agencies.active(session, consortium_id):
        speakers = speakers_of(session, agency.id) if agency.id in unheard else []
        if all_away(speakers, now):
            people = members.members_of_agency(session, agency.id)
            found.append(Absence(agency, speakers, [member for member in people if member not in speakers]))
    return found


def reminded_at(reader: Member, opens_at: datetime, closes_at: datetime) -> datetime | None:
    """Return when a person is reminded of a closing; None if there is too little time for a reminder."""
    at = quiet_hours.reminder_time(closes_at, reader.zone)
    return at if at > opens_at else None


def times(
    absence: Absence, reader: Member, opens_at: datetime, closes_at: datetime, now: datetime
) -> dict[str, datetime]:
    """Map the end of a notice's key to when the reader gets it: at the reminder's time, and before as soon as known."""
    at = reminded_at(reader, opens_at, closes_at)
    wanted = {"": at} if at is not None else {}
    if absence.lasts(closes_at, now) and (at is None or now < at):
        wanted[FIRST] = now
    return wanted


def is_reminded_too(key: str, reader: Member, opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Return whether the reminder is due by the time at which the first news comes, so that one is enough."""
    at = reminded_at(reader, opens_at, closes_at)
    return key.endswith(FIRST) and at is not None and at <= now


def _absence_text(absence: Absence, zone: str) -> str:
    """Say who is away, and until when."""
    name = escape(absence.agency.name)
    away = [(speaker.name, speaker.away_until) for speaker in absence.speakers if speaker.away_until is not None]
    if len(away) == 1:
        ((who, until),) = away
        return f"{escape(who)}, who speaks for {name}, is away until {slack_date(until, zone)}."
    ends = [f"{escape(who)} until {slack_date(until, zone)}" for who, until in away]
    return f"Everyone who speaks for {name} is away: {join_names(ends)}."


def text(session: Session, absence: Absence, reader: Member, zone: str, now: datetime) -> str:
    """Say who is away until when, and what can be done."""
    return f"{_absence_text(absence, zone)} {_advice(session, absence, reader, now)}"


def _advice(session: Session, absence: Absence, reader: Member, now: datetime) -> str:
    """Say what can be done: reach them, or name an alternate, whom the agency may have to confirm."""
    name = escape(absence.agency.name)
    an = "another" if any(speaker.seat is Seat.ALTERNATE for speaker in absence.speakers) else "an"
    reach = "Perhaps you can reach them: they can answer while they are away. Otherwise,"
    confirmation = _confirmation(session, absence, reader, now)
    if reader.facilitator:
        example = f'`/consortium member @name "{name}" alternate`'
        return f"{reach} you can name {an} alternate, who then speaks for {name}: {example}.{confirmation}"
    ask = facilitators_to_ask(session, session.get_one(Consortium, absence.agency.consortium_id))
    return f"{reach} a facilitator can name {an} alternate. {ask}{confirmation}"


def _confirmation(session: Session, absence: Absence, reader: Member, now: datetime) -> str:
    """Return a sentence about who has to confirm an alternate; empty if nobody has to."""
    found = replacements.find(session, None, absence.agency, Seat.ALTERNATE, now)
    confirmers = [confirmer for replacement in found for confirmer in replacement.confirmers]
    if not confirmers or (reader.facilitator and reader in confirmers):
        return ""
    here = [confirmer for confirmer in confirmers if confirmer.away_until is None or confirmer.away_until <= now]
    away = join_names([escape(each.name) for each in confirmers if each not in here], "or")
    asked = f"only {away} can, who is asked at once, even while away"
    if not here:
        return f" Somebody there has to confirm it, and {asked}."
    if len(here) > 1:
        names = join_names([escape(each.name) for each in here], "or")
        return f" Somebody there has to confirm it, but nobody for themselves: {names} can."
    if reader in here:
        return f" You have to confirm it. If you are to be the alternate, {asked}."
    who = escape(here[0].name)
    return f" {who} has to confirm it. If {who} is to be the alternate, {asked}."
