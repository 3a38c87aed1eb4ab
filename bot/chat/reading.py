"""The articles: `/read`, 继续, and the buttons one reads on with.

Here lives where a chat stands in its reading: a section, and the piece of it where it is an
original. Wording is `render.articles` and `render.passages`.
"""

from __future__ import annotations

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.model import Answer, Article, Corpus, Place, Reading
from bot.render import articles, passages, pieces
from bot.render import help as wording
from bot.render.callbacks import (
    Continue,
    ListArticles,
    OpenArticle,
    OpenPiece,
    Read,
    ReadAfter,
    ReadPiece,
    TurnToPiece,
    TurnToSection,
)


async def read(update: Update, context: Context, text: str) -> None:
    """The list of articles; with a number, an id or a piece of a title, that article."""
    chat = await context.meet(update)
    corpus = context.library.corpus
    if not text:
        await replies.reply(update, context, await _listing(context, corpus, chat.id, 0))
        return
    section = corpus.reading(text)
    if section is not None:
        await replies.reply(update, context, await _shown(update, context, section, 0))
        return
    article = find_article(corpus, text)
    answer = articles.contents(article, 0) if article else articles.no_such(text)
    await replies.reply(update, context, answer)


def knows(context: Context, text: str) -> bool:
    """True when `/read` would open an article for this text."""
    corpus = context.library.corpus
    return corpus.reading(text) is not None or find_article(corpus, text) is not None


def find_article(corpus: Corpus, text: str) -> Article | None:
    """The article of this number in the list, this id, or this piece of a title."""
    every = corpus.articles
    if text.isdecimal() and 1 <= int(text) <= len(every):
        return every[int(text) - 1]
    wanted = text.strip("《》")
    by_title = (one for one in every if wanted and wanted in one.title)
    return corpus.article(text) or next(by_title, None)


async def go_on(update: Update, context: Context, text: str = "") -> None:
    """继续: the piece after the one where this chat stopped; the first at first."""
    chat = await context.meet(update)
    await _read_after(update, context, await _position(context, chat.id))


async def _position(context: Context, chat_id: int) -> Place | None:
    kept = await context.store.reading_position(chat_id)
    return Place.read(kept) if kept else None


async def _read_after(update: Update, context: Context, place: Place | None) -> None:
    """Show what follows a place; the chat stands there from now on."""
    following = _after(context.library.corpus, place)
    if following is None:
        await context.meet(update)
        await replies.reply(update, context, wording.nothing_to_continue())
        return
    await replies.reply(update, context, await _shown(update, context, *following))


def _after(corpus: Corpus, place: Place | None) -> tuple[Reading, int] | None:
    """The section and piece after a place in reading order; None after the last.

    A section that the corpus has lost leads to the beginning of its article, and where the
    article is lost too, to that of them all. A piece beyond the last is the last.
    """
    here = corpus.reading(place.section_id) if place else None
    if place is None or here is None:
        article_id = place.section_id.partition(".")[0] if place else ""
        legible = [one for one in corpus.readings if one.text]
        in_article = [one for one in legible if one.article.id == article_id]
        return next(((one, 0) for one in in_article or legible), None)
    if place.piece is not None and place.piece + 1 < pieces.count_of(here.section):
        return here, place.piece + 1
    later = corpus.readings[corpus.readings.index(here) + 1 :]
    return next(((one, 0) for one in later if one.text), None)


async def continue_pressed(update: Update, context: Context, action: Continue) -> None:
    """The button that does what 继续 does."""
    await go_on(update, context)


async def read_after(update: Update, context: Context, action: ReadAfter) -> None:
    """A button to what follows a section, in a new message."""
    await _read_after(update, context, Place(action.section_id))


async def read_section(update: Update, context: Context, action: Read) -> None:
    """Open a section in a new message; the chat stands there from now on."""
    answer = await _section(update, context, action.section_id, 0)
    await replies.reply(update, context, answer)


async def turn_to_section(update: Update, context: Context, action: TurnToSection) -> None:
    """Show a section in the same message; the chat stands there from now on."""
    answer = await _section(update, context, action.section_id, 0)
    await replies.turn(update, context, answer)


async def read_piece(update: Update, context: Context, action: ReadPiece) -> None:
    """Read a piece of an original in a new message; the chat stands there from now on."""
    answer = await _section(update, context, action.section_id, action.piece)
    await replies.reply(update, context, answer)


async def turn_to_piece(update: Update, context: Context, action: TurnToPiece) -> None:
    """Show a piece of an original in the same message; the chat stands there from now on."""
    answer = await _section(update, context, action.section_id, action.piece)
    await replies.turn(update, context, answer)


async def open_piece(update: Update, context: Context, action: OpenPiece) -> None:
    """The piece that a search has found, in a new message; the chat stands where it stood."""
    section = context.library.corpus.reading(action.section_id)
    found = passages.reading(section, action.piece) if section else None
    await replies.reply(update, context, found or passages.gone(action.section_id))


async def _section(update: Update, context: Context, section_id: str, piece: int) -> Answer:
    section = context.library.corpus.reading(section_id)
    if section is None:
        return passages.gone(section_id)
    return await _shown(update, context, section, piece)


async def _shown(update: Update, context: Context, section: Reading, piece: int) -> Answer:
    """A piece of a section; the chat stands there from now on."""
    chat = await context.meet(update)
    piece = pieces.clamped(section.section, piece)
    is_whole = pieces.count_of(section.section) == 1
    place = Place(section.id, None if is_whole else piece)
    await context.store.save_reading_position(chat.id, str(place))
    return passages.reading(section, piece)


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
    position = await _position(context, chat_id)
    if position is None:
        return articles.listing(corpus, page, None)
    return articles.listing(corpus, page, corpus.reading(position.section_id), position.piece)
