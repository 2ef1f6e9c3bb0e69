"""The Markdown of `markdown` blocks as HTML."""

import pytest

from bot.sandbox.page.markdown import markdown
from tests.sandbox.page_rendering import READER


def draw(text):
    return markdown(text, READER).replace("\n", "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One #\n### Three", "<h3>One</h3><h3>Three</h3>"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("**b** __b__ *i* _i_ ~~s~~ `*c*`", None),
        ("snake_case_name 2*3*4", "<p>snake_case_name 2<em>3</em>4</p>"),
        ("\\*not\\* a &amp; b < c", "<p>*not* a &amp; b &lt; c</p>"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("> a\n> b\n\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>"),
        ("```py\n*a* <b>\n```\nc", "<pre>*a* &lt;b&gt;</pre><p>c</p>"),
        ("```\nnot closed", "<pre>not closed</pre>"),
        ("a\n***\nb", "<p>a</p><hr><p>b</p>"),
        ("<@U1> in <#C1>", '<p><span class="mention">@Ana Reyes</span> in <span class="mention">#council</span></p>'),
        ("**bold with _inner_**", "<p><strong>bold with <em>inner</em></strong></p>"),
        ("so :tada: :my_own:", '<p>so <span class="emoji" role="img" aria-label="tada">🎉</span> :my_own:</p>'),
        ("", ""),
    ],
)
def test_markdown_is_rendered(text, html):
    many = "<p><strong>b</strong> <strong>b</strong> <em>i</em> <em>i</em> <s>s</s> <code>*c*</code></p>"
    assert draw(text) == (html or ("" if not text else many))


def test_only_safe_links_are_rendered():
    drawn = draw(
        "[**a**](https://a.example) ![pic](https://b.example/p.png) [x](javascript:alert(1)) [y](/etc) <ftp:z>"
    )
    assert '<a href="https://a.example" target="_blank" rel="noopener noreferrer"><strong>a</strong></a>' in drawn
    assert 'href="https://b.example/p.png"' in drawn
    assert "<img" not in drawn
    assert " [x](javascript:alert(1)) y ftp:z</p>" in drawn


@pytest.mark.parametrize(
    ("text", "address", "around"),
    [
        ("see https://a.example/b_c_d?e=1&f=2.", "https://a.example/b_c_d?e=1&amp;f=2", "see {}."),
        ("(http://a.example/*b*)", "http://a.example/*b", "({}*)"),
        ("**https://a.example**", "https://a.example", "<strong>{}</strong>"),
        ("<https://a.example>", "https://a.example", "{}"),
    ],
)
def test_a_bare_address_becomes_a_link(text, address, around):
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>'
    assert draw(text) == f"<p>{around.format(link)}</p>"


@pytest.mark.parametrize(
    "text",
    ["[https://a.example](https://b.example)", "[![https://a.example](https://a.example/p.png)](https://b.example)"],
)
def test_links_are_not_nested(text):
    assert draw(text).count("<a ") == draw(text).count("</a>") == 1
    assert 'href="https://b.example"' in draw(text)
    assert ">https://a.example<" in draw(text)


def test_the_scheme_alone_is_not_a_link():
    assert draw("http: https:// http://. nohttps: :http") == "<p>http: https:// http://. nohttps: :http</p>"


def test_a_table_and_task_lists_are_rendered():
    drawn = draw("| Agency | Heard |\n|:--|--:|\n| Elm | **4** |\n\n- [x] done\n- [ ] open")
    assert '<th scope="col" class="align-left">Agency</th><th scope="col" class="align-right">Heard</th>' in drawn
    assert '<td class="align-left">Elm</td><td class="align-right"><strong>4</strong></td></tr>' in drawn
    assert 'aria-label="Table: Agency, Heard"><table>' in drawn
    assert 'aria-label="Done">☑</span> done' in drawn
    assert 'aria-label="Open">☐</span> open' in drawn


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>",
        "# <b>",
        "|<b>|\n|-|\n|<b>|",
        "`<b>`",
        "    <b>",
        "[<b>](https://a.example/<b>)",
        "![<b>](https://a.example)",
        "- [x] <b>",
        '[x](https://a.example/"><b> "><b>")',
    ],
)
def test_nothing_that_is_typed_becomes_markup(text):
    assert "<b>" not in draw(text)


@pytest.mark.parametrize(
    "piece",
    [">", "- ", "*a ", "**a ", "`", "[", "|-", "# ", "~~a ", "_a ", "<@", "http://", "*a **b ", "[](", ":a:"],
)
def test_any_text_that_slack_accepts_can_be_rendered(piece):
    assert draw(piece * (12_000 // len(piece)))
