"""The people and conversations of the workspace."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from ..errors import ControlError
from ..workspace import Channel, Credentials, Person, Workspace
from .store import Store

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def new_id(letter: str) -> str:
    """Return a new id of the kind that Slack issues."""
    return letter + "0" + "".join(secrets.choice(ALPHABET) for _ in range(9))


@dataclass
class User:
    """A person or the bot itself, as the workspace knows them now."""

    id: str
    name: str
    real_name: str
    team_id: str
    email: str | None = None
    tz: str = "America/Los_Angeles"
    locale: str = "en-US"
    title: str = ""
    admin: bool = False
    deleted: bool = False
    is_bot: bool = False
    external: bool = False
    updated: int = 0


@dataclass
class Conversation:
    """A channel, public or private, or one person's direct messages with the app (`im`)."""

    id: str
    name: str
    created: int
    private: bool = False
    im: str | None = None
    topic: str = ""
    purpose: str = ""
    creator: str = ""
    members: list[str] = field(default_factory=list)
    archived: bool = False


class Directory:
    """Find people and conversations by id or by name, and change them."""

    def __init__(self, store: Store, credentials: Credentials) -> None:
        self._store = store
        self.bot_id = credentials.bot_user_id
        self.team_id = credentials.team_id
        self.people = {key: User(**body) for key, body in store.load("person").items()}
        self.conversations = {key: Conversation(**body) for key, body in store.load("channel").items()}

    def populate(self, workspace: Workspace, created: int) -> None:
        """Add the initial people and channels, unless there are people already."""
        if self.people:
            return
        title = workspace.app_title or workspace.app_name.title()
        bot = User(self.bot_id, workspace.app_name, title, self.team_id, is_bot=True)
        self.save_person(bot)
        for person in workspace.people:
            self.add_person(person)
        for channel in workspace.channels:
            self.add_channel(channel, created)

    def add_person(self, person: Person) -> User:
        """Add a person."""
        if self._named(person.name) is not None:
            raise ControlError(f"there is already somebody called {person.name!r}", status=409)
        user = User(
            id=person.id or new_id("U"),
            name=person.name,
            real_name=person.real_name,
            team_id=person.home or self.team_id,
            email=person.email,
            tz=person.tz,
            locale=person.locale,
            title=person.title,
            admin=person.admin,
            deleted=person.deleted,
            external=person.home is not None,
        )
        self.save_person(user)
        return user

    def add_channel(self, channel: Channel, created: int) -> Conversation:
        """Add a channel with its first members."""
        if any(channel_there.name == channel.name for channel_there in self.channels()):
            raise ControlError(f"there is already a channel called {channel.name!r}", status=409)
        members = [self.person(name).id for name in channel.members]
        conversation = Conversation(
            id=channel.id or new_id("C"),
            name=channel.name,
            created=created,
            private=channel.private,
            topic=channel.topic,
            purpose=channel.purpose,
            creator=members[0] if members else self.bot_id,
            members=[*members, self.bot_id] if channel.bot else members,
        )
        self.save_channel(conversation)
        return conversation

    def save_person(self, user: User) -> None:
        """Store a person's current state."""
        self.people[user.id] = user
        self._store.put("person", user.id, user)

    def save_channel(self, conversation: Conversation) -> None:
        """Store a conversation's current state."""
        self.conversations[conversation.id] = conversation
        self._store.put("channel", conversation.id, conversation)

    def change_channel_id(self, conversation: Conversation) -> None:
        """Give a channel a new id."""
        del self.conversations[conversation.id]
        self._store.delete("channel", conversation.id)
        conversation.id = new_id("C")
        self.save_channel(conversation)

    def humans(self) -> list[User]:
        """List people without the bot, by name."""
        return sorted((user for user in self.people.values() if not user.is_bot), key=lambda user: user.name)

    def channels(self) -> list[Conversation]:
        """List the channels, without direct messages, by name."""
        channels = (conversation for conversation in self.conversations.values() if conversation.im is None)
        return sorted(channels, key=lambda conversation: conversation.name)

    def _named(self, name: str) -> User | None:
        wanted = name.strip().lower().removeprefix("@")
        users = (user for user in self.people.values() if wanted in (user.name.lower(), user.id.lower()))
        return next(users, None)

    def person(self, name: object) -> User:
        """Find a person by id or name. Raise `ControlError` if there is none."""
        if not isinstance(name, str) or not name.strip():
            raise ControlError("user: give an id or a name")
        bare = re.sub(r"^<@([^|>]+)(\|[^>]*)?>$", r"\1", name.strip())
        user = self._named(bare)
        if user is None:
            names = ", ".join(other.name for other in self.humans())
            raise ControlError(f"user: there is no {name!r}; there are {names}", status=404)
        return user

    def find_channel(self, name: object) -> Conversation | None:
        """Find a conversation by id or name."""
        if not isinstance(name, str):
            return None
        bare = re.sub(r"^<#([^|>]+)(\|[^>]*)?>$", r"\1", name.strip()).removeprefix("#").lower()
        for conversation in self.conversations.values():
            if bare == conversation.id.lower() or (conversation.im is None and bare == conversation.name.lower()):
                return conversation
        return None

    def channel(self, name: object, reader: User | None = None) -> Conversation:
        """Find a conversation by id or name, or a person's direct messages with the app by `@name`."""
        if not isinstance(name, str) or not name.strip():
            raise ControlError("channel: give an id or a name")
        conversation = self.find_channel(name)
        if conversation is not None:
            return conversation
        user = reader if name.strip().lower() in ("@user", "@app") else self._named(name)
        if user is None or user.is_bot:
            names = ", ".join(other.name for other in self.channels())
            raise ControlError(f"channel: there is no {name!r}; there are {names}", status=404)
        return self.direct(user)

    def direct(self, user: User) -> Conversation:
        """Return a person's direct messages with the app, opening them if necessary."""
        for conversation in self.conversations.values():
            if conversation.im == user.id:
                return conversation
        opened = Conversation(new_id("D"), "directmessage", 0, im=user.id, members=[user.id, self.bot_id])
        self.save_channel(opened)
        return opened

    def can_read(self, user: User, conversation: Conversation) -> bool:
        """Return whether a person may read a conversation."""
        if conversation.im is not None:
            return conversation.im == user.id
        return user.id in conversation.members or not (conversation.private or user.external)

    def join(self, user: User, conversation: Conversation) -> bool:
        """Add somebody to a channel; return whether they were not in it before."""
        if user.id in conversation.members:
            return False
        conversation.members.append(user.id)
        self.save_channel(conversation)
        return True

    def leave(self, user: User, conversation: Conversation) -> bool:
        """Remove somebody from a channel; return whether they were in it."""
        if user.id not in conversation.members:
            return False
        conversation.members.remove(user.id)
        self.save_channel(conversation)
        return True

    def describe(self, user: User) -> dict[str, Any]:
        """Describe a person for the control interface."""
        return {
            "id": user.id,
            "name": user.name,
            "real_name": user.real_name,
            "email": user.email,
            "tz": user.tz,
            "title": user.title,
            "team_id": user.team_id,
            "deleted": user.deleted,
            "is_bot": user.is_bot,
            "external": user.external,
        }
