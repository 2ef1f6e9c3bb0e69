"""Processes that the bench starts, and the little it asks of them."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 30


@contextlib.contextmanager
def child(
    module: Sequence[str], settings: Mapping[str, str], sign: str
) -> Iterator[tuple["subprocess.Popen[str]", str, float]]:
    """Run a module while the block runs; give it, its line that begins with `sign`, and the seconds until then."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=_surroundings() | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, _line(process, sign), time.perf_counter() - begun
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _surroundings() -> dict[str, str]:
    """Give the environment without settings of a bot that somebody may have there."""
    ours = ("SLACK_", "DATABASE_URL", "SEAL_KEYS", "CLOCK_URL", "PORT", "LOG_LEVEL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _line(process: "subprocess.Popen[str]", sign: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(sign):
            return line.strip()
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
