"""Housekeeping of the job engine itself: jobs of workers that died are taken up again; old ones are forgotten."""

import logging
from datetime import UTC, datetime

from asgiref.sync import sync_to_async
from procrastinate import jobs
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from tagsmith.queue.giving_up import ATTEMPTS, give_up
from tagsmith.queue.port import FIRST, HOUSEKEEPING

DEAD_AFTER = 8  # seconds without a sign of life
EVERY_THREE_SECONDS = "* * * * * */3"
EVERY_HOUR = "17 * * * *"  # not once a day: no worker may be running at that time

log = logging.getLogger(__name__)
_keep_days = [7]


def configure(keep_days: int) -> None:
    """Say once, where the program is put together, how many days finished jobs are kept."""
    _keep_days[:] = [keep_days]


@app.periodic(cron=EVERY_THREE_SECONDS)
@app.task(name="queue.rescue", queue=HOUSEKEEPING, queueing_lock="queue.rescue", priority=FIRST)
async def rescue(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the time
    """Give jobs whose worker died to another; never under a `lock`, which a killed rescue would keep."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        try:
            await _take_up_again(stalled)
        except ConnectorException:
            log.info("job %s: the same work is waiting already, or another worker has seen to it", stalled.id)
        except Exception:
            log.exception("job %s: could not be seen to; it is tried again", stalled.id)


@app.periodic(cron=EVERY_HOUR)
@app.task(name="queue.forget", queue=HOUSEKEEPING, queueing_lock="queue.forget", priority=FIRST)
async def forget(timestamp: int) -> None:  # noqa: ARG001
    """Delete jobs that ended, however they did, longer ago than they are kept."""
    await app.job_manager.delete_old_jobs(
        nb_hours=_keep_days[0] * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


async def _take_up_again(stalled: jobs.Job) -> None:
    assert stalled.id is not None  # noqa: S101 - it is in the database
    deaths = stalled.attempts + 1  # an attempt is counted when it ends, and this one never did
    if deaths < ATTEMPTS:
        await app.job_manager.retry_job_by_id_async(stalled.id, retry_at=datetime.now(UTC))
        return
    log.error("job %s: given up, %s workers died over it", stalled.id, deaths)
    reason = f"its workers died {deaths} times over it"
    await sync_to_async(give_up)(stalled.task_name, reason, stalled.task_kwargs)
    await app.job_manager.finish_job_by_id_async(stalled.id, jobs.Status.FAILED, delete_job=False)
