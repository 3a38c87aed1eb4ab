"""What people say around what they ask for: requests, questions, who said it.

帮我找一下总书记关于人工智能是怎么说的 asks for 人工智能. Everything here takes a text and gives
what is left of it, in order: a request in front or thanks behind; the question at either
end; and a question in the middle, which leaves two things asked for. What is left is never
less than two characters, so that a word that only looks like filler (为什么) stays.

What must not live here: dates, kinds, phrases (query), anything that reads the corpus.
"""

from __future__ import annotations

import re

from bot.search.text import fold

_FEWEST_LEFT = 2  # folded characters
_MOST_PEELED = 6  # layers of filler: nobody asks with more

WHO = r"(?:习近平总书记|习近平主席|习近平同志|习近平|习总书记|习主席|总书记|主席)"
ABOUT = r"(?:关于|有关|针对|对于)"
_SAY = (
    "(?:论述|阐述|表述|讲述|强调|要求|指示|评价|说明|提到|谈到|讲到|说到|谈论|看待|说|讲|谈|看|提)"
)
_HOW = r"(?:怎么样|怎样|怎么|咋样|咋|如何)"
_WHAT = r"(?:什么样的|什么|哪些|哪几个|啥)"
_WHEN = r"(?:什么时候|何时|哪一?年|哪一?天)"
_WHICH = r"哪一?(?:次|场|个|篇|段|本|句|期)(?:会议|会|讲话|论述|文章|活动|座谈会|场合|杂志)?"
_WHERE = r"(?:在哪里|在哪儿|在哪)"
_SAYINGS = r"(?:说法|观点|看法|内容|表述|阐述|要求|指示|段落|原文|原话|句子|话|资料|材料|信息)"

_REQUEST = re.compile(
    r"""^(?:
        你好|您好|请问(?:一下)?|请教(?:一下)?|麻烦(?:你|您)?(?:问一下|问下)?|劳驾|可以|能不能|能否|可不可以
      | (?:请|帮|给|让|我想|想|我要|想要|我)+(?:我|你|您)?(?:帮忙)?(?:来)?
        (?:查找|查询|查查|查|搜索|搜搜|搜|找找|找出|找到|找|看看|了解|知道|问问|问|列出|列举|推荐|介绍|讲讲|说说|来)
        (?:一下|一找|一查|下|个|几条|几段|一段|一条|一些|些|点)?
      | (?:查找|查询|查一下|查下|搜索|搜一下|搜下|找一下|找找|看看|介绍一下|说说|讲讲)
      | 查一查|搜一搜|找一找|看一下|看下|学习一下|重温一下|求(?=.{2,}(?:原文|原话|出处)$)
      | (?:给我|来)(?:几条|几段|一段|一条|一些|些|点)
    )[，,：:、\s]*""",
    re.VERBOSE,
)
_THANKS = re.compile(r"(?:谢谢(?:你|您|了)?|多谢|来着|吗|呢|吧|啊|呀|哦|嘛|么(?<!什么)(?<!怎么))$")

_OPENING = re.compile(
    rf"""^(?:
        (?:有没有|有无|是否有|有哪些|有什么|哪些|哪里有|哪里|哪儿|在哪里|在哪儿|哪一?篇|哪一?段|哪句话?)
          (?:文章|论述|讲话|地方|段落)?(?:里|中|有|是)?(?:{_SAY}(?:了|过|到)?)?(?:{ABOUT})?
      | 是?谁(?:最早|首次|先|曾)?(?:{_SAY}|写)(?:了|过|的|到|出)?是?
      | (?:最早|首次|第一次)是?(?:提出|{_SAY})(?:了|过|的|到)?
      | 是?(?:{_WHEN}|在哪里)(?:首次|最早|第一次)?(?:{_SAY}出?(?:了|过|的)?)?
      | (?:什么是|什么叫做|什么叫|啥是|啥叫|何为|何谓|何以)
      | {_HOW}(?:理解|看待|认识|把握|解决|应对|才能|看|做到|做好|做|去|来)?
      | (?:为什么|为何|为啥|凭什么)(?:说|要|会|能)?
      | {WHO}(?:都|曾|还)?{ABOUT}
      | {WHO}(?:都|曾|还)?是?{_HOW}{_SAY}
      | {WHO}(?:都|曾|还)?(?:对|谈|论|讲|说|提)(?!话|[到过了]?[什哪啥])(?:到|过|了)?
      | {WHO}(?:去|到|在)(?=.{{2}})
      | {ABOUT}
    )""",
    re.VERBOSE,
)
_CLOSING = re.compile(
    rf"""(?:
        (?:指的|说的)?(?:究竟|到底)?(?:是|指)个?(?:什么|啥)(?:意思|概念|含义)?
      | 有?(?:什么|啥)(?:意思|含义)
      | 的?(?:意思|含义|定义)(?:是什么)?
      | 的?(?:都|又|还)?(?:是|究竟|到底)*{_HOW}被?
          (?:{_SAY}|解决|应对|破解|回事|做|办|样|搞|弄|来|去|了)?(?:的|了|呢)?
      | (?:的时候|时)?(?:都|还|又)?{_SAY}(?:了|过|到|的|些)?是?{_WHAT}(?:重要)?{_SAYINGS}?
      | (?:都|还)?(?:有|提出了|提出|作出了|给出了)?过?{_WHAT}(?:相关|有关|重要|具体)*的?{_SAYINGS}?
      | 的(?:相关|有关|重要)*{_SAYINGS} | (?:讲话|论述)(?:内容|原文)
      | (?:相关|有关)的?{_SAYINGS} | 的?(?:原文|原话)
      | 是?(?:在|出自|来自)?{_WHICH}(?:上|里|中)?(?:{_SAY}|写|提出|发表)?(?:的|过的|过|到的)?
      | (?:会|能)?(?:带来|产生|有)了?{_WHAT}(?:好处|变化|影响|作用|意义|改变|机遇|挑战)?
      | (?:方面|这方面|问题|话题)?的?(?:内容|情况)?
          (?:有吗|有没有|{_WHERE}|在哪一篇|哪里有|哪里{_SAY}过|出自哪里|出自哪|出处)
      | (?:首次|最早|第一次)?是?(?:谁|{_WHEN}|{_WHERE}|哪里)(?:首次|最早|第一次)?
          (?:{_SAY}|写|提出|发表)出?(?:的|过的|过)?话?
      | 有?多(?:大|少|高|长|久|远|快|重要)
      | (?:所|曾)?(?:写|撰写|发表|写过|发表过)的
    )$""",
    re.VERBOSE,
)
_DOUBTFUL_END = re.compile(r"(?:方面|问题|这件事|这个词|这个概念|这个话题|这句话|的话|一词|的)$")
_INNER = re.compile(
    rf"""(?:是|应该|应当|可以)?
        (?:{_HOW}(?:看待|看|理解|认识|帮助|帮|影响|促进|推动|带动|支持|服务|赋能|改变|用于|用在|用|才能|去|来)?
          | 为什么(?:要|会|能)? | 为何(?:要|会|能)?
          | (?:都|能|会|可以)*(?:具有|拥有|包括|包含|采取|[有是起做干治用靠要])?{_WHAT})
        被?""",
    re.VERBOSE,
)


def without_request(text: str) -> str:
    """Without a request in front and thanks or a particle behind: 请问…吗, 帮我找一下…, …谢谢."""
    return _peeled(text, _REQUEST, _THANKS)


def without_question(text: str) -> str:
    """Without the question at either end: 谁说过…, 什么是…, …是什么, …是怎么说的."""
    left = _peeled(text, _OPENING, _CLOSING)
    return left if left == text else _peeled(left, _OPENING, _DOUBTFUL_END)


def asked_for(text: str) -> tuple[str, ...]:
    """What a text without request and question asks for: the things around 怎样, 如何, 什么."""
    asking = _INNER.search(text)
    if asking is None:
        return (text,)
    before, after = text[: asking.start()], text[asking.end() :]
    if _length(before) < _FEWEST_LEFT:
        return (text,)
    return (before,) if _length(after) < _FEWEST_LEFT else (before, *asked_for(after))


def is_filler(text: str) -> bool:
    """Whether a text is nothing but request, thanks or question: 你好, 谢谢, 是谁说的."""
    for _ in range(_MOST_PEELED):
        left = text
        for part in (_REQUEST, _THANKS, _CLOSING, _OPENING):
            text = part.sub("", text, count=1)
        if text == left:
            break
    return not fold(text)


def _peeled(text: str, front: re.Pattern[str], behind: re.Pattern[str]) -> str:
    """The text with every match at its ends taken off, as long as enough is left."""
    for _ in range(_MOST_PEELED):
        ahead, back = front.sub("", text, count=1), behind.sub("", text, count=1)
        both = behind.sub("", ahead, count=1)
        shorter = (one for one in (both, ahead, back) if one != text)
        left = next((one for one in shorter if _length(one) >= _FEWEST_LEFT), text)
        if left == text:
            break
        text = left
    return text


def _length(text: str) -> int:
    return len(fold(text))
