"""Find the people whom a table names: among the members, on the workspace's roll, and in Slack.

Slack is asked outside of any transaction: once for each of a few people, otherwise for everybody in one pass.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.imports.rules.entries import Mention
from handlers.kit.deps import Deps
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, quote
from handlers.members import roll as rolls
from storage import members, roll
from storage.members import Member
from storage.names import normalize_name
from storage.vocabulary import AgencyId, ConsortiumId, MemberId

MOST_SINGLE = 20
"""More people than this are not looked up one by one: a pass over everybody is kinder to Slack's limits."""

SHOWN = 60


@dataclass(frozen=True)
class Match:
    """A person whom a table names. `zone` is empty until Slack told it; members need none."""

    team_id: str
    user_id: str
    name: str
    member_id: MemberId | None = None
    agency_id: AgencyId | None = None
    zone: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return the person's Slack identity."""
        return self.team_id, self.user_id


@dataclass
class People:
    """Everybody whom a table could name.

    `slack` has the people of a pass over the workspace, or those who were looked up, by address and by user id; None
    stands for nobody.
    """

    members: Mapping[tuple[str, str], Match]
    by_email: Mapping[str, Match]
    by_name: Mapping[str, Sequence[Match]]
    slack_emails: dict[str, Person | None] = field(default_factory=dict)
    slack_users: dict[str, Person | None] = field(default_factory=dict)

    def candidates(self, mention: Mention) -> Sequence[Match]:
        """Return the people who could be meant, as far as they are known without asking Slack about an address."""
        if mention.email:
            known = self.by_email.get(mention.email)
            person = self.slack_emails.get(mention.email)
            return [known] if known else [self._of_person(person)] if person else []
        name, turned = normalize_name(mention.name), _turned(mention.name)
        keys = (name, turned, f"{name} …")
        return next((found for key in keys if (found := self.by_name.get(key))), ())

    def _of_person(self, person: Person) -> Match:
        """Return a person whom Slack found; a member whose address changed is found by their identity."""
        known = self.members.get((person.team_id, person.user_id))
        return known or Match(person.team_id, person.user_id, person.name, zone=person.zone)

    def match(self, mention: Mention, agency_id: AgencyId | None = None) -> Match:
        """Return the person who is meant. Raise `Refusal` if there is none, or several.

        Where several have the same name, the member of the agency in the same line is meant.
        """
        found = self.candidates(mention)
        if len(found) > 1 and agency_id is not None:
            found = [match for match in found if match.agency_id == agency_id] or found
        if len(found) > 1:
            raise Refusal(f"{quote(mention.name, SHOWN)} could be several people. Use the email address instead.")
        if not found and mention.email:
            raise Refusal(f"There is nobody with the address {quote(mention.email, SHOWN)} in Slack.")
        if not found:
            raise Refusal(f"There is nobody called {quote(mention.name, SHOWN)} in Slack.")
        match = found[0]
        self._check_name(mention, match)
        if match.member_id is None and not match.zone:
            person = self.slack_users.get(match.user_id)
            if person is None or person.deleted or person.bot:
                raise Refusal(f"{quote(mention.shown, SHOWN)} is not in Slack anymore.")
            return Match(person.team_id, person.user_id, person.name, zone=person.zone)
        return match

    def _check_name(self, mention: Mention, match: Match) -> None:
        """Raise `Refusal` if a person was found by address, and the name beside it is that of somebody else."""
        if not (mention.email and mention.name):
            return
        named = [*self.by_name.get(normalize_name(mention.name), ()), *self.by_name.get(_turned(mention.name), ())]
        if named and match.key not in {other.key for other in named}:
            raise Refusal(
                f"{quote(mention.name, SHOWN)} and {quote(mention.email, SHOWN)} are two people: the address belongs "
                f"to {escape(match.name)}. Keep one of them."
            )


def _turned(name: str) -> str:
    """Return a name that has its parts turned around by a comma in the usual order; empty without one comma."""
    last, comma, first = normalize_name(name).partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else ""


def load_members(deps: Deps, consortium_id: ConsortiumId, workspace: str, *, with_roll: bool) -> People:
    """Load the members, and with `with_roll` everybody on the workspace's roll."""
    with deps.db.read() as session:
        living = members.active(session, consortium_id)
        entries = roll.list_all(session, workspace) if with_roll else []
    own = [_of_member(member) for member in living]
    known = {match.key: match for match in own}
    others = [
        Match(entry.home_id, entry.user_id, entry.name)
        for entry in entries
        if (entry.home_id, entry.user_id) not in known
    ]
    by_email = {member.email: match for member, match in zip(living, own, strict=True) if member.email}
    return People(known, by_email, _by_name([*own, *others]))


def _of_member(member: Member) -> Match:
    return Match(member.team_id, member.user_id, member.name, member.id, member.agency_id, member.zone)


def _by_name(people: Iterable[Match]) -> dict[str, list[Match]]:
    """Index people by their names, and with an ellipsis by their first names."""
    index: dict[str, list[Match]] = defaultdict(list)
    for person in people:
        name = normalize_name(person.name)
        index[name].append(person)
        first, space, _ = name.partition(" ")
        if space:
            index[f"{first} …"].append(person)
    return index


def find_people(deps: Deps, consortium_id: ConsortiumId, workspace: str, mentions: Collection[Mention]) -> People:
    """Find the people whom a table of people names. Raise one of SLACK_ERRORS if Slack does not answer."""
    with deps.db.read() as session:
        roll_read = roll.is_read(session, workspace)
    people = load_members(deps, consortium_id, workspace, with_roll=True)
    emails, users = _unknown(people, mentions)
    needs_roll = not roll_read and any(not mention.email for mention in mentions)
    if needs_roll or len(emails) + len(users) > MOST_SINGLE:
        return _find_in_pass(deps, consortium_id, workspace)
    people.slack_emails = {email: deps.directory.find_by_email(workspace, email) for email in sorted(emails)}
    people.slack_users = {person.user_id: person for person in deps.directory.each(workspace, sorted(users))}
    return people


def _unknown(people: People, mentions: Collection[Mention]) -> tuple[set[str], set[str]]:
    """Return the addresses and the user ids about which Slack has to be asked."""
    emails = {mention.email for mention in mentions if mention.email and mention.email not in people.by_email}
    named = [people.candidates(mention) for mention in mentions if not mention.email]
    users = {found[0].user_id for found in named if len(found) == 1 and found[0].member_id is None}
    return emails, users


def _find_in_pass(deps: Deps, consortium_id: ConsortiumId, workspace: str) -> People:
    """Ask Slack for everybody, and store the workspace's roll while it is at hand."""
    everyone = deps.directory.roll(workspace)
    rolls.replace(deps.db, workspace, everyone, deps.clock.now())
    people = load_members(deps, consortium_id, workspace, with_roll=True)
    living = [person for person in everyone if not person.deleted]
    people.slack_emails = {person.email: person for person in living if person.email}
    people.slack_users = {person.user_id: person for person in living}
    return people
