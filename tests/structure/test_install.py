"""A production install takes what the bot runs with, and no tools for development."""

import subprocess

import pytest

from tests.bot_process import ROOT


@pytest.mark.parametrize(
    ("target", "file", "tools"), [("install", "-r requirements.txt", ""), ("setup", "-r requirements-dev.txt", "uv")]
)
def test_each_target_installs_its_own_requirements(target, file, tools, tmp_path):
    words = ["make", "-n", target, f"VENV={tmp_path / 'venv'}"]
    recipe = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"--require-hashes {file}\n" in recipe
    assert ("install uv" in recipe) is bool(tools)
    assert "UV_SYSTEM_CERTS" in recipe
    assert "UV_CACHE_DIR" in recipe
