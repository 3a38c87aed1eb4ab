"""What the server makes of HTML, and the words in which it refuses it."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.entities import settled, trimmed, utf16_length, utf16_slice, with_found
from bot.local.html import KINDS, parse_html
from bot.local.refusal import RefusedError


@pytest.mark.parametrize(
    ("tag", "kind"),
    [(tag, kind) for tag, kind in KINDS.items() if tag not in ("a", "span", "tg-emoji", "tg-time")],
)
def test_a_tag_becomes_an_entity_over_its_text(tag: str, kind: str) -> None:
    assert parse_html(f"前<{tag}>中文</{tag}>后") == (
        "前中文后",
        [{"offset": 1, "length": 2, "type": kind}],
    )


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ('<a href="https://a.cn/x?a=1&amp;b=2">x</a>', {"url": "https://a.cn/x?a=1&b=2"}),
        ('<a href="tg://user?id=7">x</a>', {"type": "text_mention"}),
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>', {"type": "custom_emoji"}),
        ('<tg-time unix="1647531900">x</tg-time>', {"unix_time": 1647531900}),
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ('<pre><code class="language-python">x</code></pre>', {"language": "python"}),
        ("<B>x</B>", {"type": "bold"}),
        ("<b>x</>", {"type": "bold"}),
    ],
)
def test_attributes_and_spellings_are_understood(source: str, entity: dict[str, object]) -> None:
    text, entities = parse_html(source)
    assert text == "x"
    assert entity.items() <= entities[0].items()
    assert len(entities) == 1


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("你<p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("你<b>x", "Can't find end tag corresponding to start tag b"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("2 < 3", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href>y</a>", 'Expected equal sign in declaration of an attribute of the tag "a"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_with_its_place_in_bytes(source: str, why: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_html(source)
    assert refused.value.description.startswith(f"Bad Request: can't parse entities: {why}")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#20013;&#x6587;", "中文"),
        ("&amp;lt;", "&lt;"),
        ("&nbsp;&copy; a & b", "&nbsp;&copy; a & b"),
    ],
)
def test_only_four_named_references_and_all_numbers_are_read(source: str, text: str) -> None:
    assert parse_html(source) == (text, [])


def test_lengths_are_in_utf16_code_units() -> None:
    assert parse_html("😀<b>😀</b>")[1] == [{"offset": 2, "length": 2, "type": "bold"}]


def test_outer_entities_come_first() -> None:
    kinds = [one["type"] for one in parse_html("<blockquote><b>甲</b>乙</blockquote>")[1]]
    assert kinds == ["blockquote", "bold"]


def test_an_entity_without_text_vanishes() -> None:
    assert parse_html("a<b></b>") == ("a", [])


def test_a_quote_cannot_hold_another_and_code_holds_nothing() -> None:
    _, entities = parse_html(
        "<blockquote>甲<blockquote>乙</blockquote></blockquote><code>a<b>c</b></code>"
    )
    assert [one["type"] for one in settled(entities)] == ["blockquote", "code"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text)) == (text, [])


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(min_size=1, alphabet="甲😀a"))
def test_an_entity_covers_exactly_its_text(before: str, inside: str) -> None:
    text, entities = parse_html(f"{html.escape(before)}<i>{inside}</i>")
    (entity,) = entities
    assert utf16_slice(text, entity["offset"], entity["length"]) == inside
    assert entity["offset"] == utf16_length(before)


def test_white_space_at_the_ends_is_cut_and_entities_move() -> None:
    text, entities = parse_html("\n  <b> 甲 </b>\n")
    assert trimmed(text, entities) == ("甲", [{"offset": 0, "length": 1, "type": "bold"}])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("/start", {"bot_command": "/start"}),
        ("请 /help@my_bot 一下", {"bot_command": "/help@my_bot"}),
        ("/搜索 未来", {}),
        ("/date2024年", {}),
        ("1/2", {}),
        ("@liming 你好", {"mention": "@liming"}),
        ("a@b.cn", {}),
        ("#未来产业 好", {"hashtag": "#未来产业"}),
        ("见https://a.cn/b。", {}),
        ("见 https://a.cn/b。", {"url": "https://a.cn/b"}),
    ],
)
def test_commands_and_mentions_are_found_in_plain_text(text: str, kinds: dict[str, str]) -> None:
    found = {
        one["type"]: utf16_slice(text, one["offset"], one["length"]) for one in with_found(text, [])
    }
    assert found == kinds
