"""The port to the job engine: `job` declares one, `enqueue` asks for one. Alone in importing procrastinate."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision, jobs
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tagsmith.queue.giving_up import GivenUp, give_up, is_tried_again, reason_of, register

Work = Callable[..., None]

HOUSEKEEPING = "rescue"  # the queue of what recurs; every worker serves it
FIRST = 100  # priority of what must not wait behind thousands of other jobs
LAST = -100  # of what takes hours and lets everything else go first


@dataclass(frozen=True)
class Job:
    """A named piece of background work; its arguments are JSON."""

    name: str
    queue: str
    work: Work
    priority: int = 0

    def enqueue(self, *, once: str = "", at: datetime | None = None, **arguments: Any) -> int | None:
        """Ask for the job to be done, and return its id.

        Inside a transaction the job exists if the transaction commits. With `once`, None is returned if a job
        under the same word is already waiting.
        """
        deferrer = app.configure_task(
            self.name, queue=self.queue, priority=self.priority, queueing_lock=once or None, schedule_at=at
        )
        try:
            with transaction.atomic():  # a savepoint: the refusal would abort the caller's transaction
                return int(deferrer.defer(**arguments))
        except AlreadyEnqueued:
            return None


def job(name: str, *, queue: str = "work", priority: int = 0, given_up: GivenUp | None = None) -> Callable[[Work], Job]:
    """Declare a function as the job `name`. It may run again after a crash, so it must have no effect twice.

    `given_up` gets a reason and the job's arguments, in a transaction, when the job has killed its workers too often
    or raised an error; what passes, such as a database that restarts, is first tried a few times more. It too may
    run again after a crash.
    """
    if given_up is not None:
        register(name, given_up)

    def declare(work: Work) -> Job:
        app.task(name=name, queue=queue, pass_context=True, retry=_Again())(_guarded(name, work))
        return Job(name, queue, work, priority)

    return declare


def periodic(name: str, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare a function as work that recurs while any worker runs; one run of it waits at most.

    `cron` has five fields, and a sixth for seconds. It may overlap with itself, on another worker.
    """

    def declare(work: Callable[[], None]) -> Callable[[], None]:
        @app.periodic(cron=cron)
        @app.task(name=name, queue=HOUSEKEEPING, queueing_lock=name, priority=FIRST)
        @wraps(work)
        def recurring(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the time
            work()

        return work

    return declare


class _Again(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> RetryDecision | None:
        """Try again what passes, after 1, 4, 9 … seconds."""
        if not is_tried_again(exception, job.attempts):
            return None
        return RetryDecision(retry_in={"seconds": (job.attempts + 1) ** 2})


def _guarded(name: str, work: Work) -> Callable[..., None]:
    @wraps(work)
    def guarded(context: JobContext, **arguments: Any) -> None:
        try:
            work(**arguments)
        except Exception as error:
            if not is_tried_again(error, context.job.attempts):
                give_up(name, reason_of(error), arguments)
            raise

    return guarded
