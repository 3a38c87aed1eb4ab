"""Where people are: places in Chinese, and offsets from UTC, as names of time zones.

Here live the tables and the reading of them; `bot.study.words` offers `read_zone` beside
its other readers. A zone is always an IANA name (docs: the tz database). A country or state
with several zones is not in the tables: it is refused, and a city is asked for.
"""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_CHINA = """
中国 大陆 内地 北京 上海 天津 重庆 石家庄 太原 呼和浩特 沈阳 大连 长春
哈尔滨 南京 苏州 无锡 常州 南通 徐州 扬州 镇江 泰州 盐城 淮安 连云港 宿迁
杭州 宁波 合肥 福州 厦门 南昌 济南 青岛 郑州 武汉 长沙 广州 深圳 南宁
海口 成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐 河北 山西 内蒙古
辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西
海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆
"""
# One line a zone: its name, then what people call it.
_ABROAD = """
Asia/Urumqi 新疆时间 乌鲁木齐时间
Asia/Hong_Kong 香港
Asia/Macau 澳门 澳門
Asia/Taipei 台北 台湾 臺北 臺灣 台灣
Asia/Tokyo 东京 日本 大阪 東京
Asia/Seoul 首尔 韩国 釜山 首爾 韓國
Asia/Pyongyang 平壤 朝鲜
Asia/Ulaanbaatar 乌兰巴托
Asia/Singapore 新加坡
Asia/Kuala_Lumpur 吉隆坡 马来西亚
Asia/Bangkok 曼谷 泰国
Asia/Ho_Chi_Minh 河内 胡志明市 越南
Asia/Phnom_Penh 金边 柬埔寨
Asia/Vientiane 万象 老挝
Asia/Yangon 仰光 缅甸
Asia/Manila 马尼拉 菲律宾
Asia/Jakarta 雅加达
Asia/Kolkata 新德里 孟买 印度
Asia/Kathmandu 加德满都 尼泊尔
Asia/Dhaka 达卡 孟加拉国
Asia/Colombo 科伦坡 斯里兰卡
Asia/Karachi 伊斯兰堡 卡拉奇 巴基斯坦
Asia/Kabul 喀布尔 阿富汗
Asia/Tashkent 塔什干 乌兹别克斯坦
Asia/Almaty 阿拉木图 阿斯塔纳 哈萨克斯坦
Asia/Dubai 迪拜 阿联酋
Asia/Riyadh 利雅得 沙特 沙特阿拉伯
Asia/Tehran 德黑兰 伊朗
Asia/Baghdad 巴格达 伊拉克
Asia/Jerusalem 耶路撒冷 以色列
Europe/Istanbul 伊斯坦布尔 土耳其
Europe/Moscow 莫斯科
Asia/Vladivostok 符拉迪沃斯托克 海参崴
Europe/Kyiv 基辅 乌克兰
Europe/London 伦敦 英国 倫敦
Europe/Dublin 都柏林 爱尔兰
Europe/Paris 巴黎 法国
Europe/Berlin 柏林 德国 慕尼黑 法兰克福
Europe/Rome 罗马 意大利 米兰
Europe/Madrid 马德里 西班牙
Europe/Lisbon 里斯本 葡萄牙
Europe/Amsterdam 阿姆斯特丹 荷兰
Europe/Brussels 布鲁塞尔 比利时
Europe/Zurich 苏黎世 日内瓦 瑞士
Europe/Vienna 维也纳 奥地利
Europe/Stockholm 斯德哥尔摩 瑞典
Europe/Oslo 奥斯陆 挪威
Europe/Copenhagen 哥本哈根 丹麦
Europe/Helsinki 赫尔辛基 芬兰
Europe/Warsaw 华沙 波兰
Europe/Prague 布拉格 捷克
Europe/Budapest 布达佩斯 匈牙利
Europe/Belgrade 贝尔格莱德 塞尔维亚
Europe/Athens 雅典 希腊
Africa/Cairo 开罗 埃及
Africa/Johannesburg 约翰内斯堡 开普敦 南非
Africa/Nairobi 内罗毕 肯尼亚
Africa/Lagos 拉各斯 尼日利亚
Africa/Addis_Ababa 亚的斯亚贝巴 埃塞俄比亚
America/New_York 纽约 华盛顿 波士顿 美东 紐約
America/Chicago 芝加哥 休斯敦 休斯顿 美中
America/Denver 丹佛
America/Los_Angeles 洛杉矶 旧金山 西雅图 硅谷 美西 洛杉磯
Pacific/Honolulu 夏威夷 檀香山
America/Toronto 多伦多 渥太华
America/Vancouver 温哥华
America/Mexico_City 墨西哥城
America/Havana 哈瓦那 古巴
America/Sao_Paulo 圣保罗 里约热内卢 巴西利亚
America/Argentina/Buenos_Aires 布宜诺斯艾利斯 阿根廷
America/Lima 利马 秘鲁
Australia/Sydney 悉尼 堪培拉
Australia/Melbourne 墨尔本
Australia/Brisbane 布里斯班
Australia/Perth 珀斯
Pacific/Auckland 奥克兰 新西兰
UTC 世界时 协调世界时 格林尼治 格林威治 零时区
"""
# Offsets that are not whole hours, in minutes, where a place keeps them the whole year.
_UNEVEN = {
    -570: "Pacific/Marquesas",
    210: "Asia/Tehran",
    270: "Asia/Kabul",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    390: "Asia/Yangon",
    525: "Australia/Eucla",
    570: "Australia/Darwin",
}
_MOST_WEST, _MOST_EAST = -12, 14  # of the Etc/GMT zones

_OFFSET = re.compile(r"(?:utc|gmt)?([+-])([0-9]{1,2})(?::?([0-5][0-9]))?")
_BELT = re.compile(r"([东東西])([一二三四五六七八九十]|十[一二]|[0-9]{1,2})[区區]")
_BELT_HOURS = {word: 1 + at for at, word in enumerate("一二三四五六七八九十")} | {
    "十一": 11,
    "十二": 12,
}
_SUFFIXES = re.compile(r"(?:时间|時間|时区|時區|市|省)+$")
_NOT_PLACES = frozenset({"Factory", "localtime"})


class UnknownPlaceError(Exception):
    """No zone is known by these words."""


def zone_of(compact: str) -> str:
    """The IANA name of the zone meant by words in half width, lower case, without blanks.

    Raises UnknownPlaceError for a place that is not known or has several zones, and for an
    offset that no zone keeps the whole year.
    """
    places = places_by_name()
    for name in (compact, _SUFFIXES.sub("", compact)):
        if name in places:
            return _installed(places[name])
    offset = _offset_minutes(compact.replace("−", "-"))
    if offset is not None:
        return _zone_of_offset(offset)
    return _iana_name(compact)


def _installed(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError as error:
        raise UnknownPlaceError(zone) from error
    return zone


@cache
def places_by_name() -> dict[str, str]:
    """The IANA name of the zone of every place in the tables."""
    places = dict.fromkeys(_CHINA.split(), "Asia/Shanghai")
    for line in _ABROAD.split("\n"):
        zone, *names = line.split() or [""]
        places |= dict.fromkeys(names, zone)
    return places


def _offset_minutes(compact: str) -> int | None:
    """Minutes east of Greenwich, where the words are an offset."""
    match = _OFFSET.fullmatch(compact)
    if match:
        minutes = 60 * int(match[2]) + int(match[3] or 0)
        return -minutes if match[1] == "-" else minutes
    belt = _BELT.fullmatch(compact)
    if belt:
        hours = _BELT_HOURS.get(belt[2]) or int(belt[2])
        return -60 * hours if belt[1] == "西" else 60 * hours
    return None


def _zone_of_offset(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest:
        if minutes not in _UNEVEN:
            raise UnknownPlaceError(f"{minutes} minutes")
        return _installed(_UNEVEN[minutes])
    if not _MOST_WEST <= hours <= _MOST_EAST:
        raise UnknownPlaceError(f"{hours} hours")
    # POSIX counts west of Greenwich as positive, and so do the names of these zones.
    return _installed(f"Etc/GMT{-hours:+d}" if hours else "UTC")


def _iana_name(compact: str) -> str:
    exact, cities = _iana_names()
    plain = compact.replace("_", "")
    if plain in exact:
        return exact[plain]
    if len(cities.get(plain, ())) == 1:
        return cities[plain][0]
    raise UnknownPlaceError(compact)


@cache
def _iana_names() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Every name of the tz database, and those of each city, in lower case without `_`."""
    exact: dict[str, str] = {}
    cities: dict[str, list[str]] = {}
    for zone in sorted(available_timezones() - _NOT_PLACES):
        plain = zone.lower().replace("_", "")
        exact[plain] = zone
        area, slash, city = plain.rpartition("/")
        if slash and area != "etc":
            cities.setdefault(city, []).append(zone)
    return exact, cities
