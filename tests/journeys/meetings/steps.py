"""What tests of meetings and of minutes have in common."""

import re
from dataclasses import replace
from types import SimpleNamespace

from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from tests.town import text_of

COUNCIL = '/meeting new "Council" 2026-12-10 14:00 for:90m'


def flat(text):
    """Write Slack's dates out as a reader in Denver sees them."""
    return re.sub(r"<!date\^\d+\^[^|]*\|([^>]*) \(America/Denver\)>", r"\1", text)


def plans(town, command=COUNCIL, user="ana"):
    """Plan a meeting at once; a series is confirmed."""
    said = flat(town.types(user, command))
    if "Plan them" in said:
        whisper = [m for m in town.messages(user) if m.get("ephemeral")][-1]
        town.presses(user, "Plan them", whisper)
    town.settle()
    return said


def told(town, user, part=""):
    """List a person's direct messages from the bot that have these words."""
    return [flat(text_of(m)) for m in town.direct(user) if part in flat(text_of(m))]


def last_told(town, user, part):
    return [m for m in town.direct(user) if part in flat(text_of(m))][-1]


def posted(town, part, channel="council"):
    found = [m for m in town.messages("ana", channel) if not m.get("ephemeral") and part in flat(text_of(m))]
    return [flat(text_of(m)) for m in found]


def goes_to(town, moment):
    answer = town.call("clock", to=moment)
    assert answer["ok"], answer


def whisper(town, user, channel="council"):
    town.settle()
    return [m for m in town.messages(user, channel) if m.get("ephemeral")][-1]


def sends(town, user, action, value, channel="council"):
    """Send a press as Slack would, whatever is on the screen; give the private answer."""
    people = {p["name"]: p["id"] for p in town.http.get("/sandbox/people").json()["people"]}
    channels = {c["name"]: c["id"] for c in town.http.get("/sandbox/channels").json()["channels"]}
    team = town.sandbox.credentials.team_id
    said = []
    deps = replace(town.bot.surface.deps, response_urls=SimpleNamespace(send=lambda _, body: said.append(body)))
    body = {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": people[user], "team_id": team},
        "channel": {"id": channels[channel]},
        "actions": [{"action_id": action, "value": value, "block_id": "b"}],
        "response_url": "https://hooks.example",
    }
    ask = SlackRequest(deps, body)
    try:
        town.bot.surface._answer(town.bot.surface._act, ask)
    except Refusal as refusal:
        ask.refuse(refusal)
    return flat(text_of(said[-1]))
