"""Processes that the bench starts, and the little it asks of them."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def child(module: Sequence[str], settings: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Run `python -m MODULE …` while the block runs, and kill it: what was acknowledged is on disk."""
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
    """Give the environment without settings of a bot that somebody may have there."""
    ours = ("SLACK_", "DATABASE_URL", "SEAL_KEYS", "CLOCK_URL", "PORT", "LOG_LEVEL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def line(process: "subprocess.Popen[str]", sign: str) -> str:
    """Wait for a process to say something that begins with `sign`; give it."""
    assert process.stdout is not None
    for said in process.stdout:
        if said.startswith(sign):
            return said.strip()
    raise RuntimeError(f"a process ended before it said {sign!r}")


def load(job: Mapping[str, Any]) -> dict[str, float]:
    """Send requests from a process of its own; give what it found."""
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
    found: dict[str, float] = json.loads(done.stdout)
    return found


def memory(pid: int) -> tuple[float, float]:
    """Give a process's resident and proportional memory in MB (Linux only)."""
    rolled = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = {line.split(":")[0]: line.split()[1] for line in rolled[1:]}
    return int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024
