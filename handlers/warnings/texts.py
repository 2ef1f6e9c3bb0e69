"""Warnings in words, each with the numbers that made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.kit import money
from handlers.kit.hours import number
from handlers.kit.text import bold, cut, escape, lines, listed
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot, Person
from handlers.warnings.detection import Beside, Giving, subject_of
from handlers.warnings.suggestions import Advice
from storage.vocabulary import AgencyId, GivenKind, MemberId, WarningKind
from storage.warnings import WorkWarning

NAMES = 5


@dataclass(frozen=True)
class Report:
    """All that is needed to put warnings into words. `names` has the agencies' names, ended ones too."""

    seen: LoadSnapshot
    beside: Beside
    advice: Mapping[MemberId, Advice]
    names: Mapping[AgencyId, str]
    people: Mapping[MemberId, str]
    currency: str


def warning(report: Report, caution: WorkWarning) -> str:
    """Put one warning into words, with who has room; empty where it is not so any more."""
    return _WARNINGS[caution.kind](report, subject_of(caution.subject))


def _person(report: Report, subject: int) -> str:
    advice = report.advice.get(MemberId(subject))
    if advice is None or not advice.person.carried.is_over:
        return ""
    person = advice.person
    moves = [
        f"{bold(f'#{one.task.number} {one.task.title}', 80)} ({number(one.task.hours or 0)} h) to {_name(one.to.name)}"
        for one in advice.askings
    ]
    asked = [f"#{task.number} is offered to {_name(name)} already" for task, name in advice.asked]
    way = f"Could go: {'; '.join(moves)}." if moves else ""
    return lines(
        [
            f"{too_much(person)} They are told too.",
            way,
            f"{listed(asked)}." if asked else "",
        ]
    )


def too_much(person: Person) -> str:
    """Say that somebody holds more than they have time for; how much that is, is theirs."""
    return (
        f"*{_name(person.name)}* holds about {number(person.carried.load)} h for the next 30 days, more than they have "
        "time for."
    )


def _agency(report: Report, subject: int) -> str:
    share = _share(report, subject)
    if share is None or not report.seen.is_over(share):
        return ""
    return over_share(share, report.seen.whole)


def over_share(share: Share, whole: float) -> str:
    """Say how far an agency is above its share."""
    beside = f"{times(share.ratio)} its fair share" if share.fair else "though its share is none"
    return (
        f"*{_name(share.name)}* carries {number(share.load)} of {number(whole)} h for the next 30 days, {beside}"
        f"{f' of {number(round(share.fair, 1))} h' if share.fair else ''}."
    )


def times(ratio: float) -> str:
    """Say how often: "1.8 times"."""
    return f"{ratio:.1f} times"


def _few_people(report: Report, subject: int) -> str:
    person = report.seen.by_id.get(MemberId(subject))
    if person is None:
        return ""
    whole = sum(one.owned for one in report.seen.people)
    return _hangs(person.name, person.owned, whole)


def _few_agencies(report: Report, subject: int) -> str:
    share = _share(report, subject)
    if share is None:
        return ""
    whole = sum(one.owned for one in report.seen.agencies)
    return _hangs(share.name, share.owned, whole)


def _hangs(name: str, held: float, whole: float) -> str:
    return (
        f"Half of the open work hangs on *{_name(name)}*: {number(held)} of {number(whole)} h "
        f"({round(100 * held / whole) if whole else 0} %). Without them much of it would stand still."
    )


def _giving(report: Report, subject: int) -> str:
    theirs = [one for one in report.beside.giving if one.agency_id == subject]
    share = _share(report, subject)
    if share is None or not theirs:
        return ""
    kinds = [_gave(report, one) for one in theirs]
    return (
        f"*{_name(share.name)}* gives far beyond its share: in the last twelve months {listed(kinds)}. "
        "Worth a word of thanks, and a look at who else could give."
    )


def _gave(report: Report, one: Giving) -> str:
    amount, whole, fair = (_amount(report, one.kind, value) for value in (one.amount, one.whole, one.fair))
    what = {GivenKind.HOURS: "", GivenKind.MONEY: " in money", GivenKind.IN_KIND: " in kind"}[one.kind]
    return f"{amount} of {whole}{what}, where {fair} would be fair"


def _amount(report: Report, kind: GivenKind, value: float) -> str:
    return f"{number(round(value, 1))} h" if kind is GivenKind.HOURS else money.written(round(value), report.currency)


def _funding(report: Report, subject: int) -> str:
    main = report.beside.main_source
    if main is None or main[0] != subject:
        return ""
    whole = sum(cents for _, _, cents in report.beside.sources)
    cents = report.beside.sources[0][2]
    return (
        f"One source of funding pays more than half: *{_name(main[1])}* gives "
        f"{money.written(cents, report.currency)} of {money.written(whole, report.currency)} a year "
        f"({round(100 * main[2])} %). If it ends, what goes on?"
    )


def _gain(report: Report, _subject: int) -> str:
    names = [report.names[one] for one in report.beside.without_gain]
    if not names:
        return ""
    example = escape(cut(names[0], 60))
    return (
        f"No gain has been recorded for a year for {_some([_name(one) for one in names])}. What do they get out of "
        f'working together? `/workload gain "Two teachers trained" agency:"{example}"` records one.'
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


def has_room(people: Sequence[Person]) -> str:
    """Say who may be asked and has room; how much, nobody learns."""
    if not people:
        return "Nobody who may be asked has room just now."
    return (
        f"{_some([_name(one.name) for one in people])} may be asked and {'has' if len(people) == 1 else 'have'} room."
    )


def _some(names: Sequence[str]) -> str:
    if len(names) <= NAMES:
        return listed(list(names))
    return listed([*names[: NAMES - 1], f"{len(names) - NAMES + 1} more"])


def _share(report: Report, subject: int) -> Share | None:
    return next((one for one in report.seen.agencies if one.id == subject), None)


def _name(name: str) -> str:
    return escape(cut(name, 80))


# what has ended ----------------------------------------------------------------------------------------


def ended(report: Report, caution: WorkWarning) -> str:
    """Say that something is not so any more; empty where what it was about is not there any more either."""
    subject = subject_of(caution.subject)
    person, agency = report.people.get(MemberId(subject), ""), report.names.get(AgencyId(subject), "")
    return {
        WarningKind.PERSON: f"*{_name(person)}* does not hold too much any more." if person else "",
        WarningKind.AGENCY: f"*{_name(agency)}* does not carry too much any more." if agency else "",
        WarningKind.FEW_PEOPLE: f"Half of the open work does not hang on *{_name(person)}* any more." if person else "",
        WarningKind.FEW_AGENCIES: (
            f"Half of the open work does not hang on *{_name(agency)}* any more." if agency else ""
        ),
        WarningKind.GIVING: f"*{_name(agency)}* does not give far beyond its share any more." if agency else "",
        WarningKind.FUNDING: "The source of funding that paid more than half does so no more.",
        WarningKind.GAIN: "For every agency a gain was recorded within a year.",
    }[caution.kind]
