"""The tracer finds what a vote runs, so that `make house` keeps working."""

from tests.bot_process import finished

PROGRAM = """
from tests.house import votes

for way, trace in votes.measure().items():
    print(way, "handlers/proposals/positions.py" in trace.files, "together" in trace.transactions)
"""


def test_a_vote_by_button_and_one_by_typing_are_traced():
    ended = finished("-c", PROGRAM)
    assert ended.stdout == "by button True True\nby typing True True\n", ended.stderr
