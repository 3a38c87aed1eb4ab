"""What the owner is told of messages that will never be sent."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.model import Cause, Delivery, DeliveryKind, State
from bot.render import alarms, notes

MORNING = datetime(2026, 11, 24, tzinfo=UTC)
GROUP = -1001234567890
PERSON = 5001000029


def dead(chat_id: int = PERSON, kind: DeliveryKind = DeliveryKind.PUSH, title: str = "") -> str:
    delivery = Delivery(
        id=1,
        kind=kind,
        subject_id=1,
        chat_id=chat_id,
        thread_id=None,
        local_on=date(2026, 11, 24),
        part=1,
        state=State.DEAD,
        due_at=MORNING,
        missed_after=MORNING,
        not_before_at=MORNING,
    )
    return notes.owner_of_dead(delivery, Cause.REJECTED.of("Chat <not> found"), title)


def test_a_message_given_up_is_told_with_its_reason_and_what_to_do() -> None:
    assert dead().splitlines() == [
        "⚠️ 有消息没有送成，不会再试：",
        "📮 每日推送，私聊 5001000029，2026-11-24，第 1 条。",
        "原因：Telegram 没有接受（Chat <not> found）。看详情：studybot why 5001000029 2026-11-24",
    ]


@pytest.mark.parametrize(("chat_id", "named"), [(PERSON, "私聊 50"), (GROUP, "群聊 -100")])
def test_people_are_told_from_groups(chat_id: int, named: str) -> None:
    assert named in dead(chat_id)


def test_a_group_is_told_by_its_title_and_the_number_that_studybot_why_needs() -> None:
    text = dead(GROUP, title="读书会")
    assert f"群聊“\u2068读书会\u2069”（{GROUP}），2026-11-24" in text
    assert f"studybot why {GROUP} 2026-11-24" in text


def test_nobody_is_told_by_name() -> None:
    assert "王芳" not in dead(PERSON, title="王芳")


@pytest.mark.parametrize("title", ["", " \n ", "\u200b\u202e", "\u200d"])
def test_a_group_without_a_title_to_be_seen_is_told_by_its_number(title: str) -> None:
    assert f"群聊 {GROUP}，" in dead(GROUP, title=title)


@given(title=st.text())
@example(title="甲\n⛔️ Telegram 不认这个机器人的令牌")
@example(title="\u202e会书读\u2069\u2069 studybot why 1")
@example(title="长" * 255)
@example(title="\U0001f468\u200d\U0001f469 读书会")
def test_whatever_a_title_holds_stays_short_and_within_its_own_line(title: str) -> None:
    plain, titled = dead(GROUP).splitlines(), dead(GROUP, title=title).splitlines()
    assert (titled[0], titled[2:]) == (plain[0], plain[2:])
    assert len(titled[1]) <= len(plain[1]) + 40 + len("“\u2068\u2069”（）")
    named = re.search("\u2068(.*)\u2069", titled[1])
    shown = named[1] if named else ""
    assert not [
        one for one in shown if unicodedata.category(one) in ("Cc", "Cf") and one != "\u200d"
    ]


def test_a_reminder_given_up_is_no_push() -> None:
    assert "⏰ 提醒，" in dead(kind=DeliveryKind.REMINDER)


def test_those_given_up_together_stand_under_one_line() -> None:
    both = alarms.together([dead(GROUP), dead(PERSON)])
    assert both.count("⚠️ 有消息没有送成") == 1
    assert f"群聊 {GROUP}" in both
    assert f"私聊 {PERSON}" in both


def test_of_many_given_up_together_five_are_told_and_the_rest_counted() -> None:
    text = alarms.together([dead(PERSON + number) for number in range(40)])
    assert text.count("studybot why") == 5
    assert text.endswith("\n……还有 35 条")


def test_one_given_up_is_not_told_twice_in_a_message() -> None:
    assert alarms.together([dead(), dead()]) == dead()


def test_what_does_not_fit_is_counted_by_messages_and_not_by_their_first_lines() -> None:
    many = [dead(PERSON + number) for number in range(7)]
    text = alarms.together(["长" * 2000, "长" * 1900, *many])
    assert text.endswith("另有 7 条，请看日志。")
