"""What can be asked for: each subject's command, its words and its handler.

Here lives that one table; `register` makes handlers and menus of it, `words` finds the
words in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Update

from bot.chat import (
    calendars,
    check,
    check_ins,
    forgetting,
    plan,
    quizzes,
    quotes,
    reading,
    reading_plans,
    records,
    reload,
    reminders,
    search,
    settings,
    start,
    transfer,
    trend,
    why,
)
from bot.chat.context import Context

# The text is what stands behind the command or the word, trimmed; it may be empty.
Answering = Callable[[Update, Context, str], Awaitable[None]]


def _nothing(context: Context, text: str) -> bool:
    return not text


def _anything(context: Context, text: str) -> bool:
    return True


def _short(context: Context, text: str) -> bool:
    return len(text) <= 12 and len(text.split()) <= 1


def _an_article(context: Context, text: str) -> bool:
    return not text or reading.knows(context, text)


@dataclass(frozen=True, slots=True)
class Subject:
    """`words` stand for it without a slash, in small letters; `accepts` says whether what
    follows one belongs to it.

    Where it does not (帮助 企业), the whole text is a query. `command` is empty for what
    has such words only. What is the owner's alone stands in nobody's menu.
    """

    command: str
    words: tuple[str, ...]
    answer: Answering
    accepts: Callable[[Context, str], bool] = _anything
    is_for_administrators: bool = False
    is_for_owner: bool = False


# In the order of the menu.
SUBJECTS: tuple[Subject, ...] = (
    Subject("search", ("搜索", "查", "搜尋", "搜"), search.search),
    Subject("date", ("日期",), search.search_dates),
    Subject("check", ("核对", "核對"), check.check),
    Subject("trend", ("走势", "走勢"), trend.trend),
    Subject("quote", ("每日一语", "每日一語"), quotes.today, _nothing),
    Subject("random", ("随机", "隨機"), quotes.by_chance, _nothing),
    Subject("read", ("阅读", "閱讀"), reading.read, _an_article),
    Subject("", ("继续", "继续阅读", "繼續"), reading.go_on, _nothing),
    Subject(
        "readplan",
        ("读书计划", "讀書計劃", "共读", "共讀"),
        reading_plans.readplan,
        reading_plans.is_about_reading,
    ),
    Subject("subscribe", ("订阅", "訂閱"), settings.subscribe, is_for_administrators=True),
    Subject(
        "unsubscribe",
        ("退订", "退訂", "取消订阅"),
        settings.unsubscribe,
        _nothing,
        is_for_administrators=True,
    ),
    Subject("settings", ("设置", "設置", "設定"), settings.settings, is_for_administrators=True),
    Subject(
        "remind",
        ("提醒",),
        reminders.remind,
        reminders.is_about_a_reminder,
        is_for_administrators=True,
    ),
    Subject("reminders", ("提醒列表", "提醒清单"), reminders.listed, _nothing),
    Subject("plan", ("计划", "計劃"), plan.plan, plan.is_about_days),
    Subject(
        "quiz",
        ("测验", "測驗", "测一测", "測一測", "出题", "出題"),
        quizzes.quiz,
        quizzes.is_about_a_quiz,
    ),
    Subject("why", ("为什么", "為什麼"), why.why, why.is_about_a_day),
    Subject("calendar", ("日历", "日曆"), calendars.ics, _nothing),
    Subject(
        "checkin",
        ("打卡", "今天打卡"),
        check_ins.check_in,
        check_ins.is_about_check_ins,
    ),
    Subject("attendance", ("考勤",), records.attendance, _short),
    Subject("export", ("导出", "導出"), transfer.give, _nothing, is_for_administrators=True),
    Subject("import", ("导入", "導入"), transfer.take, _nothing, is_for_administrators=True),
    Subject("forget", ("忘记我", "忘記我"), forgetting.ask, _nothing),
    Subject(
        "help",
        ("帮助", "幫助", "怎么用", "怎麼用", "用法", "使用说明", "使用說明", "help"),
        start.guide,
        _nothing,
    ),
    # Nobody who greets is told that nothing was found.
    Subject(
        "start",
        (
            *("你好", "您好", "大家好", "早上好", "晚上好", "hello", "hi"),
            *("在吗", "在嗎", "你是谁", "你是誰"),
        ),
        start.start,
        _nothing,
    ),
    Subject(
        "",
        ("谢谢", "謝謝", "谢谢你", "謝謝你", "多谢", "多謝", "辛苦了", "thanks"),
        start.thanked,
        _nothing,
    ),
    Subject("reload", ("更新资料", "更新資料"), reload.reload, _nothing, is_for_owner=True),
)
