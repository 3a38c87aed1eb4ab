"""What somebody sees while typing `@bot …` in any chat, and what is sent when one is chosen.

Here lives the wording of both. What is sent is read by people who never asked the bot, so
it carries everything that is needed to trust it, and fits one message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.errors import QueryError
from bot.model import Corpus, Found, Passage, Quote, Reading, Snippet
from bot.render import dates, refusals
from bot.render.html import bold, code, escape, one_line, quoted, shorten
from bot.render.language import N_, _, _n, as_read
from bot.render.passages import citation, kind_of_text, section_name, source, title_of
from bot.render.results import understood
from bot.render.split import MESSAGE_LIMIT, units

START_PARAMETER = "inline"
SUBSCRIBE = N_("每天收到一条论述：打开机器人")

_TITLE = 64  # characters; a phone shows one line
_DESCRIPTION = 120  # a phone shows two
_SENTENCE_END = re.compile(r"。|\. ")
_NOTICE_ID = "notice"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the list, and the message (`html`) that choosing it sends.

    `retries` are queries to type instead, as buttons under that message.
    """

    id: str
    title: str
    description: str
    html: str
    retries: tuple[str, ...] = ()


def item(passage: Passage, corpus: Corpus, snippet: Snippet | None = None) -> Item:
    """A passage that was found; `snippet` is where it matches."""
    if isinstance(passage, Quote):
        title, when = as_read(passage.occasion), dates.day(passage.said_on)
    else:
        article = passage.article
        title = f"{title_of(passage)}{section_name(passage)}"
        when = f"{dates.partial(article.published)} {as_read(article.author)}"
    matched = as_read(_plain(snippet) if snippet is not None else passage.text)
    return Item(
        id=passage.id,
        title=one_line(title, _TITLE),
        description=one_line(f"{when} · {matched}", _DESCRIPTION),
        html=shared(passage, corpus),
    )


def of_today(quote: Quote, corpus: Corpus, on: date) -> Item:
    """Today's quotation, offered before anything is typed."""
    heading = _("📖 每日一语 · {day}", day=dates.day_of_week(on))
    title = _("今日一语 · {occasion}", occasion=as_read(quote.occasion))
    return _headed(quote, corpus, title, heading)


def of_this_day(quote: Quote, corpus: Corpus, on: date) -> Item:
    """那年今日, offered before anything is typed."""
    heading = _n("📖 那年今日 · {count} 年前的今天", on.year - quote.year)
    occasion = as_read(quote.occasion)
    title = _("那年今日 · {year}年 {occasion}", year=quote.year, occasion=occasion)
    return _headed(quote, corpus, title, heading)


def _headed(quote: Quote, corpus: Corpus, title: str, heading: str) -> Item:
    return Item(
        id=quote.id,
        title=one_line(title, _TITLE),
        description=one_line(f"{dates.day(quote.said_on)} · {as_read(quote.text)}", _DESCRIPTION),
        html=shared(quote, corpus, heading=heading),
    )


def _plain(snippet: Snippet) -> str:
    before = "……" if snippet.cut_before else ""
    after = "……" if snippet.cut_after else ""
    return f"{before}{snippet.text}{after}"


def refused(error: QueryError) -> Item:
    """A query that cannot be answered: what is wrong in the title, what to type below it."""
    sentence = refusals.sentence(error)
    wrong, instead = (*_SENTENCE_END.split(sentence, maxsplit=1), "")[:2]
    return Item(
        id=_NOTICE_ID,
        title=one_line(f"🤔 {wrong}", _TITLE),
        description=one_line(instead or error.example, _DESCRIPTION),
        html=f"🤔 {escape(sentence)}",
        retries=(error.example,),
    )


def nothing(found: Found) -> Item:
    """No hits: said so, with what does find something."""
    wanted = understood(found.query)
    near = found.suggestions[:3]
    if near:
        instead = _("相近的有：{words}", words=_("、").join(near))
    else:
        instead = _("换个说法，或少写几个字")
    return Item(
        id=_NOTICE_ID,
        title=one_line(_("没有找到{wanted}", wanted=wanted), _TITLE),
        description=one_line(instead, _DESCRIPTION),
        html=_("资料里没有找到{wanted}。{instead}", wanted=escape(wanted), instead=escape(instead)),
        retries=near,
    )


# ------------------------------------------------------------------------- what is sent


def shared(passage: Passage, corpus: Corpus, *, heading: str = "") -> str:
    """A passage with its whole attribution as one message, cut at a sentence if need be."""
    compose = _shared_quote if isinstance(passage, Quote) else _shared_reading
    length = len(passage.text)
    html = compose(passage, corpus, heading, length)
    while units(html) > MESSAGE_LIMIT:
        # Markup and characters of two units: what fits is found by trying, a quarter less each.
        length = length * 3 // 4
        html = compose(passage, corpus, heading, length)
    return html


def _shared_quote(passage: Passage, corpus: Corpus, heading: str, length: int) -> str:
    assert isinstance(passage, Quote)
    compilation = corpus.compilation(passage.compilation_id)
    lines = [f"{bold(heading)}\n"] if heading else []
    lines += [quoted(as_read(_cut(passage.text, length))), f"{citation(passage)}", ""]
    lines.append(_("作者：{author}", author=escape(as_read(passage.author))))
    if compilation is not None:
        lines.append(_("出处：{title}", title=escape(as_read(compilation.title))))
    lines.append(_("编号：{id}", id=code(passage.id)))
    return "\n".join(lines)


def _shared_reading(passage: Passage, corpus: Corpus, heading: str, length: int) -> str:
    assert isinstance(passage, Reading)
    article, section = passage.article, passage.section
    lines = [bold(title_of(passage))]
    name = section_name(passage)
    if name:
        lines.append(bold(name))
    lines.append("")
    if section.digest:
        lines.append(_("【导读】{text}", text=escape(as_read(_cut(section.digest, length)))))
    excerpt = section.excerpt or "\n".join(section.original)
    if excerpt:
        label = _("原文摘句") if section.excerpt else kind_of_text(passage)
        lines += [_("【{label}】", label=label), quoted(as_read(_cut(excerpt, length)))]
    author = escape(as_read(article.author))
    if article.role:
        author = _("{author}（{role}）", author=author, role=escape(as_read(article.role)))
    lines += ["", _("作者：{author}", author=author)]
    lines.append(_("来源：{source}", source=escape(source(passage))))
    lines.append(_("编号：{id}", id=code(passage.id)))
    return "\n".join(lines)


def _cut(text: str, length: int) -> str:
    """At most about `length` characters, whole sentences, saying so where some are left out."""
    if len(text) <= length:
        return text
    kept, is_cut = shorten(text, max(1, length))
    return f"{kept.removesuffix('……')}……" if is_cut else kept
