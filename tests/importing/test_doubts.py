"""What an import doubts, aloud and with line numbers; and what it does about it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.corpus.importing.compilation import Draft, draft
from bot.corpus.importing.doubts import unpaired
from bot.corpus.importing.plain import read_text
from bot.model import Compilation, Corpus, Doubt, PartialDate, Quote, Remark, Repair

NOTHING = Corpus((), "")
PROSE = (
    "渡口的木船靠了岸，集市上摆满了新米，孩子们沿着田埂跑远，邻家的灯还亮着，远处传来打铁的声音。"
)
BOOKLET = f"""# 学习关于渡口建设的重要论述

【重要论述】

关于渡口建设的重要论述 2 则……（1）

【学习参考】

稻田里的学问……周禾（9）

渡口镇编印组

2026 年 5 月

---

## 【重要论述】

# 关于渡口建设的重要论述 2 则

桥是大家的，路也是大家的。

——在渡口考察时强调（2025年3月8日）

要把路修好，让年轻人愿意留下来。

——在乡邻会上的讲话（2025年6月1日）

---

## 【学习参考】

# 稻田里的学问

周禾

{PROSE}

（选自渡口网 2026年4月20日）
"""


def drafted(*changes: tuple[str, str], known: Corpus = NOTHING) -> Draft:
    text = BOOKLET
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return draft(read_text(text), known)


def doubts(*changes: tuple[str, str], known: Corpus = NOTHING) -> list[tuple[Doubt, int]]:
    found = drafted(*changes, known=known).report.doubts
    return [(one.kind, one.line) for one in found if isinstance(one.kind, Doubt)]


def test_the_booklet_of_these_tests_leaves_no_doubt() -> None:
    assert drafted().report.doubts == ()


def test_fewer_quotations_than_the_title_promises_are_doubted() -> None:
    assert doubts(("# 关于渡口建设的重要论述 2 则", "# 关于渡口建设的重要论述 3 则")) == [
        (Doubt.QUOTE_COUNT, 19)
    ]


def test_an_article_of_the_contents_page_that_is_missing_is_doubted() -> None:
    kinds = [kind for kind, _ in doubts(("稻田里的学问……周禾（9）", "稻田的学问……周禾（9）"))]
    assert kinds == [Doubt.CONTENTS]


def test_an_author_other_than_on_the_contents_page_is_doubted() -> None:
    assert (Doubt.CONTENTS, 33) in doubts(("……周禾（9）", "……苏青（9）"))


@pytest.mark.parametrize("opened", ["“大家的", "（大家的", "《大家的"])
def test_a_mark_that_is_never_closed_is_doubted(opened: str) -> None:
    assert doubts(("桥是大家的", f"桥是{opened}")) == [(Doubt.UNCLOSED, 21)]


def test_a_quotation_of_paragraphs_may_open_each_and_close_the_last() -> None:
    opened = ("桥是大家的，路也是大家的。", "“桥是大家的。\n\n“路也是大家的。”")
    assert doubts(opened) == []


def test_full_and_half_width_brackets_pair() -> None:
    assert unpaired("（见附图)和(见附表）") == ""


def test_a_paragraph_without_an_end_is_doubted() -> None:
    assert doubts(("打铁的声音。", "打铁的声音")) == [(Doubt.UNFINISHED, 37)]


def test_an_impossible_date_is_doubted_and_the_quotation_left_out() -> None:
    made = drafted(("2025年6月1日", "2025年6月31日"))
    assert Doubt.DATE_IMPOSSIBLE in {one.kind for one in made.report.doubts}
    assert [one.said_on for one in made.compilation.quotes] == [date(2025, 3, 8)]


def test_a_date_after_the_month_of_issue_is_doubted() -> None:
    assert (Doubt.DATE_AFTER_ISSUE, 27) in doubts(("2025年6月1日", "2026年6月1日"))


def test_an_article_later_than_the_booklet_is_doubted_and_dated_as_the_booklet() -> None:
    made = drafted(("2026年4月20日", "2026年6月20日"))
    assert [one.kind for one in made.report.doubts] == [Doubt.DATE_AFTER_ISSUE]
    assert made.compilation.articles[0].published == PartialDate(2026, 5)


def test_a_month_without_a_day_is_doubted() -> None:
    assert doubts(("2025年6月1日", "2025年6月")) == [(Doubt.DATE_MISSING, 27)]


def test_text_without_an_attribution_is_doubted_and_left_out() -> None:
    made = drafted(("——在乡邻会上的讲话（2025年6月1日）\n", ""))
    assert Doubt.NO_ATTRIBUTION in {one.kind for one in made.report.doubts}
    assert len(made.compilation.quotes) == 1


def test_an_article_without_a_source_is_doubted() -> None:
    assert (Doubt.NO_SOURCE, 33) in doubts(("（选自渡口网 2026年4月20日）", ""))


def test_a_cover_without_its_month_is_doubted() -> None:
    assert Doubt.COVER in {kind for kind, _ in doubts(("2026 年 5 月\n", ""))}


def test_repeated_characters_that_may_be_meant_are_kept_and_doubted() -> None:
    made = drafted(
        ("桥是大家的，路也是大家的。", "我们要修桥，要靠乡亲们一步\n\n---\n\n一步把路走出来。")
    )
    assert [one.kind for one in made.report.doubts] == [Doubt.REPETITION]
    assert made.compilation.quotes[0].text == "我们要修桥，要靠乡亲们一步一步把路走出来。"


def test_a_page_that_ends_in_a_semicolon_is_healed_and_doubted() -> None:
    made = drafted(
        ("桥是大家的，路也是大家的。", "桥是大家的，路也是大家的；\n\n---\n\n心也是大家的。")
    )
    assert [one.kind for one in made.report.doubts] == [Doubt.PAGE_BREAK]


# ------------------------------------------------------------------ other compilations


def other(text: str, said_on: date = date(2025, 3, 8)) -> Corpus:
    quote = Quote(f"q-{said_on}", "2026-04-x", said_on, "在渡口考察时强调", text)
    one = Compilation("2026-04-x", "旧", "旧", PartialDate(2026, 4), "旧", (), (quote,), ())
    return Corpus((one,), "")


def test_a_near_duplicate_is_doubted_with_its_differences() -> None:
    found = drafted(known=other("桥是大家的，路更是大家的。")).report.doubts
    assert [(one.kind, one.line) for one in found] == [(Doubt.NEAR_DUPLICATE, 21)]
    assert "「更」 there, 「也」 here" in found[0].text


def test_a_quotation_word_for_word_in_another_compilation_is_counted() -> None:
    made = drafted(known=other("桥是大家的，路也是大家的。"))
    assert (made.report.counts.repeated_quotes, made.report.doubts) == (1, ())


def test_an_id_that_another_compilation_has_is_not_given_again() -> None:
    made = drafted(known=other("完全是别的话，与这里没有一点关系。"))
    assert [one.id for one in made.compilation.quotes] == ["q-2025-03-08-2", "q-2025-06-01"]


def before(quotes: tuple[Quote, ...]) -> Corpus:
    one = Compilation(
        "2026-05-bridges",
        "学习关于渡口建设的重要论述",
        "渡口镇编印组",
        PartialDate(2026, 5),
        "桥",
        ("修桥",),
        quotes,
        (),
    )
    return Corpus((one,), "")


def test_a_corrected_quotation_keeps_its_id_and_topics() -> None:
    old = Quote(
        "q-2025-03-08-2",
        "2026-05-bridges",
        date(2025, 3, 8),
        "在渡口",
        "桥是大家的，路是大家的。",
        ("大家的",),
    )
    first = drafted(known=before((old,))).compilation.quotes[0]
    assert (first.id, first.topics) == ("q-2025-03-08-2", ("大家的",))
    assert first.text == "桥是大家的，路也是大家的。"


def test_the_id_theme_and_topics_of_the_version_before_are_kept() -> None:
    one = drafted(known=before(())).compilation
    assert (one.id, one.theme, one.topics) == ("2026-05-bridges", "桥", ("修桥",))


def test_an_id_of_a_quotation_that_is_gone_is_not_given_again() -> None:
    gone = Quote("q-2025-03-08", "2026-05-bridges", date(2025, 3, 8), "在渡口", "别的话。" * 9)
    assert drafted(known=before((gone,))).compilation.quotes[0].id == "q-2025-03-08-2"


def test_every_remark_names_its_line_and_what_it_is() -> None:
    made = drafted(("桥是大家的", "桥是“大家的"))
    assert [str(one) for one in made.report.doubts] == [
        "21: “ without its pair in 「桥是“大家的，路也是大家的。」"
    ]
    assert made.report.record()["doubts"] == [
        {
            "kind": "unclosed",
            "line": 21,
            "text": "“ without its pair in 「桥是“大家的，路也是大家的。」",
        }
    ]
    assert Remark(Repair.DECODED, 0, "read as GB18030").line == 0
