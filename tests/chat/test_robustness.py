"""Whatever people type, they get an answer, and never that something went wrong."""

from __future__ import annotations

import pytest

from tests.chat.conftest import Talk

ODD = [
    "0",
    "-",
    "--",
    "-新质生产力",
    '""',
    "“”",
    "“",
    "「新质",
    "/",
    "//",
    "/ 搜索",
    "/搜索 新质生产力",
    "查:",
    "查：：：",
    "搜索 \n 新质\n生产力",
    "订阅 -1点",
    "订阅 99999999999999999999点",
    "订阅 只推",
    "订阅 只推 </b>",
    "设置 时区",
    "设置 时间",
    "设置 <script>",
    "为什么 2024年13月",
    "为什么 0000年0月0日",
    "日期 99999年",
    "日期 -",
    "阅读 0",
    "阅读 -1",
    "阅读 999999999999999999999",
    "阅读 《》",
    "/read ²",
    "/read ٣",
    "/start x y z",
    "/why " + "昨天" * 50,
    "/settings " + "7:30 " * 300,
    "/subscribe " + "周一 " * 60,
    "2024年2月30日到2023年",
    "4月31日 <b>",
    "%s %d {0} {}",
    "'; DROP TABLE chats; --",
    "\u202e反过来的字",
    "👩‍👩‍👧🇨🇳👍🏽",
    "e\u0301" * 40,
    "Ａ" * 200,
    "新" * 4096,
    "1 2 3 4 5 6 7 8 9 " * 11,
    "人工智能 " * 40,
    "（（（（（（",
    "&lt;b&gt; &amp;",
    "@studybot_local_bot",
    "a" * 200,
    "nao ji jie kou",
    "𠮷𠮷",
    "\u200b\u200b新\u200b质",
]


@pytest.mark.parametrize("text", ODD)
async def test_any_text_in_private_is_answered(talk: Talk, text: str) -> None:
    answers = await talk.say(text)
    assert answers
    assert not any("刚才出了点问题" in answer.text for answer in answers)


async def test_no_call_of_a_whole_conversation_was_refused(talk: Talk) -> None:
    for text in ODD[::3]:
        await talk.say(text)
    assert [call for call in talk.telegram.calls if not call.ok] == []
