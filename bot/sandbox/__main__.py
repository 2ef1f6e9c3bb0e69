"""Run the sandbox alone, for use with any Bolt app: `python -m bot.sandbox --port 8080`."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import serve


def main() -> int:
    """Serve the empty workspace until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A Slack on this machine.")
    parser.add_argument("--port", type=int, default=8080, help="the port to listen on (0: any free one)")
    parser.add_argument("--data", type=Path, help="a folder in which everything is kept")
    wanted = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serve(Sandbox(data=wanted.data), port=wanted.port) as server:
            print(f"sandbox ready at {server.url}", flush=True)  # noqa: T201 - a command speaks to its terminal
            stop.wait()
    except OSError as error:
        print(f"port {wanted.port} cannot be used: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
