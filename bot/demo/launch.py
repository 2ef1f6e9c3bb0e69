"""Start the demo: the sandbox, the real bot beside it, and a story to explore."""

import argparse
import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import SecretStr

from bot import database_check, logs, manifest
from bot.app import PRODUCTION, Bot, Timeouts, build
from bot.config import ConfigurationError, Settings
from bot.demo import cast, story, tour
from bot.fetch.fetcher import Fetcher, MakeFetcher
from bot.runtime.leadership import DatabaseInUse
from bot.runtime.processes import Server, catch_stop_signals, worker
from bot.runtime.socket_mode import SocketModeConnection
from bot.sandbox import PATIENT, Sandbox, empty_workspace, serve
from bot.sandbox.server import Server as Slack
from storage import migrate


def run(options: argparse.Namespace, print_line: Callable[[str], None]) -> None:
    """Open the demo and keep it open until stopped. Raise `ConfigurationError` if it cannot start."""
    logs.set_up("WARNING")
    with contextlib.ExitStack() as stack:
        folder = options.data or Path(stack.enter_context(_temporary_folder()))
        _make_folder(folder)
        fresh = not (folder / "bot.db").exists()
        with_story = fresh and not options.empty
        try:
            sandbox = Sandbox(
                empty_workspace() if options.empty else cast.WORKSPACE,
                data=folder / "workspace.db" if options.data else None,
                starts_at=story.begins_at() if with_story else None,
                opens=tour.EMPTY_OPENS if options.empty else cast.OPENS,
                tour=tour.FOUNDING if options.empty else tour.STORY,
                wire_time=PATIENT if options.patient else None,
            )
        except (sqlite3.DatabaseError, FileExistsError):
            raise ConfigurationError(database_check.unreadable(folder / "workspace.db")) from None
        try:
            slack = stack.enter_context(serve(sandbox, port=options.port))
        except (OSError, OverflowError):
            raise ConfigurationError(
                f"The demo cannot use port {options.port}: another program has it, or there is no such port. "
                "Choose another one, for example --port 8123"
            ) from None
        try:
            stack.enter_context(_bot_in_sandbox(sandbox, slack, folder, options.mode))
        except DatabaseInUse as error:
            raise ConfigurationError(str(error)) from None
        if with_story:
            story.play(slack.url)
        wait_for_stop = catch_stop_signals()
        print_line(f"sandbox ready at {slack.url}")
        if not options.no_browser and _has_screen():
            webbrowser.open(slack.url)
        wait_for_stop()


def _has_screen() -> bool:
    """Return whether there is a screen for a browser: without one, a text browser would take over the terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The demo cannot keep its data in {folder} ({error.strerror}). Choose another folder with --data"
        ) from None


@contextlib.contextmanager
def _bot_in_sandbox(sandbox: Sandbox, slack: Slack, folder: Path, mode: str) -> Iterator[Bot]:
    """Run the real bot against a sandbox while the block runs: only URLs and tokens differ."""
    credentials = sandbox.credentials
    settings = Settings(
        slack_bot_token=SecretStr(credentials.bot_token),
        slack_app_token=SecretStr(credentials.app_token),
        slack_signing_secret=SecretStr(credentials.signing_secret),
        slack_api_url=slack.api_url,
        clock_url=slack.clock_url,
        database_url=f"sqlite:///{folder / 'bot.db'}",
    )
    database_check.require_usable(settings, migrated=False)
    with running(settings, mode, sandbox) as bot:
        yield bot


@contextlib.contextmanager
def running(
    settings: Settings,
    mode: str,
    sandbox: Sandbox,
    make_fetcher: MakeFetcher = Fetcher,
    timeouts: Timeouts = PRODUCTION,
) -> Iterator[Bot]:
    """Run a bot with these settings while the block runs; the sandbox sends its requests to it."""
    bot = build(settings, make_fetcher, timeouts)
    migrate.upgrade(bot.db)
    sandbox.manifest = manifest.make(bot.surface.registry)
    with contextlib.ExitStack() as stack:
        server = Server(bot, "127.0.0.1", 0)
        url = server.start()
        stack.callback(server.stop)
        bot.surface.deps.public_url.url = settings.public_url or url
        if mode == "http":
            sandbox.deliver_to(f"{url}/slack/events")
        stack.enter_context(worker(bot))
        if mode == "socket":
            sandbox.deliver_by_socket()
            socket = SocketModeConnection(bot)
            socket.start()
            stack.callback(socket.stop)
        yield bot


@contextlib.contextmanager
def _temporary_folder() -> Iterator[str]:
    """Make a folder that is deleted when the demo ends."""
    folder = tempfile.mkdtemp(prefix="consortium-demo-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
