"""From process start to the first answered query: CPU seconds and memory of a whole process.

Runs `studybot search` on the shipped corpus as a user does, in fresh processes: once with an
empty data directory (the index is built), then with the index there. Beside it what any
Python program pays: an empty one. Prints a Markdown table of medians.

    .venv/bin/python -m benchmarks.startup
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 9

# What is measured happens in a child of this child, so that each process is alone in its count.
_MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
scale = 1024 if sys.platform == "linux" else 1
print(used.ru_utime + used.ru_stime, used.ru_maxrss * scale)
"""


def measure(command: list[str], data_dir: str) -> tuple[float, float]:
    """CPU seconds and peak resident megabytes of one run."""
    environment = {"PATH": os.environ["PATH"], "STUDYBOT_DATA_DIR": data_dir}
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    seconds, size = done.stdout.split()
    return float(seconds), float(size) / 2**20


def main() -> None:
    python = [sys.executable]
    search = [*python, "-m", "bot", "search", "--json", "因地制宜"]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        rows.append(
            ("an empty Python program", [measure([*python, "-c", ""], folder) for _ in range(RUNS)])
        )
        first = [measure(search, f"{folder}/{run}") for run in range(3)]
        rows.append(("`studybot search 因地制宜`, first run: index built", first))
        warm = f"{folder}/0"
        rows.append(("the same, index there", [measure(search, warm) for _ in range(RUNS)]))
        loose = [*search[:-1], "人工智能怎样帮助工厂"]
        measure(loose, warm)
        rows.append(
            ("a query that needs jieba's dictionary", [measure(loose, warm) for _ in range(RUNS)])
        )
    print("| from process start to the answer | CPU s, median | peak memory, MB |")
    print("| --- | --- | --- |")
    for name, runs in rows:
        seconds = statistics.median(one[0] for one in runs)
        size = statistics.median(one[1] for one in runs)
        print(f"| {name} | {seconds:.2f} | {size:.0f} |")


if __name__ == "__main__":
    main()
