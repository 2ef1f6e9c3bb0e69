"""The text of each warning, with the numbers that caused it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.kit import money
from handlers.kit.hours import format_hours
from handlers.kit.text import bold, escape, join_lines, join_names, truncate
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot, MemberLoad
from handlers.warnings.detection import ContributionAboveShare, PartnershipSnapshot, subject_id
from handlers.warnings.suggestions import Handover, HandoverPlans, members_with_room
from storage.vocabulary import AgencyId, ContributionKind, MemberId, WarningKind
from storage.warnings import WorkWarning

MAX_NAMES = 5
MAX_SUGGESTED = 8


@dataclass(frozen=True)
class WarningFacts:
    """Everything needed to write warnings. `agencies` and `people` are names, also of agencies that have ended."""

    load: LoadSnapshot
    partnership: PartnershipSnapshot
    plans: HandoverPlans
    agencies: Mapping[AgencyId, str]
    people: Mapping[MemberId, str]
    currency: str


def warning_text(facts: WarningFacts, warning: WorkWarning) -> str:
    """Return the text of a warning; empty if it no longer applies."""
    return _WARNINGS[warning.kind](facts, subject_id(warning.subject))


def _person(facts: WarningFacts, subject: int) -> str:
    plan = facts.plans.people.get(MemberId(subject))
    if plan is None or not plan.person.load.is_over:
        return ""
    offered = [f"#{task.number} is already offered to {short_name(name)}" for task, name in plan.offered]
    return join_lines(
        [
            f"{_overload(plan.person)} They are told too.",
            _suggested([f"{_task(handover)} to {short_name(handover.to.name)}" for handover in plan.handovers]),
            f"{join_names(offered)}." if offered else "",
        ]
    )


def _task(handover: Handover) -> str:
    task = handover.task
    return f"{bold(f'#{task.number} {task.title}', 80)} ({format_hours(task.hours or 0)} h)"


def _suggested(moves: Sequence[str]) -> str:
    more = len(moves) - MAX_SUGGESTED
    shown = [*moves[:MAX_SUGGESTED], *([f"and {more} more"] if more > 0 else [])]
    return f"Suggested: {'; '.join(shown)}." if moves else ""


def _overload(person: MemberLoad) -> str:
    """Return the sentence that somebody has too much work, without their hours a month, which are private."""
    return (
        f"*{short_name(person.name)}* has about {format_hours(person.load.hours)} h of work in the next 30 days, "
        "more than their hours a month."
    )


def _agency(facts: WarningFacts, subject: int) -> str:
    share = _share(facts, subject)
    if share is None or not facts.load.is_over(share):
        return ""
    fair = f"{ratio_text(share.ratio)} its fair share of {format_hours(round(share.fair, 1))} h"
    total = f"{format_hours(facts.load.total)} h"
    carried = f"the {total} that agencies carry" if facts.load.unplaced_hours else total
    moves = [
        f"{_task(handover)} from {short_name(handover.owner.name)} to {short_name(handover.to.name)}"
        for handover in facts.plans.agencies.get(share.id, ())
    ]
    return join_lines(
        [
            (
                f"*{short_name(share.name)}* carries {format_hours(share.load)} of {carried} in the next 30 days, "
                f"{fair if share.fair else 'though its fair share is zero'}."
            ),
            _suggested(moves),
        ]
    )


def ratio_text(ratio: float) -> str:
    """Write a ratio: "1.8 times"."""
    return f"{ratio:.1f} times"


def _few_people(facts: WarningFacts, subject: int) -> str:
    person = facts.load.by_id.get(MemberId(subject))
    if person is None:
        return ""
    return _dependence(person.name, person.owned, sum(member.owned for member in facts.load.people))


def _few_agencies(facts: WarningFacts, subject: int) -> str:
    share = _share(facts, subject)
    if share is None:
        return ""
    unplaced = sum(person.owned for person in facts.load.unplaced)
    return _dependence(share.name, share.owned, sum(agency.owned for agency in facts.load.agencies) + unplaced)


def _dependence(name: str, owned: float, total: float) -> str:
    return (
        f"Half of the open work or more depends on *{short_name(name)}*: {format_hours(owned)} of "
        f"{format_hours(total)} h ({round(100 * owned / total) if total else 0} %). Without them, much of it would "
        "stop."
    )


def _giving(facts: WarningFacts, subject: int) -> str:
    contributions = [item for item in facts.partnership.contributions if item.agency_id == subject]
    share = _share(facts, subject)
    if share is None or not contributions:
        return ""
    return (
        f"*{short_name(share.name)}* contributes far more than its share: in the last twelve months "
        f"{join_names([_contribution(facts, item) for item in contributions])}. Thank them, and see who else could "
        "contribute."
    )


def _contribution(facts: WarningFacts, item: ContributionAboveShare) -> str:
    amount, total, fair = (_amount(facts, item.kind, value) for value in (item.amount, item.total, item.fair))
    kind = {ContributionKind.HOURS: "", ContributionKind.MONEY: " in money", ContributionKind.IN_KIND: " in kind"}[
        item.kind
    ]
    return f"{amount} of {total}{kind}, where {fair} would be fair"


def _amount(facts: WarningFacts, kind: ContributionKind, value: float) -> str:
    return (
        f"{format_hours(round(value, 1))} h"
        if kind is ContributionKind.HOURS
        else money.format_amount(round(value), facts.currency)
    )


def _funding(facts: WarningFacts, subject: int) -> str:
    main = facts.partnership.main_source
    if main is None or main[0] != subject:
        return ""
    total = sum(cents for _, _, cents in facts.partnership.sources)
    cents = facts.partnership.sources[0][2]
    return (
        f"One source pays more than half of the funding: *{short_name(main[1])}* gives "
        f"{money.format_amount(cents, facts.currency)} of {money.format_amount(total, facts.currency)} a year "
        f"({_percent_above_half(main[2])}). What happens if it ends?"
    )


def _percent_above_half(fraction: float) -> str:
    """Write a fraction above a half, which is not rounded to a half."""
    return f"{round(100 * fraction)} %" if round(fraction, 2) > 0.5 else "just over 50 %"


def _gain(facts: WarningFacts, _subject: int) -> str:
    names = [facts.agencies[agency_id] for agency_id in facts.partnership.without_gain]
    if not names:
        return ""
    example = escape(truncate(names[0], 60))
    return (
        f"No gain has been recorded for a year for {some_names([short_name(name) for name in names])}. What do they "
        f'get out of working together? `/workload gain "Two teachers trained" agency:"{example}"` records one.'
    )


_WARNINGS = {
    WarningKind.PERSON: _person,
    WarningKind.AGENCY: _agency,
    WarningKind.FEW_PEOPLE: _few_people,
    WarningKind.FEW_AGENCIES: _few_agencies,
    WarningKind.GIVING: _giving,
    WarningKind.FUNDING: _funding,
    WarningKind.GAIN: _gain,
}


def room_text(load: LoadSnapshot) -> str:
    """Return who offered to take on more work and has room; how much room stays private."""
    people = members_with_room(load)
    if people:
        names = some_names([short_name(person.name) for person in people])
        return f"{names} offered to take on more work and {'has' if len(people) == 1 else 'have'} room."
    if any(person.has_offered for person in load.people):
        return "Nobody who offered to take on more work is available right now."
    return "Nobody has offered to take on more work yet."


def unsized_text(load: LoadSnapshot, count: str) -> str:
    """Return how many owned tasks have no effort, after the number of those without an owner; empty if none do."""
    return f"{f'{load.unsized} more' if load.unowned else count} without an effort" if load.unsized else ""


def some_names(names: Sequence[str]) -> str:
    """List up to five names; of more, the first four and how many others."""
    if len(names) <= MAX_NAMES:
        return join_names(list(names))
    return join_names([*names[: MAX_NAMES - 1], f"{len(names) - MAX_NAMES + 1} more"])


def short_name(name: str) -> str:
    """Escape a name and cut it to 80 characters."""
    return escape(truncate(name, 80))


def _share(facts: WarningFacts, subject: int) -> Share | None:
    return next((share for share in facts.load.agencies if share.id == subject), None)


# the end of a warning ----------------------------------------------------------------------------------


def ended_text(facts: WarningFacts, warning: WorkWarning) -> str:
    """Return the sentence that a warning has ended; empty if the person or agency no longer exists."""
    subject = subject_id(warning.subject)
    person, agency = facts.people.get(MemberId(subject), ""), facts.agencies.get(AgencyId(subject), "")
    by_person, by_agency = f"*{short_name(person)}*", f"*{short_name(agency)}*"
    return {
        WarningKind.PERSON: f"{by_person} no longer has too much work." if person else "",
        WarningKind.AGENCY: f"{by_agency} no longer carries too much." if agency else "",
        WarningKind.FEW_PEOPLE: f"Half of the open work no longer depends on {by_person}." if person else "",
        WarningKind.FEW_AGENCIES: f"Half of the open work no longer depends on {by_agency}." if agency else "",
        WarningKind.GIVING: f"{by_agency} no longer contributes far more than its share." if agency else "",
        WarningKind.FUNDING: "The source that paid more than half of the funding no longer does.",
        WarningKind.GAIN: "Every agency now has a gain recorded within the last year.",
    }[warning.kind]
