"""Schedules: changing them, and starting the runs whose time has come."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.folders import get_folder, live_folders
from tagsmith.audit.services import Actor, record
from tagsmith.errors import BadInputError
from tagsmith.tagging.retag import Trigger
from tagsmith.workflows.cron import checked_cron, next_time
from tagsmith.workflows.models import Run, Schedule
from tagsmith.workflows.selectors import get_schedule
from tagsmith.workflows.services import LONGEST_TITLE, create_run

SCHEDULE = Actor(name="schedule")
SUBJECT = "schedule"


@transaction.atomic
def create_schedule(actor: Actor, scope: Scope, *, title: str, folders: Collection[int], cron: str) -> Schedule:
    """Start periodic runs over folders, with all below them, at the times of a cron expression in UTC.

    Raises
    ------
    BadInputError
        The title, the folders or the expression are missing or wrong; the message names which.
    NotFoundError
        There is no such folder.
    """
    schedule = Schedule(next=timezone.now())
    _fill(schedule, scope, title, folders, cron)
    schedule.save()
    record(actor, "create", SUBJECT, schedule.pk, after=_state(schedule))
    return schedule


@transaction.atomic
def update_schedule(
    actor: Actor, scope: Scope, schedule_id: int, *, title: str, folders: Collection[int], cron: str
) -> Schedule:
    """Change a schedule; raises as `create_schedule` does, and NotFoundError if there is none."""
    schedule = _locked(scope, schedule_id)
    before = _state(schedule)
    _fill(schedule, scope, title, folders, cron)
    schedule.save()
    record(actor, "update", SUBJECT, schedule.pk, before=before, after=_state(schedule))
    return schedule


@transaction.atomic
def enable_schedule(actor: Actor, scope: Scope, schedule_id: int, *, enabled: bool) -> Schedule:
    """Switch a schedule on or off; what was missed while it was off is not caught up. Raises NotFoundError."""
    schedule = _locked(scope, schedule_id)
    if schedule.enabled != enabled:
        schedule.enabled, schedule.next = enabled, next_time(schedule.cron, timezone.now())
        schedule.save()
        record(actor, "enable" if enabled else "disable", SUBJECT, schedule.pk)
    return schedule


@transaction.atomic
def delete_schedule(actor: Actor, scope: Scope, schedule_id: int) -> None:
    """Remove a schedule; the runs that it started stay. Raises NotFoundError."""
    schedule = _locked(scope, schedule_id)
    record(actor, "delete", SUBJECT, schedule.pk, before=_state(schedule))
    schedule.delete()


@transaction.atomic
def start_due(now: datetime) -> list[Run]:
    """Start the runs of the schedules whose time has come, once however often it was missed; return the runs.

    The next time is set in the same transaction, so that a run is started once by however many workers.
    """
    due = Schedule.objects.select_for_update(skip_locked=True).filter(enabled=True, next__lte=now)
    return [run for schedule in due.order_by("pk") if (run := _start(schedule, now)) is not None]


def _start(schedule: Schedule, now: datetime) -> Run | None:
    schedule.next = next_time(schedule.cron, now)
    folders = list(live_folders(EVERYTHING).filter(pk__in=schedule.folders).values_list("pk", flat=True))
    run = None
    if folders:  # else they are in the trash or gone
        schedule.last = now
        run = create_run(SCHEDULE, EVERYTHING, folders=folders, title=schedule.title, trigger=Trigger.PERIODIC)
    schedule.save(update_fields=("next", "last"))
    return run


def _locked(scope: Scope, schedule_id: int) -> Schedule:
    return Schedule.objects.select_for_update().get(pk=get_schedule(scope, schedule_id).pk)


def _fill(schedule: Schedule, scope: Scope, title: str, folders: Collection[int], cron: str) -> None:
    if not 0 < len(title.strip()) <= LONGEST_TITLE:
        raise BadInputError("title: a schedule needs one, of up to {longest} characters", longest=LONGEST_TITLE)
    if not folders:
        raise BadInputError("folders: choose at least one")
    schedule.title, schedule.cron = title.strip(), checked_cron(cron)
    schedule.folders = [get_folder(scope, folder).pk for folder in dict.fromkeys(folders)]
    schedule.next = next_time(schedule.cron, timezone.now())


def _state(schedule: Schedule) -> dict[str, object]:
    return {"title": schedule.title, "folders": schedule.folders, "cron": schedule.cron}
