"""The articles: their list, and the sections of one.

Here live the two lists one reads from. A section itself is in `passages`.
"""

from __future__ import annotations

from bot.model import Answer, Article, Button, Corpus, Reading
from bot.render import callbacks, pages
from bot.render.html import bold, code, escape, one_line
from bot.render.passages import kind_of_text, source
from bot.render.pieces import clamped, count_of

PAGE_SIZE = 8


def listing(
    corpus: Corpus, page: int, position: Reading | None, piece: int | None = None
) -> Answer:
    """The articles, 8 a page, and where this chat stopped reading (`position`), if it did.

    `piece` is the last piece that was shown of that section, from 0; None is all of it.
    """
    articles = corpus.articles
    if not articles:
        return Answer("资料里还没有文章。")
    page, shown = pages.cut(articles, page, PAGE_SIZE)
    lines = [bold("📚 学习参考"), ""]
    for number, article in enumerate(shown, page * PAGE_SIZE + 1):
        lines += [
            f"{bold(f'{number}.')} 《{escape(article.title)}》",
            f"{escape(article.author)} · {escape(article.source)} · {len(article.sections)} 节",
            "",
        ]
    lines.append(_stopped(position, piece) if position else "点数字看目录；发“继续”就接着往下读。")
    numbers = [
        Button(str(number), callbacks.compose(callbacks.OpenArticle(article.id)))
        for number, article in enumerate(shown, page * PAGE_SIZE + 1)
    ]
    rows = pages.in_rows(numbers, 4)
    if position:
        rows.append((Button("继续阅读", callbacks.compose(callbacks.Continue())),))
    rows.append(pages.turning(len(articles), page, PAGE_SIZE, callbacks.ListArticles))
    return Answer("\n".join(lines), tuple(row for row in rows if row))


def _stopped(position: Reading, piece: int | None) -> str:
    name = f"《{one_line(position.article.title, 24)}》"
    place = ""
    if piece is not None and position.is_original:
        here = clamped(position.section, piece) + 1
        place = f"（{here}/{count_of(position.section)}）"
    return f"上次读到{escape(name)}{escape(position.section.title)}{place}。"


def contents(article: Article, page: int) -> Answer:
    """What an article is, and its sections, 8 a page."""
    page, shown = pages.cut(article.sections, page, PAGE_SIZE)
    some = Reading(article, article.sections[0])
    author = article.author + (f"（{article.role}）" if article.role else "")
    lines = [
        bold(f"《{article.title}》"),
        f"作者：{escape(author)}",
        f"来源：{escape(source(some))}",
        f"编号：{code(article.id)}",
        "",
    ]
    for number, section in enumerate(shown, page * PAGE_SIZE + 1):
        indent = "　" * (section.depth - 1)
        one = Reading(article, section)
        kind = f" · {kind_of_text(one)}" if one.text else ""
        lines.append(f"{indent}{bold(f'{number}.')} {escape(section.title)}{kind}")
    numbers = [
        Button(str(number), callbacks.compose(callbacks.TurnToSection(section.id)))
        for number, section in enumerate(shown, page * PAGE_SIZE + 1)
    ]
    rows = pages.in_rows(numbers, 4)
    total = len(article.sections)
    rows.append(
        pages.turning(total, page, PAGE_SIZE, lambda to: callbacks.OpenArticle(article.id, to))
    )
    rows.append((Button("所有文章", callbacks.compose(callbacks.ListArticles())),))
    return Answer("\n".join(lines), tuple(row for row in rows if row))


def no_such(text: str) -> Answer:
    """`/read` with something that is no article."""
    return Answer(
        f"没有找到题为“{escape(one_line(text, 40))}”的文章。\n"
        "发 /read 看全部文章，或用序号打开，例如：/read 3"
    )
