"""The sandbox serves any app: one story with an echo app, in Python and in JavaScript, connected in three ways."""

import html
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.sandbox import App, Workspace, empty_workspace
from bot.sandbox.__main__ import environment
from tests.sandbox.conftest import LIMIT, driving

HERE = Path(__file__).parent
README = Path("bot/sandbox/README.md")
NODE_PATH = str(HERE / "node_modules")
COMMANDS = {"python": [sys.executable, str(HERE / "app.py")], "javascript": ["node", str(HERE / "app.js")]}


def need(language):
    """Skip what cannot run here, and say how to get it; in CI, fail instead."""
    if language == "python" or (shutil.which("node") and (HERE / "node_modules/@slack/bolt").is_dir()):
        return
    sentence = "Bolt for JavaScript is not here: get Node 20 or later, then run `make node`"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def described(mode, port):
    """Describe the app with its manifest and settings."""
    manifest = json.loads((HERE / "manifest.json").read_text().replace(":3000/", f":{port}/"))
    url = None if mode == "socket" else f"http://127.0.0.1:{port}/slack/events"
    return App(
        manifest=manifest,
        request_url=url,
        mode="http" if url else "socket",
        installed=mode != "oauth",
        rotation=mode == "oauth",
    )


def named(workspace):
    return Workspace(workspace.name, workspace.domain, workspace.people, workspace.channels, "echo", "Echo")


@contextmanager
def running(language, mode, folder, command=None):
    """Run an app in its own process, with the environment that the sandbox prints."""
    need(language)
    port = free_port()
    with driving(named(empty_workspace()), app=described(mode, port)) as slack:
        mine = {
            name: value for name, value in os.environ.items() if "SLACK" not in name and "proxy" not in name.lower()
        }
        if mode != "oauth":
            slack.sandbox.manifest = without_redirects(slack.sandbox.manifest)
        more = {**environment(slack.sandbox), "PORT": str(port), "ECHO_FOLDER": str(folder), "NODE_PATH": NODE_PATH}
        with (folder / "log").open("w+") as log:
            process = subprocess.Popen(
                command or [*COMMANDS[language], mode], env=mine | more, stdout=log, stderr=subprocess.STDOUT
            )
            try:
                wait_for(lambda: reachable(slack, mode, port), process, folder / "log")
                yield slack, f"http://127.0.0.1:{port}"
            finally:
                process.kill()
                process.wait()


def without_redirects(manifest):
    return {**manifest, "oauth_config": {"scopes": manifest["oauth_config"]["scopes"]}}


def reachable(slack, mode, port):
    if mode == "socket":
        return slack.sandbox.deliveries.sockets.connections > 0
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(found, process, log):
    end = time.monotonic() + LIMIT
    while not found():
        assert process.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.02)


def said(slack, channel, text, user="ana"):
    """Wait until somebody can read a text; the app may post it after its acknowledgment."""
    end = time.monotonic() + LIMIT
    while not any(text in one for one in slack.texts(channel, user)) and time.monotonic() < end:
        time.sleep(0.02)
    assert any(text in one for one in slack.texts(channel, user)), slack.get("traffic")
    return next(one for one in slack.messages(channel, user) if text in one["text"])


def view_of(slack, user):
    end = time.monotonic() + LIMIT
    while not slack.get("views", user=user)["views"] and time.monotonic() < end:
        time.sleep(0.02)
    return slack.get("views", user=user)["views"][-1]["id"]


def farewells(slack):
    """Wait until the app has received the events about its removal, and return its responses."""
    end, heard = time.monotonic() + LIMIT, {}
    while len(heard) < 2 and time.monotonic() < end:
        sent = (one for one in slack.get("traffic")["traffic"] if one["method"] == "events_api")
        kinds = {one["body"]["event"]["type"]: one["status"] for one in sent}
        heard = {kind: kinds[kind] for kind in ("app_uninstalled", "tokens_revoked") if kind in kinds}
        time.sleep(0.02)
    return heard


def story(slack):
    """Run a command, press a button, submit a form with options and an error, and mention the app."""
    answer = slack.post("command", user="ana", channel="general", text="/echo hello there")
    assert (answer["failed"], answer["response"]["text"]) == (None, "you said hello there")
    button = said(slack, "general", "A button")
    pressed = slack.post("act", user="ben", channel="general", ts=button["ts"], action_id="press")
    assert pressed["failed"] is None
    said(slack, "general", "pressed 7", user="ben")
    assert slack.post("shortcut", user="ben", callback_id="note")["failed"] is None
    form = {"user": "ben", "view_id": view_of(slack, "ben")}
    offered = slack.post("options", **form, action_id="trees", value="o")["options"]
    assert [one["value"] for one in offered] == ["Oak", "Olive"]
    refused = slack.post("submit", **form, values={"Note": "no", "Tree": "Oak"})
    assert refused["errors"] == {"note": "a little longer"}
    assert slack.post("submit", **form, values={"Note": "a note", "Tree": "Oak"})["closed"]
    said(slack, "@ben", "a note, Oak", user="ben")
    slack.post("say", user="cleo", channel="general", text="@echo are you there")
    said(slack, "general", f"<@{slack.user('cleo')}> called")


def install(url):
    """Go from the app's install page to the consent page, allow, and return, as a browser would."""
    with httpx.Client(timeout=LIMIT) as browser:
        page = browser.get(f"{url}/slack/install")
        link = html.unescape(re.search(r'href="([^"]*/oauth/v2/authorize[^"]*)"', page.text)[1])
        consent = browser.get(link)
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', consent.text)
        form = {name: html.unescape(value) for name, value in fields} | {"decision": "allow", "as": "ana"}
        back = browser.post(str(consent.url.copy_with(query=None)), data=form).headers["location"]
        cookie = page.headers["set-cookie"].partition(";")[0]
        done = browser.get(back, headers={"Cookie": cookie})
    assert done.status_code == 200, done.text


@pytest.mark.parametrize("language", COMMANDS)
@pytest.mark.parametrize("mode", ["http", "socket"])
def test_an_app_written_for_slack_works_with_the_sandbox(language, mode, tmp_path):
    with running(language, mode, tmp_path) as (slack, _):
        story(slack)


@pytest.mark.parametrize(
    ("language", "mark", "program"), [("python", "python", sys.executable), ("javascript", "js", "node")]
)
def test_the_readmes_examples_work(language, mark, program, tmp_path):
    shown = tmp_path / f"shown.{mark}"
    shown.write_text(re.search(rf"```{mark}\n(.*?)```", README.read_text(), re.DOTALL)[1])
    with running(language, "socket", tmp_path, [program, str(shown)]) as (slack, _):
        answer = slack.post("command", user="ana", channel="general", text="/echo hello there")
        assert (answer["failed"], answer["response"]["text"]) == (None, "you said hello there")


@pytest.mark.parametrize("language", COMMANDS)
def test_bolts_own_oauth_installs_the_app_and_reinstalls_it(language, tmp_path):
    with running(language, "oauth", tmp_path) as (slack, url):
        assert slack.post("command", user="ana", channel="general", text="/echo hi")["failed"]
        install(url)
        slack.post("channels", channel="general", join=["echo"])
        story(slack)
        assert slack.post("uninstall", user="ana")["ok"]
        assert farewells(slack) == {"app_uninstalled": 200, "tokens_revoked": 200}
        assert slack.post("command", user="ana", channel="general", text="/echo hi")["failed"]
        install(url)
        slack.post("channels", channel="general", join=["echo"])
        assert slack.post("command", user="ana", channel="general", text="/echo hi")["failed"] is None
