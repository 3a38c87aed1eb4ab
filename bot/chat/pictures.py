"""Pictures that are drawn when somebody asks: sent from what Telegram has where it has them.

Here lives sending one above its caption. What is on it is `render`; the pictures of the daily
push are `delivery.cards`.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Update
from telegram.error import BadRequest

from bot.chat import replies
from bot.chat.context import Context
from bot.model import Answer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """The name under which a picture is noted, and what it was made from.

    One note a name: a picture made from something else takes the place of the old one.
    """

    name: str
    seal: str


def kept_as(context: Context, kind: str, of: str, made_from: str) -> Kept:
    """The note of this bot's picture `of` something (ids of files are good for one bot alone)."""
    name = hashlib.sha256(f"{context.bot.id}\n{of}".encode()).hexdigest()
    return Kept(f"{kind}:{name}", hashlib.sha256(made_from.encode()).hexdigest()[:16])


async def show(
    update: Update,
    context: Context,
    told: Answer,
    draw: Callable[[], bytes],
    kept: Kept | None = None,
) -> bool:
    """Answer with the picture above `told`; false where none can be drawn or none is allowed.

    `draw` gives a PNG; it is called off the event loop, and only where Telegram does not have
    the picture. Without `kept` no note is made of it.
    """
    known = await _known(context, kept) if kept is not None else ""
    for file_id in (known, "") if known else ("",):
        sent: bytes | str = file_id
        try:
            if not file_id:
                sent = await asyncio.to_thread(draw)
            sent_as = await replies.reply_with_picture(update, context, sent, told)
        except (BadRequest, OSError) as error:
            # An id of long ago, a chat where pictures are not allowed, a broken font.
            _log.info("a picture could not be shown: %s", error)
            continue
        if kept is not None and sent_as != known:
            await context.store.save_fact(kept.name, f"{kept.seal} {sent_as}")
        return True
    return False


async def _known(context: Context, kept: Kept) -> str:
    """The id under which Telegram has the picture; empty when it has not."""
    seal, _, file_id = (await context.store.fact(kept.name) or "").partition(" ")
    return file_id if seal == kept.seal else ""
