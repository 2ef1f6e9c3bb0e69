"""What is stored in a folder survives a SIGKILL at any time."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx

from bot.sandbox import Sandbox
from tests.sandbox.block_builders import modal
from tests.sandbox.conftest import LIMIT


@contextmanager
def running(folder):
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--data", str(folder), "--patient"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=url, timeout=LIMIT) as client:
            yield client, process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def api(client, method, **body):
    known = client.get("/sandbox/app").json()
    headers = {"Authorization": f"Bearer {known['bot_token']}"}
    return client.post(f"/api/{method}", json=body, headers=headers).json()


def kept(client):
    """Read everything that is visible."""
    reads = [
        "app",
        "people",
        "channels",
        "views?user=ana",
        "messages?channel=general&user=ana",
        "messages?channel=@ana",
    ]
    found = {read: client.get(f"/sandbox/{read}").json() for read in reads}
    for name in ("api_url", "clock_url"):
        found["app"].pop(name)
    return found


def test_everything_survives_a_kill(tmp_path):
    with running(tmp_path) as (client, process):
        channel = client.get("/sandbox/channels").json()["channels"][1]["id"]
        ana = client.get("/sandbox/people").json()["people"][0]["id"]
        client.post("/sandbox/clock", json={"advance": "P3D"})
        client.post(
            "/sandbox/app",
            json={"request_url": "http://127.0.0.1:1/", "mode": "http", "scopes": ["chat:write"], "verify": False},
        )
        ts = api(client, "chat.postMessage", channel=channel, text="one")["ts"]
        api(client, "chat.update", channel=channel, ts=ts, text="two")
        api(client, "chat.postEphemeral", channel=channel, user=ana, text="psst")
        api(client, "chat.postMessage", channel=ana, text="direct")
        api(client, "views.publish", user_id=ana, view={"type": "home", "blocks": []})
        client.post("/sandbox/people", json={"user": "hana", "deleted": True})
        client.post("/sandbox/channels", json={"name": "new", "members": ["ben"], "private": True})
        before, now = kept(client), client.get("/sandbox/clock").json()["now"]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with running(tmp_path) as (client, _):
        assert kept(client) == before
        ahead = datetime.fromisoformat(client.get("/sandbox/clock").json()["now"])
        assert timedelta(0) < ahead - datetime.fromisoformat(now) < timedelta(minutes=1)
        later = api(client, "chat.postMessage", channel=channel, text="three")["ts"]
        assert later > ts


def test_every_acknowledged_message_survives_a_kill(tmp_path):
    with running(tmp_path) as (client, process):
        sent = []
        for number in range(60):
            body = {"user": "ana", "channel": "general", "text": f"number {number}"}
            sent.append(client.post("/sandbox/say", json=body).json()["ts"])
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with running(tmp_path) as (client, _):
        found = client.get("/sandbox/messages?channel=general&user=ana").json()["messages"]
        assert [message["ts"] for message in found] == sent


def test_open_modals_response_urls_and_retries_are_stored(tmp_path):
    first = Sandbox(data=tmp_path)
    world = first.world
    ana, general = world.directory.person("ana"), world.directory.channel("general")
    world.views.open(ana.id, {**modal(), "external_id": ""})
    reply = world.response_urls.issue(ana.id, general.id)
    world.response_urls.redeem(reply.key)
    world.store.put(
        "retry",
        "Ev1",
        {"body": {"event_id": "Ev1"}, "attempt": 2, "reason": "x", "due": "2099-01-01T00:00:00+00:00"},
    )
    first.close()
    second = Sandbox(data=tmp_path)
    assert len(second.views("ana")) == 1
    assert second.world.response_urls.redeem(reply.key).uses == 2
    assert second.deliveries.next_due == datetime.fromisoformat("2099-01-01T00:00:00+00:00")
    second.close()


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Sandbox().close()
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_reported_in_one_sentence(tmp_path):
    with running(tmp_path) as (client, _):
        port = str(client.base_url.port)
        command = [sys.executable, "-m", "bot.sandbox", "--port", port]
        second = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert second.returncode == 2
    assert second.stderr.startswith(f"port {port} cannot be used")


def test_a_killed_sandbox_keeps_its_tokens(tmp_path):
    secrets = set()
    for _ in range(2):
        with running(tmp_path) as (client, _process):
            secrets.add(client.get("/sandbox/app").json()["signing_secret"])
    assert len(secrets) == 1
