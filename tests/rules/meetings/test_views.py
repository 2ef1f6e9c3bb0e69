"""Messages and forms about meetings stay within Slack's limits, whatever people type and however much."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from slack_sdk.models.blocks import SectionBlock

from handlers.kit.notices import sweep
from handlers.meetings import forms, views
from handlers.meetings.minutes import forms as minutes_forms
from handlers.meetings.minutes import views as minutes_views
from handlers.meetings.minutes.snapshot import ActionItem, MinutesSnapshot, ProposedCorrection, RecordedDecision
from handlers.meetings.snapshot import AgendaLine, LateMinutes, MeetingSnapshot, OpenProposal

START = datetime(2026, 12, 3, 21, tzinfo=UTC)
HOSTILE = pytest.mark.parametrize("sign", ["x", "&", '"', "<", "\\", "é", "\U0001f600"])


def meeting(sign, lines=30):
    return MeetingSnapshot(
        id=1,
        title=sign * 100,
        team_id="T1",
        channel="C0123456789",
        private=False,
        zone="America/Argentina/ComodRivadavia",
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        length=60,
        recurrence="every first Thursday of the month at 2:00 PM",
        recurring=True,
        chair=sign * 80,
        chair_id=1,
        notes=sign * 80,
        notes_id=2,
        cancelled=False,
        has_minutes=False,
        lines=[AgendaLine(n, sign * 150, sign * 80, n, 480, n % 2) for n in range(1, lines + 1)],
        proposals=[OpenProposal(n, sign * 200, START) for n in range(25)],
    )


def minutes(sign, *, accepted=False):
    return MinutesSnapshot(
        id=1,
        meeting=meeting(sign),
        author=sign * 80,
        parts=[(sign * 150, sign * 3000) for _ in range(21)],
        decisions=[RecordedDecision(n, sign * 1000, sign * 1000, n if n % 2 else None, n) for n in range(1, 21)],
        actions=[ActionItem(sign * 200, sign * 80, date(2026, 12, 10), n) for n in range(25)],
        agencies=[sign * 120 for _ in range(100)],
        people=sign * 300,
        accepts_at=START,
        accepted_at=START if accepted else None,
        taken=[ProposedCorrection(sign * 80, 20, sign * 1000) for _ in range(30)],
        pending=[ProposedCorrection(sign * 80, 20, sign * 1000) for _ in range(30)],
    )


@HOSTILE
def test_messages_about_a_full_meeting_fit(sign):
    full, late = meeting(sign), [LateMinutes(START, sign * 80)] * 20
    for body in (views.agenda(full, late), views.call_for_items(full, late)):
        assert body["blocks"]
    assert len(views.overview([(full, True)] * 5, 3, 2)) <= 50
    shown = views.agenda_for_reader(full, full.lines, may_publish=True)
    assert views.block_kit.message("The agenda", shown)["blocks"]


@HOSTILE
def test_the_list_of_full_meetings_fits(sign):
    blocks = views.overview([(meeting(sign), True)] * 5, 0, 0)
    assert views.block_kit.message("The next meetings.", blocks)["blocks"]


@HOSTILE
def test_notices_fit_alone_and_together_in_messages(sign):
    full = meeting(sign)
    pieces = [
        views.chair_notice(full),
        minutes_views.note_taker_notice(full),
        minutes_views.note_taker_left(full, can_name=True),
        views.reminder(full, ["You chair it.", f"You bring {sign * 300}."], begun=False),
        minutes_views.minutes_request(full, 2),
        minutes_views.missing_minutes(full),
        minutes_views.correction_request(full, 1, sign * 1000, sign * 80, minutes(sign).decisions[0]),
        minutes_views.late_minutes(full),
    ]
    for piece in pieces:
        assert sweep.combine_parts([piece])
    assert sweep.combine_parts(pieces)


@HOSTILE
@pytest.mark.parametrize("accepted", [False, True])
def test_very_long_minutes_fit_page_by_page_and_nothing_is_lost(sign, accepted):
    full = minutes(sign, accepted=accepted)
    first = minutes_views.live(full)
    later = minutes_views.later_pages(full)
    assert len(first["blocks"]) <= 50
    assert all(len(page["blocks"]) <= 50 for page in later)
    assert len(minutes_views.whole(full, {})["blocks"]) <= 100
    text = "".join(
        block.text.text for page in minutes_views._pages(full) for block in page if isinstance(block, SectionBlock)
    )
    assert text.count(minutes_views.escape(sign)) >= 20 * 1000 + 21 * 3000


@HOSTILE
def test_corrections_do_not_change_the_pages(sign):
    after = minutes(sign, accepted=True)
    first = replace(after.decisions[0], text=after.decisions[0].original, original=None)
    before = replace(minutes(sign), decisions=[first, *after.decisions[1:]])
    pages = [[b.to_dict() for page in minutes_views._pages(shown) for b in page] for shown in (before, after)]
    assert pages[0] == pages[1]


@HOSTILE
def test_forms_about_a_full_meeting_fit(sign):
    full, kept = meeting(sign), minutes(sign)
    agencies = dict.fromkeys(range(150), sign * 120)
    for each in (False, True):
        view = minutes_forms.write_minutes({}, full, agencies, each=each)
        assert len(view["blocks"]) <= 100
    for view in (
        minutes_forms.propose_correction({}, kept),
        minutes_forms.object_to_decision({}, kept, sign * 120),
        forms.add_item({}, full, "U1"),
        forms.move_meeting({}, full),
        forms.cancel_meeting({}, full),
        forms.edit_series({}, full, in_channel=True, chair="U1", notes="U2"),
    ):
        assert all(len(str(block)) < 20_000 for block in view["blocks"])
        assert len(view["title"]["text"]) <= 24
