"""A worker process: does jobs one at a time until it is told to stop."""

import asyncio
from collections.abc import Sequence

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

RESCUE = "rescue"


def run_worker(queues: Sequence[str] = ("work",), *, name: str = "worker", wait: bool = True) -> None:
    """Do jobs of these queues, and the engine's housekeeping, until SIGINT or SIGTERM.

    One job at a time: work is bound by the processor, so run one worker process per core. With `wait` off it
    returns when nothing is left to do.
    """
    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101 - Django's is the only one there is

    async def work() -> None:
        with app.replace_connector(connector.get_worker_connector()):
            async with app.open_async():
                await app.run_worker_async(
                    queues=[*queues, RESCUE], concurrency=2, name=name, wait=wait, delete_jobs="successful"
                )

    asyncio.run(work())
