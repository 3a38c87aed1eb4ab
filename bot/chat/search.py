"""Queries: `/search`, `/date`, any text in private, and the pages of their results.

Here lives the way from a question to a page of hits. Reading the question is
`search.query`, finding `search.index`, wording `render.results`.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import date

from telegram import Update

from bot.chat import replies
from bot.chat.check import check
from bot.chat.context import Context, Library
from bot.chat.remembered import Question, question, recall, remember, remember_texts
from bot.errors import QueryError
from bot.model import Answer, Found, Query
from bot.render import help as wording
from bot.render import results
from bot.render.callbacks import Ask, SearchPage
from bot.search import checking
from bot.search.query import MAX_CHARACTERS


async def search(update: Update, context: Context, text: str) -> None:
    """Answer a query of words, dates or both; what is too long for one is checked instead.

    Whoever pastes a paragraph wants to know whether and where it stands.
    """
    if MAX_CHARACTERS < len(text.strip()) <= checking.MAX_CHARACTERS:
        await check(update, context, text)
        return
    chat = await context.meet(update)
    asked = question(text, context.today(chat))
    await replies.reply(update, context, await _answer(context, asked))


async def search_dates(update: Update, context: Context, text: str) -> None:
    """Answer a query that is dates and nothing else."""
    chat = await context.meet(update)
    asked = question(text, context.today(chat), dates_only=True)
    await replies.reply(update, context, await _answer(context, asked))


async def ask(update: Update, context: Context, action: Ask) -> None:
    """A button with an example or a suggestion: asked as if it had been typed now."""
    chat = await context.meet(update)
    asked = await recall(context, action.query_id, context.today(chat))
    if asked is None:
        await replies.reply(update, context, wording.outdated_button())
        return
    await replies.reply(update, context, await _answer(context, asked))


async def turn_page(update: Update, context: Context, action: SearchPage) -> None:
    """A button under results: another page, filter or order, in the same message."""
    chat = await context.meet(update)
    asked = await recall(context, action.query_id, context.today(chat))
    if asked is None:
        await replies.reply(update, context, wording.outdated_button())
        return
    await replies.turn(update, context, await _answer(context, asked, action))


async def _answer(context: Context, asked: Question, shown: SearchPage | None = None) -> Answer:
    """The answer to a question: its first page, or the one that is wanted (`shown`)."""
    try:
        query = asked.understand()
    except QueryError as error:
        return results.refused(error, await remember_texts(context, [error.example]))
    if shown is None:
        shown = SearchPage(await remember(context, asked), order=query.order)
    began_at = time.perf_counter()
    found, shown = await _find(context.library, query, asked.asked_on, shown)
    context.services.answered(time.perf_counter() - began_at)
    if not found.hits:
        return results.nothing(found, await remember_texts(context, found.suggestions))
    return results.page(found, shown)


async def _find(
    library: Library, query: Query, today: date, shown: SearchPage
) -> tuple[Found, SearchPage]:
    """The hits of a page, or else of the last page there is; off the event loop.

    The first query of words loads a dictionary, which takes a second.
    """

    def find(one: SearchPage) -> Found:
        return library.index.find(
            query,
            today=today,
            limit=results.PAGE_SIZE,
            offset=one.page * results.PAGE_SIZE,
            order=one.order,
            only=one.kind,
        )

    found = await asyncio.to_thread(find, shown)
    if not found.hits and any(found.totals.values()):
        # The corpus changed since the button was made.
        pages = -(-found.total // results.PAGE_SIZE)
        shown = replace(shown, page=pages - 1) if pages else replace(shown, page=0, kind=None)
        found = await asyncio.to_thread(find, shown)
    return found, shown
