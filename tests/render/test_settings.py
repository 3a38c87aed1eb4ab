"""The panel and the sentences of subscribing: what was understood is read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.model import (
    Answer,
    Chat,
    ChatKind,
    Content,
    DayRule,
    Days,
    Language,
    QuoteOrder,
    ReadingOrder,
    Script,
    Subscription,
)
from bot.render import callbacks, settings
from bot.render.language import speaking
from tests.render.conftest import seen

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
NEXT = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
GROUP = Chat(-100, ChatKind.SUPERGROUP, "学习组", "Asia/Shanghai", 1)
PERSON = Chat(7, ChatKind.PRIVATE, "小王", "Asia/Shanghai", 1)
SUBSCRIPTION = Subscription(-100, time(8, 0), "Asia/Shanghai", date(2026, 11, 25), NOW)
STOPPED = replace(SUBSCRIPTION, is_active=False)
PLACE = settings.Place(GROUP, date(2026, 11, 24), NEXT)


def labels(answer: Answer) -> list[str]:
    return [button.label for row in answer.buttons for button in row]


def test_the_panel_tells_every_setting_and_the_next_push() -> None:
    assert seen(settings.panel(SUBSCRIPTION, PLACE).text) == (
        "⚙️ 本群的每日推送\n\n"
        "推送：已开启 ✅\n"
        "时间：每天 08:00\n"
        "时区：北京时间（Asia/Shanghai）\n"
        "内容：论述＋阅读\n"
        "论述：那年今日，其余轮着来\n"
        "专题：不限\n"
        "阅读：与当天论述相近\n"
        "打卡：放在推送下面\n"
        "语言：简体中文\n"
        "引文字体：按原文\n\n"
        "下一次：明天（11月25日 星期三）08:00"
    )


@pytest.mark.parametrize("spoken", list(Language))
def test_the_panel_tells_language_and_script_in_every_language(spoken: Language) -> None:
    place = replace(PLACE, chat=replace(GROUP, language=spoken, script=Script.TRADITIONAL))
    with speaking(spoken):
        lines = seen(settings.panel(SUBSCRIPTION, place).text).splitlines()
    names = {
        Language.SIMPLIFIED: ("语言：简体中文", "引文字体：繁体"),
        Language.TRADITIONAL: ("語言：繁體中文", "引文字體：繁體"),
        Language.ENGLISH: ("Language: English", "Quotation script: Traditional"),
    }
    assert {*names[spoken]} <= {*lines}


def test_the_panel_speaks_to_a_person_in_private() -> None:
    text = seen(settings.panel(SUBSCRIPTION, replace(PLACE, chat=PERSON)).text)
    assert text.startswith("⚙️ 你的每日推送")


def test_the_panel_has_no_buttons_for_what_is_not_pushed() -> None:
    only_readings = replace(SUBSCRIPTION, content=Content.READING)
    assert "专题" not in labels(settings.panel(only_readings, PLACE))
    only_quotes = replace(SUBSCRIPTION, content=Content.QUOTE)
    assert "阅读顺序" not in labels(settings.panel(only_quotes, PLACE))


def test_the_topic_is_a_setting_only_where_there_are_topics() -> None:
    assert "话题" not in labels(settings.panel(SUBSCRIPTION, PLACE))
    in_topic = settings.panel(SUBSCRIPTION, replace(PLACE, thread_id=5))
    assert "话题" in labels(in_topic)
    assert "话题：推到“常规”话题" in seen(in_topic.text)


def test_the_switch_offers_the_opposite() -> None:
    assert labels(settings.panel(SUBSCRIPTION, PLACE))[-1] == "停止推送"
    stopped = replace(SUBSCRIPTION, is_active=False)
    assert labels(settings.panel(stopped, PLACE))[-1] == "开启推送"


@pytest.mark.parametrize(
    ("field", "changed", "ticked"),
    [
        ("time", {"push_at": time(7, 30)}, "✓ 07:30"),
        ("zone", {"zone": "Asia/Tokyo"}, "✓ 东京时间"),
        ("days", {"days": Days(DayRule.WORKDAYS)}, "✓ 工作日"),
        ("content", {"content": Content.QUOTE}, "✓ 只推论述"),
        ("quotes", {"quote_order": QuoteOrder.DATE}, "✓ 按日期先后"),
        ("reads", {"reading_order": ReadingOrder.SEQUENCE}, "✓ 按文章顺序"),
        ("theme", {"theme": "人工智能"}, "✓ 人工智能"),
        ("topic", {"thread_id": 5}, "✓ 这个话题"),
    ],
)
def test_a_menu_ticks_what_is_set(field: str, changed: dict[str, object], ticked: str) -> None:
    one = replace(SUBSCRIPTION, **changed)  # type: ignore[arg-type]
    menu = settings.menu(field, one, replace(PLACE, thread_id=5), ["未来产业", "人工智能"])
    assert menu is not None
    assert [label for label in labels(menu) if label.startswith("✓")] == [ticked]
    assert labels(menu)[-1] == "‹ 返回"


def test_a_menu_that_is_not_there_is_none() -> None:
    assert settings.menu("language", SUBSCRIPTION, PLACE, []) is None


def test_a_theme_too_long_for_a_button_is_left_to_words() -> None:
    menu = settings.menu("theme", SUBSCRIPTION, PLACE, ["长" * 30, "人工智能"])
    assert menu is not None
    assert labels(menu) == ["✓ 不限", "人工智能", "‹ 返回"]
    assert all(callbacks.parse(button.data) for row in menu.buttons for button in row)


def test_subscribing_reads_back_what_was_understood() -> None:
    one = replace(SUBSCRIPTION, days=Days(DayRule.WORKDAYS), theme="人工智能")
    text = seen(settings.subscribed(one, PLACE, STOPPED).text)
    assert text.startswith(
        "✅ 订阅好了：本群工作日 08:00 收到一条关于“人工智能”的论述和一段延伸阅读。\n"
        "下一次：明天（11月25日 星期三）08:00（北京时间）"
    )


def test_subscribing_again_says_that_it_was_a_change() -> None:
    text = seen(settings.subscribed(SUBSCRIPTION, PLACE, SUBSCRIPTION).text)
    assert text.startswith("✅ 之前已经订阅，现在改好了")


def test_unsubscribing_twice_is_told_apart() -> None:
    assert "设置都还留着" in seen(settings.unsubscribed(PLACE, was_active=True).text)
    assert "本来就没有订阅" in seen(settings.unsubscribed(PLACE, was_active=False).text)


def test_a_refusal_fits_into_the_notice_over_a_button() -> None:
    assert len(settings.only_administrators(ChatKind.SUPERGROUP)) <= 200


def test_an_unknown_theme_is_shown_and_answered_with_those_there_are() -> None:
    text = seen(settings.unknown_theme("<大海>", ["未来产业", "人工智能"]).text)
    assert "“<大海>”" in text
    assert "例如：/subscribe 只推 未来产业" in text
