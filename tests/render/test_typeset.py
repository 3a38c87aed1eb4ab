"""Lines of Chinese: where they may end, how even they are, and that nothing is lost."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.typeset import NEVER_FIRST, NEVER_LAST, Line, set_paragraph, visible

PROSE = (
    "牢牢把握高质量发展这个首要任务，因地制宜加快发展新质生产力。面对新一轮科技革命和产业变革，"
    "我们必须抢抓机遇，加大创新力度，培育壮大新兴产业，超前布局建设未来产业。"
)
CHINESE = st.sampled_from("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会")
MARKS = st.sampled_from("，。、；：！？“”‘’（）《》「」…—")
WORDS = st.sampled_from(["G60", "2035", "15.5%", "AI", "GPT-4", "100,000", "state-of-the-art"])


def advance(text: str) -> float:
    """As in a font for Chinese: half an em for Latin, an em for all else."""
    narrow = sum(unicodedata.east_asian_width(one) in ("Na", "N") for one in text)
    return len(text) - narrow / 2


def lines_of(text: str, measure: float = 16) -> list[str]:
    return [line.text for line in set_paragraph(text, measure, advance)]


def ends(line: Line) -> tuple[float, float]:
    """Where the ink of a line begins and ends."""
    return line.pieces[0].x, line.width


@given(st.lists(st.one_of(CHINESE, CHINESE, CHINESE, MARKS, WORDS), max_size=150).map("".join))
def test_every_character_is_set_once_and_in_order(text: str) -> None:
    # But for the apostrophe within a word (don’t): set as Latin is, not an em wide.
    assert "".join(lines_of(text)).replace("’", "'") == text.replace("’", "'")


@given(st.lists(st.tuples(CHINESE, CHINESE, st.one_of(CHINESE, MARKS)), min_size=1, max_size=60))
def test_no_line_begins_or_ends_with_a_mark_that_must_not(parts: list[tuple[str, ...]]) -> None:
    lines = lines_of("".join(map("".join, parts)))
    assert all(line[0] not in NEVER_FIRST for line in lines[1:])
    assert all(line[-1] not in NEVER_LAST for line in lines[:-1])


@given(st.lists(st.one_of(CHINESE, WORDS), max_size=80))
def test_no_number_and_no_word_is_split(parts: list[str]) -> None:
    text = " ".join(parts)
    pieces = [piece.text for line in set_paragraph(text, 16, advance) for piece in line.pieces]
    assert pieces == parts


def test_a_number_keeps_its_sign_and_a_word_its_hyphen() -> None:
    line = set_paragraph("增长-3.5%，到2026-11-24，don’t stop", 40, advance)[0]
    pieces = [piece.text for piece in line.pieces]
    assert {"-3.5%", "2026-11-24", "don't", "stop"} <= set(pieces)


@pytest.mark.parametrize("measure", [9, 12, 13.5, 16, 20])
def test_all_lines_but_the_last_fill_the_column(measure: float) -> None:
    lines = set_paragraph(PROSE * 3, measure, advance)
    assert all(line.width == pytest.approx(measure) for line in lines[:-1])
    assert all(line.pieces[0].x == pytest.approx(0) for line in lines)


def test_a_mark_at_an_edge_gives_up_its_blank_half() -> None:
    first, second = set_paragraph("一二三四五六七，“八九十一二三四”", 8, advance)
    assert (first.text, second.text) == ("一二三四五六七，", "“八九十一二三四”")
    assert first.width == pytest.approx(8)
    assert second.pieces[0].x == -0.5
    assert second.width == pytest.approx(8)


def test_two_marks_side_by_side_share_the_blank_between_them() -> None:
    (line,) = set_paragraph("好。”“好", 16, advance)
    x = {piece.text: piece.x for piece in line.pieces}
    assert x["”"] - x["。"] == 0.5
    assert x["“"] - x["”"] == 0.5


def test_a_dash_and_an_ellipsis_stay_whole_and_never_begin_a_line() -> None:
    for count in range(1, 30):
        lines = lines_of("字" * count + "——字字字字字……" + "字" * 20, 10)
        assert not any(line.startswith(("—", "…")) for line in lines)
        assert sum(line.count("——") + line.count("……") for line in lines) == 2


def test_no_paragraph_ends_with_a_lone_character() -> None:
    for count in range(20, 200):
        lines = set_paragraph("字" * count, 16, advance)
        assert lines[-1].width >= 2


def test_latin_letters_stand_a_little_apart_from_chinese_ones() -> None:
    (line,) = set_paragraph("到2035年", 16, advance)
    number, year = line.pieces[1:]
    assert 1.1 < number.x < 1.25
    assert 0.1 < year.x - (number.x + 2) < 0.25


def test_a_latin_mark_clings_to_its_word_in_a_stretched_line() -> None:
    lines = set_paragraph("the quick brown fox, the lazy dog, the end of it", 9, advance)
    for line in lines:
        for word, mark in pairwise(line.pieces):
            if mark.text == ",":
                assert mark.x == pytest.approx(word.x + advance(word.text))


def test_a_word_wider_than_the_column_is_divided() -> None:
    assert lines_of("x" * 50, 10) == ["x" * 20, "x" * 20, "x" * 10]


def test_what_breaks_every_rule_is_still_set() -> None:
    assert "".join(lines_of("。" * 60)) == "。" * 60
    assert "".join(lines_of("“" * 60)) == "“" * 60


def test_white_space_at_an_edge_takes_no_room() -> None:
    (line,) = set_paragraph("  一 二  ", 16, advance)
    assert ends(line) == (0, 2.25)


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_nothing_to_see_is_no_line(text: str) -> None:
    assert set_paragraph(text, 16, advance) == []


def test_the_first_line_is_indented() -> None:
    first, second, *_ = set_paragraph(PROSE, 16, advance, indent=2)
    assert (first.pieces[0].x, second.pieces[0].x) == (2, 0)
    assert first.width == pytest.approx(16)


def test_ragged_lines_keep_their_own_widths() -> None:
    first, *_ = set_paragraph("一二三四五六state-of-the-art", 8, advance, is_ragged=True)
    assert first.width == 6


def test_what_has_no_picture_is_left_out() -> None:
    assert visible("一\u200d\ufe0f\u00ad二\n") == "一二\n"
