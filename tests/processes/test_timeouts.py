"""A request waits two seconds for Slack and for the database, unless the bot is built with other timeouts."""

import pytest
from sqlalchemy import text

from bot.app import PRODUCTION, build
from bot.config import Settings
from tests.timeouts import PATIENT_BOT


@pytest.mark.parametrize(("timeouts", "seconds"), [(PRODUCTION, 2), (PATIENT_BOT, 100)])
def test_requests_wait_as_long_as_the_timeouts_say(timeouts, seconds, database_url):
    bot = build(Settings(database_url=database_url, seal_keys="0" * 43 + "="), timeouts=timeouts)
    try:
        assert bot.authority.client("T1").timeout == seconds
        waits = "PRAGMA busy_timeout" if bot.db.is_sqlite else "SHOW lock_timeout"
        with bot.db.begin() as session:
            assert session.execute(text(waits)).scalar_one() in (seconds * 1000, f"{seconds}s")
    finally:
        bot.courier.stop()
        bot.close()
