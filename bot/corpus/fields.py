"""YAML with positions: the typed fields of a mapping, each mistake with its line.

The text is composed into YAML's node graph and never constructed into objects, so no tag
can make anything happen; a tag outside YAML's own set is a value of the wrong kind.
What the keys mean is said by the formats (compilation.py, article.py), not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import yaml

from bot.corpus.notes import (
    BLANK_DATE,
    BLANK_PARTIAL,
    Notes,
    UnreadableFileError,
    shown,
)
from bot.model import PartialDate

# libyaml is some ten times as fast; a PyYAML built without it reads the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CORE = "tag:yaml.org,2002:"
_TEXT, _LIST, _MAPPING, _NOTHING = (_CORE + name for name in ("str", "seq", "map", "null"))
_KINDS = {
    _TEXT: "text",
    _LIST: "a list",
    _MAPPING: "a mapping",
    _NOTHING: "empty",
    _CORE + "int": "a number",
    _CORE + "float": "a number",
    _CORE + "bool": "a truth value",
    _CORE + "timestamp": "a date",
}
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MAX_NESTING = 20  # far deeper than any format here; composing recurses once a level


class _TooDeepError(Exception):
    """More levels than any format here has; `line` counts from 0 within the document."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def compose(text: str, notes: Notes, *, first_line: int, expected: str) -> yaml.Node:
    """The root node of one YAML document whose first line is `first_line` of the file.

    Raises UnreadableFileError, with the mistake noted, when it is not YAML or empty.
    """
    try:
        _refuse_deep_nesting(text)
        root = yaml.compose(text, Loader=_LOADER)
    except _TooDeepError as error:
        wrong = f"nested deeper than {_MAX_NESTING} levels"
        notes.add(first_line + error.line, wrong, expected)
        raise UnreadableFileError from error
    except yaml.MarkedYAMLError as error:
        line = min(_line_of_error(error), text.rstrip().count("\n"))
        notes.add(first_line + line, f"not YAML: {error.problem or error.context}", expected)
        raise UnreadableFileError from error
    except yaml.YAMLError as error:  # a character that YAML does not allow carries no mark
        found = _UNPRINTABLE.search(text)
        line = text.count("\n", 0, found.start()) if found else 0
        character = f"U+{ord(found[0]):04X}" if found else "of an unknown kind"
        notes.add(first_line + line, f"control character {character}", "text without it")
        raise UnreadableFileError from error
    if root is None:
        notes.add(first_line, "nothing is written here", expected)
        raise UnreadableFileError
    return root


def _line_of_error(error: yaml.MarkedYAMLError) -> int:
    """Where to look, from 0: what was never closed is found where it was opened."""
    context = error.context or ""
    never_closed = "flow" in context or "quoted" in context
    first, second = error.problem_mark, error.context_mark
    mark = (second or first) if never_closed else (first or second)
    return mark.line if mark else 0


def _refuse_deep_nesting(text: str) -> None:
    """Raise _TooDeepError before a thousand brackets overflow the composer's stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_NESTING:
            raise _TooDeepError(event.start_mark.line if event.start_mark else 0)


def entries(root: yaml.Node, notes: Notes, *, first_line: int, expected: str) -> list[yaml.Node]:
    """The entries of a list; anything else, or an empty list, is noted and gives none."""
    if not isinstance(root, yaml.SequenceNode) or root.tag != _LIST:
        notes.add(first_line + root.start_mark.line, f"this is {_kind(root)}", expected)
        return []
    if not root.value:
        notes.add(first_line + root.start_mark.line, "the list is empty", expected)
    return list(root.value)


def _kind(node: yaml.Node) -> str:
    if node.tag in _KINDS:
        return _KINDS[node.tag]
    return f"of the YAML tag {shown(node.tag.replace(_CORE, '!!'))}, which is refused"


class Fields:
    """The fields of one mapping.

    On construction every missing, unknown and repeated key is noted; the readers note a
    value of the wrong kind and return a blank for it.
    """

    def __init__(
        self,
        node: yaml.Node,
        notes: Notes,
        *,
        first_line: int,
        required: Iterable[str],
        optional: Iterable[str] = (),
    ) -> None:
        self._notes = notes
        self._first_line = first_line
        self._nodes: dict[str, yaml.Node] = {}
        self.start_line = self._line_of(node)
        required, known = tuple(required), (*required, *optional)
        if not isinstance(node, yaml.MappingNode) or node.tag != _MAPPING:
            notes.add(
                self.start_line, f"this is {_kind(node)}", f"a mapping with {', '.join(known)}"
            )
            return
        self._take(node, known)
        for key in required:
            if key not in self._nodes:
                notes.add(self.start_line, f"missing key '{key}'", f"the keys {', '.join(known)}")

    def _take(self, node: yaml.MappingNode, known: tuple[str, ...]) -> None:
        for key_node, value_node in node.value:
            line = self._line_of(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if key not in known or key_node.tag != _TEXT:
                wrong = f"unknown key {shown(key)}" if key else f"a key that is {_kind(key_node)}"
                self._notes.add(line, wrong, f"only {', '.join(known)}")
            elif key in self._nodes:
                first = self._line_of(self._nodes[key])
                self._notes.add(line, f"repeated key '{key}'", f"it once (see line {first})")
            else:
                self._nodes[key] = value_node

    def _line_of(self, node: yaml.Node) -> int:
        return self._first_line + int(node.start_mark.line)

    def line(self, key: str) -> int:
        """The line of the value of `key`, or of the mapping where it is missing."""
        return self._line_of(self._nodes[key]) if key in self._nodes else self.start_line

    def text(self, key: str, *, may_be_empty: bool = False) -> str:
        """One line of text, trimmed; "" when mistaken."""
        text = self._scalar(key, may_be_empty=may_be_empty)
        if "\n" in text:
            self._notes.add(self.line(key), f"'{key}' has several lines", "one line of text")
        return text

    def paragraphs(self, key: str) -> str:
        """Text of one or more lines, each a paragraph: trimmed, empty ones dropped, LF between."""
        text = self._scalar(key)
        node = self._nodes.get(key)
        if (
            isinstance(node, yaml.ScalarNode)
            and node.style != "|"
            and node.end_mark.line > node.start_mark.line
        ):
            wrong = f"'{key}' is folded, which puts spaces where the lines break"
            self._notes.add(self.line(key), wrong, f"a literal block, '{key}: |'")
        return "\n".join(line.strip() for line in text.splitlines() if line.strip())

    def _scalar(self, key: str, *, may_be_empty: bool = False) -> str:
        node = self._nodes.get(key)
        if node is None:
            return ""
        if node.tag == _NOTHING:
            text = ""
        elif isinstance(node, yaml.ScalarNode) and node.tag == _TEXT:
            text = str(node.value).strip()
        else:
            self._note_kind(key, node, "text (in quotation marks if it looks like something else)")
            return ""
        if not text and not may_be_empty:
            self._notes.add(self._line_of(node), f"'{key}' is empty", "text")
        return text

    def _note_kind(self, key: str, node: yaml.Node, expected: str) -> None:
        value = f" {shown(node.value)}" if isinstance(node, yaml.ScalarNode) else ""
        self._notes.add(self._line_of(node), f"'{key}'{value} is {_kind(node)}", expected)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts; () when missing or mistaken. It may be empty."""
        node = self._nodes.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or node.tag != _LIST:
            self._note_kind(key, node, "a list of texts, such as [新质生产力, 人工智能]")
            return ()
        texts: dict[str, int] = {}
        for line, text in self._texts_in(key, node):
            if text in texts:
                wrong = f"'{key}' names {shown(text)} twice"
                self._notes.add(line, wrong, f"it once (see line {texts[text]})")
            texts.setdefault(text, line)
        return tuple(texts)

    def _texts_in(self, key: str, node: yaml.SequenceNode) -> Iterator[tuple[int, str]]:
        for item in node.value:
            line = self._line_of(item)
            if not isinstance(item, yaml.ScalarNode) or item.tag not in (_TEXT, _NOTHING):
                value = f" {shown(item.value)}" if isinstance(item, yaml.ScalarNode) else ""
                wrong = f"in '{key}' the item{value} is {_kind(item)}"
                self._notes.add(line, wrong, "text (in quotation marks if need be)")
            elif not item.value.strip() or item.tag == _NOTHING:
                self._notes.add(line, f"in '{key}' an item is empty", "text")
            else:
                yield line, item.value.strip()

    def day(self, key: str) -> date:
        """A date `YYYY-MM-DD`; BLANK_DATE when mistaken."""
        partial = self._partial(key, "a date such as 2024-03-05", finest=3, coarsest=3)
        return BLANK_DATE if partial == BLANK_PARTIAL else partial.first_on

    def month(self, key: str) -> PartialDate:
        """A month `YYYY-MM`; BLANK_PARTIAL when mistaken."""
        return self._partial(key, "a month such as 2026-04", finest=2, coarsest=2)

    def partial_date(self, key: str) -> PartialDate:
        """A year, a month or a day, as precise as it is written; BLANK_PARTIAL when mistaken."""
        return self._partial(key, "2026, 2025-11 or 2026-02-12", finest=3, coarsest=1)

    def _partial(self, key: str, expected: str, *, finest: int, coarsest: int) -> PartialDate:
        node = self._nodes.get(key)
        if node is None:
            return BLANK_PARTIAL
        # Unquoted, YAML takes 2026 for a number and 2026-02-12 for a date: both are meant.
        if not isinstance(node, yaml.ScalarNode) or node.tag not in _KINDS:
            self._note_kind(key, node, expected)
            return BLANK_PARTIAL
        match = _PARTIAL.fullmatch(node.value.strip())
        numbers = [int(group) for group in match.groups() if group] if match else []
        if not coarsest <= len(numbers) <= finest:
            self._notes.add(self._line_of(node), f"'{key}' is {shown(node.value)}", expected)
            return BLANK_PARTIAL
        try:
            date(*[*numbers, 1, 1][:3])
        except ValueError:
            wrong = f"'{key}' is {shown(node.value)}, which no calendar has"
            self._notes.add(self._line_of(node), wrong, expected)
            return BLANK_PARTIAL
        return PartialDate(*numbers)
