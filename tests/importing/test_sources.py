"""Files of every kind, and what is refused: one sentence, never a traceback."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus.importing import docx
from bot.corpus.importing.compilation import draft
from bot.corpus.importing.formats import MAX_BYTES, parse_source, read_source
from bot.corpus.importing.plain import read_text
from bot.corpus.importing.source import UnreadableSourceError
from bot.errors import StudybotError
from bot.model import Corpus, Repair
from tests.importing.made import Quirks, as_docx, as_markdown, as_pdf, truth

NOTHING = Corpus((), "")


def lines(text: str) -> list[list[str]]:
    return [[line.text for line in page] for page in read_text(text).pages]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_every_encoding(encoding: str) -> None:
    content = as_markdown(truth(1), Quirks(), 1).decode().encode(encoding)
    assert draft(parse_source(content, "x"), NOTHING).compilation.quotes


def test_another_encoding_than_utf8_is_told() -> None:
    content = as_markdown(truth(1), Quirks(encoding="gb18030"), 1)
    report = draft(parse_source(content, "x"), NOTHING).report
    assert [one.text for one in report.repairs if one.kind == Repair.DECODED] == ["read as GB18030"]


@pytest.mark.parametrize("mark", ["---", "\f", "***", "_ _ _".replace(" ", ""), "- - -"])
def test_a_page_ends_at_every_kind_of_break(mark: str) -> None:
    assert lines(f"甲\n\n{mark}\n\n乙") == [["甲"], ["乙"]]


def test_marks_and_bold_are_read_and_taken_out() -> None:
    (line, *_), *_ = read_text("### **三、甲**").pages
    assert (line.text, line.level, line.is_bold) == ("三、甲", 3, True)


def test_a_dash_before_an_attribution_is_no_bullet() -> None:
    assert lines("-- 在渡口\n- 甲") == [["-- 在渡口", "甲"]]


def test_line_numbers_are_those_of_the_file() -> None:
    pages = read_text("甲\r\n\r\n乙\f丙\r丁").pages
    assert [line.number for page in pages for line in page] == [1, 3, 3, 4]


# ------------------------------------------------------------------------- refusals


def refused(content: bytes, name: str = "booklet.md") -> str:
    with pytest.raises(UnreadableSourceError) as caught:
        draft(parse_source(content, name), NOTHING)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def archive(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("content", [b"", b" \n\n ", b"\xef\xbb\xbf", "　\n".encode()])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert "empty" in refused(content) or "no text" in refused(content)


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02" * 99, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"\xff" * 50]
)
def test_binary_junk_is_refused(content: bytes) -> None:
    assert "neither text" in refused(content)


def test_a_text_without_quotations_is_refused() -> None:
    assert "no quotation" in refused("渡口的木船靠了岸。\n\n集市上摆满了新米。".encode())


def test_an_archive_that_is_no_document_is_refused() -> None:
    assert "no Word document" in refused(archive(a=b"b"))


def test_a_damaged_archive_is_refused() -> None:
    assert "damaged" in refused(as_docx(truth(1), Quirks())[:2000])


def test_a_document_with_broken_xml_is_refused() -> None:
    broken = archive(**{"word/document.xml": b"<w", "[Content_Types].xml": b"<"})
    assert "damaged" in refused(broken)


def test_a_document_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(**{"word/document.xml": b"0" * (docx.MAX_UNPACKED_BYTES + 1)})
    assert len(bomb) < 2**20
    assert "unpacks to" in refused(bomb)


def test_a_damaged_pdf_is_refused() -> None:
    assert "damaged PDF" in refused(b"%PDF-1.7\n%junk")


def test_a_pdf_without_a_text_layer_is_refused() -> None:
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.showPage()
    canvas.save()
    assert "text layer" in refused(made.getvalue())


def test_a_file_that_is_too_big_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "big.md"
    with file.open("wb") as opened:
        opened.truncate(MAX_BYTES + 1)
    with pytest.raises(UnreadableSourceError, match="at most 64"):
        read_source(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        read_source(tmp_path / "nothing.md")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_anything_but_a_booklet_or_a_refusal(content: bytes) -> None:
    with suppress(StudybotError):
        assert draft(parse_source(content, "x"), NOTHING).compilation.quotes


_PIECES = st.sampled_from(
    [
        *("# ", "——", "（", "）", "2024年3月5日", "2023年2月30日", "\n", "\n\n", "---", "\f", "。"),
        *("【重要论述】", "【学习参考】", "（选自", "《》", "一、", "（一）", "1. ", "…………（1）"),
        *("渡口", "在渡口考察时强调", "**", "作者系", "同上", "30 则", "2026年4月", "　"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=60))
def test_no_heap_of_its_own_marks_confuses_it(pieces: list[str]) -> None:
    with suppress(StudybotError):
        assert draft(read_text("".join(pieces)), NOTHING).compilation.quotes


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_pdf_with_a_byte_changed_is_read_or_refused(seed: int, place: int) -> None:
    content = bytearray(as_pdf(truth(3), Quirks()))
    content[place % len(content)] = seed % 256
    with suppress(StudybotError):
        assert draft(parse_source(bytes(content), "x"), NOTHING).compilation.quotes


@pytest.mark.parametrize(
    "piece", ["![", "<!--", "# ", "**", "——", "（", "- ", "…", " ", "《", "1."]
)
def test_a_line_of_a_million_marks_is_read_in_its_length(piece: str) -> None:
    text = "# " + piece * (10**6 // len(piece)) + "甲"
    start = process_time()
    with suppress(StudybotError):
        draft(read_text(text), NOTHING)
    assert process_time() - start < 10
