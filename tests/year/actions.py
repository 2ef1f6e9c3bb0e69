"""What people do: press, type and fill in forms."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.year import plan
from tests.year.cast import HOME, Human, Scale, wall
from tests.year.council import month_of
from tests.year.facts import Facts, ProposalFacts
from tests.year.plan import Action
from tests.year.recorder import Post, Recorder
from tests.year.stage import Stage

NOON = time(12)
ABOUT = re.compile(r"the (message|verdict) of proposal (\d+)")
IN_CHANNEL = {
    "the result of the pulse": "result",
    "the call for": "call",
    "the agenda of": "agenda",
    "the minutes of": "recorded",
}
SKIPPED = "Skipped. If you change your mind"
OPEN_FOR = timedelta(days=7)


class ActionRunner:
    """Performs actions. Each method returns whether the bot accepted the action."""

    def __init__(self, scale: Scale, cast: list[Human], stage: Stage, recorder: Recorder) -> None:
        self.scale, self.stage, self.recorder = scale, stage, recorder
        self.facts = Facts({human.name: human for human in cast})
        self.asked: dict[tuple[int, str], Post] = {}
        """The last message about each round that each person received."""
        self.schedule: Callable[[Action], None] = lambda _deed: None
        self._deeds: dict[str, Callable[[Action], bool]] = {
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

    def do(self, action: Action) -> bool:
        """Perform an action. Return whether the bot accepted it."""
        return self._deeds[action.what](action)

    def know(self) -> None:
        """Read who is in the workspace."""
        self.facts.ids = {person["id"]: person["name"] for person in self.stage.sandbox.people()}

    def _come(self, action: Action) -> bool:
        human = self.facts.cast[action.who]
        if human.name not in self.facts.ids.values():
            self.stage.change(name=human.name, real_name=f"Person {human.name}", tz=human.zone, channels=["council"])
            self.know()
        taken, said = self.stage.type("ana", f'/consortium member @{human.name} "{human.agency}"')
        if taken and " is now " in said:
            self.facts.joined[human.name] = self.stage.now()
        return human.name in self.facts.joined

    def _go(self, action: Action) -> bool:
        self.stage.change(user=action.who, deleted=True)
        self.facts.left[action.who] = self.stage.now()
        return True

    def _away(self, action: Action) -> bool:
        until = action.more["until"]
        taken, said = self.stage.type(action.who, f"/consortium away until {until} 12:00")
        if taken and "away until" in said:
            ends = wall(until, NOON, self.facts.cast[action.who].zone)
            self.facts.away.setdefault(action.who, []).append((self.stage.now(), ends))
        return taken and "away until" in said

    def _pauses(self, action: Action) -> bool:
        taken, said = self.stage.type(action.who, "/pulse pause 2w")
        if taken and "Paused until" in said:
            now, zone = self.stage.now(), self.facts.cast[action.who].at_home
            until = (now.astimezone(zone).replace(tzinfo=None) + timedelta(weeks=2)).replace(tzinfo=zone)
            self.facts.paused.setdefault(action.who, []).append((now, until))
        return taken and "Paused until" in said

    def _close(self, action: Action) -> bool:
        agency, first, last = action.more["agency"], action.more["first"], action.more["last"]
        taken, said = self.stage.type("ana", f'/consortium agency holidays "{agency}" {first}..{last}')
        if taken and "Closed days added" in said:
            self.facts.closed.setdefault(agency, []).append((self.stage.now(), first, last))
        return taken and "Closed days added" in said

    def _propose(self, action: Action) -> bool:
        matter = action.more["matter"]
        said = self._posted(matter)
        if not said:
            _taken, said = self.stage.type(action.who, f'/propose now "Matter {matter}"')
        if said.startswith("#"):
            now, home = self.stage.now(), ZoneInfo(HOME)
            closes = (now.astimezone(home).replace(tzinfo=None) + OPEN_FOR).replace(tzinfo=home)
            self.facts.proposals[matter] = ProposalFacts(int(said[1:].split(" ")[0]), now, closes)
            for vote in plan.votes(self.scale, matter, now, list(self.facts.cast.values())):
                self.schedule(vote)
        return matter in self.facts.proposals

    def _posted(self, matter: int) -> str:
        """Return the text of a proposal that was posted although the bot was killed before it could answer."""
        self.stage.turn(self.stage.now())
        return next((p.text for p in reversed(self.recorder.posts) if ("proposal", matter) in p.topics), "")

    def _vote(self, action: Action) -> bool:
        proposal, agency = self.facts.proposals[action.more["matter"]], self.facts.cast[action.who].agency
        taken, said = self.stage.type(action.who, f"/vote {proposal.number} {action.more['stance']}")
        if taken and "Noted on" in said:
            proposal.heard.setdefault(agency, self.stage.now())
        elif taken and f"Proposal {proposal.number} closed" not in said:
            self.facts.odd.append(f"{action.who}: {said}")
            return False
        return taken

    def _answer(self, action: Action) -> bool:
        """Answer the questions, if that is still possible."""
        key = action.more["number"], action.who
        if not self._may(key):
            return True
        post = self.asked[key]
        self.stage.close(action.who)
        if not self.stage.press(action.who, "pulse.answer", post.channel, post.ts):
            return False
        view = self.stage.view(action.who)
        if view is None:
            return not self._may(key)
        inputs = [b["block_id"] for b in view["blocks"] if b["type"] == "input" and b["block_id"] != "comment"]
        dice = self.scale.random("says", *key)
        values = {block: str(dice.choice((3, 4, 4, 5))) for block in inputs}
        if self.stage.submit(action.who, view["id"], values):
            self.facts.answered.setdefault(key, self.stage.now())
            self.stage.close(action.who)
        return key in self.facts.answered

    def _skip(self, action: Action) -> bool:
        key = action.more["number"], action.who
        if not self._may(key):
            return True
        post = self.asked[key]
        pressed = self.stage.press(action.who, "pulse.skip", post.channel, post.ts)
        # a bot that was killed after it had shown the result could not acknowledge the press
        if pressed or SKIPPED in self.stage.text(action.who, post.channel, post.ts):
            self.facts.skipped.setdefault(key, self.stage.now())
        return key in self.facts.skipped

    def _may(self, key: tuple[int, str]) -> bool:
        """Return whether a person is still there and their round is open, with an hour to spare: until Friday, 2:00."""
        asked = self.asked[key].at
        friday = asked.date() + timedelta(days=4 - asked.weekday())
        return key[1] not in self.facts.left and self.stage.now() < datetime.combine(friday, time(2), UTC)

    def _settle(self, action: Action) -> bool:
        """Check whether a post that may be lost has arrived; if not, have it posted again."""
        post: Post = action.more["post"]
        sought = self._sought(post)
        since = post.at - timedelta(hours=1)
        there = sought is None or any(sought in p.topics for p in self.recorder.posts if p.at > since)
        asked = self.stage.now()
        done = self.stage.press(action.who, "delivery.settle" if there else "delivery.again", post.channel, post.ts)
        if done and not there:
            self.facts.reposted.append(asked)
        self.facts.settled += done
        return done

    def _sought(self, post: Post) -> tuple[str, int] | None:
        """Return the topic to look for, or None if the post is not worth it."""
        proposal = ABOUT.search(post.text)
        if proposal and proposal[1] == "verdict":
            return "verdict", int(proposal[2])
        if proposal:
            return next(
                (("proposal", m) for m, known in self.facts.proposals.items() if known.number == int(proposal[2])), None
            )
        kind = next((kind for about, kind in IN_CHANNEL.items() if about in post.text), None)
        return (kind, 0 if kind == "result" else month_of(post.at)) if kind else None

    def _item(self, action: Action) -> bool:
        """Add an item to the agenda of the next meeting."""
        return self.stage.type(action.who, f'/meeting add "{action.more["title"]}" minutes:15')[0]

    def _write(self, action: Action) -> bool:
        """Write the minutes, unless they are written."""
        month, post = action.more["month"], action.more["post"]
        if month in self.facts.minutes:
            return True
        self.stage.close(action.who)
        pressed = self.stage.press(action.who, "minutes.write", post.channel, post.ts)
        view = self.stage.view(action.who) if pressed else None
        if view is not None and self.stage.submit(action.who, view["id"], {"notes": "We met, and spoke of it."}):
            self.facts.minutes[month] = self.stage.now()
        return month in self.facts.minutes
