"""The bot in a Slack of one's own: the sandbox, the real bot beside it, and a story to play with."""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import SecretStr

from bot import logs, manifest
from bot.app import Bot, build
from bot.config import ConfigurationError, Settings
from bot.demo import cast, story, tour
from bot.fetch.fetcher import Fetcher, Fetching
from bot.runtime.leadership import DatabaseInUse
from bot.runtime.processes import Server, ending, working
from bot.runtime.socket_mode import SocketModeConnection
from bot.sandbox import PATIENT, Sandbox, empty_workspace, serve
from bot.sandbox.server import Server as Slack
from storage import migrate


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Open the demo and keep it open until stopped. Raises Wrong where it cannot be opened."""
    logs.set_up("WARNING")
    with contextlib.ExitStack() as stack:
        folder = options.data or Path(stack.enter_context(_scratch()))
        fresh = not (folder / "bot.db").exists()
        folder.mkdir(parents=True, exist_ok=True)
        told = fresh and not options.empty
        sandbox = Sandbox(
            empty_workspace() if options.empty else cast.WORKSPACE,
            data=folder / "workspace.db" if options.data else None,
            starts_at=story.begins_at() if told else None,
            opens=tour.EMPTY_OPENS if options.empty else cast.OPENS,
            tour=tour.FOUNDING if options.empty else tour.STORY,
            wire_time=PATIENT if options.patient else None,
        )
        try:
            slack = stack.enter_context(serve(sandbox, port=options.port))
            stack.enter_context(bot_beside(sandbox, slack, folder, options.mode))
        except (OSError, DatabaseInUse) as problem:
            raise ConfigurationError(
                f"The demo could not start: {problem}. Another port may help: --port 8123"
            ) from None
        if told:
            story.tell(slack.url)
        wait = ending()
        say(f"sandbox ready at {slack.url}")
        if not options.no_browser and _has_screen():
            webbrowser.open(slack.url)
        wait()


def _has_screen() -> bool:
    """Tell whether a browser has somewhere to open; without, a text browser would take the terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def bot_beside(sandbox: Sandbox, slack: Slack, folder: Path, mode: str) -> Iterator[Bot]:
    """Run the real bot against a sandbox while the block runs; only addresses and tokens differ."""
    known = sandbox.credentials
    settings = Settings(
        slack_bot_token=SecretStr(known.bot_token),
        slack_app_token=SecretStr(known.app_token),
        slack_signing_secret=SecretStr(known.signing_secret),
        slack_api_url=slack.api_url,
        clock_url=slack.clock_url,
        database_url=f"sqlite:///{folder / 'bot.db'}",
    )
    with running(settings, mode, sandbox) as bot:
        yield bot


@contextlib.contextmanager
def running(settings: Settings, mode: str, sandbox: Sandbox, fetching: Fetching = Fetcher) -> Iterator[Bot]:
    """Run a bot with these settings and have the sandbox deliver to it."""
    bot = build(settings, fetching)
    migrate.upgrade(bot.db)
    sandbox.manifest = manifest.make(bot.surface.registry)
    with contextlib.ExitStack() as stack:
        server = Server(bot, "127.0.0.1", 0)
        address = server.start()
        stack.callback(server.stop)
        bot.surface.deps.public_url.url = settings.public_url or address
        if mode == "http":
            sandbox.deliver_to(f"{address}/slack/events")
        stack.enter_context(working(bot))
        if mode == "socket":
            sandbox.deliver_by_socket()
            socket = SocketModeConnection(bot)
            socket.start()
            stack.callback(socket.stop)
        yield bot


@contextlib.contextmanager
def _scratch() -> Iterator[str]:
    """Make a folder that goes when the demo ends."""
    folder = tempfile.mkdtemp(prefix="consortium-demo-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
