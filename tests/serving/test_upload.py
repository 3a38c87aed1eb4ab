"""The owner's next booklet, sent in chat: read, shown, enabled, undone; and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.staging import Limits, Staging
from bot.errors import StudybotError
from bot.local.world import LocalMessage
from tests.pressing import labels
from tests.serving import hostile
from tests.serving.conftest import SHIPPED, Serving, settings_of

NAME = "深入学习关于数字中国的重要论述"


def booklet(*, sentence: str = "用好数据这个新的要素，让企业和群众都得到实惠。") -> bytes:
    """A small booklet as recognition writes it: cover, two quotations, an article."""
    return f"""# {NAME}

学习小组编

2026年5月

# 深入学习关于数字中国的重要论述（2则）

{sentence}

——在一次座谈会上的讲话（2026年5月6日）

数字中国建设要惠及百姓，让老人孩子都用得上、用得好。

——在浙江考察时的讲话（2025年11月3日）

# 数字中国怎么建

王 芳

数字中国是一项大工程，先要打好底座。

## 一、打好底座

网络要通，算力要足，数据要活。{"这一段讲底座的来龙去脉，讲得很细也很长。" * 30}

## 二、惠及百姓

办事要少跑腿，看病要少排队。

（选自《红旗文稿》2026年第8期，作者系某大学教授）
""".encode()


async def send(serving: Serving, name: str, content: bytes, **who: object) -> list[LocalMessage]:
    """The owner sends a file in private (or `by` does); what comes back."""
    by = who.get("by") or serving.owner
    chat = serving.telegram.private(by)  # type: ignore[arg-type]
    before = len(serving.telegram.sent(chat))
    serving.telegram.send_file(chat, by, name, content)  # type: ignore[arg-type]
    await serving.settle()
    return serving.telegram.sent(chat)[before:]


async def sent(serving: Serving, name: str, content: bytes) -> LocalMessage:
    """Like `send`, where exactly one message must come back."""
    (only,) = await send(serving, name, content)
    return only


def left_behind(serving: Serving) -> list[Path]:
    home = serving.files.data / "uploads"
    return sorted(home.iterdir()) if home.is_dir() else []


async def test_a_booklet_is_read_and_shown_before_anything_changes(serving: Serving) -> None:
    before = serving.corpus
    shown = await sent(serving, "五月.md", booklet())
    assert shown.text.startswith(f"📥 读好了：《{NAME}》")
    assert "论述 2 条，文章 1 篇" in shown.text
    assert "用好数据这个新的要素" in shown.text
    assert "——在一次座谈会上的讲话（2026年5月6日）" in shown.text
    assert "《数字中国怎么建》王芳" in shown.text
    assert "　一、打好底座" in shown.text
    assert labels(shown) == ["✅ 启用", "放弃"]
    assert serving.corpus is before


async def test_enabled_it_is_served_at_once_with_its_originals(serving: Serving) -> None:
    shown = await sent(serving, "五月.md", booklet())
    await serving.press(shown, "✅ 启用")
    assert "✅ 资料已更新" in shown.text
    assert f"新增《{NAME}》：论述 2 条，文章 1 篇" in shown.text
    assert labels(shown) == ["↩️ 回滚"]
    assert "q-2026-05-06" in (await serving.answer("用好数据这个新的要素")).text
    page = await serving.answer("办事要少跑腿")
    assert "· 原文" in page.text
    assert left_behind(serving) == []


async def test_rolled_back_everything_is_as_it_was(serving: Serving) -> None:
    before = serving.corpus.fingerprint
    shown = await sent(serving, "五月.md", booklet())
    await serving.press(shown, "✅ 启用")
    await serving.press(shown, "↩️ 回滚")
    assert "已回滚" in shown.text
    assert labels(shown) == []
    assert serving.corpus.fingerprint == before


async def test_a_corrected_booklet_keeps_its_ids_and_goes_back_to_the_one_before(
    serving: Serving,
) -> None:
    first = await sent(serving, "五月.md", booklet())
    await serving.press(first, "✅ 启用")
    corrected = "用好数据这个新的要素，让企业和老百姓都得到实惠。"
    second = await sent(serving, "五月（改）.md", booklet(sentence=corrected))
    assert "更新现有的这份汇编" in second.text
    await serving.press(second, "✅ 启用")
    assert "论述改 1（q-2026-05-06）" in second.text
    quote = serving.corpus.quote("q-2026-05-06")
    assert quote is not None
    assert quote.text == corrected
    (refused,) = await serving.press(first, "↩️ 回滚")
    assert "已经不是那一版" in refused.text
    await serving.press(second, "↩️ 回滚")
    quote = serving.corpus.quote("q-2026-05-06")
    assert quote is not None
    assert "群众" in quote.text


async def test_the_printed_booklet_brings_its_originals_and_keeps_every_id(
    serving: Serving, shared: Path
) -> None:
    ids = [one.id for one in serving.corpus]
    content = (shared / "data" / "compilation-2026-04.md").read_bytes()
    shown = await sent(serving, "compilation-2026-04.md", content)
    assert "论述 30 条，文章 6 篇" in shown.text
    assert f"编号 {SHIPPED}" in shown.text
    await serving.press(shown, "✅ 启用")
    assert [one.id for one in serving.corpus] == ids
    for one in serving.corpus.readings:
        # A section whose text is wholly in its sub-sections has none of its own.
        assert one.is_original or any(each.startswith(f"{one.id}.") for each in ids), one.id
        assert one.section.digest
    await serving.press(shown, "↩️ 回滚")
    assert not any(one.is_original for one in serving.corpus.readings)


async def test_given_up_nothing_changes_and_nothing_is_left(serving: Serving) -> None:
    before = serving.corpus
    shown = await sent(serving, "五月.md", booklet())
    assert len(left_behind(serving)) == 1
    await serving.press(shown, "放弃")
    assert "已放弃" in shown.text
    assert labels(shown) == []
    assert left_behind(serving) == []
    assert serving.corpus is before


async def test_a_decision_is_taken_once(serving: Serving) -> None:
    shown = await sent(serving, "五月.md", booklet())
    chat, data = shown.chat, str(shown.buttons[0]["callback_data"])
    serving.telegram.press(chat, shown.id, data, serving.owner)
    serving.telegram.press(chat, shown.id, data, serving.owner)
    await serving.settle()
    assert "已经启用或放弃了" in serving.telegram.sent(chat)[-1].text
    assert len(serving.corpus.quotes) == 32


async def test_what_waits_is_four_uploads_at_most(serving: Serving) -> None:
    for number in range(5):
        await sent(serving, "五月.md", booklet(sentence=f"第{number}稿，用好数据这个新的要素。"))
    assert len(left_behind(serving)) == 4


async def test_others_are_told_politely_and_their_file_is_not_fetched(serving: Serving) -> None:
    (told,) = await send(serving, "五月.md", booklet(), by=serving.reader)
    assert "维护这个机器人的人" in told.text
    assert serving.telegram.calls_of("getFile") == []


# ----------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("name", ["五月.exe", "五月.doc", "五月", "五月.md.zip"])
async def test_other_kinds_of_files_are_named_and_not_fetched(serving: Serving, name: str) -> None:
    told = await sent(serving, name, booklet())
    assert "请发 .md、.txt、.docx、.pdf 文件" in told.text
    assert serving.telegram.calls_of("getFile") == []


async def test_two_hundred_megabytes_of_one_line_are_refused_by_their_size(
    serving: Serving,
) -> None:
    told = await sent(serving, "一行.txt", hostile.one_line(200))
    assert "200 MB，太大了：在这里最多 10 MB" in told.text
    assert serving.telegram.calls_of("getFile") == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.txt", b" \n", "是空的"),
        ("坏.docx", b"PK\x03\x04" + b"\x00" * 500, "已经损坏"),
        ("坏.pdf", b"%PDF-1.7\nnothing of a PDF", "已经损坏"),
        ("图.md", b"\x89PNG\r\n\x1a\n" + b"\x00\xff" * 500, "不是文字"),
        ("炸弹.docx", hostile.zip_bomb(400), "展开以后太大"),
        ("段落.docx", hostile.empty_paragraphs(30_000_000), ""),
        ("实体.docx", hostile.billion_laughs(), ""),
        ("一行.txt", hostile.one_line(9), ""),
        ("嵌套.md", hostile.nested_yaml(100_000), ""),
        ("锚点.txt", hostile.yaml_laughs(), ""),
        ("循环.pdf", hostile.looping_pdf(), ""),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
async def test_a_hostile_file_costs_one_sentence(
    serving: Serving, name: str, content: bytes, said: str
) -> None:
    before = serving.corpus
    told = await sent(serving, name, content)
    assert told.text.startswith("🤔 这份文件")
    assert said in told.text
    assert "\n" not in told.text
    assert labels(told) == []
    assert left_behind(serving) == []
    assert serving.corpus is before
    assert "q-2024-03-05" in (await serving.answer("2024年3月5日")).text


async def test_a_reading_that_takes_too_long_is_cut_off(serving: Serving) -> None:
    settings = settings_of(serving.files, serving.owner.id)
    staging = Staging(settings, serving.studybot.reloading.reload, Limits(seconds=0.2))
    with pytest.raises(StudybotError, match="还没有读完"):
        await staging.stage(".md", booklet())
    assert left_behind(serving) == []


async def test_a_reading_that_takes_too_much_memory_is_cut_off(serving: Serving) -> None:
    settings = settings_of(serving.files, serving.owner.id)
    limits = Limits(memory_bytes=200 * 2**20)
    staging = Staging(settings, serving.studybot.reloading.reload, limits)
    with pytest.raises(StudybotError, match="太大"):
        await staging.stage(".txt", hostile.one_line(9) + booklet())
    assert left_behind(serving) == []
