"""Search results for a terminal: `studybot search` without `--json`.

Here lives the form alone: plain lines, matched text in bold where the terminal can.
"""

from __future__ import annotations

from rich.text import Text

from bot.model import Found, Hit, Match, Quote

_HOW = {
    Match.EXACT: "原文",
    Match.WORDS: "含其中的词",
    Match.PINYIN: "按拼音",
    Match.FUZZY: "写法相近",
    Match.DATE: "按日期",
}


def results(found: Found) -> list[Text]:
    """The lines of one page of results; for no hits, one line that says so and suggestions."""
    if not found.hits:
        lines = [Text(f"没有找到“{found.query.text}”。")]
        if found.suggestions:
            lines.append(Text(f"相近的有：{'、'.join(found.suggestions)}"))
        return lines
    shown = f"，先列 {len(found.hits)} 条" if len(found.hits) < found.total else ""
    total = f"{found.total} 条以上" if found.total_is_least else f"共 {found.total} 条"
    lines = [Text(f"“{found.query.text}”：{total}{shown}")]
    if found.corrected:
        lines.append(Text(f"（没有原文，按“{found.corrected}”查的）"))
    for number, hit in enumerate(found.hits, 1):
        lines += [Text(), _snippet(number, hit), Text(f"   {_where(hit)}", style="dim")]
    return lines


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
    how = _HOW[hit.match]
    if isinstance(passage, Quote):
        return f"{passage.said_on} · {passage.occasion} · {passage.id} · {how}"
    article = passage.article
    return (
        f"{article.published} · 《{article.title}》{passage.section.title} · "
        f"{article.author} · {passage.id} · {how}"
    )
