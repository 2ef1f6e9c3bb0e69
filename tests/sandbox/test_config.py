"""A TOML file describes the workspace and the app; an error in it is one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.config.keys import ConfigError
from bot.sandbox.config.toml_file import read_config
from tests.sandbox.conftest import LIMIT, driving

EXAMPLE = Path("bot/sandbox/example.toml")
MANIFEST = {
    "display_information": {"name": "Elm"},
    "features": {"bot_user": {"display_name": "Elm bot"}, "slash_commands": [{"command": "/elm"}]},
    "oauth_config": {"scopes": {"bot": ["commands"]}, "redirect_urls": ["http://127.0.0.1:3000/back"]},
    "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
}


@pytest.fixture
def written(tmp_path):
    def write(text, manifest=MANIFEST):
        (tmp_path / "manifest.json").write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
        (tmp_path / "workspace.toml").write_text(text)
        return tmp_path / "workspace.toml"

    return write


def test_the_example_file_is_read_in_full():
    config = read_config(EXAMPLE)
    with driving(config.workspace, app=config.app, starts_at=config.starts_at) as slack:
        people = {entry["name"]: entry for entry in slack.get("people")["people"]}
        assert people["cleo"]["external"] and people["cleo"]["team_id"] == "T0OAKVALLEY"
        assert people["dov"]["deleted"] and people["ana"]["email"] == "ana@example.org"
        channels = {entry["name"]: entry for entry in slack.get("channels")["channels"]}
        assert channels["council"]["names"] == ["ana", "ben", "cleo"] and channels["council"]["is_member"]
        assert channels["staff"]["is_private"] and not channels["staff"]["is_member"]
        assert slack.get("clock")["now"].startswith("2026-12-01T16:00")
        assert slack.web.auth_test()["user"] == "echo"
        assert slack.web.token == "xoxb-sandbox-elm-and-birch"
        assert slack.get("app")["scopes"] == list(config.app.scopes)


def test_a_manifest_beside_the_file_describes_the_app(written):
    path = written('[app]\nmanifest = "manifest.json"\nrequest_url = "http://127.0.0.1:3000/slack/events"')
    config = read_config(path)
    sandbox = Sandbox(config.workspace, app=config.app)
    assert sandbox.people()[-1]["real_name"] == "Elm bot"
    assert [entry["command"] for entry in sandbox.commands()] == ["/elm"]
    assert sandbox.world.settings.mode == "http" and sandbox.world.scopes() == ["commands"]
    assert len(sandbox.people()) == 9, "what the file does not describe is as without a file"
    assert [entry["name"] for entry in sandbox.channels()] == ["council", "general"]
    sandbox.close()


WRONG = [
    ("[app", "is not TOML"),
    ("[team]", "team is not a table; there are workspace, app, people, channels, clock."),
    ("app = 3", "app is a table: write its keys below a line [app]."),
    ("[app]\nnmae = 'Echo'", "app.nmae is not a key; there are name, manifest,"),
    ("[app]\nname = 3", 'app.name must be a text, for example: name = "Echo"'),
    ("[app]\nmode = 'pigeon'", 'app.mode must be "http" or "socket", for example: mode = "socket"'),
    ("[app]\nmode = 'http'", "app.request_url is missing, for example: request_url ="),
    ("[app]\nrequest_url = 'over there'", "app.request_url must be an address"),
    ("[app]\nrequest_url = 'http://[::1'", "app.request_url must be an address"),
    ("[app]\nscopes = 'commands'", 'app.scopes must be a list of texts, for example: scopes = ["commands",'),
    ("[app]\ntoken_rotation = 1", "app.token_rotation must be true or false"),
    ("[app]\nbot_token = 'secret'", "app.bot_token must be a text that starts with xox"),
    ("[app]\nbot_token = 'xoxb-1'\ninstalled = false", "app.bot_token is for an installed app"),
    ("[app]\nmanifest = 'gone.json'", "gone.json cannot be read"),
    ("[clock]\nstart = 2026-12-01", "clock.start must be a date and time with its zone"),
    ("people = []", "people: add at least one person"),
    ("[people]\nname = 'ana'", "people: write each one as its own table, for example: [[people]]"),
    ("[[people]]\nreal_name = 'Ana'", 'people[1].name is missing, for example: name = "ana"'),
    ("[[people]]\nname = 'ana'\ntz = 'Mars/Base'", 'people[1].tz must be a time zone, for example: tz = "America'),
    ("[[people]]\nname = 'ana'\n[[people]]\nname = 'ana'", "people[2].name: another one is already called 'ana'."),
    ("[[channels]]\nname = 'a'\nmembers = ['zoe']", "channels[1].members: nobody is called 'zoe'; there are ana, ben"),
    (
        "[app]\ninstalled = false\n[[channels]]\nname = 'a'\nbot = true",
        "channels[1].bot: the app cannot be in a channel",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_an_error_names_the_key_and_what_would_work(written, text, sentence):
    with pytest.raises(ConfigError) as caught:
        read_config(written(text))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("manifest", ["{", "[]", '{"features": []}', '{"features": {"slash_commands": [{}]}}'])
def test_an_invalid_manifest_is_refused(written, manifest):
    with pytest.raises(ConfigError, match=r"^app\.manifest: "):
        read_config(written('[app]\nmanifest = "manifest.json"', manifest))


def started(*words):
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_prints_what_to_paste_at_the_start(written):
    path = written('[app]\nmanifest = "manifest.json"\nclient_secret = "two words"')
    process = started("--config", str(path), "--data", str(path.parent / "kept"))
    url = process.stdout.readline().split()[-1]
    lines = [process.stdout.readline().strip() for _ in range(11)]
    process.kill()
    process.communicate()
    assert f"export SLACK_API_URL={url}/api/" in lines
    assert f"export SLACK_AUTHORIZE_URL={url}/oauth/v2/authorize" in lines
    assert "export SLACK_CLIENT_SECRET='two words'" in lines
    assert sum(line.startswith("export SLACK_BOT_TOKEN=xoxb-") for line in lines) == 1


def test_a_wrong_file_ends_it_with_one_sentence(written):
    process = started("--config", str(written("[app]\nname = 3")))
    output, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == 2
    assert (output, errors) == ("", 'app.name must be a text, for example: name = "Echo"\n')


def test_a_file_can_give_another_token_later(written):
    folder = written("").parent / "kept"
    for token in ("xoxb-one", "xoxb-two"):
        config = read_config(written(f'[app]\nbot_token = "{token}"'))
        sandbox = Sandbox(config.workspace, app=config.app, data=folder)
        assert sandbox.credentials.bot_token == token and sandbox.world.tokens.is_bot(token)
        sandbox.close()
    assert not sandbox.world.tokens.is_bot("xoxb-one")
