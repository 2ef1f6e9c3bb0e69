"""The bot's commands, each in a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[1]


def start(*words: str, settings: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start `python WORDS`, with these settings beside those of this process."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **(settings or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    process.stdout.close()


@contextmanager
def running(command: str, settings: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Run `python -m bot COMMAND` while the block runs, which begins when the process is ready."""
    process = start("-m", "bot", command, settings=settings)
    try:
        assert process.stdout.readline()
        yield process
    finally:
        kill(process)


def finished(*words: str, settings: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run `python WORDS` to its end; of this process's environment it receives only what Python needs."""
    needed = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**needed, **(settings or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
