"""The daily push: a quotation and a reading near to it.

Here lives the form of the push, exactly as the design of the chat has it. Which
quotation and which reading is `study.rotation`; sending is `delivery`.
"""

from __future__ import annotations

from datetime import date

from bot.model import Answer, Button, Quote, Reading
from bot.render import callbacks, dates
from bot.render.html import bold, escape, italic, quoted, shorten
from bot.render.language import _, _n, as_read
from bot.render.passages import citation, kind_of_text, section_name, title_of
from bot.render.pieces import PIECE_LENGTH, count_of, pieces_of


def push(
    quote: Quote | None,
    reading: Reading | None,
    *,
    on: date,
    quote_reason: str = "",
    section_reason: str = "",
    note: str = "",
    checked_in: int | None = None,
) -> Answer:
    """The push of local date `on`. ValueError when there is neither quotation nor reading.

    The reasons are those of `study.rotation`. What may have to be said above it (that it
    may be a duplicate, say) is `render.notes`. `note` is the administrators' own word on
    that day. So many have `checked_in` for that day already, as its button says; None: it has no
    such button.
    """
    if quote is None and reading is None:
        raise ValueError("a push carries a quotation or a reading")
    blocks = [_heading(on, has_quote=quote is not None)]
    if note:
        blocks.append(f"📝 {escape(note)}")
    if quote is not None:
        blocks.append(_quotation(quote, quote_reason, on))
    if reading is not None:
        blocks.append(_reading(reading, section_reason, has_quote=quote is not None))
    check_in_on = on if checked_in is not None else None
    below = buttons(quote, reading, check_in_on=check_in_on, checked_in=checked_in or 0)
    return Answer("\n\n".join(blocks), below)


def page_caption(on: date, number: int, pages: int) -> str:
    """What stands under a page of a card, or in its place, when the words come after it."""
    heading = _heading(on, has_quote=True)
    return (
        _("{heading}（{page}）", heading=heading, page=f"{number}/{pages}")
        if pages > 1
        else heading
    )


def _heading(on: date, *, has_quote: bool) -> str:
    name = _("📖 每日一语") if has_quote else _("📚 每日一读")
    return bold(f"{name} · {dates.day_of_week(on)}")


def _quotation(quote: Quote, reason: str, on: date) -> str:
    cited = f"{quoted(as_read(quote.text))}\n\n{citation(quote)}"
    said = why_quote(reason, quote, on)
    return f"{cited}\n{italic(said)}" if said else cited


def why_quote(reason: str, quote: Quote, on: date) -> str:
    """Why this quotation, in words; empty where the order alone chose it."""
    if reason == "anniversary":
        return _n("那年今日 · {count} 年前的今天", on.year - quote.year)
    if reason == "pinned":
        return _("管理员为这一天选的")
    return ""


def _reading(one: Reading, reason: str, *, has_quote: bool) -> str:
    body, _is_cut = _body(one)
    title, author = title_of(one), escape(as_read(one.article.author))
    head = f"{bold(title)} {author}"
    if has_quote:
        label = bold(_("延伸阅读"))
        head = f"📚 {label} ·{escape(title)} {author}"
    name = section_name(one)
    kind = kind_of_text(one)
    lines = [head, f"{escape(name)} · {kind}" if name else kind, body]
    if reason and has_quote:
        words = _("、").join(as_read(reason).split("、"))  # the ledger has them in Chinese
        lines.append(italic(_("与今日论述同讲：{words}", words=words)))
    return "\n".join(lines)


def _body(one: Reading) -> tuple[str, bool]:
    """About 300 characters: the original's first piece, else digest and excerpt; and whether

    the text goes on beyond them.
    """
    section = one.section
    if section.original:
        return escape(as_read(pieces_of(section)[0])), count_of(section) > 1
    text, is_cut = shorten(section.digest, PIECE_LENGTH)
    shown = escape(as_read(text))
    if is_cut or not section.excerpt:
        return shown, is_cut
    return f"{shown}\n" + _("原文摘句：“{text}”", text=escape(as_read(section.excerpt))), False


def _going_on(one: Reading, *, is_cut: bool) -> callbacks.Action:
    """What was shown need not be read twice: go on with what comes after it."""
    if not is_cut:
        return callbacks.ReadAfter(one.id)
    return callbacks.ReadPiece(one.id, 1) if one.is_original else callbacks.Read(one.id)


def buttons(
    quote: Quote | None,
    reading: Reading | None,
    *,
    check_in_on: date | None = None,
    checked_in: int = 0,
) -> tuple[tuple[Button, ...], ...]:
    """What can be done with a push, of which not everything need be left in the corpus.

    With `check_in_on`, its date, people can check in for the day; `checked_in` of them have.
    """
    row = []
    if reading is not None:
        on = callbacks.compose(_going_on(reading, is_cut=_body(reading)[1]))
        row.append(Button(_("继续阅读"), on))
    passage = quote or reading
    if passage is not None:
        row.append(Button(_("相关论述"), callbacks.compose(callbacks.ShowRelated(passage.id))))
    if check_in_on is not None:
        label = _("今天打卡 · {count}", count=checked_in) if checked_in else _("今天打卡")
        row.append(Button(label, callbacks.compose(callbacks.CheckIn(check_in_on))))
    return (tuple(row),)
