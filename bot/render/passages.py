"""One passage, in full: a quotation, or a section of an article.

Here lives how a quotation and a reading are cited and shown, with all that is needed to
trust them: date, occasion or title, author, source, id. Lists are in `results` and
`articles`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import (
    Answer,
    Button,
    Corpus,
    Language,
    PartialDate,
    Passage,
    Quote,
    Reading,
)
from bot.render import callbacks, dates, pieces
from bot.render.html import bold, code, escape, one_line, quoted
from bot.render.language import _, as_read, speaking


def citation(quote: Quote) -> str:
    """`—— 在…的讲话（2024年3月5日）`, as the booklet cites; HTML."""
    return _(
        "—— {occasion}（{date}）",
        occasion=escape(as_read(quote.occasion)),
        date=dates.day(quote.said_on),
    )


def kind_of_text(reading: Reading) -> str:
    """`原文` or `导读`: whose words the reader has before them."""
    return _("原文") if reading.is_original else _("导读")


def quotation(
    quote: Quote, corpus: Corpus, *, heading: str = "", note: str = "", others: bool = False
) -> Answer:
    """A quotation in full, its neighbours by date and its relatives as buttons.

    `heading` is a line above it, `note` a line below it (why it was chosen); `others`
    adds a button for another one by chance.
    """
    compilation = corpus.compilation(quote.compilation_id)
    said = quoted(as_read(quote.text))
    lines = [f"{bold(heading)}\n" if heading else "", said, citation(quote), ""]
    if note:
        lines.append(f"💡 {escape(note)}")
    if quote.topics:
        topics = _("、").join(as_read(topic) for topic in quote.topics)
        lines.append(_("主题：{topics}", topics=escape(topics)))
    if compilation is not None:
        lines.append(_("出处：{title}", title=escape(as_read(compilation.title))))
    lines.append(_("编号：{id}", id=code(quote.id)))
    last_row = [Button(_("相关论述"), callbacks.compose(callbacks.ShowRelated(quote.id)))]
    if others:
        last_row.append(Button(_("换一条"), callbacks.compose(callbacks.AnotherQuote(quote.id))))
    return Answer("\n".join(lines).lstrip("\n"), (*_neighbours(quote, corpus), tuple(last_row)))


def _neighbours(quote: Quote, corpus: Corpus) -> tuple[tuple[Button, ...], ...]:
    """上一条 and 下一条 by date, one row, or none."""
    ids = [one.id for one in corpus.quotes]
    at = ids.index(quote.id)
    row = []
    if at > 0:
        row.append(Button(_("‹ 上一条"), callbacks.compose(callbacks.TurnToPassage(ids[at - 1]))))
    if at + 1 < len(ids):
        row.append(Button(_("下一条 ›"), callbacks.compose(callbacks.TurnToPassage(ids[at + 1]))))
    return (tuple(row),) if row else ()


def reading(one: Reading, piece: int = 0) -> Answer:
    """A section: digest and excerpt, or a piece of the original, the first after the digest.

    `piece` counts from 0; one that is not there any more is the last.
    """
    article = one.article
    piece = pieces.clamped(one.section, piece)
    lines = [bold(title_of(one))]
    heading = section_name(one)
    if heading:
        lines.append(bold(heading))
    lines += ["", *_body(one, piece), ""]
    author = escape(as_read(article.author))
    if article.role:
        author = _("{author}（{role}）", author=author, role=escape(as_read(article.role)))
    lines.append(_("作者：{author}", author=author))
    lines.append(_("来源：{source}", source=escape(source(one))))
    lines.append(_("编号：{id}", id=code(one.id)))
    return Answer("\n".join(lines), _reading_buttons(one, piece))


def _body(one: Reading, piece: int) -> list[str]:
    section = one.section
    body = []
    if section.digest and piece == 0:
        body += [_("【导读】{text}", text=escape(as_read(section.digest))), ""]
    if section.original:
        every = pieces.pieces_of(section)
        place = f" {piece + 1}/{len(every)}" if len(every) > 1 else ""
        body += [_("【原文{place}】", place=place), escape(as_read(every[piece]))]
    elif section.excerpt:
        body.append(_("【原文摘句】") + f"\n{quoted(as_read(section.excerpt))}")
    return body if body and body[-1] else body[:-1]


def source(one: Reading) -> str:
    """`《红旗文稿》2026年第3期`, with the date of publication where the source lacks it."""
    article = one.article
    published = dates.partial(article.published)
    # Sources name their dates in Chinese, whatever the chat speaks.
    if str(article.published.year) in article.source:
        is_exact = article.published.day is None or _printed(article.published) in article.source
        if is_exact:
            return as_read(article.source)
    return _("{source}（{date}）", source=as_read(article.source), date=published)


def _printed(published: PartialDate) -> str:
    """A date to the day as sources have it: `2026年2月12日`."""
    with speaking(Language.SIMPLIFIED):
        return dates.partial(published)


def title_of(one: Reading) -> str:
    """`《…》`, the article's title; plain text."""
    return f"《{as_read(one.article.title)}》"


def section_name(one: Reading) -> str:
    """The section's heading, under that of the section it belongs to; plain text."""
    section = one.section
    title = as_read(section.title)
    if section.depth < 2:
        return title
    parent_id = section.id.rpartition(".")[0]
    parent = next((other for other in one.article.sections if other.id == parent_id), None)
    return f"{as_read(parent.title)} · {title}" if parent else title


def _reading_buttons(one: Reading, piece: int) -> tuple[tuple[Button, ...], ...]:
    sections = one.article.sections
    at = [section.id for section in sections].index(one.section.id)
    turning = (*_back(one, at, piece), _on(one, at, piece))
    contents = callbacks.compose(callbacks.OpenArticle(one.article.id))
    return (
        turning,
        (
            Button(_("本文目录（{place}）", place=f"{at + 1}/{len(sections)}"), contents),
            Button(_("相关论述"), callbacks.compose(callbacks.ShowRelated(one.id))),
        ),
    )


def _back(one: Reading, at: int, piece: int) -> tuple[Button, ...]:
    """To the piece before, else to the section before that has a text, if any."""
    if piece > 0:
        before = callbacks.TurnToPiece(one.id, piece - 1)
        return (Button(_("‹ 上一段"), callbacks.compose(before)),)
    for section in reversed(one.article.sections[:at]):
        if Reading(one.article, section).text:
            turn = callbacks.compose(callbacks.TurnToSection(section.id))
            return (Button(_("‹ 上一节"), turn),)
    return ()


def _on(one: Reading, at: int, piece: int) -> Button:
    """To the next piece, else to the next section that has a text, else to the next article."""
    if piece + 1 < pieces.count_of(one.section):
        following = callbacks.TurnToPiece(one.id, piece + 1)
        return Button(_("继续阅读 ›"), callbacks.compose(following))
    for section in one.article.sections[at + 1 :]:
        if Reading(one.article, section).text:
            return Button(_("继续阅读 ›"), callbacks.compose(callbacks.TurnToSection(section.id)))
    return Button(_("下一篇 ›"), callbacks.compose(callbacks.ReadAfter(one.id)))


def passage(one: Passage, corpus: Corpus) -> Answer:
    """Any passage in full."""
    return quotation(one, corpus) if isinstance(one, Quote) else reading(one)


def related(one: Passage, others: Sequence[Passage]) -> Answer:
    """What is near to a passage, each openable, the nearest first."""
    if isinstance(one, Quote):
        name = _("{date}的论述", date=dates.day(one.said_on))
    else:
        name = title_of(one)
    if not others:
        return Answer(
            _("没有找到与{name}相近的其他论述。", name=escape(name))
            + "\n"
            + _("可以发一个关键词来查，例如：新质生产力")
        )
    lines = [bold(_("与{name}相关", name=name)), ""]
    for number, other in enumerate(others, 1):
        lines += [f"{bold(str(number))}  {escape(_opening(other))}", _where(other), ""]
    numbers = tuple(
        Button(str(number), callbacks.compose(callbacks.OpenPassage(other.id)))
        for number, other in enumerate(others, 1)
    )
    return Answer("\n".join(lines).rstrip(), (numbers,))


def _opening(one: Passage) -> str:
    text = one.text if isinstance(one, Quote) else (one.section.digest or one.text)
    return one_line(as_read(text), 60)


def _where(one: Passage) -> str:
    return where(one) + f"\n{code(one.id)}"


def where(one: Passage) -> str:
    """Date and occasion, or title, author, source and section: one line or two; HTML."""
    if isinstance(one, Quote):
        occasion = escape(as_read(one.occasion))
        return _("—— {date} · {occasion}", date=dates.day(one.said_on), occasion=occasion)
    line = _(
        "—— {title}{author} · {source}",
        title=escape(title_of(one)),
        author=escape(as_read(one.article.author)),
        source=escape(source(one)),
    )
    name = section_name(one)
    return f"{line}\n{escape(name)} · {kind_of_text(one)}" if name else line


def gone(passage_id: str) -> Answer:
    """An id that the corpus does not have (any more)."""
    return Answer(
        _("没有编号为 {id} 的内容，可能资料已经更新。", id=code(one_line(passage_id, 40)))
        + "\n"
        + _("请重新搜索，例如发送：新质生产力")
    )
