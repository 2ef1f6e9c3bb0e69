"""A facilitator who plans, sets people away, and reads everything learns nothing from comparing rounds.

The same story happens in two worlds. In one, Finn gives the lowest answer to a sentence, in the other Cleo does, and
nobody ever changes their mind. The first result is the same in both. Whatever happens then, everything that Ana can
read has to be the same too, or she could tell from it which world is hers.
"""

import re
import shutil

from bot.sandbox import PATIENT, Sandbox
from tests.journeys.exports.test_exports import exports
from tests.journeys.home.test_home import opens
from tests.town import START, open_town, text_of

PEOPLE = ("ana", "ben", "cleo", "eva", "finn", "gus")


def answer(town, user, lowest):
    """Answer the open round from the private answer to `/pulse`, which also works for people who are away."""
    assert "One question about how we work" in town.types(user, "/pulse")
    message = next(m for m in reversed(town.messages(user)) if m.get("ephemeral") and "pulse.answer" in str(m))
    town.presses(user, "Answer", message)
    inputs = [block["block_id"] for block in town.views(user)[-1]["blocks"] if block["type"] == "input"]
    keys = [key for key in inputs if key != "comment"]
    done = town.fills(user, **{key: "1" if (user, key) == (lowest, "trust-1") else "4" for key in keys})
    assert not done["errors"]
    town.closes_forms(user)
    return keys


def plays_a_round(town, lowest, people=PEOPLE):
    """Plan one theme again, ask at once, and let these people answer; return what was asked."""
    town.types("ana", "/pulse schedule")
    town.fills("ana", weekday="2", clock="10:00", themes=["trust"], start=f"{town.now():%Y-%m-%d}")
    assert "A round is open" in town.types("ana", "/pulse now")
    town.types("ana", "/pulse stop")
    asked = [answer(town, user, lowest) for user in people]
    town.waits("P7D")
    return asked[0]


def reads_everything(town):
    """Return everything that Ana can read: messages, answers, details, her home tab, and an export."""
    town.types("ana", "/pulse")
    town.settle()
    pages = [text_of(m) for channel in ("council", "@ana") for m in town.messages("ana", channel)]
    pages += [str(m.get("blocks")) for m in town.messages("ana") if "How we worked" in text_of(m)]
    for message in [m for m in town.messages("ana") if "pulse.details" in str(m)]:
        town.presses("ana", "Details", message)
        pages.append(text_of(town.views("ana")[-1]))
        town.closes_forms("ana")
    pages.append(opens(town, "ana"))
    pages += [str(rows) for name, rows in sorted(exports(town, "ana").items()) if name.startswith("pulse")]
    # ids that Slack gives to blocks are random
    return [re.sub(r"'block_id': '[^']*'", "", page) for page in pages]


def lived(room, founded, lowest):
    """Live through the story in which this person gives the lowest answer; return all that Ana read, round by round."""
    shutil.copytree(founded, room)
    sandbox = Sandbox(data=room / "workspace", wire_time=PATIENT)
    sandbox.world.clock.advance_to(START)
    with open_town(f"sqlite:///{room / 'bot.db'}", sandbox=sandbox) as town:
        assert plays_a_round(town, lowest) == ["trust-1"]
        read = [reads_everything(town)]
        assert "they have been told" in town.types("ana", "/consortium away @finn until 2027-03-01")
        assert plays_a_round(town, lowest) == ["trust-4"], "he is still in it, and it is another sentence"
        town.types("finn", "/pulse pause 12w")
        five = [user for user in PEOPLE if user != "finn"]
        assert plays_a_round(town, lowest, five) == ["trust-5"]
        assert plays_a_round(town, lowest, five) == ["trust-1"]
        read.append(reads_everything(town))
    return read


def test_a_facilitator_who_plans_again_and_sets_people_away_cannot_tell_who_said_what(tmp_path, founded):
    first, again = lived(tmp_path / "one", founded, "finn")
    assert any("Respect and trust *3.5*" in page for page in first), "the first result is a number: 21 of six"
    assert any("Respect and trust *3.0 and above*" in page for page in again), (
        "20, or 17, of five: without Finn it is not"
    )
    assert any("'Range': '3.0 and above'" in page for page in again), "the export says no more"
    assert (first, again) == tuple(lived(tmp_path / "other", founded, "cleo"))
