"""The first words and the help."""

from __future__ import annotations

import pytest

from bot.model import Corpus
from bot.render import help as wording
from tests.render.conftest import seen

IDS = {text: number for number, text in enumerate(wording.EXAMPLES)}


def test_the_greeting_says_what_there_is_and_offers_three_examples(corpus: Corpus) -> None:
    answer = wording.start(corpus, IDS, is_group=False)
    assert "论述 30 条、学习文章 6 篇" in seen(answer.text)
    assert [button.label for row in answer.buttons for button in row] == list(wording.EXAMPLES)


def test_a_group_is_told_to_use_commands_or_mentions(corpus: Corpus) -> None:
    assert "直接把关键词或日期发给我" in seen(wording.start(corpus, IDS, is_group=False).text)
    assert "@我" in seen(wording.start(corpus, IDS, is_group=True).text)


@pytest.mark.parametrize("is_group", [True, False])
def test_the_guide_names_every_command_there_is(is_group: bool) -> None:
    text = seen(wording.guide(IDS, is_group=is_group).text)
    unnamed = set(wording.MENU) - {"start", "help", "date"}
    assert {name for name in unnamed if f"/{name}" not in text} <= {"search"}


def test_a_menu_line_is_short_enough_for_telegram() -> None:
    assert all(1 <= len(line) <= 256 for line in wording.MENU.values())


def test_a_failure_gives_the_number_that_stands_in_the_log() -> None:
    assert "编号 8812" in seen(wording.went_wrong(8812).text)
