"""Whether what somebody typed is in the corpus, and what differs.

Here lives the wording of a check, and the form of a comparison: struck through is what was
typed and is not in the source, underlined what is in the source and was not typed. Nothing
is ever said about anything beyond this corpus. Comparing is `search.checking`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.errors import QueryError
from bot.model import Answer, Button, Judgement, Piece, Source, Verdict
from bot.render import callbacks
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n, as_read
from bot.render.pages import in_rows
from bot.render.passages import where
from bot.render.results import snippet

_MARKS = {Verdict.EXACT: "✅", Verdict.DIFFERENT: "✏️", Verdict.ABSENT: "❌"}
_ALONE = {
    Verdict.EXACT: N_("资料里有这句话，文字一致（标点、繁简、空格不计）。"),
    Verdict.DIFFERENT: N_("资料里没有一模一样的，最接近的是下面这句："),
    Verdict.ABSENT: N_("资料里没有这句话。"),
}
_COUNTED = {
    Verdict.EXACT: N_("一致 {count}"),
    Verdict.DIFFERENT: N_("有出入 {count}"),
    Verdict.ABSENT: N_("没有 {count}"),
}
_LEGEND = N_("<s>划掉的字</s>资料里没有，<u>带下划线的字</u>是资料里的写法。")
_BEYOND = N_("“没有”只说明本资料库里没有，不等于别处没有。")
_SHOWN = 60  # characters of a sentence that is one of several and agrees, or is absent
_MOST_BUTTONS = 24
_A_ROW = 6


def answer(judged: Sequence[Judgement], ids: Mapping[str, int]) -> Answer:
    """The judgements of one text; `ids` are remembered searches for what is absent, if any."""
    blocks = [_alone(judged[0])] if len(judged) == 1 else _several(judged)
    verdicts = {one.verdict for one in judged}
    notes = []
    if Verdict.DIFFERENT in verdicts:
        notes.append(_(_LEGEND))
    if Verdict.ABSENT in verdicts:
        notes.append(_(_BEYOND))
    if notes:
        blocks.append("\n".join(notes))
    return Answer("\n\n".join(blocks), _buttons(judged, ids))


def _alone(one: Judgement) -> str:
    head = f"{_MARKS[one.verdict]} {bold(_(_ALONE[one.verdict]))}"
    if one.verdict is Verdict.ABSENT:
        return head
    return f"{head}\n\n{_shown(one)}\n{_cited(one)}"


def _several(judged: Sequence[Judgement]) -> list[str]:
    counts = Counter(one.verdict for one in judged)
    told = _("，").join(
        _(message, count=counts[each]) for each, message in _COUNTED.items() if counts[each]
    )
    return [bold(_("分 {count} 段核对：{told}", count=len(judged), told=told))] + [
        _numbered(number, one) for number, one in enumerate(judged, 1)
    ]


def _numbered(number: int, one: Judgement) -> str:
    head = f"{bold(f'{number}.')} {_MARKS[one.verdict]} "
    match one.verdict:
        case Verdict.EXACT:
            return head + _("一致：{text}", text=_typed(one)) + f"\n{_cited(one)}"
        case Verdict.DIFFERENT:
            return head + _("有出入：") + f"\n{_shown(one)}\n{_cited(one)}"
        case Verdict.ABSENT:
            return head + _("没有：{text}", text=_typed(one))


def _typed(one: Judgement) -> str:
    return escape(one_line(one.text, _SHOWN))


def _shown(one: Judgement) -> str:
    """The sentence around an exact one, or the comparison, as a block quote."""
    if one.shown is not None:
        return f"<blockquote>{snippet(one.shown)}</blockquote>"
    return f"<blockquote>{comparison(one.pieces)}</blockquote>"


def comparison(pieces: Sequence[Piece]) -> str:
    """Kept stretches in the source's own wording, the others struck through and underlined."""
    html = ""
    for piece in pieces:
        if piece.is_kept:
            html += escape(as_read(piece.original))
            continue
        if piece.typed:
            html += f"<s>{escape(piece.typed)}</s>"
        if piece.original:
            html += f"<u>{escape(as_read(piece.original))}</u>"
    return html


def _cited(one: Judgement) -> str:
    first = one.sources[0]
    lines = [where(first.passage), code(first.passage.id) + _hand(first)]
    others = len({source.passage.id for source in one.sources} - {first.passage.id})
    if others:
        lines.append(_n("另有 {count} 处也有这句话", others))
    return "\n".join(lines)


def _hand(source: Source) -> str:
    """A warning where the words are ours."""
    return _("（出自本资料库编写的导读，不是文章原文）") if source.is_digest else ""


def _buttons(judged: Sequence[Judgement], ids: Mapping[str, int]) -> tuple[tuple[Button, ...], ...]:
    """看全文, or a number for every sentence that has a source; a search for what has none."""
    is_alone = len(judged) == 1
    opening = [
        Button(
            _("看全文") if is_alone else str(number),
            callbacks.compose(callbacks.OpenPassage(one.sources[0].passage.id)),
        )
        for number, one in enumerate(judged, 1)
        if one.sources
    ]
    if is_alone and not opening:
        return tuple(
            (Button(_("查相近的内容"), callbacks.compose(callbacks.Ask(query_id))),)
            for query_id in ids.values()
        )
    return tuple(in_rows(opening[:_MOST_BUTTONS], _A_ROW))


def usage() -> QueryError:
    """`/check` with nothing to check."""
    return QueryError(
        "要核对哪句话？请写在后面，或者回复那条消息发 /check，"
        "例如：/check 因地制宜加快发展新质生产力",
        "“因地制宜加快发展新质生产力”",
    )
