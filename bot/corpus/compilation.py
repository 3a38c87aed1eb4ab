"""The two YAML files of a compilation.

`compilation.yaml` is one mapping, every key required:

    title: 深入学习习近平总书记关于未来产业的重要论述
    publisher: 中共江苏省委宣传部
    issued: 2026-04                # the month of issue
    theme: 未来产业
    topics: [新质生产力, 人工智能]     # a list of different texts, may be empty

`quotes.yaml` is a list, at least one entry, every key but `until` required:

    - id: q-2024-03-05             # the date; -2, -3 … where one date has several
      date: 2024-03-05             # not after the month of issue
      until: 2024-03-06            # the last day, where the booklet gives a range of days
      occasion: 在参加十四届全国人大二次会议江苏代表团审议时强调
      text: |                      # verbatim; a line is a paragraph
        牢牢把握高质量发展这个首要任务……
      topics: [新质生产力]

The id of the compilation is the name of its directory and is not written in the file.
Rules between entries and files are in check.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.corpus.fields import Fields, compose, entries
from bot.corpus.notes import BLANK_DATE, Notes, Placed
from bot.model import PartialDate, Quote

COMPILATION_FILE = "compilation.yaml"
QUOTES_FILE = "quotes.yaml"

_COMPILATION_KEYS = ("title", "publisher", "issued", "theme", "topics")
_QUOTE_KEYS = ("id", "date", "occasion", "text", "topics")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What compilation.yaml says; `issued_line` is where it says the month."""

    title: str
    publisher: str
    issued: PartialDate
    theme: str
    topics: tuple[str, ...]
    issued_line: int


def read_imprint(text: str, notes: Notes) -> Imprint:
    """Read compilation.yaml; mistakes go to `notes`, mistaken values are blank.

    Raises UnreadableFileError, noted, when it is not YAML.
    """
    expected = f"a mapping with {', '.join(_COMPILATION_KEYS)}"
    root = compose(text, notes, first_line=1, expected=expected)
    fields = Fields(root, notes, first_line=1, required=_COMPILATION_KEYS)
    return Imprint(
        title=fields.text("title"),
        publisher=fields.text("publisher"),
        issued=fields.month("issued"),
        theme=fields.text("theme"),
        topics=fields.texts("topics"),
        issued_line=fields.line("issued"),
    )


def read_quotes(text: str, notes: Notes, compilation_id: str) -> tuple[Placed[Quote], ...]:
    """Read quotes.yaml in the booklet's order, each quotation placed at its id.

    Mistakes go to `notes`, mistaken values are blank. Raises UnreadableFileError, noted,
    when it is not YAML.
    """
    expected = f"a list of quotations, each with {', '.join(_QUOTE_KEYS)}"
    root = compose(text, notes, first_line=1, expected=expected)
    quotes = []
    for node in entries(root, notes, first_line=1, expected=expected):
        fields = Fields(node, notes, first_line=1, required=_QUOTE_KEYS, optional=("until",))
        until = fields.day("until")
        quote = Quote(
            id=fields.text("id"),
            compilation_id=compilation_id,
            said_on=fields.day("date"),
            occasion=fields.text("occasion"),
            text=fields.paragraphs("text"),
            topics=fields.texts("topics"),
            until=None if until == BLANK_DATE else until,
        )
        quotes.append(Placed(quote, notes.file, fields.line("id")))
    return tuple(quotes)
