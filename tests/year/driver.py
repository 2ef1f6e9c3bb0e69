"""Plays the people: turns the clock from action to action, and repeats actions that the bot did not accept."""

import heapq
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

from tests.year import council, fault_injector, plan
from tests.year.actions import ActionRunner
from tests.year.cast import Human, Scale, monday
from tests.year.fault_injector import FaultInjector
from tests.year.plan import Action
from tests.year.recorder import Post, Recorder
from tests.year.stage import Stage
from tests.year.supervisor import Supervisor

AT_ONCE = 6
TRIES = 12
NOON = time(12)


class Driver:
    """Plays the story of a scale."""

    def __init__(
        self,
        scale: Scale,
        cast: list[Human],
        stage: Stage,
        supervisor: Supervisor,
        injector: FaultInjector,
        recorder: Recorder,
    ) -> None:
        self.scale, self.stage, self.supervisor = scale, stage, supervisor
        self.injector, self.recorder = injector, recorder
        self.runner = ActionRunner(scale, cast, stage, recorder)
        self.runner.schedule = self._schedule
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._asked: dict[int, int] = {}
        self._turn = itertools.count()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._pause = threading.Event()
        self._gate = threading.Lock()
        self._caught_up = 0
        """The number of kills after which the bot last caught up."""

    def run(self) -> None:
        """Play all weeks."""
        self._found()
        self.injector.rate = self.scale.trouble
        self.recorder.on_post = self._read
        for action in plan.actions(self.scale, list(self.runner.facts.cast.values())):
            self._schedule(action)
        for week in range(self.scale.weeks):
            if self.scale.kills:
                self.injector.expect(fault_injector.draw_kill(self.scale, week))
            self._run_until(datetime.combine(monday(week + 1) - timedelta(days=2), NOON, UTC))
            self.injector.strike()
        end = datetime.combine(monday(self.scale.weeks) + timedelta(days=2), NOON, UTC)
        self._run_until(end)
        self._pool.shutdown()

    # time ----------------------------------------------------------------------------------------------

    def _schedule(self, action: Action) -> None:
        with self._lock:
            heapq.heappush(self._agenda, (action.at, next(self._turn), action))

    def _run_until(self, end: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= end:
            self.stage.turn(self._agenda[0][0])
            now, due = self.stage.now(), []
            with self._lock:
                while self._agenda and self._agenda[0][0] <= now:
                    due.append(heapq.heappop(self._agenda)[2])
            list(self._pool.map(self._try, due))
        self.stage.turn(end)

    def _try(self, action: Action) -> None:
        """Repeat an action until the bot accepts it, as people do; wait for a bot that is down."""
        for attempt in range(TRIES):
            self._let_it_catch_up(again=attempt > 0)
            self.injector.tell("press")
            if self.runner.do(action):
                return
            self.runner.facts.again += 1
            self._pause.wait(0.05)
        raise RuntimeError(f"never accepted: {action}")

    def _let_it_catch_up(self, *, again: bool) -> None:
        """Wait for a bot that is down, and let one that has come back do first what it missed."""
        with self._gate:
            self._wait_for_bot()
            lives = len(self.supervisor.deaths)
            if again or lives != self._caught_up:
                self.stage.turn(self.stage.now())
                self._caught_up = lives

    def _wait_for_bot(self) -> None:
        """Wait while the bot is down."""
        while not (self.supervisor.settled() and self.stage.sandbox.deliveries.reachable):
            if self.supervisor.is_over:
                raise RuntimeError("the story ended while someone waited for the bot")
            self._pause.wait(0.02)

    # founding ------------------------------------------------------------------------------------------

    def _found(self) -> None:
        """Found the consortium with everyone in it, and schedule the pulse; nothing fails on that day."""
        self._wait_for_bot()
        first = [human for human in self.runner.facts.cast.values() if human.comes == 0]
        self._must('/consortium setup "Northern Valleys" zone:America/Denver')
        lines = [f"{human.agency},{human.name}@example.org,{human.seat}" for human in first]
        for begin in range(0, len(lines), 60):
            self._must("/consortium import")
            table = "\n".join(["agency,person,role", *lines[begin : begin + 60]])
            view = self.stage.view("ana")
            assert view and self.stage.submit("ana", view["id"], {"table": table})
            self.stage.turn(self.stage.now())
            preview = self.stage.sandbox.messages("@ana", "ana")[-1]
            assert self.stage.press("ana", "import.confirm", "@ana", preview["ts"])
            self.stage.turn(self.stage.now())
        self._must("/pulse schedule monday 9:00 every:week")
        self._must(council.PLANNED)
        shown = self.stage.sandbox.messages("council", "ana")[-1]
        assert self.stage.press("ana", "meeting.sure", "council", shown["ts"])
        self.runner.facts.joined["ana"] = self.stage.now()
        for human in first:
            self.runner.facts.joined[human.name] = self.stage.now()
        self.runner.know()

    def _must(self, text: str) -> str:
        taken, said = self.stage.type("ana", text)
        assert taken, text
        return said

    def ask_what_is_stuck(self) -> str:
        """Return the bot's overview, which lists undelivered messages."""
        self._wait_for_bot()
        self.injector.rate = 0.0
        return self._must("/consortium")

    # reactions -----------------------------------------------------------------------------------------

    def _read(self, post: Post) -> None:
        """Schedule a person's reaction to a message."""
        name = self.runner.facts.ids.get(post.whom)
        if name is None:
            return
        if any(words in post.text for words in ("not delivered: ", "may not have arrived: ")):
            self._schedule(Action(plan.slot(post.at), "settle", name, {"post": post}))
        for kind, number in post.topics:
            if kind in ("minutes", "lack"):
                self._asked[number] = self._asked.get(number, 0) + 1
                if kind == "lack" or plan.writes(self.scale, number, self._asked[number]):
                    self._schedule(Action(plan.slot(post.at), "write", name, {"month": number, "post": post}))
            elif kind in ("pulse", "pulse again"):
                self._hear(number, name, post)

    def _hear(self, number: int, name: str, post: Post) -> None:
        """Schedule a person's answer to a round, if any, when they first receive a message about it."""
        known = (number, name) in self.runner.asked
        self.runner.asked[number, name] = post
        action = None if known else plan.answer(self.scale, number, name, post.at)
        if action is not None:
            self._schedule(action)
