"""Answers on their way out: split, slowed down, and following a group that moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.chat.context import Services, install
from bot.local.flood import FloodRule
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.model import Compilation, Corpus
from bot.render.split import MESSAGE_LIMIT, units
from bot.search.index import Index
from bot.store import open_store
from tests.chat.conftest import NOON, Talk, build
from tests.clock import Clock
from tests.pressing import labels

DIGEST = tuple(
    f"第 {number} 段：未来产业要久久为功，一步一个脚印往前走。" * 4 for number in range(60)
)


def with_long_digests(corpus: Corpus) -> Corpus:
    """The corpus with digests longer than one message; originals are read piece by piece."""

    def lengthened(one: Compilation) -> Compilation:
        articles = tuple(
            replace(
                article,
                sections=tuple(
                    replace(each, digest="\n".join(DIGEST)) for each in article.sections
                ),
            )
            for article in one.articles
        )
        return replace(one, articles=articles)

    return replace(corpus, compilations=tuple(map(lengthened, corpus.compilations)))


@pytest.fixture
def long_talk(talk: Talk, corpus: Corpus, index: Index) -> Talk:
    """The bot with digests longer than one message."""
    library = (with_long_digests(corpus), index)
    install(talk.application, Services(talk.store, lambda: library, talk.clock))
    return talk


async def test_a_long_reading_is_several_messages_with_buttons_under_the_last(
    long_talk: Talk,
) -> None:
    parts = await long_talk.say("/read a-2026-04-01.1")
    assert len(parts) > 1
    assert all(units(part.text) <= MESSAGE_LIMIT for part in parts)
    assert [bool(labels(part)) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert "".join(part.text for part in parts).count("段：") == 4 * len(DIGEST)


async def test_in_a_group_only_the_first_part_is_a_reply(long_talk: Talk) -> None:
    group = await long_talk.group()
    parts = await long_talk.say("/read a-2026-04-01.1", group)
    assert [part.reply_to is not None for part in parts] == [True] + [False] * (len(parts) - 1)


async def test_turning_to_a_long_reading_keeps_its_first_part_in_place(long_talk: Talk) -> None:
    page = await long_talk.answer("/read 1")
    others = await long_talk.press(page, "2")
    assert page.text.startswith("《习近平总书记指引未来产业发展》")
    assert labels(page) == []
    assert labels(others[-1])[:2] == ["‹ 上一节", "继续阅读 ›"]


@pytest.fixture
async def slow_talk(corpus: Corpus, index: Index, tmp_path: Path) -> AsyncIterator[Talk]:
    """The bot on a Telegram that takes one message a second to a person, on the test's clock."""
    clock = Clock(NOON)

    async def sleep(seconds: float) -> None:
        clock.move(timedelta(seconds=seconds))

    telegram = LocalTelegram(
        clock=clock,
        flood=FloodRule(),
        time=lambda: (clock() - NOON).total_seconds(),
    )
    store = await open_store(f"sqlite:///{tmp_path / 'slow.sqlite3'}", clock=clock)
    library = (with_long_digests(corpus), index)
    application = build(telegram, Services(store, lambda: library, clock, sleep=sleep))
    async with application:
        yield Talk(
            telegram, application, store, clock, telegram.user("小王"), telegram.user("小李")
        )
    await store.close()


async def test_being_told_to_wait_delays_an_answer_and_loses_none_of_it(slow_talk: Talk) -> None:
    parts = await slow_talk.say("/read a-2026-04-01.1")
    assert "".join(part.text for part in parts).count("段：") == 4 * len(DIGEST)
    refused = [call for call in slow_talk.telegram.calls_of("sendMessage") if not call.ok]
    assert refused
    assert slow_talk.clock() > NOON


async def test_an_answer_follows_a_group_that_moved_in_the_meantime(talk: Talk) -> None:
    old = talk.telegram.group("学习组", talk.xiaowang, [talk.member])
    talk.telegram.add_bot(old, talk.xiaowang)
    await talk.settle()
    talk.telegram.say(old, talk.xiaowang, "/quote")
    new = talk.telegram.migrate(old, talk.xiaowang)
    await talk.settle()
    assert talk.telegram.sent(new)[-1].text.startswith("📖 每日一语")


async def test_no_answer_has_a_link_preview(talk: Talk) -> None:
    await talk.answer("/start")
    (call,) = talk.telegram.calls_of("sendMessage")
    assert '"is_disabled": true' in str(call.params["link_preview_options"])


class Shaky(LocalRequest):
    """A way to Telegram on which calls of `method` fail until `troubles` are used up."""

    __slots__ = ("method", "troubles")

    def __init__(self, telegram: LocalTelegram, method: str, *troubles: str) -> None:
        super().__init__(telegram)
        self.method = method
        self.troubles = list(troubles)

    async def do_request(
        self, url: str, method: str, *words: Any, **named: Any
    ) -> tuple[int, bytes]:
        if not (url.endswith(self.method) and self.troubles):
            return await super().do_request(url, method, *words, **named)
        trouble = self.troubles.pop()
        if trouble == "500":
            return 500, b'{"ok": false, "error_code": 500, "description": "Internal Server Error"}'
        if trouble.isdigit():
            return 429, b'{"ok": false, "error_code": 429, "description": "Too Many Requests", ' + (
                b'"parameters": {"retry_after": %s}}' % trouble.encode()
            )
        await super().do_request(url, method, *words, **named)
        raise BrokenError("the connection broke")


class BrokenError(NetworkError):
    """As the transport has one: what was sent may have arrived."""


async def over(talk: Talk, way: Shaky) -> Talk:
    """The same conversation over another way to Telegram."""
    services = Services(
        talk.store,
        talk.application.bot_data["services"].library,
        talk.clock,
        sleep=talk.clock.sleep,
    )
    application = build(talk.telegram, services, way)
    await application.initialize()
    return replace(talk, application=application)


async def test_an_answer_that_telegram_was_in_trouble_with_is_sent_once_more(talk: Talk) -> None:
    shaky = await over(talk, Shaky(talk.telegram, "sendMessage", "500", "500"))
    (answer,) = await shaky.say("因地制宜")
    assert answer.text.startswith("🔎")


async def test_an_answer_waits_for_the_minute_that_a_lively_group_may_have_to(talk: Talk) -> None:
    shaky, asked_at = await over(talk, Shaky(talk.telegram, "sendMessage", "59")), talk.clock()
    (answer,) = await shaky.say("因地制宜")
    assert answer.text.startswith("🔎")
    assert talk.clock() - asked_at == timedelta(seconds=59)


async def test_who_cannot_be_answered_for_long_is_not_told_so_against_the_pause(
    talk: Talk,
) -> None:
    way = Shaky(talk.telegram, "sendMessage", "600")
    assert await (await over(talk, way)).say("因地制宜") == []


async def test_an_answer_that_may_have_arrived_is_not_called_a_failure(talk: Talk) -> None:
    shaky = await over(talk, Shaky(talk.telegram, "sendMessage", "broken"))
    answer, told = await shaky.say("因地制宜")
    assert answer.text.startswith("🔎")
    assert told.text.startswith("刚才和 Telegram 的连接断了一下")


async def test_a_press_whose_acknowledgement_is_lost_has_done_what_it_does(talk: Talk) -> None:
    page = await talk.answer("未来产业")
    shaky = await over(talk, Shaky(talk.telegram, "answerCallbackQuery", "500"))
    await shaky.only_press(page, "下一页 ›")
    assert "第 2 /" in page.text
    assert talk.telegram.sent(page.chat)[-1] is page
