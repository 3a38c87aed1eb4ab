"""The forms of attributions, sources and headings, one by one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.corpus.importing.headings import outline
from bot.corpus.importing.marks import (
    Attribution,
    part_of,
    part_run_in,
    read_attribution,
    read_origin,
    read_post,
)
from bot.corpus.importing.paragraphs import Paragraph
from bot.corpus.importing.report import Remarks
from bot.model import Doubt, PartialDate, Repair

DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    "line",
    [
        "——在渡口考察时强调（2024年3月5日）",
        "——在渡口考察时强调(2024年3月5日)",
        "--在渡口考察时强调（2024年3月5日)",
        "—在渡口考察时强调（2024 年 3 月 5 日）",
        "── 在渡口考察时强调（二〇二四年三月五日）",
        "— — 在渡口考察时强调（2024.3.5）",
        "——在渡口考察时强调（2024-03-05）。",
        "——在渡口考察时强调，2024年3月5日",
        "——2024年3月5日在渡口考察时强调",
        "（2024年3月5日在渡口考察时强调）",
        "（在渡口考察时强调，2024年3月5日）",
        "在渡口考察时强调（2024年3月5日）",
    ],
)
def test_an_attribution_is_understood_in_every_form(line: str) -> None:
    assert read_attribution(line) == Attribution("在渡口考察时强调", DAY)


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2024年3月5日至7日", date(2024, 3, 7)),
        ("2024年3月5日—7日", date(2024, 3, 7)),
        ("2024年3月5日至4月2日", date(2024, 4, 2)),
        ("2024年3月5日、6日", date(2024, 3, 6)),
        ("2024年3月5日-2025年1月1日", date(2025, 1, 1)),
    ],
)
def test_a_range_of_days_is_kept_with_its_last_day(written: str, until: date) -> None:
    assert read_attribution(f"——在渡口（{written}）") == Attribution("在渡口", DAY, until)


def test_a_month_alone_is_a_range_of_its_days() -> None:
    expected = Attribution("在渡口", date(2024, 3, 1), date(2024, 3, 31))
    assert read_attribution("——在渡口（2024年3月）") == expected


def test_a_document_stands_for_an_occasion() -> None:
    found = read_attribution("——《关于〈章程〉的说明》（2024年3月5日）")
    assert found == Attribution("《关于〈章程〉的说明》", DAY)


def test_an_impossible_date_is_told_as_written() -> None:
    found = read_attribution("——在渡口考察时强调（2023年2月30日）")
    assert found == Attribution("在渡口考察时强调", None, problem="2023年2月30日")


@pytest.mark.parametrize(
    "text",
    [
        "—20%的水平。②关键核心技术受制于人。",
        "桥连着两岸——也连着两代人（见附图）。",
        "2024年3月5日，渡口的木船靠了岸。",
        "（选自渡口网 2024年3月5日）",
        "（以下简称《章程》）",
        "目前已有一批成果（2023 年）",
    ],
)
def test_prose_is_no_attribution(text: str) -> None:
    assert read_attribution(text) is None


def test_an_attribution_at_the_end_of_its_quotation_is_parted() -> None:
    text = "桥是大家的。——在渡口考察时强调（2024年3月5日）"
    assert part_run_in(text) == ("桥是大家的。", "——在渡口考察时强调（2024年3月5日）")


@pytest.mark.parametrize(
    ("line", "source", "published"),
    [
        ("（选自渡口网 2026年2月12日）", "渡口网 2026年2月12日", PartialDate(2026, 2, 12)),
        (
            "（选自《乡土》杂志 2025 年第 11 期）",
            "《乡土》杂志 2025 年第 11 期",
            PartialDate(2025, 11),
        ),
        ("（选自《求是》2025年第8期）", "《求是》2025年第8期", PartialDate(2025, 4)),
        ("（选自《稻作》2025年第24期）", "《稻作》2025年第24期", PartialDate(2025, 12)),
        ("（选自《渡口学报》2026年第41卷）", "《渡口学报》2026年第41卷", PartialDate(2026)),
        ("来源：《渡口时报》2026-03-25", "《渡口时报》2026-03-25", PartialDate(2026, 3, 25)),
        (
            "(摘自《渡口时报》（2026年3月2日第9版）)",
            "《渡口时报》（2026年3月2日第9版）",
            PartialDate(2026, 3, 2),
        ),
        (
            "本文原载《渡口时报》2026年3月25日。",
            "《渡口时报》2026年3月25日",
            PartialDate(2026, 3, 25),
        ),
        ("（选自《渡口丛书》）", "《渡口丛书》", None),
    ],
)
def test_a_source_is_understood_in_every_form(
    line: str, source: str, published: PartialDate | None
) -> None:
    found = read_origin(line)
    assert found is not None
    assert (found.source, found.published) == (source, published)


@pytest.mark.parametrize(
    "line",
    [
        "（选自《乡土》2025年第11期，作者系渡口馆馆长、研究员）",
        "（选自《乡土》2025年第11期；作者为渡口馆馆长、研究员）",
        "（选自《乡土》2025年第11期，作者单位：渡口馆馆长、研究员）",
        "（选自《乡土》2025年第11期 作者周禾系渡口馆馆长、研究员）",
    ],
)
def test_the_post_is_read_from_the_source_line(line: str) -> None:
    found = read_origin(line)
    assert found is not None
    assert (found.source, found.post) == ("《乡土》2025年第11期", "渡口馆馆长、研究员")


def test_the_post_may_have_a_line_of_its_own() -> None:
    assert read_post("（作者系渡口馆馆长）") == "渡口馆馆长"


@pytest.mark.parametrize(
    "text",
    ["来源于群众的办法最管用。", "载入史册的一年", "据统计，2025年有41户。", "选自民间的故事"],
)
def test_prose_is_no_source(text: str) -> None:
    assert read_origin(text) is None


@pytest.mark.parametrize("text", ["【重要论述】", "[重要论述]", "重 要 论 述", "一、重要论述"])
def test_a_part_is_marked_in_every_form(text: str) -> None:
    assert part_of(text) == "重要论述"


# -------------------------------------------------------------------------- headings

PROSE = (
    "渡口的木船靠了岸，集市上摆满了新米，孩子们沿着田埂跑远，"
    "邻家的灯还亮着，远处传来打铁的声音，石桥下的水涨了。"
)


def article(*texts: str) -> list[Paragraph]:
    """Paragraphs; `#` before a text is a mark."""
    return [
        Paragraph(at, text.lstrip("# "), 0, level=len(text) - len(text.lstrip("#")))
        for at, text in enumerate(texts, 1)
    ]


def titles(*texts: str) -> list[tuple[str, int]]:
    return [(one.title, one.depth) for one in outline(article(*texts), Remarks())]


def test_levels_follow_the_numbers_whatever_the_marks() -> None:
    assert titles(
        "# 一、甲", PROSE, "# （一）乙", PROSE, "### （二）丙", PROSE, "## 二、丁", PROSE
    ) == [
        ("一、甲", 1),
        ("（一）乙", 2),
        ("（二）丙", 2),
        ("二、丁", 1),
    ]


def test_a_third_level_stays_a_paragraph() -> None:
    parts = outline(article("# 一、甲", "# （一）乙", "# 1. 丙", PROSE), Remarks())
    assert [one.text for one in parts[-1].paragraphs] == ["1. 丙", PROSE]


def test_a_lost_mark_is_recovered_where_the_number_follows_its_siblings() -> None:
    remarks = Remarks()
    found = outline(article("# （一）甲", PROSE, "（二）乙", PROSE, "# （三）丙", PROSE), remarks)
    assert [one.title for one in found] == ["（一）甲", "（二）乙", "（三）丙"]
    assert [one.kind for one in remarks.repairs] == [Repair.HEADING_RECOVERED]


def test_a_lost_mark_is_recovered_among_headings_without_numbers() -> None:
    assert titles("# 山那边的路", PROSE, "手艺的传承", PROSE, "# 灯下的讨论", PROSE) == [
        ("山那边的路", 1),
        ("手艺的传承", 1),
        ("灯下的讨论", 1),
    ]


def test_a_list_of_short_lines_is_no_row_of_headings() -> None:
    assert titles("# 一、甲", PROSE, "1. 木船", "2. 石桥", "3. 新米", PROSE) == [("一、甲", 1)]


def test_a_long_paragraph_with_a_number_is_no_heading() -> None:
    assert titles("# 一、甲", f"（1）木桥的年代。{PROSE}") == [("一、甲", 1)]


def test_a_marked_paragraph_of_prose_is_no_heading() -> None:
    assert titles("# 一、甲", f"## {PROSE}{PROSE}") == [("一、甲", 1)]


def test_lines_that_lead_on_are_no_headings() -> None:
    lead, question = "立足需求牵引，强化融合——", "要做哪些创新？如何创新？"
    assert titles("# （一）甲", lead, PROSE, question, PROSE) == [("（一）甲", 1)]


def test_a_number_that_is_left_out_is_doubted() -> None:
    remarks = Remarks()
    outline(article("# 一、甲", PROSE, "# 三、丙", PROSE), remarks)
    assert [one.kind for one in remarks.doubts] == [Doubt.NUMBERING]


def test_a_heading_with_nothing_below_it_is_doubted_and_kept_as_text() -> None:
    remarks = Remarks()
    found = outline(article("# 一、甲", PROSE, "# 二、乙"), remarks)
    assert found[-1].paragraphs[-1].text == "二、乙"
    assert Doubt.HEADING in {one.kind for one in remarks.doubts}
