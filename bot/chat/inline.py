"""`@bot 关键词` in any chat: passages to choose from, and what choosing one sends there.

Here live what is offered, how it is paged and for how long Telegram may keep it. Wording is
`render.inline`. The bot has no chat with the person here: the day is that of the private
chat, where there is one, else of the default zone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as wall_time
from zoneinfo import ZoneInfo

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat import quotes
from bot.chat.context import Context, Library
from bot.chat.remembered import question
from bot.errors import QueryError
from bot.model import Chat, Found, Query
from bot.render import inline as wording
from bot.render.inline import Item
from bot.render.language import _, is_plain
from bot.study.today import of_this_day, quote_for_everyone

PAGE_SIZE = 20

# What the same words find changes with the corpus alone; a new booklet is seen by then.
_KEPT_SECONDS = 6 * 3600

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Offer:
    """A page of the list. `next_offset` is empty on the last; `for_today` is of this day only,

    and so of this person's zone. A `button` to the private chat stands above the list.
    """

    items: Sequence[Item]
    next_offset: str = ""
    for_today: bool = False
    button: str = ""


async def ask(update: Update, context: Context) -> None:
    """Offer what the words or dates find; before anything is typed, what belongs to today."""
    asked = update.inline_query
    assert asked is not None, "registered for inline queries only"
    person = await context.store.chat(asked.from_user.id)
    zone = ZoneInfo(person.zone if person else context.services.default_zone)
    now = context.now().astimezone(zone)
    text = " ".join(asked.query.split())
    if text:
        began_at = time.perf_counter()
        offer = await _found(context.library, text, now, _start(asked.offset))
        context.services.answered(time.perf_counter() - began_at)
    else:
        offer = await _of_today(context, person, now)
    button = InlineQueryResultsButton(offer.button, start_parameter=wording.START_PARAMETER)
    try:
        await asked.answer(
            [_article(one) for one in offer.items],
            cache_time=_seconds_to_midnight(now) if offer.for_today else _KEPT_SECONDS,
            is_personal=offer.for_today or not is_plain(),
            next_offset=offer.next_offset,
            button=button if offer.button else None,
        )
    except BadRequest as error:
        # Whoever types on has asked anew meanwhile.
        _log.info("an inline query cannot be answered: %s", error.message)


def _start(offset: str) -> int:
    """Where the page begins: an offset is what we gave Telegram, or empty."""
    return int(offset) if offset.isascii() and offset.isdecimal() and len(offset) < 10 else 0


async def _found(library: Library, text: str, now: datetime, start: int) -> _Offer:
    """A page of the passages that answer `text`, or a notice of what is wrong with it."""
    asked = question(text, now.date())
    depends = asked.depends_on_day
    try:
        query = asked.understand()
    except QueryError as error:
        return _Offer([wording.refused(error)], for_today=depends)
    # Off the event loop: the first query of loose words loads a dictionary.
    found = await asyncio.to_thread(_find, library, query, now, start)
    if not found.total:
        return _Offer([wording.nothing(found)], for_today=depends)
    items = [wording.item(hit.passage, library.corpus, hit.snippet) for hit in found.hits]
    end = start + len(items)
    more = str(end) if items and end < found.total else ""
    return _Offer(items, more, for_today=depends)


def _find(library: Library, query: Query, now: datetime, start: int) -> Found:
    return library.index.find(query, today=now.date(), limit=PAGE_SIZE, offset=start)


async def _of_today(context: Context, person: Chat | None, now: datetime) -> _Offer:
    """Today's quotation (of the private chat, else everyone's) and those of 那年今日."""
    corpus, on = context.library.corpus, now.date()
    if person is not None:
        choice = await quotes.choice_of_day(context, person, corpus)
        todays = corpus.quote(choice.quote_id)
    else:
        todays = quote_for_everyone(corpus.quotes, on)
    items = [wording.of_today(todays, corpus, on)] if todays else []
    items += [
        wording.of_this_day(quote, corpus, on)
        for quote in of_this_day(corpus.quotes, on)
        if todays is None or quote.id != todays.id
    ]
    button = "" if person is not None else _(wording.SUBSCRIBE)
    return _Offer(items[:PAGE_SIZE], for_today=True, button=button)


def _seconds_to_midnight(now: datetime) -> int:
    """Seconds of real time until the local day ends, at least one."""
    midnight = datetime.combine(now.date() + timedelta(days=1), wall_time(), now.tzinfo)
    return max(1, int(midnight.timestamp() - now.timestamp()))


def _article(one: Item) -> InlineQueryResultArticle:
    retries = [
        [InlineKeyboardButton(text, switch_inline_query_current_chat=text)] for text in one.retries
    ]
    return InlineQueryResultArticle(
        one.id,
        one.title,
        InputTextMessageContent(
            one.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        description=one.description,
        reply_markup=InlineKeyboardMarkup(retries) if retries else None,
    )
