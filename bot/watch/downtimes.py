"""What a downtime cost, told to the owner once: what was skipped as too late.

Here lives when that is told, and by whom of several. What counts is asked of the store; how
it is said, of `render.alarms`.
"""

from __future__ import annotations

from bot.render import alarms as wording
from bot.render.notes import chat_named
from bot.store import Store
from bot.watch.alarms import Owner


async def tell_missed(store: Store, owner: Owner, zone: str) -> None:
    """Tell of each downtime that cost something, and forget it; no second process tells it.

    It waits until all that is too late is skipped. `zone` is the operator's. Raises StoreError.
    """
    for downtime in await store.downtimes():
        missed = await store.missed_by(downtime)
        if missed is None or not await store.forget_downtime(downtime):
            continue
        if missed.chat_id is None or missed.local_on is None:
            continue
        chat = await store.chat(missed.chat_id)
        said = wording.missed(
            missed.messages,
            missed.chats,
            (downtime.began_at, downtime.ended_at),
            zone,
            example=(missed.chat_id, missed.local_on),
            named=chat_named(missed.chat_id, chat.title if chat else ""),
        )
        await owner.tell(said)
