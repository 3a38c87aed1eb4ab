"""Search results for a terminal: `studybot search` without `--json`.

Here lives the form alone: plain lines, matched text in bold where the terminal can.
"""

from __future__ import annotations

from rich.text import Text

from bot.model import Found, Hit, Match, Quote
from bot.render.language import N_, _, _n

_HOW = {
    Match.EXACT: N_("原文"),
    Match.WORDS: N_("含其中的词"),
    Match.PINYIN: N_("按拼音"),
    Match.FUZZY: N_("写法相近"),
    Match.DATE: N_("按日期"),
}


def results(found: Found) -> list[Text]:
    """The lines of one page of results; for no hits, one line that says so and suggestions."""
    if not found.hits:
        lines = [Text(_("没有找到“{query}”。", query=_within(found.query.text)))]
        if found.suggestions:
            words = _("、").join(found.suggestions)
            near, others = _("相近的有：{words}", words=words), _("可以查：{words}", words=words)
            lines.append(Text(near if found.are_near else others))
        return lines
    lines = [Text(_heading(found))]
    if found.corrected:
        lines.append(Text(_("（没有原文，按“{words}”查的）", words=found.corrected)))
    elif found.hits[0].match is Match.WORDS and len(found.query.terms) == 1:
        lines.append(Text(_("（没有原文，以下含有其中的词）")))
    if found.is_partial:
        lines.append(Text(_("（没有一处全部含有，以下各含其中一部分）")))
    for number, hit in enumerate(found.hits, 1):
        lines += [Text(), _snippet(number, hit), Text(f"   {_where(hit)}", style="dim")]
    return lines


def _heading(found: Found) -> str:
    if found.total_is_least:
        total = _n("{count} 条以上", found.total)
    else:
        total = _n("共 {count} 条", found.total)
    if len(found.hits) < found.total:
        total = _("{total}，先列 {shown} 条", total=total, shown=len(found.hits))
    return _("“{query}”：{total}", query=_within(found.query.text), total=total)


def _within(text: str) -> str:
    """As quoted speech is set: quotation marks inside others are single ones."""
    return text.replace("“", "‘").replace("”", "’")


def _snippet(number: int, hit: Hit) -> Text:
    piece = hit.snippet
    before = "…" if piece.cut_before else ""
    after = "…" if piece.cut_after else ""
    line = Text(f"{number}. ") + Text(before)
    text = Text(piece.text.replace("\n", " "))
    for start, end in piece.marks:
        text.stylize("bold", start, end)
    return line + text + Text(after)


def _where(hit: Hit) -> str:
    passage = hit.passage
    how = _(_HOW[hit.match])
    if isinstance(passage, Quote):
        return f"{passage.said_on} · {passage.occasion} · {passage.id} · {how}"
    article = passage.article
    return (
        f"{article.published} · 《{article.title}》{passage.section.title} · "
        f"{article.author} · {passage.id} · {how}"
    )
