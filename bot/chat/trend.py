"""`/trend`: a term through time, as a picture where one can be drawn, else in letters.

Here lives the way from a term to the answer. Counting is `study.trend`, drawing
`render.picture`, wording `render.trend`.
"""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial

from telegram import Update

from bot.chat import pictures, replies
from bot.chat.context import Context, Library
from bot.chat.remembered import remember_texts
from bot.errors import QueryError
from bot.model import Language, Trend
from bot.render import picture, results
from bot.render import trend as wording
from bot.render.language import language
from bot.search.query import parse
from bot.study.trend import count_by_month

_MARKS = "“”\"'「」『』《》 "


async def trend(update: Update, context: Context, text: str) -> None:
    """In how many quotations and readings a term stands, month by month."""
    chat = await context.meet(update)
    library = context.library
    term = " ".join(text.split()).strip(_MARKS)
    try:
        _refuse_unfit(term)
        # Off the event loop: a term that is nowhere is put right with a dictionary.
        counted, nearest = await asyncio.to_thread(_count, library, term, context.today(chat))
    except QueryError as error:
        ids = await remember_texts(context, [error.example])
        await replies.reply(update, context, results.refused(error, ids))
        return
    if counted is None:
        ids = await remember_texts(context, nearest)
        await replies.reply(update, context, wording.nothing(term, nearest, ids))
        return
    await _answer(update, context, counted, term, library.corpus.fingerprint)


def _refuse_unfit(term: str) -> None:
    if not term:
        raise wording.usage()
    if len(term) > wording.LONGEST_TERM:
        raise wording.too_long(term)


def _count(library: Library, term: str, today: date) -> tuple[Trend | None, tuple[str, ...]]:
    """The trend of the term, or of what it was a slip for; else terms that there are.

    Raises QueryError for a term that is no query at all.
    """
    counted = count_by_month(term, library.index.containing(term))
    if counted is not None:
        return counted, ()
    found = library.index.find(parse(term, today), today=today, limit=1)
    if found.corrected:
        passages = library.index.containing(found.corrected)
        return count_by_month(found.corrected, passages), (found.corrected,)
    words = tuple(word for word in term.split() if library.index.containing(word))
    if words and len(words) == len(term.split()):
        return None, words
    return None, found.suggestions or ((term,) if found.hits else ())


async def _answer(
    update: Update, context: Context, counted: Trend, typed: str, fingerprint: str
) -> None:
    """A picture under its caption; letters where no font is there or no picture is let through."""
    ids = await remember_texts(context, [counted.term])
    font = context.services.font
    if font is not None and counted.months:
        told = wording.caption(counted, ids, typed=typed)
        # One note a term and language: a changed corpus makes the picture anew in its place.
        of = "\n".join([counted.term] + [language()] * (language() is not Language.SIMPLIFIED))
        kept = pictures.kept_as(context, "trend", of, f"{picture.STYLE}\n{fingerprint}")
        if await pictures.show(update, context, told, partial(picture.draw, counted, font), kept):
            return
    await replies.reply(update, context, wording.in_letters(counted, ids, typed=typed))
