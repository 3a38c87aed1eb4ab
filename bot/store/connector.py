"""Procrastinate's connector, with the errors of opening it translated like its others.

Here lives what needs Procrastinate and psycopg to be imported at all, so this file is
imported by `jobs` alone, and only when a job queue is asked for.
"""

from __future__ import annotations

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

_CONNECT_SECONDS = 5
_MOST_CONNECTIONS = 4


class JobConnector(PsycopgConnector):
    """A small pool of connections whose tables are those of one schema.

    `address` is a PostgreSQL URI. It can be opened again after it was closed, or could not
    be opened: then it raises ConnectorException.
    """

    def __init__(self, address: str, schema: str) -> None:
        parts = conninfo_to_dict(address)
        options = f"{parts.pop('options', None) or ''} -c search_path={schema}".strip()
        super().__init__(
            kwargs={"connect_timeout": _CONNECT_SECONDS, **parts, "options": options},
            min_size=1,
            max_size=_MOST_CONNECTIONS,
        )

    async def open_async(self, pool: AsyncConnectionPool | None = None) -> None:
        """Connect, or raise ConnectorException after half a minute."""
        try:
            await super().open_async(pool)
        except psycopg.Error as error:
            await self.close_async()
            raise ConnectorException(str(error)) from error
        except BaseException:
            await self.close_async()
            raise
