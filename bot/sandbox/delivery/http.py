"""Deliveries as signed HTTP requests, in threads so that the event loop stays free for the app's calls."""

import asyncio
import hashlib
import hmac
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..json_values import Json, read_json
from .outcome import REFUSED, TIMEOUT, UNREACHABLE, Outcome

MAX_THREADS = 64


def sign(secret: str, timestamp: str, body: str) -> str:
    """Sign a request as Slack does."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(kind: str, payload: Json) -> tuple[str, str]:
    """Return a payload's content type and body: JSON for events, a form for everything else."""
    if kind in ("events_api", "url_verification"):
        return "application/json", json.dumps(payload)
    if kind == "slash_commands":
        return "application/x-www-form-urlencoded", urlencode(payload)
    return "application/x-www-form-urlencoded", urlencode({"payload": json.dumps(payload)})


def read_body(kind: str | None, raw: bytes) -> Any:
    """Read an acknowledgment: JSON, text, or nothing."""
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        return None
    if "json" in (kind or ""):
        try:
            return read_json(text)
        except ValueError:
            return text
    return text


def post(url: str, headers: dict[str, str], body: str, limit: float) -> tuple[int, dict[str, str], bytes]:
    """Send one request on its own connection and wait for the response."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=limit)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body.encode(), headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@dataclass(frozen=True)
class Signing:
    """How a request is signed: correctly and now, or not, for tests of the app."""

    age: int = 0
    forged: bool = False

    def headers(self, secret: str, body: str) -> dict[str, str]:
        """Return the timestamp and signature headers."""
        timestamp = str(int(time.time()) - self.age)
        signature = sign("of somebody else" if self.forged else secret, timestamp, body)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


def is_accepted(kind: str, status: int) -> bool:
    """Return whether a status is an acknowledgment: any 2xx for an event, only 200 where a person waits."""
    return status // 100 == 2 if kind == "events_api" else status == 200


SIGNED = Signing()


class HttpDelivery:
    """Deliver to the app's request URL."""

    def __init__(self, secret: str, limit: float) -> None:
        self._secret = secret
        self._limit = limit
        self._pool = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="sandbox-delivery")

    async def send(
        self, url: str | None, kind: str, payload: Json, extra: dict[str, str], seal: Signing = SIGNED
    ) -> Outcome:
        """Deliver a payload and wait for the acknowledgment, as long as wire time allows."""
        started = time.perf_counter()
        if not url:
            return Outcome(0.0, reason=UNREACHABLE)
        content_type, body = encode(kind, payload)
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **seal.headers(self._secret, body),
            **extra,
        }
        answer = asyncio.get_running_loop().run_in_executor(self._pool, post, url, headers, body, self._limit)
        try:
            status, got, raw = await asyncio.wait_for(answer, self._limit)
        except TimeoutError:
            return Outcome(elapsed_ms(started), reason=TIMEOUT)
        except (OSError, http.client.HTTPException):
            return Outcome(elapsed_ms(started), reason=UNREACHABLE)
        ms = elapsed_ms(started)
        retry = got.get("x-slack-no-retry") != "1"
        if not is_accepted(kind, status):
            return Outcome(ms, status, read_body(got.get("content-type"), raw), REFUSED, retry)
        return Outcome(ms, status, read_body(got.get("content-type"), raw))

    def close(self) -> None:
        """Release the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def elapsed_ms(started: float) -> float:
    """Return the milliseconds since a reading of the performance counter."""
    return round((time.perf_counter() - started) * 1000, 2)
