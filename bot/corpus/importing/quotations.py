"""The quotations of a booklet: paragraphs, closed by an attribution line.

What stands between two attributions is one quotation, of one or more paragraphs. Headings
that group quotations, and the numbers of a numbered list of them, are no part of any. A
quotation whose date is impossible, or after the month of issue, cannot be kept by the corpus:
it is left out, aloud. The forms of an attribution are in marks.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.corpus.importing.cover import is_quotes_title
from bot.corpus.importing.marks import (
    Attribution,
    is_same_as_above,
    opens_attribution,
    part_run_in,
    read_attribution,
    read_numbering,
)
from bot.corpus.importing.paragraphs import Paragraph
from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.wording import is_ended
from bot.model import Doubt, PartialDate, Repair

_GROUP_HEADING = re.compile(r"[^。！？；，]{1,40}$")
_LIST_NUMBER = re.compile(r"(?:[（(]\s*)?(\d{1,3})\s*(?:[）)]\s*|[.．、](?!\d)\s*)")


@dataclass(frozen=True, slots=True)
class PrintedQuote:
    """A quotation as printed. `line` is where it begins; paragraphs are parted by line feeds."""

    line: int
    said_on: date
    until: date | None
    occasion: str
    text: str


def read_quotations(
    paragraphs: Sequence[Paragraph], issued: PartialDate | None, remarks: Remarks
) -> tuple[PrintedQuote, ...]:
    """The quotations in the paragraphs of their part, in the booklet's order."""
    quotes: list[PrintedQuote] = []
    pending: list[Paragraph] = []
    last: Attribution | None = None
    for one in _with_attributions_apart(paragraphs, remarks):
        attribution = _attribution(one, pending, last)
        if attribution is None:
            if not _is_heading(one, pending, remarks):
                pending.append(one)
            continue
        if not pending:
            text = f"attribution {cited(one.text)} with no quotation above it"
            remarks.doubt(Doubt.NO_ATTRIBUTION, one.line, text)
            continue
        last = attribution
        quote = _quote(pending, attribution, one, issued, remarks)
        quotes += [quote] if quote else []
        pending = []
    if pending:
        text = f"{cited(pending[0].text)}: no attribution below it; left out"
        remarks.doubt(Doubt.NO_ATTRIBUTION, pending[0].line, text)
    return tuple(_without_numbers(quotes, remarks))


def _with_attributions_apart(paragraphs: Sequence[Paragraph], remarks: Remarks) -> list[Paragraph]:
    every: list[Paragraph] = []
    for one in paragraphs:
        parted = None if read_attribution(one.text) else part_run_in(one.text)
        if parted is None:
            every.append(one)
            continue
        text = f"attribution {cited(parted[1])} parted from its quotation"
        remarks.repair(Repair.ATTRIBUTION_PARTED, one.line, text)
        every += [replace(one, text=parted[0]), replace(one, text=parted[1])]
    return every


def _attribution(
    one: Paragraph, pending: Sequence[Paragraph], last: Attribution | None
) -> Attribution | None:
    if last is not None and pending and is_same_as_above(one.text):
        return last
    return read_attribution(one.text)


def _is_heading(one: Paragraph, pending: Sequence[Paragraph], remarks: Remarks) -> bool:
    """Whether a line groups quotations; it is left out, for the corpus has no place for it."""
    if is_quotes_title(one.text):
        return True
    is_short = bool(_GROUP_HEADING.fullmatch(one.text)) and not opens_attribution(one.text)
    numbering = read_numbering(one.text)
    is_heading = one.level > 0 or one.is_bold or (numbering is not None and not pending)
    if not (is_short and is_heading):
        return False
    text = f"heading {cited(one.text)} among the quotations left out"
    remarks.repair(Repair.HEADING_DEMOTED, one.line, text)
    return True


def _quote(
    pending: Sequence[Paragraph],
    attribution: Attribution,
    closing: Paragraph,
    issued: PartialDate | None,
    remarks: Remarks,
) -> PrintedQuote | None:
    first = pending[0]
    if not is_ended(pending[-1].text):
        text = f"the quotation ends without a full stop: {cited(pending[-1].text[-14:])}"
        remarks.doubt(Doubt.UNFINISHED, pending[-1].line, text)
    if attribution.said_on is None:
        text = f"no calendar has {attribution.problem}; {cited(first.text)} is left out"
        remarks.doubt(Doubt.DATE_IMPOSSIBLE, closing.line, text)
        return None
    if issued is not None and attribution.said_on > issued.last_on:
        text = f"{attribution.said_on} is after the month of issue; {cited(first.text)} is left out"
        remarks.doubt(Doubt.DATE_AFTER_ISSUE, closing.line, text)
        return None
    if attribution.said_on.day == 1 and attribution.until == _last_of_month(attribution.said_on):
        text = f"{cited(closing.text[-16:])} names no day: kept as the whole month"
        remarks.doubt(Doubt.DATE_MISSING, closing.line, text)
    return PrintedQuote(
        first.line,
        attribution.said_on,
        attribution.until,
        attribution.occasion,
        "\n".join(one.text for one in pending),
    )


def _last_of_month(day: date) -> date:
    return PartialDate(day.year, day.month).last_on


def _without_numbers(quotes: Sequence[PrintedQuote], remarks: Remarks) -> Sequence[PrintedQuote]:
    """The quotations without the numbers of a list, when most have theirs in turn."""
    found = [_LIST_NUMBER.match(quote.text) for quote in quotes]
    in_turn = [match is not None and int(match[1]) == at for at, match in enumerate(found, 1)]
    if sum(in_turn) < 2 or sum(in_turn) * 5 < len(quotes) * 4:
        return quotes
    text = f"the numbers before {sum(in_turn)} quotations are no part of them"
    remarks.repair(Repair.NUMBER_DROPPED, quotes[0].line, text)
    return [
        replace(quote, text=quote.text[match.end() :]) if match else quote
        for quote, match in zip(quotes, found, strict=True)
    ]
