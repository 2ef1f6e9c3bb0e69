"""The sandbox as its users hold it: the state of a Slack, and the means to reach the app."""

import base64
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from .admin.app import change_app
from .admin.channels import describe_channel
from .blockkit.input_state import State
from .clock.service import ClockService
from .delivery.deliveries import Deliveries
from .errors import ControlError
from .json_values import Json
from .state.world import World
from .wire_time import WireTime
from .workspace import App, Credentials, Workspace, empty_workspace


class Sandbox:
    """A Slack for one app; `serve` makes it reachable."""

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        data: Path | None = None,
        starts_at: datetime | None = None,
        manifest: Json | None = None,
        app: App | None = None,
        opens: Mapping[str, str] | None = None,
        tour: Sequence[Mapping[str, Any]] = (),
        wire_time: WireTime | None = None,
    ) -> None:
        self.opens = dict(opens or {})
        """What the page shows when the address names nothing: `as` whom, `in` which channel."""
        self.tour = list(tour)
        """The steps of the page's guided tour."""
        app = app or App(manifest=manifest)
        self.world = World(
            workspace or empty_workspace(), app, data=data, starts_at=starts_at, wire_time=wire_time or WireTime()
        )
        self.deliveries = Deliveries(self.world)
        self.clock_service = ClockService(self.world, self.deliveries)

    @property
    def credentials(self) -> Credentials:
        """Return what a Bolt app needs to know."""
        return self.world.credentials

    @property
    def manifest(self) -> Json | None:
        """Return the app's manifest; None if it is unknown."""
        return self.world.settings.manifest

    @manifest.setter
    def manifest(self, manifest: Json | None) -> None:
        change_app(self.world, {"manifest": manifest})

    def deliver_to(self, request_url: str) -> None:
        """Deliver commands, interactions and events to a URL, signed."""
        change_app(self.world, {"request_url": request_url, "mode": "http"})

    def deliver_by_socket(self) -> None:
        """Deliver commands, interactions and events through Socket Mode."""
        change_app(self.world, {"mode": "socket"})

    def now(self) -> datetime:
        """Return the current story time."""
        return self.world.clock.now()

    def people(self) -> list[Json]:
        """List everyone, the app's own user last."""
        directory = self.world.directory
        everybody = [*directory.humans(), directory.people[directory.bot_id]]
        return [directory.describe(user) for user in everybody]

    def channels(self) -> list[Json]:
        """List the channels, without direct messages."""
        return [describe_channel(self.world, conversation) for conversation in self.world.directory.channels()]

    def messages(self, channel: str, user: str | None = None) -> list[Json]:
        """List a conversation as one person sees it; `@ana` is Ana's direct messages with the app."""
        directory = self.world.directory
        reader = directory.person(user) if user else None
        conversation = directory.channel(channel, reader)
        if reader is None:
            reader = directory.person(conversation.im) if conversation.im else None
        if reader is not None and not directory.can_read(reader, conversation):
            raise ControlError(f"channel: {reader.name} cannot read {channel!r}", status=403)
        seen = self.world.messages.visible_to(conversation.id, reader.id if reader else "")
        return [self.world.messages.describe(message) for message in seen]

    def message_state(self, channel: str, user: str) -> dict[str, State]:
        """Return what a person has entered in a conversation's messages, by `ts`."""
        person = self.world.directory.person(user)
        here = (person.id, self.world.directory.channel(channel, person).id)
        return {ts: state for (*place_key, ts), state in self.world.message_state.items() if tuple(place_key) == here}

    def views(self, user: str) -> list[Json]:
        """Return a person's open modals, the top one last."""
        person = self.world.directory.person(user)
        return [self.world.shape_view(view) for view in self.world.views.stack(person.id)]

    def home(self, user: str) -> Json | None:
        """Return the home tab last published to a person, without notifying the app."""
        view = self.world.views.home(self.world.directory.person(user).id)
        return self.world.shape_view(view) if view else None

    def file(self, key: str) -> tuple[str, bytes] | None:
        """Return the name and content of an uploaded file; None if there is none."""
        stored = self.world.files.get(key)
        if stored is None or stored["content"] is None:
            return None
        return stored["name"], base64.b64decode(stored["content"])

    def commands(self) -> list[Json]:
        """List the slash commands that the manifest declares."""
        return self.world.commands()

    def shortcuts(self) -> list[Json]:
        """List the shortcuts that the manifest declares."""
        return self.world.shortcuts()

    def traffic(self, since: int = 0) -> list[Json]:
        """List the requests and responses numbered higher than `since`."""
        return self.world.traffic.since(since)

    def next_change(self, after: int = 0) -> Awaitable[int]:
        """Wait for a version of the visible state later than `after`."""
        return self.world.feed.wait_after(after)

    def close(self) -> None:
        """Release the threads and the file."""
        self.deliveries.close()
        self.world.store.close()
