"""Whether a sentence is in the corpus: exactly, with differences, or not."""

from __future__ import annotations

import random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.model import Corpus, Judgement, Quote, Reading, Verdict
from bot.search.checking import MAX_CHARACTERS, check
from bot.search.index import Index
from bot.search.text import fold

# The corpus and its index never change, so sharing them between examples is harmless.
shared_fixtures = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SENTENCE = "因地制宜加快发展新质生产力"


def texts(corpus: Corpus) -> list[str]:
    """Every text of one hand."""
    every = [quote.text for quote in corpus.quotes]
    for reading in corpus.readings:
        section = reading.section
        every += ["\n".join(section.original) or section.excerpt, section.digest]
    return [text for text in every if len(fold(text)) >= 8]


def typed(judged: Judgement) -> str:
    return "".join(piece.typed for piece in judged.pieces)


def original(judged: Judgement) -> str:
    return "".join(piece.original for piece in judged.pieces)


@shared_fixtures
@given(data=st.data())
def test_any_piece_of_the_corpus_is_exact(
    data: st.DataObject, booklet: Corpus, booklet_index: Index
) -> None:
    text = data.draw(st.sampled_from(texts(booklet)))
    start = data.draw(st.integers(0, max(0, len(text) - 8)))
    length = data.draw(st.integers(8, 200))
    piece = text[start : start + length]
    if len(fold(piece)) < 8:
        return
    (judged,) = check(piece, booklet_index)
    assert judged.verdict is Verdict.EXACT
    assert judged.shown is not None
    ((left, right),) = judged.shown.marks
    assert fold(judged.shown.text[left:right]) == fold(piece)


@shared_fixtures
@given(data=st.data())
def test_a_piece_with_a_few_edits_is_shown_with_just_those_differences(
    data: st.DataObject, booklet: Corpus, booklet_index: Index
) -> None:
    text = data.draw(st.sampled_from(texts(booklet)))
    start = data.draw(st.integers(0, max(0, len(text) - 20)))
    piece = text[start : start + data.draw(st.integers(20, 60))]
    edits = data.draw(st.integers(1, max(1, len(fold(piece)) // 8)))
    edited = spoiled(piece, edits, data.draw(st.integers(0, 2**32)))
    if len(fold(piece)) < 16 or booklet_index.containing(edited):
        return  # what was left out stood at an end, or may as well be left out
    judgements = check(edited, booklet_index)
    if len(judgements) > 1:
        return  # more than one sentence: each is judged for itself
    (judged,) = judgements
    assert judged.verdict is Verdict.DIFFERENT
    assert typed(judged) == edited.strip()
    holder = judged.sources[0].passage
    assert original(judged) in holder.text
    changed = [piece for piece in judged.pieces if not piece.is_kept]
    assert sum(max(len(fold(one.typed)), len(fold(one.original))) for one in changed) <= edits
    for one in judged.pieces:
        assert one.is_kept == (fold(one.typed) == fold(one.original))


def spoiled(piece: str, edits: int, seed: int) -> str:
    """The piece with so many characters put in, left out or replaced by ones nobody uses."""
    chance = random.Random(seed)
    characters = list(piece)
    for _ in range(edits):
        letters = [at for at, character in enumerate(characters) if "一" <= character <= "鿿"]
        at = chance.choice(letters)
        match chance.choice(["in", "out", "other"]):
            case "in":
                characters.insert(at, "龘")
            case "out" if len(letters) > 10:
                del characters[at]
            case _:
                characters[at] = "龘"
    return "".join(characters)


def test_width_script_and_marks_are_no_differences(shipped_index: Index) -> None:
    (judged,) = check("因地制宜，加快發展“新質生產力”", shipped_index)
    assert judged.verdict is Verdict.EXACT
    assert judged.shown is not None
    assert judged.shown.text == "牢牢把握高质量发展这个首要任务，因地制宜加快发展新质生产力。"
    assert judged.shown.cut_after


def test_a_wrong_word_stands_beside_the_right_one(shipped_index: Index) -> None:
    (judged,) = check("因地制宜快速发展新质生产力", shipped_index)
    assert [(one.typed, one.original) for one in judged.pieces] == [
        ("因地制宜", "因地制宜"),
        ("快速", "加快"),
        ("发展新质生产力", "发展新质生产力"),
    ]
    assert [source.passage.id for source in judged.sources] == ["q-2024-03-05"]


def test_a_decimal_point_left_out_is_a_difference(shipped_index: Index) -> None:
    (judged,) = check("2025年我国研发投入强度达到28%", shipped_index)
    assert judged.verdict is Verdict.DIFFERENT
    assert [(one.typed, one.original) for one in judged.pieces if not one.is_kept] == [("", ".")]


def test_a_wrong_last_word_is_compared_with_the_last_word(shipped_index: Index) -> None:
    (judged,) = check("因地制宜加快发展新质生产率", shipped_index)
    assert (judged.pieces[-1].typed, judged.pieces[-1].original) == ("率", "力")


def test_what_is_not_there_is_absent(shipped_index: Index) -> None:
    (judged,) = check("量子烹饪学是一门古老的学问", shipped_index)
    assert judged == Judgement("量子烹饪学是一门古老的学问", Verdict.ABSENT)


def test_several_sentences_are_judged_one_by_one(shipped_index: Index) -> None:
    text = f"{SENTENCE}。面对新一轮科技革命和产业变革，我们必须紧抓机遇。今天天气真好啊！"
    assert [judged.verdict for judged in check(text, shipped_index)] == [
        Verdict.EXACT,
        Verdict.DIFFERENT,
        Verdict.ABSENT,
    ]


def test_neighbouring_sentences_of_one_place_are_judged_together(
    shipped: Corpus, shipped_index: Index
) -> None:
    quote = shipped.quote("q-2024-03-05")
    assert quote is not None
    judged = check(quote.text + "今天天气真好啊！", shipped_index)
    assert [one.verdict for one in judged] == [Verdict.EXACT, Verdict.ABSENT]
    assert judged[0].text == quote.text


def test_what_stands_in_our_digest_alone_says_so(shipped: Corpus, shipped_index: Index) -> None:
    reading = next(one for one in shipped.readings if len(one.section.digest) > 40)
    (judged,) = check(reading.section.digest[:40], shipped_index)
    assert judged.sources[0].is_digest


def test_a_quotation_is_named_before_an_article_that_cites_it(
    booklet: Corpus, booklet_index: Index
) -> None:
    both = [
        check(SENTENCE, booklet_index)[0].sources,
        check("加快形成新质生产力", booklet_index)[0].sources,
    ]
    for sources in both:
        kinds = [isinstance(source.passage, Quote) for source in sources]
        assert kinds == sorted(kinds, reverse=True)
    assert any(isinstance(source.passage, Reading) for source in both[1])


@pytest.mark.parametrize("text", ["", "　", "。。。", "创新", "新" * (MAX_CHARACTERS + 1)])
def test_too_little_or_too_much_is_refused_with_an_example(text: str, shipped_index: Index) -> None:
    with pytest.raises(QueryError, match="例如"):
        check(text, shipped_index)


@given(text=st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_text_at_all_breaks_it(text: str, shipped_index: Index) -> None:
    try:
        judged = check(text, shipped_index)
    except QueryError:
        return
    assert judged
    assert fold("".join(one.text for one in judged)) == fold(text)


def test_a_sentence_takes_less_than_fifty_milliseconds(
    booklet: Corpus, booklet_index: Index
) -> None:
    edited = booklet.quotes[7].text[:150].replace("发展", "發达")
    check(edited, booklet_index)
    started = process_time()
    check(edited, booklet_index)
    assert process_time() - started < 0.05


@shared_fixtures
@given(data=st.data())
def test_exactly_the_passages_that_contain_a_text_are_named_oldest_first(
    data: st.DataObject, booklet: Corpus, booklet_index: Index
) -> None:
    text = data.draw(st.sampled_from(texts(booklet)))
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 12))]
    found = booklet_index.containing(piece)
    holders = {one.id for one in booklet if fold(piece) and fold(piece) in fold(one.text)}
    assert [one.id for one in found if one.id not in holders] == []
    assert len(found) == len(holders)
    days = [one.said_on for one in found if isinstance(one, Quote)]
    assert days == sorted(days)
