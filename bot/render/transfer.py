"""`/export` and `/import`: a group's data as a file, and what was taken from one.

Here live the words. The file is `study.archive`.
"""

from __future__ import annotations

from bot.model import Answer, Archive, Taken
from bot.render.html import escape, one_line

FILE_NAME = "studybot-export.json"
NO_FILE = "没有看到文件。请回复 /export 导出的那个文件发 /import，或者发文件时在说明里写 /import"


def exported(archive: Archive) -> Answer:
    """What stands under the file."""
    return Answer(
        f"📦 本群的数据：提醒 {len(archive.reminders)} 个，名册 {len(archive.members)} 人，"
        f"学习记录 {len(archive.sessions)} 次。\n"
        "要搬到另一个机器人：在那边的群里发这个文件，说明里写 /import。\n"
        "里面有大家的名字和考勤，请不要外传。"
    )


def imported(archive: Archive, taken: Taken) -> Answer:
    """What was new."""
    parts = [
        f"每日推送 {'已设好' if taken.subscription else '保持不变'}",
        f"提醒 {taken.reminders} 个",
        f"名册 {taken.members} 人",
        f"学习记录 {taken.sessions} 次",
        f"考勤 {taken.attendances} 条",
    ]
    lines = [f"✅ 已导入“{escape(one_line(archive.title, 40))}”的数据，新增：", "、".join(parts)]
    lines += ["", "原来就有的没有改动。提醒列表：/reminders"]
    return Answer("\n".join(lines))


def refused(sentence: str) -> Answer:
    """A file that cannot be taken in, or none."""
    return Answer(f"🤔 {escape(sentence)}")
