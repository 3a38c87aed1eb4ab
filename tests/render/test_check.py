"""What a check says, and how a comparison is marked."""

from __future__ import annotations

from bot.model import Corpus, Judgement, Piece, Source, Verdict
from bot.render import check
from tests.render.conftest import seen


def test_a_comparison_shows_both_wordings_and_escapes_them() -> None:
    pieces = [
        Piece("甲<", "甲<", is_kept=True),
        Piece("<乙>", "丙&", is_kept=False),
        Piece("", "丁", is_kept=False),
        Piece("戊", "", is_kept=False),
    ]
    assert check.comparison(pieces) == "甲&lt;<s>&lt;乙&gt;</s><u>丙&amp;</u><u>丁</u><s>戊</s>"


def test_a_digest_is_never_passed_off_as_the_article(corpus: Corpus) -> None:
    reading = corpus.readings[3]
    pieces = (Piece("错", "对", is_kept=False),)
    judged = Judgement("错", Verdict.DIFFERENT, (Source(reading, is_digest=True),), pieces=pieces)
    assert "不是文章原文" in seen(check.answer([judged], {}).text)


def test_absence_is_said_of_this_corpus_alone() -> None:
    text = seen(check.answer([Judgement("不存在的话", Verdict.ABSENT)], {}).text)
    assert "只说明本资料库里没有" in text
    assert "没有说过" not in text


def test_other_places_of_the_same_sentence_are_counted(corpus: Corpus) -> None:
    quote, *_ = corpus.quotes
    sources = (Source(quote), Source(corpus.readings[0]), Source(corpus.readings[1]))
    judged = Judgement("话", Verdict.DIFFERENT, sources, pieces=(Piece("话", "话", is_kept=True),))
    assert "另有 2 处" in seen(check.answer([judged], {}).text)
