"""What the tests of the wording share: the shipped corpus, and a way to read HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import strategies as st

from bot.model import MonthCount

# A term through time, as the captions of its picture must hold it.
months = st.lists(
    st.builds(
        MonthCount,
        st.integers(1949, 2026),
        st.integers(1, 12),
        st.integers(0, 300),
        st.integers(1, 300),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda month: (month.year, month.month),
).map(lambda every: tuple(sorted(every)))


class Page(HTMLParser):
    """A piece of Telegram HTML as a reader sees it; refuses what is not balanced."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.bold: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        if tag == "b":
            self.bold.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"closed without being opened: {tag}"
        assert self.open[-1] == tag, f"{tag} closed inside {self.open}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if "b" in self.open:
            self.bold[-1] += data


def seen(html: str) -> str:
    """The visible text of well-formed HTML."""
    return Page(html).text
