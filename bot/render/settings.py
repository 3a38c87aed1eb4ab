"""The daily push of a chat: its panel of buttons, and what is said when it changes.

Here live the words and the buttons of `/settings`, `/subscribe` and `/unsubscribe`, and
the spelling of a setting in a button (`FIELDS` and the `…_value` functions). Who may
change what, and the change itself, is `chat.settings`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.model import (
    Answer,
    Button,
    Card,
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
from bot.render import callbacks, dates, pages
from bot.render.html import bold, escape, one_line
from bot.render.language import N_, _, as_read

GENERAL, HERE = "general", "here"
ON, OFF = "on", "off"
PANEL = "panel"
DONE = N_("改好了 ✅")
NO_THEME = ""

CONTENT_NAMES = {
    Content.BOTH: N_("论述＋阅读"),
    Content.QUOTE: N_("只推论述"),
    Content.READING: N_("只推阅读"),
}
QUOTE_ORDER_NAMES = {
    QuoteOrder.ROUND: N_("那年今日，其余轮着来"),
    QuoteOrder.DATE: N_("按日期先后"),
}
READING_ORDER_NAMES = {
    ReadingOrder.NEAREST: N_("与当天论述相近"),
    ReadingOrder.SEQUENCE: N_("按文章顺序"),
}
CARD_NAMES = {
    Card.NONE: N_("只发文字"),
    Card.LIGHT: N_("图＋文 · 浅色"),
    Card.DARK: N_("图＋文 · 深色"),
    Card.LARGE: N_("图＋文 · 大字"),
}
CHECK_IN_NAMES = {True: N_("放在推送下面"), False: N_("不放")}
# Each in itself, for whoever is looking for the own one among words that cannot be read.
LANGUAGE_NAMES = {
    Language.SIMPLIFIED: "简体中文",
    Language.TRADITIONAL: "繁體中文",
    Language.ENGLISH: "English",
}
SCRIPT_NAMES = {Script.PRINTED: N_("按原文"), Script.TRADITIONAL: N_("繁体")}
_DAY_CHOICES = (
    Days(),
    Days(DayRule.WORKDAYS),
    Days(DayRule.WEEKDAYS, frozenset({1, 2, 3, 4, 5})),
    Days(DayRule.WEEKDAYS, frozenset({1, 3, 5})),
    Days(DayRule.WEEKDAYS, frozenset({1})),
    Days(DayRule.WEEKDAYS, frozenset({6, 7})),
)
_TIME_CHOICES = ("0630", "0700", "0730", "0800", "0830", "0900", "1200", "1800", "2000", "2100")
_MOST_THEMES = 18  # what fits on a phone, with 不限
_ZONE_CHOICES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Asia/Dubai",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
)

_ZONES_OFFERED = (
    "Asia/Tokyo",
    "Asia/Singapore",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the panel stands: which chat, and the topic it was opened in (None: no topic).

    `today` is the chat's own local date; `next_at` when the next push comes, if any does.
    `has_cards`: quotations can be sent as pictures from here.
    """

    chat: Chat
    today: date
    next_at: datetime | None
    thread_id: int | None = None
    has_cards: bool = False

    @property
    def name(self) -> str:
        names = {ChatKind.PRIVATE: N_("你"), ChatKind.CHANNEL: N_("本频道")}
        return _(names.get(self.chat.kind, N_("本群")))


# ----------------------------------------------------------- settings in buttons


def time_value(at: time) -> str:
    """`0730`"""
    return at.strftime("%H%M")


def read_time_value(value: str) -> time:
    """The time of `0730`; ValueError for anything else."""
    if len(value) != 4 or not value.isdecimal():
        raise ValueError(f"not a time: {value!r}")
    return time(int(value[:2]), int(value[2:]))


def days_value(rule: Days) -> str:
    """`daily`, `workdays`, or the ISO numbers of the chosen days: `135`."""
    if rule.rule is DayRule.WEEKDAYS:
        return "".join(str(number) for number in sorted(rule.weekdays))
    return rule.rule.value


def read_days_value(value: str) -> Days:
    """The days of `days_value`; ValueError for anything else."""
    if value in (DayRule.DAILY.value, DayRule.WORKDAYS.value):
        return Days(DayRule(value))
    numbers = frozenset(map(int, value))
    if not numbers or not numbers <= set(range(1, 8)):
        raise ValueError(f"not days of the week: {value!r}")
    return Days(DayRule.WEEKDAYS, numbers)


def _button(label: str, field: str, value: str | None = None) -> Button:
    return Button(label, callbacks.compose(callbacks.Setting(field, value)))


# ----------------------------------------------------------------------- the panel


def panel(subscription: Subscription, place: Place) -> Answer:
    """All settings as they are, and a button for each."""
    one = subscription
    lines = [
        bold(_("⚙️ {place}的每日推送", place=place.name)),
        "",
        _("推送：已开启 ✅") if one.is_active else _("推送：未开启"),
        _("时间：{when}", when=_when(one)),
        _("时区：{zone}", zone=escape(_zone(one.zone))),
        _("内容：{content}", content=_(CONTENT_NAMES[one.content])),
    ]
    if one.content is not Content.READING:
        lines.append(_("论述：{order}", order=_(QUOTE_ORDER_NAMES[one.quote_order])))
        lines.append(_("专题：{theme}", theme=escape(_theme(one))))
        if place.has_cards:
            lines.append(_("图文：{form}", form=_(CARD_NAMES[one.card])))
    if one.content is not Content.QUOTE:
        lines.append(_("阅读：{order}", order=_(READING_ORDER_NAMES[one.reading_order])))
    lines.append(_("打卡：{form}", form=_(CHECK_IN_NAMES[one.has_check_in])))
    if place.chat.kind is ChatKind.SUPERGROUP and (one.thread_id or place.thread_id):
        lines.append(_("话题：{topic}", topic=_thread(one, place)))
    lines.append(_("语言：{language}", language=LANGUAGE_NAMES[place.chat.language]))
    lines.append(_("引文字体：{script}", script=_(SCRIPT_NAMES[place.chat.script])))
    if place.next_at is not None:
        next_at = dates.moment(place.next_at, one.zone, place.today)
        lines += ["", _("下一次：{time}", time=next_at)]
    return Answer("\n".join(lines), _panel_buttons(one, place))


def _when(one: Subscription) -> str:
    """`工作日 08:00`"""
    return _("{days} {time}", days=dates.days(one.days), time=dates.clock(one.push_at))


def _theme(one: Subscription) -> str:
    return _("只推{theme}", theme=as_read(one.theme)) if one.theme else _("不限")


def _panel_buttons(one: Subscription, place: Place) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        _button(_("时间"), "time"),
        _button(_("时区"), "zone"),
        _button(_("推送日"), "days"),
        _button(_("内容"), "content"),
    ]
    if one.content is not Content.READING:
        buttons += [_button(_("论述顺序"), "quotes"), _button(_("专题"), "theme")]
        if place.has_cards:
            buttons.append(_button(_("图文"), "card"))
    if one.content is not Content.QUOTE:
        buttons.append(_button(_("阅读顺序"), "reads"))
    buttons.append(_button(_("打卡按钮"), "checkin"))
    if place.chat.kind is ChatKind.SUPERGROUP and (one.thread_id or place.thread_id):
        buttons.append(_button(_("话题"), "topic"))
    buttons += [_button(_("语言 / Language"), "lang"), _button(_("引文字体"), "script")]
    switch = (
        _button(_("停止推送"), "push", OFF) if one.is_active else _button(_("开启推送"), "push", ON)
    )
    return (*pages.in_rows(buttons, 3), (switch,))


def _zone(zone: str) -> str:
    name = dates.zone_name(zone)
    return name if name == zone else _("{name}（{zone}）", name=name, zone=zone)


def _thread(one: Subscription, place: Place) -> str:
    if one.thread_id is None:
        return _("推到“常规”话题")
    return _("推到这个话题") if one.thread_id == place.thread_id else _("推到另一个话题")


# ----------------------------------------------------------------------- the menus


def menu(field: str, one: Subscription, place: Place, topics: Sequence[str]) -> Answer | None:
    """The choices of one setting, the present one ticked; None for a field not known."""
    build = _MENUS.get(field)
    if build is None:
        return None
    question, buttons = build(one, place, topics)
    return Answer(question, (*buttons, (_button(_("‹ 返回"), PANEL),)))


_Menu = tuple[str, list[tuple[Button, ...]]]


def _choices(
    field: str, options: Sequence[tuple[str, str]], now: str, a_row: int
) -> list[tuple[Button, ...]]:
    """Buttons of (label, value) options; that of the present value `now` is ticked."""
    return pages.in_rows(
        [
            _button(f"✓ {label}" if value == now else label, field, value)
            for label, value in options
            if callbacks.fits(callbacks.Setting(field, value))
        ],
        a_row,
    )


def _time_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(dates.clock(read_time_value(value)), value) for value in _TIME_CHOICES]
    question = _("每天几点推送？\n其他时间请发送，例如：/settings 时间 7:45")
    return question, _choices("time", options, time_value(one.push_at), 4)


def _zone_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(dates.zone_name(zone), zone) for zone in _ZONE_CHOICES]
    question = _("按哪里的时间？\n其他地方请发送，例如：/settings 时区 首尔")
    return question, _choices("zone", options, one.zone, 2)


def _days_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_as_label(dates.days(rule)), days_value(rule)) for rule in _DAY_CHOICES]
    question = _(
        "哪些日子推送？\n“工作日”按国家放假安排：节假日不推，调休上班的日子推。\n"
        "别的安排请发送，例如：/settings 推送日 周二周四"
    )
    return question, _choices("days", options, days_value(one.days), 2)


def _content_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_(name), content.value) for content, name in CONTENT_NAMES.items()]
    return _("推送哪些内容？"), _choices("content", options, one.content.value, 1)


def _quotes_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_(name), order.value) for order, name in QUOTE_ORDER_NAMES.items()]
    question = _("论述按什么顺序？\n轮着来：往年今天有论述就推那一条，其余不重复地轮完一遍再从头。")
    return question, _choices("quotes", options, one.quote_order.value, 1)


def _reads_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_(name), order.value) for order, name in READING_ORDER_NAMES.items()]
    return _("阅读按什么顺序？"), _choices("reads", options, one.reading_order.value, 1)


def _theme_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_("不限"), NO_THEME), *((as_read(topic), topic) for topic in topics)]
    question = _("只推一个专题的论述？\n也可以发送，例如：/settings 只推 人工智能")
    return question, _choices("theme", options[:_MOST_THEMES], one.theme, 3)


def _card_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_(name), card.value) for card, name in CARD_NAMES.items()]
    question = _("论述要不要配图？\n配了图，全文也照样写在图的下面，能搜索、能复制。")
    return question, _choices("card", options, one.card.value, 1)


def _check_in_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_(CHECK_IN_NAMES[True]), ON), (_(CHECK_IN_NAMES[False]), OFF)]
    question = _("每条推送下面要不要“今天打卡”的按钮？\n不放的话，大家发 /checkin 也能打卡。")
    return question, _choices("checkin", options, ON if one.has_check_in else OFF, 1)


def _topic_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_("“常规”话题"), GENERAL)]
    if place.thread_id is not None:
        options.insert(0, (_("这个话题"), HERE))
    now = GENERAL if one.thread_id is None else HERE if one.thread_id == place.thread_id else ""
    question = _("推送到哪个话题？\n要推到别的话题，请到那个话题里发送 /settings")
    return question, _choices("topic", options, now, 1)


def _language_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(name, spoken.value) for spoken, name in LANGUAGE_NAMES.items()]
    question = _("用哪种语言？ / Which language?\n论述和文章不翻译，只是按钮和说明换一种语言。")
    return question, _choices("lang", options, place.chat.language.value, 1)


def _script_menu(one: Subscription, place: Place, topics: Sequence[str]) -> _Menu:
    options = [(_(name), script.value) for script, name in SCRIPT_NAMES.items()]
    question = _("论述和文章用哪种字体？\n繁体由程序逐字转换，引用时请以原文为准。")
    return question, _choices("script", options, place.chat.script.value, 1)


def _as_label(words: str) -> str:
    """Words from within a sentence as they stand on a button."""
    return words[:1].upper() + words[1:]


_MENUS: dict[str, Callable[[Subscription, Place, Sequence[str]], _Menu]] = {
    "time": _time_menu,
    "zone": _zone_menu,
    "days": _days_menu,
    "content": _content_menu,
    "quotes": _quotes_menu,
    "reads": _reads_menu,
    "theme": _theme_menu,
    "card": _card_menu,
    "checkin": _check_in_menu,
    "topic": _topic_menu,
    "lang": _language_menu,
    "script": _script_menu,
}

# -------------------------------------------------------- subscribing and leaving


def subscribed(
    one: Subscription, place: Place, before: Subscription, *, is_zone_said: bool = False
) -> Answer:
    """Reads back what was understood, with the next push's local time.

    `before` is the subscription as it was, active or not; `is_zone_said` when its zone was
    named just now, and need not be asked for.
    """
    was_active = before.is_active
    told = _(
        "{place}{when} 收到{content}。",
        place=place.name,
        when=_when(one),
        content=escape(_carried(one)),
    )
    if was_active:
        lines = [_("✅ 之前已经订阅，现在改好了：{told}", told=told)]
    else:
        lines = [_("✅ 订阅好了：{told}", told=told)]
    if place.next_at is not None:
        next_at = dates.moment(place.next_at, one.zone, place.today)
        zone = escape(dates.zone_name(one.zone))
        lines.append(_("下一次：{time}（{zone}）", time=next_at, zone=zone))
    if was_active and one.thread_id != before.thread_id:
        lines.append(_("推送改发到这里。"))
    elif one.thread_id is not None:
        lines.append(_("推送会发到这个话题里。"))
    lines += ["", _("想调整发 /settings，不想收了发 /unsubscribe")]
    is_asked = not is_zone_said and _may_be_elsewhere(one, place, before)
    zones = _other_zones(one) if is_asked else ()
    if zones:
        lines += ["", _("不在{zone}的地方？点一下你的：", zone=escape(dates.zone_name(one.zone)))]
    return Answer("\n".join(lines), (*zones, (_button(_("调整设置"), PANEL),)))


def _may_be_elsewhere(one: Subscription, place: Place, before: Subscription) -> bool:
    """Of a person's first subscription, whose zone they have not said: Telegram does not tell."""
    return place.chat.kind is ChatKind.PRIVATE and not before.id and one.zone == before.zone


def _other_zones(one: Subscription) -> tuple[tuple[Button, ...], ...]:
    options = [(dates.zone_name(zone), zone) for zone in _ZONES_OFFERED if zone != one.zone]
    others = _button(_("别的时区"), "zone")
    return (*_choices("zone", options, one.zone, 3), (others,))


def _carried(one: Subscription) -> str:
    """What a push carries: `一条关于人工智能的论述和一段延伸阅读`."""
    if one.content is Content.READING:
        return _("一段阅读")
    theme = as_read(one.theme)
    quote = _("一条关于“{theme}”的论述", theme=theme) if theme else _("一条论述")
    return _("{quote}和一段延伸阅读", quote=quote) if one.content is Content.BOTH else quote


def unsubscribed(place: Place, *, was_active: bool) -> Answer:
    """After `/unsubscribe`; says so when there was nothing to stop."""
    if not was_active:
        return Answer(
            _("{place}本来就没有订阅每日推送。要订阅请发 /subscribe 08:00", place=place.name)
        )
    return Answer(
        _("已退订，不再推送。时间、推送日等设置都还留着，想恢复随时发 /subscribe"),
        ((_button(_("重新开启"), "push", ON),),),
    )


def changed(one: Subscription, place: Place) -> Answer:
    """After `/settings 时间 7:30`: the whole panel, headed by a word that it is done."""
    shown = panel(one, place)
    return Answer(_("✅ 改好了") + f"\n\n{shown.text}", shown.buttons)


def only_administrators(kind: ChatKind) -> str:
    """Why a member may not do this, short enough for a notice over a button (200)."""
    return _(
        "{place}的设置和安排只有管理员能改，请找管理员来操作。"
        "查论述、读文章人人都可以，例如：/search 新质生产力",
        place=_("本频道") if kind is ChatKind.CHANNEL else _("本群"),
    )


def refusal(sentence: str) -> Answer:
    """A sentence of refusal as an answer."""
    return Answer(escape(sentence))


def unknown_theme(theme: str, topics: Sequence[str]) -> Answer:
    """A theme under which there is no quotation."""
    some = _("、").join(as_read(topic) for topic in topics[:12])
    example = as_read(topics[0]) if topics else _("人工智能")
    return Answer(
        _(
            "资料里没有以“{theme}”为专题的论述。现有的专题有：{topics}。\n"
            "例如：/subscribe 只推 {example}",
            theme=escape(one_line(theme, 40)),
            topics=escape(some),
            example=escape(example),
        )
    )


def not_understood(text: str, command: str) -> Answer:
    """Free text after `/settings` or `/subscribe`, whichever it was, that says nothing known."""
    return Answer(
        _(
            "没看懂“{text}”。可以这样写：\n"
            "{command} 时间 7:30\n{command} 时区 东京\n"
            "{command} 推送日 工作日\n{command} 只推 人工智能\n{command} 图文\n"
            "{command} 语言 English\n"
            "或者发 /settings，用按钮来选。",
            text=escape(one_line(text, 40)),
            command=command,
        )
    )


def word_refused(sentence: str) -> Answer:
    """A time, zone or days that cannot be read; the sentence already has its example."""
    return Answer(f"🤔 {escape(sentence)}")
