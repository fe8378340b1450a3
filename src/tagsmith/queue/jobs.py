"""Housekeeping of the job engine itself: jobs of workers that died are taken up again, a few times."""

import logging
from datetime import UTC, datetime

from procrastinate import jobs
from procrastinate.contrib.django import app
from psycopg.errors import UniqueViolation

DEAD_AFTER = 8  # seconds without a sign of life
MAX_ATTEMPTS = 5  # a job that kills its worker this often is given up
EVERY_THREE_SECONDS = "* * * * * */3"

log = logging.getLogger(__name__)


@app.periodic(cron=EVERY_THREE_SECONDS)
@app.task(name="queue.rescue", queue="rescue", queueing_lock="queue.rescue")
async def rescue(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the time
    """Give jobs whose worker died to another; never under a `lock`, which a killed rescue would keep."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        if stalled.id is None:
            continue
        try:
            await _take_up_again(stalled.id, stalled.attempts)
        except UniqueViolation:
            log.info("job %s: the same work is already waiting", stalled.id)


async def _take_up_again(job_id: int, attempts: int) -> None:
    deaths = attempts + 1  # an attempt is counted when it ends, and this one never did
    if deaths >= MAX_ATTEMPTS:
        log.error("job %s: given up, %s workers died over it", job_id, deaths)
        await app.job_manager.finish_job_by_id_async(job_id, jobs.Status.FAILED, delete_job=False)
    else:
        await app.job_manager.retry_job_by_id_async(job_id, retry_at=datetime.now(UTC))
