"""图文: a chat chooses whether its quotations come as pictures."""

from __future__ import annotations

import pytest

from bot.app.fonts import chinese_font
from bot.chat.context import Services, install
from bot.model import Card, Corpus
from bot.search.index import Index
from tests.chat.conftest import Talk
from tests.pressing import labels


@pytest.fixture
def services(talk: Talk, corpus: Corpus, index: Index) -> Services:
    """The bot with a font."""
    services = Services(talk.store, lambda: (corpus, index), talk.clock, font=chinese_font())
    install(talk.application, services)
    return services


async def chosen(talk: Talk, chat_id: int) -> Card:
    found = await talk.store.subscription(chat_id)
    assert found is not None
    return found.card


async def test_pictures_are_off_until_somebody_wants_them(talk: Talk, services: Services) -> None:
    group = await talk.group()
    await talk.answer("/subscribe", group)
    panel = await talk.answer("/settings", group)
    assert "图文：只发文字" in panel.text
    assert await chosen(talk, group.id) is Card.NONE


async def test_a_theme_is_chosen_by_button(talk: Talk, services: Services) -> None:
    group = await talk.group()
    panel = await talk.answer("/settings", group)
    await talk.press(panel, "图文")
    await talk.press(panel, "图＋文 · 深色")
    assert "图文：图＋文 · 深色" in panel.text
    assert await chosen(talk, group.id) is Card.DARK


async def test_a_theme_is_chosen_in_words(talk: Talk, services: Services) -> None:
    group = await talk.group()
    panel = await talk.answer("/settings 图文 大字", group)
    assert "图文：图＋文 · 大字" in panel.text
    panel = await talk.answer("/settings 不要图文", group)
    assert "图文：只发文字" in panel.text


async def test_without_a_font_nothing_is_offered(talk: Talk) -> None:
    panel = await talk.answer("/settings")
    assert "图文" not in panel.text
    assert "图文" not in labels(panel)
