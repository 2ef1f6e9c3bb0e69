"""Run the sandbox on its own, for any Bolt app: `python -m … --config workspace.toml`."""

import argparse
import shlex
import signal
import sys
import threading
from pathlib import Path

from .admin.app import describe_app
from .config.keys import ConfigError
from .config.toml_file import Config, read_config
from .sandbox import Sandbox
from .server import Server, serve
from .wire_time import PATIENT
from .workspace import App, empty_workspace


def main() -> int:
    """Serve a workspace until a signal stops it."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description="A Slack on this machine.")
    parser.add_argument("--config", type=Path, help="a TOML file that describes the workspace and the app")
    parser.add_argument("--port", type=int, default=8080, help="the port to listen on (0: any free one)")
    parser.add_argument("--data", type=Path, help="a folder in which everything is kept")
    parser.add_argument("--patient", action="store_true", help="wait for the app as long as it takes, not Slack's 3 s")
    wanted = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        config = read_config(wanted.config) if wanted.config else Config(empty_workspace(), App(), None)
        sandbox = Sandbox(
            config.workspace,
            data=wanted.data,
            starts_at=config.starts_at,
            app=config.app,
            wire_time=PATIENT if wanted.patient else None,
        )
        with serve(sandbox, port=wanted.port) as server:
            print(greeting(sandbox, server), flush=True)  # noqa: T201 - a command speaks to its terminal
            stop.wait()
    except ConfigError as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        print(f"port {wanted.port} cannot be used: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def greeting(sandbox: Sandbox, server: Server) -> str:
    """Return the page's address, and the lines to paste where the app runs."""
    lines = "\n".join(f"export {name}={shlex.quote(value)}" for name, value in environment(sandbox).items())
    away = "" if sandbox.world.tokens.installed else "It is not installed: open its install page in a browser.\n"
    return f"sandbox ready at {server.url}\n\nFor the app:\n\n{lines}\n{away}"


def environment(sandbox: Sandbox) -> dict[str, str]:
    """Return the app's environment variables. Bolt uses OAuth whenever it finds a client id."""
    known, world = describe_app(sandbox.world), sandbox.world
    found = {
        "SLACK_BOT_TOKEN": known["bot_token"],
        "SLACK_REFRESH_TOKEN": known["refresh_token"],
        "SLACK_APP_TOKEN": known["app_token"],
        "SLACK_SIGNING_SECRET": known["signing_secret"],
        "SLACK_API_URL": known["api_url"],
    }
    if not known["installed"] or world.redirect_urls():
        authorize = f"{world.url}/oauth/v2/authorize"
        found |= {"SLACK_CLIENT_ID": known["client_id"], "SLACK_CLIENT_SECRET": known["client_secret"]}
        found |= {"SLACK_AUTHORIZE_URL": authorize}
    return {name: value for name, value in found.items() if value}


if __name__ == "__main__":
    sys.exit(main())
