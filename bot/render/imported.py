"""The report of an import for a terminal: `studybot import` without `--json`.

Here lives the form alone: what was read, what was repaired (a count a kind, the page breaks
being many), and every doubt with its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from bot.model import Compilation, Remark, Report

_SHOWN_OF_A_KIND = 6


def report_lines(
    compilation: Compilation, report: Report, directory: Path | None, file: str
) -> list[Text]:
    """The lines of the report; `directory` is where it was written, None when nothing was."""
    one, counts = compilation, report.counts
    lines = [
        Text(f"{one.title} · {one.publisher} · {one.issued}"),
        Text(
            f"{_of(counts.quotes, counts.quotes_promised)} quotations, "
            f"{_of(counts.articles, counts.articles_promised)} articles with {counts.sections} "
            f"sections and {counts.paragraphs} paragraphs, {counts.pages} pages"
        ),
    ]
    if counts.repeated_quotes:
        lines.append(Text(f"{counts.repeated_quotes} stand word for word in other compilations"))
    lines.append(Text(f"topics: {'、'.join(one.topics)}"))
    lines += _section("repair", report.repairs, file, most=_SHOWN_OF_A_KIND)
    lines += _section("doubt", report.doubts, file, most=None)
    lines.append(Text(f"written to {directory}" if directory else "nothing was written"))
    return lines


def _of(count: int, promised: int | None) -> str:
    return f"{count} of {promised}" if promised else str(count)


def _section(name: str, remarks: Sequence[Remark], file: str, *, most: int | None) -> list[Text]:
    """A heading and the remarks; of each kind no more than `most`."""
    lines = [Text(f"{len(remarks)} {name}{'' if len(remarks) == 1 else 's'}", style="bold")]
    totals = Counter(str(one.kind) for one in remarks)
    shown: Counter[str] = Counter()
    for one in remarks:
        kind = str(one.kind)
        shown[kind] += 1
        if most is not None and shown[kind] > most:
            continue
        where = f"{file}:{one.line}: " if one.line else f"{file}: "
        lines.append(Text(f"  {where}{one.text}"))
        if most is not None and shown[kind] == most and totals[kind] > most:
            lines.append(Text(f"  … and {totals[kind] - most} more of {kind} (all with --json)"))
    return lines
