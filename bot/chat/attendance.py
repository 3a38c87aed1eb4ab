"""Taking part: 参加, 请假, 不确定 and 签到 under the message of a session.

Here lives what a tap does. It is noted at once and acknowledged; the message shows it when
it may be edited (`chat.boards`). A tap that is repeated, or replayed, changes nothing.
"""

from __future__ import annotations

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.model import Coming, Member, ReminderState
from bot.render import sessions as words
from bot.render.callbacks import TakePart, Tap
from bot.render.language import _
from bot.study import recurrence

_COMING = {Tap.COMING: Coming.YES, Tap.AWAY: Coming.NO, Tap.UNSURE: Coming.MAYBE}


async def tapped(update: Update, context: Context, action: TakePart) -> None:
    """Note what the person says; whoever taps once is in the group's roster."""
    chat = await context.meet(update)
    message, user = update.effective_message, update.effective_user
    assert message is not None, "a button stands under a message"
    assert user is not None, "somebody tapped"
    reminder = await context.store.reminder(action.reminder_id)
    is_ours = reminder is not None and reminder.chat_id == chat.id
    if reminder is None or not is_ours or reminder.state is ReminderState.DELETED:
        await replies.acknowledge(update, _(words.NOT_HELD), alert=True)
        return
    held = recurrence.named(reminder, action.occurs_on)
    if held is None:
        await replies.acknowledge(update, _(words.NOT_HELD), alert=True)
        return
    opens_at = held.starts_at - recurrence.CHECK_IN_BEFORE
    closes_at = held.starts_at + recurrence.CHECK_IN_AFTER
    if context.now() > closes_at:
        over = words.OVER_TO_CHECK_IN if action.tap is Tap.HERE else words.OVER
        await replies.acknowledge(update, _(over), alert=True)
        return
    if action.tap is Tap.HERE and context.now() < opens_at:
        early = words.check_in_closed(reminder, opens_at, closes_at)
        await replies.acknowledge(update, early, alert=True)
        return
    member = Member(user.id, user.full_name)
    store, number = context.store, message.message_id
    if action.tap is Tap.HERE:
        is_news = await store.check_in(reminder, held, member, number)
    else:
        coming = _COMING[action.tap]
        is_news = await store.say_coming(reminder, held, member, coming, number)
    notices = words.NOTICES if is_news else words.ALREADY
    await replies.acknowledge(update, _(notices[action.tap]))
    if is_news:
        context.services.wake_boards()
