"""What people do, each as long as it takes: pressing, typing, filling in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.year import plan
from tests.year.cast import HOME, Human, Scale, wall
from tests.year.council import month_of
from tests.year.facts import Facts, Motion
from tests.year.plan import Deed
from tests.year.stage import Stage
from tests.year.witness import Post, Witness

NOON = time(12)
ABOUT = re.compile(r"the message of proposal (\d+)")
IN_CHANNEL = {
    "the result of the pulse": "result",
    "the call for": "call",
    "the agenda of": "agenda",
    "the minutes of": "recorded",
}
OPEN_FOR = timedelta(days=7)


class Doing:
    """Does deeds; each tells whether the bot took it."""

    def __init__(self, scale: Scale, cast: list[Human], stage: Stage, witness: Witness) -> None:
        self.scale, self.stage, self.witness = scale, stage, witness
        self.facts = Facts({human.name: human for human in cast})
        self.asked: dict[tuple[int, str], Post] = {}
        """The last message about a round that reached somebody."""
        self.mean: Callable[[Deed], None] = lambda _deed: None
        self._deeds: dict[str, Callable[[Deed], bool]] = {
            "come": self._come,
            "go": self._go,
            "away": self._away,
            "pause": self._pauses,
            "close": self._close,
            "propose": self._propose,
            "vote": self._vote,
            "answer": self._answer,
            "skip": self._skip,
            "settle": self._settle,
            "item": self._item,
            "write": self._write,
        }

    def do(self, deed: Deed) -> bool:
        """Do it; tell whether it was taken."""
        return self._deeds[deed.what](deed)

    def know(self) -> None:
        """Learn who is there."""
        self.facts.ids = {person["id"]: person["name"] for person in self.stage.sandbox.people()}

    def _come(self, deed: Deed) -> bool:
        human = self.facts.cast[deed.who]
        if human.name not in self.facts.ids.values():
            self.stage.change(name=human.name, real_name=f"Person {human.name}", tz=human.zone, channels=["council"])
            self.know()
        taken, said = self.stage.type("ana", f'/consortium member @{human.name} "{human.agency}"')
        if taken and " is now " in said:
            self.facts.joined[human.name] = self.stage.now()
        return human.name in self.facts.joined

    def _go(self, deed: Deed) -> bool:
        self.stage.change(user=deed.who, deleted=True)
        self.facts.left[deed.who] = self.stage.now()
        return True

    def _away(self, deed: Deed) -> bool:
        until = deed.more["until"]
        taken, said = self.stage.type(deed.who, f"/consortium away until {until} 12:00")
        if taken and "away until" in said:
            ends = wall(until, NOON, self.facts.cast[deed.who].zone)
            self.facts.away.setdefault(deed.who, []).append((self.stage.now(), ends))
        return taken and "away until" in said

    def _pauses(self, deed: Deed) -> bool:
        taken, said = self.stage.type(deed.who, "/pulse pause 2w")
        if taken and "asked nothing" in said:
            now, zone = self.stage.now(), self.facts.cast[deed.who].at_home
            until = (now.astimezone(zone).replace(tzinfo=None) + timedelta(weeks=2)).replace(tzinfo=zone)
            self.facts.paused.setdefault(deed.who, []).append((now, until))
        return taken and "asked nothing" in said

    def _close(self, deed: Deed) -> bool:
        agency, first, last = deed.more["agency"], deed.more["first"], deed.more["last"]
        taken, said = self.stage.type("ana", f'/consortium agency holidays "{agency}" {first}..{last}')
        if taken and "is closed" in said:
            self.facts.closed.setdefault(agency, []).append((self.stage.now(), first, last))
        return taken and "is closed" in said

    def _propose(self, deed: Deed) -> bool:
        matter = deed.more["matter"]
        said = self._posted(matter)
        if not said:
            _taken, said = self.stage.type(deed.who, f'/propose now "Matter {matter}"')
        if said.startswith("#"):
            now, home = self.stage.now(), ZoneInfo(HOME)
            closes = (now.astimezone(home).replace(tzinfo=None) + OPEN_FOR).replace(tzinfo=home)
            self.facts.motions[matter] = Motion(int(said[1:].split(" ")[0]), now, closes)
            for vote in plan.votes(self.scale, matter, now, list(self.facts.cast.values())):
                self.mean(vote)
        return matter in self.facts.motions

    def _posted(self, matter: int) -> str:
        """Look whether a proposal is there though the bot was killed before it could say so."""
        self.stage.turn(self.stage.now())
        return next((p.text for p in reversed(self.witness.posts) if ("proposal", matter) in p.matters), "")

    def _vote(self, deed: Deed) -> bool:
        motion, agency = self.facts.motions[deed.more["matter"]], self.facts.cast[deed.who].agency
        taken, said = self.stage.type(deed.who, f"/vote {motion.number} {deed.more['stance']}")
        if taken and "Noted on" in said:
            motion.heard.setdefault(agency, self.stage.now())
        elif taken and f"Proposal {motion.number} closed" not in said:
            self.facts.odd.append(f"{deed.who}: {said}")
            return False
        return taken

    def _answer(self, deed: Deed) -> bool:
        """Answer the questions, as far as one still can."""
        key = deed.more["number"], deed.who
        if not self._may(key):
            return True
        post = self.asked[key]
        self.stage.close(deed.who)
        if not self.stage.press(deed.who, "pulse.answer", post.channel, post.ts):
            return False
        view = self.stage.view(deed.who)
        if view is None:
            return not self._may(key)
        inputs = [b["block_id"] for b in view["blocks"] if b["type"] == "input" and b["block_id"] != "comment"]
        dice = self.scale.random("says", *key)
        values = {block: str(dice.choice((3, 4, 4, 5))) for block in inputs}
        if self.stage.submit(deed.who, view["id"], values):
            self.facts.answered.setdefault(key, self.stage.now())
            self.stage.close(deed.who)
        return key in self.facts.answered

    def _skip(self, deed: Deed) -> bool:
        key = deed.more["number"], deed.who
        if not self._may(key):
            return True
        post = self.asked[key]
        if self.stage.press(deed.who, "pulse.skip", post.channel, post.ts):
            self.facts.skipped.setdefault(key, self.stage.now())
        return key in self.facts.skipped

    def _may(self, key: tuple[int, str]) -> bool:
        """Tell whether somebody is there and their round is open: until Friday, 3:00 UTC, at most an hour earlier."""
        asked = self.asked[key].at
        friday = asked.date() + timedelta(days=4 - asked.weekday())
        return key[1] not in self.facts.left and self.stage.now() < datetime.combine(friday, time(2), UTC)

    def _settle(self, deed: Deed) -> bool:
        """Look whether a post that may be lost is there; have it posted again where it is not."""
        post: Post = deed.more["post"]
        sought = self._sought(post)
        since = post.at - timedelta(hours=1)
        there = sought is None or any(sought in p.matters for p in self.witness.posts if p.at > since)
        asked = self.stage.now()
        done = self.stage.press(deed.who, "delivery.settle" if there else "delivery.again", post.channel, post.ts)
        if done and not there:
            self.facts.reposted.append(asked)
        self.facts.settled += done
        return done

    def _sought(self, post: Post) -> tuple[str, int] | None:
        """Say what to look for; None for what is not worth the trouble."""
        motion = ABOUT.search(post.text)
        if motion:
            return next(
                (("proposal", m) for m, known in self.facts.motions.items() if known.number == int(motion[1])), None
            )
        kind = next((kind for about, kind in IN_CHANNEL.items() if post.text.startswith(about)), None)
        return (kind, 0 if kind == "result" else month_of(post.at)) if kind else None

    def _item(self, deed: Deed) -> bool:
        """Put something on the agenda of the next meeting."""
        return self.stage.type(deed.who, f'/meeting add "{deed.more["title"]}" minutes:15')[0]

    def _write(self, deed: Deed) -> bool:
        """Write the minutes, unless they are there."""
        month, post = deed.more["month"], deed.more["post"]
        if month in self.facts.minutes:
            return True
        self.stage.close(deed.who)
        view = self.stage.view(deed.who) if self.stage.press(deed.who, "minutes.write", post.channel, post.ts) else None
        if view is not None and self.stage.submit(deed.who, view["id"], {"notes": "We met, and spoke of it."}):
            self.facts.minutes[month] = self.stage.now()
        return month in self.facts.minutes
