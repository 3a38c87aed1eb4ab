"""The process in which an upload is read: `python -m bot.app.apart FILE TARGET DIRECTORY…`.

Here lives what runs apart from the bot, under limits of its own, because a file that somebody
sent may be made to loop or to fill the memory. It has no token, no database and no network to
use: it reads FILE for the corpus of the DIRECTORYs and writes into TARGET

    outcome.json        the refusal, or id, report and mistakes
    corpus/<id>/        the compilation, as it would be installed

Which limits, and what is made of the outcome, is `staging`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

OUTCOME: Final = "outcome.json"
CORPUS: Final = "corpus"
OUT_OF_MEMORY: Final = 3  # exit status

_MOST_WRITTEN_BYTES: Final = 128 * 2**20


def main(words: Sequence[str]) -> int:
    """Limit this process, then read; the exit status. `words` begin with bytes and seconds."""
    memory_bytes, cpu_seconds, file, target, *directories = words
    _limit(int(memory_bytes), int(cpu_seconds))
    try:
        outcome = _outcome(Path(file), Path(target), [Path(one) for one in directories])
        text = json.dumps(outcome, ensure_ascii=False)
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    Path(target, OUTCOME).write_text(text, encoding="utf-8")
    return 0


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Memory, time, and what may be written; on macOS the memory of a process has no limit."""
    import resource  # not there on Windows

    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN_BYTES, _MOST_WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outcome(file: Path, target: Path, directories: Sequence[Path]) -> dict[str, Any]:
    # Imported under the limits, like everything else that the file may bring to grief.
    from dataclasses import replace

    from bot.app.importing import with_topics
    from bot.corpus.importing.compilation import draft
    from bot.corpus.importing.formats import read_source
    from bot.corpus.importing.source import UnreadableSourceError
    from bot.corpus.importing.versions import directories_in_force
    from bot.corpus.importing.writing import compilation_files
    from bot.corpus.load import find_mistakes, load_corpus

    known = load_corpus(directories)
    try:
        made = draft(read_source(file), known)
    except UnreadableSourceError as error:
        return {"refusal": str(error)}
    made = replace(made, compilation=with_topics(made.compilation, known))
    own = target / CORPUS
    for name, text in compilation_files(made.compilation).items():
        path = own / made.compilation.id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    mistakes = find_mistakes(directories_in_force(directories, own))
    return {
        "id": made.compilation.id,
        "replaces": made.is_known,
        "report": made.report.record(),
        "mistakes": [[one.file, one.line, one.wrong, one.expected] for one in mistakes],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
