"""The Markdown of `markdown` blocks, as HTML."""

import pytest

from bot.sandbox.page.markdown import markdown
from tests.sandbox.test_page_elements import READER


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
        ("", ""),
    ],
)
def test_markdown_is_drawn(text, html):
    many = "<p><strong>b</strong> <strong>b</strong> <em>i</em> <em>i</em> <s>s</s> <code>*c*</code></p>"
    assert markdown(text, READER) == (html or ("" if not text else many))


def test_links_are_followed_only_where_they_are_harmless():
    drawn = markdown("[**a**](https://a.example) ![pic](https://b.example/p.png) [x](javascript:alert(1))", READER)
    assert '<a href="https://a.example" target="_blank" rel="noopener noreferrer"><strong>a</strong></a>' in drawn
    assert 'href="https://b.example/p.png"' in drawn
    assert "<img" not in drawn
    assert "javascript" not in drawn


def test_a_table_and_boxes_are_drawn():
    drawn = markdown("| Agency | Heard |\n|:--|--:|\n| Elm | **4** |\n\n- [x] done\n- [ ] open", READER)
    assert '<th scope="col" class="align-left">Agency</th><th scope="col" class="align-right">Heard</th>' in drawn
    assert '<td class="align-left">Elm</td><td class="align-right"><strong>4</strong></td></tr>' in drawn
    assert 'aria-label="Done">☑</span> done' in drawn
    assert 'aria-label="Open">☐</span> open' in drawn


@pytest.mark.parametrize("piece", [">", "- ", "*a ", "**a ", "`", "[", "|-", "# ", "~~a ", "_a "])
def test_any_text_that_slack_takes_can_be_drawn(piece):
    assert markdown(piece * (12_000 // len(piece)), READER)
