"""Who sent a request: the person and their home, the transaction in their name, and what they may see."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from handlers.kit import mentions
from handlers.kit.callers import JOIN_BUTTON, NOT_A_MEMBER, Caller, HomeUnknown, Needs, identify
from handlers.kit.deps import Deps
from handlers.kit.directory import MOST_ASKED, Person, SlackUnavailable
from handlers.kit.mentions import may_mention
from handlers.kit.payload import Payload
from handlers.kit.refusals import Refusal, Repeat
from handlers.kit.visibility import Audience, Channel, MembershipUnknown, Reader, sees
from storage import drafts, homes, idempotency, members
from storage.vocabulary import DraftId, MemberId
from storage.voting import Voter

Paper = TypeVar("Paper")
ReadPaper = Callable[[Session, str, str, str, int], tuple[Voter | None, Paper | None]]
"""Reads a voter and a ballot paper by workspace, home workspace, user id and number."""


class CallerRequest(Payload):
    """A request from Slack, and who sent it: the person, the transaction in their name, and what they may see.

    `draft` is the draft that a press resumes, None for everything else. `stored` is whether a transaction of this
    request has ended well: from then on, the listener cannot start over.
    """

    def __init__(self, deps: Deps, body: dict[str, Any]) -> None:
        super().__init__(body)
        self.deps = deps
        self.now: datetime = deps.clock.now()
        self.draft: DraftId | None = None
        self.stored = False
        self._memberships: dict[Channel, bool] = {}
        self._home = ""
        self._home_is_doubtful = False

    @property
    def home(self) -> str:
        """Return the id of the person's home, as Slack has confirmed it if it was asked."""
        return self._home or super().home

    def settle_home(self) -> None:
        """Ask Slack where the person is at home on Enterprise Grid, and move there what is recorded elsewhere.

        Raise Refusal if Slack does not answer and the payload leaves open whether the person is of the organization.
        """
        person = self._person_on_grid()
        home = self.home
        if person is not None and person.team_id != self.workspace and not self.user_team.startswith("E"):
            # of this organization, or a visitor from another workspace, whom the payload does not tell apart
            home = person.team_id
        former = {self.user_team, *((person.team_id, *person.teams) if person else ())}
        if home == self.enterprise:
            former.add(self.workspace)
        former -= {"", home}
        if former:
            with self.deps.db.begin() as session:
                homes.move(session, self.workspace, self.user, former, home)
        self._home = home

    def _person_on_grid(self) -> Person | None:
        try:
            return self.deps.directory.person(self.workspace, self.user)
        except SlackUnavailable:
            if self.user_team not in {"", self.workspace, self.home}:
                raise
            self._home_is_doubtful = True
            return None

    def _identify(self, session: Session, needs: Needs) -> Caller:
        on_grid = bool(self.enterprise) or self.home.startswith("E")
        known = (bool(self._home) or not on_grid) and not self._home_is_doubtful
        try:
            return identify(session, self.workspace, self.home, self.user, needs, home_is_known=known)
        except HomeUnknown:
            if self._home_is_doubtful:
                # a member whom Slack did not name now must not be taken for an outsider
                raise SlackUnavailable from None
            raise

    def name_mentions(self) -> None:
        """Put names behind the ids in what the person wrote: Slack sends a mention as an id, perhaps with a handle.

        Slack is asked about the few whom the consortium does not know; if it does not answer, its handle remains.
        """
        written = [(holder, key, escaped) for holder, key, escaped in self._written() if may_mention(str(holder[key]))]
        if not written:
            return
        text = "\n".join(str(holder[key]) for holder, key, _ in written)
        with self.deps.db.read() as session:
            people = members.people_in_workspace(session, self.workspace)
        names = {person.user_id: person.name for person in people}
        names |= self.deps.directory.names(self.workspace, set(mentions.mentioned_people(text)) - names.keys())
        channels = {
            channel: self.deps.directory.channel_name(self.workspace, channel)
            for channel in mentions.unnamed_channels(text)[:MOST_ASKED]
            if self._may_name(channel)
        }
        here = [person for person in people if person.left_at is None]
        for holder, key, escaped in written:
            holder[key] = mentions.link_names(str(holder[key]), names, channels, here, escaped=escaped)

    def _may_name(self, channel: str) -> bool:
        """Return whether the person may learn the name of a channel: it is public, or they are in it."""
        try:
            return self.deps.directory.can_see(self.workspace, channel, self.user)
        except SlackUnavailable:
            return False

    def _written(self) -> Iterator[tuple[dict[str, Any], str, bool]]:
        """List the texts in this request that people wrote: where each is, and whether Slack has escaped it."""
        if self.text:
            yield self.body, "text", True
        if self.kind == "message_action" and self.body["message"].get("text"):
            yield self.body["message"], "text", True
        state = (self.body.get("view") or {}).get("state") or {}
        for block in (state.get("values") or {}).values():
            yield from ((field, "value", False) for field in block.values() if isinstance(field.get("value"), str))

    # transactions --------------------------------------------------------------------------------------

    @contextmanager
    def begin(self, needs: Needs = "member") -> Iterator[tuple[Session, Caller]]:
        """Open the one transaction of this request.

        Raise Refusal if the caller lacks the role that is needed, Repeat if Slack sent the request before.
        """
        with self._once(self.deps.db.begin()) as session:
            yield session, self._identify(session, needs)

    @contextmanager
    def begin_vote(self, read: ReadPaper[Paper], number: int) -> Iterator[tuple[Session, Voter, Paper | None]]:
        """Open the one transaction of a vote, which reads a ballot paper instead of whole rows.

        Raise Refusal for people who are not members, Repeat if Slack sent the request before.
        """
        with self._once(self.deps.db.together()) as session:
            voter, paper = read(session, self.workspace, self.home, self.user, number)
            if voter is None:
                self._identify(session, "member")
                raise ValueError("no voter was read for a member")
            yield session, voter, paper

    @contextmanager
    def _once(self, transaction: AbstractContextManager[Session]) -> Iterator[Session]:
        with transaction as session:
            if self.draft is not None and not drafts.use(session, self.draft):
                raise Repeat
            key = self._repeat_key()
            if key and not idempotency.claim(session, self.workspace, key, self.now):
                raise Repeat
            yield session
        self.stored = True

    @contextmanager
    def read(self, needs: Needs = "member") -> Iterator[tuple[Session, Caller]]:
        """Open a transaction that only reads. Raise Refusal if the caller lacks the role that is needed."""
        with self.deps.db.read() as session:
            yield session, self._identify(session, needs)

    def require(self, needs: Needs = "member") -> None:
        """Raise Refusal if the caller lacks the role that is needed, before anything else is answered."""
        with self.read(needs):
            pass

    def _repeat_key(self) -> str:
        """Return the key that identifies a repeated request. Empty for buttons: repeating them does no harm."""
        if self.kind == "view_submission":
            # a form that was shown again in the same place is another one, with another hash
            return f"view:{self.view['id']}:{self.view.get('hash', '')}"
        if self.kind == "command":
            return f"trigger:{self.body.get('trigger_id', '')}"
        if self.kind == "event_callback":
            return f"event:{self.body['event_id']}"
        return ""

    # visibility -----------------------------------------------------------------------------------------

    def reader(self, member_id: MemberId | None) -> Reader:
        """Return the person as a reader: they are in the channel that Slack names, and in those it confirmed.

        The channel that a form carries proves nothing: the person may have left it while the form was open.
        """
        known = {channel for channel, is_in in self._memberships.items() if is_in}
        return Reader(member_id, {(self.workspace, self._slack_channel), *known})

    def check_sees(self, member_id: MemberId | None, audience: Audience, otherwise: Refusal) -> None:
        """Check that the person may see an item. Raise `otherwise` where they may not.

        People from outside the consortium who are in its private channel are told that it is for members.

        Raise MembershipUnknown where Slack has to be asked first; the request then starts again.
        """
        if not self.may_see(member_id, audience):
            if member_id is None and audience.channel == (self.workspace, self._slack_channel):
                # Slack shows the message to everyone in the channel, so this reveals nothing
                raise Refusal(NOT_A_MEMBER, buttons=[JOIN_BUTTON])
            raise otherwise

    def may_see(self, member_id: MemberId | None, audience: Audience) -> bool:
        """Return whether the person may see an item.

        Raise MembershipUnknown where Slack has to be asked first; the request then starts again.
        """
        if sees(self.reader(member_id), audience):
            return True
        if member_id is None or audience.channel in self._memberships:
            return False
        known = self.deps.directory.known_to_see(*audience.channel, self.user)
        if known is None:
            raise MembershipUnknown(audience.channel)
        return known

    def in_private_channel(self, channel: str = "") -> bool:
        """Return whether the request comes from a private channel, or whether `channel` is one.

        Direct messages are private, and Slack need not be asked about them. Raise SlackUnavailable where Slack does
        not answer.
        """
        channel = channel or self.channel
        return channel.startswith("D") or self.deps.directory.is_private(self.workspace, channel)

    def posts_privately(self, channel: str) -> bool:
        """Return whether the channel in which the person wants to post is private.

        Raise Refusal if it is, and the person is not in it: a form may have been open since they left. Raise
        SlackUnavailable where Slack does not answer.
        """
        if channel == self._slack_channel or not channel or channel.startswith("D"):
            return self.in_private_channel(channel)
        if not self.deps.directory.can_see(self.workspace, channel, self.user):
            raise Refusal("You are not in that private channel, so nothing was posted. Somebody in it can invite you.")
        return self.deps.directory.is_private(self.workspace, channel)

    def ask_about_origin(self) -> None:
        """Ask Slack whether the person is in the channel from which a form came, for what is listed again in it.

        Where Slack does not answer, the list shows what it shows outside the channel.
        """
        if self.metadata.get("window") and self.channel.startswith(("C", "G")):
            self._has_answer_about((self.workspace, self.channel))

    def is_in(self, channel: Channel, *, otherwise: bool) -> bool:
        """Return whether the person is in a channel, or `otherwise` where Slack does not answer."""
        if channel == (self.workspace, self._slack_channel):
            return True
        return self._memberships[channel] if self._has_answer_about(channel) else otherwise

    def _has_answer_about(self, channel: Channel) -> bool:
        """Ask Slack whether the person is in a channel, and return whether it answered."""
        try:
            self.ask_membership(channel)
        except SlackUnavailable:
            return False
        return True

    def ask_membership(self, channel: Channel) -> None:
        """Ask Slack whether the person is in a channel. Raise SlackUnavailable where Slack does not answer."""
        self._memberships[channel] = self.deps.directory.can_see(*channel, self.user)
