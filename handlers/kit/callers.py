"""Who asks: each payload becomes one caller, and each listener says in a word what it needs."""

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
from storage.vocabulary import RequestKind

Needs = Literal["anyone", "consortium", "member", "facilitator"]


@dataclass(frozen=True)
class Caller:
    """The person who asks. `home` is the person's own workspace, `workspace` the one the bot works in.

    `member` is empty for an outsider, and for one who has left.
    """

    workspace: str
    home: str
    user_id: str
    found: Consortium | None
    member: Member | None
    agency: Agency | None

    @property
    def consortium(self) -> Consortium:
        """Give the consortium; raises Refusal where there is none yet."""
        if self.found is None:
            raise Refusal(NONE_YET, buttons=[RefusalButton("Found a consortium", "member.found")])
        return self.found

    @property
    def person(self) -> Member:
        """Give the member; raises Refusal for an outsider."""
        if self.member is None:
            raise Refusal(OUTSIDER, buttons=[JOIN])
        return self.member

    @property
    def facilitates(self) -> bool:
        """Tell whether this is a facilitator."""
        return self.member is not None and self.member.facilitator

    @property
    def zone(self) -> str:
        """Give the caller's zone, or the consortium's for one who is not known."""
        if self.member is not None:
            return self.member.zone
        return self.found.zone if self.found else "UTC"

    def today(self, now: datetime) -> date:
        """Give the day on which the caller lives."""
        return now.astimezone(ZoneInfo(self.zone)).date()


NONE_YET = (
    "There is no consortium in this workspace yet. Found one with its name, for example: "
    '`/consortium setup "Northern Valleys"`'
)
OUTSIDER = (
    "Only people of the consortium take part in this one. If you work with one of its agencies, say which, "
    "and a facilitator will confirm it."
)


JOIN = RefusalButton("Join an agency", "member.join")
"""The way in for outsiders: a button, because people from other workspaces cannot type commands."""


def identify(session: Session, workspace: str, home: str, user_id: str, needs: Needs) -> Caller:
    """Find out who asks, and refuse kindly who may not.

    Raises Refusal.
    """
    consortium, member, agency = members.who(session, workspace, home, user_id)
    living = member if member is not None and member.left_at is None else None
    caller = Caller(workspace, home, user_id, consortium, living, agency if living else None)
    if needs == "consortium":
        _ = caller.consortium
    if needs in {"member", "facilitator"} and living is None:
        _refuse_outsider(session, caller)
    if needs == "facilitator" and not caller.facilitates:
        raise Refusal(f"A facilitator does this. {ask_whom(session, caller.consortium)}")
    return caller


def _refuse_outsider(session: Session, caller: Caller) -> NoReturn:
    """Show an outsider the way in, or say that the request is on its way. Raises Refusal."""
    kind = RequestKind.JOIN
    asked = membership_requests.find(session, caller.consortium.id, caller.home, caller.user_id, kind)
    if asked is not None:
        agency = session.get_one(Agency, asked.agency_id).name
        raise Refusal(
            f"Your request to join {escape(agency)} waits to be confirmed. You will be told, and can take part then. "
            f"{ask_whom(session, caller.consortium)}"
        )
    raise Refusal(OUTSIDER, buttons=[JOIN])


def ask_whom(session: Session, consortium: Consortium) -> str:
    """Say who the facilitators are."""
    names = [escape(member.name) for member in members.facilitators(session, consortium.id)]
    if not names:
        return "There is none at the moment; a representative can name one with `/consortium facilitator @name`."
    return f"You can ask {' or '.join(names)}."
