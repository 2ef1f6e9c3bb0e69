"""The plain values that a sandbox starts from: people, channels and the app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    """A person of the workspace; `home` is the id of another workspace for people from Slack Connect."""

    name: str
    real_name: str
    email: str | None = None
    tz: str = "America/Denver"
    locale: str = "en-US"
    title: str = ""
    admin: bool = False
    home: str | None = None
    deleted: bool = False
    id: str | None = None


@dataclass(frozen=True)
class Channel:
    """A channel and the names of its members; `bot` is true if the app is a member."""

    name: str
    members: tuple[str, ...] = ()
    private: bool = False
    bot: bool = True
    topic: str = ""
    purpose: str = ""
    id: str | None = None


@dataclass(frozen=True)
class Workspace:
    """A workspace before anything has happened in it."""

    name: str
    domain: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    app_name: str = "consortium"
    app_title: str | None = None


@dataclass(frozen=True)
class App:
    """The app before it has run. None means: as stored, or as the manifest says.

    `secrets` are fields of Credentials that stay the same from start to start.
    """

    manifest: dict[str, Any] | None = None
    scopes: tuple[str, ...] | None = None
    request_url: str | None = None
    mode: str | None = None
    rotation: bool | None = None
    installed: bool = True
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Credentials:
    """What a Bolt app needs to talk to the sandbox."""

    bot_token: str
    app_token: str
    signing_secret: str
    team_id: str
    app_id: str
    bot_user_id: str
    bot_id: str
    verification_token: str
    client_id: str
    client_secret: str


PEOPLE = (
    ("ana", "Ana Reyes", "America/Denver", "en-US"),
    ("ben", "Ben Ortiz", "America/Los_Angeles", "en-US"),
    ("cleo", "Cleo Marchetti", "America/Chicago", "en-US"),
    ("dov", "Dov Lindqvist", "America/New_York", "en-US"),
    ("eva", "Eva Castellanos", "America/Denver", "es-ES"),
    ("finn", "Finn Abernathy", "America/Phoenix", "en-US"),
    ("gus", "Gus Whitehorse", "America/Denver", "en-US"),
    ("hana", "Hana Okafor", "Europe/Berlin", "en-GB"),
)


def empty_workspace() -> Workspace:
    """Return the small workspace in which nothing has happened yet."""
    people = tuple(
        Person(name, real_name, f"{name}@example.org", tz, locale, admin=name == "ana")
        for name, real_name, tz, locale in PEOPLE
    )
    names = tuple(person.name for person in people)
    return Workspace(
        name="Northern Valleys",
        domain="northern-valleys",
        people=people,
        channels=(
            Channel("general", names, topic="Everything that concerns everyone"),
            Channel("council", names, topic="Where the agencies decide"),
        ),
    )
