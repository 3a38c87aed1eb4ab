"""The articles: their list, and the sections of one.

Here live the two lists one reads from. A section itself is in `passages`.
"""

from __future__ import annotations

from bot.model import Answer, Article, Button, Corpus, Reading
from bot.render import callbacks, pages
from bot.render.html import bold, code, escape, one_line
from bot.render.language import _, _n, as_read
from bot.render.passages import kind_of_text, source, title_of
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
        return Answer(_("资料里还没有文章。"))
    page, shown = pages.cut(articles, page, PAGE_SIZE)
    lines = [bold(_("📚 学习参考")), ""]
    for number, article in enumerate(shown, page * PAGE_SIZE + 1):
        lines += [
            f"{bold(f'{number}.')} 《{escape(as_read(article.title))}》",
            " · ".join(
                (
                    escape(as_read(article.author)),
                    escape(as_read(article.source)),
                    _n("{count} 节", len(article.sections)),
                )
            ),
            "",
        ]
    how = _("点数字看目录；发“继续”就接着往下读。")
    lines.append(_stopped(position, piece) if position else how)
    numbers = [
        Button(str(number), callbacks.compose(callbacks.OpenArticle(article.id)))
        for number, article in enumerate(shown, page * PAGE_SIZE + 1)
    ]
    rows = pages.in_rows(numbers, 4)
    if position:
        rows.append((Button(_("继续阅读"), callbacks.compose(callbacks.Continue())),))
    rows.append(pages.turning(len(articles), page, PAGE_SIZE, callbacks.ListArticles))
    return Answer("\n".join(lines), tuple(row for row in rows if row))


def _stopped(position: Reading, piece: int | None) -> str:
    title = as_read(one_line(position.article.title, 24))
    section = escape(as_read(position.section.title))
    if piece is not None and position.is_original:
        here = clamped(position.section, piece) + 1
        place = f"{here}/{count_of(position.section)}"
        section = _("{section}（{place}）", section=section, place=place)
    return _("上次读到《{title}》{section}。", title=escape(title), section=section)


def contents(article: Article, page: int) -> Answer:
    """What an article is, and its sections, 8 a page."""
    page, shown = pages.cut(article.sections, page, PAGE_SIZE)
    some = Reading(article, article.sections[0])
    author = escape(as_read(article.author))
    if article.role:
        author = _("{author}（{role}）", author=author, role=escape(as_read(article.role)))
    lines = [
        bold(title_of(some)),
        _("作者：{author}", author=author),
        _("来源：{source}", source=escape(source(some))),
        _("编号：{id}", id=code(article.id)),
        "",
    ]
    for number, section in enumerate(shown, page * PAGE_SIZE + 1):
        indent = "　" * (section.depth - 1)
        one = Reading(article, section)
        kind = f" · {kind_of_text(one)}" if one.text else ""
        lines.append(f"{indent}{bold(f'{number}.')} {escape(as_read(section.title))}{kind}")
    numbers = [
        Button(str(number), callbacks.compose(callbacks.TurnToSection(section.id)))
        for number, section in enumerate(shown, page * PAGE_SIZE + 1)
    ]
    rows = pages.in_rows(numbers, 4)
    total = len(article.sections)
    rows.append(
        pages.turning(total, page, PAGE_SIZE, lambda to: callbacks.OpenArticle(article.id, to))
    )
    rows.append((Button(_("所有文章"), callbacks.compose(callbacks.ListArticles())),))
    return Answer("\n".join(lines), tuple(row for row in rows if row))


def no_such(text: str) -> Answer:
    """`/read` with something that is no article."""
    return Answer(
        _("没有找到题为“{title}”的文章。", title=escape(one_line(text, 40)))
        + "\n"
        + _("发 /read 看全部文章，或用序号打开，例如：/read 3")
    )
