"""The `studybot` command line: parses arguments, calls one function each.

Here live the commands, their help and their exit status: 0 done, 1 could not be done,
2 asked wrongly, 3 stopped by `--strict`. What a command does is in `app`, which is imported
only when a command runs, so that a search does not pay for what a bot needs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.errors import CorpusError, StudybotError

_ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The settings file to read.", show_default=False)
]
_TodayOption = Annotated[
    str, typer.Option(help="The day to take for today, YYYY-MM-DD.", show_default="today")
]
_PictureOption = Annotated[
    Path | None,
    typer.Option(help="Also write what was printed as a picture.", show_default=False),
]

cli = typer.Typer(
    name="studybot",
    help="A Telegram bot for Chinese study groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(no_args_is_help=True, help="The database.")
cli.add_typer(database, name="db")


@contextmanager
def _refusals() -> Iterator[None]:
    """What studybot knows to be wrong is told in its own words, without a traceback."""
    try:
        yield
    except CorpusError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    except StudybotError as error:
        typer.echo(f"studybot: {error}", err=True)
        raise typer.Exit(1) from None


@cli.command()
def search(
    query: Annotated[list[str], typer.Argument(help="Words, dates, or both; - reads lines.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="How many hits to show; 0 is all.")] = 10,
    today: _TodayOption = "",
    corpus: Annotated[
        list[Path] | None,
        typer.Option(help="A corpus directory, instead of the settings'.", show_default=False),
    ] = None,
    config: _ConfigOption = None,
) -> None:
    """Find passages by keyword, by date, or both."""
    from bot.app import library

    is_batch = query == ["-"]
    queries = (line.rstrip("\r\n") for line in sys.stdin) if is_batch else [" ".join(query)]
    with _refusals():
        is_refused = library.search(
            config,
            corpus or [],
            queries,
            today=_day(today),
            limit=limit,
            as_json=as_json or is_batch,
        )
    if is_refused and not is_batch:
        raise typer.Exit(2)


@cli.command()
def check(
    directories: Annotated[
        list[Path] | None,
        typer.Argument(help="Corpus directories, instead of the settings'.", show_default=False),
    ] = None,
    *,
    config: _ConfigOption = None,
) -> None:
    """Read the corpus and report every mistake as file:line: what is wrong, what was expected."""
    from bot.app import library

    with _refusals():
        typer.echo(library.check(config, directories or []))


@cli.command("import")
def import_booklet(
    file: Annotated[Path, typer.Argument(help="The booklet: .md, .txt, .docx or .pdf.")],
    *,
    compilation_id: Annotated[
        str, typer.Option("--id", help="The compilation's id.", show_default="its month")
    ] = "",
    dry_run: Annotated[bool, typer.Option(help="Read and report; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    strict: Annotated[bool, typer.Option(help="With any doubt, write nothing.")] = False,
    config: _ConfigOption = None,
) -> None:
    """Read a month's booklet into the data directory, and report every repair and doubt.

    Exit status: 0 done (or, with --dry-run, would be), 1 could not be done, 2 asked wrongly,
    3 with --strict: there are doubts, and nothing was written.
    """
    from bot.app import importing

    with _refusals():
        is_stopped = importing.import_booklet(
            config,
            file,
            compilation_id=compilation_id,
            is_dry=dry_run,
            is_strict=strict,
            as_json=as_json,
        )
    if is_stopped:
        raise typer.Exit(3)


@cli.command()
def topics(
    compilation_id: Annotated[str, typer.Argument(metavar="[ID]", help="Else all.")] = "",
    *,
    add: Annotated[list[str] | None, typer.Option(help="A topic to add.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A topic to take out.")] = None,
    config: _ConfigOption = None,
) -> None:
    """Show the topics of the compilations, or edit those of one."""
    from bot.app import importing

    with _refusals():
        for line in importing.edit_topics(
            config, compilation_id, add=add or [], remove=remove or []
        ):
            typer.echo(line)


@cli.command("config")
def show_config(*, config: _ConfigOption = None) -> None:
    """Print the settings in force; secrets are masked."""
    from bot.config import read_settings, show_settings

    with _refusals():
        typer.echo(show_settings(read_settings(config)))


@database.command()
def upgrade(*, config: _ConfigOption = None) -> None:
    """Bring the database to this program's version."""
    from bot.app import upkeep

    with _refusals():
        typer.echo(upkeep.upgrade_database(config))


@database.command()
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A new file, instead of the nightly copies' folder.", show_default=False
        ),
    ] = None,
    *,
    config: _ConfigOption = None,
) -> None:
    """Copy the database while the bot runs."""
    from bot.app import upkeep

    with _refusals():
        typer.echo(upkeep.back_up_database(config, file))


@database.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup, checked before anything is changed.")],
    *,
    config: _ConfigOption = None,
) -> None:
    """Put a backup in the place of the database; what it replaces is kept beside it."""
    from bot.app import upkeep

    with _refusals():
        typer.echo(upkeep.restore_database(config, file))


@database.command()
def restored(*, config: _ConfigOption = None) -> None:
    """Say that the database was just brought back by other tools, before the bot starts."""
    from bot.app import upkeep

    with _refusals():
        typer.echo(upkeep.mark_database_restored(config))


@cli.command()
def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    config: _ConfigOption = None,
) -> None:
    """Examine everything the bot stands on, and say what to do; 1 when anything is wrong."""
    from bot.app import upkeep

    with _refusals():
        shown, is_wrong = upkeep.examine(config, as_json=as_json)
    typer.echo(shown)
    if is_wrong:
        raise typer.Exit(1)


# A group's id is negative, and must not be taken for an option.
@cli.command(context_settings={"ignore_unknown_options": True})
def why(
    chat: Annotated[int, typer.Argument(help="The chat's id; a group's is negative.")],
    on: Annotated[str, typer.Argument(metavar="[DATE]", help="2026-11-23, 昨天; else today.")] = "",
    *,
    config: _ConfigOption = None,
) -> None:
    """Tell what happened to a chat's push on a day."""
    from bot.app import upkeep

    with _refusals():
        typer.echo(upkeep.tell_why(config, chat, on))


@cli.command()
def reload(*, config: _ConfigOption = None) -> None:
    """Have the running bot take up the corpus as it is now, unless there is a mistake in it."""
    from bot.app import reloading

    with _refusals():
        typer.echo(reloading.reload_running(config))


@cli.command(context_settings={"ignore_unknown_options": True})
def preview(
    chat: Annotated[int, typer.Argument(help="The chat's id; a group's is negative.")],
    *,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days.")] = 30,
    config: _ConfigOption = None,
) -> None:
    """Tell what a chat will get in the days to come."""
    from bot.app.preview import preview as foretell

    with _refusals():
        typer.echo(foretell(config, chat, days))


@cli.command()
def card(
    quote: Annotated[str, typer.Argument(help="The quotation's id.")],
    file: Annotated[Path, typer.Argument(help="The PNG file to write.")],
    *,
    theme: Annotated[str, typer.Option(help="light, dark or large.")] = "light",
    config: _ConfigOption = None,
) -> None:
    """Draw a quotation as the picture that chats get."""
    from bot.app.cards import draw_card
    from bot.model import Card

    if theme not in (Card.LIGHT, Card.DARK, Card.LARGE):
        raise typer.BadParameter(f"{theme} is not a theme; expected light, dark or large")
    with _refusals():
        typer.echo(draw_card(config, quote, Card(theme), file))


@cli.command()
def run(*, config: _ConfigOption = None) -> None:
    """Run the bot: long polling and the daily push, until it is stopped."""
    from bot.app import service

    with _refusals():
        service.run(config)


@cli.command()
def chat(*, svg: _PictureOption = None, config: _ConfigOption = None) -> None:
    """Talk to the bot in this terminal: no token, no account, nothing is kept."""
    from bot.app import console

    with _refusals():
        console.talk(config, has_tour=False, picture=svg)


@cli.command()
def demo(*, svg: _PictureOption = None, config: _ConfigOption = None) -> None:
    """A short tour of what the bot does; in a terminal, the console after it."""
    from bot.app import console

    with _refusals():
        console.talk(config, has_tour=True, picture=svg)


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def _day(text: str) -> date:
    """The date of `YYYY-MM-DD`, or today where nothing is given."""
    if not text:
        return date.today()  # noqa: DTZ011 - the day of the person at this terminal
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a date; expected such as 2026-11-23") from None


def main() -> None:
    """The entry point of `studybot`."""
    cli()


if __name__ == "__main__":
    main()
