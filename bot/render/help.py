"""The first words and the help, the menu of commands, and small refusals.

Here lives what the bot says about itself. Everything a command answers is elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import Answer, Corpus
from bot.render.html import bold, code, escape, one_line
from bot.render.results import ask_buttons

EXAMPLES = ("新质生产力", "2024年3月", "去年 人工智能")

MENU: Mapping[str, str] = {
    "search": "查论述和文章：/search 新质生产力",
    "date": "按日期查：/date 2024年3月",
    "check": "核对一句话是不是出自资料，可以回复那条消息来发",
    "trend": "一个词逐月讲了多少次：/trend 新质生产力",
    "quote": "今天的每日一语",
    "random": "随机一条论述",
    "read": "文章目录，接着上次往下读",
    "subscribe": "订阅每日推送：/subscribe 08:00",
    "unsubscribe": "退订每日推送",
    "settings": "推送设置：时间、时区、推送日、内容",
    "remind": "设提醒：/remind 每周五 15:00 学习会 提前30分钟",
    "reminders": "提醒列表：暂停、改期、删除",
    "plan": "往后几天推送什么：/plan 30",
    "why": "某天的推送怎么样了：/why 昨天",
    "calendar": "日历文件，手机打开就能导入",
    "attendance": "考勤：/attendance 11月",
    "export": "导出本群的数据",
    "import": "导入：回复导出的文件来发",
    "forget": "忘记我：删除关于你的一切记录",
    "help": "怎么用",
    "start": "开始",
}


def start(corpus: Corpus, ids: Mapping[str, int], *, is_group: bool) -> Answer:
    """The greeting; `ids` gives the remembered ids of the three `EXAMPLES`."""
    hello = "大家好" if is_group else "你好"
    lines = [
        f"👋 {hello}，我是学习助手。",
        f"这里有论述 {len(corpus.quotes)} 条、学习文章 {len(corpus.articles)} 篇，"
        "每一条都注明日期、场合和出处，一查就到。",
        "",
        _how_to_ask(is_group=is_group),
        "每天定时收一条论述和一段阅读：发 /subscribe 08:00",
        "今天的一语 /quote，读文章 /read，更多用法 /help",
        "",
        "点一个试试：",
    ]
    return Answer("\n".join(lines), ask_buttons(EXAMPLES, ids, a_row=3))


def _how_to_ask(*, is_group: bool) -> str:
    if is_group:
        return "想查什么，发 /search 加上关键词或日期；@我 或者回复我的消息也行。"
    return "想查什么，直接把关键词或日期发给我。"


def guide(ids: Mapping[str, int], *, is_group: bool) -> Answer:
    """All that can be done, a line each."""
    prefix = "/search " if is_group else ""
    lines = [
        bold("怎么查"),
        _how_to_ask(is_group=is_group),
        f"· 关键词：{code(f'{prefix}新质生产力')}",
        f"· 几个词一起：{code(f'{prefix}人工智能 制造业')}",
        f"· 一字不差：{code(f'{prefix}“因地制宜”')}",
        f"· 不要某个词：{code(f'{prefix}人工智能 -制造业')}",
        f"· 日期：{code(f'{prefix}2024年3月5日')}、{code(f'{prefix}去年10月')}",
        f"· 日期加词：{code(f'{prefix}2024年以来 未来产业')}",
        f"· 只查一类：{code(f'{prefix}论述 新质生产力')}、{code(f'{prefix}文章 新质生产力')}",
        "作者、刊物、场合也能查；繁体、拼音、错一个字也认得。",
        "",
        bold("核对和走势"),
        f"{code('/check 因地制宜加快发展新质生产力')}　这句话有没有、错在哪个字；"
        "也可以回复别人的消息发 /check",
        f"{code('/trend 新质生产力')}　一个词逐月出现了多少次",
        "在任何聊天里先打我的用户名，再打关键词或日期，可以直接选一条发出去。",
        "",
        bold("怎么读"),
        "/quote 今天的每日一语　/random 随机一条",
        "/read 文章目录；发“继续”接着读",
        "",
        bold("每日推送"),
        "/subscribe 08:00 工作日　订阅",
        "/settings 改设置　/unsubscribe 退订",
        "/why 昨天　那天的推送怎么样了",
        "/plan 30　往后每天推什么，管理员可以换一条、加备注",
        "",
        bold("学习会"),
        f"{code('/remind 每周五 15:00 学习会 提前30分钟')}　到时候提醒，大家点按钮报名、签到",
        "/reminders 提醒列表：暂停、跳过、改期、删除",
        "/attendance 考勤　/calendar 日历文件",
        "/export 导出本群数据，在别的群里用 /import 导入",
        "/forget 忘记我：删除关于你的一切记录",
    ]
    if is_group:
        lines += ["", "查和读人人都可以；订阅和设置由管理员来改。"]
    return Answer("\n".join(lines), ask_buttons(EXAMPLES, ids, a_row=3))


def joined() -> Answer:
    """Said once when the bot is added to a group."""
    lines = [
        "👋 大家好，我是学习助手，可以帮大家查论述、读文章。",
        "",
        "· 查：/search 新质生产力，或者 @我 加上关键词、日期",
        "· 管理员发 /subscribe 08:00，每天早上就有一条论述和一段阅读",
        "",
        "全部用法 /help",
    ]
    return Answer("\n".join(lines))


def unknown_command(command: str) -> Answer:
    """A command that there is not."""
    name = escape(one_line(command, 40))
    return Answer(f"没有 {name} 这个命令。能做什么请看 /help，例如：/search 新质生产力")


def only_text() -> Answer:
    """Something other than text, in private."""
    return Answer("我只看得懂文字。请发关键词或日期给我，例如：2024年3月 新质生产力")


def outdated_button() -> Answer:
    """A button that this program does not know any more, and what to do instead."""
    return Answer("这个按钮已经过时了。请重新发一次，例如：/search 新质生产力，或发 /help 看用法")


OUTDATED = "这个按钮已经过时，请看下面的新消息"


def too_many() -> Answer:
    """Somebody, or a group together, asked more than may be; said once."""
    return Answer("问得太快了，我有点跟不上。歇一会儿，半分钟后再问我，例如：2024年3月 新质生产力")


TOO_MANY_PRESSES = "点得太快了，歇一会儿再点"


def went_wrong(reference: int) -> Answer:
    """Something broke on our side; `reference` is in the log beside the cause."""
    return Answer(
        "抱歉，刚才出了点问题，没能完成。请稍后再发一次，例如：/help\n"
        f"要是一直这样，请把编号 {code(str(reference))} 告诉维护的人。"
    )


NOT_CONFIRMED = "没能向 Telegram 确认你是不是管理员，设置没有改动。请把我设为管理员后再试。"


ONLY_OWNER = (
    "更新资料是维护这个机器人的人的事，你发的没有动它。查论述、读文章人人都可以，例如：新质生产力"
)


def no_quotes() -> Answer:
    """The corpus has no quotations, or none of the wanted theme."""
    return Answer("资料里还没有论述。可以发 /read 看看文章。")


def nothing_to_continue() -> Answer:
    """Every article has been read."""
    return Answer("全部文章都读完了 👏 想重温，发 /read 从目录里选。")
