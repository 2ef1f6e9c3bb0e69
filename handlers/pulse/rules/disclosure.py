"""What of a round may be shown: a number, a band, or nothing. Pure functions.

Source: docs/rules.md, "What the pulse shows", and decisions 14 and 19. Nothing is shown about fewer than five people,
and nothing from which that could be worked out by subtraction: neither within a round nor between two rounds that asked
the same sentence. Everything that is kept of a round, and so everything that is shown anywhere, comes from `summarize`.

Who answered a round is known. Who of them rated a sentence, and did not choose "does not apply", is not: a number tells
only how many did. So wherever people are compared, each person who was left out may have been any of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.pulse.rules.results import LEVELS, POINTS, Band, Counts, Group, Result, Shown, hull, interpret, mean
from storage.vocabulary import AgencyId, MemberId

MIN_SHOWN = 5
"""Answers of a round, of a group, and to a sentence, and comments are shown if there are at least this many."""

ALL_LEVELS = Band(0, len(LEVELS) - 1)

People = frozenset[MemberId]
NOBODY: People = frozenset()


@dataclass(frozen=True)
class Answer:
    """One person's answer, without the person. A score is None if the sentence does not apply to the person."""

    agency: AgencyId
    scores: Mapping[str, int | None]
    comment: str = ""


@dataclass(frozen=True)
class Part:
    """People who answered a round, and what was shown of their answers to a sentence together."""

    people: People
    shown: Shown

    @property
    def left_out(self) -> int:
        """Return how many of them did not rate the sentence. A band does not tell, so it counts as nobody."""
        return 0 if isinstance(self.shown, Band) else len(self.people) - sum(self.shown)


@dataclass(frozen=True)
class Precedent:
    """What an earlier round showed of a sentence: everybody who answered, and the parts of them that were shown.

    There are no parts if nothing was shown because of what people answered.
    """

    everybody: People
    parts: Sequence[Part]

    @property
    def groups(self) -> list[People]:
        """Divide everybody as finely as what was shown allows."""
        shown = [part.people for part in self.parts if part.people != self.everybody]
        rest = self.everybody - NOBODY.union(*shown)
        return [*shown, rest] if rest else shown

    @property
    def left_out(self) -> int:
        """Return how many did not rate the sentence. If somebody did not, everybody is the only part."""
        return sum(part.left_out for part in self.parts)


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
    blank: list[str] = []
    shown_of_groups: list[dict[str, Shown]] = [{} for _ in agencies]
    for key in questions:
        counts = count(key, answers)
        of_groups = [count(key, own) for own in answers_of]
        decided = _decide(counts, everybody, of_groups, people, earlier.get(key, ()))
        if decided.everybody is not None:
            shown[key] = decided.everybody
        elif decided.by_answers:
            blank.append(key)
        for own, of_group in zip(shown_of_groups, decided.groups, strict=False):
            if of_group is not None:
                own[key] = of_group
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
        blank,
    )


def count(key: str, answers: Iterable[Answer]) -> Counts:
    """Count how often each of 1 to 5 was chosen. People to whom the sentence does not apply are not counted."""
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


@dataclass(frozen=True)
class _Decision:
    """What is shown of a sentence: of everybody, and of each group, or no groups.

    `by_answers` says that it depends on what people answered, and not only on who answered.
    """

    everybody: Shown | None
    groups: Sequence[Shown | None]
    by_answers: bool


def _decide(
    counts: Counts,
    everybody: People,
    of_groups: Sequence[Counts],
    groups: Sequence[People],
    earlier: Sequence[Precedent],
) -> _Decision:
    """Decide what is shown of a sentence, from the ratings of everybody and of each group."""
    if not _is_safe([everybody], earlier):
        # a few people make the difference from an earlier result, so nothing may depend on whether they rated
        bands = [_hidden_band(own, people, earlier) for own, people in zip(of_groups, groups, strict=True)]
        return _Decision(_hidden_band(counts, everybody, earlier), bands, by_answers=False)
    if sum(counts) < MIN_SHOWN:
        return _Decision(None, (), by_answers=True)
    left_out = len(everybody) - sum(counts)
    is_clear = _is_clear(everybody, left_out, earlier)
    total = counts if is_clear else _band(counts, everybody, earlier, left_out)
    if left_out:
        # a group's share of those left out could be about one person, and its ratings about fewer than five people
        return _Decision(total, (), by_answers=True)
    if _is_safe(groups, earlier) and all(
        not before.left_out or least_difference(before.everybody, groups) >= MIN_SHOWN + before.left_out
        for before in (earlier if groups else ())
    ):
        return _Decision(total, of_groups, by_answers=True)
    bands = [_band(own, people, earlier) for own, people in zip(of_groups, groups, strict=True)]
    return _Decision(total, bands, by_answers=True)


def _is_safe(parts: Sequence[People], earlier: Sequence[Precedent]) -> bool:
    """Return whether no sum of these parts differs from a sum of an earlier round's groups by one to four people."""
    return not any(differ_by_few(parts, before.groups) for before in earlier)


def _is_clear(everybody: People, left_out: int, earlier: Sequence[Precedent]) -> bool:
    """Return whether those who rated a sentence differ from each earlier number's by none or by at least five people.

    Each person who was left out, now or then, may make one person more or fewer.
    """
    return all(
        not unknown or least_difference(everybody, before.groups) >= MIN_SHOWN + unknown
        for before in earlier
        for unknown in [left_out + before.left_out]
    )


def least_difference(people: People, parts: Sequence[People]) -> int:
    """Return by how many people a sum of one or more of these parts differs from `people` at least."""
    changes = [len(part) - 2 * len(part & people) for part in parts]
    return len(people) + (sum(change for change in changes if change < 0) or min(changes))


def _hidden_band(counts: Counts, people: People, earlier: Sequence[Precedent]) -> Band | None:
    """Return the band of people whose few newcomers may have rated the sentence or not: it does not depend on that."""
    enough = any(
        (MIN_SHOWN if isinstance(part.shown, Band) else sum(part.shown)) - len(part.people - people) >= MIN_SHOWN
        for part in _near(people, earlier, 0)
    )
    return _band(counts, people, earlier) if enough and sum(counts) >= MIN_SHOWN else None


def _near(people: People, earlier: Sequence[Precedent], left_out: int) -> list[Part]:
    """Return the earlier results that differ, or may differ, by fewer than five people."""
    return [
        part
        for before in earlier
        for part in before.parts
        if len(part.people ^ people) < MIN_SHOWN + left_out + part.left_out
    ]


def _band(counts: Counts, people: People, earlier: Sequence[Precedent], left_out: int = 0) -> Band | None:
    """Return a band that tells nothing about the few people by whom this result differs from earlier ones.

    If nobody changed their mind, an earlier result leaves a range of results possible, depending on what the few
    answered. The band takes in all of that range, so that it does not depend on them. None if it would say nothing.
    """
    near = _near(people, earlier, left_out)
    if not near:
        return None
    own = LEVELS.index(interpret(mean(counts)))
    possible = hull(_possible(part, people, left_out) for part in near)
    if not possible.first <= own <= possible.last:
        return Band(own, own)
    return None if possible == ALL_LEVELS else possible


def _possible(part: Part, people: People, left_out: int) -> Band:
    """Return the levels at which the mean of those of `people` who rate can be, as far as an earlier result tells.

    All who rated then answer alike now, except for those who are gone or left out. Those who are new or were left out
    then answer anything, or nothing, which changes the mean less.
    """
    gone, new = len(part.people - people) + left_out, len(people - part.people) + part.left_out
    ends = []
    for lowest, highest, remain in _remaining(part, gone):
        if remain <= 0:
            return ALL_LEVELS
        size = remain + new
        ends += [(lowest + new * POINTS[0]) / size, (highest + new * POINTS[-1]) / size]
    return hull(Band(level, level) for end in ends for level in [LEVELS.index(interpret(end))])


def _remaining(part: Part, gone: int) -> Iterator[tuple[int, int, int]]:
    """Yield the least and the greatest sum of a part's ratings without `gone` of its people, and how many remain."""
    if not isinstance(part.shown, Band):
        scores = [point for point, n in zip(POINTS, part.shown, strict=True) for _ in range(n)]
        yield sum(scores[: max(len(scores) - gone, 0)]), sum(scores[gone:]), len(scores) - gone
        return
    # a band does not tell how many of its people rated the sentence
    for rated in range(MIN_SHOWN, len(part.people) + 1):
        remain = rated - gone
        sums = [
            total
            for total in range(rated * POINTS[0], rated * POINTS[-1] + 1)
            if part.shown.first <= LEVELS.index(interpret(total / rated)) <= part.shown.last
        ]
        least, most = sums[0] - gone * POINTS[-1], sums[-1] - gone * POINTS[0]
        yield max(least, remain * POINTS[0]), min(most, remain * POINTS[-1]), remain


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
