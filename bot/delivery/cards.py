"""Quotations as pictures on their way out: which form a push has, and sending its pictures.

Here live the choice between a picture and words alone, the keeping of pictures that Telegram
has already, and the way back to words: whatever is wrong with a picture, what it would
have said is said. How a card looks is `render.card`.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Unpack

from telegram import Bot

from bot.delivery import send
from bot.delivery.send import CardPage, How, Outcome, Part, Rejected, Sent
from bot.errors import CardError
from bot.model import Card, Language, Quote
from bot.render import card
from bot.store import Store

_log = logging.getLogger(__name__)

_Find = Callable[[CardPage, Bot], Awaitable[bytes | str]]


class Cards:
    """Makes pictures of quotations and sends them. `font` None: there are none to be made."""

    def __init__(self, store: Store, font: Path | None) -> None:
        self._store = store
        self._font = font

    def form(self, quote: Quote, source: str, theme: Card) -> str:
        """How many pages in which theme, to be kept with the choice; "" for words alone.

        Words it is where there is no font, and for what no card can show.
        """
        if theme is Card.NONE or self._font is None:
            return ""
        try:
            return f"{theme} {card.count_pages(quote, source, theme, self._font)}"
        except (CardError, OSError) as error:
            _log.warning("a push goes out in words: %s", error)
            return ""

    async def prepare(self, part: Part, bot: Bot) -> None:
        """Have the part's picture ready, so that between its turn and its sending none is drawn."""
        if part.card is not None and not await self._kept(part.card, bot):
            await self._drawn(part.card, bot)

    async def send(
        self,
        bot: Bot,
        part: Part,
        *,
        chat_id: int,
        **how: Unpack[How],
    ) -> Outcome:
        """Send one part, with its picture if it has one; see `send.send`, also for `how`.

        A picture that is refused (an id of long ago, a chat that allows none) was surely not
        shown, so the same part goes out at once without it: drawn anew first, then in words.
        """
        if part.card is not None:
            finders: tuple[_Find, ...] = (self._kept, self._drawn)
            for find in finders:
                picture = await find(part.card, bot)
                if not picture:
                    continue
                outcome = await send.send(bot, part, picture=picture, chat_id=chat_id, **how)
                if not isinstance(outcome, Rejected):
                    await self._keep(part.card, bot, picture, outcome)
                    return outcome
                _log.info("a picture was refused: %s", outcome.reason)
        return await send.send(bot, part, chat_id=chat_id, **how)

    # ------------------------------------------------------------------- pictures

    async def _kept(self, page: CardPage, bot: Bot) -> str:
        """The id under which Telegram has this picture; "" when it has none."""
        name, seal = _kept_as(page, bot)
        known = (await self._store.fact(name) or "").partition(" ")
        return known[2] if known[0] == seal else ""

    async def _drawn(self, page: CardPage, _bot: Bot) -> bytes:
        """The picture, drawn off the event loop; empty when it cannot be drawn."""
        if self._font is None:
            return b""
        try:
            pages = await asyncio.to_thread(
                card.draw, page.quote, page.source, page.theme, self._font, page.language
            )
        except (CardError, OSError) as error:
            _log.warning("a push goes out in words: %s", error)
            return b""
        return pages[page.number - 1] if page.number <= len(pages) else b""

    async def _keep(self, page: CardPage, bot: Bot, picture: bytes | str, outcome: Outcome) -> None:
        if isinstance(outcome, Sent) and outcome.file_id and isinstance(picture, bytes):
            name, seal = _kept_as(page, bot)
            await self._store.save_fact(name, f"{seal} {outcome.file_id}")


def read_form(form: str) -> tuple[Card, int]:
    """Theme and number of pages of a form that `Cards.form` gave."""
    theme, _, pages = form.partition(" ")
    return (Card(theme), int(pages)) if form else (Card.NONE, 0)


def _kept_as(page: CardPage, bot: Bot) -> tuple[str, str]:
    """The name under which this bot's picture is noted, and what it was made from.

    One note a page and theme: that of a mended quotation takes the place of the old one.
    """
    quote = page.quote
    bot_id = bot.token.partition(":")[0]  # ids of files are good for one bot alone
    name = f"{bot_id}\n{quote.id}\n{page.theme}\n{page.number}"
    if page.language is not Language.SIMPLIFIED:
        name += f"\n{page.language}"
    made_from = (
        f"{card.STYLE}\n{page.language}\n"
        f"{quote.text}\n{quote.occasion}\n{quote.said_on}\n{page.source}"
    )
    hashed, seal = (hashlib.sha256(text.encode()).hexdigest() for text in (name, made_from))
    return f"card:{hashed}", seal[:16]
