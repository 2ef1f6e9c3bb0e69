"""Views of load and warnings: they fit into Slack's messages, and reveal nothing private."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.sandbox.web_api.chat import validate_blocks
from handlers.kit import block_kit
from handlers.kit.lists import paginate
from handlers.load.rules import RoomBasis, Share
from handlers.load.snapshot import Load, LoadSnapshot, MemberLoad
from handlers.warnings import texts, views, weekly
from handlers.warnings.detection import ContributionAboveShare, PartnershipSnapshot
from handlers.warnings.suggestions import Handover, HandoverPlan, HandoverPlans
from handlers.warnings.texts import WarningFacts
from handlers.workload import views as workload_views
from handlers.workload.snapshot import SharesSnapshot
from handlers.workload.what_if import views as what_if_views
from handlers.workload.what_if.snapshot import DepartureSnapshot
from storage.tasks import Task
from storage.vocabulary import ContributionKind, WarningKind, WeekRecord
from storage.warnings import WorkWarning
from tests.town import text_of

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
HOSTILE = "&<@U1>*" * 20
LONG = "Ünïçödé School District of the Northern Valleys, Elm County " * 2


def person(number, name, agency, load=30.0, hours=7.25, **more):
    facts = {"has_said": True, "roles": 2.0, "promised": 0.0, "owned": load, "has_offered": True}
    return MemberLoad(number, name, agency, Load(load, hours), **{**facts, **more})


def picture(name=HOSTILE, agencies=60, people=4):
    everyone = [
        person(10 * place + one, f"{name} {place}.{one}"[-150:], place, hours=500.0 if one else 7.25)
        for place in range(1, agencies + 1)
        for one in range(people)
    ]
    shares = [
        Share(place, f"{place} {name}"[:120], NOW, people, 1.0, 30.0 * people * (1 + place % 3), 30.0 * people, 30.0)
        for place in range(1, agencies + 1)
    ]
    return LoadSnapshot(TODAY, everyone, shares, 150, unowned=12, unowned_hours=30.5, unsized=7, sized=90)


def task(number, title=HOSTILE):
    return Task(number=number, title=title[:200], hours=12.25, due_on=TODAY)


def advice(seen, who):
    tasks = [task(number) for number in range(1000, 1008)]
    return HandoverPlan(
        who, tasks, [Handover(one, seen.people[-1], who) for one in tasks], [(tasks[0], HOSTILE)], enough=False
    )


def caution(number, kind, subject):
    return WorkWarning(id=number, kind=kind, subject=subject, measure=2.0, times=1, began_at=NOW, told_at=NOW)


def report(seen):
    over = [one for one in seen.people if one.load.is_over]
    giving = [
        ContributionAboveShare(one.id, kind, 9e9, 1e9, 9e10) for one in seen.agencies for kind in ContributionKind
    ]
    return WarningFacts(
        seen,
        PartnershipSnapshot(giving, [(1, HOSTILE, 9_000_000_000), (2, "Other", 1)], [one.id for one in seen.agencies]),
        HandoverPlans(
            {one.id: advice(seen, one) for one in over},
            {one.id: advice(seen, seen.people[0]).handovers for one in seen.agencies},
        ),
        {one.id: one.name for one in seen.agencies},
        {one.id: one.name for one in seen.people},
        "USD",
    )


def cautions(seen):
    people = [
        caution(n, WarningKind.PERSON, f"member/{one.id}") for n, one in enumerate(seen.people) if one.load.is_over
    ]
    places = [caution(500 + n, WarningKind.AGENCY, f"agency/{one.id}") for n, one in enumerate(seen.agencies)]
    giving = [caution(700 + n, WarningKind.GIVING, f"agency/{one.id}") for n, one in enumerate(seen.agencies)]
    whole = [
        caution(900, WarningKind.FEW_PEOPLE, f"member/{seen.people[0].id}"),
        caution(901, WarningKind.FEW_AGENCIES, f"agency/{seen.agencies[0].id}"),
        caution(902, WarningKind.FUNDING, "source/1"),
        caution(903, WarningKind.GAIN, ""),
    ]
    return [*people, *places, *giving, *whole]


@pytest.mark.parametrize("name", [HOSTILE, LONG], ids=["hostile", "long"])
@pytest.mark.parametrize(("agencies", "people"), [(1, 1), (5, 3), (60, 4)])
def test_every_view_fits_into_a_message_whatever_people_typed(name, agencies, people):
    seen = picture(name, agencies, people)
    known, all_cautions = report(seen), cautions(seen)
    weeks = {TODAY - timedelta(weeks=n): {one.id: WeekRecord(1e4 / 3, 4) for one in seen.agencies} for n in range(12)}
    shares = SharesSnapshot.of(seen, weeks)
    over = next(one for one in seen.people if one.load.is_over)
    told = views.facilitator_notice(known, all_cautions, all_cautions)
    leaving = DepartureSnapshot(
        name=name[:120],
        share=seen.agencies[0],
        total=seen.total,
        more=[(one.name, 1.5) for one in seen.agencies],
        takers=[(one, [task(n) for n in range(9)]) for one in seen.people],
        stuck=[task(n) for n in range(90)],
        unsized=[task(n) for n in range(90)],
        later=[task(n) for n in range(90)],
        held=[],
        unique=frozenset({HOSTILE[:80], LONG[:80]}),
    )
    for blocks in (
        told.blocks,
        views.overload_notice(advice(seen, over), again=True).blocks,
        views.own_load(advice(seen, over)),
        views.answer_with_handovers("Asked.", advice(seen, over)),
        workload_views.people_page(known, paginate(seen.people, 0), all_cautions),
        workload_views.share_bars(shares),
        workload_views.share_charts(shares),
        what_if_views.departure_blocks(leaving),
        weekly.week_summary(weekly.WeekSnapshot(seen, 3, 4)).blocks,
    ):
        assert block_kit.message("x", blocks)["text"] == "x"
    for message in (
        workload_views.shares_message(shares),
        workload_views.shares_message(shares, charts=False),
        block_kit.message("x", workload_views.charts_in_words(shares)),
    ):
        validate_blocks(message.get("blocks", []))


def test_facilitators_see_neither_hours_a_month_nor_room():
    seen = picture("Elm", 5, 3)
    known = report(seen)
    said = [
        text_of({"blocks": [block.to_dict() for block in blocks]})
        for blocks in (
            views.facilitator_notice(known, cautions(seen), []).blocks,
            workload_views.people_page(known, paginate(seen.people, 0), cautions(seen)),
            weekly.week_summary(weekly.WeekSnapshot(seen, 3, 4)).blocks,
        )
    ]
    assert not any(number in text for text in said for number in ("7.25", "500", "470"))


def test_if_no_warning_applies_anymore_nothing_is_sent():
    seen = LoadSnapshot(TODAY, [], [], 150, 0, 0, 0, 0)
    known = WarningFacts(seen, PartnershipSnapshot([], [], []), HandoverPlans(), {}, {}, "USD")
    gone = [caution(1, WarningKind.PERSON, "member/1"), caution(2, WarningKind.AGENCY, "agency/1")]
    assert views.facilitator_notice(known, gone, gone) is None
    assert not weekly.WeekSnapshot(seen, 0, 9).is_worth_reporting
    assert workload_views.share_charts(SharesSnapshot.of(seen, {})) == []


TO_CLEO = Handover(task(1), person(2, "Cleo", 1), person(1, "Ben", 1))


def spoken(blocks):
    return text_of({"blocks": [block.to_dict() for block in blocks]})


@pytest.mark.parametrize(
    ("told", "part"),
    [
        pytest.param({}, "All of it is roles. `/workload roles` lists them", id="only roles"),
        pytest.param(
            {"tasks": [task(1)]},
            "I have nobody to suggest for your tasks right now.",
            id="nobody has room",
        ),
        pytest.param(
            {"tasks": [task(1)], "offered": [(task(1), "Cleo")], "enough": True},
            "Offered, not answered yet: *#1* to Cleo.\nThat would bring you within your hours.",
            id="somebody is asked already",
        ),
        pytest.param(
            {
                "tasks": [task(1)],
                "handovers": [Handover(task(1), person(2, "Cleo", 1), person(1, "Ben", 1))],
                "enough": True,
            },
            "Cleo offered to take on more.",
            id="somebody can be asked",
        ),
        pytest.param(
            {"tasks": [task(1)], "handovers": [TO_CLEO]},
            "That would take care of part of it.",
            id="that is not enough",
        ),
    ],
)
def test_an_overloaded_person_reads_what_could_help(told, part):
    advice = HandoverPlan(person(1, "Ben", 1), **told)
    assert part in spoken(views.overload_notice(advice, again=False).blocks)
    assert part in spoken(views.own_load(advice))


def test_a_person_with_the_default_hours_and_room_reads_no_suggestions():
    quiet = person(1, "Ben", 1, load=0.0, hours=10, has_said=False, roles=0.0)
    assert "*No work in the next 30 days.* The default here is 10 hours a month." in spoken(
        views.own_load(HandoverPlan(quiet))
    )
    assert "within your 10 a month again. There is nothing to do." in spoken(views.relief_notice(quiet).blocks)
    assert "[It's agreed]" not in spoken(views.own_load(HandoverPlan(quiet)))


@pytest.mark.parametrize(
    ("people", "facilitates", "shown", "hidden"),
    [
        pytest.param(1, False, "Not included: 1 person not in any agency", "Not in any agency", id="one, to all"),
        pytest.param(1, True, "Not in any agency: 60 h (1 person). Only facilitators see this.", "300 h", id="one"),
        pytest.param(3, False, "Not in any agency *180 h*", "Not included: 3", id="three"),
    ],
)
def test_people_in_no_agency_are_counted_and_shown_unless_they_are_too_few(people, facilitates, shown, hidden):
    seen = picture("Elm", 2, 4)
    zoes = [person(900 + n, "Zoe", None, load=60.0, hours=90) for n in range(people)]
    seen = replace(seen, people=[*seen.people, *zoes])
    text = spoken(workload_views.share_bars(SharesSnapshot.of(seen, {}), facilitates=facilitates))
    assert shown in text and hidden not in text
    assert f"*Agencies' shares* · {seen.total + (180 if people == 3 else 0):g} h in the next 30 days" in text
    page = spoken(workload_views.people_page(report(seen), paginate(seen.people, 0), []))
    assert f"Not in any agency: {60 * people} h" in page and f"{seen.total + 60 * people:g} h in the next 30" in page


def test_the_total_of_one_or_two_people_is_not_shown():
    seen = picture("Elm", 1, 2)
    assert "60 h" not in spoken(workload_views.share_bars(SharesSnapshot.of(seen, {})))


@pytest.mark.parametrize("facilitates", [False, True])
def test_people_in_no_agency_are_shown_where_the_shares_are_not(facilitates):
    seen = picture("Elm", 1, 4)
    zoes = [person(900 + n, "Zoe", None, load=60.0, hours=90) for n in range(3)]
    seen = replace(seen, people=[*seen.people, *zoes])
    text = spoken(workload_views.share_bars(SharesSnapshot.of(seen, {}), facilitates=facilitates))
    assert "Not shown by agency" in text and "Not in any agency *180 h*" in text


def test_after_a_small_agency_ended_no_sum_is_shown_until_the_next_week_is_recorded():
    seen = picture("Elm", 3, 4)
    zoes = [person(900 + n, "Zoe", None, load=60.0, hours=90) for n in range(3)]
    seen = replace(seen, people=[*seen.people, *zoes])
    week = {one.id: WeekRecord(5.0, 4) for one in seen.agencies} | {99: WeekRecord(5.0, 2)}
    shares = SharesSnapshot.of(seen, {TODAY: week})
    text = spoken(workload_views.share_bars(shares))
    assert "Not shown until next week" in text and "180 h" not in text and f"{seen.total:g} h" not in text
    assert "in the next 30 days" not in workload_views.shares_message(shares)["text"]
    assert workload_views.share_charts(shares) == []


def test_a_task_without_owner_and_effort_is_counted_once():
    seen = replace(picture("Elm", 3, 4), unowned=5, unowned_hours=20, unsized=1)
    text = spoken(workload_views.share_bars(SharesSnapshot.of(seen, {})))
    assert "5 tasks without an owner (about 20 h) and 1 more without an effort" in text
    assert "1 task without an effort" in spoken(
        workload_views.share_bars(SharesSnapshot.of(replace(seen, unowned=0, unowned_hours=0), {}))
    )


def test_who_can_be_asked_within_an_agency_above_its_share_is_available():
    """Eva and Finn are in one agency, which carries more than its share; Finn carries too much."""
    people = [person(1, "Eva", 1, load=0.0, hours=20, basis=RoomBasis(20, 0)), person(2, "Finn", 1, load=90.0, hours=8)]
    shares = [Share(1, "Elm", NOW, 2, 1.0, 90.0, 45.0, 90.0), Share(2, "Oak", NOW, 1, 1.0, 0.0, 45.0, 0.0)]
    seen = LoadSnapshot(TODAY, people, shares, 150, unowned=0, unowned_hours=0, unsized=0, sized=9)
    assert texts.room_text(seen) == "Eva offered to take on more work and has room."
    calm = replace(seen, people=[people[0], replace(people[1], load=Load(90.0, 100.0))])
    assert texts.room_text(calm) == "Nobody who offered to take on more work is available right now."


def test_a_source_that_pays_just_over_half_is_not_said_to_pay_half():
    partnership = PartnershipSnapshot([], [(1, "Grant A", 50_100), (2, "Other", 50_000)], [])
    known = replace(report(picture("Elm", 3, 4)), partnership=partnership)
    text = texts.warning_text(known, caution(1, WarningKind.FUNDING, "source/1"))
    assert "$501 of $1,001 a year (just over 50 %)" in text
