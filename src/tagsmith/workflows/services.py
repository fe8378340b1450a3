"""Starting runs and steering them: pause, resume, cancel, retry, undo."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tagsmith.assets.models import LIVE, Asset, Folder
from tagsmith.assets.scope import Scope
from tagsmith.audit.services import Actor, record
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.sentences import Sentence, joined, say, say_many
from tagsmith.tagging import services as tagging
from tagsmith.tagging.retag import Trigger, Waiting
from tagsmith.tagging.selectors import SKIPPED_GONE, select_to_tag
from tagsmith.workflows.models import Chunk, Run, Status

CHUNK = 5000  # assets
SUBJECT = "run"
LONGEST_TITLE, LONGEST_PATH = 200, 150
OPEN = (Status.QUEUED, Status.RUNNING, Status.PAUSED)
NAMES = {"pause": say("pause"), "resume": say("resume"), "cancel": say("be cancelled")}


@transaction.atomic
def create_run(
    actor: Actor,
    scope: Scope,
    *,
    folders: Collection[int] = (),
    assets: Collection[int] = (),
    title: str = "",
    comment: str = "",
    trigger: Trigger = Trigger.ON_DEMAND,
    force: bool = False,
) -> Run:
    """Make a run over folders with all below them, and over assets; those outside `scope` are left out.

    Raises
    ------
    BadInputError
        Nothing of it may be seen by the caller.
    """
    seen_folders = list(
        scope.folders(Folder.objects.filter(pk__in=folders)).order_by("pk").values_list("pk", flat=True)
    )
    seen_assets = list(scope.assets(Asset.objects.filter(pk__in=assets)).order_by("pk").values_list("pk", flat=True))
    if not seen_folders and not seen_assets:
        raise BadInputError("payload: choose at least one folder or asset")
    run = Run.objects.create(
        title=_title(title, seen_folders, seen_assets),
        comment=comment,
        folders=seen_folders,
        assets=seen_assets,
        trigger=trigger.value,
        force=force,
        person=actor.person,
    )
    record(actor, "start", SUBJECT, run.pk, after={"title": run.title})
    return run


@transaction.atomic
def plan(run_id: int, now: datetime, waiting: Waiting | None = None) -> list[int]:
    """Cut a queued run into chunks of the assets that it has to tag; return the chunks' numbers.

    Doing it again changes nothing: the chunks that are there are returned.
    """
    run = _locked(run_id)
    if run.status == Status.QUEUED and not run.chunks.exists():
        selection = select_to_tag(_payload(run), now, Trigger(run.trigger), force=run.force, waiting=waiting)
        Chunk.objects.bulk_create(
            Chunk(run=run, number=start // CHUNK, assets=selection.ids[start : start + CHUNK])
            for start in range(0, len(selection.ids), CHUNK)
        )
        if gone := len(set(run.assets)) - Asset.objects.filter(LIVE, pk__in=run.assets).count():
            selection.skipped[SKIPPED_GONE] = gone
        run.skipped, run.started, run.status = dict(selection.skipped), now, Status.RUNNING
        run.save(update_fields=("skipped", "started", "status"))
        _end_if_done(run)
    return pending(run)


def do_chunk(run_id: int, number: int) -> None:
    """Tag a chunk's assets, once, unless the run is paused or ended."""
    token = uuid4()
    Chunk.objects.filter(run_id=run_id, number=number, done__isnull=True).update(token=token)
    with transaction.atomic():
        status = _held_status(run_id)
        chunk = Chunk.objects.select_for_update(of=("self",)).select_related("run").get(run_id=run_id, number=number)
        if status == Status.RUNNING and chunk.token == token and chunk.done is None:
            _tag(chunk)  # else paused or ended; or another worker took it over meanwhile
    with transaction.atomic():
        _end_if_done(_locked(run_id))


def _tag(chunk: Chunk) -> None:
    outcome = tagging.tag_assets(chunk.assets, chunk.run.unit)
    chunk.looked, chunk.tagged, chunk.changes = outcome.looked, outcome.tagged, outcome.changes
    chunk.done = timezone.now()
    chunk.save()


@transaction.atomic
def fail_chunk(run_id: int, number: int, reason: str) -> None:
    """Give a chunk up, such as one that killed its workers; the rest of the run goes on."""
    Chunk.objects.filter(run_id=run_id, number=number, done__isnull=True).update(done=timezone.now(), failure=reason)
    _end_if_done(_locked(run_id))


@transaction.atomic
def fail_run(run_id: int, reason: str) -> None:
    """Give a run up with all that is left of it; one that has ended stays as it is."""
    run = _locked(run_id)
    if run.status in OPEN:
        now = timezone.now()
        run.chunks.filter(done__isnull=True).update(done=now, failure=reason)
        Run.objects.filter(pk=run_id).update(status=Status.FAILED, failure=reason, ended=now)


def pause(actor: Actor, run: Run) -> None:
    """Let a run rest after the chunks that are being done; raises ConflictError if it is not running."""
    _steer(actor, run, "pause", {Status.QUEUED, Status.RUNNING}, Status.PAUSED)


@transaction.atomic
def resume(actor: Actor, run: Run) -> list[int]:
    """Let a run go on that was paused, or whose process was killed; return the numbers of the chunks to do.

    Raises ConflictError if it has ended.
    """
    started = _locked(run.pk).started
    _steer(actor, run, "resume", set(OPEN), Status.RUNNING if started else Status.QUEUED)
    _end_if_done(_locked(run.pk))  # its last chunk may have been under way when it was paused
    return pending(run)


def cancel(actor: Actor, run: Run) -> None:
    """End a run; what it did stays, and can be undone. Raises ConflictError if it has ended."""
    _steer(actor, run, "cancel", set(OPEN), Status.CANCELLED)
    Run.objects.filter(pk=run.pk).update(ended=timezone.now())


@transaction.atomic
def retry(actor: Actor, run: Run) -> list[int]:
    """Do what failed of an ended run again; return the numbers of its chunks. Raises ConflictError if nothing did."""
    locked = _locked(run.pk)
    if locked.status != Status.FAILED:
        raise ConflictError("{title!r}: nothing of it failed", title=locked.title)
    locked.chunks.exclude(failure="").update(done=None, failure="", token=None)
    status = Status.RUNNING if locked.started else Status.QUEUED
    Run.objects.filter(pk=run.pk).update(status=status, ended=None, failure="")
    record(actor, "retry", SUBJECT, run.pk)
    return pending(locked)


@transaction.atomic
def undo_run(actor: Actor, run: Run) -> int:
    """Take back all that an ended run changed; return how many smart tags changed. Raises ConflictError."""
    locked = _locked(run.pk)
    if locked.status in OPEN:
        raise ConflictError("{title!r} has not ended; cancel it first", title=locked.title)
    if locked.undone:
        raise ConflictError("{title!r} was undone before", title=locked.title)
    if locked.forgotten:
        raise ConflictError("{title!r} is too long ago: what it changed is not kept any more", title=locked.title)
    unit: UUID = uuid4()
    changes = tagging.undo(locked.unit, unit)
    Run.objects.filter(pk=run.pk).update(undone=timezone.now())
    record(actor, "undo", SUBJECT, run.pk, after={"changes": changes}, unit=unit)
    return changes


def pending(run: Run) -> list[int]:
    """Return the numbers of the chunks that are not done."""
    return list(run.chunks.filter(done__isnull=True).order_by("number").values_list("number", flat=True))


@transaction.atomic
def _steer(actor: Actor, run: Run, action: str, allowed: set[Status], status: Status) -> None:
    locked = _locked(run.pk)
    if locked.status not in allowed:
        known = {"title": locked.title, "status": Status(locked.status).label.lower()}
        raise ConflictError("{title!r} is {status}; it cannot {action}", **known, action=NAMES[action])
    Run.objects.filter(pk=run.pk).update(status=status)
    record(actor, action, SUBJECT, run.pk, before={"status": locked.status}, after={"status": status.value})


def _locked(run_id: int) -> Run:
    return Run.objects.select_for_update().get(pk=run_id)


def _held_status(run_id: int) -> str:
    """Return a run's status, which nobody can change until the transaction ends; other chunks are not held up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM workflows_run WHERE id = %s FOR KEY SHARE", [run_id])
        return str(cursor.fetchone()[0])


def _end_if_done(run: Run) -> None:
    if run.status == Status.RUNNING and not run.chunks.filter(done__isnull=True).exists():
        failed = run.chunks.exclude(failure="")
        run.status = Status.FAILED if failed.exists() else Status.SUCCESS
        run.failure = joined("; ", failed.values_list("failure", flat=True).distinct()[:3])
        run.ended = timezone.now()
        run.save(update_fields=("status", "failure", "ended"))


def _payload(run: Run) -> QuerySet[Asset]:
    """Return the assets of a run's folders with all below them, and its own, but for those in the trash."""
    paths = tuple(Folder.objects.filter(pk__in=run.folders).values_list("path", flat=True))
    own = Asset.objects.filter(LIVE, pk__in=run.assets)
    return Scope(paths).assets(Asset.objects.filter(LIVE)) | own if paths else own


def _title(wanted: str, folders: Collection[int], assets: Collection[int]) -> str:
    """Return the title that was asked for, or one that names what the run is over."""
    if isinstance(wanted, Sentence) or wanted.strip():
        return wanted if isinstance(wanted, Sentence) else shortened(wanted.strip(), LONGEST_TITLE)
    paths = Folder.objects.filter(pk__in=folders).order_by("path").values_list("path", flat=True)[:3]
    parts = [shortened(path) or say("the whole library") for path in paths]
    if assets:
        parts.append(say_many("{count} asset", "{count} assets", len(assets)))
    return say("Tag {payload}", payload=joined(", ", parts))


def shortened(text: str, longest: int = LONGEST_PATH) -> str:
    """Return a text, or its beginning if it is too long for a title, or for a part of one."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
