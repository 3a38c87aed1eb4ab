"""The message of a part: what a chat that reads together reads on that day.

Here live its words and buttons, for the delivery, for catching up, and for the count that
follows the taps. The plan around it is `reading_plans`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model import Answer, Button, Corpus, Reading, ReadingPlan
from bot.render import callbacks, dates
from bot.render.callbacks import PlanVerb, ReadTogether
from bot.render.html import bold, escape, one_line, shorten
from bot.render.language import _, _n, as_read
from bot.render.passages import kind_of_text, section_name, title_of
from bot.render.reading_plans import bar, place_of

# A part is one message: of so many sections, with so many characters of digests in all.
_ROOM = 1800
_LONGEST_DIGEST = 300
_MOST_SECTIONS = 16
_LONGEST_TITLE = 40
_LONGEST_AUTHOR = 20


def part(
    plan: ReadingPlan,
    number: int,
    corpus: Corpus,
    *,
    on: date | None = None,
    read: int = 0,
    is_group: bool = False,
    missed: int = 0,
) -> Answer:
    """Part `number` of the plan, with what each of its sections is about.

    `on` is the date it belongs to, `read` how many have read it, `missed` how many parts right
    before it could not be sent. Sections that the corpus has lost are left out, and said to be.
    """
    ids = plan.parts[number - 1]
    sections = [one for one in map(corpus.reading, ids) if one is not None]
    heading = _("📖 共读 · {place}", place=place_of(plan, number))
    if on is not None:
        heading = f"{heading} · {dates.day_of_week(on)}"
    blocks = [bold(heading)]
    if missed:
        blocks.append(_n("（前面有 {count} 部分没能送到，点下面的“补课”就能读）", missed))
    blocks += _sections(sections)
    if len(sections) < len(ids):
        blocks.append(_n("（资料更新以后，有 {count} 节已经不在了）", len(ids) - len(sections)))
    if number == len(plan.parts):
        blocks.append(_("🎉 这是最后一部分。"))
    progress = _("进度 {bar}", bar=bar(number, len(plan.parts)))
    if is_group and read:
        progress = _("{progress} · {people}", progress=progress, people=_n("{count} 人读完", read))
    blocks.append(progress)
    return Answer("\n\n".join(blocks), _buttons(plan, number, sections, read, is_group=is_group))


def _sections(sections: Sequence[Reading]) -> list[str]:
    """A block a section; the title of its article above the first of each."""
    shown = sections[:_MOST_SECTIONS]
    room = min(_LONGEST_DIGEST, _ROOM // max(len(shown), 1))
    blocks, article_id = [], ""
    for one in shown:
        lines = []
        if one.article.id != article_id:
            article_id = one.article.id
            author = one_line(as_read(one.article.author), _LONGEST_AUTHOR)
            lines.append(f"{bold(one_line(title_of(one), _LONGEST_TITLE))} {escape(author)}")
        whose = _("导读") if one.section.digest else kind_of_text(one)
        lines.append(f"{bold(one_line(section_name(one), _LONGEST_TITLE))} · {whose}")
        # A first sentence that is long is kept up to twice as long as asked for.
        text = as_read(one.section.digest or one.text)
        lines.append(escape(shorten(text, room // 2)[0]))
        blocks.append("\n".join(lines))
    if len(sections) > len(shown):
        blocks.append(_n("……等，共 {count} 节", len(sections)))
    return blocks


def _buttons(
    plan: ReadingPlan, number: int, sections: Sequence[Reading], read: int, *, is_group: bool
) -> tuple[tuple[Button, ...], ...]:
    done = _("✅ 我读完了")
    if is_group and read:
        done = f"{done} {read}"
    first = [Button(done, _spell(PlanVerb.DONE, plan, number))]
    if sections:
        begin = Button(_("开始读 ›"), callbacks.compose(callbacks.Read(sections[0].id)))
        first.insert(0, begin)
    catch_up = Button(_("补课"), _spell(PlanVerb.CATCH_UP, plan))
    if not is_group:
        return (tuple(first), (catch_up,))
    follow = Button(_("🔔 到私聊跟读"), _spell(PlanVerb.FOLLOW, plan))
    return (tuple(first), (catch_up, follow))


def _spell(verb: PlanVerb, plan: ReadingPlan, number: int = 0) -> str:
    return callbacks.compose(ReadTogether(verb, plan.id, number))
