"""The first words and the help, the menu of commands, and small refusals.

Here lives what the bot says about itself. Everything a command answers is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.model import Answer, Corpus, Language
from bot.render import dates
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n, language
from bot.render.results import ask_buttons

EXAMPLES = (N_("新质生产力"), N_("2024年3月"), N_("去年 人工智能"))

# Each in its own language, for whoever cannot read the one being spoken.
OFFERS = {
    Language.SIMPLIFIED: "🌐 简体中文：/settings 语言 简体",
    Language.TRADITIONAL: "🌐 繁體中文：/settings 語言 繁體",
    Language.ENGLISH: "🌐 English: /settings language English",
}
_TRADITIONAL_TAGS = ("hant", "tw", "hk", "mo")

_WAYS = (
    (N_("· 关键词：{example}"), (N_("新质生产力"),)),
    (N_("· 几个词一起：{example}"), (N_("人工智能 制造业"),)),
    (N_("· 一字不差：{example}"), (N_("“因地制宜”"),)),
    (N_("· 不要某个词：{example}"), (N_("人工智能 -制造业"),)),
    (N_("· 日期：{example}"), (N_("2024年3月5日"), N_("去年10月"))),
    (N_("· 日期加词：{example}"), (N_("2024年以来 未来产业"),)),
    (N_("· 只查一类：{example}"), (N_("论述 新质生产力"), N_("文章 新质生产力"))),
)

MENU: Mapping[str, str] = {
    "search": N_("查论述和文章：/search 新质生产力"),
    "date": N_("按日期查：/date 2024年3月"),
    "check": N_("核对一句话是不是出自资料，可以回复那条消息来发"),
    "trend": N_("一个词逐月讲了多少次：/trend 新质生产力"),
    "quote": N_("今天的每日一语"),
    "random": N_("随机一条论述"),
    "read": N_("文章目录，接着上次往下读"),
    "readplan": N_("读书计划，几周一起读完：/readplan 4周"),
    "subscribe": N_("订阅每日推送：/subscribe 08:00"),
    "unsubscribe": N_("退订每日推送"),
    "settings": N_("推送设置：时间、时区、推送日、内容"),
    "remind": N_("设提醒：/remind 每周五 15:00 学习会 提前30分钟"),
    "reminders": N_("提醒列表：暂停、改期、删除"),
    "plan": N_("往后几天推送什么：/plan 30"),
    "quiz": N_("测验一题；定时出题：/quiz 每周五 20:00 3题"),
    "why": N_("某天的推送怎么样了：/why 昨天"),
    "calendar": N_("日历文件，手机打开就能导入"),
    "checkin": N_("打卡；看一个月：/checkin 本月"),
    "attendance": N_("考勤：/attendance 11月"),
    "export": N_("导出本群的数据"),
    "import": N_("导入：回复导出的文件来发"),
    "forget": N_("忘记我：删除关于你的一切记录"),
    "help": N_("怎么用"),
    "start": N_("开始"),
}


def start(
    corpus: Corpus, ids: Mapping[str, int], *, is_group: bool, zone: str = "", theirs: str = ""
) -> Answer:
    """The greeting; `ids` gives the remembered ids of the three `EXAMPLES`.

    `zone` is that of a chat which has not said its own: it is told how to. `theirs` is the
    language of the person's Telegram, an IETF tag: where it is another than the one being
    spoken, a line in it says how to change that.
    """
    quotes = _n("论述 {count} 条", len(corpus.quotes))
    articles = _n("学习文章 {count} 篇", len(corpus.articles))
    lines = [
        _("👋 大家好，我是学习助手。") if is_group else _("👋 你好，我是学习助手。"),
        _(
            "这里有{quotes}、{articles}，每一条都注明日期、场合和出处，一查就到。",
            quotes=quotes,
            articles=articles,
        ),
        "",
        _how_to_ask(is_group=is_group),
        _("每天定时收一条论述和一段阅读：发 /subscribe 08:00"),
        _("今天的一语 /quote，读文章 /read，更多用法 /help"),
        "",
        _("点一个试试："),
    ]
    if zone:
        name = escape(dates.zone_name(zone))
        lines.insert(-2, _("🕗 按{zone}，在别处请发：/settings 时区 东京", zone=name))
    if offer := _offer(theirs.lower()):
        lines.insert(-2, offer)
    return Answer("\n".join(lines), ask_buttons(EXAMPLES, ids, a_row=3, label=_))


def _offer(theirs: str) -> str:
    """How to speak the language of this tag, in it; empty where it is spoken, or not known."""
    is_chinese = theirs.split("-")[0] in ("", "zh")
    wanted = Language.SIMPLIFIED if is_chinese else Language.ENGLISH
    if any(part in _TRADITIONAL_TAGS for part in theirs.split("-")):
        wanted = Language.TRADITIONAL
    if not theirs or wanted is language() or theirs == "zh":
        return ""
    return OFFERS[wanted]


def _how_to_ask(*, is_group: bool) -> str:
    if is_group:
        return _("想查什么，发 /search 加上关键词或日期；@我 或者回复我的消息也行。")
    return _("想查什么，直接把关键词或日期发给我。")


def guide(ids: Mapping[str, int], *, is_group: bool) -> Answer:
    """All that can be done, a line each."""
    prefix = "/search " if is_group else ""
    check, trend = _("/check 因地制宜加快发展新质生产力"), _("/trend 新质生产力")
    remind = _("/remind 每周五 15:00 学习会 提前30分钟")
    lines = [
        bold(_("怎么查")),
        _how_to_ask(is_group=is_group),
        *_ways_to_ask(prefix),
        _("作者、刊物、场合也能查；繁体、拼音、错一个字也认得。"),
        "",
        bold(_("核对和走势")),
        _(
            "{command}　这句话有没有、错在哪个字；也可以回复别人的消息发 /check",
            command=code(check),
        ),
        _("{command}　一个词逐月出现了多少次", command=code(trend)),
        _("在任何聊天里先打我的用户名，再打关键词或日期，可以直接选一条发出去。"),
        "",
        bold(_("怎么读")),
        _("/quote 今天的每日一语　/random 随机一条"),
        _("/read 文章目录；发“继续”接着读"),
        _("/readplan 4周　共读：分成小份，每天一份，几周读完"),
        "",
        bold(_("每日推送")),
        _("/subscribe 08:00 工作日　订阅"),
        _("/settings 改设置　/unsubscribe 退订"),
        _("/why 昨天　那天的推送怎么样了"),
        _("/plan 30　往后每天推什么，管理员可以换一条、加备注"),
        "",
        bold(_("学习会")),
        _(
            "{command}　到时候提醒，大家点按钮报名、签到",
            command=code(remind),
        ),
        _("/reminders 提醒列表：暂停、跳过、改期、删除"),
        _("/quiz 测验：来一题，答错的过几天再出；/quiz 成绩 看结果"),
        _("/checkin 打卡　/checkin 本月　一个月的打卡图　/checkin 周榜 周日 20:00　每周发榜"),
        _("/attendance 考勤　/calendar 日历文件"),
        _("/export 导出本群数据，在别的群里用 /import 导入"),
        _("/forget 忘记我：删除关于你的一切记录"),
        "",
        # In both languages, for those who do not read the one being spoken.
        _("🌐 /settings 语言 繁體 · /settings language English · /settings 语言 简体"),
    ]
    if is_group:
        lines += ["", _("查和读人人都可以；订阅和设置由管理员来改。")]
    return Answer("\n".join(lines), ask_buttons(EXAMPLES, ids, a_row=3, label=_))


def _ways_to_ask(prefix: str) -> Iterator[str]:
    """The query language, a line each; `prefix` is what must stand before a query here."""
    for message, queries in _WAYS:
        shown = (code(prefix + _(query)) for query in queries)
        yield _(message, example=_("、").join(shown))


def thanked() -> Answer:
    """What one says to thanks."""
    return Answer(_("不客气！想查什么，随时把关键词或日期发给我，例如：去年 人工智能"))


def joined() -> Answer:
    """Said once when the bot is added to a group."""
    lines = [
        _("👋 大家好，我是学习助手，可以帮大家查论述、读文章。"),
        "",
        _("· 查：/search 新质生产力，或者 @我 加上关键词、日期"),
        _("· 管理员发 /subscribe 08:00，每天早上就有一条论述和一段阅读"),
        "",
        _("全部用法 /help"),
    ]
    return Answer("\n".join(lines))


def back() -> Answer:
    """Said when the bot is added again to a group whose push goes on."""
    lines = [
        _("👋 我回来了，原来的设置和记录都还在，每日推送接着发。"),
        "",
        _("看看或调整：/settings"),
        _("全部用法 /help"),
    ]
    return Answer("\n".join(lines))


def unknown_command(command: str) -> Answer:
    """A command that there is not."""
    name = escape(one_line(command, 40))
    return Answer(
        _("没有 {command} 这个命令。能做什么请看 /help，例如：/search 新质生产力", command=name)
    )


def only_text() -> Answer:
    """Something other than text, in private."""
    return Answer(_("我只看得懂文字。请发关键词或日期给我，例如：2024年3月 新质生产力"))


def outdated_button() -> Answer:
    """A button that this program does not know any more, and what to do instead."""
    return Answer(
        _("这个按钮已经过时了。请重新发一次，例如：/search 新质生产力，或发 /help 看用法")
    )


SHOWN_ALREADY = N_("刚才已经有人点过，内容就在下面，往下翻一翻")
OUTDATED = N_("这个按钮已经过时，请看下面的新消息")


def too_many() -> Answer:
    """Somebody, or a group together, asked more than may be; said once."""
    return Answer(
        _("问得太快了，我有点跟不上。歇一会儿，半分钟后再问我，例如：2024年3月 新质生产力")
    )


TOO_MANY_PRESSES = N_("点得太快了，歇一会儿再点")


def went_wrong(reference: int) -> Answer:
    """Something broke on our side; `reference` is in the log beside the cause."""
    return Answer(
        _(
            "抱歉，刚才出了点问题，没能完成。请稍后再发一次，例如：/help\n"
            "要是一直这样，请把编号 {number} 告诉维护的人。",
            number=code(str(reference)),
        )
    )


def connection_broke(reference: int) -> Answer:
    """The connection to Telegram failed: the answer may have arrived, or not."""
    return Answer(
        _(
            "刚才和 Telegram 的连接断了一下，不知道回答送到没有。没看到的话，请再发一次。\n"
            "要是一直这样，请把编号 {number} 告诉维护的人。",
            number=code(str(reference)),
        )
    )


NOT_CONFIRMED = N_("没能向 Telegram 确认你是不是管理员，设置没有改动。请把我设为管理员后再试。")


ONLY_OWNER = N_(
    "更新资料是维护这个机器人的人的事，你发的没有动它。查论述、读文章人人都可以，例如：新质生产力"
)


def no_quotes() -> Answer:
    """The corpus has no quotations, or none of the wanted theme."""
    return Answer(_("资料里还没有论述。可以发 /read 看看文章。"))


def nothing_to_continue() -> Answer:
    """Every article has been read."""
    return Answer(_("全部文章都读完了 👏 想重温，发 /read 从目录里选。"))
