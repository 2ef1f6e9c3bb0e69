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
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description="A Slack on your own machine.")
    parser.add_argument("--config", type=Path, help="a TOML file that describes the workspace and the app")
    parser.add_argument("--port", type=int, default=8080, help="the port to listen on (0: any free one)")
    parser.add_argument("--data", type=Path, help="a folder that stores everything")
    parser.add_argument("--patient", action="store_true", help="for slow machines: wait for the app beyond Slack's 3 s")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        config = read_config(options.config) if options.config else Config(empty_workspace(), App(), None)
        sandbox = Sandbox(
            config.workspace,
            data=options.data,
            starts_at=config.starts_at,
            app=config.app,
            wire_time=PATIENT if options.patient else None,
        )
        with serve(sandbox, port=options.port) as server:
            print(greeting(sandbox, server), flush=True)  # noqa: T201 - a command speaks to its terminal
            stop.wait()
    except ConfigError as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        print(f"port {options.port} cannot be used: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def greeting(sandbox: Sandbox, server: Server) -> str:
    """Return the page's address, and the lines to paste where the app runs."""
    lines = "\n".join(f"export {name}={shlex.quote(value)}" for name, value in environment(sandbox).items())
    away = "" if sandbox.world.tokens.installed else "It is not installed: open its install page in a browser.\n"
    return f"sandbox ready at {server.url}\n\nFor the app:\n\n{lines}\n{away}"


def environment(sandbox: Sandbox) -> dict[str, str]:
    """Return the app's environment variables. Bolt uses OAuth whenever it finds a client id."""
    app, world = describe_app(sandbox.world), sandbox.world
    variables = {
        "SLACK_BOT_TOKEN": app["bot_token"],
        "SLACK_REFRESH_TOKEN": app["refresh_token"],
        "SLACK_APP_TOKEN": app["app_token"],
        "SLACK_SIGNING_SECRET": app["signing_secret"],
        "SLACK_API_URL": app["api_url"],
    }
    if not app["installed"] or world.redirect_urls():
        authorize = f"{world.url}/oauth/v2/authorize"
        variables |= {"SLACK_CLIENT_ID": app["client_id"], "SLACK_CLIENT_SECRET": app["client_secret"]}
        variables |= {"SLACK_AUTHORIZE_URL": authorize}
    return {name: value for name, value in variables.items() if value}


if __name__ == "__main__":
    sys.exit(main())
