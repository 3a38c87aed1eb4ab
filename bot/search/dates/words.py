"""The vocabulary of dates: every word the grammar knows, and what it means.

Here live tables only. Words are simplified, half width, as `line.fold` leaves them.
Where an everyday word contains one of ours, the table names the sign that betrays it.
"""

from __future__ import annotations

from enum import Enum, auto

from bot.search.dates.feasts import FEASTS, FEASTS_OF_A_YEAR
from bot.search.dates.line import Table, each, signs
from bot.search.dates.stretch import LAST_DAY, Bound

# --------------------------------------------------------------- borders of words

# A bare feast, weekday or day of the month counts only between borders or these.
BEFORE_A_DATE = tuple(
    signs(
        "在 从 自 由 于 到 至 和 与 及 或 的 是 以 查 找 搜 看 查询 搜索 关于 截至 截止 直到 期间"
    )
)
AFTER_A_DATE = tuple(
    signs(
        "的 关于 有关 对 就 在 和 与 及 或 到 至 以 之前 之后 之间 之内 前 后 起 是 期间 当天 当日"
        " 那天 这天 论述 论 讲话 重要 谈 发言 指示 文章 说 讲 提 里 内 间 止 为止 截止 开始 有 发表"
        " 全部 所有 哪些 什么 习近平 总书记 出版 发布 刊发"
    )
)
# Signs that make the number before them a quantity.
QUANTITY_SIGNS = frozenset("%‰℃万亿个元余多倍公千百兆美吨米年家人次条件项篇则版款届")
# Words that begin with such a sign and make none: 2024.3人工智能 is March.
NO_QUANTITY = Table(
    signs(
        "人工 人民 人才 人口 人类 人文 人大 人权 人与 人生 人心 人物 人形 家庭 家国 家风 家教 家乡"
        " 美国 美丽 美好 美育 美术 元首 元旦 元宵 年轻 条例 项目 版权 多边 多元 多党 百年 百姓 公平"
        " 公共 公正 公园 公司 公民 公益 公安 公有 公仆 公约 公式 个人 个体 个性 万物 千年 届时"
    )
)
# Last signs of words that end a date only at a border: 2024年中 but not 2024年中国.
ONLY_AT_BORDERS = frozenset("中春夏秋冬")
# Terms that begin like a date.
TERMS = Table(
    signs(
        "十月革命 三月三 五月花 五四运动 五四精神 八一南昌起义 一日千里 一二九运动 七七事变 二月二"
        " 双十一 三八线 三八红旗"
    ),
    unless_before=each("三月三 二月二", "十日号"),  # 三月三十一日 is a day
)
_NOT_BEGINNING = "步级始心中期衷创次高一二三"  # 初步, 初级
_NOT_BOTTOM = "层线座气子盘部蕴色"  # 底层, 底线
_NOT_INSIDE = "部容外需蒙地陆循生卷涵存参政核阁在"  # 内蒙古, 内需
_NOT_BETWEEN = "接隔谍"  # 间接

# ------------------------------------------------------------------------- units

YEAR = Table(signs("年度 年份 年"), unless_before={"年": "代级龄华轻夜货鉴"})
MONTH = Table(signs("月份 月"))
MONTH_NAMES = Table(each("元月 元月份", 1))
DAY = Table(signs("日 号"))
QUARTER = Table(signs("季度 个季度 季"), unless_before={"季": "报节风刊"})
ORDINAL = Table(signs("第"))
LETTER_Q = Table(signs("Q q"))
FISCAL = Table(signs("度"))
OF = Table(signs("的"))
WEEK_WORD = Table(signs("周 星期 礼拜"))
OPENING_BRACKET = Table(signs("("))
CLOSING_BRACKET = Table(signs(")"))
QUOTE_MARK = Table(signs('"'))

# ---------------------------------------------------- parts of a month, of a year

# 月初 and 月底 are the first and the last third of the month.
THIRDS = Table(
    {
        **each("上旬 初 月初", (1, 10)),
        **each("中旬 中 月中", (11, 20)),
        **each("下旬 底 末 月底 月末", (21, LAST_DAY)),
        "上中旬": (1, 20),
        "中下旬": (11, LAST_DAY),
        **each("上半月 前半月", (1, 15)),
        **each("下半月 后半月", (16, LAST_DAY)),
    },
    unless_before={
        **each("初 月初", _NOT_BEGINNING),
        **each("底 月底", _NOT_BOTTOM),
        **each("末 月末", "端日梢尾"),
    },
)
# Larger parts of a year, by their months. Seasons are the meteorological ones.
_HALVES = {**each("上半年 前半年", (1, 6)), **each("下半年 后半年", (7, 12))}
_YEAR_ENDS = {
    **each("年初 开年", (1, 2)),
    **each("年中", (6, 7)),
    **each("年底 年末 年尾 岁末", (11, 12)),
}
_NOT_YEAR_ENDS = {"年初": _NOT_BEGINNING, "年底": _NOT_BOTTOM, "年末": "端日", "年尾": "部"}
HALVES = Table(_HALVES)
YEAR_ENDS = Table(_YEAR_ENDS, unless_before=_NOT_YEAR_ENDS)
_SPRING, _SUMMER, _AUTUMN, _WINTER = (3, 5), (6, 8), (9, 11), (12, 14)
_NOT_SEASONS = each("春季 夏季 秋季 冬季", "奥运")
SEASONS = Table(
    {"春季": _SPRING, "夏季": _SUMMER, "秋季": _AUTUMN, "冬季": _WINTER},
    unless_before=_NOT_SEASONS,
)
_SEASONS_OF_A_YEAR = {
    **each("春 春天 春季", _SPRING),
    **each("夏 夏天 夏季", _SUMMER),
    **each("秋 秋天 秋季", _AUTUMN),
    **each("冬 冬天 冬季", _WINTER),
    "春夏": (3, 8),
    "秋冬": (9, 14),
}
SEASONS_OF_A_YEAR = Table(_SEASONS_OF_A_YEAR, unless_before=_NOT_SEASONS)
# Whatever means months of a year behind the year: 2024年初, 2024H1, 2024年夏.
BEHIND_A_YEAR = Table(
    {
        **_HALVES,
        **_YEAR_ENDS,
        **_SEASONS_OF_A_YEAR,
        **each("初", (1, 2)),
        **each("中 中旬", (6, 7)),
        **each("底 末 尾", (11, 12)),
        **each("首季 首季度", (1, 3)),
        **each("H1 h1", (1, 6)),
        **each("H2 h2", (7, 12)),
    },
    unless_before={
        **_NOT_YEAR_ENDS,
        **_NOT_SEASONS,
        "初": _NOT_BEGINNING,
        "底": _NOT_BOTTOM,
        "末": "端日梢尾",
        "尾": "部盘款",
    },
)
QUARTER_ENDS = Table(
    {"初": 0, "末": 2, "底": 2},
    unless_before={"初": _NOT_BEGINNING, "底": _NOT_BOTTOM, "末": "端日梢尾"},
)
FIRST_OF = Table(signs("前 头"))
LAST_OF = Table(signs("后 最后"))

# ------------------------------------------------------------------ relative words

YEARS_FROM_NOW = Table(
    {
        **each("今年 本年 这一年 年内", 0),
        **each("去年 上年 上一年 头年", -1),
        **each("前年", -2),
        **each("大前年", -3),
        **each("明年 下一年", 1),
        **each("后年", 2),
    },
    unless_before={
        "今年": "轻",
        "上年": "纪",
        "前年": "均",
        "后年": "均",
        "年内": _NOT_INSIDE,
        **each("去年 本年 后年", "代"),
    },
    unless_after={
        "今年": "如当",
        "去年": "过失逝死",
        "本年": "基根样文资成版",
        "前年": "以之目年天月周日大多余提",
        "后年": "以之今最年天月周日",
        "明年": "文说表证声发光聪鲜清透",
        "年内": "今本去近每当",
        **each("上年 上一年 下一年", "以"),
    },
)
SHORT_YEARS = Table({"今": 0, "去": -1})  # 今春, 去冬
MONTHS_FROM_NOW = Table(
    {
        **each("本月 这个月 这月 本月份 这个月份", 0),
        **each("上个月 上月 上一个月 上月份 上个月份", -1),
        **each("上上个月 上上月 大上个月", -2),
        **each("下个月 下月 下一个月 下月份 下个月份", 1),
        **each("下下个月 下下月", 2),
    },
    unless_before=each("本月 上月 下月", "球亮面"),
    unless_after={"本月": "基成样资", "上月": "登以", **each("下月 上个月", "以")},
)
_WEEKS_BY_WORD = {**each("上上 大上", -2), **each("本 这", 0), "上": -1, "下": 1, "下下": 2}
WEEKS_FROM_NOW = Table(
    {
        word + measure + week: offset
        for word, offset in _WEEKS_BY_WORD.items()
        for measure in ("", "个", "一", "一个")
        for week in ("周", "星期", "礼拜")
    },
    unless_before=each("本周 这周 上周 下周 上一周 下一周 这一周", "期边转围岁年"),
    unless_after={"本周": "成资样基", "上周": "以海", **each("下周 上一周 下一周", "以")},
)
QUARTERS_FROM_NOW = Table(
    {
        **each("本季度 这个季度 这季度", 0),
        **each("上个季度 上季度 上一季度 上一个季度", -1),
        **each("下个季度 下季度 下一季度", 1),
    }
)
DAYS_FROM_NOW = Table(
    {
        **each("今天 今日 今儿 今早 今晨 今晚", 0),
        **each("昨天 昨日 昨儿 昨晚 昨夜", -1),
        **each("前天 前日 前儿", -2),
        **each("大前天", -3),
    },
    unless_before={
        "今日": "益渐",
        "前天": "文",
        "前日": "益渐本",
        **each("今儿 昨儿 前儿", "童科女子"),
    },
    unless_after={
        **each("今日 今儿", "如当至"),
        **each("前天 前日 前儿", "以之目年天月周日大当学"),
    },
)
# Everyday words too (创造美好明天, 先天后天): days only between borders.
DAYS_AHEAD = Table({**each("明天 明日", 1), **each("后天 后日", 2), **each("大后天", 3)})
THE_DAY_TODAY = Table(signs("今天 今日 这一天 这天 同日"))
SAME_MONTH = Table(signs("同月 本月 这个时候 这时候 此时"))
SAME_TIME = Table(signs("同期"))
WEEKDAYS = Table(
    {
        **{sign: (day, day) for day, sign in enumerate("一二三四五六日", start=1)},
        **{sign: (day, day) for day, sign in enumerate("123456", start=1)},
        "天": (7, 7),
        **each("末 六日", (6, 7)),
    }
)
YEARS_LATER = Table({**each("次年 翌年 第二年 转年", 1), **each("同年 当年", 0)})
EVERY_YEAR = Table(signs("每年 历年 往年 每逢 各年 历史上"))
TODAY_IN_HISTORY = Table(
    {
        f"{years}{of}{today}": today
        for years in ("历史", "历史上", "那年", "往年", "历年", "每年", "当年")
        for of in ("", "的")
        for today in ("今天", "今日", "这一天", "这天")
    }
)

# ----------------------------------------------------------------------- durations


class Unit(Enum):
    """In what a length of time is counted."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


# The unit, and how many days (DAY, WEEK) or months (MONTH, YEAR) it has.
UNITS = Table(
    {
        **each("天 日", (Unit.DAY, 1)),
        **each("周 星期 礼拜 个周 个星期 个礼拜", (Unit.WEEK, 7)),
        **each("月 个月", (Unit.MONTH, 1)),
        **each("季度 个季度", (Unit.MONTH, 3)),
        **each("年", (Unit.YEAR, 12)),
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
HALVED_UNITS = Table({"年": (Unit.MONTH, 6), "个月": (Unit.DAY, 15), "月": (Unit.DAY, 15)})
# Units that name a month, a day or a quarter unless 近 or the like leads: 3月以来, 二季度以来.
NAMING_UNITS = ("月", "日", "季度")
HALF = Table(signs("半"))
SEVERAL = Table(each("几 数", 3))
RECENTLY = Table(
    signs("最近 近 过去 这 最近这 过去这 近来 以往"),
    unless_after={"近": "接将附靠临逼贴亲远相邻就新最"},
)
WITHIN = Table(
    signs("以内 之内 内 来 以来"), unless_before={"内": _NOT_INSIDE, "来": "自源临看说到"}
)
INSIDE = Table(
    signs("以来 来 以内 之内 内 里 间 期间 之间 当中"),
    unless_before={"来": "自源临看说到", "内": _NOT_INSIDE, "里": "程", "间": _NOT_BETWEEN},
)
AGO = Table(signs("前"), unless_before={"前": "沿后期夕景途往进瞻列提线端置述任"})
BEFORE_THEN = Table(signs("以前 之前"))
ABOUT = ("约", "近", "超", "超过", "多")  # 约20年前 says how long, not when
# Behind 24年 these make it a duration.
HOW_LONG = Table(signs("前 后 内 间 里 之 以前 以后 以内"))

# ---------------------------------------------------------------------------- eras

CENTURY = Table(signs("世纪"))
CENTURIES_FROM_NOW = Table({**each("上世纪 上个世纪", -1), **each("本世纪 这个世纪", 0)})
DECADE = Table(signs("年代"))
DECADE_PARTS = Table(
    {
        **each("初期 初 前期", (0, 2)),
        **each("中期 中叶", (3, 6)),
        **each("末期 末 后期", (7, 9)),
    },
    unless_before={"初": "步级始心"},
)
# The five-year plans by name, and their first years: 十三五 is the 13th, 2016-2020.
_FIRST_PLANS = (("一五", 1953), ("二五", 1958), ("三五", 1966), ("四五", 1971))
PLANS = Table(
    {
        **dict(_FIRST_PLANS),
        **{f"{sign}五": 1976 + 5 * place for place, sign in enumerate("五六七八九")},
        "十五": 2001,
        **{f"十{sign}五": 2006 + 5 * place for place, sign in enumerate("一二三四五六七八")},
    }
)
FIVE_YEAR_PLAN = Table(signs("个五年规划 个五年计划 个五年"))
PLAN_WORD = Table(signs("规划 计划"))
PLAN_TIME = Table(signs("时期 期间"))

# ---------------------------------------------------------------- connecting phrases

TO = Table(signs("到 至 - -- --- ~ ~~ 直到 一直到 起至 起到 开始到 开始至 → to"))
TO_NUMBER = Table(signs("到 至 - -- ~"))
AND = Table(signs("和 与 及 、 以及 或 或者 跟 ,"))
AND_NUMBER = Table(signs("、 和 与 及 ,"))
BETWEEN_AND = Table(signs("和 与 跟"))
BETWEEN = Table(signs("之间 期间 间"))
FROM = Table(signs("从 自 自从 由 打从 打 介于 在"))
UP_TO = Table(signs("到 至 直到"))
CLOSING = Table(
    signs("为止 止 之间 期间 这段时间 这段时间内 的这段时间 这一时期 间 之内 以内 内 这期间 年间"),
    unless_before={"间": _NOT_BETWEEN, "内": _NOT_INSIDE, "止": "步境"},
)
DURING = Table(
    signs(
        "期间 时期 全年 一整年 整年 全月 整月 当天 当日 那天 这天 这一天 那一天 当月 当年 内 这一年"
        " 那年 那一年 年内 以内 之内 一年 间 前后 左右 上午 下午 晚上 晚间 凌晨 早上 中午 傍晚"
    ),
    unless_before={
        "内": _NOT_INSIDE,
        "年内": _NOT_INSIDE,
        "间": _NOT_BETWEEN,
        "一年": "级来",
    },
)
HOLIDAYS = Table(signs("假期 长假 小长假 黄金周 期间 放假期间 假期期间"))
# What follows a date and opens it to one side.
SUFFIXES = Table(
    {
        **each(
            "以来 至今 迄今 到现在 到目前 到如今 到当前 至现在 至目前 起至今 开始至今 以来至今"
            " -至今 -今 -现在 ~至今 ~今 ~现在 直到现在 直到今天 起到现在 迄今为止 至今为止"
            " 到现在为止 到目前为止 来",
            Bound.SINCE,
        ),
        **each("起 开始 及以后 及之后 及其后 往后 (含)以后 (含)之后", Bound.FROM),
        **each("之后 以后 后", Bound.AFTER),
        **each("之前 以前 前", Bound.BEFORE),
        **each("为止 截止 截至 止 及以前 及之前 (含)以前 (含)之前", Bound.UNTIL),
    },
    unless_before={
        "前": "沿后期夕景途往进瞻列提线端置述任几三两一二四五六十0123456789半所面者车缘言例赴",
        "后": "期续面台勤果代者方端天世备疫半前卫人来0123456789三两",
        "起": "草步来点源码伏义诉飞家重因到于用初见居",
        "来": "自源临看说到华访宾电信年",
        "止": "步境损",
        **each("-今 ~今", "年天日后"),
        "开始": "曲",
    },
)
# What leads a date and opens it to one side.
PREFIXES = Table(
    {
        **each("截至 截止 截止到 截至到 截止至 不晚于 直到 一直到", Bound.UNTIL),
        **each("早于 先于", Bound.BEFORE),
        **each("晚于", Bound.AFTER),
        **each("不早于", Bound.FROM),
    }
)

# ----------------------------------------------------------------------- named days

FEAST = Table(FEASTS)
FEAST_OF_A_YEAR = Table(FEASTS_OF_A_YEAR)
LUNAR = Table(signs("农历 阴历 旧历"))
LUNAR_MONTHS = Table({"正月": 1, "冬月": 11, "腊月": 12})
LUNAR_BEGINNING = Table(signs("初"))  # 初五
