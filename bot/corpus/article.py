"""The file of an article: `articles/NN-slug.md`.

    ---
    id: a-2026-04-03               # month of issue, number; NN of the file name is the number
    title: 科技创新、产业发展和金融支持
    author: 王一鸣
    role: 中国国际经济交流中心副理事长   # may be empty
    source: 《…》2026年第3期
    published: 2026-02             # a year, a month or a day
    topics: [科技创新]               # may be left out
    ---

    ## 引言

    Plain paragraphs: the digest, in our own words.

    > One key sentence of the article, at most 80 characters: the excerpt.

    ## 1 科技创新是推动高质量发展的核心动力

    ### (a sub-section of the section above it)

    Digest.

    > Excerpt.

    ---

    The original's paragraphs, where the operator has imported them.

- `## 引言` is what stands before the article's first heading; it comes first and its number
  is 0. The other `##` count from 1, the `###` below each from 1: the third sub-section of the
  second section has the id `a-2026-04-03.2.3`.
- Paragraphs are parted by blank lines. Lines of one paragraph are put together again, with
  a space only between two Latin letters or digits.
- A section has a digest and an excerpt, or an original, or all three. Only a section
  whose text is wholly in its sub-sections may have nothing.
- A backslash before a leading `#`, `>`, `-` or `\\` makes an ordinary line of it; after the
  line `---` a leading `>` is an ordinary character too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.corpus.fields import Fields, compose
from bot.corpus.notes import Notes, Placed, UnreadableFileError, shown
from bot.model import Article, Section

PREFACE_TITLE = "引言"
MAX_EXCERPT_CHARACTERS = 80

_REQUIRED = ("id", "title", "author", "role", "source", "published")
_OPTIONAL = ("topics",)
_HEADING = re.compile(r"(#+)(\s*)(.*)")
_RULE = re.compile(r"-{3,}")
_ESCAPED = re.compile(r"\\[#>\\-]")
_LATIN = re.compile(r"[0-9A-Za-z]")

Line = tuple[int, str]


@dataclass(slots=True)
class _Block:
    """A heading and the lines below it, up to the next heading."""

    line: int
    depth: int
    title: str
    lines: list[Line] = field(default_factory=list)


def read_article(text: str, notes: Notes, compilation_id: str) -> Placed[Article]:
    """Read an article's file, placed at its id; mistakes go to `notes`, such values are blank.

    Raises UnreadableFileError, noted, when there is no front matter or it is not YAML.
    """
    lines = text.split("\n")
    body_at = _end_of_front_matter(lines, notes)
    expected = f"a mapping with {', '.join(_REQUIRED + _OPTIONAL)}"
    body = [(number, line.rstrip()) for number, line in enumerate(lines, 1) if number > body_at]
    try:
        root = compose("\n".join(lines[1 : body_at - 1]), notes, first_line=2, expected=expected)
    except UnreadableFileError:
        _read_sections(body, "", notes)  # for the mistakes that may be in them
        raise
    fields = Fields(root, notes, first_line=2, required=_REQUIRED, optional=_OPTIONAL)
    article_id = fields.text("id")
    article = Article(
        id=article_id,
        compilation_id=compilation_id,
        title=fields.text("title"),
        author=fields.text("author"),
        role=fields.text("role", may_be_empty=True),
        source=fields.text("source"),
        published=fields.partial_date("published"),
        sections=_read_sections(body, article_id, notes),
        topics=fields.texts("topics"),
    )
    return Placed(article, notes.file, fields.line("id"))


def _end_of_front_matter(lines: Sequence[str], notes: Notes) -> int:
    """The line number of the `---` that closes the front matter."""
    if lines[0].rstrip() != "---":
        notes.add(1, "the front matter is missing", "'---' as the first line")
        raise UnreadableFileError
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() == "---":
            return number
        if line.startswith("## "):
            break  # a `---` further down parts a digest from an original
    notes.add(1, "the front matter is not closed", "a line '---' after its last key")
    raise UnreadableFileError


def _read_sections(body: Sequence[Line], article_id: str, notes: Notes) -> tuple[Section, ...]:
    blocks = _blocks(body, notes)
    if not blocks:
        line = body[-1][0] if body else 1
        notes.add(line, "the article has no section", "at least one heading '## …'")
    followers: list[_Block | None] = [*blocks[1:], None]
    return tuple(
        _read_section(block, f"{article_id}.{number}", notes, is_parent=_is_parent(block, after))
        for block, after, number in zip(blocks, followers, _numbers(blocks, notes), strict=False)
    )


def _is_parent(block: _Block, after: _Block | None) -> bool:
    return after is not None and after.depth > block.depth


def _blocks(body: Sequence[Line], notes: Notes) -> list[_Block]:
    blocks: list[_Block] = []
    homeless = False
    for number, text in body:
        match = _HEADING.match(text)
        if match:
            blocks.append(_heading(number, match, notes))
        elif blocks:
            blocks[-1].lines.append((number, text))
        elif text and not homeless:
            homeless = True  # once is enough: the lines after it share the cure
            notes.add(
                number, f"text before the first heading: {shown(text)}", "a heading '## 引言'"
            )
    return blocks


def _heading(number: int, match: re.Match[str], notes: Notes) -> _Block:
    marks, space, title = len(match[1]), match[2], match[3].strip()
    if marks not in (2, 3):
        wrong = f"a heading with '{match[1]}'"
        notes.add(number, wrong, "'## ' for a section or '### ' for a sub-section")
    if not title:
        notes.add(number, "a heading without a title", f"'{match[1]} title'")
    elif not space:
        wrong = f"no space after the marks of the heading {shown(match[0])}"
        notes.add(number, wrong, f"'{match[1]} title', or '\\{match[1]}…' for text")
    return _Block(number, 1 if marks <= 2 else 2, title)


def _numbers(blocks: Sequence[_Block], notes: Notes) -> Iterator[str]:
    """The number of each section within its article: `0`, `1`, `1.1`, `1.2`, `2` …"""
    section = sub_section = 0
    has_section = False
    for at, block in enumerate(blocks):
        if block.depth == 1:
            has_section, sub_section = True, 0
            if block.title == PREFACE_TITLE and at == 0:
                yield "0"
                continue
            if block.title == PREFACE_TITLE:
                wrong = f"'{PREFACE_TITLE}' stands after another heading"
                notes.add(block.line, wrong, "it as the first heading, or another title")
            section += 1
            yield f"{section}"
            continue
        if not has_section:
            notes.add(block.line, "a sub-section before any section", "a heading '## …' above it")
        sub_section += 1
        yield f"{section}.{sub_section}"


def _read_section(block: _Block, section_id: str, notes: Notes, *, is_parent: bool) -> Section:
    lead, rest = _divide(block, notes)
    digest = [text for _, text, is_quoted in _paragraphs(lead) if not is_quoted]
    excerpts = [(line, text) for line, text, is_quoted in _paragraphs(lead) if is_quoted]
    original = tuple(text for _, text, _ in _paragraphs(rest, quoting=False))
    _check_section(block, digest, excerpts, original, notes, is_parent=is_parent)
    return Section(
        id=section_id,
        title=block.title,
        depth=block.depth,
        digest="\n".join(digest),
        excerpt=excerpts[0][1] if excerpts else "",
        original=original,
    )


def _check_section(
    block: _Block,
    digest: Sequence[str],
    excerpts: Sequence[Line],
    original: Sequence[str],
    notes: Notes,
    *,
    is_parent: bool,
) -> None:
    name = f"the section {shown(block.title)}"
    is_bare_parent = is_parent and not digest and not excerpts
    if not original and not is_bare_parent:
        if not digest:
            expected = "a paragraph below the heading, or the original after a line '---'"
            notes.add(block.line, f"{name} has neither digest nor original", expected)
        if not excerpts and not is_parent:
            notes.add(block.line, f"{name} has no excerpt", "one sentence in a block quote '> …'")
    for line, text in excerpts[1:]:
        notes.add(line, f"{name} has a second excerpt {shown(text)}", "one block quote a section")
    for line, text in excerpts:
        if len(text) > MAX_EXCERPT_CHARACTERS:
            wrong = f"the excerpt {shown(text)} has {len(text)} characters"
            notes.add(line, wrong, f"at most {MAX_EXCERPT_CHARACTERS}")
        elif not text:
            notes.add(line, "the excerpt is empty", "a sentence after '>'")


def _divide(block: _Block, notes: Notes) -> tuple[list[Line], list[Line]]:
    """The lines before and after the line `---`."""
    rules = [at for at, (_, text) in enumerate(block.lines) if _RULE.fullmatch(text)]
    if not rules:
        return block.lines, []
    lead, rest = block.lines[: rules[0]], block.lines[rules[0] + 1 :]
    for at in rules[1:]:
        line = block.lines[at][0]
        notes.add(line, "a second '---' in one section", "one, or '\\---' for a line of text")
    if not any(text for _, text in rest):
        notes.add(block.lines[rules[0]][0], "nothing after '---'", "the original, or no '---'")
    return lead, rest


def _paragraphs(lines: Sequence[Line], *, quoting: bool = True) -> list[tuple[int, str, bool]]:
    """Paragraphs as (first line, text, whether it is a block quote)."""
    found: list[tuple[int, str, bool]] = []
    open_kind: bool | None = None
    for number, text in lines:
        stripped = text.strip()
        if not stripped:
            open_kind = None
            continue
        is_quoted = quoting and stripped.startswith(">")
        content = stripped[1:].strip() if is_quoted else _unescaped(stripped)
        if open_kind == is_quoted:
            line, before, _ = found[-1]
            found[-1] = (line, _joined(before, content), is_quoted)
        else:
            found.append((number, content, is_quoted))
        open_kind = is_quoted
    return found


def _unescaped(text: str) -> str:
    return text[1:] if _ESCAPED.match(text) else text


def _joined(before: str, after: str) -> str:
    is_latin = bool(_LATIN.match(before[-1:]) and _LATIN.match(after[:1]))
    return f"{before} {after}" if is_latin else before + after
