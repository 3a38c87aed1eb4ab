"""A booklet that the owner sent: what was read, what is doubtful, and the decision.

Here lives the wording. Reading is `corpus.importing`, keeping and enabling `app.staging`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from bot.errors import Mistake
from bot.model import Answer, Article, Button, Doubt, Enabled, Quote, Reload, Remark, Repair, Staged
from bot.render import callbacks, dates
from bot.render import reload as reloaded
from bot.render.html import bold, code, escape, one_line, shorten
from bot.render.language import N_, _, _n, as_read

MOST_MEGABYTES: Final = 10
SUFFIXES: Final = (".md", ".txt", ".docx", ".pdf")

_PREVIEWED_QUOTES: Final = 3
_QUOTE_LENGTH: Final = 120  # characters
_MOST_DOUBTS: Final = 10
_MOST_MISTAKES: Final = 5
_MOST_HEADINGS: Final = 40
_REMARK_LENGTH: Final = 120

NOT_ACCEPTED: Final = N_("这里不收文件。请在服务器上用 studybot import 文件名 来导入。")
TOO_MUCH: Final = N_("这份文件展开以后太大，内存不够，没有读完。什么都没有改动。")
BROKEN: Final = N_("这份文件读到一半读不下去：太大，或者已经损坏。什么都没有改动。")
GONE: Final = N_("这份资料已经启用或放弃了，或者放得太久。要用的话，请把文件再发一次。")
NOT_IN_FORCE: Final = N_("现在用的已经不是那一版，没有回滚。")
DISCARDED: Final = N_("已放弃，资料没有改动。")

# What a refusal of the importer, which is for an operator's terminal, says to the owner.
_REASONS: Final[Mapping[str, str]] = {
    "no quotation": N_(
        "这份文件里没有找到带落款的论述，例如：——在…上的讲话（2024年3月5日）。什么都没有改动。"
    ),
    "is empty": N_("这份文件是空的。什么都没有改动。"),
    "unpacks to": N_("这份文件展开以后太大。什么都没有改动。"),
    "a booklet has at most": N_("这份文件太大。什么都没有改动。"),
    "at most": N_("这份文件页数太多。什么都没有改动。"),
    "no text": N_("这份文件里面没有文字；扫描件要先识别成文字。什么都没有改动。"),
    "password": N_("这份文件有密码，请先去掉密码。什么都没有改动。"),
    "no Word document": N_("这份文件不是 Word 文档（.docx）。什么都没有改动。"),
    "damaged": N_("这份文件已经损坏。什么都没有改动。"),
    "neither text": N_(
        "这份文件不是文字（UTF-8 或 GB18030）、Word 文档（.docx）或 PDF。什么都没有改动。"
    ),
}
_REPAIRS: Final[Mapping[Repair, str]] = {
    Repair.DECODED: N_("转换编码"),
    Repair.PAGE_BREAK_JOINED: N_("接上被分页切断的句子"),
    Repair.REPETITION_REMOVED: N_("删去分页处重复的字"),
    Repair.PAGE_NUMBER_DROPPED: N_("去掉页码"),
    Repair.RUNNING_HEAD_DROPPED: N_("去掉页眉"),
    Repair.LINE_BREAK_JOINED: N_("接上被换行切断的句子"),
    Repair.HEADING_RECOVERED: N_("找回标题"),
    Repair.HEADING_DEMOTED: N_("不是标题的改回正文"),
    Repair.ATTRIBUTION_PARTED: N_("分出落款"),
    Repair.NUMBER_DROPPED: N_("去掉序号"),
    Repair.TAKEN_FOR: N_("按意思认定"),
}
_DOUBTS: Final[Mapping[Doubt, str]] = {
    Doubt.QUOTE_COUNT: N_("论述条数与题名不符"),
    Doubt.ARTICLE_COUNT: N_("文章篇数与目录不符"),
    Doubt.CONTENTS: N_("与目录不符"),
    Doubt.UNCLOSED: N_("引号或括号没有成对"),
    Doubt.UNFINISHED: N_("句子好像没完"),
    Doubt.PAGE_BREAK: N_("分页处接得对不对"),
    Doubt.REPETITION: N_("好像有重复"),
    Doubt.DATE_IMPOSSIBLE: N_("没有这一天"),
    Doubt.DATE_AFTER_ISSUE: N_("日期晚于出刊"),
    Doubt.DATE_MISSING: N_("没有日期"),
    Doubt.NO_ATTRIBUTION: N_("没有落款"),
    Doubt.NEAR_DUPLICATE: N_("与别的汇编里的几乎一样"),
    Doubt.NUMBERING: N_("序号不连贯"),
    Doubt.HEADING: N_("标题认得对不对"),
    Doubt.NO_SOURCE: N_("没有出处"),
    Doubt.NO_AUTHOR: N_("没有作者"),
    Doubt.COVER: N_("封面有缺"),
    Doubt.LEFT_OUT: N_("没有收进去"),
}


def staged(one: Staged) -> Answer:
    """What was read: counts, repairs, doubts, three quotations and the outline; 启用 or 放弃."""
    blocks = [_head(one), *_remarks(one), *_preview(one)]
    if one.replaces:
        blocks.append(_("启用就会更新现有的这份汇编，不用重启；启用以后还可以回滚。"))
    else:
        blocks.append(_("启用就会新增一份汇编，不用重启；启用以后还可以回滚。"))
    buttons = (
        Button(_("✅ 启用"), callbacks.compose(callbacks.EnableUpload(one.key))),
        Button(_("放弃"), callbacks.compose(callbacks.DiscardUpload(one.key))),
    )
    return Answer("\n\n".join(blocks), (buttons,))


def _head(one: Staged) -> str:
    compilation, counts = one.compilation, one.report.counts
    lines = [
        bold(_("📥 读好了：《{title}》", title=as_read(compilation.title))),
        _(
            "{publisher} · {date} · 编号 {id}",
            publisher=escape(as_read(compilation.publisher)),
            date=dates.partial(compilation.issued),
            id=code(compilation.id),
        ),
        _(
            "论述 {quotes} 条，文章 {articles} 篇，{sections} 节，{paragraphs} 段，{characters} 字",
            quotes=_of(counts.quotes, counts.quotes_promised),
            articles=_of(counts.articles, counts.articles_promised),
            sections=counts.sections,
            paragraphs=counts.paragraphs,
            characters=counts.characters,
        ),
    ]
    if counts.repeated_quotes:
        lines.append(_n("其中 {count} 条与别的汇编一字不差", counts.repeated_quotes))
    if compilation.topics:
        topics = _("、").join(map(as_read, compilation.topics))
        lines.append(_("主题：{topics}", topics=escape(topics)))
    return "\n".join(lines)


def _of(count: int, promised: int | None) -> str:
    if promised in (None, count):
        return str(count)
    return _("{count}（应有 {promised}）", count=count, promised=promised)


def _remarks(one: Staged) -> list[str]:
    report = one.report
    kinds = (each.kind for each in report.repairs)
    repairs = Counter(_REPAIRS[kind] for kind in kinds if isinstance(kind, Repair))
    told = _("；").join(
        _n("{repair} {count} 处", count, repair=_(name)) for name, count in repairs.items()
    )
    blocks = [_("<b>修复</b>　{told}", told=told)] if told else []
    if not report.doubts:
        return [*blocks, _("<b>存疑</b>　没有")]
    some = report.doubts[:_MOST_DOUBTS]
    lines = [bold(_n("存疑 {count} 处，请看一看", len(report.doubts))), *map(_doubt, some)]
    if len(report.doubts) > len(some):
        lines.append(_n("……另有 {count} 处", len(report.doubts) - len(some)))
    return [*blocks, "\n".join(lines)]


def _doubt(remark: Remark) -> str:
    kind = _(_DOUBTS[remark.kind]) if isinstance(remark.kind, Doubt) else ""
    text = escape(one_line(remark.text, _REMARK_LENGTH))
    if remark.line:
        return _("· 第 {line} 行　{doubt}：{text}", line=remark.line, doubt=kind, text=text)
    return _("· {doubt}：{text}", doubt=kind, text=text)


def _preview(one: Staged) -> list[str]:
    quotes, articles = one.compilation.quotes, one.compilation.articles
    blocks = []
    if quotes:
        some = quotes[:_PREVIEWED_QUOTES]
        heading = bold(_n("前 {count} 条论述", len(some)))
        blocks.append("\n".join([heading, *map(_quote, some)]))
    if articles:
        lines = [line for article in articles for line in _outline(article)]
        more = len(lines) - _MOST_HEADINGS
        rest = [_n("……另有 {count} 行", more)] if more > 0 else []
        blocks.append("\n".join([bold(_("目录")), *lines[:_MOST_HEADINGS], *rest]))
    return blocks


def _quote(one: Quote) -> str:
    text = as_read(shorten(one.text, _QUOTE_LENGTH)[0])
    return _(
        "· {text}——{occasion}（{date}）",
        text=escape(one_line(text, 2 * _QUOTE_LENGTH)),
        occasion=escape(as_read(one.occasion)),
        date=dates.day(one.said_on),
    )


def _outline(article: Article) -> list[str]:
    headings = [
        f"{'　' * section.depth}{escape(one_line(as_read(section.title), 60))}"
        for section in article.sections
    ]
    title, author = escape(as_read(article.title)), escape(as_read(article.author))
    return [f"《{title}》{author}", *headings]


def enabled(done: Enabled) -> Answer:
    """What is in force from now on, and a button to go back."""
    action = callbacks.RollBack(done.compilation_id, done.version)
    row = (Button(_("↩️ 回滚"), callbacks.compose(action)),) if callbacks.fits(action) else ()
    return Answer(reloaded.outcome(done.reload).text, (row,) if row else ())


def rolled_back(done: Reload) -> Answer:
    """What is in force after going back."""
    heading = bold(_("↩️ 已回滚"))
    return Answer(f"{heading}\n{reloaded.outcome(done).text}")


def refused(sentence: str) -> Answer:
    """Why nothing was changed."""
    return Answer(f"🤔 {escape(sentence)}")


def wrong_type() -> str:
    """A kind of file that no booklet comes as."""
    return _(
        "这种文件我不会读。请发 {suffixes} 文件；扫描件要先识别成文字，.doc 请先另存为 .docx。",
        suffixes=_("、").join(SUFFIXES),
    )


def too_large(size_bytes: int) -> str:
    """Beyond the limit, by what Telegram says of it."""
    return _(
        "这份文件有 {size} MB，太大了：在这里最多 {most} MB。"
        "更大的请在服务器上用 studybot import 来导入。",
        size=round(size_bytes / 2**20),
        most=MOST_MEGABYTES,
    )


def too_long(seconds: float) -> str:
    """The reading was cut off."""
    return _n("这份文件读了 {count} 秒还没有读完，已经停下。什么都没有改动。", round(seconds))


def unreadable(reason: str) -> str:
    """What the importer says of a file that is no booklet."""
    told = next((words for sign, words in _REASONS.items() if sign in reason), "")
    if told:
        return _(told)
    shown = one_line(reason, 200)
    return _("这份文件读不出汇编来（{reason}）。什么都没有改动。", reason=shown)


def faulty(mistakes: Sequence[Mistake]) -> str:
    """A booklet that was read, but would break the corpus."""
    some = _("；").join(
        _("{wrong}，{expected}", wrong=one.wrong, expected=one.expected)
        for one in mistakes[:_MOST_MISTAKES]
    )
    return _n(
        "读出来的资料有 {count} 处不合规则，没有启用：{mistakes}",
        len(mistakes),
        mistakes=one_line(some, 600),
    )
