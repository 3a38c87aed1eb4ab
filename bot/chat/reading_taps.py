"""Taps on the buttons of a reading plan and of its parts.

Here lives what each button does. A tap that is repeated, or replayed, changes nothing. What a
person has not read is shown to that person alone: in a group such a tap opens the private chat.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.chat.reading_here import (
    Here,
    catch_up,
    find_reached,
    first_on,
    follow,
    link_to,
    save,
    shown_of,
    switched,
    unread,
)
from bot.chat.rights import may_change
from bot.model import ChatKind, Member, PlanState
from bot.render import parts
from bot.render import reading_plans as words
from bot.render.callbacks import PlanVerb, ReadTogether
from bot.render.language import _
from bot.study import reading_plan


async def pressed(update: Update, context: Context, action: ReadTogether) -> None:
    """A button of a plan or a part, acknowledged with words of its own."""
    chat = await context.meet(update)
    here = await find_reached(update, context, chat, action.plan_id)
    if here is None:
        await replies.acknowledge(update, _(words.NOT_YOURS), alert=True)
        return
    if here.plan.state is PlanState.ENDED:
        await replies.acknowledge(update, _(words.OVER), alert=True)
        return
    is_begun = here.plan.state is not PlanState.DRAFT or action.verb in _OF_DRAFTS
    if action.part > len(here.plan.parts) or not is_begun:
        await replies.acknowledge(update, _(words.NOT_YOURS), alert=True)
        return
    is_mine = action.verb in _FOR_EVERYONE or here.is_followed
    if not is_mine and not await may_change(update, context):
        return
    await _VERBS[action.verb](update, context, here, action)


async def _confirm(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    """Begin; pressed again, only show where it stands."""
    if here.plan.state is PlanState.DRAFT:
        chat, now = here.chat, context.now()
        if chat.kind is ChatKind.PRIVATE:
            await context.store.leave_plan(chat.id)
        starts_on = await first_on(context, chat, here.plan.days, here.plan.at)
        begun = reading_plan.begun(here.plan, starts_on, chat.zone, now)
        here = await save(context, here, begun)
    shown = await shown_of(update, context, here)
    await replies.turn(update, context, words.panel(shown, _(words.CONFIRMED)))
    await replies.acknowledge(update, _(words.CONFIRMED))


async def _say_how(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    corpus, plan = context.library.corpus, here.plan
    is_article = any(one.title == plan.title for one in corpus.articles)
    line = words.line_of(plan, is_article=is_article)
    await replies.reply(update, context, words.to_be_edited(plan, line))
    await replies.acknowledge(update)


async def _open(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    shown = await shown_of(update, context, here)
    await replies.turn(update, context, words.panel(shown))
    await replies.acknowledge(update)


async def _read(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    """A part in a new message."""
    read = await context.store.parts_read(here.plan.id)
    answer = parts.part(
        here.plan,
        max(action.part, 1),
        context.library.corpus,
        read=read.get(action.part, 0),
        is_group=here.chat.kind is not ChatKind.PRIVATE,
    )
    await replies.reply(update, context, answer)
    await replies.acknowledge(update)


async def _done(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    """The person has read a part; said twice it is noted once."""
    user, number = update.effective_user, max(action.part, 1)
    assert user is not None, "somebody tapped"
    member = Member(user.id, user.full_name)
    is_news = await context.store.note_part_read(here.plan, number, member)
    read = await context.store.parts_read(here.plan.id)
    notice = words.read_notice(here.plan, number, read.get(number, 0), is_news=is_news)
    await replies.acknowledge(update, notice)
    if is_news:
        context.services.wake_boards()


async def _catch_up_pressed(
    update: Update, context: Context, here: Here, action: ReadTogether
) -> None:
    """What one has not read is nobody else's business: a group's press opens the private chat."""
    if here.chat.kind is ChatKind.PRIVATE:
        await replies.reply(update, context, await catch_up(update, context, here))
        await replies.acknowledge(update)
    elif await unread(update, context, here):
        link = link_to(context, "catchup", here.plan)
        await replies.acknowledge(update, url=link)
    else:
        await replies.acknowledge(update, _(words.ALL_READ), alert=True)


async def _switch(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    here = await switched(context, here, is_on=action.verb is PlanVerb.RESUME)
    shown = await shown_of(update, context, here)
    await replies.turn(update, context, words.panel(shown))
    await replies.acknowledge(update, _(words.DONE))


async def _ask_stop(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    shown = await shown_of(update, context, here)
    await replies.turn(update, context, words.stopping(shown))
    await replies.acknowledge(update)


async def _stop(update: Update, context: Context, here: Here, action: ReadTogether) -> None:
    if here.is_followed:
        await context.store.leave_plan(here.chat.id)
    else:
        now, zone = context.now(), here.chat.zone
        await save(context, here, reading_plan.stopped(here.plan, PlanState.ENDED, zone, now))
    stopped = words.stopped(here.plan, is_followed=here.is_followed)
    await replies.turn(update, context, stopped)
    await replies.acknowledge(update, _(words.DONE))


async def _follow_pressed(
    update: Update, context: Context, here: Here, action: ReadTogether
) -> None:
    """In a group the private chat opens, where a bot may write first only when it is asked to."""
    user = update.effective_user
    assert user is not None, "somebody tapped"
    if here.chat.kind is ChatKind.PRIVATE:
        await follow(update, context, here.chat, here.plan, None)
        await replies.acknowledge(update)
        return
    await context.store.join_reading(here.plan, Member(user.id, user.full_name))
    link = link_to(context, "follow", here.plan)
    await replies.acknowledge(update, url=link)


_OF_DRAFTS = (PlanVerb.CONFIRM, PlanVerb.EDIT)
_FOR_EVERYONE = (
    PlanVerb.OPEN,
    PlanVerb.READ,
    PlanVerb.DONE,
    PlanVerb.CATCH_UP,
    PlanVerb.FOLLOW,
)
_Do = Callable[[Update, Context, Here, ReadTogether], Awaitable[None]]
_VERBS: Mapping[PlanVerb, _Do] = {
    PlanVerb.CONFIRM: _confirm,
    PlanVerb.EDIT: _say_how,
    PlanVerb.OPEN: _open,
    PlanVerb.READ: _read,
    PlanVerb.DONE: _done,
    PlanVerb.CATCH_UP: _catch_up_pressed,
    PlanVerb.PAUSE: _switch,
    PlanVerb.RESUME: _switch,
    PlanVerb.STOP: _ask_stop,
    PlanVerb.STOP_NOW: _stop,
    PlanVerb.FOLLOW: _follow_pressed,
}
