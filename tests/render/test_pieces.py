"""Originals in pieces: nothing lost, each an easy minute, each ending where a sentence does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from bot.model import Corpus, Place, Reading, Section
from bot.render import passages
from bot.render.pieces import PIECE_LENGTH, clamped, count_of, piece_with, pieces_of
from bot.search.snippet import cut_snippet
from bot.search.text import fold
from tests.render.conftest import seen

SENTENCE = "这是原文里的一句话，有二十来个字那么长。"
ENDS = "。！？!?…”’」』）)】》〉\"'"

texts = st.text("未来产业，、；：。！？”（）\n", max_size=1500).map(
    lambda text: text.replace("来", "要久久为功一步一个脚印")
)


def section_of(*paragraphs: str, digest: str = "") -> Section:
    return Section("a-2026-04-01.1", "一", 1, digest, "", paragraphs)


def reading_of(corpus: Corpus, section: Section) -> Reading:
    article = corpus.articles[0]
    return Reading(replace(article, sections=(section, *article.sections[1:])), section)


def flat(text: str) -> str:
    return "".join(text.split())


@given(texts)
@example("字" * 1000)
@example(("一" * 700 + "。") * 3)
def test_joined_again_the_pieces_are_the_original(text: str) -> None:
    section = section_of(*text.split("\n"))
    pieces = pieces_of(section)
    assert flat("".join(pieces)) == flat(text)
    assert all(len(piece) <= 2 * PIECE_LENGTH + PIECE_LENGTH // 3 for piece in pieces)
    assert not flat(text) or count_of(section) == len(pieces)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=40))
def test_a_piece_ends_where_a_sentence_ends(lengths: list[int]) -> None:
    section = section_of(*(SENTENCE * length for length in lengths))
    pieces = pieces_of(section)
    assert all(piece[-1] in ENDS for piece in pieces)
    assert all(len(piece) <= PIECE_LENGTH + PIECE_LENGTH // 3 for piece in pieces)
    assert all(len(piece) >= PIECE_LENGTH // 3 for piece in pieces[1:])


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    pieces = pieces_of(section_of("他说：“要久久为功，一步一个脚印往前走，走得稳也走得远。”" * 30))
    assert len(pieces) > 1
    assert all(piece.endswith("。”") for piece in pieces)


def test_a_sentence_longer_than_two_pieces_is_cut_at_a_pause() -> None:
    pieces = pieces_of(section_of("一步一个脚印，" * 200 + "走。"))
    assert all(piece.endswith(("，", "。")) for piece in pieces)


def test_a_piece_beyond_the_last_is_the_last() -> None:
    section = section_of(SENTENCE * 40)
    assert clamped(section, 99) == count_of(section) - 1
    assert clamped(section, -1) == 0


def test_the_piece_of_a_hit_is_the_one_its_words_stand_in(corpus: Corpus) -> None:
    paragraphs = tuple(f"{SENTENCE * 6}第{number}个标记。" for number in range(12))
    section = section_of(*paragraphs, digest="导读里没有数字。")
    reading = reading_of(corpus, section)
    for number in range(12):
        term = f"第{number}个标记"
        piece = piece_with(reading, cut_snippet(reading.text, [fold(term)]))
        assert term in pieces_of(section)[piece]


def test_what_is_found_in_the_digest_opens_at_the_first_piece(corpus: Corpus) -> None:
    reading = reading_of(corpus, section_of(SENTENCE * 40, digest="导读里说脑机接口。"))
    assert piece_with(reading, cut_snippet(reading.text, [fold("脑机接口")])) == 0


def test_the_digest_leads_into_the_first_piece_alone(corpus: Corpus) -> None:
    section = section_of(SENTENCE * 40, digest="先说大意。")
    reading = reading_of(corpus, section)
    first, second = (seen(passages.reading(reading, piece).text) for piece in (0, 1))
    assert first.index("【导读】先说大意。") < first.index("【原文 1/3】\n这是原文")
    assert "【导读】" not in second
    assert "【原文 2/3】\n这是原文" in second


@given(st.from_regex(r"\Aa-2026-04-0[1-9](\.[0-9]{1,2}){1,2}\Z"), st.none() | st.integers(0, 999))
def test_a_place_is_read_back_as_it_was_kept(section_id: str, piece: int | None) -> None:
    place = Place(section_id, piece)
    assert Place.read(str(place)) == place
