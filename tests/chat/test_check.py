"""Checking a sentence: typed, or in the message replied to."""

from __future__ import annotations

from bot.model import Corpus
from tests.chat.conftest import Talk
from tests.pressing import labels

SENTENCE = "因地制宜加快发展新质生产力"


async def test_an_exact_sentence_is_cited_with_what_stands_around_it(talk: Talk) -> None:
    answer = await talk.answer(f"/check {SENTENCE}")
    assert answer.text.startswith("✅ 资料里有这句话")
    assert f"牢牢把握高质量发展这个首要任务，{SENTENCE}。" in answer.text
    assert "2024年3月5日" in answer.text
    assert "q-2024-03-05" in answer.text


async def test_the_chinese_word_does_the_same(talk: Talk) -> None:
    plain = await talk.answer(f"/check {SENTENCE}")
    assert (await talk.answer(f"核对 {SENTENCE}")).text == plain.text
    assert (await talk.answer(f"核對：{SENTENCE}")).text == plain.text


async def test_differences_are_struck_through_and_underlined(talk: Talk) -> None:
    answer = await talk.answer("/check 因地制宜快速发展新质生产力")
    assert answer.text.startswith("✏️ 资料里没有一模一样的")
    assert "因地制宜快速加快发展新质生产力" in answer.text
    marked = {
        entity["type"]: answer.text[entity["offset"] : entity["offset"] + entity["length"]]
        for entity in reversed(answer.entities)
    }
    # Everything here is of one UTF-16 unit but the pencil's variation selector, which is one too.
    assert marked["strikethrough"] == "快速"
    assert marked["underline"] == "加快"


async def test_an_absent_sentence_claims_nothing_beyond_the_corpus(talk: Talk) -> None:
    answer = await talk.answer("/check 量子烹饪学是一门古老的学问")
    assert answer.text.startswith("❌ 资料里没有这句话。")
    assert "只说明本资料库里没有" in answer.text
    (found,) = await talk.press(answer, labels(answer)[0])
    assert found.text.startswith(("🔎", "没有找到"))


async def test_a_paragraph_too_long_for_a_query_is_checked(talk: Talk, corpus: Corpus) -> None:
    quote = corpus.quote("q-2020-10-14")
    assert quote is not None
    assert len(quote.text) > 200
    answer = await talk.answer(quote.text)
    assert answer.text == (await talk.answer(f"/check {quote.text}")).text
    assert "q-2020-10-14" in answer.text


async def test_several_sentences_are_judged_each(talk: Talk) -> None:
    answer = await talk.answer(
        f"/check {SENTENCE}。\n我们必须紧抓机遇，加大创新力度。\n今天天气真好啊！"
    )
    assert answer.text.startswith("分 3 段核对：一致 1，有出入 1，没有 1")
    assert labels(answer) == ["1", "2"]
    (opened,) = await talk.press(answer, "2")
    assert "编号：q-2024-03-05" in opened.text


async def test_a_reply_checks_the_message_replied_to(talk: Talk) -> None:
    group = await talk.group()
    said = talk.telegram.say(group, talk.xiaowang, SENTENCE)
    answer = await talk.answer("/check", group, talk.member, reply_to=said)
    assert answer.text.startswith("✅")


async def test_a_reply_that_chose_a_part_checks_that_part(talk: Talk) -> None:
    group = await talk.group()
    said = talk.telegram.say(group, talk.xiaowang, f"听说有人讲过{SENTENCE}，是吗")
    answer = await talk.answer("/check", group, reply_to=said, quote=SENTENCE)
    assert answer.text.startswith("✅")


async def test_text_behind_the_command_goes_before_the_message_replied_to(talk: Talk) -> None:
    group = await talk.group()
    said = talk.telegram.say(group, talk.xiaowang, "今天天气真好")
    answer = await talk.answer(f"/check {SENTENCE}", group, reply_to=said)
    assert answer.text.startswith("✅")


async def test_nothing_to_check_is_told_how(talk: Talk) -> None:
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "读书", talk.xiaowang)
    for answer in (
        await talk.answer("/check"),
        await talk.answer("/check", forum, thread_id=thread),
    ):
        assert "要核对哪句话" in answer.text
        assert labels(answer) == [f"“{SENTENCE}”"]


async def test_a_text_too_long_is_refused_politely(talk: Talk) -> None:
    answer = await talk.answer("/check " + "新" * 1001)
    assert "1001 个字" in answer.text
    assert "例如" in answer.text


async def test_every_quotation_typed_whole_is_in_the_corpus(talk: Talk, corpus: Corpus) -> None:
    for quote in corpus.quotes:
        for answer in await talk.say(f"/check {quote.text[:900]}"):
            assert "❌" not in answer.text
            assert "✏️" not in answer.text


async def test_hostile_text_is_shown_as_it_is(talk: Talk) -> None:
    answer = await talk.answer(
        '/check <b onclick="x">&lt;</b>不存在的句子<。\n另一句也不存在的话。'
    )
    assert '没有：<b onclick="x">&lt;</b>不存在的句子<' in answer.text


async def test_in_a_group_a_mention_as_a_reply_checks_too(talk: Talk) -> None:
    group = await talk.group()
    said = talk.telegram.say(group, talk.xiaowang, SENTENCE)
    answer = await talk.answer(f"@{talk.bot_name} 核对", group, talk.member, reply_to=said)
    assert answer.text.startswith("✅")
