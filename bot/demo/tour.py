"""The guided tour of the demo: five minutes from a proposal to its verdict, in steps that the sandbox shows."""

from collections.abc import Mapping
from typing import Any

Step = Mapping[str, Any]

_TITLE = "Share a bus to the museum"
_PROPOSE = f'/propose now "{_TITLE}" why:"One bus for all our third grades costs half as much." quorum:25 closes:5d'


def _proposing(person: str, name: str) -> tuple[Step, ...]:
    here = {"as": person, "in": "council", "go": f"Be {name}"}
    return (
        {
            "title": "Propose something",
            "text": f"You are {name}. Send this, or type /propose alone for a form. "
            "It appears in #council for everybody.",
            **here,
            "type": _PROPOSE,
            "done": {"sees": [_TITLE, f"Proposed by {name}"]},
        },
        {
            "title": "Say what your own agency thinks",
            "text": f"Nothing counts as agreed because nobody spoke. Below “{_TITLE}”, press Agree.",
            **here,
            "shows": [_TITLE, "Proposed by"],
            "done": {"sees": [_TITLE, "1 agree"]},
        },
    )


def _judging(person: str, name: str, agency: str) -> tuple[Step, ...]:
    return (
        {
            "title": "See it from another agency",
            "text": f"{name} speaks for {agency}. Become {name} here, or at the top left at any time. What only the "
            "other one was told is not there.",
            "go": f"Be {name}",
            "as": person,
            "in": "council",
            "done": {"acts": person},
        },
        {
            "title": "Block it, with a reason",
            "text": f"Below “{_TITLE}”, press Block, and write what would have to change. By consensus, one agency's "
            "block is enough, and everybody reads the reason.",
            "go": f"Be {name}",
            "as": person,
            "in": "council",
            "shows": [_TITLE, "Proposed by"],
            "done": {"sees": [_TITLE, f"Block, {agency}"]},
        },
    )


_TIME: tuple[Step, ...] = (
    {
        "title": "Turn the clock",
        "text": "At the bottom left, press + 1 week. Reminders go out on the way, and the proposal closes. On a phone, "
        "the clock is behind ☰.",
        "in": "council",
        "go": "Go to #council",
        "done": {"turned": True},
    },
    {
        "title": "Read the verdict",
        "text": "The proposal says now how it ended, who was heard and who was silent. The log keeps every decision: "
        "send this to see it.",
        "in": "council",
        "go": "Go to #council",
        "shows": [_TITLE, "agencies heard"],
        "type": "/consortium decisions",
        "done": {"sent": "/consortium"},
    },
    {
        "title": "That is the heart of it",
        "text": "Look around as you like: Home shows what awaits you, + 1 day brings reminders and the weekly "
        "questions, ◫ shows two people side by side. Each command explains itself, as in /vote help.",
    },
)

STORY: tuple[Step, ...] = (
    {
        "title": "Say what your agency thinks",
        "text": "Seven agencies decide together here, and one voice counts as much as another. You are Hana, who "
        "speaks for a university. Below “#3 Share a speech therapist”, press Agree, or anything else.",
        "as": "hana",
        "in": "council",
        "go": "Be Hana",
        "shows": ["#3 Share a speech therapist", "Eva Castellanos"],
        "done": {"sees": ["Noted on #3 for Cedar State University"]},
    },
    {
        "title": "Look at who decides",
        "text": "This consortium was founded three weeks ago. Send this to see its agencies and who speaks for them.",
        "in": "council",
        "go": "Go to #council",
        "type": "/consortium",
        "done": {"sent": "/consortium"},
    },
    *_proposing("hana", "Hana Okafor"),
    *_judging("gus", "Gus Whitehorse", "Pine Ridge Schools"),
    *_TIME,
)
"""For the story, in which the consortium is there and something waits for a vote."""

FOUNDING: tuple[Step, ...] = (
    {
        "title": "Found a consortium",
        "text": "You are Ana. Send this, and you are its first facilitator: the one who keeps the book, not the one "
        "who decides.",
        "as": "ana",
        "in": "council",
        "go": "Be Ana",
        "type": '/consortium setup "Northern Valleys"',
        "done": {"sent": "/consortium"},
    },
    {
        "title": "Say which agencies there are",
        "text": "Three agencies, and for each the person who speaks for it: six short lines, one after the other.",
        "as": "ana",
        "in": "council",
        "go": "Be Ana",
        "type": [
            '/consortium agency add "Elm Schools"',
            '/consortium agency add "Birch Schools"',
            '/consortium agency add "Oak College"',
            '/consortium member @ana "Elm Schools" representative',
            '/consortium member @ben "Birch Schools" representative',
            '/consortium member @cleo "Oak College" representative',
        ],
        "done": {"sees": ["Cleo Marchetti", "Oak College"], "all": True},
    },
    *_proposing("ana", "Ana Reyes"),
    *_judging("ben", "Ben Ortiz", "Birch Schools"),
    *_TIME,
)
"""For the empty workspace, in which everything begins with founding."""

EMPTY_OPENS = {"as": "ana", "in": "council"}
"""The channel in which the agencies will decide, as the one who founds."""
