"""Settings are read once and checked at the start; what is wrong is one clear sentence and exit code 2."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build
from bot.config import Settings, seal_keys
from bot.sandbox import PATIENT, Sandbox, serve

ROOT = Path(__file__).parents[2]
MORE = pytest.mark.more


def command(*words, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (["run"], {}, ["SLACK_BOT_TOKEN is missing", "SLACK_APP_TOKEN is missing"]),
        pytest.param(["run"], {"PORT": "many"}, ["PORT cannot be read"], marks=MORE),
        pytest.param(
            ["run"], {"PUBLIC_URL": "http://bot.example"}, ["PUBLIC_URL looks like https://bot.example"], marks=MORE
        ),
        (
            ["web"],
            {"SLACK_BOT_TOKEN": "xoxb-1"},
            ["SLACK_SIGNING_SECRET", "A SQLite file is for one process", "SEAL_KEYS"],
        ),
        pytest.param(
            ["worker"],
            {"SLACK_BOT_TOKEN": "xoxb-1", "DATABASE_URL": "nonsense"},
            ["DATABASE_URL cannot be read"],
            marks=MORE,
        ),
        pytest.param(
            ["run"],
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SEAL_KEYS": "short"},
            ["SEAL_KEYS holds something that is no key"],
            marks=MORE,
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_go_without_a_traceback(words, environment, said):
    ended = command(*words, **environment)
    assert ended.returncode == 2
    assert all(part in ended.stderr for part in said), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "xoxb-1" not in ended.stderr


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_token_that_slack_does_not_take_is_named_at_the_start_and_by_the_doctor(name, tmp_path):
    sandbox = Sandbox(wire_time=PATIENT)
    with serve(sandbox) as slack:
        environment = {
            "SLACK_BOT_TOKEN": sandbox.credentials.bot_token,
            "SLACK_APP_TOKEN": sandbox.credentials.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
        }
        environment[name] = environment[name][:5] + "somebody-else"
        ended = command("run", **environment)
        looked = command("doctor", **environment)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith(f"Slack does not take {name} (invalid_auth). Copy it again from ")
    assert "Traceback" not in ended.stderr
    assert "somebody-else" not in ended.stderr
    assert f"does not take {name} (invalid_auth). Copy it again" in looked.stdout


def test_release_makes_the_tables_and_the_doctor_says_what_is_missing(tmp_path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    assert "newest shape now" in command("release", DATABASE_URL=url).stdout
    assert "up to date" in command("release", DATABASE_URL=url).stdout
    looked = command("doctor", DATABASE_URL=url)
    assert looked.returncode == 1
    assert "ok    Database (SQLite file)" in looked.stdout
    assert "LOOK  Slack: SLACK_BOT_TOKEN is missing." in looked.stdout


def test_bolt_decides_nothing_from_the_environment(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    bot = build(Settings(database_url=f"sqlite:///{tmp_path / 'bot.db'}"))
    assert bot.surface.app.oauth_flow is None
    assert os.environ["SLACK_BOT_TOKEN"] == "xoxb-1"
    assert not caplog.records
    bot.courier.stop()
    bot.close()


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'bot.db'}", seal_keys=SecretStr(""))
    first, made = seal_keys(settings)
    assert made is not None
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert seal_keys(settings) == (first, None)
