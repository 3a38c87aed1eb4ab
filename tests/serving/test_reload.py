"""A running bot takes up a changed corpus: at once, whole, and never a broken one."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta

from bot.model import Quote
from tests.serving.conftest import SHIPPED, Serving

TEXT = "加快数字中国建设，用好数据这个新的要素，让企业和群众都得到实惠。"


async def test_a_compilation_that_was_added_is_served_without_a_restart(serving: Serving) -> None:
    assert "没有一字不差" in (await serving.answer("数据这个新的要素")).text
    serving.files.add("2026-05-digital", ("2026-05-06", TEXT))
    told = await serving.answer("/reload", serving.owner)
    assert told.text.startswith("✅ 资料已更新")
    assert "· 新增《深入学习关于数字中国的重要论述》：论述 1 条，文章 0 篇" in told.text
    assert "论述 31 条，文章 6 篇" in told.text
    assert "q-2026-05-06" in (await serving.answer("数据这个新的要素")).text


async def test_nothing_changed_is_said_so(serving: Serving) -> None:
    assert (await serving.answer("更新资料", serving.owner)).text.startswith("资料没有变化")


async def test_a_broken_corpus_is_refused_with_its_mistakes_and_the_old_one_served(
    serving: Serving,
) -> None:
    days = [f"2026-06-{day:02}" for day in range(1, 13)]
    folder = serving.files.add("2026-05-digital", *[(day, TEXT) for day in days])
    before = serving.corpus
    told = (await serving.answer("/reload", serving.owner)).text
    assert "新的资料没有启用" in told
    assert "现在用的还是原来那份：《深入学习" in told
    assert "论述 30 条，文章 6 篇" in told
    assert "有 12 处错误，前 10 处" in told
    assert f"{folder / 'quotes.yaml'}:1: the date 2026-06-01" in told
    assert told.count("after the month of issue") == 10
    assert serving.corpus is before
    assert "q-2024-03-05" in (await serving.answer("2024年3月5日")).text
    (sign,) = serving.studybot.watch.troubles.signs()
    assert "论述 30 条" in sign.text
    assert "2026-06-10" in sign.text


async def test_once_it_is_mended_it_is_served_and_the_trouble_is_over(serving: Serving) -> None:
    folder = serving.files.add("2026-05-digital", ("2026-06-01", TEXT))
    await serving.answer("/reload", serving.owner)
    shutil.rmtree(folder)
    serving.files.add("2026-05-digital", ("2026-05-01", TEXT))
    assert "已更新" in (await serving.answer("/reload", serving.owner)).text
    assert serving.studybot.watch.troubles.signs() == ()


async def test_a_directory_that_is_gone_is_refused_too(serving: Serving) -> None:
    shutil.move(serving.files.corpus, serving.files.home / "elsewhere")
    assert "没有启用" in (await serving.answer("/reload", serving.owner)).text
    assert len(serving.corpus.quotes) == 30


async def test_synonyms_that_cannot_be_used_are_refused_too(serving: Serving) -> None:
    (serving.files.home / "synonyms.yaml").write_text("[", encoding="utf-8")
    assert "没有启用" in (await serving.answer("/reload", serving.owner)).text
    assert "q-2024-03-05" in (await serving.answer("2024年3月5日")).text


async def test_only_the_owner_may_reload_and_others_are_told_politely(serving: Serving) -> None:
    before = serving.corpus
    serving.files.add("2026-05-digital", ("2026-05-06", TEXT))
    assert "维护这个机器人的人" in (await serving.answer("/reload")).text
    assert serving.corpus is before


async def test_a_corrected_quotation_keeps_its_id_and_is_found_by_its_new_words(
    serving: Serving,
) -> None:
    serving.files.replace(
        "quotes.yaml", "面对新一轮科技革命和产业变革", "面对新一轮的科技与产业变革"
    )
    told = (await serving.answer("/reload", serving.owner)).text
    assert "论述改 1（q-2024-03-05）" in told
    assert "q-2024-03-05" in (await serving.answer("新一轮的科技与产业变革")).text
    quote = serving.corpus.quote("q-2024-03-05")
    assert isinstance(quote, Quote)
    assert "面对新一轮的科技与产业变革" in quote.text


async def test_no_query_fails_while_the_corpus_is_reloaded_ten_times(serving: Serving) -> None:
    """Questions one after the other, reloads beside them, each of a corpus changed again."""
    asked = 0
    is_done = False

    async def ask() -> None:
        nonlocal asked
        questions = (
            "因地制宜",
            "2024年3月5日",
            "数据这个新的要素",
            "去年 人工智能",
            "文章 脑机接口",
        )
        while not is_done:
            answer = await serving.answer(questions[asked % len(questions)])
            assert "出了点问题" not in answer.text
            assert "q-20" in answer.text or "a-2026" in answer.text
            asked += 1

    async def reload() -> None:
        nonlocal is_done
        for number in range(1, 11):
            serving.files.add("2026-05-digital", ("2026-05-06", TEXT + "又一版。" * number))
            done = await serving.studybot.reloading.reload()
            assert not done.is_refused
            assert done.before.fingerprint != done.now.fingerprint
        is_done = True

    serving.files.add("2026-05-digital", ("2026-05-06", TEXT))
    await serving.studybot.reloading.reload()
    await asyncio.gather(ask(), reload())
    assert asked >= 10
    quote = serving.corpus.quote("q-2026-05-06")
    assert quote is not None
    assert quote.text.endswith("又一版。" * 10)


async def test_an_answer_is_all_of_one_corpus_whatever_is_reloaded_meanwhile(
    serving: Serving,
) -> None:
    corpus, index = serving.studybot.application.bot_data["services"].library()
    shutil.rmtree(serving.files.corpus / SHIPPED)
    serving.files.add("2026-05-digital", ("2026-05-06", TEXT))
    await serving.studybot.reloading.reload()
    near = index.nearest("q-2024-03-05")
    assert near
    assert all(corpus.reading(one.section_id) for one in near)


async def test_what_did_not_change_is_not_indexed_again(serving: Serving) -> None:
    def segments() -> dict[str, int]:
        homes = (serving.files.data / "index").glob("index-*/*.term")
        return {path.name: path.stat().st_ino for path in homes}

    before = segments()
    serving.files.add("2026-05-digital", ("2026-05-06", TEXT))
    await serving.studybot.reloading.reload()
    after = segments()
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


async def test_the_rotation_goes_on_undisturbed_when_a_compilation_is_added(
    serving: Serving,
) -> None:
    """A round shows everything once; what is added in the middle of it is shown once as well."""
    await serving.answer("/subscribe 11:30")
    first = await serving.pass_days(12)
    serving.files.add("2026-05-digital", ("2026-05-06", TEXT), ("2026-05-07", TEXT + "再来。"))
    await serving.studybot.reloading.reload()
    then = await serving.pass_days(20)
    assert len({*first, *then}) == 32
    assert {"q-2026-05-06", "q-2026-05-07"} <= set(then)


async def test_the_rotation_goes_on_undisturbed_when_a_quotation_is_corrected(
    serving: Serving,
) -> None:
    await serving.answer("/subscribe 11:30")
    first = await serving.pass_days(10)
    serving.clock.at += timedelta(days=1)
    tomorrow = (await serving.answer("/quote")).text
    shown = serving.corpus.quote(first[-1])
    assert shown is not None
    line = shown.text.splitlines()[0]
    serving.files.replace("quotes.yaml", line, line + "（据原文改正。）")
    assert not (await serving.studybot.reloading.reload()).is_refused
    assert (await serving.answer("/quote")).text == tomorrow
    then = await serving.pass_days(20)
    assert len({*first, *then}) == 30
