"""What a reload of the corpus changed, or why it was refused.

Here lives the wording. Whether a corpus can be used is decided in `corpus`, when it is
reloaded in `app`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.model import Answer, Compilation, Corpus, Reload
from bot.render.html import bold, code, escape, one_line

MOST_MISTAKES: Final = 10
_MOST_NAMED: Final = 5


def outcome(done: Reload) -> Answer:
    """What is served from now on, and what differs from before; or the first mistakes."""
    if done.is_refused:
        return Answer("\n".join(_refused(done)))
    changes = _changes(done.before, done.now)
    if not changes:
        return Answer(f"资料没有变化，现在用的是{escape(served(done.now))}。")
    lines = [bold("✅ 资料已更新"), *changes, "", f"现在用的是{escape(served(done.now))}。"]
    return Answer("\n".join(lines))


def served(corpus: Corpus) -> str:
    """Which corpus is in force: `《…》等 2 份汇编（论述 30 条，文章 6 篇）`; plain text."""
    if not corpus.compilations:
        return "一份空的资料"
    title = one_line(corpus.compilations[-1].title, 24)
    some = "这份汇编" if len(corpus.compilations) == 1 else f"等 {len(corpus.compilations)} 份汇编"
    return f"《{title}》{some}（论述 {len(corpus.quotes)} 条，文章 {len(corpus.articles)} 篇）"


def _refused(done: Reload) -> list[str]:
    lines = [
        bold("⚠️ 新的资料没有启用"),
        f"现在用的还是原来那份：{escape(served(done.now))}。",
        "",
    ]
    if not done.mistakes:
        return [*lines, escape(one_line(done.refusal, 500))]
    some = done.mistakes[:MOST_MISTAKES]
    rest = len(done.mistakes) - len(some)
    lines.append(f"有 {len(done.mistakes)} 处错误" + (f"，前 {len(some)} 处：" if rest else "："))
    lines += [f"· {code(one_line(str(mistake), 300))}" for mistake in some]
    return [*lines, "", "改正以后再发 /reload；全部错误可以用 studybot check 来看。"]


def _changes(before: Corpus, now: Corpus) -> list[str]:
    """A line each for compilations that came or went, quotations and articles that changed."""
    old = {one.id: one for one in before.compilations}
    new = {one.id: one for one in now.compilations}
    lines = [
        f"· 新增《{escape(one.title)}》：{_size(one)}" for one in new.values() if one.id not in old
    ]
    lines += [f"· 撤下《{escape(one.title)}》" for one in old.values() if one.id not in new]
    for one in new.values():
        earlier = old.get(one.id)
        if earlier is not None and earlier != one:
            lines.append(f"· 更新《{escape(one.title)}》：{_difference(earlier, one)}")
    return lines


def _size(one: Compilation) -> str:
    return f"论述 {len(one.quotes)} 条，文章 {len(one.articles)} 篇"


def _difference(before: Compilation, now: Compilation) -> str:
    parts = [
        *_compared("论述", before.quotes, now.quotes),
        *_compared("文章", before.articles, now.articles),
    ]
    return "；".join(parts) or "题名、期号或主题词有改动"


def _compared(name: str, before: Iterable[object], now: Iterable[object]) -> list[str]:
    """What was added, corrected (of the same id) and taken away of one kind."""
    old = {str(getattr(one, "id", "")): one for one in before}
    new = {str(getattr(one, "id", "")): one for one in now}
    sets = {
        "增": [one for one in new if one not in old],
        "改": [one for one in new if one in old and new[one] != old[one]],
        "删": [one for one in old if one not in new],
    }
    return [f"{name}{verb} {len(ids)}（{_named(ids)}）" for verb, ids in sets.items() if ids]


def _named(ids: list[str]) -> str:
    some = "、".join(code(one) for one in ids[:_MOST_NAMED])
    return f"{some} 等" if len(ids) > _MOST_NAMED else some
