"""`studybot why`: the operator asks by any day that /why understands."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.upkeep import tell_why
from bot.config import read_settings
from bot.errors import StudybotError
from bot.model import ChatKind
from bot.render import dates
from bot.store import open_store
from bot.study.calendar import local_date

CHAT, SHANGHAI = -1001234567890, "Asia/Shanghai"


@pytest.fixture(autouse=True)
def met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot has met a group in Shanghai."""
    monkeypatch.setenv("STUDYBOT_DATA_DIR", str(tmp_path))

    async def meet() -> None:
        store = await open_store(read_settings(None).store_url)
        await store.meet_chat(CHAT, ChatKind.SUPERGROUP, "读书会", SHANGHAI)
        await store.close()

    asyncio.run(meet())


async def yesterday_there() -> str:
    store = await open_store(read_settings(None).store_url)
    today = local_date(await store.now(), SHANGHAI)
    await store.close()
    return dates.day_of_year(today - timedelta(days=1))


@pytest.mark.parametrize("day", ["昨天", "yesterday"])
def test_a_day_is_that_of_the_chat(day: str) -> None:
    yesterday = asyncio.run(yesterday_there())
    assert f"📮 {yesterday} " in tell_why(None, CHAT, day)


@pytest.mark.parametrize("day", ["去年", "2026-13-45", "whenever"])
def test_what_is_not_one_day_is_refused_with_an_example(day: str) -> None:
    with pytest.raises(StudybotError, match=f"{day} is not one day; expected such as 2026-11-23"):
        tell_why(None, CHAT, day)


def test_of_a_chat_it_does_not_know_it_says_what_may_have_happened() -> None:
    with pytest.raises(StudybotError, match="a group that became a supergroup has a new id"):
        tell_why(None, 4711, "")
