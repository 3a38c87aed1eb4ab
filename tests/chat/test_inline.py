"""`@bot …` in any chat: what is offered, what is sent, how long it is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.chat.inline import PAGE_SIZE
from bot.delivery.plan import tick
from bot.local.world import LocalUser
from bot.model import Choice, Corpus
from tests.chat.conftest import Talk
from tests.ledger import begin

STRANGER = "小张"


async def ask(talk: Talk, text: str, by: LocalUser | None = None, offset: str = "") -> Any:
    """What the bot answered to an inline query: the fields of answerInlineQuery."""
    question = talk.telegram.inline(by or talk.xiaowang, text, offset=offset, chat_type="group")
    await talk.settle()
    assert question.answer is not None, f"{text}: never answered"
    return question.answer


def ids(answer: Any) -> list[str]:
    return [result["id"] for result in answer["results"]]


async def test_a_word_offers_passages_with_date_and_occasion(talk: Talk) -> None:
    answer = await ask(talk, "因地制宜加快发展新质生产力")
    (result,) = answer["results"]
    assert result["title"] == "在参加十四届全国人大二次会议江苏代表团审议时强调"
    assert result["description"].startswith("2024年3月5日 · ")
    assert "因地制宜" in result["description"]


async def test_a_date_offers_the_quotation_of_that_day(talk: Talk) -> None:
    assert ids(await ask(talk, "2024年3月5日")) == ["q-2024-03-05"]


async def test_what_is_sent_carries_its_whole_attribution(talk: Talk, corpus: Corpus) -> None:
    (result,) = (await ask(talk, "2024年3月5日"))["results"]
    quote = corpus.quote("q-2024-03-05")
    assert quote is not None
    sent = result["shown"]["text"]
    assert sent.startswith(quote.text)
    for part in (quote.occasion, "2024年3月5日", "作者：习近平", "出处：", "编号：q-2024-03-05"):
        assert part in sent
    assert result["shown"]["entities"][0]["type"].endswith("blockquote")


async def test_a_reading_is_sent_with_author_source_and_id(talk: Talk) -> None:
    answer = await ask(talk, "文章 未来产业")
    first = answer["results"][0]
    for part in ("【导读】", "作者：", "来源：", f"编号：{first['id']}"):
        assert part in first["shown"]["text"]
    assert first["title"].startswith("《")


async def test_pages_follow_each_other_to_the_last_and_repeat_nothing(talk: Talk) -> None:
    seen: list[str] = []
    offset = ""
    while True:
        answer = await ask(talk, "未来产业", offset=offset)
        seen += ids(answer)
        assert len(answer["results"]) <= PAGE_SIZE
        offset = answer.get("next_offset", "")
        if not offset:
            break
    assert len(seen) == len(set(seen)) > PAGE_SIZE


@pytest.mark.parametrize("offset", ["x", "-1", "²", "9" * 30, "100000"])
async def test_an_offset_we_never_gave_is_answered_in_peace(talk: Talk, offset: str) -> None:
    assert "next_offset" not in await ask(talk, "因地制宜", offset=offset)


async def test_an_empty_query_offers_the_private_chats_own_quotation(talk: Talk) -> None:
    todays = await talk.answer("/quote")
    answer = await ask(talk, "")
    assert f"编号：{ids(answer)[0]}" in todays.text
    assert answer["results"][0]["title"].startswith("今日一语 · ")
    assert "button" not in answer


async def test_an_empty_query_offers_what_the_push_showed(talk: Talk) -> None:
    await talk.answer("/subscribe 12:30")
    talk.clock.move(timedelta(minutes=30))
    assert await tick(talk.store) == 1
    (row,) = await talk.store.claim("test", 1, timedelta(minutes=1))
    await begin(talk.store, row, Choice("q-2014-12-09", "round"))
    assert ids(await ask(talk, "  ")) == ["q-2014-12-09"]


async def test_a_stranger_is_offered_everyones_quotation_and_the_way_to_the_bot(talk: Talk) -> None:
    stranger, other = talk.telegram.user(STRANGER), talk.telegram.user("小赵")
    answer = await ask(talk, "", stranger)
    assert ids(answer) == ids(await ask(talk, "", other))
    assert answer["button"]["start_parameter"] == "inline"
    talk.clock.move(timedelta(days=1))
    assert ids(await ask(talk, "", stranger)) != ids(answer)


async def test_an_anniversary_is_offered_on_its_day(talk: Talk) -> None:
    talk.clock.move(timedelta(days=15))  # 9 December
    answer = await ask(talk, "", talk.telegram.user(STRANGER))
    assert "q-2014-12-09" in ids(answer)
    on_its_day = answer["results"][ids(answer).index("q-2014-12-09")]
    assert "那年今日 · 12 年前的今天" in on_its_day["shown"]["text"]


async def test_words_are_kept_for_everyone_and_what_is_of_today_for_one_until_midnight(
    talk: Talk,
) -> None:
    words = await ask(talk, "因地制宜")
    assert not words.get("is_personal")
    assert words["cache_time"] >= 3600
    until_midnight = 12 * 3600  # it is noon
    for text in ("", "去年 未来产业", "今天"):
        answer = await ask(talk, text)
        assert answer["is_personal"]
        assert answer["cache_time"] == until_midnight


async def test_midnight_is_that_of_the_person(talk: Talk) -> None:
    await talk.answer("/settings 时区 东京")
    assert (await ask(talk, ""))["cache_time"] == 11 * 3600


async def test_an_impossible_date_says_what_is_wrong_and_what_to_type(talk: Talk) -> None:
    (notice,) = (await ask(talk, "2024年2月30日"))["results"]
    assert notice["title"] == "🤔 2024年2月只有29天，没有30日"
    assert "2024年2月29日" in notice["description"]
    ((retry,),) = notice["reply_markup"]["inline_keyboard"]
    assert retry["switch_inline_query_current_chat"] == "2024年2月29日"


async def test_nothing_found_says_so_with_what_is_near(talk: Talk) -> None:
    (notice,) = (await ask(talk, "“量子烹饪学”"))["results"]
    assert notice["title"].startswith("没有找到“量子烹饪学”")
    for row in notice["reply_markup"]["inline_keyboard"]:
        assert (await ask(talk, row[0]["switch_inline_query_current_chat"]))["results"]


async def test_a_query_too_long_to_understand_is_answered(talk: Talk) -> None:
    (notice,) = (await ask(talk, "新" * 256))["results"]
    assert "太长" in notice["title"]


async def test_hostile_text_is_shown_as_it_is(talk: Talk) -> None:
    (notice,) = (await ask(talk, '<b onclick="x">&lt;</b>不存在的东西<'))["results"]
    assert "没有找到" in notice["shown"]["text"]


async def test_every_passage_can_be_sent(talk: Talk, corpus: Corpus) -> None:
    seen: set[str] = set()
    for text in ("论述", "文章"):
        offset = ""
        while True:
            answer = await ask(talk, text, offset=offset)
            seen.update(ids(answer))
            offset = answer.get("next_offset", "")
            if not offset:
                break
    assert seen == {passage.id for passage in corpus}


async def test_what_is_sent_into_the_private_chat_is_not_asked_again(talk: Talk) -> None:
    question = talk.telegram.inline(talk.xiaowang, "因地制宜")
    await talk.settle()
    before = len(talk.telegram.sent(talk.private))
    talk.telegram.choose(question, 0, talk.private)
    await talk.settle()
    assert len(talk.telegram.sent(talk.private)) == before
