"""What of a round may be shown: a number, a band, or nothing. Pure functions.

Source: docs/rules.md, "What the pulse shows", and decision 14. Nothing is shown about fewer than five people, and
nothing from which that could be worked out by subtraction: neither within a round nor between two rounds that asked the
same sentence. Everything that is kept of a round, and so everything that is shown anywhere, comes from `summarize`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlers.pulse.rules.results import LEVELS, POINTS, Band, Counts, Group, Result, Shown, hull, interpret, mean
from storage.vocabulary import AgencyId, MemberId

MIN_SHOWN = 5
"""Answers of a round, answers of a group, and comments are shown if there are at least this many."""

ALL_LEVELS = Band(0, len(LEVELS) - 1)

People = frozenset[MemberId]
NOBODY: People = frozenset()


@dataclass(frozen=True)
class Answer:
    """One person's answer, without the person."""

    agency: AgencyId
    scores: Mapping[str, int]
    comment: str = ""


@dataclass(frozen=True)
class Part:
    """People who answered a sentence, and what was shown of their answers together."""

    people: People
    shown: Shown


@dataclass(frozen=True)
class Precedent:
    """What an earlier round showed of a sentence: everybody who answered, and the parts of them that were shown."""

    everybody: People
    parts: Sequence[Part]

    @property
    def groups(self) -> list[People]:
        """Divide everybody as finely as what was shown allows."""
        shown = [part.people for part in self.parts if part.people != self.everybody]
        rest = self.everybody - NOBODY.union(*shown)
        return [*shown, rest] if rest else shown


def summarize(
    asked: int,
    questions: Sequence[str],
    answers: Sequence[Answer],
    answered: Mapping[AgencyId, People],
    earlier: Mapping[str, Sequence[Precedent]],
) -> Result:
    """Reduce a round's answers to what may be kept beside everything that earlier rounds showed.

    `answered` are the people who answered, by agency; `earlier` are the earlier askings of each sentence. Answers come
    shuffled, so comments are shuffled too.
    """
    if len(answers) < MIN_SHOWN:
        # do not even keep whether there were comments: with one answer, that would be about one person
        return Result(asked, len(answers))
    comments = [answer.comment for answer in answers if answer.comment]
    enough = len(comments) >= MIN_SHOWN
    everybody = NOBODY.union(*answered.values())
    agencies = group_agencies({agency: len(people) for agency, people in answered.items()})
    answers_of = [[answer for answer in answers if answer.agency in group] for group in map(set, agencies)]
    people = [NOBODY.union(*(answered[agency] for agency in group)) for group in agencies]
    shown: dict[str, Shown] = {}
    shown_of_groups: list[dict[str, Shown]] = [{} for _ in agencies]
    for key in questions:
        precedents = earlier.get(key, ())
        total_is_safe = _is_safe([everybody], precedents)
        groups_are_safe = total_is_safe and _is_safe(people, precedents)
        _show(shown, key, count(key, answers), everybody, precedents, safe=total_is_safe)
        for own, theirs, members in zip(shown_of_groups, answers_of, people, strict=True):
            _show(own, key, count(key, theirs), members, precedents, safe=groups_are_safe)
    groups = [
        Group(group, len(members), own) for group, members, own in zip(agencies, people, shown_of_groups, strict=True)
    ]
    return Result(
        asked,
        len(answers),
        shown,
        groups if any(group.shown for group in groups) else (),
        comments if enough else (),
        bool(comments) and not enough,
    )


def count(key: str, answers: Iterable[Answer]) -> Counts:
    """Count how often each of 1 to 5 was chosen."""
    chosen = Counter(answer.scores[key] for answer in answers)
    return tuple(chosen[point] for point in POINTS)


def group_agencies(sizes: Mapping[AgencyId, int]) -> list[list[AgencyId]]:
    """Divide agencies, by how many people of each answered, into groups that may be shown beside the total.

    An agency with five answers is a group of its own. The others are pooled. A pool of fewer than five could be
    worked out by subtraction, so it joins the smallest group. A single group would only repeat the total, so then
    there are none.
    """
    order = sorted((agency for agency in sizes if sizes[agency]), key=lambda agency: (-sizes[agency], agency))
    shown = [[agency] for agency in order if sizes[agency] >= MIN_SHOWN]
    pool = [agency for agency in order if sizes[agency] < MIN_SHOWN]
    if sum(sizes[agency] for agency in pool) >= MIN_SHOWN:
        shown.append(pool)
    elif pool and shown:
        shown[-1].extend(pool)
    return shown if len(shown) > 1 else []


# number, band, or nothing --------------------------------------------------------------------------------


def _show(
    shown: dict[str, Shown], key: str, counts: Counts, people: People, precedents: Sequence[Precedent], *, safe: bool
) -> None:
    decided = counts if safe else _band(counts, people, [part for earlier in precedents for part in earlier.parts])
    if decided is not None:
        shown[key] = decided


def _is_safe(parts: Sequence[People], precedents: Sequence[Precedent]) -> bool:
    """Return whether no sum of these parts differs from a sum of an earlier round's groups by one to four people."""
    return not any(differ_by_few(parts, earlier.groups) for earlier in precedents)


def _band(counts: Counts, people: People, earlier: Sequence[Part]) -> Band | None:
    """Return a band that tells nothing about the few people by whom this result differs from earlier ones.

    If nobody changed their mind, an earlier result leaves a range of results possible, depending on what the few
    answered. The band takes in all of that range, so that it does not depend on them. None if it would say nothing.
    """
    near = [part for part in earlier if len(part.people ^ people) < MIN_SHOWN]
    if not near:
        return None
    own = LEVELS.index(interpret(mean(counts)))
    possible = hull(_possible(part, people) for part in near)
    if not possible.first <= own <= possible.last:
        return Band(own, own)
    return None if possible == ALL_LEVELS else possible


def _possible(part: Part, people: People) -> Band:
    """Return the levels at which these people's mean can be, as far as an earlier result tells, if all answer alike."""
    gone, new, size = len(part.people - people), len(people - part.people), len(people)
    lowest, highest = _sums(part, gone)
    ends = (max(lowest + new * POINTS[0], size * POINTS[0]), min(highest + new * POINTS[-1], size * POINTS[-1]))
    return Band(*(LEVELS.index(interpret(end / size)) for end in ends))


def _sums(part: Part, gone: int) -> tuple[int, int]:
    """Return the least and the greatest sum of a part's answers without `gone` of its people."""
    if isinstance(part.shown, Band):
        size = len(part.people)
        sums = [
            total
            for total in range(size * POINTS[0], size * POINTS[-1] + 1)
            if part.shown.first <= LEVELS.index(interpret(total / size)) <= part.shown.last
        ]
        return sums[0] - gone * POINTS[-1], sums[-1] - gone * POINTS[0]
    scores = [point for point, n in zip(POINTS, part.shown, strict=True) for _ in range(n)]
    return sum(scores[: len(scores) - gone]), sum(scores[gone:])


def differ_by_few(one: Sequence[People], other: Sequence[People]) -> bool:
    """Return whether a sum of parts of `one` and a sum of parts of `other` differ by one to four people.

    Each of the two divides its people into parts. A person connects the part they are in with their part in the other
    division, or with nowhere. Choosing parts cuts the connections of the people by whom the two sums differ, so this
    asks for a small cut of the graph: nodes with five or more people between them are on one side of any such cut, and
    the least cut of the rest is found by the algorithm of Stoer and Wagner (1997).
    """
    links = _links(one, other)
    while close := _closely_linked(links):
        _merge(links, *close)
    while len(links) > 1:
        before, last, cut = _last_two(links)
        if 0 < cut < MIN_SHOWN:
            return True
        _merge(links, before, last)
    return False


def _links(one: Sequence[People], other: Sequence[People]) -> dict[int, Counter[int]]:
    """Count the people between each two parts. `one` has the numbers from 1, `other` those after it, nowhere is 0."""
    links: dict[int, Counter[int]] = defaultdict(Counter)

    def connect(here: int, there: int, people: int) -> None:
        if people:
            links[here][there] += people
            links[there][here] += people

    everybody, everybody_in_other = NOBODY.union(*one), NOBODY.union(*other)
    for number, part in enumerate(one, 1):
        connect(number, 0, len(part - everybody_in_other))
        for place, part_of_other in enumerate(other, 1 + len(one)):
            connect(number, place, len(part & part_of_other))
    for place, part_of_other in enumerate(other, 1 + len(one)):
        connect(place, 0, len(part_of_other - everybody))
    return links


def _closely_linked(links: Mapping[int, Counter[int]]) -> tuple[int, int] | None:
    """Return two nodes with five or more people between them; None if there are none."""
    linked = ((node, neighbor, people) for node, own in links.items() for neighbor, people in own.items())
    return next(((node, neighbor) for node, neighbor, people in linked if people >= MIN_SHOWN), None)


def _merge(links: dict[int, Counter[int]], into: int, node: int) -> None:
    for neighbor, people in links.pop(node).items():
        del links[neighbor][node]
        if neighbor != into:
            links[into][neighbor] += people
            links[neighbor][into] += people


def _last_two(links: Mapping[int, Counter[int]]) -> tuple[int, int, int]:
    """Return the last two nodes in order of adjacency, and how many people connect the last one with the others."""
    waiting = dict.fromkeys(links, 0)
    before = node = cut = 0
    while waiting:
        before, node = node, max(waiting, key=lambda candidate: waiting[candidate])
        cut = waiting.pop(node)
        for neighbor, people in links[node].items():
            if neighbor in waiting:
                waiting[neighbor] += people
    return before, node, cut
