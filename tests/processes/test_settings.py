"""Settings are checked at startup; every problem is one clear sentence, and the exit code is 2."""

import os
import stat

import pytest
from pydantic import SecretStr

from bot import sealed_keys
from bot.app import build
from bot.config import Settings
from bot.sandbox import PATIENT, Sandbox, serve
from tests.bot_process import finished

MORE = pytest.mark.more


def command(*words, **settings):
    return finished("-m", "bot", *words, settings=settings)


@pytest.mark.parametrize(
    ("words", "settings", "problems"),
    [
        (["run"], {}, ["SLACK_BOT_TOKEN is missing", "SLACK_APP_TOKEN is missing"]),
        pytest.param(["run"], {"PORT": "many"}, ["PORT must be a number"], marks=MORE),
        pytest.param(
            ["run"], {"PUBLIC_URL": "http://bot.example"}, ["PUBLIC_URL must look like https://bot.example"], marks=MORE
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
            ["worker"],
            {"SLACK_BOT_TOKEN": "xoxb-1", "DATABASE_URL": "postgresql://u:p@host:abc/x"},
            ["DATABASE_URL cannot be read"],
            marks=MORE,
        ),
        pytest.param(
            ["run"],
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SEAL_KEYS": "short"},
            ["SEAL_KEYS contains something that is not a key"],
            marks=MORE,
        ),
    ],
)
def test_all_problems_are_reported_at_once_without_a_traceback(words, settings, problems):
    ended = command(*words, **settings)
    assert ended.returncode == 2
    assert all(problem in ended.stderr for problem in problems), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "xoxb-1" not in ended.stderr


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_token_that_slack_rejects_is_named_at_startup_and_by_the_doctor(name, tmp_path):
    sandbox = Sandbox(wire_time=PATIENT)
    with serve(sandbox) as slack:
        settings = {
            "SLACK_BOT_TOKEN": sandbox.credentials.bot_token,
            "SLACK_APP_TOKEN": sandbox.credentials.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
        }
        settings[name] = settings[name][:5] + "somebody-else"
        ended = command("run", **settings)
        report = command("doctor", **settings)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith(f"Slack does not accept {name} (invalid_auth). Copy it again from ")
    assert "Traceback" not in ended.stderr
    assert "somebody-else" not in ended.stderr
    assert f"does not accept {name} (invalid_auth). Copy it again" in report.stdout


def test_release_creates_the_tables_and_the_doctor_reports_what_is_missing(tmp_path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    assert "The database is now up to date" in command("release", DATABASE_URL=url).stdout
    assert "already up to date" in command("release", DATABASE_URL=url).stdout
    report = command("doctor", DATABASE_URL=url)
    assert report.returncode == 1
    assert "ok    Database (SQLite file)" in report.stdout
    assert "CHECK Slack: SLACK_BOT_TOKEN is missing." in report.stdout


def test_the_doctor_says_that_a_file_is_damaged_as_the_start_does(tmp_path):
    path = tmp_path / "bot.db"
    path.write_bytes(b"SQLite format 3\0" + b"nothing of the kind" * 300)
    said = f"{path} is no SQLite database, or it is damaged. Restore a backup, or set DATABASE_URL to another file."
    assert f"CHECK Database (SQLite file): {said}" in command("doctor", DATABASE_URL=f"sqlite:///{path}").stdout


def test_bolt_reads_nothing_from_the_environment(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    bot = build(Settings(database_url=f"sqlite:///{tmp_path / 'bot.db'}"))
    assert bot.surface.app.oauth_flow is None
    assert os.environ["SLACK_BOT_TOKEN"] == "xoxb-1"
    assert not caplog.records
    bot.courier.stop()
    bot.close()


def test_the_key_file_is_created_once_and_only_its_owner_can_read_it(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'bot.db'}", seal_keys=SecretStr(""))
    first, path = sealed_keys.load(settings)
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sealed_keys.load(settings) == (first, None)
