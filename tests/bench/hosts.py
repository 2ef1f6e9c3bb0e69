"""The servers that are measured, each in a process of its own: `python -m tests.bench.hosts KIND`.

All answer at the same route of the same server with the same check of signatures. `bare` is Bolt with a constant
answer, `upsert` Bolt and one statement in sqlite3, `bot` the bot's web application alone, `whole` the bot with
everything in one process.
"""

import re
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, cast

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot import logs
from bot.app import Bot, build
from bot.config import Settings
from bot.runtime.processes import Server, catch_stop_signals, freeze_heap, worker
from storage.database import parse_url, sqlite_path

_TABLE = "CREATE TABLE ballot (poll, member, choice, at, PRIMARY KEY (poll, member)) WITHOUT ROWID"
_UPSERT = (
    "INSERT INTO ballot VALUES (?, ?, ?, ?) ON CONFLICT (poll, member) "
    "DO UPDATE SET choice = excluded.choice, at = excluded.at"
)


class Shelf:
    """One table in SQLite: a connection for each thread, one writer at a time, on disk when it returns."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer = threading.Lock()
        self._local = threading.local()
        self._connection().execute(_TABLE)

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            self._local.connection = connection
        return cast("sqlite3.Connection", self._local.connection)

    def keep(self, body: dict[str, Any]) -> None:
        """Store one press."""
        action = body["actions"][0]
        row = (action["value"], body["user"]["id"], action["action_id"], action["action_ts"])
        connection = self._connection()
        with self._writer:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_UPSERT, row)
            connection.execute("COMMIT")


def _bolt(keep: Callable[[dict[str, Any]], None]) -> App:
    known = AuthorizeResult(enterprise_id=None, team_id="T", bot_user_id="U", bot_token="xoxb-bench")
    app = App(
        authorize=lambda: known,
        signing_secret="checked before",
        process_before_response=True,
        request_verification_enabled=False,
    )

    def answer(ack: Any, body: dict[str, Any]) -> None:
        keep(body)
        ack()

    app.action(re.compile(".*"))(answer)
    app.command("/vote")(lambda ack: ack("Noted."))
    return app


class _Surface:
    """A surface without `deps`, which only unmeasured routes use."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.deps = None


class _Bare:
    """The parts of a bot that the web application uses."""

    def __init__(self, settings: Settings, app: App) -> None:
        self.settings = settings
        self.surface = _Surface(app)


def _hosted(kind: str, settings: Settings) -> Bot:
    if kind in {"bot", "whole"}:
        return build(settings)
    path = sqlite_path(parse_url(settings.database_url))
    keep = Shelf(str(path)).keep if kind == "upsert" else lambda _body: None
    return cast("Bot", _Bare(settings, _bolt(keep)))


def main(kind: str) -> None:
    """Serve until asked to stop."""
    logs.set_up("WARNING")
    settings = Settings()
    bot = _hosted(kind, settings)
    with worker(bot) if kind == "whole" else nullcontext():
        server = Server(bot, "127.0.0.1", 0)
        wait = catch_stop_signals()
        address = server.start()
        freeze_heap()
        sys.stdout.write(f"ready {address}/slack/events\n")
        sys.stdout.flush()
        wait()
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
