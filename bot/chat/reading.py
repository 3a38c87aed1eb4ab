"""The articles: `/read`, 继续, and the buttons one reads on with.

Here lives where a chat stands in its reading. Wording is `render.articles` and
`render.passages`.
"""

from __future__ import annotations

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.model import Answer, Article, Corpus, Reading
from bot.render import articles, passages
from bot.render import help as wording
from bot.render.callbacks import Continue, ListArticles, OpenArticle, Read, ReadAfter, TurnToSection


async def read(update: Update, context: Context, text: str) -> None:
    """The list of articles; with a number, an id or a piece of a title, that article."""
    chat = await context.meet(update)
    corpus = context.library.corpus
    if not text:
        await replies.reply(update, context, await _listing(context, corpus, chat.id, 0))
        return
    section = corpus.reading(text)
    if section is not None:
        await context.store.save_reading_position(chat.id, section.id)
        await replies.reply(update, context, passages.reading(section))
        return
    article = _named(corpus, text)
    answer = articles.contents(article, 0) if article else articles.no_such(text)
    await replies.reply(update, context, answer)


def knows(context: Context, text: str) -> bool:
    """True when `/read` would open an article for this text."""
    corpus = context.library.corpus
    return corpus.reading(text) is not None or _named(corpus, text) is not None


def _named(corpus: Corpus, text: str) -> Article | None:
    """The article of this number in the list, this id, or this piece of a title."""
    every = corpus.articles
    if text.isdecimal() and 1 <= int(text) <= len(every):
        return every[int(text) - 1]
    wanted = text.strip("《》")
    by_title = (one for one in every if wanted and wanted in one.title)
    return corpus.article(text) or next(by_title, None)


async def go_on(update: Update, context: Context, text: str = "") -> None:
    """继续: the section after the one where this chat stopped; the first at first."""
    chat = await context.meet(update)
    await _read_after(update, context, await context.store.reading_position(chat.id))


async def _read_after(update: Update, context: Context, position: str | None) -> None:
    """Show what follows a section; the chat stands there from now on."""
    chat = await context.meet(update)
    following = _after(context.library.corpus, position)
    if following is None:
        await replies.reply(update, context, wording.nothing_to_continue())
        return
    await context.store.save_reading_position(chat.id, following.id)
    await replies.reply(update, context, passages.reading(following))


def _after(corpus: Corpus, position: str | None) -> Reading | None:
    """What comes after a section id in reading order; None after the last.

    A position that the corpus has lost starts again at the beginning.
    """
    ids = [one.id for one in corpus.readings]
    at = ids.index(position) + 1 if position in ids else 0
    return corpus.readings[at] if at < len(ids) else None


async def continue_pressed(update: Update, context: Context, action: Continue) -> None:
    """The button that does what 继续 does."""
    await go_on(update, context)


async def read_after(update: Update, context: Context, action: ReadAfter) -> None:
    """A button to what follows a section, in a new message."""
    await _read_after(update, context, action.section_id)


async def read_section(update: Update, context: Context, action: Read) -> None:
    """Open a section in a new message; the chat stands there from now on."""
    answer = await _section(update, context, action.section_id)
    await replies.reply(update, context, answer)


async def turn_to_section(update: Update, context: Context, action: TurnToSection) -> None:
    """Show a section in the same message; the chat stands there from now on."""
    answer = await _section(update, context, action.section_id)
    await replies.turn(update, context, answer)


async def _section(update: Update, context: Context, section_id: str) -> Answer:
    section = context.library.corpus.reading(section_id)
    if section is None:
        return passages.gone(section_id)
    chat = await context.meet(update)
    await context.store.save_reading_position(chat.id, section.id)
    return passages.reading(section)


async def turn_list(update: Update, context: Context, action: ListArticles) -> None:
    """A button to a page of the articles."""
    chat = await context.meet(update)
    answer = await _listing(context, context.library.corpus, chat.id, action.page)
    await replies.turn(update, context, answer)


async def open_article(update: Update, context: Context, action: OpenArticle) -> None:
    """A button to an article's sections."""
    article = context.library.corpus.article(action.article_id)
    if article is None:
        await replies.turn(update, context, passages.gone(action.article_id))
        return
    await replies.turn(update, context, articles.contents(article, action.page))


async def _listing(context: Context, corpus: Corpus, chat_id: int, page: int) -> Answer:
    position = await context.store.reading_position(chat_id)
    return articles.listing(corpus, page, corpus.reading(position) if position else None)
