"""Steps that journeys of several features share."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

from sqlalchemy import func, select

from handlers.kit.refusals import Malformed, Refusal
from handlers.kit.slack_request import SlackRequest
from tests.town import text_of

COUNCIL = '/meeting new "Council" 2026-12-10 14:00 for:90m'


def flat(text):
    """Write Slack's dates out as a reader in Denver sees them."""
    return re.sub(r"<!date\^\d+\^[^|]*\|([^>]*) M[SD]T>", r"\1", text)


def plans(town, command=COUNCIL, user="ana", channel="council"):
    """Plan a meeting; a series is confirmed with a button. Return the first answer."""
    answer = flat(town.types(user, command, channel))
    if "Plan them" in answer:
        town.presses(user, "Plan them", town.private_answer(user, channel), channel)
    town.settle()
    return answer


def makes_board(town, *people, bot=True):
    """Create the private channel #board."""
    answer = town.call("channels", name="board", private=True, members=people, bot=bot)
    assert answer["ok"], answer


def writes_by_command(town, user, notes):
    """Write minutes from the form that `/meeting minutes` opens."""
    town.types(user, "/meeting minutes")
    assert town.fills(user, notes=notes)["closed"]


def told(town, user, part=""):
    """List a person's direct messages from the bot that contain a text."""
    return [flat(text_of(m)) for m in town.direct(user) if part in flat(text_of(m))]


def last_told(town, user, part):
    return [m for m in town.direct(user) if part in flat(text_of(m))][-1]


def posted(town, part, channel="council"):
    texts = [flat(text_of(m)) for m in town.messages("ana", channel) if not m.get("ephemeral")]
    return [text for text in texts if part in text]


def count(town, table):
    with town.bot.db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def goes_to(town, moment):
    answer = town.call("clock", to=moment)
    assert answer["ok"], answer


def sends(town, user, action, value, channel="council", metadata=None):
    """Send a press as Slack would, whatever is on the screen. Return the private answer.

    With `metadata`, the button is in a form that carries it.
    """
    view = {"view": _form("", metadata, {})} if metadata is not None else {}
    pressed = {"type": "block_actions", "actions": [{"action_id": action, "value": value, "block_id": "b"}], **view}
    answers, _ = _asks(town, user, {**pressed, "response_url": "https://hooks.example"}, channel)
    return flat(text_of(answers[-1]))


def submits(town, user, form, metadata, values, channel="council"):
    """Submit a form as Slack would, whatever is on the screen. Return what the form shows then.

    `values` maps block ids to what an input says.
    """
    body = {"type": "view_submission", "view": _form(form, metadata, values)}
    _, acknowledgement = _asks(town, user, body, channel)
    return flat(str(acknowledgement))


def _form(callback_id, metadata, values):
    state = {block_id: {"value": {"value": value}} for block_id, value in values.items()}
    carried = json.dumps(metadata)
    return {
        "id": f"V{uuid4().hex}",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": carried,
        "state": {"values": state},
    }


class OpensForms:
    """Slack, for a press that it did not send: forms that the bot opens are answers."""

    def __init__(self, client, answers):
        self.client = client
        self.answers = answers

    def views_open(self, *, view, **_):
        self.answers.append(view)
        return {"view": {"id": "V1"}}

    views_push = views_open

    def __getattr__(self, name):
        return getattr(self.client, name)


def _asks(town, user, body, channel):
    people = {p["name"]: p["id"] for p in town.http.get("/sandbox/people").json()["people"]}
    channels = {c["name"]: c["id"] for c in town.http.get("/sandbox/channels").json()["channels"]}
    team = town.sandbox.credentials.team_id
    answers = []
    own = town.bot.surface.deps
    deps = replace(
        own,
        slack=lambda team: OpensForms(own.slack(team), answers),
        response_urls=SimpleNamespace(send=lambda _, *sent: answers.extend(bodies[0] for bodies in sent)),
    )
    whose = {"team": {"id": team}, "user": {"id": people[user], "team_id": team}}
    whole = {"trigger_id": "1.2.3", **body, **whose, "channel": {"id": channels[channel]}}
    surface = town.bot.surface
    request = SlackRequest(deps, whole, surface.commands, surface.registry.windows)
    try:
        surface._answer(surface._submit if body["type"] == "view_submission" else surface._act, request)
    except Refusal as refusal:
        request.refuse(refusal)
    except Malformed:
        # the answer is a status, and nothing that a person could read
        answers.append({"text": ""})
    # the answers leave with it
    request.acknowledge(lambda **_: None)
    return answers, request._acknowledgement
