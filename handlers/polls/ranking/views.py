"""Ranked choice in words: the sentence that explains the result, and the standing of each option."""

from collections.abc import Callable, Sequence

from handlers.kit.text import join_names, pluralize
from handlers.polls.ranking.rules import Duel, Reason

METHOD = "Schulze, winning votes"
"""The name of the method, for people who want to look it up."""

CLOSEST_SHOWN = 3
STEPS_SHOWN = 6

Label = Callable[[int], str]
"""Returns the label of the option at a place."""


def leader_sentence(leader: int, options: int, reason: Reason, duels: Sequence[Duel], label: Label) -> str:
    """Return why one option leads, among this number of options."""
    name = label(leader)
    if reason is Reason.EVERY:
        return _preferred_to_all(name, options, duels, label)
    if reason is Reason.CHAIN:
        even, *chain = duels
        other = label(even.second)
        return (
            f"{name} leads by chains. {name} and {other} are even, {_numbers(even)}, but a chain leads from {name} to "
            f"{other}{_listed(chain, label)}."
        )
    fewest = f"The last step has the fewest votes, {duels[-1].votes}, so it gives way."
    cycle = f"The preferences form a cycle{_listed(duels, label)}."
    return f"{name} leads by chains. {cycle}" + (f" {fewest}" if len(duels) <= STEPS_SHOWN else "")


def _preferred_to_all(name: str, options: int, duels: Sequence[Duel], label: Label) -> str:
    if not duels:
        return f"{name} is the only choice."
    others = [label(duel.second) for duel in duels]
    if options == 2:
        return f"{name} is preferred to {others[0]}, {_numbers(duels[0])}."
    more = len(others) - CLOSEST_SHOWN
    shown = [*others[:CLOSEST_SHOWN], f"{more} more"] if more > 0 else others
    return f"{name} is preferred to every other choice; closest: {_numbers(duels[0])} over {join_names(shown)}."


def tie_sentence(names: str, reason: Reason, duels: Sequence[Duel], label: Label) -> str:
    """Return why the options with these names tie."""
    if reason is Reason.CYCLE:
        return (
            f"It is a tie between {names}. The preferences form a cycle, so none of them is ahead"
            f"{_listed(duels, label)}."
        )
    numbers = f", {_numbers(duels[0])}" if duels and duels[0].votes else ""
    return f"It is a tie between {names}{numbers}."


def _listed(duels: Sequence[Duel], label: Label) -> str:
    return f": {_steps(duels, label)}" if len(duels) <= STEPS_SHOWN else ""


def _steps(duels: Sequence[Duel], label: Label) -> str:
    return ", ".join(f"{label(duel.first)} over {label(duel.second)} {_numbers(duel)}" for duel in duels)


def _numbers(duel: Duel) -> str:
    return f"{duel.votes} to {duel.against}"


def standing_text(ahead: int, chained: int, level: int) -> str:
    """Return how many options an option is ahead of and level with: "ahead of 2 others, 1 by chains"."""
    parts = []
    if ahead or not level:
        parts.append(f"ahead of {pluralize(ahead, 'other')}" if ahead else "ahead of none")
    if chained:
        parts.append("by chains" if chained == ahead else f"{chained} by chains")
    if level:
        parts.append(f"level with {pluralize(level, 'other')}")
    return ", ".join(parts)
