"""The vocabulary of dates: every word the grammar knows, and what it means.

Here live tables only. Words are simplified, half width, as `line.fold` leaves them.
Where an everyday word contains one of ours, the table names the sign that betrays it.
"""

from __future__ import annotations

from enum import Enum, auto

from bot.search.dates.feasts import FEASTS, FEASTS_OF_A_YEAR
from bot.search.dates.line import Table, signs
from bot.search.dates.stretch import Bound

# --------------------------------------------------------------- borders of words

# A bare feast, weekday or day of the month counts only between borders or these.
BEFORE_A_DATE = (
    *(
        "在",
        "从",
        "自",
        "由",
        "于",
        "到",
        "至",
        "和",
        "与",
        "及",
        "或",
        "的",
        "是",
        "以",
        "查",
        "找",
    ),
    *("搜", "看", "查询", "搜索", "关于", "截至", "截止", "直到", "期间"),
)
AFTER_A_DATE = (
    *("的", "关于", "有关", "对", "就", "在", "和", "与", "及", "或", "到", "至", "以", "之", "前"),
    *("后", "起", "是", "期间", "当天", "当日", "那天", "这天", "论述", "论", "讲话", "重要", "谈"),
    *("发言", "指示", "文章", "说", "讲", "提", "里", "内", "间", "止", "为止", "截止", "开始"),
    *("有", "发表", "全部", "所有", "哪些", "什么", "习近平", "总书记", "出版", "发布", "刊发"),
)
# Signs that make the number before them a quantity.
QUANTITY_SIGNS = frozenset("%‰℃万亿个元余多倍公千百兆美吨米年家人次条件项篇则")
# Last signs of words that end a date only at a border: 2024年中 but not 2024年中国.
ONLY_AT_BORDERS = frozenset("中春夏秋冬")
# Terms that begin like a date.
TERMS = Table(
    signs(
        *("十月革命", "三月三", "五月花", "五四运动", "五四精神", "八一南昌起义", "一日千里"),
        *("一二九运动", "七七事变", "二月二", "双十一", "三八线", "三八红旗"),
    )
)

# ------------------------------------------------------------------------- units

YEAR = Table(signs("年度", "年份", "年"), unless_before={"年": "代级龄华轻夜货鉴"})
MONTH = Table(signs("月份", "月"))
DAY = Table(signs("日", "号"))
QUARTER = Table(signs("季度", "季"), unless_before={"季": "报节风刊"})
ORDINAL = Table(signs("第"))
LETTER_Q = Table(signs("Q", "q"))
FISCAL = Table(signs("度"))
OF = Table(signs("的"))
MEASURE = Table(signs("个"))
WEEK_WORD = Table(signs("周", "星期", "礼拜"))
CLOSING_BRACKET = Table(signs(")"))
OPENING_BRACKET = Table(signs("("))
QUOTE_MARK = Table(signs('"'))

# Last words of a month of ten-day parts: 上旬 is the 1st to the 10th.
THIRDS = Table(
    {
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, 99),
        "初": (1, 10),
        "中": (11, 20),
        "底": (21, 99),
        "末": (21, 99),
        "月初": (1, 10),
        "月中": (11, 20),
        "月底": (21, 99),
        "月末": (21, 99),
    },
    unless_before={
        "初": "步级始心中期衷创次高一二三",
        "月初": "步级始心",
        "底": "层线座气子盘部蕴色",
        "月底": "层线座",
        "末": "端日梢尾",
    },
)

# Parts of a year that are larger than a month, by their months.
HALVES = Table({"上半年": (1, 6), "下半年": (7, 12), "前半年": (1, 6), "后半年": (7, 12)})
YEAR_ENDS = Table(
    {"年初": (1, 2), "年中": (6, 7), "年底": (11, 12), "年末": (11, 12), "年尾": (11, 12)},
    unless_before={
        "年初": "步级始心中期衷创次高一二三",
        "年底": "层线座气子盘部",
        "年末": "端",
    },
)
SEASONS = Table(
    {"春季": (3, 5), "夏季": (6, 8), "秋季": (9, 11), "冬季": (12, 14)},
    unless_before=dict.fromkeys(("春季", "夏季", "秋季", "冬季"), "奥运"),
)
SEASONS_OF_A_YEAR = Table(
    {
        name + word: months
        for name, months in (("春", (3, 5)), ("夏", (6, 8)), ("秋", (9, 11)), ("冬", (12, 14)))
        for word in ("", "天", "季")
    },
    unless_before={name + "季": "奥运" for name in "春夏秋冬"},
)
# What means a part of a year only behind the year: 2024年初, 2024H1, 2024年夏天.
BEHIND_A_YEAR = Table(
    {
        **{"初": (1, 2), "中": (6, 7), "底": (11, 12), "末": (11, 12), "尾": (11, 12)},
        **{"H1": (1, 6), "H2": (7, 12), "h1": (1, 6), "h2": (7, 12)},
        **{"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)},
        **{"春天": (3, 5), "夏天": (6, 8), "秋天": (9, 11), "冬天": (12, 14)},
    },
    unless_before={
        "初": "步级始心中期衷创次高一二三",
        "底": "层线座气子盘部蕴色",
        "末": "端日梢尾",
        "尾": "部盘款",
    },
)
FIRST_OF = Table(signs("前", "头"))
LAST_OF = Table(signs("后", "最后"))

# ------------------------------------------------------------------ relative words

YEARS_FROM_NOW = Table(
    {
        "今年": 0,
        "本年": 0,
        "这一年": 0,
        "去年": -1,
        "上年": -1,
        "上一年": -1,
        "上个年": -1,
        "头年": -1,
        "前年": -2,
        "大前年": -3,
        "明年": 1,
        "下一年": 1,
        "后年": 2,
    },
    unless_before={
        "今年": "轻",
        "去年": "代",
        "上年": "纪",
        "本年": "代",
        "前年": "均",
        "后年": "均代",
        "这一年": "来",
    },
    unless_after={
        "今年": "如当",
        "去年": "过失逝死",
        "上年": "以",
        "本年": "基根样文资成版",
        "前年": "以之目年天月周日大多余提",
        "后年": "以之今最年天月周日",
        "明年": "文说表证声发光聪鲜清透",
        "下一年": "以",
        "上一年": "以",
    },
)
SHORT_YEARS = Table({"今": 0, "去": -1})  # 今春, 去冬
MONTHS_FROM_NOW = Table(
    {
        **dict.fromkeys(("本月", "这个月", "这月", "本月份", "这个月份"), 0),
        **dict.fromkeys(("上个月", "上月", "上一个月", "上月份", "上个月份"), -1),
        **dict.fromkeys(("上上个月", "上上月"), -2),
        **dict.fromkeys(("下个月", "下月", "下一个月", "下月份", "下个月份"), 1),
        **dict.fromkeys(("下下个月", "下下月"), 2),
    },
    unless_before={"上月": "球亮面", "本月": "球", "下月": "球"},
    unless_after={
        "本月": "基成样资",
        "上月": "登以",
        "下月": "以",
        "上个月": "以",
        "这个月": "",
    },
)
WEEKS_FROM_NOW = Table(
    {
        start + measure + week: offset
        for start, offset in (
            ("本", 0), ("这", 0), ("这一", 0), ("这个", 0),
            ("上", -1), ("上个", -1), ("上一", -1), ("上一个", -1),
            ("上上", -2), ("上上个", -2),
            ("下", 1), ("下个", 1), ("下一", 1), ("下一个", 1), ("下下", 2), ("下下个", 2),
        )
        for measure in ("",)
        for week in ("周", "星期", "礼拜")
    },
    unless_before=dict.fromkeys(
        ("本周", "这周", "上周", "下周", "上一周", "下一周"), "期边转围岁年"
    ),
    unless_after={"本周": "成资样基", "上周": "以海", "下周": "以", "上一周": "以"},
)  # fmt: skip
QUARTERS_FROM_NOW = Table(
    {
        **dict.fromkeys(("本季度", "这个季度", "这季度"), 0),
        **dict.fromkeys(("上个季度", "上季度", "上一季度", "上一个季度"), -1),
        **dict.fromkeys(("下个季度", "下季度", "下一季度"), 1),
    }
)
DAYS_FROM_NOW = Table(
    {
        **dict.fromkeys(("今天", "今日", "今早", "今晨", "今晚"), 0),
        **dict.fromkeys(("昨天", "昨日", "昨晚", "昨夜"), -1),
        **dict.fromkeys(("前天", "前日"), -2),
        "大前天": -3,
    },
    unless_before={"今日": "益渐", "前天": "文", "前日": "益渐本"},
    unless_after={
        "今日": "如当",
        "前天": "以之目年天月周日大",
        "前日": "以之目年天月周日当",
    },
)
# Everyday words too (创造美好明天, 先天后天): days only between borders.
DAYS_AHEAD = Table(
    {"明天": 1, "明日": 1, "后天": 2, "后日": 2, "大后天": 3},
)
THE_DAY_TODAY = Table(signs("今天", "今日", "这一天", "这天"))
WEEKDAYS = Table(
    {
        **{sign: (day, day) for day, sign in enumerate("一二三四五六日", start=1)},
        **{sign: (day, day) for day, sign in enumerate("123456", start=1)},
        "天": (7, 7),
        "末": (6, 7),
    }
)
YEARS_LATER = Table(
    {**dict.fromkeys(("次年", "翌年", "第二年", "转年"), 1), **dict.fromkeys(("同年", "当年"), 0)}
)
EVERY_YEAR = Table(signs("每年", "历年", "往年", "每逢", "逐年", "各年", "历史上", "历史上的每年"))
TODAY_IN_HISTORY = Table(
    signs(
        "历史上的今天", "历史上今天", "历史的今天", "历史今天", "历史上的今日", "历史上今日", "历史今日",
        "历史上的这一天", "历史上的这天", "历史上这一天", "那年今日", "那年今天", "往年今日", "往年今天",
        "历年今日", "历年今天", "每年今日", "每年今天", "每年的今天", "往年的今天", "历年的今天",
        "当年今日", "那年的今天", "那年的今日", "往年同日",
    )
)  # fmt: skip

# ----------------------------------------------------------------------- durations


_NOT_INSIDE = "部容外需蒙地陆循生卷涵存参政核阁在"  # 内蒙古, 内需


class Unit(Enum):
    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


UNITS = Table(
    {
        "天": (Unit.DAY, 1),
        "日": (Unit.DAY, 1),
        "周": (Unit.WEEK, 7),
        "星期": (Unit.WEEK, 7),
        "个星期": (Unit.WEEK, 7),
        "礼拜": (Unit.WEEK, 7),
        "个礼拜": (Unit.WEEK, 7),
        "个周": (Unit.WEEK, 7),
        "月": (Unit.MONTH, 1),
        "个月": (Unit.MONTH, 1),
        "季度": (Unit.MONTH, 3),
        "个季度": (Unit.MONTH, 3),
        "年": (Unit.YEAR, 12),
    },
    unless_before={
        "年": "级代龄多均度",
        "周": "期年岁边围",
        "天": "然空文气",
        "日": "本元均",
        "月": "球份",
        "个月": "多",
    },
)
HALVED_UNITS = Table(
    {"年": (Unit.MONTH, 6), "个月": (Unit.DAY, 15), "月": (Unit.DAY, 15)},
)
# Behind 24年 these make it a duration.
HOW_LONG = Table(signs("前", "后", "内", "间", "里", "之", "以前", "以后", "以内"))
HALF = Table(signs("半"))
SEVERAL = Table({"几": 3, "数": 3, "两三": 3})
RECENTLY = Table(
    signs("最近", "近", "过去", "这", "最近这", "过去这", "近来", "以往"),
    unless_after={"近": "接将附靠临逼贴亲远相邻就新最"},
)
WITHIN = Table(
    signs("以内", "之内", "内", "来", "以来"), unless_before={"内": _NOT_INSIDE, "来": "自"}
)
INSIDE = Table(
    signs("以来", "来", "以内", "之内", "内", "里", "间", "期间", "之间", "当中"),
    unless_before={"来": "自源临看说到", "内": _NOT_INSIDE, "里": "程", "间": "接隔"},
)
AGO = Table(signs("前"), unless_before={"前": "沿后期夕景途往进瞻列提线端置述任"})
BEFORE_THEN = Table(signs("以前", "之前"))

# -------------------------------------------------------------------- eras

CENTURY = Table(signs("世纪"))
CENTURIES_FROM_NOW = Table({"上世纪": -1, "上个世纪": -1, "本世纪": 0, "这个世纪": 0})
DECADE = Table(signs("年代"))
DECADE_PARTS = Table(
    {
        **dict.fromkeys(("初期", "初", "前期"), (0, 2)),
        **dict.fromkeys(("中期", "中叶"), (3, 6)),
        **dict.fromkeys(("末期", "末", "后期"), (7, 9)),
    },
    unless_before={"初": "步级始心"},
)
# The five-year plans by name: 十三五 is the 13th, 2016-2020; their first years.
PLANS = Table(
    {
        **{sign + "五": first for sign, first in zip("一二三四", (1953, 1958, 1966, 1971), strict=True)},
        **{sign + "五": 1976 + 5 * place for place, sign in enumerate("五六七八九")},
        "十五": 2001,
        **{"十" + sign + "五": 2006 + 5 * place for place, sign in enumerate("一二三四五六七八")},
    }
)  # fmt: skip
FIVE_YEAR_PLAN = Table(signs("个五年规划", "个五年计划", "个五年"))
PLAN_WORD = Table(signs("规划", "计划"))
PLAN_TIME = Table(signs("时期", "期间"))

# ---------------------------------------------------------------- connecting phrases

TO = Table(
    signs(
        "到", "至", "-", "--", "---", "~", "~~", "——", "直到", "一直到", "起至", "起到", "开始到", "开始至",
        "→",
    )
)  # fmt: skip
TO_NUMBER = Table(signs("到", "至", "-", "--", "~"))
AND = Table(signs("和", "与", "及", "、", "以及", "或", "或者", "跟", ","))
AND_NUMBER = Table(signs("、", "和", "与", "及", ","))
BETWEEN_AND = Table(signs("和", "与", "跟"))
BETWEEN = Table(signs("之间", "期间", "间"))
FROM = Table(signs("从", "自", "自从", "由", "打从", "打", "介于", "在"))
UP_TO = Table(signs("到", "至", "直到"))
CLOSING = Table(
    signs(
        "为止", "止", "之间", "期间", "这段时间", "这段时间内", "的这段时间", "这一时期", "间", "之内", "以内",
        "内", "这期间", "年间",
    ),
    unless_before={"间": "接隔", "内": _NOT_INSIDE, "止": "步境"},
)  # fmt: skip
DURING = Table(
    signs(
        "期间", "时期", "全年", "一整年", "整年", "全月", "整月", "当天", "当日", "那天", "这天", "这一天",
        "那一天", "当月", "当年", "内", "这一年", "那年", "那一年", "年内", "以内", "之内", "一年", "间",
    ),
    unless_before={"内": _NOT_INSIDE, "间": "接隔", "年内": "部容", "一年": "级来"},
)  # fmt: skip
HOLIDAYS = Table(signs("假期", "长假", "小长假", "黄金周", "期间", "放假期间", "假期期间"))
# What follows a date and opens it to one side.
SUFFIXES = Table(
    {
        **dict.fromkeys(
            (
                "以来", "至今", "迄今", "到现在", "到目前", "到如今", "至现在", "至目前", "起至今", "开始至今",
                "以来至今", "直到现在", "直到今天", "起到现在", "迄今为止", "至今为止", "到现在为止",
                "到目前为止", "到当前", "来",
            ),
            Bound.SINCE,
        ),
        **dict.fromkeys(
            ("起", "开始", "及以后", "及之后", "及其后", "以后起", "往后", "(含)以后", "(含)之后"),
            Bound.FROM,
        ),
        **dict.fromkeys(("之后", "以后", "后"), Bound.AFTER),
        **dict.fromkeys(("之前", "以前", "前"), Bound.BEFORE),
        **dict.fromkeys(
            ("为止", "截止", "截至", "止", "及以前", "及之前", "及其前", "(含)以前", "(含)之前"),
            Bound.UNTIL,
        ),
    },
    unless_before={
        "前": "沿后期夕景途往进瞻列提线端置述任几三两一二四五六十0123456789半所面者车缘言例提赴",
        "后": "期续面台勤果代者方端天世备疫半前卫人来0123456789三两",
        "起": "草步来点源码伏义诉飞家重因到于用初诉见居",
        "来": "自源临看说到华访宾电信年",
        "止": "步境损",
        "开始": "曲",
    },
)  # fmt: skip
# What leads a date and opens it to one side.
PREFIXES = Table(
    {
        **dict.fromkeys(
            ("截至", "截止", "截止到", "截至到", "截止至", "不晚于", "直到", "一直到", "迟至"), Bound.UNTIL
        ),
        "早于": Bound.BEFORE,
        "先于": Bound.BEFORE,
        "晚于": Bound.AFTER,
        "不早于": Bound.FROM,
    }
)  # fmt: skip

FEAST = Table(FEASTS)
FEAST_OF_A_YEAR = Table(FEASTS_OF_A_YEAR)
