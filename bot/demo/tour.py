"""The demo's guided tour: five minutes from a proposal to its outcome, in steps that the sandbox shows."""

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
            "text": f"You are {name}. Send this command, or type /propose on its own for a form. "
            "The proposal appears in #council for everyone.",
            **here,
            "type": _PROPOSE,
            "done": {"sees": [_TITLE, f"Proposed by {name}"]},
        },
        {
            "title": "State your own agency's position",
            "text": f"Here, silence does not count as agreement. Below “{_TITLE}”, press Agree.",
            **here,
            "shows": [_TITLE, "Proposed by"],
            "done": {"sees": [_TITLE, "1 agree"]},
        },
    )


def _judging(person: str, name: str, agency: str) -> tuple[Step, ...]:
    return (
        {
            "title": "See it from another agency",
            "text": f"{name} speaks for {agency}. Become {name} here, or at the top left at any time. Messages "
            "that only another person received are not shown.",
            "go": f"Be {name}",
            "as": person,
            "in": "council",
            "done": {"acts": person},
        },
        {
            "title": "Block it, with a reason",
            "text": f"Below “{_TITLE}”, press Block, and write what would have to change. Under consensus, one "
            "agency's block stops a proposal, and everyone can read the reason.",
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
        "text": "At the bottom left, press + 1 week. Reminders go out, and the proposal closes. On a phone, the clock "
        "is behind ☰.",
        "in": "council",
        "go": "Go to #council",
        "done": {"turned": True},
    },
    {
        "title": "Read the outcome",
        "text": "The proposal now shows how it ended, who was heard and who was silent. The log keeps every decision. "
        "Send this command to see it.",
        "in": "council",
        "go": "Go to #council",
        "shows": [_TITLE, "agencies heard"],
        "type": "/consortium decisions",
        "done": {"sent": "/consortium"},
    },
    {
        "title": "You have seen the essentials",
        "text": "Explore on your own. Home shows what is waiting for you, + 1 day brings reminders and the weekly "
        "questions, and ◫ shows two people side by side. Every command explains itself: try /vote help.",
    },
)

STORY: tuple[Step, ...] = (
    {
        "title": "State your agency's position",
        "text": "Seven agencies decide together here, and each has one equal voice. You are Hana, who speaks for a "
        "university. Below “#3 Share a speech therapist”, press Agree or another position.",
        "as": "hana",
        "in": "council",
        "go": "Be Hana",
        "shows": ["#3 Share a speech therapist", "Eva Castellanos"],
        "done": {"sees": ["Noted on #3 for Cedar State University"]},
    },
    {
        "title": "See who decides",
        "text": "This consortium was founded about three weeks ago. Send this command to see its agencies and who "
        "speaks for them.",
        "in": "council",
        "go": "Go to #council",
        "type": "/consortium",
        "done": {"sent": "/consortium"},
    },
    *_proposing("hana", "Hana Okafor"),
    *_judging("gus", "Gus Whitehorse", "Pine Ridge Schools"),
    *_TIME,
)
"""The tour of the story, in which a consortium exists and a proposal is open."""

FOUNDING: tuple[Step, ...] = (
    {
        "title": "Found a consortium",
        "text": "You are Ana. Send this command, and you become its first facilitator. A facilitator runs the process "
        "but does not decide.",
        "as": "ana",
        "in": "council",
        "go": "Be Ana",
        "type": '/consortium setup "Northern Valleys"',
        "done": {"sees": ["is founded, and you are its first facilitator"]},
    },
    {
        "title": "Add the agencies",
        "text": "Add three agencies, and for each the person who speaks for it: six short commands.",
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
"""The tour of the empty workspace, which begins with founding a consortium."""

EMPTY_OPENS = {"as": "ana", "in": "council"}
"""The visitor begins as Ana, in the channel where the agencies will decide."""
