"""What a reload of the corpus changed, or why it was refused.

Here lives the wording. Whether a corpus can be used is decided in `corpus`, when it is
reloaded in `app`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from bot.model import Answer, Compilation, Corpus, Reload
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n, as_read

MOST_MISTAKES: Final = 10
_MOST_NAMED: Final = 5


class _Said(NamedTuple):
    """What is said of those of one kind that were added, changed and removed."""

    added: str
    changed: str
    removed: str


_QUOTES: Final = _Said(
    N_("论述增 {count}（{ids}）"), N_("论述改 {count}（{ids}）"), N_("论述删 {count}（{ids}）")
)
_ARTICLES: Final = _Said(
    N_("文章增 {count}（{ids}）"), N_("文章改 {count}（{ids}）"), N_("文章删 {count}（{ids}）")
)


def outcome(done: Reload) -> Answer:
    """What is served from now on, and what differs from before; or the first mistakes."""
    if done.is_refused:
        return Answer("\n".join(_refused(done)))
    changes = _changes(done.before, done.now)
    if not changes:
        return Answer(_("资料没有变化，现在用的是{corpus}。", corpus=escape(served(done.now))))
    in_force = _("现在用的是{corpus}。", corpus=escape(served(done.now)))
    return Answer("\n".join([bold(_("✅ 资料已更新")), *changes, "", in_force]))


def served(corpus: Corpus) -> str:
    """Which corpus is in force: `《…》等 2 份汇编（论述 30 条，文章 6 篇）`; plain text."""
    if not corpus.compilations:
        return _("一份空的资料")
    title = one_line(as_read(corpus.compilations[-1].title), 24)
    size = _counted(len(corpus.quotes), len(corpus.articles))
    if len(corpus.compilations) == 1:
        return _("《{title}》这份汇编（{size}）", title=title, size=size)
    count = len(corpus.compilations)
    return _("《{title}》等 {count} 份汇编（{size}）", title=title, count=count, size=size)


def _counted(quotes: int, articles: int) -> str:
    """`论述 30 条，文章 6 篇`"""
    counts = (_n("论述 {count} 条", quotes), _n("文章 {count} 篇", articles))
    return _("，").join(counts)


def _refused(done: Reload) -> list[str]:
    lines = [
        bold(_("⚠️ 新的资料没有启用")),
        _("现在用的还是原来那份：{corpus}。", corpus=escape(served(done.now))),
        "",
    ]
    if not done.mistakes:
        return [*lines, escape(one_line(done.refusal, 500))]
    some = done.mistakes[:MOST_MISTAKES]
    rest = len(done.mistakes) - len(some)
    count = len(done.mistakes)
    if rest:
        lines.append(_("有 {count} 处错误，前 {shown} 处：", count=count, shown=len(some)))
    else:
        lines.append(_n("有 {count} 处错误：", count))
    lines += [f"· {code(one_line(str(mistake), 300))}" for mistake in some]
    return [*lines, "", _("改正以后再发 /reload；全部错误可以用 studybot check 来看。")]


def _changes(before: Corpus, now: Corpus) -> list[str]:
    """A line each for compilations that came or went, quotations and articles that changed."""
    old = {one.id: one for one in before.compilations}
    new = {one.id: one for one in now.compilations}
    lines = [
        _("· 新增《{title}》：{size}", title=_title(one), size=_size(one))
        for one in new.values()
        if one.id not in old
    ]
    lines += [
        _("· 撤下《{title}》", title=_title(one)) for one in old.values() if one.id not in new
    ]
    for one in new.values():
        earlier = old.get(one.id)
        if earlier is not None and earlier != one:
            what = _difference(earlier, one)
            lines.append(_("· 更新《{title}》：{what}", title=_title(one), what=what))
    return lines


def _title(one: Compilation) -> str:
    return escape(as_read(one.title))


def _size(one: Compilation) -> str:
    return _counted(len(one.quotes), len(one.articles))


def _difference(before: Compilation, now: Compilation) -> str:
    parts = [
        *_compared(_QUOTES, before.quotes, now.quotes),
        *_compared(_ARTICLES, before.articles, now.articles),
    ]
    return _("；").join(parts) or _("题名、期号或主题词有改动")


def _compared(said: _Said, before: Iterable[object], now: Iterable[object]) -> list[str]:
    """What was added, corrected (of the same id) and taken away of one kind."""
    old = {str(getattr(one, "id", "")): one for one in before}
    new = {str(getattr(one, "id", "")): one for one in now}
    sets = (
        (said.added, [one for one in new if one not in old]),
        (said.changed, [one for one in new if one in old and new[one] != old[one]]),
        (said.removed, [one for one in old if one not in new]),
    )
    return [_(told, count=len(ids), ids=_named(ids)) for told, ids in sets if ids]


def _named(ids: list[str]) -> str:
    some = _("、").join(code(one) for one in ids[:_MOST_NAMED])
    return _("{names} 等", names=some) if len(ids) > _MOST_NAMED else some
