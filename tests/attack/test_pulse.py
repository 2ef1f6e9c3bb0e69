"""Whoever copies the database, however often, learns who answered a pulse, but never what."""

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from string import ascii_lowercase

from sqlalchemy import text

from bot.sandbox import PATIENT, Sandbox
from bot.sandbox.workspace import Person, empty_workspace
from storage.database import Database
from tests.attack import attacker
from tests.attack.attacker import COMMENT, SUCCESS, Closed, Guesses
from tests.attack.copies import Copy, copier
from tests.town import START, Town, open_town

ELM = ("ana", "ben", "cleo", "dov", "eva", "finn")
BIRCH = ("gus", "hana", "ida", "joe", "kim", "lou")
PAUSE = 5
"""After this many answers in a round, the clock moves on."""


def workspace():
    small = empty_workspace()
    more = tuple(Person(name, name.title(), f"{name}@example.org") for name in BIRCH if name > "hana")
    names = tuple(person.name for person in (*small.people, *more))
    channels = tuple(replace(channel, members=names) for channel in small.channels)
    everybody = tuple(replace(person, tz="America/Denver") for person in (*small.people, *more))
    return replace(small, people=everybody, channels=channels)


def founded(town: Town) -> None:
    town.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
    for agency, people in (("Elm Schools", ELM), ("Birch Schools", BIRCH)):
        town.types("ana", f'/consortium agency add "{agency}"')
        for user in people:
            said = town.types("ana", f'/consortium member @{user} "{agency}" member')
            assert "now" in said, said


@dataclass
class Story:
    """What happened, and what a thief has of it."""

    rounds: list[Closed] = field(default_factory=list)
    truth: Guesses = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)
    """Comments that were replaced before a round closed."""
    sealed: set[bytes] = field(default_factory=set)
    """All envelopes and wrapped keys that ever existed."""
    remnants: list[str] = field(default_factory=list)
    """Where any of them was found after closing."""


def answer(town: Town, user: str, scores: dict[str, int], comment: str) -> None:
    message = next(m for m in reversed(town.direct(user)) if "pulse.answer" in str(m.get("blocks")))
    pressed = town.call("act", user=user, channel=f"@{user}", ts=message["ts"], action_id="pulse.answer")
    assert pressed["ok"] and not pressed.get("failed"), pressed
    done = town.fills(user, **{key: str(value) for key, value in scores.items()}, comment=comment)
    assert not done["errors"], done
    town.closes_forms(user)


def lived(town: Town, room, heard, draw: random.Random, *, rounds: int = 4, careless: Callable | None = None) -> Story:
    """Play rounds with random answers, and steal a copy after each answer."""
    copies = copier(town.bot.db, room)
    story = Story()
    founded(town)

    def steal() -> Copy:
        taken = copies.take()
        return replace(taken, files={**taken.files, "log": heard.getvalue().encode()})

    for number in range(rounds):
        assert "A round is open" in town.types("ana", "/pulse now")
        town.settle()
        keys = questions(town)
        skips, turns = order(draw)
        seen, before = [], steal()
        for place, user in enumerate(turns):
            if user == skips:
                town.types(user, "/pulse skip")
            else:
                scores = {key: draw.randint(1, 5) for key in keys}
                comment = "".join(draw.choices(ascii_lowercase, k=draw.randint(12, 90)))
                story.replaced += [story.truth[at] for at in [(number, user, COMMENT)] if at in story.truth]
                answer(town, user, scores, comment)
                story.truth |= {(number, user, key): value for key, value in {**scores, COMMENT: comment}.items()}
                if careless:
                    careless(town.bot.db, user, scores, comment)
                after = steal()
                story.sealed |= sealed(after)
                assert who(before, after) == user, "who answered is known"
                seen.append(attacker.look(user, before, after))
            if place == PAUSE:
                town.waits("PT37M")
            before = steal() if user == skips or place == PAUSE else after
        town.waits("P6D")
        after = steal()
        story.rounds.append(closed(after, number, seen))
        story.remnants += remnants(after, story.sealed)
        town.waits("P1D")
    return story


def order(draw: random.Random) -> tuple[str, list[str]]:
    """Draw the order in which people answer, three of them twice, and who skips the round."""
    people = draw.sample([*ELM, *BIRCH], len(ELM) + len(BIRCH))
    skips, *turns = people
    for user in draw.sample(turns, 3):
        turns.insert(draw.randint(turns.index(user) + 1, len(turns)), user)
    turns.insert(draw.randrange(len(turns)), skips)
    return skips, turns


def questions(town: Town) -> list[str]:
    with town.bot.db.read() as session:
        found = session.execute(text("SELECT questions FROM pulse_round WHERE state = 'open'")).scalar_one()
    return json.loads(found) if isinstance(found, str) else found


def sealed(copy: Copy) -> set[bytes]:
    """List all envelopes and wrapped keys in a copy."""
    envelopes = {dict(row)["sealed"] for row in copy.rows["envelope"]}
    return envelopes | {dict(row)["wrapped"] for row in copy.rows["seal"]} - {None}


def remnants(copy: Copy, sealed: set[bytes]) -> list[str]:
    """List the places where anything of what was sealed is left, except PostgreSQL's log, which the server reuses."""
    places = {name: content for name, content in copy.files.items() if name != "wal"}
    places |= {f"rows of {table}": repr(rows).encode("latin-1", "replace") for table, rows in copy.rows.items()}
    pieces = [piece for whole in sealed for piece in (whole[:24], whole[-24:], repr(whole[40:64])[2:-1].encode())]
    return [name for name, content in places.items() if any(piece in content for piece in pieces)]


def who(before: Copy, after: Copy) -> str:
    """Return who has answered between two copies."""
    known = set(map(repr, before.rows["envelope"]))
    (new,) = [dict(row) for row in after.rows["envelope"] if repr(row) not in known]
    return next(m["name"] for m in map(dict, after.rows["member"]) if m["id"] == new["member_id"]).split()[0].lower()


def closed(copy: Copy, number: int, seen: list) -> Closed:
    """Read a closed round from a copy."""
    row = next(row for row in map(dict, copy.rows["pulse_round"]) if row["number"] == number + 1)
    result = json.loads(row["result"]) if isinstance(row["result"], str) else row["result"]
    answered = {one.person for one in seen}
    agencies = {row["id"]: ELM if "Elm" in row["name"] else BIRCH for row in map(dict, copy.rows["agency"])}
    groups = [[user for user in agencies[g["agencies"][0]] if user in answered] for g in result["groups"]]
    assert [len(people) for people in groups] == [g["answered"] for g in result["groups"]]
    return Closed(groups, [g["counts"] for g in result["groups"]], result["comments"], seen)


def tried(rounds: list[Closed], truth: Guesses, taught: int) -> dict[str, float]:
    """Attack. Return how likely it is that chance does as well, by procedure, the best first.

    Of some of the first rounds the thief knows everyone's answers, to learn from.
    """
    known = {at: value for at, value in truth.items() if at[0] < taught and at[2] != COMMENT}
    found, done = {}, {}
    for name, guessed in attacker.attacks(rounds, known).items():
        same = tuple(guessed.get(at) for at in truth)
        if same not in done:
            done[same] = attacker.chance(rounds, truth, guessed)
        found[name] = done[same]
    return dict(sorted(found.items(), key=lambda one: one[1]))


def test_a_thief_with_a_copy_after_every_answer_guesses_no_better_than_chance(database_url, tmp_path, heard):
    draw = random.Random(20261130)
    with open_town(database_url, sandbox=Sandbox(workspace(), starts_at=START, wire_time=PATIENT)) as town:
        story = lived(town, tmp_path / "copies", heard, draw, rounds=4 if town.bot.db.is_sqlite else 3)
    found = tried(story.rounds, story.truth, taught=1)
    assert len(found) > 150, "there was something to try"
    assert {name: bound for name, bound in found.items() if bound < SUCCESS} == {}
    written = [content for closed in story.rounds for one in closed.answers for content in one.written.values()]
    said = [spelling for comment in story.replaced for spelling in attacker.spellings(comment)]
    assert len(said) >= 9 * 7
    assert not [said for content in written for each in said if each in content], "what was replaced is found nowhere"
    assert len(story.sealed) > 40
    assert story.remnants == []


# the same thief against a careless bot --------------------------------------------------------------------


class Careless:
    """Stores beside the envelopes what a well-meaning bot might store."""

    def __init__(self, db: Database, draw: random.Random) -> None:
        self._codes = draw.sample(range(10**6), 5)
        with db.begin() as session:
            for table in ("diary (said)", "tally (question, point, n)", "parcel (sealed)", "stamp (code)"):
                session.execute(text(f"CREATE TABLE {table}"))

    def keep(self, db: Database, user: str, scores: dict[str, int], comment: str) -> None:
        """Store what a person answered, without the person."""
        said = json.dumps({**scores, COMMENT: comment})
        first = next(iter(scores.values()))
        with db.begin() as session:
            session.execute(text("INSERT INTO diary VALUES (:said)"), {"said": said})
            session.execute(text("INSERT INTO parcel VALUES (:sealed)"), {"sealed": os.urandom(28 + len(said))})
            session.execute(text("INSERT INTO stamp VALUES (:code)"), {"code": self._codes[first - 1]})
            for question, point in scores.items():
                row = {"question": question, "point": point}
                n = session.execute(
                    text("DELETE FROM tally WHERE question = :question AND point = :point RETURNING n"), row
                )
                row |= {"n": (n.scalar() or 0) + 1}
                session.execute(text("INSERT INTO tally VALUES (:question, :point, :n)"), row)


LEAKS = {
    "diary": ("plain answers without names, in the order in which they came", "reading rows"),
    "tally": ("counts that grow with every answer", "reading rows"),
    "parcel": ("envelopes as long as what is in them", "dealing by parcel"),
    "stamp": ("the same code for the same answer", "comparing stamp"),
    "order": ("comments in the order in which they came", "listing by turn"),
}


def only(story: Story, leak: str) -> list[Closed]:
    """Leave of what the thief saw only one leak."""
    return [
        replace(one, comments=_comments(one, story, number, leak), answers=[_only(a, leak) for a in one.answers])
        for number, one in enumerate(story.rounds)
    ]


def _only(one: attacker.Answering, leak: str) -> attacker.Answering:
    numbers = {place: number for place, number in one.numbers.items() if place.startswith(leak)}
    said = [line for line in one.said.splitlines() if line.startswith(f"{leak}: ")]
    return attacker.Answering(one.person, numbers, "\n".join(said), {})


def _comments(one: Closed, story: Story, number: int, leak: str) -> list[str]:
    if leak != "order":
        return list(one.comments)
    return [story.truth[number, person, COMMENT] for person in one.last]


def test_the_same_thief_learns_what_a_careless_bot_reveals(tmp_path, empty_sqlite, heard):
    draw = random.Random(20261201)
    shutil.copy(empty_sqlite, tmp_path / "bot.db")
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    with open_town(url, sandbox=Sandbox(workspace(), starts_at=START, wire_time=PATIENT)) as town:
        story = lived(town, tmp_path / "copies", heard, draw, careless=Careless(town.bot.db, draw).keep)
    guesses = attacker.attacks(story.rounds, {})["reading bytes"]
    assert attacker.chance(story.rounds, story.truth, guesses) < SUCCESS, "plain comments are found in the file"
    for leak, (what, how) in LEAKS.items():
        found = tried(only(story, leak), story.truth, taught=1)
        best = next(iter(found))
        assert found[best] < SUCCESS, what
        assert found[best] == min(bound for name, bound in found.items() if name.startswith(how)), what
    assert min(tried(only(story, "nothing"), story.truth, taught=1).values()) > SUCCESS, "without a leak, nothing"
