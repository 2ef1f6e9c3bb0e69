"""Which titles of an agency's calendars close it. The caller's transaction is used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from handlers.holidays import views
from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape
from storage import audit, closures
from storage.agencies import Agency
from storage.closures import TitleWithDays
from storage.vocabulary import CalendarTitleId


class Answer(StrEnum):
    """What a button under the undecided titles decides. With `SUGGESTED`, the others close nothing."""

    ALL = "all"
    SUGGESTED = "suggested"
    NONE = "none"


def undecided(listed: Sequence[TitleWithDays]) -> list[TitleWithDays]:
    """Return those of the titles about which nobody has decided yet."""
    return [entry for entry in listed if entry.title.closes is None]


def coming(session: Session, caller: Caller, agency: Agency, now: datetime) -> list[TitleWithDays]:
    """List the titles with coming days. Raise `Refusal` without any."""
    listed = closures.coming_titles(session, agency.id, dates.today(now, caller.zone))
    if not listed:
        raise Refusal(f"No calendar of {escape(agency.name)} has days to come. Add one under *Add days or a calendar*.")
    return listed


def answer_question(
    session: Session, caller: Caller, agency: Agency, answer: Answer, newest: int, now: datetime
) -> str:
    """Decide about the undecided titles up to the newest that the person saw, and return what is closed now.

    Raise `Refusal` if somebody has decided about all of them.
    """
    listed = [entry.title for entry in undecided(coming(session, caller, agency, now)) if entry.title.id <= newest]
    if not listed:
        command = f'`/consortium agency holidays "{escape(agency.name)}"`'
        raise Refusal(f"Somebody has already decided about these titles. {command} shows what closes the agency.")
    closing = [title.id for title in listed if answer is Answer.ALL or (answer is Answer.SUGGESTED and title.suggested)]
    return _decide(session, caller, agency, [title.id for title in listed], closing, now)


@dataclass(frozen=True)
class Page:
    """A page of the form: the titles that it showed, those that were ticked then, and those that are ticked now."""

    shown: Collection[CalendarTitleId]
    before: Collection[CalendarTitleId]
    ticked: Collection[CalendarTitleId]


def save_page(session: Session, caller: Caller, agency: Agency, page: Page, now: datetime) -> str:
    """Decide about the titles of one page of the form, and return what is closed now.

    A tick that the person did not change leaves a title as somebody else has decided meanwhile.
    """
    listed = closures.coming_titles(session, agency.id, dates.today(now, caller.zone))
    decided = {entry.title.id for entry in listed if entry.title.closes is not None}
    unchanged = {title for title in page.shown if (title in page.before) == (title in page.ticked)}
    return _decide(session, caller, agency, set(page.shown) - (decided & unchanged), page.ticked, now)


def _decide(
    session: Session,
    caller: Caller,
    agency: Agency,
    shown: Collection[CalendarTitleId],
    closing: Collection[CalendarTitleId],
    now: datetime,
) -> str:
    closures.decide_titles(session, agency.id, set(closing) & set(shown), closes=True)
    closures.decide_titles(session, agency.id, set(shown) - set(closing), closes=False)
    audit.record(session, caller.consortium.id, caller.person.id, "chose closed titles", f"agency {agency.name}", now)
    today = dates.today(now, caller.zone)
    listed = closures.coming_titles(session, agency.id, today)
    return views.titles_decided(agency, listed, closures.list_coming(session, agency.id, today), today)
