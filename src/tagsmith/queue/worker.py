"""A worker process: does jobs until it is told to stop."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from tagsmith.queue.port import HOUSEKEEPING

GLANCE = 0.1  # seconds between two looks whether it is over


def run_worker(
    queues: Sequence[str] = ("work",),
    *,
    name: str = "worker",
    wait: bool = True,
    at_once: int = 1,
    over: Callable[[], bool] | None = None,
) -> None:
    """Do jobs of these queues, and beside them the engine's housekeeping, until SIGINT or SIGTERM.

    One job at a time: work is bound by the processor, so run one worker process per core; and a job that kills the
    process takes no other with it. Who has but one process may let a few be done at once, so that no core waits while
    a job begins or ends. With `wait` off it returns when nothing is left to do, and else when it is `over`.
    """
    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101 - Django's is the only one there is

    async def serve() -> None:
        with app.replace_connector(_Connector(connector)):
            async with app.open_async():
                work = app.run_worker_async(
                    queues=list(queues), concurrency=at_once, name=name, wait=wait, delete_jobs="successful"
                )
                await _first_of(work, _housekeeping(name), _until(over or (lambda: False)))

    asyncio.run(serve())


class _Connector(PsycopgConnector):
    """The worker's own connections, but for work that jobs ask for.

    That goes over Django's connection: else it would be there, and another worker could do it, before the transaction
    that asks for it has committed, and also if it never does.
    """

    def __init__(self, asking: DjangoConnector) -> None:
        super().__init__(kwargs=connector_params())
        self._asking = asking

    def get_sync_connector(self) -> DjangoConnector:
        """Return what `enqueue` asks with."""
        return self._asking


async def _until(over: Callable[[], bool]) -> None:
    while not over():
        await asyncio.sleep(GLANCE)


async def _housekeeping(name: str) -> None:
    await app.run_worker_async(
        queues=[HOUSEKEEPING],
        concurrency=1,
        name=f"{name}, housekeeping",
        delete_jobs="successful",
        install_signal_handlers=False,
        listen_notify=False,
    )


async def _first_of(*work: Coroutine[Any, Any, None]) -> None:
    """Let all of it go on until one ends, then let the others finish what they are doing."""
    tasks = [asyncio.create_task(one) for one in work]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome
