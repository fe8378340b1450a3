"""The port to the job engine: `job` declares one, `enqueue` asks for one. Alone in importing procrastinate."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

Work = Callable[..., None]


@dataclass(frozen=True)
class Job:
    """A named piece of background work; its arguments are JSON."""

    name: str
    queue: str
    work: Work

    def enqueue(self, *, once: str = "", at: datetime | None = None, **arguments: Any) -> int | None:
        """Ask for the job to be done, and return its id.

        Inside a transaction the job exists if the transaction commits. With `once`, None is returned if a job
        under the same word is already waiting.
        """
        deferrer = app.configure_task(self.name, queue=self.queue, queueing_lock=once or None, schedule_at=at)
        try:
            with transaction.atomic():  # a savepoint: the refusal would abort the caller's transaction
                return int(deferrer.defer(**arguments))
        except AlreadyEnqueued:
            return None


def job(name: str, *, queue: str = "work") -> Callable[[Work], Job]:
    """Declare a function as the job `name`. It may run again after a crash, so it must have no effect twice."""

    def declare(work: Work) -> Job:
        app.task(name=name, queue=queue)(work)
        return Job(name, queue, work)

    return declare
