"""The command line: `python -m bot COMMAND`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot import config
from bot.config import ConfigurationError, Needs, Settings

USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run a command. Return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options) or 0)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        # stopped during startup
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Slack bot for consortia.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, command: Callable[[argparse.Namespace], int | None], description: str
    ) -> argparse.ArgumentParser:
        subparser = commands.add_parser(name, help=description, description=description)
        subparser.set_defaults(command=command)
        return subparser

    add("run", _run, "Run everything in one process, over Socket Mode.")
    add("web", _web, "Answer Slack over HTTP. Needs a worker and PostgreSQL.")
    add("worker", _worker, "Run scheduled work and deliver messages. Needs PostgreSQL.")
    add("release", _release, "Create the database tables or update them.")
    add("doctor", _doctor, "Check the settings, the database and Slack.")
    backup = add("backup", _backup, "Copy the SQLite database to a file, also while the bot runs.")
    backup.add_argument("file", type=Path, help="new file for the copy")
    restore = add("restore", _restore, "Put a backup in the place of the SQLite database. Stop the bot first.")
    restore.add_argument("file", type=Path, help="file that `backup` made")
    add("key", _key, "Print a new key for SEAL_KEYS.")
    manifest = add("manifest", _manifest, "Print the app manifest to paste into Slack.")
    manifest.add_argument("--address", default="", help="your public URL, for HTTP instead of Socket Mode")
    demo = add("demo", _demo, "Open a Slack of your own with the bot in it.")
    demo.add_argument("--port", type=int, default=8080, help="port of the demo's page (default: 8080)")
    demo.add_argument("--no-browser", action="store_true", help="do not open a browser")
    demo.add_argument("--patient", action="store_true", help="for slow machines: wait for the bot beyond Slack's 3 s")
    demo.add_argument("--empty", action="store_true", help="start without a story, only with people and channels")
    demo.add_argument("--data", type=Path, help="folder that keeps the workspace and the bot's database")
    demo.add_argument("--mode", choices=["http", "socket"], default="http", help="how Slack reaches the bot")
    return parser


def _settings(needs: Needs) -> Settings:
    from bot import logs

    settings = config.load(needs)
    logs.set_up(settings.log_level)
    return settings


def _checked_settings(needs: Needs, *, migrated: bool = True) -> Settings:
    """Load the settings of a process that serves a workspace, and check the database and the token."""
    from bot import database_check, token_check

    settings = _settings(needs)
    database_check.require_usable(settings, migrated=migrated)
    answer = token_check.ask(settings, token_check.BOT)
    token_check.require_accepted(token_check.BOT, answer)
    database_check.require_own_workspace(settings, str(answer.data.get("team_id") or ""))
    return settings


def _run(_options: argparse.Namespace) -> None:
    from bot import sealed_keys
    from bot.app import build
    from bot.runtime import processes
    from bot.runtime.leadership import DatabaseInUse

    settings = _checked_settings(Needs(socket=True), migrated=False)
    _, new_file = sealed_keys.load(settings)
    if new_file:
        _print(f"New key for sealed answers: {new_file}. Keep a copy of it, but not next to the database.")
    try:
        processes.run_all(build(settings), _print)
    except DatabaseInUse as error:
        raise ConfigurationError(str(error)) from None


def _web(_options: argparse.Namespace) -> None:
    from bot.app import build
    from bot.runtime import processes

    processes.run_web(build(_checked_settings(Needs(http=True, shared_database=True))), _print)


def _worker(_options: argparse.Namespace) -> None:
    from bot.app import build
    from bot.runtime import processes

    processes.run_worker(build(_checked_settings(Needs(shared_database=True))), _print)


def _release(_options: argparse.Namespace) -> None:
    from bot import database_check
    from bot.runtime.leadership import DatabaseInUse, lock_database
    from storage import migrate
    from storage.database import Database, sqlite_path

    settings = _settings(Needs(slack=False))
    database_check.require_usable(settings, migrated=False)
    db = Database(settings.database_url)
    path = sqlite_path(db.url)
    try:
        with lock_database(path) if path is not None else nullcontext():
            changed = migrate.upgrade(db)
    except DatabaseInUse as error:
        raise ConfigurationError(str(error)) from None
    print("The database is now up to date." if changed else "The database was already up to date.")


def _backup(options: argparse.Namespace) -> None:
    from bot import backup

    _print(backup.back_up(_settings(Needs(slack=False)), options.file))


def _restore(options: argparse.Namespace) -> None:
    from bot import backup

    _print(backup.restore(_settings(Needs(slack=False)), options.file))


def _doctor(_options: argparse.Namespace) -> int:
    from bot import doctor

    return doctor.check(_settings(Needs(slack=False)), print)


def _key(_options: argparse.Namespace) -> None:
    print(Fernet.generate_key().decode())


def _manifest(options: argparse.Namespace) -> None:
    from bot import manifest
    from bot.app import build

    settings = Settings(database_url="sqlite:///:memory:", seal_keys=SecretStr(Fernet.generate_key().decode()))
    surface = build(settings).surface
    print(json.dumps(manifest.make(surface.registry, address=options.address), indent=2))


def _demo(options: argparse.Namespace) -> None:
    from bot.demo import launch

    launch.run(options, _print)


def _print(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
