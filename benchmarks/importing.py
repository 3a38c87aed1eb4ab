"""What importing a booklet costs: characters a second, memory, and growth with its length.

Imports the booklet of `../shared/data` made longer: its quotations and its articles are
repeated, so that one 100 times as long has 3,000 quotations and 600 articles. Each length runs
in a process of its own; the time is that of reading and drafting, without writing, against an
empty corpus and, for near-duplicates, against the booklet itself. Prints a Markdown table.

    .venv/bin/python -m benchmarks.importing
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOKLET = ROOT.parent / "shared" / "data" / "compilation-2026-04.md"
TIMES = (1, 3, 10, 30, 100)


def longer(text: str, times: int) -> str:
    """The booklet with its quotations and articles so many times; titles stay different."""
    cover, quotes, articles = re.split(r"(?=^## 【)", text, flags=re.MULTILINE)
    head, every = quotes.split("30 则\n", 1)
    entries = re.search(r"(?<=【学习参考】\n\n).*?(?=\n\n\n)", cover, re.DOTALL)
    assert entries is not None
    mark, body = articles.split("\n\n", 1)

    def again(part: str, pattern: str) -> str:
        return "\n".join(re.sub(pattern, rf"\g<0>{each}", part) for each in range(times))

    return (
        cover.replace(entries[0], again(entries[0], r"(?<=- )"))
        + head
        + f"{30 * times} 则\n"
        + every * times
        + f"{mark}\n\n"
        + again(body + "\n", r"(?m)^# ")
    )


def measure(times: int) -> None:
    """Import once and print characters, seconds, quotations, articles, peak megabytes."""
    from bot.corpus.importing.compilation import draft
    from bot.corpus.importing.plain import read_text
    from bot.model import Corpus

    text = longer(BOOKLET.read_text(encoding="utf-8"), times)
    start = time.perf_counter()
    made = draft(read_text(text), Corpus((), ""))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scale = 2**10 if sys.platform == "linux" else 2**20
    counts = made.report.counts
    print(len(text), seconds, counts.quotes, counts.articles, peak / scale)


def main() -> None:
    """Print the table."""
    print("| times as long | characters | quotations | articles | s | characters/s | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for times in TIMES:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.importing", str(times)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        length, seconds, quotes, articles, peak = map(float, done.stdout.split())
        print(
            f"| {times} | {length:,.0f} | {quotes:,.0f} | {articles:,.0f} | {seconds:.2f} "
            f"| {length / seconds:,.0f} | {peak:.0f} |"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
