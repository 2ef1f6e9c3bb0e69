"""Texts by people and apps as HTML: faithful to Slack, and never markup of theirs."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.page.blocks import render_text
from bot.sandbox.page.dates import slack_date
from bot.sandbox.page.mrkdwn import mrkdwn
from bot.sandbox.page.reader import Reader, zone

NOON = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
ANA = {"id": "U1", "name": "ana", "real_name": "Ana Reyes", "tz": "America/Denver"}
BEN = {"id": "U2", "name": "ben", "real_name": "Ben <b>", "tz": "Europe/Berlin"}
READER = Reader(ANA, {"U1": ANA, "U2": BEN}, {"C1": {"id": "C1", "name": "council"}}, NOON)
A = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
MENTION = '<span class="mention">{}</span>'
TOMORROW = int(datetime(2026, 12, 2, 17, 5, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("_*both*_", "<em><strong>both</strong></em>"),
        ("2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c"),
        ("*not\nover lines*", "*not<br>over lines*"),
        ("`*code* &lt;b&gt;`", "<code>*code* &lt;b&gt;</code>"),
        ("a\n```\nx *y*\n```\nb", "a<pre>x *y*</pre>b"),
        ("`<https://a.example|label>`", "<code>label</code>"),
        ("&gt; one\n> two\nthree", "<blockquote>one<br>two</blockquote>three"),
        ("a\n>>> b\nc", "a<blockquote>b<br>c</blockquote>"),
        ("• one\n• two", "• one<br>• two"),
        ("&amp;lt; &amp;", "&amp;lt; &amp;"),
        (
            "<https://a.example/?x=1&amp;y=2|*the* page>",
            A.format("https://a.example/?x=1&amp;y=2", "*the* page"),
        ),
        (
            "see https://a.example/b_c_d.",
            "see " + A.format("https://a.example/b_c_d", "https://a.example/b_c_d") + ".",
        ),
        ("<mailto:ana@a.example|write>", A.format("mailto:ana@a.example", "write")),
        (
            "*see <https://a.example|b*c>*",
            "<strong>see " + A.format("https://a.example", "b*c") + "</strong>",
        ),
        ("<@U1> in <#C1>", MENTION.format("@Ana Reyes") + " in " + MENTION.format("#council")),
        ("<@U9|gone> <#C9>", MENTION.format("@U9") + " " + MENTION.format("#C9")),
        ("<@U2>", MENTION.format("@Ben &lt;b&gt;")),
        ("<!here> <!channel|x>", MENTION.format("@here") + " " + MENTION.format("@channel")),
        ("<!subteam^S1|@elm>", MENTION.format("@elm")),
        ("@here #council #nowhere", f"{MENTION.format('@here')} {MENTION.format('#council')} #nowhere"),
        (":tada: :no_such:", '<span class="emoji" role="img" aria-label="tada">🎉</span> :no_such:'),
        ("10:30:45", "10:30:45"),
    ],
)
def test_mrkdwn_is_rendered_as_by_slack(typed, drawn):
    assert mrkdwn(typed, READER) == drawn


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "```<script>alert(1)</script>```",
        "`<script>`",
        "*<script>*",
        "> <script>",
        "<https://a.example|<script>>",
        '<https://a.example/" onmouseover="alert(1)|x>',
        "<https://a.example/'><script>|x>",
        '<!date^1^{date}^https://a.example/"><script>|x>',
        "<!date^1^<script>|<script>>",
        "<!subteam^S1|<script>>",
        '<@U1"><script>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&amp;lt;script&amp;gt;",
        "<javascript:alert(1)|click>",
        "<JaVaScRiPt:alert(1)>",
        "<data:text/html;base64,PHNjcmlwdD4=|x>",
        "<!date^1^{date}^javascript:alert(1)|x>",
        "\u202e<script>\u202c مرحبا",
        ":<script>:",
    ],
)
@pytest.mark.parametrize("verbatim", [True, False])
def test_hostile_text_never_becomes_markup(typed, verbatim):
    drawn = mrkdwn(typed, READER, verbatim=verbatim).lower()
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert 'href="javascript' not in drawn
    assert 'href="data' not in drawn
    assert ' onmouseover="' not in drawn


def test_an_unsafe_link_keeps_only_its_label():
    assert mrkdwn("<javascript:alert(1)|click>", READER) == "click"


def test_right_to_left_text_is_kept_as_it_is():
    assert mrkdwn("*مرحبا* بالجميع", READER) == "<strong>مرحبا</strong> بالجميع"


@pytest.mark.parametrize("typed", ["@here", "#council", "https://a.example/x"])
def test_verbatim_leaves_typed_names_and_addresses_alone(typed):
    assert mrkdwn(typed, READER, verbatim=True) == typed
    assert mrkdwn(typed, READER) != typed


def test_verbatim_still_renders_explicit_links():
    drawn = mrkdwn("*<@U1>*", READER, verbatim=True)
    assert drawn == "<strong>" + MENTION.format("@Ana Reyes") + "</strong>"


def test_plain_text_is_rendered_as_typed_apart_from_emoji():
    assert (
        render_text({"type": "plain_text", "text": "*a* <b> &lt; :tada:\nz"}, READER)
        == "*a* &lt;b&gt; &amp;lt; 🎉<br>z"
    )


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("{date_num}", "2026-12-02"),
        ("{date_slash}", "12/02/2026"),
        ("{date}", "December 2nd"),
        ("{date_short}", "Dec 2"),
        ("{date_long}", "Wednesday, December 2nd"),
        ("{date_long_full}", "December 2, 2026"),
        ("closes {date_pretty}", "closes tomorrow"),
        ("{date_short_pretty} at {time}", "Tomorrow at 10:05 AM"),
        ("on {date_long_pretty}", "on tomorrow"),
        ("{day_divider_pretty}", "Tomorrow"),
        ("{time_secs}", "10:05:00 AM"),
        ("{ago}", "In 22 hours"),
        ("{unheard_of}", "{unheard_of}"),
    ],
)
def test_a_date_is_shown_in_the_readers_zone(form, words):
    assert slack_date(TOMORROW, form, READER.local_now) == words


def test_the_year_is_shown_only_if_it_is_ambiguous():
    assert slack_date(TOMORROW + 86400 * 300, "{date_short}", READER.local_now) == "Sep 28, 2027"
    assert slack_date(TOMORROW - 86400 * 22, "{date}", READER.local_now) == "November 10th"


def test_a_date_in_a_text_shows_its_zone_in_a_tooltip():
    drawn = mrkdwn(f"closes <!date^{TOMORROW}^{{date_short_pretty}}, {{time}}|soon>", READER)
    assert drawn == (
        'closes <time title="Wednesday, 2 December 2026, 10:05 (America/Denver)">Tomorrow, 10:05 AM</time>'
    )


def test_a_date_outside_the_calendar_uses_the_fallback():
    assert mrkdwn("<!date^99999999999999999^{date}|some day &amp; time>", READER) == "some day &amp; time"


def test_many_opening_brackets_are_parsed_quickly():
    for sign in "*_~`<":
        assert mrkdwn(f"{sign}a " * 5000, READER)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "1st"), (1, "2nd"), (2, "3rd"), (3, "4th"), (10, "11th"), (12, "13th"), (20, "21st")],
)
def test_days_have_ordinal_endings(days, words):
    assert slack_date(NOON.timestamp() + days * 86400, "{date}", READER.local_now) == f"December {words}"


def test_the_current_time_is_now():
    assert slack_date(NOON.timestamp(), "since {ago}", READER.local_now) == "since now"


@pytest.mark.parametrize("name", ["Nowhere/Land", "", "../etc"])
def test_an_unknown_zone_is_utc(name):
    assert zone({"tz": name}).key == "UTC"
