"""Story time and the app: who follows the clock, and how it advances through everything that is due."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from ..delivery.deliveries import Deliveries
from ..errors import ControlError
from ..json_values import Json
from ..state.story_clock import read_duration, read_time
from ..state.world import World
from .advance import ClockAdvance, watch_seconds
from .followers import Follower, due_text, optional_time, whole_number

CHECK_SECONDS = 0.25
# How long the app must have received nothing before its followers are asked what has changed.
QUIET_SECONDS = 0.5
# Deliveries due this soon after the goal are awaited too, so that "settled" means delivered.
DELIVERY_MARGIN = timedelta(seconds=120)
# A time in the past that is still reported as due must not make the server spin.
MIN_WAIT_SECONDS = 0.02


class ClockService:
    """Report the time to followers, and advance the clock step by step as they keep up."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self._world = world
        self._deliveries = deliveries
        self._followers: dict[str, Follower] = {}
        self._advancing = asyncio.Lock()
        self._activity = deliveries.activity
        self._seq = 0
        self._closing = False
        self.latest_advance: ClockAdvance | None = None
        """The latest advance of the clock."""

    def _live_followers(self) -> list[Follower]:
        old = time.monotonic() - self._world.wire_time.silence
        self._followers = {
            key: follower
            for key, follower in self._followers.items()
            if follower.last_heard > old and not follower.is_disconnected()
        }
        return list(self._followers.values())

    def _wake_followers(self) -> None:
        self._seq += 1
        self._activity.notify()

    def close(self) -> None:
        """Release all waiting followers."""
        self._closing = True
        self._wake_followers()

    def next_due(self) -> datetime | None:
        """Return the next time at which anything is due, for a follower or here."""
        return self.upcoming()[0]

    def upcoming(self) -> tuple[datetime | None, str]:
        """Return the next time at which anything is due, and in a few words what it is."""
        candidates = [(self._deliveries.next_due, "another try to send the app an event")]
        for follower in self._live_followers():
            candidates += [(follower.next_due, follower.next_words), (follower.next_delivery, "a message from the app")]
        dated = ((due, text) for due, text in candidates if due is not None)
        return min(dated, key=lambda pair: pair[0], default=(None, ""))

    def read(self) -> Json:
        """Return the time and what is due next."""
        due, text = self.upcoming()
        return {
            "now": self._world.clock.now().isoformat(),
            "next_due": due.isoformat() if due else None,
            "next_words": text,
            "flowing": True,
            "followers": len(self._live_followers()),
        }

    def register(self, body: Json, gone: Callable[[], bool] = lambda: False) -> Follower:
        """Record a follower's report; `gone` returns whether it has disconnected."""
        key = body.get("follower")
        if not isinstance(key, str) or not key:
            raise ControlError("follower: give a name")
        seen = body.get("seen")
        if seen is not None and (not isinstance(seen, int) or isinstance(seen, bool)):
            raise ControlError(f"seen: {seen!r} is neither a number nor null")
        due, delivery = optional_time(body, "next_due"), optional_time(body, "next_delivery")
        follower = Follower(key, -1 if seen is None else seen, due, due_text(body), delivery, time.monotonic(), gone)
        before = self.upcoming()
        self._followers[key] = follower
        self._activity.notify()
        if self.upcoming() != before:
            self._world.feed.notify()
        return follower

    async def wait_for_work(self, follower: Follower) -> Json:
        """Answer a follower when there is something to do, at the latest when its poll is over.

        Also answer when the app has received something: what is due next may have changed.
        """
        end, count_before = time.monotonic() + self._world.wire_time.poll, self._deliveries.count
        while self._seq == follower.seen and not self._closing and time.monotonic() < end:
            version = await self._activity.wait_after(0)
            if self._seq != follower.seen:
                break
            # During an advance, only the advance decides when followers look again.
            wait = None if self._advancing.locked() else self._until_due(follower)
            news = not self._advancing.locked() and self._deliveries.count != count_before
            left = min(end - time.monotonic(), QUIET_SECONDS) if news else end - time.monotonic()
            try:
                pause = left if wait is None else min(left, wait)
                await asyncio.wait_for(self._activity.wait_after(version), max(0.0, pause))
            except TimeoutError:
                if wait is not None and wait <= left and self._seq == follower.seen:
                    self._wake_followers()
                elif news:
                    break
        follower.last_heard = time.monotonic()
        return {"seq": self._seq, "now": self._world.clock.now().isoformat(), "flowing": True}

    def _until_due(self, follower: Follower) -> float | None:
        times = [due for due in (follower.next_due, follower.next_delivery) if due is not None]
        if not times:
            return None
        return max(MIN_WAIT_SECONDS, (min(times) - self._world.clock.now()).total_seconds())

    def unregister(self, follower: Follower) -> None:
        """Forget a follower that disconnected while it waited, unless it has asked again since."""
        if self._followers.get(follower.key) is follower:
            self._followers.pop(follower.key)
            self._activity.notify()

    async def advance(self, body: Json) -> Json:
        """Advance the clock, stopping at each time at which anything is due.

        With `followers`, the clock waits while fewer than that number follow it: the successor of a killed process
        then handles what comes next. With `over`, the advance is spread over that many seconds, for people to watch.
        """
        async with self._advancing:
            goal, least = self._goal(body), whole_number(body, "followers")
            self.latest_advance = ClockAdvance(self._world.clock.now(), goal, watch_seconds(body))
            try:
                async with asyncio.timeout(self._world.wire_time.settling + self.latest_advance.seconds):
                    await self._run(self.latest_advance, least)
            except TimeoutError as error:
                raise ControlError("not_settled", status=409) from error
            finally:
                self.latest_advance.end = self._world.clock.now()
                self._world.feed.notify()
        self._activity.notify()
        return self.read()

    def stop(self) -> Json:
        """Ask an advance that is under way to end where it is."""
        if self.latest_advance is not None and self.latest_advance.end is None:
            self.latest_advance.stopping.set()
        return self.read()

    def _goal(self, body: Json) -> datetime:
        now = self._world.clock.now()
        if ("advance" in body) == ("to" in body):
            raise ControlError('clock: give either "advance", such as "P7D", or "to", such as "2026-12-01T09:00:00Z"')
        try:
            goal = now + read_duration(body["advance"]) if "advance" in body else read_time(body["to"])
        except OverflowError as error:
            raise ControlError("clock: that is beyond the calendar") from error
        if goal < now:
            raise ControlError(f"to: the clock cannot go back; it is {now.isoformat()}", status=409)
        return goal

    async def _run(self, advance: ClockAdvance, followers: int) -> None:
        reached = False
        while True:
            await self._settle(followers)
            if advance.stopping.is_set():
                return
            due = self.next_due()
            if due is None or due > advance.goal:
                if not reached:
                    reached = True
                    if advance.goal > self._world.clock.now():
                        await self._move_to(advance, advance.goal)
                        continue
                due = self._waiting_delivery()
                if due is None:
                    return
            await self._move_or_wait(advance, due)

    def _waiting_delivery(self) -> datetime | None:
        """Return the time of a delivery that is due shortly after the goal."""
        end = self._world.clock.now() + DELIVERY_MARGIN
        times = [follower.next_delivery for follower in self._live_followers() if follower.next_delivery is not None]
        return min((due for due in times if due <= end), default=None)

    async def _move_or_wait(self, advance: ClockAdvance, due: datetime) -> None:
        if due > self._world.clock.now():
            await self._move_to(advance, due)
        else:
            await asyncio.sleep(MIN_WAIT_SECONDS)

    async def _move_to(self, advance: ClockAdvance, goal: datetime) -> None:
        """Advance to a time before which nothing is due, showing the times on the way."""
        for stop, pause in advance.waypoints(self._world.clock.now(), goal):
            await advance.pause(pause)
            if advance.stopping.is_set():
                return
            if stop > self._world.clock.now():
                self._world.clock.advance_to(stop)
            self._world.feed.notify()

    async def _settle(self, followers: int) -> None:
        """Wait until the sandbox and at least this many followers have done what is due by now."""
        while len(self._live_followers()) < followers or (followers and not self._deliveries.reachable):
            await self._wait_for_activity(await self._activity.wait_after(0))
        await self._deliveries.deliver_due_retries()
        # Deliveries to the app may leave it something to send, so they come first.
        version = await self._activity.wait_after(0)
        while not self._deliveries.idle:
            await self._wait_for_activity(version)
            version = await self._activity.wait_after(0)
        self._wake_followers()
        seq = self._seq
        while True:
            version = await self._activity.wait_after(0)
            live = self._live_followers()
            if self._deliveries.idle and len(live) >= followers and all(follower.seen >= seq for follower in live):
                return
            await self._wait_for_activity(version)

    async def _wait_for_activity(self, version: int) -> None:
        """Wait for activity, but only briefly: a follower that has died reports nothing."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._activity.wait_after(version), CHECK_SECONDS)
