"""A page of search results, nothing found, and a refused query.

Here lives how an answer of the search room is read out: what was understood, how it
matched, each hit with its source, and the buttons that page, filter and order. Which
hits there are is `search.index`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.errors import QueryError
from bot.model import Answer, Button, Found, Hit, Kind, Match, Order, Query, Reading, Snippet
from bot.render import callbacks, dates, refusals
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n, as_read
from bot.render.passages import where
from bot.render.pieces import piece_with

PAGE_SIZE = 5

_KIND_NAMES: Mapping[Kind | None, str] = {
    None: N_("全部"),
    Kind.QUOTE: N_("论述"),
    Kind.READING: N_("文章"),
}
_ORDER_NAMES = {
    Order.RELEVANCE: N_("相关"),
    Order.NEWEST: N_("最新"),
    Order.OLDEST: N_("最早"),
}


def page(found: Found, shown: callbacks.SearchPage) -> Answer:
    """Page `shown.page` of the results of `found.query`, with hits; at most 5 are on it."""
    first = shown.page * PAGE_SIZE
    lines = [_heading(found, shown)]
    lines += [f"<i>{note}</i>" for note in (_how_it_matched(found), _partly(found)) if note]
    for number, hit in enumerate(found.hits, first + 1):
        lines += ["", _hit(number, hit)]
    pages = -(-found.total // PAGE_SIZE)
    if pages > 1:
        place = str(shown.page + 1)
        if not found.total_is_least:
            place += f" / {pages}"
        lines += ["", _("第 {number} 页", number=place)]
    return Answer("\n".join(lines), _buttons(found, shown, pages))


def understood(query: Query) -> str:
    """What was understood, plain: `“新质生产力” · 2024年`."""
    parts = []
    if query.terms:
        parts.append(" ".join(_quoted(term.text) for term in query.terms))
    if query.excluded:
        words = " ".join(_quoted(term.text) for term in query.excluded)
        parts.append(_("不含{words}", words=words))
    if query.dates:
        parts.append(dates.describe(query.dates))
    return " · ".join(parts) or _quoted(query.text)


def _quoted(text: str) -> str:
    return _("“{words}”", words=one_line(text, 30))


def _heading(found: Found, shown: callbacks.SearchPage) -> str:
    counts = []
    for kind in (Kind.QUOTE, Kind.READING):
        count = found.totals.get(kind, 0)
        if count and shown.kind in (None, kind):
            is_quotes = kind is Kind.QUOTE
            counts.append(
                _n("论述 {count} 条", count) if is_quotes else _n("文章 {count} 节", count)
            )
    told = _("，").join(counts)
    if shown.kind:
        told = _("只看{kind}", kind=told)
    if found.total_is_least:
        told = _("{counted}以上", counted=told)
    return f"🔎 {bold(understood(found.query))} — {told}"


def _how_it_matched(found: Found) -> str:
    """How the hits were found when it was not letter by letter; HTML, empty when it was."""
    typed = escape(one_line(" ".join(found.query.keywords) or found.query.text, 30))
    taken = escape(one_line(as_read(found.corrected or ""), 30))
    match found.hits[0].match, bool(found.corrected):
        case Match.PINYIN, _:
            return _("没有“{typed}”，按拼音找到的是“{taken}”：", typed=typed, taken=taken)
        case Match.FUZZY, _:
            return _("没有“{typed}”，写法最接近的是“{taken}”：", typed=typed, taken=taken)
        case Match.WORDS, True:
            return _("没有“{typed}”，按意思相同的“{taken}”来查：", typed=typed, taken=taken)
        case _, True:
            return _("按“{taken}”来查：", taken=taken)
        case Match.WORDS, False if len(found.query.terms) == 1:
            return _("没有一字不差的“{typed}”，以下含有其中的词：", typed=typed)
        case _:
            return ""


def _partly(found: Found) -> str:
    """That no hit has all the words of the query; plain, empty where some have."""
    return _("没有一处全部含有，以下各含其中一部分：") if found.is_partial else ""


def _hit(number: int, hit: Hit) -> str:
    return (
        f"{bold(f'{number}.')} {snippet(hit.snippet)}\n{where(hit.passage)}\n{code(hit.passage.id)}"
    )


def snippet(piece: Snippet) -> str:
    """A snippet with what matched in bold and an ellipsis where text was left out; HTML."""
    html = "……" if piece.cut_before else ""
    at = 0
    text = as_read(piece.text)  # character by character: the marks stay where they are
    for start, end in piece.marks:
        html += escape(text[at:start]) + bold(text[start:end])
        at = end
    html += escape(text[at:])
    html = html.replace("</b><b>", "").replace("\n", " ")
    return html + ("……" if piece.cut_after else "")


def _buttons(
    found: Found, shown: callbacks.SearchPage, pages: int
) -> tuple[tuple[Button, ...], ...]:
    first = shown.page * PAGE_SIZE
    numbers = tuple(
        Button(
            str(number) if found.total > 1 else _("看全文"),
            callbacks.compose(_opening(hit)),
        )
        for number, hit in enumerate(found.hits, first + 1)
    )
    turning = []
    if shown.page > 0:
        turning.append(_to(shown, _("‹ 上一页"), page=shown.page - 1))
    if shown.page + 1 < pages:
        turning.append(_to(shown, _("下一页 ›"), page=shown.page + 1))
    rows = [numbers, tuple(turning), _filters(found, shown), _orders(found, shown)]
    return tuple(row for row in rows if row)


def _opening(hit: Hit) -> callbacks.Action:
    """What opens a hit: of an original, at the piece that contains what was found."""
    if isinstance(hit.passage, Reading):
        piece = piece_with(hit.passage, hit.snippet)
        if piece > 0:
            return callbacks.OpenPiece(hit.passage.id, piece)
    return callbacks.OpenPassage(hit.passage.id)


def _filters(found: Found, shown: callbacks.SearchPage) -> tuple[Button, ...]:
    """论述, 文章 and 全部, where there are hits of both kinds to choose from."""
    if not all(found.totals.get(kind) for kind in Kind):
        return ()
    choices: tuple[Kind | None, ...] = (None, Kind.QUOTE, Kind.READING)
    return tuple(
        _to(shown, _ticked(_(_KIND_NAMES[kind]), kind == shown.kind), kind=kind) for kind in choices
    )


def _orders(found: Found, shown: callbacks.SearchPage) -> tuple[Button, ...]:
    if found.total < 2:
        return ()
    return tuple(
        _to(shown, _ticked(_(name), order is shown.order), order=order)
        for order, name in _ORDER_NAMES.items()
    )


def _ticked(name: str, is_chosen: bool) -> str:
    return f"✓ {name}" if is_chosen else name


_SAME = object()


def _to(
    shown: callbacks.SearchPage,
    label: str,
    *,
    page: int = 0,
    kind: object = _SAME,
    order: Order | None = None,
) -> Button:
    """A button to another page, filter or order of the same query; a change starts at page 1."""
    wanted = shown.kind if kind is _SAME else kind
    assert wanted is None or isinstance(wanted, Kind)
    target = callbacks.SearchPage(shown.query_id, page, wanted, order or shown.order)
    return Button(label, callbacks.compose(target))


def nothing(found: Found, ids: Mapping[str, int]) -> Answer:
    """No hits: said plainly, with the nearest things that do find something as buttons.

    `ids` gives the remembered id of every suggestion.
    """
    (only, *others) = found.query.kinds
    asked = bold(understood(found.query))
    if others:
        lines = [_("没有找到{query}的内容。", query=asked)]
    elif only is Kind.QUOTE:
        lines = [_("论述里没有找到{query}的内容。", query=asked)]
    else:
        lines = [_("文章里没有找到{query}的内容。", query=asked)]
    if found.suggestions and found.are_near:
        lines += ["", _("资料里与它相近、查得到的有：")]
    elif found.suggestions:
        lines += ["", _("资料里也没有与它相近的词。可以查查这些：")]
    else:
        lines += [
            "",
            _("可以换个说法，或少写几个字，例如：新质生产力"),
            _("也可以按日期查，例如：2024年3月"),
        ]
    return Answer("\n".join(lines), ask_buttons(found.suggestions, ids))


def ask_buttons(
    texts: Sequence[str],
    ids: Mapping[str, int],
    *,
    a_row: int = 2,
    label: Callable[[str], str] = as_read,
) -> tuple[tuple[Button, ...], ...]:
    """Buttons that ask these queries, `a_row` to a row; `label` is how one is shown."""
    every = [
        Button(one_line(label(text), 20), callbacks.compose(callbacks.Ask(ids[text])))
        for text in texts
    ]
    return tuple(tuple(every[at : at + a_row]) for at in range(0, len(every), a_row))


def refused(error: QueryError, ids: Mapping[str, int]) -> Answer:
    """A query that cannot be answered: what is wrong, and an example to press."""
    buttons = ask_buttons([error.example], ids) if error.example in ids else ()
    return Answer(f"🤔 {escape(refusals.sentence(error))}", buttons)


def usage(*, dates_only: bool = False) -> QueryError:
    """`/search` or `/date` with nothing after it."""
    if dates_only:
        return QueryError("要查哪一天？请写在后面，例如：/date 2024年3月", "2024年3月")
    return QueryError("要查什么？请写在后面，例如：/search 新质生产力", "新质生产力")
