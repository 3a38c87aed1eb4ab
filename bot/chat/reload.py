"""`/reload`: the owner has the bot take up a changed corpus.

Here lives who may ask. The reloading is a service of the composition root, the wording
`render.reload`.
"""

from __future__ import annotations

from telegram import Update

from bot.chat import replies, rights
from bot.chat.context import Context
from bot.render import reload as wording


async def reload(update: Update, context: Context, text: str) -> None:
    """Read, check and index the corpus anew; the owner is told what came of it."""
    await context.meet(update)
    if await rights.is_owner(update, context):
        await replies.reply(update, context, wording.outcome(await context.services.reload()))
