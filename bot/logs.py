"""Logs: one structured line for each event, without tokens, message bodies or answers."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(
    r"\b(xox[a-z]-|xapp-)[\w-]+|hooks\.slack\.com/\S+|/(commands|actions|calendar)/\S+"
    r"|(DETAIL|CONTEXT):[\s\S]*?(?=\n\[SQL|\n\nThe above|\n\nDuring|\Z)"
)
"""Tokens, private URLs, and the values, some over several lines, that PostgreSQL repeats in its errors."""


def set_up(level: str) -> None:
    """Send all logs to standard error; from libraries only warnings and errors."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_clean_record)
    # Bolt logs whole payloads at its lower levels
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    logging.getLogger("slack_sdk").setLevel(logging.ERROR)
    # it logs the beginning of an answer that is not Slack's; the courier logs what such an answer means
    logging.getLogger("slack_sdk.web.base_client").setLevel(logging.CRITICAL)


def without_secrets(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove secrets from an event, as a structlog processor."""
    return {key: _SECRET.sub("…", value) if isinstance(value, str) else value for key, value in event.items()}


def _clean_record(record: logging.LogRecord) -> bool:
    record.msg = _SECRET.sub("…", record.getMessage())
    record.args = ()
    return True
