"""The sandbox's folder is a package of its own: a copy of it runs alone, under any name."""

import shutil
import subprocess
import sys
from pathlib import Path

import httpx

from tests.sandbox.conftest import LIMIT

FOLDER = Path("bot/sandbox")


def test_a_copy_of_the_folder_alone_runs_under_another_name(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "slack_on_a_desk", ignore=shutil.ignore_patterns("__pycache__"))
    process = subprocess.Popen(
        [sys.executable, "-m", "slack_on_a_desk", "--port", "0"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = process.stdout.readline().split()[-1]
        answer = httpx.get(f"{url}/sandbox/people", timeout=LIMIT).json()
        page = httpx.get(url, timeout=LIMIT)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert answer["ok"] and [person["name"] for person in answer["people"]][:2] == ["ana", "ben"]
    assert page.status_code == 200 and "general" in page.text


def test_its_help_names_the_module_that_was_run(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "slack_on_a_desk", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "slack_on_a_desk", "--help"]
    shown = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("usage: python -m slack_on_a_desk ")
