"""A month of check-ins: one's own in private, everybody's in a group, with a picture or without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app.fonts import chinese_font
from bot.chat.context import Services
from bot.local.world import LocalMessage
from tests.chat.conftest import Talk
from tests.chat.test_check_ins import at
from tests.pressing import labels


@pytest.fixture
def font(talk: Talk) -> None:
    """The bot has a font."""
    found = chinese_font()
    assert found is not None, "the extra `pictures` belongs to what tests need"
    data = talk.application.bot_data
    services = data["services"]
    assert isinstance(services, Services)
    data["services"] = replace(services, font=found)


def is_picture(message: LocalMessage) -> bool:
    return "photo" in message.extra


def photos(talk: Talk) -> list[bool]:
    """Of every picture sent, whether Telegram had it already."""
    calls = talk.telegram.calls_of("sendPhoto")
    return [str(call.params["photo"]).startswith("local-") for call in calls]


async def check_in(talk: Talk, *days: int) -> None:
    """小王, in private, at noon of these days of November."""
    for day in days:
        talk.clock.at = at(day, 12)
        await talk.answer("/checkin")


async def test_ones_own_month_is_a_picture_with_the_numbers_under_it(
    talk: Talk, font: None
) -> None:
    await check_in(talk, 20, 21, 23)
    answer = await talk.answer("/checkin 本月")
    assert is_picture(answer)
    assert answer.text == (
        "📅 2026年11月打卡 · 3 天\n\n"
        "· 私聊：3 天，现在连续 3 天，最长 3 天\n\n"
        "打了卡的日子：20、21、23"
    )


async def test_without_a_font_the_words_stand_alone(talk: Talk) -> None:
    await check_in(talk, 20)
    answer = await talk.answer("打卡 本月")
    assert not is_picture(answer)
    assert "打了卡的日子：20" in answer.text


@pytest.mark.parametrize("text", ["2026年10月", "10月", "上个月"])
async def test_other_months_are_named_as_dates_are(talk: Talk, text: str) -> None:
    talk.clock.at = at(-10, 12)  # in October
    await talk.answer("/checkin")
    talk.clock.at = at(24, 12)
    assert "📅 2026年10月打卡 · 1 天" in (await talk.answer(f"打卡 {text}")).text


async def test_in_private_one_sees_the_days_in_groups_too(talk: Talk) -> None:
    group = await talk.group()
    talk.clock.at = at(20, 12)
    await talk.answer("/checkin", group)
    await check_in(talk, 20, 21)
    answer = await talk.answer("/checkin 本月")
    assert "打卡 · 2 天" in answer.text
    assert "· 私聊：2 天，现在连续 2 天" in answer.text
    assert "· “学习组”：1 天，现在连续 1 天" in answer.text


async def test_in_a_group_it_is_how_many_there_were_a_day(talk: Talk, font: None) -> None:
    group = await talk.group()
    for day, people in ((20, [talk.member]), (21, [talk.member, talk.xiaowang])):
        talk.clock.at = at(day, 12)
        for one in people:
            await talk.answer("/checkin", group, one)
    answer = await talk.answer("/checkin 本月", group)
    assert is_picture(answer)
    assert answer.text.startswith(
        "📅 2026年11月本群打卡 · 3 人次\n\n人最多的一天：11月21日，2 人\n\n20日 1 人、21日 2 人"
    )
    assert "小李" not in answer.text


async def test_a_groups_picture_is_drawn_once_until_it_changes(talk: Talk, font: None) -> None:
    group = await talk.group()
    await talk.answer("/checkin", group)
    for _ in range(2):
        await talk.answer("/checkin 本月", group)
    await talk.answer("/checkin", group, talk.member)
    await talk.answer("/checkin 本月", group)
    assert photos(talk) == [False, True, False]
    assert len(await talk.store.facts_under("month:")) == 1


async def test_of_a_persons_own_picture_no_note_is_made(talk: Talk, font: None) -> None:
    await check_in(talk, 24)
    await talk.answer("/checkin 本月")
    assert await talk.store.facts_under("month:") == {}


async def test_where_pictures_are_not_allowed_the_words_come_alone(talk: Talk, font: None) -> None:
    group = await talk.group()
    group.has_no_media = True
    await talk.answer("/checkin", group)
    answer = await talk.answer("/checkin 本月", group)
    assert not is_picture(answer)
    assert "本群打卡 · 1 人次" in answer.text


async def test_buttons_lead_to_this_month_and_to_the_one_before(talk: Talk) -> None:
    talk.clock.at = at(-10, 12)
    await talk.answer("/checkin")
    talk.clock.at = at(24, 12)
    done = await talk.answer("/checkin")
    (this,) = await talk.press(done, "📅 这个月")
    assert "📅 2026年11月打卡" in this.text
    assert labels(this) == ["‹ 10月"]
    (before,) = await talk.press(this, "‹ 10月")
    assert "📅 2026年10月打卡 · 1 天" in before.text


async def test_an_empty_month_and_one_that_has_not_begun_say_so(talk: Talk) -> None:
    assert "2026年11月你还没有打过卡" in (await talk.answer("/checkin 本月")).text
    group = await talk.group()
    assert "2026年11月本群还没有人打卡" in (await talk.answer("/checkin 本月", group)).text
    assert "2027年1月还没有到" in (await talk.answer("/checkin 2027年1月")).text
