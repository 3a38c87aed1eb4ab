"""`studybot card`: a quotation as a picture file, as chats would get it."""

from __future__ import annotations

from pathlib import Path

from bot.app.fonts import chinese_serif
from bot.app.library import corpus_directories
from bot.config import read_settings
from bot.corpus.load import load_corpus
from bot.errors import CardError
from bot.model import Card
from bot.render import card


def draw_card(config: Path | None, quote_id: str, theme: Card, file: Path) -> str:
    """Write the quotation's card to `file`, further pages beside it (`out-2.png`); which files.

    Raises CorpusError, ConfigError, and CardError for a quotation that is not there or
    cannot be shown, and where no font is installed.
    """
    corpus = load_corpus(corpus_directories(read_settings(config)))
    quote = corpus.quote(quote_id)
    if quote is None:
        example = corpus.quotes[0].id if corpus.quotes else "q-2024-03-05"
        raise CardError(f"the corpus has no quotation {quote_id}; expected such as {example}")
    font = chinese_serif()
    if font is None:
        raise CardError("there is no font to draw with; install studybot[pictures]")
    compilation = corpus.compilation(quote.compilation_id)
    source = compilation.title if compilation is not None else ""
    written = []
    for number, page in enumerate(card.draw(quote, source, theme, font), 1):
        target = file if number == 1 else file.with_stem(f"{file.stem}-{number}")
        try:
            target.write_bytes(page)
        except OSError as error:
            raise CardError(f"{target} cannot be written: {error.strerror}") from None
        written.append(str(target))
    return "\n".join(written)
