"""The commands: `python -m bot COMMAND`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot import config
from bot.config import ConfigurationError, Needs, Settings

MISUSED = 2
BROKEN_OFF = 130


def main(arguments: Sequence[str]) -> int:
    """Run a command; give its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options) or 0)
    except ConfigurationError as wrong:
        print(wrong, file=sys.stderr)
        return MISUSED
    except KeyboardInterrupt:
        # somebody changed their mind while it was still starting
        return BROKEN_OFF


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="The consortium's bot for Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int | None], does: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=does, description=does)
        made.set_defaults(command=command)
        return made

    add("run", _run, "Run everything in one process, over Socket Mode.")
    add("web", _web, "Answer Slack over HTTP; needs a worker and PostgreSQL.")
    add("worker", _worker, "Tick and deliver; needs PostgreSQL.")
    add("release", _release, "Bring the database to the newest shape.")
    add("doctor", _doctor, "Say what is set up, and what is missing.")
    add("key", _key, "Make a key for SEAL_KEYS.")
    manifest = add("manifest", _manifest, "Print the manifest from which Slack makes the app.")
    manifest.add_argument("--address", default="", help="your public address, for HTTP instead of Socket Mode")
    demo = add("demo", _demo, "Open a Slack of your own with the bot in it.")
    demo.add_argument("--port", type=int, default=8080)
    demo.add_argument("--no-browser", action="store_true", help="do not open the page")
    demo.add_argument("--patient", action="store_true", help="for slow machines: wait for the bot beyond Slack's 3 s")
    demo.add_argument("--empty", action="store_true", help="without the story: people and channels only")
    demo.add_argument("--data", type=Path, help="a folder that keeps the workspace and the bot's database")
    demo.add_argument("--mode", choices=["http", "socket"], default="http", help="how the bot hears from Slack")
    return parser


def _settings(needs: Needs) -> Settings:
    from bot import logs

    settings = config.load(needs)
    logs.set_up(settings.log_level)
    return settings


def _accepted(needs: Needs) -> Settings:
    from bot import token_check

    settings = _settings(needs)
    token_check.check(token_check.BOT, token_check.ask(settings, token_check.BOT))
    return settings


def _run(_options: argparse.Namespace) -> None:
    from bot.app import build
    from bot.runtime import processes
    from bot.runtime.leadership import DatabaseInUse

    settings = _accepted(Needs(socket=True))
    _, made = config.seal_keys(settings)
    if made:
        print(f"Made a key that seals answers: {made}. Keep a copy apart from the database.", flush=True)
    try:
        processes.run(build(settings), _say)
    except DatabaseInUse as taken:
        raise ConfigurationError(str(taken)) from None


def _web(_options: argparse.Namespace) -> None:
    from bot.app import build
    from bot.runtime import processes

    processes.serve(build(_accepted(Needs(http=True, shared_database=True))), _say)


def _worker(_options: argparse.Namespace) -> None:
    from bot.app import build
    from bot.runtime import processes

    processes.work(build(_accepted(Needs(shared_database=True))), _say)


def _release(_options: argparse.Namespace) -> None:
    from storage import migrate
    from storage.database import Database

    changed = migrate.upgrade(Database(_settings(Needs(slack=False)).database_url))
    print("The database has its newest shape now." if changed else "The database was up to date.")


def _doctor(_options: argparse.Namespace) -> int:
    from bot import doctor

    return doctor.examine(_settings(Needs(slack=False)), print)


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

    launch.run(options, _say)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
