"""Cards: every quotation that is shipped fits, in every theme; what cannot be shown is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.app.fonts import chinese_serif
from bot.errors import CardError
from bot.model import Card, Corpus, Quote
from bot.render import card

THEMES = [Card.LIGHT, Card.DARK, Card.LARGE]
QUOTE = Quote("q-2024-03-05", "c", date(2024, 3, 5), "在参加江苏代表团审议时强调", "因地制宜。")
SOURCE = "深入学习习近平总书记关于未来产业的重要论述"


@pytest.fixture(scope="session")
def font() -> Path:
    found = chinese_serif()
    assert found is not None, "the extra `pictures` belongs to what tests need"
    return found


def opened(page: bytes) -> Image.Image:
    image = Image.open(BytesIO(page))
    image.load()
    return image


def saying(text: str) -> Quote:
    return replace(QUOTE, text=text)


@pytest.mark.parametrize("theme", [Card.LIGHT, Card.LARGE])
def test_every_shipped_quotation_has_pages_that_telegram_and_a_phone_take(
    corpus: Corpus, font: Path, theme: Card
) -> None:
    for quote in corpus.quotes:
        pages = card.draw(quote, SOURCE, theme, font)
        assert len(pages) <= (3 if theme is Card.LARGE else 1)
        for page in pages:
            image = opened(page)
            assert image.format == "PNG"
            assert image.width == card.WIDTH
            assert card.WIDTH <= image.height <= card.TALLEST
            assert len(page) < 250_000


def test_in_dark_a_card_measures_what_it_does_in_light(corpus: Corpus, font: Path) -> None:
    by_length = sorted(corpus.quotes, key=lambda one: len(one.text))
    for quote in (by_length[0], by_length[len(by_length) // 2], by_length[-1]):
        light, dark = (
            [opened(page) for page in card.draw(quote, SOURCE, theme, font)]
            for theme in (Card.LIGHT, Card.DARK)
        )
        assert [page.size for page in dark] == [page.size for page in light]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "text",
    [
        "难",
        "。" * 60,
        "“" * 60,
        "x" * 300,
        "1234567890" * 30,
        "一\n二\n\n三",
        "“《〈「『嵌』」〉》”。",
    ],
)
def test_the_worst_words_are_drawn(font: Path, theme: Card, text: str) -> None:
    for page in card.draw(saying(text), SOURCE, theme, font):
        assert opened(page).height <= card.TALLEST


def test_the_themes_differ_in_paper_and_in_the_size_of_letters(font: Path) -> None:
    light, dark, large = (
        opened(card.draw(saying("一" * 40), SOURCE, theme, font)[0]).convert("RGB")
        for theme in THEMES
    )
    papers = [image.getpixel((0, 0)) for image in (light, dark, large)]
    assert papers == [(250, 246, 238), (23, 28, 35), (255, 255, 255)]
    assert large.height > light.height == dark.height


def test_long_words_take_pages_of_about_the_same_height(font: Path) -> None:
    pages = card.draw(saying("一二三四五六七八九。" * 80), SOURCE, Card.LIGHT, font)
    heights = [opened(page).height for page in pages]
    assert len(pages) == 3
    assert max(heights) - min(heights) < 200


def test_nothing_is_drawn_outside_the_margins(font: Path) -> None:
    words = "推动高质量发展，“十五五”时期，因地制宜发展新质生产力；" * 8
    for theme in THEMES:
        for page in card.draw(saying(words), SOURCE, theme, font):
            image = opened(page).convert("L")
            paper = image.getpixel((0, 0))
            inked = image.point([int(shade != paper) * 255 for shade in range(256)])
            left, _, right, bottom = inked.getbbox() or (0, 0, 0, 0)
            assert left >= 60
            assert right <= card.WIDTH - 60
            assert bottom <= image.height - 40


def test_the_same_quotation_is_the_same_picture(font: Path) -> None:
    first = card.draw(QUOTE, SOURCE, Card.DARK, font)
    card.draw.cache_clear()
    assert card.draw(QUOTE, SOURCE, Card.DARK, font) == first


@pytest.mark.parametrize("text", ["好😀", "\U00020bb7野家"])
def test_what_the_font_does_not_have_is_refused_rather_than_shown_as_a_box(
    font: Path, text: str
) -> None:
    with pytest.raises(CardError, match="no glyph"):
        card.draw(saying(text), SOURCE, Card.LIGHT, font)


def test_what_would_fill_a_group_with_pages_is_refused(font: Path) -> None:
    with pytest.raises(CardError, match="pages"):
        card.draw(saying("一" * 4000), SOURCE, Card.LIGHT, font)


def test_a_font_that_is_no_font_is_an_error_of_the_system(tmp_path: Path) -> None:
    broken = tmp_path / "broken.otf"
    broken.write_bytes(b"not a font")
    with pytest.raises(OSError, match="unknown file format"):
        card.draw(QUOTE, SOURCE, Card.LIGHT, broken)
