"""Booklets made up from a known truth, with the quirks of print and recognition.

Here live the truth, the quirks, and four ways of setting a booklet: Markdown as recognition
writes it, text wrapped as a page is, a Word document and a PDF. The words are made up and
mean nothing; each quirk is switched by itself. What the import makes of them is asserted
in test_made_booklets.py.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from bot.model import Compilation, PartialDate

_TALK = """
    清晨的薄雾慢慢散开 渡口的木船靠了岸 老屋前的桂树开了花 孩子们沿着田埂跑远 邻家的灯还亮着
    山里的雨说来就来 集市上摆满了新米 远处传来打铁的声音 石桥下的水涨了三寸 风把纸鸢送上了天
    祖母在灯下补旧衣 书房里只剩翻书声 木匠把窗棂修好了 院子角落堆着干柴 茶馆的说书人清了清嗓子
    渔夫数着网里的鱼 雪落在空荡的操场 学徒照着图样刻字 一只白鹭掠过稻田 钟楼敲了十二下
    他们约好秋后再来 信在路上走了七天 窑火连烧了三个昼夜 染坊晾出了蓝布 谷仓的门虚掩着
"""
_CLAUSES = _TALK.split()
_INSERTS = (
    "“新芽”",
    "（见附图）",
    "《渡口志》",
    "约 40 户",
    "近 3.5 万",
    "12%左右",
    "Alpha 号",
    "A4纸",
    "“从 0 到 1”",
)
_OCCASIONS = (
    "在渡口考察时强调",
    "在第3次乡邻集会上的讲话",
    "《关于〈修桥章程〉的说明》",
    "在“秋收”座谈会上的讲话",
    "致渡口学堂的贺信",
    "对修桥工作作出重要指示强调",
)
_NAMES = ("周禾", "林晚舟", "苏青", "欧阳明远", "渡口采风组")
_POSTS = ("", "渡口文史馆馆长、研究员", "县志办公室（筹）副主任")
_TITLES = ("渡口的来历与变迁", "旧桥新路 一个村庄的十年", "木匠、铁匠和他们的徒弟", "稻田里的学问")
_HEADINGS = (
    "山那边的路",
    "水从哪里来，到哪里去",
    "手艺的传承",
    "“新芽”长成记",
    "灯下的讨论",
    "十年",
)
_HAN = "一二三四五六七八九十"
_NEVER_FIRST = "，。、；：？！”）》…%—─―-"
_NEVER_LAST = "“（《。！？…，；：、)”）》 —─―-"


@dataclass(frozen=True)
class Said:
    said_on: date
    until: date | None
    occasion: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    title: str
    depth: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    title: str
    author: str
    post: str
    source: str
    published: PartialDate
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Truth:
    """What a booklet says, whatever it looks like."""

    title: str
    publisher: str
    issued: PartialDate
    quotes: tuple[Said, ...]
    articles: tuple[Written, ...]


@dataclass(frozen=True)
class Quirks:
    """How it looks; each field is a quirk of its own."""

    dash: str = "——"
    brackets: str = "（）"
    date_form: str = "plain"
    page_end: str = "---"
    page_number: str = ""
    running_head: str = ""
    repeats: int = 0
    levels: str = "steady"
    bold_headings: bool = False
    lost_marks: bool = False
    contents: str = "two lines"
    leader: str = "……………"
    origin: str = "选自"
    post_apart: bool = False
    author_form: str = "plain"
    run_in: bool = False
    numbered: bool = False
    part_marks: bool = True
    cuts: int = 4
    line_end: str = "\n"
    encoding: str = "utf-8"


QUIRKS = st.builds(
    Quirks,
    dash=st.sampled_from(["——", "—", "--", "──", "―― ", "— — "]),
    brackets=st.sampled_from(["（）", "()", "（)", "(）"]),
    date_form=st.sampled_from(["plain", "spaced", "chinese", "dotted"]),
    page_end=st.sampled_from(["---", "\f", "***", "* * *"]),
    page_number=st.sampled_from(["", "{}", "— {} —", "- {} -", "第 {} 页"]),
    running_head=st.sampled_from(["", "渡口学习资料", "渡口学习资料　{}"]),
    repeats=st.sampled_from([0, 0, 2, 3, 5]),
    levels=st.sampled_from(["steady", "erratic"]),
    bold_headings=st.booleans(),
    lost_marks=st.booleans(),
    contents=st.sampled_from(["two lines", "one line", "none"]),
    leader=st.sampled_from(["……………", "...........", "············", "\t"]),
    origin=st.sampled_from(["选自", "摘自", "原载", "来源："]),
    post_apart=st.booleans(),
    author_form=st.sampled_from(["plain", "作者：", "文/", "spaced"]),
    run_in=st.booleans(),
    numbered=st.booleans(),
    part_marks=st.booleans(),
    cuts=st.integers(0, 9),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)


# ------------------------------------------------------------------------------ the truth


def truth(seed: int) -> Truth:
    """A booklet that one number decides wholly."""
    rng = random.Random(seed)
    issued = PartialDate(2026, rng.randint(1, 12))
    quotes = tuple(_said(rng, issued) for _ in range(rng.randint(3, 6)))
    titles = rng.sample(_TITLES, rng.randint(1, 3))
    return Truth(
        "深入学习关于渡口建设的重要论述",
        "渡口镇编印组",
        issued,
        quotes,
        tuple(_written(rng, title, issued) for title in titles),
    )


def _said(rng: random.Random, issued: PartialDate) -> Said:
    said_on = issued.first_on - timedelta(days=rng.randint(1, 4000))
    has_range = rng.random() < 0.2 and said_on.day < 25
    return Said(
        said_on,
        said_on + timedelta(days=2) if has_range else None,
        rng.choice(_OCCASIONS),
        tuple(paragraph(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))),
    )


def paragraph(rng: random.Random) -> str:
    """Prose of one to four sentences, with digits, brackets and Latin letters in it."""
    sentences = []
    for _ in range(rng.randint(1, 4)):
        clauses = rng.sample(_CLAUSES, rng.randint(3, 6))
        if rng.random() < 0.5:
            at = rng.randrange(len(clauses))
            clauses[at] = clauses[at][:3] + rng.choice(_INSERTS) + clauses[at][3:]
        sentences.append("，".join(clauses) + rng.choice("。。。。！？"))
    return "".join(sentences)


def _written(rng: random.Random, title: str, issued: PartialDate) -> Written:
    month = rng.randint(1, issued.month or 1)
    source, published = rng.choice(
        (
            (f"《渡口时报》2026年{month}月3日", PartialDate(2026, month, 3)),
            (f"渡口网 2026年{month}月1日", PartialDate(2026, month, 1)),
            ("《乡土》杂志 2025 年第 11 期", PartialDate(2025, 11)),
            ("《稻作研究》2025年第24期", PartialDate(2025, 12)),
            ("《渡口学报》2025年第41卷", PartialDate(2025)),
        )
    )
    return Written(
        title, rng.choice(_NAMES), rng.choice(_POSTS), source, published, tuple(_sections(rng))
    )


def _sections(rng: random.Random) -> Iterator[Section]:
    kind = rng.choice(("一、", "（一）", "1 ", "1. ", "第一章 ", "two", "none"))
    texts = rng.sample(_HEADINGS, 3)
    if kind == "none":
        yield Section("正文", 1, tuple(paragraph(rng) for _ in range(3)))
        return
    yield Section("引言", 1, (paragraph(rng), paragraph(rng)))
    for at, text in enumerate(texts):
        number = _HAN[at] if kind[0] not in "1" else str(at + 1)
        label = {"two": f"{_HAN[at]}、"}.get(kind, kind.replace("一", number).replace("1", number))
        has_below = kind == "two" and at < 2
        own = () if has_below and rng.random() < 0.5 else (paragraph(rng), _run_in(rng))
        yield Section(label + text, 1, own)
        if has_below:
            for below, inner in enumerate(rng.sample(_HEADINGS, 2)):
                yield Section(f"（{_HAN[below]}）{inner}", 2, (paragraph(rng),))


def _run_in(rng: random.Random) -> str:
    """A long paragraph that begins with a number and is no heading."""
    return f"（1）{paragraph(rng)}{paragraph(rng)}"


def found_in(compilation: Compilation) -> Truth:
    """What the import found, in the shape of the truth."""
    return Truth(
        compilation.title,
        compilation.publisher,
        compilation.issued,
        tuple(
            Said(one.said_on, one.until, one.occasion, tuple(one.text.split("\n")))
            for one in compilation.quotes
        ),
        tuple(
            Written(
                one.title,
                one.author,
                one.role,
                one.source,
                one.published,
                tuple(Section(each.title, each.depth, each.original) for each in one.sections),
            )
            for one in compilation.articles
        ),
    )


def without_spaces(made: Truth) -> Truth:
    """The truth as far as a page shows it: a space at the end of a line is not seen."""

    def close(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple("".join(text.split()) for text in texts)

    return replace(
        made,
        quotes=tuple(replace(one, paragraphs=close(one.paragraphs)) for one in made.quotes),
        articles=tuple(
            replace(
                one,
                title=close((one.title,))[0],
                source=close((one.source,))[0],
                sections=tuple(
                    Section(close((each.title,))[0], each.depth, close(each.paragraphs))
                    for each in one.sections
                ),
            )
            for one in made.articles
        ),
    )


# ----------------------------------------------------------------------------- the setting


@dataclass(frozen=True)
class Block:
    """A paragraph to be set: `kind` is cover, part, title, heading, line or prose."""

    kind: str
    text: str
    level: int = 0


def blocks(made: Truth, quirks: Quirks) -> Iterator[Block]:
    """The booklet from the cover on."""
    yield Block("title", made.title, 3)
    yield Block("part", "【重要论述】", 4)
    yield Block("cover", f"关于渡口建设的重要论述 {len(made.quotes)} 则{quirks.leader}（1）")
    yield Block("part", "【学习参考】", 4)
    for page, one in enumerate(made.articles if quirks.contents != "none" else (), 9):
        entry = f"{quirks.leader}{one.author}（{page}）"
        if quirks.contents == "one line":
            yield Block("cover", one.title + entry)
        else:
            yield Block("cover", one.title)
            yield Block("cover", entry)
    yield Block("cover", made.publisher)
    yield Block("cover", f"{made.issued.year} 年 {made.issued.month} 月")
    yield Block("page", "")
    if quirks.part_marks:
        yield Block("part", "【重要论述】", 2)
    yield Block("title", f"关于渡口建设的重要论述 {len(made.quotes)} 则", 1)
    for number, said in enumerate(made.quotes, 1):
        yield from _quote_blocks(number, said, quirks)
    if quirks.part_marks:
        yield Block("page", "")
        yield Block("part", "【学习参考】", 2)
    for one in made.articles:
        yield from _article_blocks(one, quirks)


def _quote_blocks(number: int, said: Said, quirks: Quirks) -> Iterator[Block]:
    line = quirks.dash + said.occasion + quirks.brackets[0] + _dated(said, quirks)
    line += quirks.brackets[1]
    for at, text in enumerate(said.paragraphs):
        is_last = at == len(said.paragraphs) - 1
        shown = f"{number}. {text}" if quirks.numbered and at == 0 else text
        yield Block("prose", shown + line if quirks.run_in and is_last else shown)
    if not quirks.run_in:
        yield Block("line", line)


def _dated(said: Said, quirks: Quirks) -> str:
    day = said.said_on
    if said.until:
        if said.until.month == day.month:
            return f"{day.year}年{day.month}月{day.day}日至{said.until.day}日"
        return f"{day.year}年{day.month}月{day.day}日—{said.until.month}月{said.until.day}日"
    if quirks.date_form == "spaced":
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    if quirks.date_form == "chinese":
        year = "".join("〇一二三四五六七八九"[int(each)] for each in str(day.year))
        return f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日"
    if quirks.date_form == "dotted":
        return f"{day.year}.{day.month}.{day.day}"
    return f"{day.year}年{day.month}月{day.day}日"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 0 else "十") if tens < 2 else _HAN[tens - 1] + "十"
    return ten + (_HAN[ones - 1] if ones else "")


def _article_blocks(one: Written, quirks: Quirks) -> Iterator[Block]:
    yield Block("page", "")
    yield Block("title", one.title, 1)
    author = one.author
    if quirks.author_form == "spaced" and len(author) == 2:
        author = f"{author[0]}　{author[1]}"
    elif quirks.author_form in ("作者：", "文/"):
        author = quirks.author_form + author
    yield Block("line", author)
    for section in one.sections:
        if section.title not in ("引言", "正文"):
            yield Block("heading", section.title, 1 + section.depth)
        for text in section.paragraphs:
            yield Block("prose", text)
    told = f"，作者系{one.post}" if one.post and not quirks.post_apart else ""
    yield Block("line", f"（{quirks.origin}{one.source}{told}）")
    if one.post and quirks.post_apart:
        yield Block("line", f"（作者系{one.post}）")


def cut_places(text: str, least: int = 20) -> list[int]:
    """Where a page may end within a paragraph: mid-sentence, and nothing repeated by chance."""
    return [
        at
        for at in range(least, len(text) - 6)
        if text[at] not in _NEVER_FIRST
        and text[at - 1] not in _NEVER_LAST
        and not any(text[at - size : at] == text[at : at + size] for size in range(2, 7))
        and not (text[at - 1].isascii() and text[at].isascii())
        and text[at] != " "
    ]


def as_markdown(made: Truth, quirks: Quirks, seed: int) -> bytes:
    """As recognition writes it: a paragraph a line, blank lines between, erratic marks."""
    rng = random.Random(seed)
    pages: list[list[str]] = [[]]
    cuts = quirks.cuts
    headings = 0
    for block in blocks(made, quirks):
        if block.kind == "page":
            pages.append([])
            continue
        if block.kind == "heading":
            headings += 1
        places = cut_places(block.text) if block.kind == "prose" and cuts else []
        if places and rng.random() < 0.4:
            cuts -= 1
            at = rng.choice(places)
            repeated = quirks.repeats if _is_plain(block.text[at - quirks.repeats : at]) else 0
            pages[-1].append(block.text[:at])
            pages.append([block.text[at - repeated :]])
            continue
        pages[-1].append(_marked(block, quirks, rng, headings))
    return _joined(pages, quirks)


def _is_plain(piece: str) -> bool:
    """Whether a repetition of it could not be meant: `一步` / `一步` could, and `慢慢`."""
    if len(piece) == 2 and piece[0] == piece[1]:
        return False
    return all(each >= "\u4e00" for each in piece) and piece[:1] not in ("一", "不", "")


def _marked(block: Block, quirks: Quirks, rng: random.Random, headings: int) -> str:
    if not block.level:
        return block.text
    is_lost = block.kind == "heading" and quirks.lost_marks and headings % 3 == 2
    if is_lost and block.text[0] in "（一二三第":
        return block.text
    level = rng.randint(1, 4) if quirks.levels == "erratic" else block.level
    bold = "**" if block.kind == "heading" and quirks.bold_headings and rng.random() < 0.5 else ""
    return f"{'#' * level} {bold}{block.text}{bold}"


def _joined(pages: Sequence[Sequence[str]], quirks: Quirks) -> bytes:
    shown = []
    for number, page in enumerate(pages, 1):
        lines = list(page)
        if quirks.running_head and number > 1:
            lines.insert(0, quirks.running_head.format(number))
        if quirks.page_number and number > 1:
            lines.append(quirks.page_number.format(number))
        shown.append("\n\n".join(lines))
    end = "\f" if quirks.page_end == "\f" else f"\n\n{quirks.page_end}\n\n"
    text = end.join(shown) + "\n"
    return text.replace("\n", quirks.line_end).encode(quirks.encoding)


# ------------------------------------------------------------------- wrapped: text and PDF

WIDTH, LINES = 34, 26


@dataclass(frozen=True)
class Row:
    """A line on a page."""

    text: str
    kind: str
    is_indented: bool = False


def rows(made: Truth, quirks: Quirks) -> Iterator[list[Row]]:
    """The booklet on pages of `LINES` lines, each at most `WIDTH` characters wide."""
    page: list[Row] = []
    if quirks.leader == "\t":  # no page shows one
        quirks = replace(quirks, leader="……")
    for block in blocks(made, quirks):
        if block.kind == "page":
            yield page
            page = []
            continue
        if block.kind in ("heading", "title", "part") and len(page) > LINES - 3:
            yield page
            page = []
        for row in _rows(block):
            if len(page) == LINES:
                yield page
                page = []
            page.append(row)
    yield page


def _rows(block: Block) -> Iterator[Row]:
    text, is_first = block.text, True
    while text:
        is_indented = is_first and block.kind in ("prose", "line")
        end = _fitting(text, WIDTH - 2.0 * is_indented)
        while end < len(text) and (text[end] in _NEVER_FIRST or text[end - 1] in _NEVER_LAST):
            end -= 1
        while end < len(text) and text[end - 1].isascii() and text[end].isascii():
            end -= 1
        yield Row(text[:end].strip(), block.kind, is_indented)
        text, is_first = text[end:].lstrip(" "), False


def _fitting(text: str, room: float) -> int:
    """How many characters fit: Latin ones and digits are half as wide."""
    for at, each in enumerate(text):
        room -= 0.5 if each.isascii() else 1.0
        if room < 0:
            return at
    return len(text)


def as_wrapped_text(made: Truth, quirks: Quirks) -> bytes:
    """As `pdftotext` writes it: first lines set in, no blank lines, form feeds."""
    shown = []
    for number, page in enumerate(rows(made, quirks), 1):
        lines = [("　　" if row.is_indented else "") + row.text for row in page]
        if quirks.page_number and number > 1:
            lines.append(quirks.page_number.format(number))
        shown.append("\n".join(lines))
    return "\n\f".join(shown).encode(quirks.encoding)


def as_docx(made: Truth, quirks: Quirks) -> bytes:
    """As Word saves it: styles for headings, breaks between pages, lines that Word wraps."""
    from docx import Document
    from docx.enum.text import WD_BREAK

    document = Document()
    for block in blocks(made, quirks):
        if block.kind == "page":
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.level:
            document.add_heading(block.text, block.level)
        else:
            document.add_paragraph(block.text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_pdf(made: Truth, quirks: Quirks) -> bytes:
    """As a printer's PDF: sizes for titles and headings, indents, a number below each page."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    font, size, left, top = "STSong-Light", 10.5, 72.0, 760.0
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    sizes = {"title": 16.0, "heading": 13.0, "part": 15.0}
    file = io.BytesIO()
    canvas = Canvas(file)
    for number, page in enumerate(rows(made, quirks), 1):
        for at, row in enumerate(page):
            canvas.setFont(font, sizes.get(row.kind, size))
            canvas.drawString(left + 2 * size * row.is_indented, top - 22 * at, row.text)
        if quirks.page_number and number > 1:
            canvas.setFont(font, 9)
            canvas.drawString(280, 60, quirks.page_number.format(number))
        canvas.showPage()
    canvas.save()
    return file.getvalue()
