"""Buttons made with one corpus, pressed after a restart with a larger one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.chat.context import Services
from bot.local.world import LocalMessage
from bot.model import Article, Compilation, Corpus, PartialDate, Quote, Section
from bot.render.callbacks import DATA_LIMIT, Outdated, parse
from bot.search.index import Index, open_index
from tests.chat.conftest import Talk, build
from tests.pressing import labels

NEW = "2026-05-new"


def grown(corpus: Corpus) -> Corpus:
    """The corpus and another booklet: on days between, before and after those there were."""
    days = [date(2013, 1, 1), date(2024, 3, 5), date(2024, 3, 12), date(2026, 4, 30)]
    quotes = tuple(
        Quote(f"q-{on}-new", NEW, on, "在新的场合强调", f"新质生产力要因地制宜，未来产业第{at}条。")
        for at, on in enumerate(days)
    )
    sections = tuple(
        Section(f"a-2026-05-01.{at}", f"第{at}节", 1, "未来产业和新质生产力的新导读。", "")
        for at in range(4)
    )
    article = Article(
        "a-2026-05-01", NEW, "新文章", "新作者", "", "《新刊》", PartialDate(2026, 5), sections
    )
    booklet = Compilation(
        NEW, "新的汇编", "出版者", PartialDate(2026, 5), "未来产业", (), quotes, (article,)
    )
    # In front: no position in a list stays what it was.
    return replace(
        corpus, compilations=(booklet, *corpus.compilations), fingerprint=f"{corpus.fingerprint}+"
    )


@pytest.fixture(scope="session")
def larger(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Index]:
    more = grown(corpus)
    return more, open_index(more, tmp_path_factory.mktemp("larger"))


Restart = Callable[[], None]


@pytest.fixture
async def restart(talk: Talk, larger: tuple[Corpus, Index]) -> AsyncIterator[Restart]:
    """From the call on a bot answers that was started anew, with the larger corpus."""

    async with build(talk.telegram, Services(talk.store, lambda: larger, talk.clock)) as again:

        def replace_bot() -> None:
            talk.application = again

        yield replace_bot


QUESTIONS = (
    "/start",
    "未来产业",
    "2024年",
    "去年 未来产业",
    "“量子烹饪学”",
    "2024年2月30日",
    "/random",
    "/quote",
    "/read",
    "/read 1",
    "/read a-2026-04-02.1",
    "/trend 新质生产力",
    "/trend 脑机借口",
    "/check 因地制宜快速发展新质生产力",
    "/check 量子烹饪学是一门古老的学问",
    "/settings",
    "/help",
)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_button_still_does_something(
    talk: Talk, restart: Restart, question: str
) -> None:
    (message,) = await talk.say(question)
    pressed = {button["text"]: button["callback_data"] for button in message.buttons}
    restart()
    for label, data in pressed.items():
        assert len(data.encode()) <= DATA_LIMIT
        assert not isinstance(parse(data), Outdated)
        before = len(talk.telegram.sent(message.chat))
        press = talk.telegram.press(message.chat, message.id, data, talk.xiaowang)
        await talk.settle()
        assert press.answer is not None, f"{label}: never acknowledged"
        for text in [
            message.text,
            *(one.text for one in talk.telegram.sent(message.chat)[before:]),
        ]:
            assert "出了点问题" not in text
            assert "过时" not in text
            assert "没有编号为" not in text
        put_back(message, pressed)


def put_back(message: LocalMessage, pressed: dict[str, str]) -> None:
    """Give the message its buttons again: a press may have turned it to something else."""
    rows = [[{"text": label, "callback_data": data}] for label, data in pressed.items()]
    message.reply_markup = {"inline_keyboard": rows}


async def test_a_page_counts_what_has_come_since(talk: Talk, restart: Restart) -> None:
    page = await talk.answer("新质生产力")
    assert page.text.startswith("🔎 “新质生产力” — 论述 21 条，")
    restart()
    await talk.press(page, "下一页 ›")
    assert page.text.startswith("🔎 “新质生产力” — 论述 25 条，")
    assert "第 2 /" in page.text


async def test_a_numbered_button_opens_the_passage_it_stood_beside(
    talk: Talk, restart: Restart
) -> None:
    page = await talk.answer("2024年3月")
    beside = page.text.split("\n1. ")[1].split("q-")[1].split()[0]
    restart()
    (opened,) = await talk.press(page, "1")
    assert f"编号：q-{beside}" in opened.text


async def test_filters_and_orders_hold_together_after_it_grew(talk: Talk, restart: Restart) -> None:
    page = await talk.answer("新质生产力")
    restart()
    await talk.press(page, "论述")
    await talk.press(page, "最早")
    assert "— 只看论述 25 条" in page.text
    assert page.text.index("q-2013-01-01-new") < page.text.index("q-2023-09-07")
    assert {"✓ 论述", "✓ 最早"} <= set(labels(page))
    await talk.press(page, "文章")
    assert "— 只看文章 " in page.text
    await talk.press(page, "最新")
    assert "a-2026-05-01." in page.text


async def test_the_neighbours_of_a_passage_are_those_of_now(talk: Talk, restart: Restart) -> None:
    page = await talk.answer("2024年3月5日")
    (passage,) = await talk.press(page, "看全文")
    restart()
    await talk.press(passage, "下一条 ›")  # the one that was next when it was shown
    assert "编号：q-2024-03-20" in passage.text
    await talk.press(passage, "‹ 上一条")
    assert "编号：q-2024-03-12-new" in passage.text
    (related,) = await talk.press(passage, "相关论述")
    assert related.text.startswith("与2024年3月12日的论述相关")


async def test_a_page_beyond_a_corpus_that_shrank_shows_its_last_page(
    talk: Talk, restart: Restart
) -> None:
    small = talk.application
    restart()
    page = await talk.answer("新质生产力")
    while "下一页 ›" in labels(page):
        await talk.press(page, "下一页 ›")
    data = next(one["callback_data"] for one in page.buttons if "✓ 相关" in one["text"])
    last = page.text
    talk.application = small
    data = data.replace(":0:", ":9:")
    page.reply_markup = {"inline_keyboard": [[{"text": "第 10 页", "callback_data": data}]]}
    await talk.press(page, "第 10 页")
    assert page.text != last
    assert "‹ 上一页" in labels(page)
    assert "下一页 ›" not in labels(page)
