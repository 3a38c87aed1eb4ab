"""The story of a day: every state of the ledger in plain words, and nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.model import (
    Cause,
    Choice,
    DayRule,
    Days,
    Delivery,
    DeliveryKind,
    Notice,
    NoticeRole,
    Recurrence,
    Reminder,
    SkipReason,
    State,
    Subscription,
)
from bot.render import why
from tests.render.conftest import seen

TODAY = date(2026, 11, 24)
DUE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"
SUBSCRIPTION = Subscription(-100, time(8, 0), ZONE, date(2026, 11, 1), DUE - timedelta(days=30))
ROW = Delivery(
    id=1,
    kind=DeliveryKind.PUSH,
    subject_id=1,
    chat_id=-100,
    thread_id=None,
    local_on=TODAY,
    part=1,
    state=State.DUE,
    due_at=DUE,
    missed_after=DUE + timedelta(hours=6),
    not_before_at=DUE,
)
DAY = why.Day(
    on=TODAY,
    today=TODAY,
    now=DUE + timedelta(hours=1),
    zone=ZONE,
    subscription=SUBSCRIPTION,
    rows=(),
    is_push_day=True,
    due_at=DUE,
)


def story(**changed: object) -> str:
    return seen(why.story(replace(DAY, **changed)).text)  # type: ignore[arg-type]


def of_row(**changed: object) -> str:
    return story(rows=(replace(ROW, **changed),))  # type: ignore[arg-type]


def test_a_push_on_time_tells_when_and_which_message() -> None:
    text = of_row(
        state=State.SENT,
        sent_at=DUE + timedelta(seconds=40),
        message_id=321,
        choice=Choice("q-2024-03-05", "round", "a-2026-04-01.2"),
    )
    assert text == (
        "📮 11月24日 星期二的推送\n\n"
        "预定 08:00。08:00 送到（消息编号 321）。\n"
        "内容：q-2024-03-05、a-2026-04-01.2"
    )


def test_a_late_push_tells_how_late_and_why() -> None:
    text = of_row(
        state=State.SENT, sent_at=DUE + timedelta(minutes=72), attempts=3, reason=Cause.NOT_SENT
    )
    assert "09:12 送到，晚了 1 小时 12 分钟，试了 3 次，先前遇到：网络不通。" in text


def test_of_a_late_push_whose_reason_is_not_noted_none_is_made_up() -> None:
    text = of_row(state=State.SENT, sent_at=DUE + timedelta(minutes=72), attempts=1)
    assert text.endswith("09:12 送到，晚了 1 小时 12 分钟，原因没有记下。")


def test_a_possible_duplicate_is_admitted() -> None:
    assert "可能收到两次" in of_row(state=State.SENT, sent_at=DUE, may_be_duplicate=True)


def test_of_what_was_never_answered_nobody_claims_that_it_arrived_or_not() -> None:
    text = of_row(
        state=State.DEAD, reason=Cause.IN_DOUBT.of("…"), attempts=2, may_be_duplicate=True
    )
    assert text.endswith(
        "预定 08:00。发了 2 次，每次都没等到 Telegram 的回话，送到没有说不准；不会再发了。"
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": State.DUE}, "正排队等着送出"),
        ({"state": State.CLAIMED}, "正排队等着送出"),
        ({"state": State.SENDING}, "正在发送"),
        (
            {
                "state": State.RETRY,
                "attempts": 2,
                "not_before_at": DUE + timedelta(minutes=65),
                "reason": Cause.THROTTLED,
            },
            "试了 2 次，09:05 再试。原因：Telegram 让稍等再发。",
        ),
        (
            {"state": State.DEAD, "reason": Cause.REJECTED.of("Chat <not> found")},
            "没有送成，不会再试了。原因：Telegram 没有接受（Chat <not> found）。",
        ),
        (
            {"state": State.SKIPPED, "reason": SkipReason.TOO_LATE},
            "没有送。原因：能送的时候已经晚了太久，就不再打扰了。",
        ),
        (
            {"state": State.SKIPPED, "reason": "too late: not sent: <502>", "attempts": 4},
            "没有送成。原因：能送的时候已经晚了太久，就不再打扰了。"
            "在那之前试过 4 次；网络不通（<502>）。",
        ),
        (
            {"state": State.SKIPPED, "reason": "too late: chat gone"},
            "没有送。原因：能送的时候已经晚了太久，就不再打扰了。"
            "在那之前没能送：机器人当时被移出或停用了。",
        ),
        (
            {
                "state": State.SKIPPED,
                "reason": SkipReason.TOO_LATE,
                "attempts": 1,
                "may_be_duplicate": True,
            },
            "没有再送。原因：能送的时候已经晚了太久，就不再打扰了。"
            "在那之前试过 1 次。发送途中断过线，也许已经送到了。",
        ),
        (
            {
                "state": State.DEAD,
                "reason": Cause.REJECTED,
                "attempts": 2,
                "may_be_duplicate": True,
            },
            "不会再送了。原因：Telegram 没有接受。发送途中断过线，也许已经送到了。",
        ),
        (
            {"state": State.SKIPPED, "reason": SkipReason.TOO_LATE, "may_be_duplicate": True},
            "没有再送。原因：能送的时候已经晚了太久，就不再打扰了。"
            "数据恢复过，也许早先已经送到了。",
        ),
        (
            {"state": State.SENT, "attempts": 1, "may_be_duplicate": True},
            "已经送到。数据恢复过，同一条可能收到两次。",
        ),
        (
            {"state": State.DUE, "may_be_duplicate": True},
            "正排队等着送出，请稍等一两分钟。数据恢复过，同一条可能收到两次。",
        ),
        (
            {
                "state": State.RETRY,
                "attempts": 1,
                "reason": Cause.IN_DOUBT,
                "may_be_duplicate": True,
            },
            "试了 1 次，正等着再试。原因：发送途中断了线。同一条可能收到两次。",
        ),
        (
            {"state": State.RETRY, "attempts": 1, "reason": Cause.UNAUTHORIZED},
            "试了 1 次，正等着再试。原因：机器人的令牌失效了。",
        ),
        (
            {
                "state": State.RETRY,
                "not_before_at": DUE + timedelta(hours=2),
                "reason": Cause.THROTTLED,
            },
            "还没有送出，10:00 再试。原因：Telegram 让稍等再发。",
        ),
        ({"state": State.SKIPPED, "reason": "<odd>"}, "没有送。原因：<odd>。"),
    ],
)
def test_every_state_has_its_words(changed: dict[str, object], words: str) -> None:
    assert words in of_row(**changed)


@pytest.mark.parametrize("reason", [*SkipReason, *Cause])
def test_no_reason_of_the_ledger_is_left_in_english(reason: str) -> None:
    assert reason not in of_row(state=State.SKIPPED, reason=reason)


def test_a_push_sent_after_midnight_names_the_day() -> None:
    text = of_row(state=State.SENT, sent_at=DUE + timedelta(hours=17))
    assert "11月25日 01:00 送到" in text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"subscription": None}, "还没有订阅"),
        ({"on": date(2026, 10, 31)}, "那天还没有订阅：推送从11月1日开始"),
        (
            {"subscription": replace(SUBSCRIPTION, first_on=date(2026, 11, 25))},
            "不推送：订阅的时候已经过了点，从明天（11月25日）开始",
        ),
        ({"subscription": replace(SUBSCRIPTION, is_active=False)}, "现在是退订状态"),
        ({"now": DUE - timedelta(hours=1)}, "会在今天（11月24日 星期二）08:00 推送"),
        ({"now": DUE + timedelta(seconds=9)}, "预定 08:00，正要送出"),
        ({"on": date(2026, 11, 20)}, "账上没有这一天的推送"),
        (
            {
                "subscription": replace(SUBSCRIPTION, days=Days(DayRule.WORKDAYS)),
                "is_push_day": False,
            },
            "只在工作日推送",
        ),
        (
            {
                "subscription": replace(
                    SUBSCRIPTION, days=Days(DayRule.WEEKDAYS, frozenset({1, 3}))
                ),
                "is_push_day": False,
            },
            "现在的设置是每周一、三推送",
        ),
    ],
)
def test_a_day_without_a_row_is_explained(changed: dict[str, object], words: str) -> None:
    assert words in story(**changed)


def test_a_day_of_another_year_names_it() -> None:
    assert story(on=date(2025, 11, 24)).startswith("📮 2025年11月24日 星期一的推送")


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        (DeliveryKind.REMINDER, "⏰ 提醒"),
        (DeliveryKind.QUIZ, "🧩 测验"),
        (DeliveryKind.BOARD, "📅 打卡榜"),
        (DeliveryKind.PART, "📖 读书计划"),
    ],
)
def test_what_else_the_day_had_is_told_after_the_push(kind: DeliveryKind, heading: str) -> None:
    other = replace(ROW, kind=kind, state=State.SKIPPED, reason=SkipReason.UNSUBSCRIBED)
    text = story(rows=(replace(ROW, state=State.SENT, sent_at=DUE),), others=(other,))
    assert text.endswith(f"\n\n{heading}\n预定 08:00。没有送。原因：送出之前已经停用。")


@pytest.mark.parametrize(
    ("role", "offset", "heading"),
    [
        (NoticeRole.LEAD, -timedelta(days=1), "⏰ 学习会 · 提前1天"),
        (NoticeRole.LEAD, timedelta(), "⏰ 学习会 · 准时"),
        (NoticeRole.NUDGE, timedelta(minutes=10), "⏰ 学习会 · 催签到"),
        (NoticeRole.SUMMARY, timedelta(hours=1), "⏰ 学习会 · 小结"),
    ],
)
def test_of_a_reminder_it_is_said_which_message_it_was(
    role: NoticeRole, offset: timedelta, heading: str
) -> None:
    weekly = Recurrence("FREQ=WEEKLY;BYDAY=TU", DUE.date())
    of_it = Reminder(-100, "学习会", weekly, time(8), "Asia/Shanghai", DUE)
    other = replace(ROW, kind=DeliveryKind.REMINDER, subject_id=7, state=State.SENT, sent_at=DUE)
    text = story(rows=(), others=(other,), notices={7: (of_it, Notice(role, offset, 7))})
    assert f"\n\n{heading}\n预定 08:00。" in text


def of_parts(*changed: dict[str, object]) -> str:
    """The story of a push of as many messages, without its heading."""
    choice = Choice("q-2024-03-05", "round", "a-2026-04-01.2")
    rows = [
        replace(ROW, **{"id": part, "part": part, "choice": choice} | fields)  # type: ignore[arg-type]
        for part, fields in enumerate(changed, 1)
    ]
    return story(rows=tuple(rows)).removeprefix("📮 11月24日 星期二的推送\n\n")


def arrived(number: int) -> dict[str, object]:
    return {"state": State.SENT, "sent_at": DUE, "message_id": number}


GIVEN_UP: dict[str, object] = {"state": State.SKIPPED, "reason": SkipReason.EARLIER_PART}
CONTENT = "内容：q-2024-03-05、a-2026-04-01.2"


def test_of_a_push_of_several_messages_each_is_told_by_its_number() -> None:
    assert of_parts(arrived(321), arrived(322), arrived(323)) == (
        "预定 08:00，共 3 条。\n"
        "第 1 条：08:00 送到（消息编号 321）。\n"
        "第 2 条：08:00 送到（消息编号 322）。\n"
        "第 3 条：08:00 送到（消息编号 323）。\n" + CONTENT
    )


def test_what_is_given_up_with_a_dead_message_is_told_together() -> None:
    dead = {"state": State.DEAD, "attempts": 1, "reason": Cause.REJECTED.of("too long")}
    assert of_parts(arrived(321), dead, GIVEN_UP, GIVEN_UP) == (
        "预定 08:00，共 4 条。\n"
        "第 1 条：08:00 送到（消息编号 321）。\n"
        "第 2 条：没有送成，不会再试了。原因：Telegram 没有接受（too long）。\n"
        "第 3、4 条：没有送。原因：前面有一条放弃了，后面的就不接着送了。\n" + CONTENT
    )


def test_a_message_that_waits_is_told_from_those_behind_it() -> None:
    waiting = {
        "state": State.RETRY,
        "attempts": 1,
        "not_before_at": DUE + timedelta(hours=2),
        "reason": Cause.THROTTLED,
    }
    assert of_parts(arrived(321), waiting, {}) == (
        "预定 08:00，共 3 条。\n"
        "第 1 条：08:00 送到（消息编号 321）。\n"
        "第 2 条：试了 1 次，10:00 再试。原因：Telegram 让稍等再发。\n"
        "第 3 条：正排队等着送出，请稍等一两分钟。\n" + CONTENT
    )


def test_the_message_that_may_have_come_twice_is_named() -> None:
    resent = arrived(325) | {"attempts": 2, "may_be_duplicate": True, "reason": Cause.IN_DOUBT}
    assert of_parts(arrived(321), resent, arrived(326)) == (
        "预定 08:00，共 3 条。\n"
        "第 1 条：08:00 送到（消息编号 321）。\n"
        "第 2 条：08:00 送到（消息编号 325）。发送途中断过线，同一条可能收到两次。\n"
        "第 3 条：08:00 送到（消息编号 326）。\n" + CONTENT
    )


def test_what_follows_a_skipped_message_is_told_together() -> None:
    skipped = {"state": State.SKIPPED, "reason": SkipReason.UNSUBSCRIBED, "choice": Choice()}
    assert of_parts(skipped, GIVEN_UP, GIVEN_UP) == (
        "预定 08:00，共 3 条。\n"
        "第 1 条：没有送。原因：送出之前已经退订。\n"
        "第 2、3 条：没有送。原因：前面有一条放弃了，后面的就不接着送了。\n" + CONTENT
    )


def test_two_deliveries_of_one_kind_are_not_taken_for_parts_of_one() -> None:
    quizzes = [
        replace(ROW, kind=DeliveryKind.QUIZ, subject_id=n, state=State.SENT, sent_at=DUE)
        for n in (1, 2)
    ]
    told = "🧩 测验\n预定 08:00。08:00 送到。"
    assert story(rows=(), others=tuple(quizzes)).endswith(f"\n\n{told}\n\n{told}")
