"""What somebody sees while typing `@bot …` in any chat, and what is sent when one is chosen.

Here lives the wording of both. What is sent is read by people who never asked the bot, so
it carries everything that is needed to trust it, and fits one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.errors import QueryError
from bot.model import Corpus, Found, Passage, Quote, Reading, Snippet
from bot.render import dates
from bot.render.html import bold, code, escape, one_line, quoted, shorten
from bot.render.passages import citation, kind_of_text, section_name, source
from bot.render.results import understood
from bot.render.split import MESSAGE_LIMIT, units

START_PARAMETER = "inline"
SUBSCRIBE = "每天收到一条论述：打开机器人"

_TITLE = 64  # characters; a phone shows one line
_DESCRIPTION = 120  # a phone shows two
_SENTENCE = "。"
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
        title, when = passage.occasion, dates.day(passage.said_on)
    else:
        article = passage.article
        title = f"《{article.title}》{section_name(passage)}"
        when = f"{dates.partial(article.published)} {article.author}"
    matched = _plain(snippet) if snippet is not None else passage.text
    return Item(
        id=passage.id,
        title=one_line(title, _TITLE),
        description=one_line(f"{when} · {matched}", _DESCRIPTION),
        html=shared(passage, corpus),
    )


def of_today(quote: Quote, corpus: Corpus, on: date) -> Item:
    """Today's quotation, offered before anything is typed."""
    heading = f"📖 每日一语 · {dates.day_of_week(on)}"
    return _headed(quote, corpus, f"今日一语 · {quote.occasion}", heading)


def of_this_day(quote: Quote, corpus: Corpus, on: date) -> Item:
    """那年今日, offered before anything is typed."""
    heading = f"📖 那年今日 · {on.year - quote.year} 年前的今天"
    return _headed(quote, corpus, f"那年今日 · {quote.year}年 {quote.occasion}", heading)


def _headed(quote: Quote, corpus: Corpus, title: str, heading: str) -> Item:
    return Item(
        id=quote.id,
        title=one_line(title, _TITLE),
        description=one_line(f"{dates.day(quote.said_on)} · {quote.text}", _DESCRIPTION),
        html=shared(quote, corpus, heading=heading),
    )


def _plain(snippet: Snippet) -> str:
    before = "……" if snippet.cut_before else ""
    after = "……" if snippet.cut_after else ""
    return f"{before}{snippet.text}{after}"


def refused(error: QueryError) -> Item:
    """A query that cannot be answered: what is wrong in the title, what to type below it."""
    wrong, _, instead = str(error).partition(_SENTENCE)
    return Item(
        id=_NOTICE_ID,
        title=one_line(f"🤔 {wrong}", _TITLE),
        description=one_line(instead or error.example, _DESCRIPTION),
        html=f"🤔 {escape(str(error))}",
        retries=(error.example,),
    )


def nothing(found: Found) -> Item:
    """No hits: said so, with what does find something."""
    wanted = understood(found.query)
    near = found.suggestions[:3]
    instead = f"相近的有：{'、'.join(near)}" if near else "换个说法，或少写几个字"
    return Item(
        id=_NOTICE_ID,
        title=one_line(f"没有找到{wanted}", _TITLE),
        description=one_line(instead, _DESCRIPTION),
        html=f"资料里没有找到{escape(wanted)}。{escape(instead)}",
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
    lines += [quoted(_cut(passage.text, length)), f"{citation(passage)}", ""]
    lines.append(f"作者：{escape(passage.author)}")
    if compilation is not None:
        lines.append(f"出处：{escape(compilation.title)}")
    lines.append(f"编号：{code(passage.id)}")
    return "\n".join(lines)


def _shared_reading(passage: Passage, corpus: Corpus, heading: str, length: int) -> str:
    assert isinstance(passage, Reading)
    article, section = passage.article, passage.section
    lines = [bold(f"《{article.title}》")]
    name = section_name(passage)
    if name:
        lines.append(bold(name))
    lines.append("")
    if section.digest:
        lines.append(f"【导读】{escape(_cut(section.digest, length))}")
    excerpt = section.excerpt or "\n".join(section.original)
    if excerpt:
        label = "原文摘句" if section.excerpt else kind_of_text(passage)
        lines += [f"【{label}】", quoted(_cut(excerpt, length))]
    author = article.author + (f"（{article.role}）" if article.role else "")
    lines += ["", f"作者：{escape(author)}", f"来源：{escape(source(passage))}"]
    lines.append(f"编号：{code(passage.id)}")
    return "\n".join(lines)


def _cut(text: str, length: int) -> str:
    """At most about `length` characters, whole sentences, saying so where some are left out."""
    if len(text) <= length:
        return text
    kept, is_cut = shorten(text, max(1, length))
    return f"{kept.removesuffix('……')}……" if is_cut else kept
