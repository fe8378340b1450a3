"""Launchers: setting them, and starting runs for assets that were imported or modified."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.models import LIVE, Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.audit.services import Actor, record
from tagsmith.embeddings.following import PREPARED
from tagsmith.sentences import Sentence, say
from tagsmith.workflows.models import Due, Event, Launcher, Run
from tagsmith.workflows.selectors import nearest, switches
from tagsmith.workflows.services import create_run, shortened

LAUNCHER = Actor(name="launcher")
QUIET = timedelta(seconds=5)  # without a further asset: an import is over
PATIENCE = timedelta(minutes=5)  # the first assets of a long import are not kept waiting for its end


class Setting(StrEnum):
    """What a folder says of an event."""

    ON = "on"
    OFF = "off"
    INHERIT = "inherit"


@transaction.atomic
def set_launcher(actor: Actor, scope: Scope, folder_id: int, event: Event, setting: Setting) -> None:
    """Say whether an event in a folder, and below, starts a run; raises NotFoundError if there is no such folder."""
    folder = get_folder(scope, folder_id)
    launchers = Launcher.objects.select_for_update().filter(folder=folder, event=event)
    before = _setting(launchers.first())
    if setting is Setting.INHERIT:
        launchers.delete()
    else:
        Launcher.objects.update_or_create(folder=folder, event=event, defaults={"enabled": setting is Setting.ON})
    if before is not setting:
        states = {"event": event.value, "setting": before.value}, {"event": event.value, "setting": setting.value}
        record(actor, "set launcher", "folder", folder.pk, before=states[0], after=states[1])


def imported(assets: Sequence[int]) -> None:
    """Note that assets are ready, for the first time or with other content; in the caller's transaction."""
    _note(assets, (Event.IMPORT, Event.MODIFICATION))


def modified(assets: Sequence[int]) -> None:
    """Note that what is known of assets has changed; in the caller's transaction."""
    _note(assets, (Event.MODIFICATION,))


@transaction.atomic
def launch(now: datetime, quiet: timedelta = QUIET) -> list[Run]:
    """Start a run per launcher for the assets that are due, once no more have come for a while; return the runs.

    Whoever does this at the same time gets other assets, or none; the runs exist exactly if the assets are due no more.
    """
    times = Due.objects.aggregate(first=Min("since"), last=Max("since"))
    if times["first"] is None or (now - times["last"] < quiet and now - times["first"] < PATIENCE):
        return []
    due = list(Due.objects.select_for_update(skip_locked=True).values_list("pk", "asset_id", "event"))
    runs = []
    taken: set[int] = set()
    for event in Event:
        assets = {asset for _, asset, of in due if of == event} - taken
        for folders in _by_launcher(assets, event).values():
            chosen = [asset for ids in folders.values() for asset in ids]
            taken.update(chosen)
            title = _title(event, shortened(common_folder(folders)) or say("the library"))
            runs.append(create_run(LAUNCHER, EVERYTHING, assets=chosen, title=title))
    Due.objects.filter(pk__in=[pk for pk, _, _ in due]).delete()
    return runs


def common_folder(paths: Iterable[str]) -> str:
    """Return the path of the lowest folder that holds all of these."""
    steps = [path.split("/") for path in paths]
    shared = []
    for level in zip(*steps, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared)


def follow() -> None:
    """Hear of assets that are made ready, and of changed metadata."""
    PREPARED.register("launchers", imported)
    FOLLOWERS.register("launchers", modified)


def _title(event: Event, folder: str) -> Sentence:
    if event is Event.IMPORT:
        return say("Import into {folder}", folder=folder)
    return say("Changes in {folder}", folder=folder)


def _setting(launcher: Launcher | None) -> Setting:
    if launcher is None:
        return Setting.INHERIT
    return Setting.ON if launcher.enabled else Setting.OFF


def _note(assets: Sequence[int], events: Iterable[Event]) -> None:
    """Keep assets for `launch`. In order, so that two who note the same wait for each other, never in a circle."""
    awaited = set(Launcher.objects.filter(event__in=events, enabled=True).values_list("event", flat=True))
    now = timezone.now()
    rows = [Due(asset_id=asset, event=event, since=now) for asset in sorted(set(assets)) for event in sorted(awaited)]
    Due.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=("asset", "event"), update_fields=("since",), batch_size=5000
    )


def _changed(assets: Iterable[int], event: Event) -> QuerySet[Asset]:
    """Return those of the assets that are to be tagged because of the event, and that no run has looked at since.

    So what people do to tags, and vectors made anew, start nothing.
    """
    rows = Asset.objects.filter(LIVE, pk__in=list(assets))
    if event is Event.IMPORT:
        return rows.filter(Q(look__isnull=True) | Q(modified__gt=F("look__at")))
    return rows.annotate(known=Coalesce("look__at", "imported")).filter(modified__gt=F("known"))


def _by_launcher(assets: Iterable[int], event: Event) -> dict[str, dict[str, list[int]]]:
    """Return those of the assets that an enabled launcher is for: by its folder, then by their own."""
    known = switches(event)
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, path in _changed(assets, event).values_list("pk", "folder__path").order_by("pk"):
        source = nearest(path, known)
        if source is not None and known[source]:
            found[source][path].append(pk)
    return found
