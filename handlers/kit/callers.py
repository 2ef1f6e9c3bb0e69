"""The caller: the person who sent a request, and whether they may do what they ask for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.refusals import Refusal, RefusalButton
from handlers.kit.text import escape
from storage import members, membership_requests
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import MemberId, RequestKind

Needs = Literal["anyone", "consortium", "member", "facilitator"]


@dataclass(frozen=True)
class Caller:
    """The person who sent a request.

    `home` is the person's own organization or workspace, `workspace` the workspace in which the bot is installed.
    `found` is None if no consortium exists yet. `member` is None for outsiders and for people who have left.
    """

    workspace: str
    home: str
    user_id: str
    found: Consortium | None
    member: Member | None
    agency: Agency | None

    @property
    def consortium(self) -> Consortium:
        """Return the consortium. Raise Refusal if there is none yet."""
        if self.found is None:
            raise Refusal(NO_CONSORTIUM, buttons=[RefusalButton("Found a consortium", "member.found")])
        return self.found

    @property
    def person(self) -> Member:
        """Return the member. Raise Refusal for an outsider."""
        if self.member is None:
            raise Refusal(NOT_A_MEMBER, buttons=[JOIN_BUTTON])
        return self.member

    @property
    def facilitates(self) -> bool:
        """Return whether the caller is a facilitator."""
        return self.member is not None and self.member.facilitator

    @property
    def active_agency(self) -> Agency | None:
        """Return the caller's agency. None if there is none, or if it was ended."""
        return self.agency if self.agency is not None and self.agency.ended_at is None else None

    def acts_for(self, agency: Agency) -> bool:
        """Return whether the caller may change what is recorded about an agency: its people and facilitators may."""
        return self.facilitates or self.person.agency_id == agency.id

    @property
    def zone(self) -> str:
        """Return the caller's time zone, or the consortium's for an outsider."""
        if self.member is not None:
            return self.member.zone
        return self.found.zone if self.found else "UTC"

    def today(self, now: datetime) -> date:
        """Return the current date in the caller's time zone."""
        return now.astimezone(ZoneInfo(self.zone)).date()


NO_CONSORTIUM = (
    "There is no consortium in this workspace yet. Found one by giving it a name. For example: "
    '`/consortium setup "Northern Valleys"`'
)
NOT_A_MEMBER = (
    "This one is for members of the consortium. If you work for one of its agencies, choose which, and a facilitator "
    "will confirm it."
)

JOIN_BUTTON = RefusalButton("Join an agency", "member.join")
"""Lets outsiders in. It is a button because people from other workspaces cannot type commands."""


class HomeUnknown(Exception):  # noqa: N818 - it is a question to Slack, not an error
    """Nobody is recorded under this home on Enterprise Grid, but perhaps under a workspace of the organization."""


def identify(
    session: Session, workspace: str, home: str, user_id: str, needs: Needs, *, home_is_known: bool = True
) -> Caller:
    """Return the caller of a request. Raise Refusal if the caller lacks the role that the request needs.

    Raise HomeUnknown if nobody is recorded under a home that is not known for certain.
    """
    consortium, member, agency = members.find_caller(session, workspace, home, user_id)
    if member is None and not home_is_known:
        raise HomeUnknown
    living = member if member is not None and member.left_at is None else None
    caller = Caller(workspace, home, user_id, consortium, living, agency if living else None)
    if needs == "consortium":
        _ = caller.consortium
    if needs in {"member", "facilitator"}:
        require_member(session, caller)
    if needs == "facilitator":
        require_facilitator(session, caller)
    return caller


def require_member(session: Session, caller: Caller) -> None:
    """Raise Refusal for an outsider, with the button to join."""
    if caller.member is None:
        _refuse_outsider(session, caller)


def require_facilitator(session: Session, caller: Caller) -> None:
    """Raise Refusal, with the people to ask, unless the caller is a facilitator."""
    if not caller.facilitates:
        raise Refusal(f"Only a facilitator can do this. {facilitators_to_ask(session, caller.consortium)}")


def require_acts_for(session: Session, caller: Caller, agency: Agency, action: str, field: str | None = None) -> None:
    """Raise Refusal, with the people to ask, unless the caller is of this agency or a facilitator.

    `action` completes the sentence "Only people from … and facilitators can …".
    """
    if not caller.acts_for(agency):
        raise Refusal(
            f"Only people from {escape(agency.name)} and facilitators can {action}. "
            f"{facilitators_to_ask(session, caller.consortium)}",
            field=field,
        )


def require_author_or_facilitator(
    session: Session, caller: Caller, author_id: MemberId, action: str, hint: str = ""
) -> None:
    """Raise Refusal, with the people to ask, unless the caller is the author or a facilitator.

    `action` completes the sentence "Only the author or a facilitator can …". `hint` is a sentence for everyone else.
    """
    if caller.facilitates or caller.person.id == author_id:
        return
    sentence = (
        f"Only the author or a facilitator can {action}. {facilitators_to_ask(session, caller.consortium)} {hint}"
    )
    raise Refusal(sentence.rstrip())


def _refuse_outsider(session: Session, caller: Caller) -> NoReturn:
    """Raise Refusal: offer an outsider to join, or report that their request to join is waiting."""
    kind = RequestKind.JOIN
    asked = membership_requests.find_open(session, caller.consortium.id, caller.home, caller.user_id, kind)
    if asked is not None:
        agency = session.get_one(Agency, asked.agency_id).name
        raise Refusal(
            f"Your request to join {escape(agency)} is waiting for confirmation. You will get a message when you can "
            f"take part. {facilitators_to_ask(session, caller.consortium)}"
        )
    raise Refusal(NOT_A_MEMBER, buttons=[JOIN_BUTTON])


def facilitators_to_ask(session: Session, consortium: Consortium) -> str:
    """Return a sentence that names the facilitators, or explains how to name one."""
    names = [escape(member.name) for member in members.facilitators(session, consortium.id)]
    if not names:
        return (
            "There is no facilitator at the moment. Whoever speaks for an agency can name one with `/consortium "
            "facilitator @name`."
        )
    return f"You can ask {' or '.join(names)}."
