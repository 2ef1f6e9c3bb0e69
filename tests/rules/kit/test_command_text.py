"""Parsing the text of commands, as Slack sends it."""

import html

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.kit import quotes
from handlers.kit.command_text import parse, parse_number, unwrap
from handlers.kit.refusals import Ambiguous, Refusal

KEYS = ("why", "rule", "weight", "domain", "multi", "in-kind")
DATED = ("closes", "due")


def parsed(raw):
    return parse(raw, KEYS, DATED)


def words(raw):
    return [word.text for word in parsed(raw).words]


# quotes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param('now "Adopt the shared calendar"', id="straight quotes"),
        pytest.param("now “Adopt the shared calendar”", id="curly quotes"),
        pytest.param("now „Adopt the shared calendar“", id="German quotes"),
        pytest.param("now «Adopt the shared calendar»", id="French quotes"),
        pytest.param("now « Adopt the shared calendar »", id="French quotes with spaces"),
        pytest.param("now »Adopt the shared calendar«", id="quotes of Danish books"),
        pytest.param("now ”Adopt the shared calendar”", id="Swedish quotes"),
        pytest.param('now “Adopt the shared calendar"', id="a curly and a straight one"),
        pytest.param('now "Adopt the shared calendar', id="a straight quote that is not closed"),
        pytest.param("now “Adopt the shared calendar", id="a curly quote that is not closed"),
        pytest.param('now"Adopt the shared calendar"', id="no space before the quote"),
    ],
)
def test_quotes_keep_words_together(raw):
    text = parsed(raw)
    assert text.quoted == ["Adopt the shared calendar"]
    assert [(word.text, word.quoted) for word in text.words] == [("now", False), ("Adopt the shared calendar", True)]
    assert text.first == "now"


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        pytest.param(
            '"Should ballots be “hidden” or not?" "yes" "no"',
            ["Should ballots be “hidden” or not?", "yes", "no"],
            id="curly quotes within straight ones",
        ),
        pytest.param('“Is "consent" right?” “yes”', ['Is "consent" right?', "yes"], id="straight within curly ones"),
        pytest.param("“Is “consent” right?” “yes”", ["Is “consent” right?", "yes"], id="curly within curly ones"),
        pytest.param("„Heißt es «so»?“ „ja“", ["Heißt es «so»?", "ja"], id="French within German ones"),
        pytest.param('“A 6" pipe” “A 8" pipe”', ['A 6" pipe', 'A 8" pipe'], id="inches within curly quotes"),
        pytest.param('"A 24" screen"', ['A 24" screen'], id="inches within straight quotes"),
        pytest.param('“Year 2026” "Day 5" “B”', ["Year 2026", "Day 5", "B"], id="a number before a closing quote"),
        pytest.param('"Which week?” "12 Jan” "19 Jan”', ["Which week?", "12 Jan", "19 Jan"], id="mixed by a phone"),
        pytest.param('„Which week?" „12 Jan"', ["Which week?", "12 Jan"], id="mixed by a German keyboard"),
    ],
)
def test_an_opening_quote_closes_with_its_own_partner(raw, texts):
    assert parsed(raw).quoted == texts


@pytest.mark.parametrize(
    ("raw", "ways"),
    [
        pytest.param(
            '"Is "consent" right?" "yes"',
            [["Is", "consent", "right?", "yes"], ['Is "consent" right?', "yes"]],
            id="straight quotes within straight ones",
        ),
        pytest.param(
            'now "T" why:"It is "good" &amp; cheap" x',
            [["now", "T", "good", "& cheap", "x"], ["now", "T", "x"]],
            id="in an option",
        ),
        pytest.param(
            'add "The "big" room" <@U1|ben>',
            [["add", "The", "big", "room", "ben"], ["add", 'The "big" room', "ben"]],
            id="beside a mention",
        ),
    ],
)
def test_quotes_that_can_be_read_in_two_ways_are_asked_about(raw, ways):
    with pytest.raises(Ambiguous) as question:
        parsed(raw)
    assert question.value.typed == raw
    again = [parsed(reading.text) for reading in question.value.readings]
    assert [[word.text for word in text.words] for text in again] == ways
    assert all(text.people == (("U1",) if "<@U1" in raw else ()) for text in again)


def test_a_quoted_first_word_is_not_a_subcommand():
    assert parsed('"help" me').first == ""
    assert parsed("").first == ""


def test_quoted_texts_keep_their_order_with_and_without_spaces_between():
    assert parsed('"Which week?" "12 Jan""19 Jan"').quoted == ["Which week?", "12 Jan", "19 Jan"]


@pytest.mark.parametrize(
    ("raw", "rest", "gaps"),
    [
        pytest.param('add "" x', ["add", "x"], 1, id="a pair with nothing between"),
        pytest.param("add “ ” „“", ["add"], 2, id="two pairs, one with a space"),
        pytest.param('"«', [], 1, id="two quotes that do not match"),
        pytest.param('add "', ["add"], 0, id="a single quote"),
        pytest.param('why:"" x', ["x"], 0, id="an option left empty"),
    ],
)
def test_empty_quotes_are_counted_but_are_not_words(raw, rest, gaps):
    text = parsed(raw)
    assert ([word.text for word in text.words], text.gaps) == (rest, gaps)


def test_apostrophes_are_not_quotes():
    assert words("join Ana's team") == ["join", "Ana's", "team"]
    assert words("join Ana’s team") == ["join", "Ana’s", "team"]


# options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "options", "rest"),
    [
        pytest.param('now "T" rule:consent', {"rule": "consent"}, ["now", "T"], id="last"),
        pytest.param('rule:consent now "T"', {"rule": "consent"}, ["now", "T"], id="first"),
        pytest.param('now rule:consent "T"', {"rule": "consent"}, ["now", "T"], id="in the middle"),
        pytest.param('"T" why:"It is time" rule:consent', {"why": "It is time", "rule": "consent"}, ["T"], id="quoted"),
        pytest.param("why:“It is time” x", {"why": "It is time"}, ["x"], id="in curly quotes"),
        pytest.param("why:„Es ist Zeit“ x", {"why": "Es ist Zeit"}, ["x"], id="in German quotes"),
        pytest.param('why:"It is time', {"why": "It is time"}, [], id="in quotes that are not closed"),
        pytest.param("RULE:Consent x", {"rule": "Consent"}, ["x"], id="in capital letters"),
        pytest.param("Note: x", {}, ["Note:", "x"], id="a word with a colon is not an option"),
        pytest.param("Budget:2027 rule:consent", {"rule": "consent"}, ["Budget:2027"], id="an unknown key is a word"),
        pytest.param('"Note: rule:consent"', {}, ["Note: rule:consent"], id="nothing within quotes is an option"),
        pytest.param("overrule:x", {}, ["overrule:x"], id="a key within a longer word is not an option"),
        pytest.param('in-kind:"Room for 40" x', {"in-kind": "Room for 40"}, ["x"], id="a key with a hyphen"),
        pytest.param("17:00 x", {}, ["17:00", "x"], id="a time of day is not an option"),
        pytest.param("rule: x", {"rule": ""}, ["x"], id="a key followed by a space has an empty value"),
    ],
)
def test_known_options_are_parsed_in_any_order(raw, options, rest):
    assert parsed(raw).options == options
    assert words(raw) == rest


@pytest.mark.parametrize("raw", ["rule:a rule:b", "rule:a x RULE:a", 'rule:"a" rule:'])
def test_an_option_typed_twice_is_refused_not_guessed(raw):
    with pytest.raises(Refusal, match="`rule:` is there twice"):
        parsed(raw)


@pytest.mark.parametrize(
    ("raw", "date", "rest"),
    [
        pytest.param('"Q" closes:friday 17:00 hidden', "friday 17:00", ["Q", "hidden"], id="a weekday with a time"),
        pytest.param('closes:friday 17:00 "Q" "a"', "friday 17:00", ["Q", "a"], id="quotes end a date"),
        pytest.param("closes:friday at 5 pm ranked", "friday at 5 pm", ["ranked"], id="a time of day in words"),
        pytest.param("closes:2026-12-01 17:00 open", "2026-12-01 17:00", ["open"], id="a date with a time"),
        pytest.param("closes:7d open", "7d", ["open"], id="a span"),
        pytest.param("closes:tomorrow 5pm @ben", "tomorrow 5pm", ["@ben"], id="tomorrow with a time"),
        pytest.param("closes:4 dec x", "4 dec", ["x"], id="a day and a month"),
        pytest.param("closes:4 december 2026 17:00 x", "4 december 2026 17:00", ["x"], id="all of it"),
        pytest.param("closes:dec 4, 17:00 x", "dec 4, 17:00", ["x"], id="a comma within a date"),
        pytest.param("closes: friday 17:00 x", "friday 17:00", ["x"], id="a space after the colon"),
        pytest.param('closes:"friday 17:00" 12', "friday 17:00", ["12"], id="quotes contain the whole date"),
        pytest.param("closes:friday 17:00 rule:consent", "friday 17:00", [], id="another option ends a date"),
        pytest.param("closes:friday 17:00 due:7d", "friday 17:00", [], id="another date ends a date"),
        pytest.param("closes:friday Mark the forms", "friday", ["Mark", "the", "forms"], id="Mark is not a month"),
        pytest.param("closes:friday at the office", "friday", ["at", "the", "office"], id="at without an hour"),
        pytest.param("closes:friday sun hats", "friday", ["sun", "hats"], id="sun is not a second weekday"),
        pytest.param(
            "closes:friday may be late", "friday", ["may", "be", "late"], id="may is not a month without a day"
        ),
        pytest.param("closes:7d 4 rooms", "7d", ["4", "rooms"], id="a number after a date"),
        pytest.param("closes:tomorrow, call Ben", "tomorrow", ["call", "Ben"], id="a comma after a date"),
        pytest.param("closes:next friday x", "next friday", ["x"], id="next friday"),
        pytest.param("closes:in 3 days x", "in 3 days", ["x"], id="in three days"),
        pytest.param("closes:end of june x", "end of june", ["x"], id="the end of a month"),
        pytest.param("closes:the end of june x", "the end of june", ["x"], id="the end of a month with an article"),
        pytest.param("closes:Fri, Dec 4, 2026, 5:00 PM MST x", "Fri, Dec 4, 2026, 5:00 PM MST", ["x"], id="as written"),
        pytest.param("closes:sometime soon", "sometime", ["soon"], id="no date at all is one word"),
    ],
)
def test_a_date_needs_no_quotes(raw, date, rest):
    assert parsed(raw).options["closes"] == date
    assert words(raw) == rest


@pytest.mark.parametrize(
    ("raw", "effort", "rest"),
    [
        pytest.param("hours:half a day Mark the forms", "half a day", ["Mark", "the", "forms"], id="half a day"),
        pytest.param("hours:2 days x", "2 days", ["x"], id="days"),
        pytest.param("hours:1h 30m x", "1h 30m", ["x"], id="hours and minutes"),
        pytest.param("hours:6 Mark the forms", "6", ["Mark", "the", "forms"], id="a number alone"),
        pytest.param("hours:6 h @ben", "6 h", ["@ben"], id="a unit apart"),
        pytest.param("hours:none x", "none", ["x"], id="no effort is one word"),
    ],
)
def test_an_effort_needs_no_quotes(raw, effort, rest):
    text = parse(raw, efforts=("hours",))
    assert text.options["hours"] == effort
    assert [word.text for word in text.words] == rest


# how Slack encodes text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("Reading &amp; writing", "Reading & writing", id="an ampersand"),
        pytest.param("&lt;b&gt;", "<b>", id="typed angle brackets"),
        pytest.param("a &amp;lt; b", "a &lt; b", id="a typed entity stays as it is"),
        pytest.param("<http://elm.k12.example|elm.k12.example>", "elm.k12.example", id="a domain"),
        pytest.param("<mailto:ben@elm.k12.example|ben@elm.k12.example>", "ben@elm.k12.example", id="an e-mail address"),
        pytest.param(
            "<https://elm.example/a?b=1&amp;c=2>", "https://elm.example/a?b=1&c=2", id="an address stays whole"
        ),
        pytest.param("<@U123|ben>", "ben", id="a person"),
        pytest.param("<@U123>", "somebody", id="a person without a name"),
        pytest.param("<#C1|general>", "#general", id="a channel"),
        pytest.param("<#C1>", "a channel", id="a channel without a name"),
        pytest.param("<#C1|>", "a channel", id="a private channel"),
        pytest.param("<!channel>", "@channel", id="the whole channel"),
        pytest.param("<!subteam^S1|@teachers>", "@teachers", id="a group"),
        pytest.param("<!subteam^S1>", "a group", id="a group without a name"),
        pytest.param("Grüße 👩‍🏫 :tada:", "Grüße 👩‍🏫 :tada:", id="emoji"),
        pytest.param("التقويم المشترك", "التقويم المشترك", id="text from right to left"),
        pytest.param("pay\u202egpj", "paygpj", id="a direction override is removed"),
        pytest.param("a\x00b", "ab", id="a control character is removed"),
    ],
)
def test_text_is_decoded_to_what_the_person_saw(raw, shown):
    assert unwrap(raw) == shown


def test_a_domain_that_slack_linked_is_parsed_as_typed():
    text = parsed('agency add "Elm" domain:<http://elm.k12.example|elm.k12.example> weight:2')
    assert text.options == {"domain": "elm.k12.example", "weight": "2"}


def test_each_mention_is_listed_once_and_in_order():
    text = parsed("member <@U2|ben> <@W3> <@U2> representative")
    assert text.people == ("U2", "W3")
    assert text.plain == ["member", "representative"]


def test_a_mention_without_a_link_stays_a_word():
    assert words("member @Ben Ortiz") == ["member", "@Ben", "Ortiz"]
    assert parsed("member @Ben Ortiz").people == ()


def test_words_are_compared_without_case_and_kept_with_it():
    text = parsed("NEW Shared Calendar")
    assert (text.first, text.after(1), text.plain) == ("new", "Shared Calendar", ["new", "shared", "calendar"])


@pytest.mark.parametrize(
    ("word", "value"),
    [("12", 12), ("#12", 12), ("0", 0), ("twelve", None), ("12a", None), ("-1", None), ("", None), ("#", None)],
)
def test_numbers_are_parsed_with_and_without_a_hash(word, value):
    assert parse_number(word) == value


# hostile text ------------------------------------------------------------------------------------------

hostile = st.text(st.one_of(st.characters(), st.sampled_from('<>@#!|&;:"“”„«» \n')), max_size=80)


@given(hostile)
@example('"«')
@example('""')
@example("“\u200b”")
def test_any_text_can_be_parsed_or_is_asked_about_once(raw):
    for text in _every_reading(raw):
        assert all(word.text for word in text.words)
        assert set(text.options) <= {*KEYS, *DATED}


def _every_reading(raw):
    try:
        return [parsed(raw)]
    except Ambiguous as question:
        return [parsed(reading.text) for reading in question.readings]


quotable = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs"], exclude_characters='"“”„‟«»'), min_size=1
).map(str.strip)


@given(
    st.lists(quotable.filter(bool), min_size=1, max_size=4),
    st.sampled_from(['""', "“”", "„“", "«»"]),
    st.sampled_from(["", "closes:friday 17:00", "multi:2", "ranked"]),
)
def test_quoted_texts_are_never_lost(texts, quotes, more):
    raw = " ".join([*(f"{quotes[0]}{html.escape(text, quote=False)}{quotes[1]}" for text in texts), more])
    assert parsed(raw).quoted == texts


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), max_size=8))
def test_plain_words_stay_as_they_are(given_words):
    assert words(" ".join(given_words)) == given_words


@given(hostile.map(lambda text: html.escape(text, quote=False)))
def test_typed_angle_brackets_never_become_a_mention(raw):
    assert all(text.people == () for text in _every_reading(raw))


@given(hostile)
def test_a_text_that_was_put_in_quotes_is_read_back_whole(text):
    text = text.strip()
    wrapped = quotes.wrap(text)
    found = quotes.readings(f"now {wrapped} x")
    assert len(found) == 1
    ((begin, quote),) = found[0].items()
    assert (begin, quote.end) == (4, 4 + len(wrapped))


def test_inches_without_quotes_open_nothing():
    assert [word.text for word in parsed('add a 24" screen').words] == ["add", "a", '24"', "screen"]
    assert parsed('add a 24" screen').quoted == []


def test_a_zone_of_several_words_needs_no_quotes():
    text = parse("setup zone:new york Northern Valleys", zones=("zone",))
    assert text.options == {"zone": "new york"}
    assert text.after(1) == "Northern Valleys"
