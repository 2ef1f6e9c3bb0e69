"""Plays the people: turns the clock from deed to deed, and lets everybody try again what was not taken."""

import heapq
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

from tests.year import council, plan, weather
from tests.year.cast import Human, Scale, monday
from tests.year.deeds import Doing
from tests.year.keeper import Keeper
from tests.year.plan import Deed
from tests.year.stage import Stage
from tests.year.weather import Weather
from tests.year.witness import Post, Witness

AT_ONCE = 6
TRIES = 12
NOON = time(12)


class Driver:
    """Lives the story of a scale."""

    def __init__(
        self, scale: Scale, cast: list[Human], stage: Stage, keeper: Keeper, weather: Weather, witness: Witness
    ) -> None:
        self.scale, self.stage, self.keeper, self.weather, self.witness = scale, stage, keeper, weather, witness
        self.doing = Doing(scale, cast, stage, witness)
        self.doing.mean = self._mean
        self._agenda: list[tuple[datetime, int, Deed]] = []
        self._asked: dict[int, int] = {}
        self._turn = itertools.count()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._pause = threading.Event()
        self._gate = threading.Lock()
        self._caught_up = 0
        """How many deaths of the bot there had been when it last did what it had missed."""

    def live(self) -> None:
        """Live through all weeks."""
        self._found()
        self.weather.rate = self.scale.trouble
        self.witness.on_post = self._read
        for deed in plan.deeds(self.scale, list(self.doing.facts.cast.values())):
            self._mean(deed)
        for week in range(self.scale.weeks):
            if self.scale.kills:
                self.weather.expect(weather.blow(self.scale, week))
            self._live_until(datetime.combine(monday(week + 1) - timedelta(days=2), NOON, UTC))
            self.weather.strike()
        end = datetime.combine(monday(self.scale.weeks) + timedelta(days=2), NOON, UTC)
        self._live_until(end)
        self._pool.shutdown()

    # time ----------------------------------------------------------------------------------------------

    def _mean(self, deed: Deed) -> None:
        with self._lock:
            heapq.heappush(self._agenda, (deed.at, next(self._turn), deed))

    def _live_until(self, end: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= end:
            self.stage.turn(self._agenda[0][0])
            now, due = self.stage.now(), []
            with self._lock:
                while self._agenda and self._agenda[0][0] <= now:
                    due.append(heapq.heappop(self._agenda)[2])
            list(self._pool.map(self._try, due))
        self.stage.turn(end)

    def _try(self, deed: Deed) -> None:
        """Let somebody do a thing until it is taken, as people do; a bot that is down is waited for."""
        for attempt in range(TRIES):
            self._let_it_catch_up(again=attempt > 0)
            self.weather.tell("press")
            if self.doing.do(deed):
                return
            self.doing.facts.again += 1
            self._pause.wait(0.05)
        raise RuntimeError(f"never taken: {deed}")

    def _let_it_catch_up(self, *, again: bool) -> None:
        """Wait for a bot that is down, and let one that has come back first do what it has missed."""
        with self._gate:
            self._wait_for_bot()
            lives = len(self.keeper.deaths)
            if again or lives != self._caught_up:
                self.stage.turn(self.stage.now())
                self._caught_up = lives

    def _wait_for_bot(self) -> None:
        """Wait while the bot is down."""
        while not (self.keeper.settled() and self.stage.sandbox.deliveries.reachable):
            if self.keeper.is_over:
                raise RuntimeError("the story ended while somebody waited for the bot")
            self._pause.wait(0.02)

    # the beginning -------------------------------------------------------------------------------------

    def _found(self) -> None:
        """Found the consortium, with everybody in it, and plan the pulse; nothing goes wrong on that day."""
        self._wait_for_bot()
        first = [human for human in self.doing.facts.cast.values() if human.comes == 0]
        self._must('/consortium setup "Northern Valleys" zone:America/Denver')
        lines = [f"{human.agency},{human.name}@example.org,{human.seat}" for human in first]
        for begin in range(0, len(lines), 60):
            self._must("/consortium import")
            table = "\n".join(["agency,person,role", *lines[begin : begin + 60]])
            view = self.stage.view("ana")
            assert view and self.stage.submit("ana", view["id"], {"table": table})
        self._must("/pulse schedule monday 9:00 every:week")
        self._must(council.PLANNED)
        shown = self.stage.sandbox.messages("council", "ana")[-1]
        assert self.stage.press("ana", "meeting.sure", "council", shown["ts"])
        self.doing.facts.joined["ana"] = self.stage.now()
        for human in first:
            self.doing.facts.joined[human.name] = self.stage.now()
        self.doing.know()

    def _must(self, text: str) -> str:
        taken, said = self.stage.type("ana", text)
        assert taken, text
        return said

    def ask_what_is_stuck(self) -> str:
        """Ask the bot what it could not deliver, or cannot tell."""
        self._wait_for_bot()
        self.weather.rate = 0.0
        return self._must("/consortium")

    # what is read --------------------------------------------------------------------------------------

    def _read(self, post: Post) -> None:
        """Let a person decide what to do about a message that has come."""
        name = self.doing.facts.ids.get(post.whom)
        if name is None:
            return
        if post.text.endswith(("was not delivered.", "may not have arrived.")):
            self._mean(Deed(plan.slot(post.at), "settle", name, {"post": post}))
        for kind, number in post.matters:
            if kind in ("minutes", "lack"):
                self._asked[number] = self._asked.get(number, 0) + 1
                if kind == "lack" or plan.writes(self.scale, number, self._asked[number]):
                    self._mean(Deed(plan.slot(post.at), "write", name, {"month": number, "post": post}))
            elif kind in ("pulse", "pulse again"):
                self._hear(number, name, post)

    def _hear(self, number: int, name: str, post: Post) -> None:
        """Let a person decide whether and when to answer a round, when they first hear of it."""
        known = (number, name) in self.doing.asked
        self.doing.asked[number, name] = post
        deed = None if known else plan.answer(self.scale, number, name, post.at)
        if deed is not None:
            self._mean(deed)
