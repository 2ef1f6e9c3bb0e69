"""The wiring: all parts of the bot, put together once."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy.orm import Session

from bot import sealed_keys
from bot.authorize import LISTENER_SECONDS, Authority
from bot.config import Settings
from bot.delivery import file_batches, uploads
from bot.delivery.courier import Courier, Sender
from bot.delivery.home_tabs import HomeTabs, RenderHomeTab
from bot.delivery.pacing import Pacing
from bot.delivery.response_urls import TIMEOUT_SECONDS as RESPONSE_URL_SECONDS
from bot.delivery.response_urls import ResponseUrlPool
from bot.fetch.fetcher import Fetcher, MakeFetcher
from bot.runtime import leadership
from bot.runtime.clock import StoryClock, SystemClock
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.leadership import Leadership
from bot.runtime.scheduler import SweepRunner
from bot.runtime.signature_trouble import SignatureTrouble
from bot.slack_client import SlackClient
from handlers.exports.files import export_writer
from handlers.features import FEATURES
from handlers.home import snapshot, views
from handlers.kit.deps import Deps, PublicUrl
from handlers.kit.directory import Directory
from handlers.kit.feature import Phase, Sweep
from handlers.kit.registry import Registry
from handlers.kit.surface import Surface
from storage import attachments, exports
from storage import home_tabs as stored_home_tabs
from storage.database import LOCK_SECONDS, Database
from storage.home_tabs import HomeTab
from storage.seals import KeyRing

_BOLT_VARIABLES = ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_VERIFICATION_TOKEN")

THREADS = 40
"""Requests from Slack that are handled at once."""


@dataclass(frozen=True)
class Timeouts:
    """How long a request waits for others, in seconds. Slack waits three seconds for its acknowledgement.

    `slack` limits a listener's call to Slack, `response_url` an answer at a response URL, `lock` the wait for a
    database connection or a locked row.
    """

    slack: int = LISTENER_SECONDS
    response_url: int = RESPONSE_URL_SECONDS
    lock: int = LOCK_SECONDS


PRODUCTION = Timeouts()


@dataclass(frozen=True)
class Bot:
    """All parts of a running bot."""

    settings: Settings
    clock: SystemClock | StoryClock
    db: Database
    authority: Authority
    surface: Surface
    response_urls: ResponseUrlPool
    leadership: Leadership
    courier: Courier
    sweeps: SweepRunner
    signature_trouble: SignatureTrouble
    heartbeat: Heartbeat

    def close(self) -> None:
        """Release all resources."""
        self.response_urls.stop()
        self.leadership.end()
        self.db.close()


def build(settings: Settings, make_fetcher: MakeFetcher = Fetcher, timeouts: Timeouts = PRODUCTION) -> Bot:
    """Put the bot together. Nothing runs yet, and Slack is not called.

    Tests pass another `make_fetcher`, because they have no network beyond their own machine.
    """
    clock = StoryClock() if settings.clock_url else SystemClock()
    db = Database(settings.database_url, connections=THREADS, lock_seconds=timeouts.lock)
    token = settings.slack_bot_token.get_secret_value()
    authority = Authority(token, settings.slack_api_url, listener_seconds=timeouts.slack)
    response_urls = ResponseUrlPool(seconds=timeouts.response_url)
    keys, _ = sealed_keys.load(settings)
    deps = Deps(
        db=db,
        clock=clock,
        slack=authority.client,
        directory=Directory(authority.client, authority.courier_client),
        keys=KeyRing(keys),
        response_urls=response_urls,
        public_url=PublicUrl(settings.public_url.rstrip("/")),
        fetch=make_fetcher(authority.courier_client),
    )
    registry = Registry(FEATURES)
    surface = Surface(_bolt_app(settings, authority), deps, registry)
    leader = leadership.for_database(db)
    home_tabs = HomeTabs(db, authority.courier_client, _home_renderer(registry), Pacing(clock.monotonic))
    senders: dict[str, Sender] = {
        attachments.METHOD: uploads.send,
        exports.METHOD: file_batches.sender(export_writer(deps, registry.tables)),
    }
    courier = Courier(db, clock, authority.courier_client, registry.live, leader.name, home_tabs.publish, senders)
    db.on_wake(courier.wake)
    publishing = Sweep(
        "home tabs",
        lambda _deps, now: home_tabs.publish(now),
        stored_home_tabs.next_due,
        "a home tab is brought up to date",
        Phase.OUTSIDE,
    )
    sweeps = SweepRunner(deps, leader, [*registry.sweeps(), publishing], registry.next_label)
    signatures = SignatureTrouble()
    heartbeat = Heartbeat(db, leader.name, [signatures.trouble])
    return Bot(settings, clock, db, authority, surface, response_urls, leader, courier, sweeps, signatures, heartbeat)


def _home_renderer(registry: Registry) -> RenderHomeTab:
    def render(session: Session, home_tab: HomeTab, now: datetime) -> dict[str, Any]:
        return views.render(snapshot.load_snapshot(session, home_tab, now), registry.todo)

    return render


def _bolt_app(settings: Settings, authority: Authority) -> App:
    """Make the Bolt app. `bot.runtime.web` checks signatures before it calls the app."""

    def authorize() -> AuthorizeResult:
        # Bolt passes arguments by their names, and would pass one for `self`
        return authority.authorize()

    with _hidden_from_bolt():
        return App(
            # without a name Bolt searches the whole stack for one, which takes 20 ms
            name="consortium",
            client=SlackClient(base_url=settings.slack_api_url),
            authorize=authorize,
            signing_secret=settings.slack_signing_secret.get_secret_value() or "checked elsewhere",
            process_before_response=True,
            request_verification_enabled=False,
            listener_executor=ThreadPoolExecutor(THREADS, thread_name_prefix="listener"),
        )


@contextmanager
def _hidden_from_bolt() -> Iterator[None]:
    """Hide the environment variables that Bolt reads on its own.

    Bolt would take a token that it does not need, and with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET it would switch
    to OAuth with files of its own.
    """
    hidden = {name: os.environ.pop(name) for name in _BOLT_VARIABLES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)
