"""Processes that the bench starts."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bot_process import ROOT


@contextlib.contextmanager
def running(module: Sequence[str], settings: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Run `python -m MODULE …` while the block runs, then kill it: what it acknowledged is on disk."""
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=_surroundings() | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _surroundings() -> dict[str, str]:
    """Return the environment without the settings of a bot."""
    names = ("SLACK_", "DATABASE_URL", "SEAL_KEYS", "CLOCK_URL", "PORT", "LOG_LEVEL")
    return {name: value for name, value in os.environ.items() if not name.startswith(names)}


def wait_for_line(process: "subprocess.Popen[str]", sign: str) -> str:
    """Return the next line that a process prints and that begins with `sign`."""
    assert process.stdout is not None
    for text in process.stdout:
        if text.startswith(sign):
            return text.strip()
    raise RuntimeError(f"a process ended before it printed {sign!r}")


def run_load(job: Mapping[str, Any]) -> dict[str, float]:
    """Send requests from a process of its own. Return its figures."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        cwd=ROOT,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def memory(pid: int) -> tuple[float, float]:
    """Return a process's resident and proportional memory in MB (Linux only)."""
    rolled = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = {line.split(":")[0]: line.split()[1] for line in rolled[1:]}
    return int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024
