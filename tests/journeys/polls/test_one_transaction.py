"""A vote takes one transaction, whether it is typed or pressed, and reads each row once."""

import re
import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import event

OTHERS = ("courier", "follower", "ticker", "APScheduler", "home", "heartbeat")


class Work:
    """Transactions and statements of the request alone: those of the bot's own threads do not count."""

    def __init__(self):
        self.transactions, self.statements = 0, []

    def begun(self, _connection):
        self.transactions += self._is_request()

    def executed(self, _connection, _cursor, statement, *_):
        if self._is_request():
            self.statements.append(statement)

    @staticmethod
    def _is_request():
        return not threading.current_thread().name.startswith(OTHERS)

    def tables_read(self):
        """How often each of the tables of a vote was read."""
        reads = [s for s in self.statements if s.lstrip().upper().startswith("SELECT") and " UPDATE" not in s]
        words = [word for statement in reads for word in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', statement)]
        return {name: words.count(name) for name in ("proposal", "poll", "poll_option")}


@contextmanager
def counted(town):
    work, engine = Work(), town.bot.db.engine
    event.listen(engine, "begin", work.begun)
    event.listen(engine, "before_cursor_execute", work.executed)
    try:
        yield work
    finally:
        event.remove(engine, "begin", work.begun)
        event.remove(engine, "before_cursor_execute", work.executed)


@pytest.fixture
def warm(town):
    """Slack's answers are remembered, as they are after the first request."""
    town.types("ben", "/vote")
    return town


def test_a_typed_position_takes_one_transaction_and_reads_its_proposal_once(warm):
    warm.proposes("Adopt the calendar")
    with counted(warm) as work:
        assert "Noted on #1 for Elm Schools: Agree" in warm.types("ben", "/vote 1 agree")
    assert work.transactions == 1
    assert work.tables_read()["proposal"] == 1


def test_a_typed_ballot_takes_one_transaction_and_reads_its_poll_and_choices_once(warm):
    warm.asks('/vote "Which week?" "12 Jan" "19 Jan"')
    with counted(warm) as work:
        assert "Your vote in #1 is noted" in warm.types("ben", "/vote 1 19 Jan")
    assert work.transactions == 1
    assert work.tables_read()["poll"] == 1
    assert work.tables_read()["poll_option"] == 1


@pytest.mark.parametrize("typed", ["/vote 1 perhaps", "/vote 7 agree", "/vote 1 block"])
def test_words_that_cannot_be_read_take_one_transaction_and_store_nothing(warm, typed):
    warm.proposes("Adopt the calendar")
    with counted(warm) as work:
        assert "Noted" not in warm.types("ben", typed)
    assert work.transactions == 1
    assert "0 of 3 agencies heard" in str(warm.message("Adopt the calendar"))


def test_an_outsider_who_types_a_vote_is_refused_in_one_transaction(warm):
    warm.proposes("Adopt the calendar")
    with counted(warm) as work:
        assert "is for members of the consortium" in warm.types("dov", "/vote 1 agree")
    assert work.transactions == 1


def test_a_pressed_position_takes_one_transaction_too(warm):
    message = warm.proposes("Adopt the calendar")
    with counted(warm) as work:
        assert "Noted on #1 for Elm Schools: Agree" in warm.presses("ben", "Agree", message)
    assert work.transactions == 1
    assert work.tables_read()["proposal"] == 1
