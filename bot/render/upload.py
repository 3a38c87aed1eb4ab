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

MOST_MEGABYTES: Final = 10
SUFFIXES: Final = (".md", ".txt", ".docx", ".pdf")

_PREVIEWED_QUOTES: Final = 3
_QUOTE_LENGTH: Final = 120  # characters
_MOST_DOUBTS: Final = 10
_MOST_MISTAKES: Final = 5
_MOST_HEADINGS: Final = 40
_REMARK_LENGTH: Final = 120

WRONG_TYPE: Final = (
    f"这种文件我不会读。请发 {'、'.join(SUFFIXES)} 文件；"
    "扫描件要先识别成文字，.doc 请先另存为 .docx。"
)
NOT_ACCEPTED: Final = "这里不收文件。请在服务器上用 studybot import 文件名 来导入。"
TOO_MUCH: Final = "这份文件展开以后太大，内存不够，没有读完。什么都没有改动。"
BROKEN: Final = "这份文件读到一半读不下去：太大，或者已经损坏。什么都没有改动。"
GONE: Final = "这份资料已经启用或放弃了，或者放得太久。要用的话，请把文件再发一次。"
NOT_IN_FORCE: Final = "现在用的已经不是那一版，没有回滚。"
DISCARDED: Final = "已放弃，资料没有改动。"

# What a refusal of the importer, which is for an operator's terminal, says in Chinese.
_REASONS: Final[Mapping[str, str]] = {
    "no quotation": "里没有找到带落款的论述，例如：——在…上的讲话（2024年3月5日）",
    "is empty": "是空的",
    "unpacks to": "展开以后太大",
    "a booklet has at most": "太大",
    "at most": "页数太多",
    "no text": "里面没有文字；扫描件要先识别成文字",
    "password": "有密码，请先去掉密码",
    "no Word document": "不是 Word 文档（.docx）",
    "damaged": "已经损坏",
    "neither text": "不是文字（UTF-8 或 GB18030）、Word 文档（.docx）或 PDF",
}
_REPAIRS: Final[Mapping[Repair, str]] = {
    Repair.DECODED: "转换编码",
    Repair.PAGE_BREAK_JOINED: "接上被分页切断的句子",
    Repair.REPETITION_REMOVED: "删去分页处重复的字",
    Repair.PAGE_NUMBER_DROPPED: "去掉页码",
    Repair.RUNNING_HEAD_DROPPED: "去掉页眉",
    Repair.LINE_BREAK_JOINED: "接上被换行切断的句子",
    Repair.HEADING_RECOVERED: "找回标题",
    Repair.HEADING_DEMOTED: "不是标题的改回正文",
    Repair.ATTRIBUTION_PARTED: "分出落款",
    Repair.NUMBER_DROPPED: "去掉序号",
    Repair.TAKEN_FOR: "按意思认定",
}
_DOUBTS: Final[Mapping[Doubt, str]] = {
    Doubt.QUOTE_COUNT: "论述条数与题名不符",
    Doubt.ARTICLE_COUNT: "文章篇数与目录不符",
    Doubt.CONTENTS: "与目录不符",
    Doubt.UNCLOSED: "引号或括号没有成对",
    Doubt.UNFINISHED: "句子好像没完",
    Doubt.PAGE_BREAK: "分页处接得对不对",
    Doubt.REPETITION: "好像有重复",
    Doubt.DATE_IMPOSSIBLE: "没有这一天",
    Doubt.DATE_AFTER_ISSUE: "日期晚于出刊",
    Doubt.DATE_MISSING: "没有日期",
    Doubt.NO_ATTRIBUTION: "没有落款",
    Doubt.NEAR_DUPLICATE: "与别的汇编里的几乎一样",
    Doubt.NUMBERING: "序号不连贯",
    Doubt.HEADING: "标题认得对不对",
    Doubt.NO_SOURCE: "没有出处",
    Doubt.NO_AUTHOR: "没有作者",
    Doubt.COVER: "封面有缺",
    Doubt.LEFT_OUT: "没有收进去",
}


def staged(one: Staged) -> Answer:
    """What was read: counts, repairs, doubts, three quotations and the outline; 启用 or 放弃."""
    blocks = [_head(one), *_remarks(one), *_preview(one)]
    verb = "更新现有的这份汇编" if one.replaces else "新增一份汇编"
    blocks.append(f"启用就会{verb}，不用重启；启用以后还可以回滚。")
    buttons = (
        Button("✅ 启用", callbacks.compose(callbacks.EnableUpload(one.key))),
        Button("放弃", callbacks.compose(callbacks.DiscardUpload(one.key))),
    )
    return Answer("\n\n".join(blocks), (buttons,))


def _head(one: Staged) -> str:
    compilation, counts = one.compilation, one.report.counts
    lines = [
        bold(f"📥 读好了：《{compilation.title}》"),
        f"{escape(compilation.publisher)} · {dates.partial(compilation.issued)} · "
        f"编号 {code(compilation.id)}",
        f"论述 {_of(counts.quotes, counts.quotes_promised)} 条，"
        f"文章 {_of(counts.articles, counts.articles_promised)} 篇，"
        f"{counts.sections} 节，{counts.paragraphs} 段，{counts.characters} 字",
    ]
    if counts.repeated_quotes:
        lines.append(f"其中 {counts.repeated_quotes} 条与别的汇编一字不差")
    if compilation.topics:
        lines.append(f"主题：{escape('、'.join(compilation.topics))}")
    return "\n".join(lines)


def _of(count: int, promised: int | None) -> str:
    return str(count) if promised in (None, count) else f"{count}（应有 {promised}）"


def _remarks(one: Staged) -> list[str]:
    report = one.report
    kinds = (each.kind for each in report.repairs)
    repairs = Counter(_REPAIRS[kind] for kind in kinds if isinstance(kind, Repair))
    told = "；".join(f"{name} {count} 处" for name, count in repairs.items())
    blocks = [f"{bold('修复')}　{told}"] if told else []
    if not report.doubts:
        return [*blocks, f"{bold('存疑')}　没有"]
    some = report.doubts[:_MOST_DOUBTS]
    lines = [bold(f"存疑 {len(report.doubts)} 处，请看一看"), *map(_doubt, some)]
    if len(report.doubts) > len(some):
        lines.append(f"……另有 {len(report.doubts) - len(some)} 处")
    return [*blocks, "\n".join(lines)]


def _doubt(remark: Remark) -> str:
    where = f"第 {remark.line} 行　" if remark.line else ""
    kind = _DOUBTS[remark.kind] if isinstance(remark.kind, Doubt) else ""
    return f"· {where}{kind}：{escape(one_line(remark.text, _REMARK_LENGTH))}"


def _preview(one: Staged) -> list[str]:
    quotes, articles = one.compilation.quotes, one.compilation.articles
    blocks = []
    if quotes:
        some = quotes[:_PREVIEWED_QUOTES]
        blocks.append("\n".join([bold(f"前 {len(some)} 条论述"), *map(_quote, some)]))
    if articles:
        lines = [line for article in articles for line in _outline(article)]
        rest = [f"……另有 {len(lines) - _MOST_HEADINGS} 行"] if len(lines) > _MOST_HEADINGS else []
        blocks.append("\n".join([bold("目录"), *lines[:_MOST_HEADINGS], *rest]))
    return blocks


def _quote(one: Quote) -> str:
    text, _ = shorten(one.text, _QUOTE_LENGTH)
    shown = escape(one_line(text, 2 * _QUOTE_LENGTH))
    return f"· {shown}——{escape(one.occasion)}（{dates.day(one.said_on)}）"


def _outline(article: Article) -> list[str]:
    headings = [
        f"{'　' * section.depth}{escape(one_line(section.title, 60))}"
        for section in article.sections
    ]
    return [f"《{escape(article.title)}》{escape(article.author)}", *headings]


def enabled(done: Enabled) -> Answer:
    """What is in force from now on, and a button to go back."""
    action = callbacks.RollBack(done.compilation_id, done.version)
    row = (Button("↩️ 回滚", callbacks.compose(action)),) if callbacks.fits(action) else ()
    return Answer(reloaded.outcome(done.reload).text, (row,) if row else ())


def rolled_back(done: Reload) -> Answer:
    """What is in force after going back."""
    return Answer(f"{bold('↩️ 已回滚')}\n{reloaded.outcome(done).text}")


def refused(sentence: str) -> Answer:
    """Why nothing was changed."""
    return Answer(f"🤔 {escape(sentence)}")


def too_large(size_bytes: int) -> str:
    """Beyond the limit, by what Telegram says of it."""
    return (
        f"这份文件有 {size_bytes / 2**20:.0f} MB，太大了：在这里最多 {MOST_MEGABYTES} MB。"
        "更大的请在服务器上用 studybot import 来导入。"
    )


def too_long(seconds: float) -> str:
    """The reading was cut off."""
    return f"这份文件读了 {seconds:.0f} 秒还没有读完，已经停下。什么都没有改动。"


def unreadable(reason: str) -> str:
    """What the importer says of a file that is no booklet."""
    told = next((words for sign, words in _REASONS.items() if sign in reason), "")
    return f"这份文件{told or f'读不出汇编来（{one_line(reason, 200)}）'}。什么都没有改动。"


def faulty(mistakes: Sequence[Mistake]) -> str:
    """A booklet that was read, but would break the corpus."""
    some = "；".join(f"{one.wrong}，{one.expected}" for one in mistakes[:_MOST_MISTAKES])
    return f"读出来的资料有 {len(mistakes)} 处不合规则，没有启用：{one_line(some, 600)}"
