"""Reading together: `/readplan` with what stands behind it, and links into the private chat.

Here lives what a line of words does. Buttons are `reading_taps`, what it all comes down to is
`reading_here`; what a line means is `study.reading_wishes`, wording `render.reading_plans`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

from telegram import Update

from bot.chat import reading, replies
from bot.chat.context import Context
from bot.chat.reading_here import (
    Here,
    catch_up,
    find_here,
    first_on,
    follow,
    save,
    shown_of,
    switched,
)
from bot.chat.rights import may_change
from bot.errors import StudyWordError
from bot.model import Answer, Article, Chat, ChatKind, Days, Member, PlanState, Reading, ReadingPlan
from bot.render import reading_plans as words
from bot.render import refusals
from bot.render.language import _
from bot.study import reading_plan
from bot.study.reading_wishes import Errand, ReadingWish, read_wish

_DEFAULT_AT = time(20, 0)
_LINK = re.compile(r"(?P<what>follow|catchup)_(?P<id>[0-9]{1,18})-(?P<uid>[0-9a-f]{8})")


async def readplan(update: Update, context: Context, text: str) -> None:
    """Where the plan stands; with words after it, a new plan, a change, or what is to be done."""
    chat = await context.meet(update)
    try:
        wish = read_wish(text)
    except StudyWordError as error:
        await replies.reply(update, context, words.refused(refusals.sentence(error)))
        return
    here = await find_here(context, chat)
    if wish.errand is not None:
        await _run(update, context, chat, here, wish.errand)
    elif wish.weeks or wish.title or wish.article:
        await _draft(update, context, chat, wish)
    elif wish.at or wish.days:
        await _change(update, context, chat, here, wish)
    else:
        await _tell(update, context, chat, here)


def is_about_reading(context: Context, text: str) -> bool:
    """True when what follows 读书计划 is nothing, or a wish, possible or not."""
    try:
        read_wish(text)
    except StudyWordError:
        return bool(re.search(r"《|\d\s*[周個个]", text))
    return True


async def _tell(update: Update, context: Context, chat: Chat, here: Here | None) -> None:
    """Where the plan stands; in private without one, the plans of one's groups."""
    if here is not None:
        await replies.reply(update, context, words.panel(await shown_of(update, context, here)))
        return
    is_private, user = chat.kind is ChatKind.PRIVATE, update.effective_user
    found = await context.store.plans_open_to(user.id) if is_private and user else ()
    answer = words.open_plans(found) if found else words.usage(is_private=is_private)
    await replies.reply(update, context, answer)


async def _draft(update: Update, context: Context, chat: Chat, wish: ReadingWish) -> None:
    """Cut what is to be read, and read it back."""
    if not await may_change(update, context):
        return
    if wish.weeks is None:
        await replies.reply(update, context, words.how_long())
        return
    chosen = _chosen(context, wish)
    if isinstance(chosen, Answer):
        await replies.reply(update, context, chosen)
        return
    title, sections = chosen
    at, days = wish.at or _DEFAULT_AT, wish.days or Days()
    starts_on = await first_on(context, chat, days, at)
    cut = reading_plan.cut(
        [len(one.text) for one in sections],
        reading_plan.days_within(days, starts_on, wish.weeks),
    )
    draft = await context.store.save_reading_plan(
        ReadingPlan(
            chat_id=chat.id,
            title=title,
            parts=tuple(tuple(sections[place].id for place in part) for part in cut),
            weeks=wish.weeks,
            at=at,
            days=days,
            starts_on=starts_on,
            edited_at=context.now(),
            thread_id=replies.thread_of(update),
        )
    )
    here = Here(chat, draft, None, is_followed=False)
    await replies.reply(update, context, words.read_back(await shown_of(update, context, here)))


def _chosen(context: Context, wish: ReadingWish) -> tuple[str, tuple[Reading, ...]] | Answer:
    """The title of what is to be read, and its sections that have a text; or a refusal."""
    corpus = context.library.corpus
    articles: tuple[Article, ...] = ()
    if wish.title or wish.article:
        said = wish.title or str(wish.article)
        article = reading.find_article(corpus, said)
        if article is None:
            return words.no_such(said)
        title, articles = article.title, (article,)
    elif corpus.compilations:
        newest = corpus.compilations[-1]
        title, articles = newest.title, newest.articles
    else:
        return words.nothing_to_read()
    legible = _legible(articles)
    return (title, legible) if legible else words.nothing_to_read()


def _legible(articles: tuple[Article, ...]) -> tuple[Reading, ...]:
    every = (Reading(article, section) for article in articles for section in article.sections)
    return tuple(one for one in every if one.text)


async def _change(
    update: Update, context: Context, chat: Chat, here: Here | None, wish: ReadingWish
) -> None:
    """Another time or other days: of the chat's plan, or of the own time one follows at."""
    user = update.effective_user
    if here is None and chat.kind is ChatKind.PRIVATE and user is not None:
        found = await context.store.plans_open_to(user.id)
        if len(found) == 1 and wish.at:
            await follow(update, context, chat, found[0][1], wish.at)
            return
    if here is None:
        await _tell(update, context, chat, None)
        return
    if here.is_followed:
        if wish.at:
            await follow(update, context, chat, here.plan, wish.at)
        else:
            await _tell(update, context, chat, here)
        return
    if not await may_change(update, context):
        return
    now, before = context.now(), here.plan
    after = reading_plan.stopped(before, PlanState.PAUSED, chat.zone, now)
    after = replace(after, at=wish.at or before.at, days=wish.days or before.days)
    if before.state is PlanState.ACTIVE:
        starts_on = await first_on(context, chat, after.days, after.at)
        after = reading_plan.begun(after, starts_on, chat.zone, now)
    here = await save(context, here, after)
    shown = await shown_of(update, context, here)
    await replies.reply(update, context, words.panel(shown, _(words.DONE)))


async def _run(
    update: Update, context: Context, chat: Chat, here: Here | None, errand: Errand
) -> None:
    """暂停, 恢复, 结束 and 补课 as words."""
    if here is None and errand is Errand.CATCH_UP:
        await _catch_up_alone(update, context, chat)
        return
    if here is None:
        await replies.reply(update, context, words.nothing_here())
        return
    if errand is Errand.CATCH_UP:
        await replies.reply(update, context, await catch_up(update, context, here))
        return
    if not here.is_followed and not await may_change(update, context):
        return
    if errand is Errand.STOP:
        shown = await shown_of(update, context, here)
        await replies.reply(update, context, words.stopping(shown))
        return
    here = await switched(context, here, is_on=errand is Errand.RESUME)
    shown = await shown_of(update, context, here)
    await replies.reply(update, context, words.panel(shown, _(words.DONE)))


async def _catch_up_alone(update: Update, context: Context, chat: Chat) -> None:
    """What a person who follows no plan in private has left to read of a group's."""
    user = update.effective_user
    is_alone = chat.kind is ChatKind.PRIVATE and user is not None
    found = await context.store.plans_open_to(user.id) if is_alone and user else ()
    if len(found) == 1:
        here = Here(chat, found[0][1], None, is_followed=True)
        await replies.reply(update, context, await catch_up(update, context, here))
        return
    await replies.reply(update, context, words.open_plans(found) if found else words.nothing_here())


async def by_link(update: Update, context: Context, text: str) -> bool:
    """What `/start` with the payload of one of our links does; false for any other payload."""
    match = _LINK.fullmatch(text)
    chat, user = update.effective_chat, update.effective_user
    if match is None or chat is None or user is None or chat.id != user.id:
        return False
    met = await context.meet(update)
    plan = await context.store.reading_plan(int(match["id"]))
    if plan is None or not plan.uid.startswith(match["uid"]) or not plan.is_standing:
        await replies.reply(update, context, words.nothing_here())
        return True
    if match["what"] == "follow":
        await follow(update, context, met, plan, None)
        return True
    await context.store.join_reading(plan, Member(user.id, user.full_name))
    here = Here(met, plan, None, is_followed=True)
    await replies.reply(update, context, await catch_up(update, context, here))
    return True
