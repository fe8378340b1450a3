"""Publishing, rolling back and retiring versions, with what becomes of their smart tags."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet

from tagsmith.assets.locks import lock_assets
from tagsmith.audit.services import Actor
from tagsmith.tagging.changes import SERVES, apply_difference, removal, reversal
from tagsmith.tagging.models import Change, Look, SmartTag
from tagsmith.tagging.services import tag_assets
from tagsmith.taxonomy.services.changing import changing
from tagsmith.training import services as training
from tagsmith.training.models import TagModel, Version
from tagsmith.training.selectors import version_before

BLOCK = 5000  # assets that are scored in one transaction


@dataclass(frozen=True)
class Restored:
    """What publishing a version did to smart tags: how many came back or went, how many assets were scored.

    `unit` names it in the change log.
    """

    version: Version
    unit: UUID
    changes: int = 0
    scored: int = 0


def publish(actor: Actor, version: Version) -> Restored:
    """Make a version the live one.

    One that was live before brings its smart tags back as they were then, from the change log, but for those that
    changed again or that people have said something about since. Assets that came or were replaced later, it scores
    anew. A version that was never live changes no smart tag by itself; the next run does.
    """
    since, unit = version.ended, uuid4()
    if since is None or version.live:
        return Restored(training.publish(actor, version), unit)
    with changing():
        published = training.publish(actor, version)
        tags = _tags_of(version.model)
        lock_assets(_changed(tags, since).values_list("asset_id", flat=True).distinct())
        query = reversal("at >= %(since)s AND tag_id = ANY(%(tags)s)", _SERVES_AGAIN)
        changes = apply_difference(query, {"tags": tags, "since": since, "model": version.model_id}, unit)
    later = list(_later(since).values_list("asset_id", flat=True).order_by("asset_id"))
    for start in range(0, len(later), BLOCK):
        changes += tag_assets(later[start : start + BLOCK], unit).changes
    return Restored(published, unit, changes, len(later))


def roll_back(actor: Actor, model: TagModel) -> Restored:
    """Publish the version before the live one that was live once; raises ConflictError where there is none."""
    return publish(actor, version_before(model))


def retire(actor: Actor, model: TagModel) -> int:
    """Leave the model without a live version; return how many smart tags went with it. Raises NotFoundError."""
    with changing():
        training.retire(actor, model)
        lock_assets(SmartTag.objects.filter(version__model=model).values_list("asset_id", flat=True))
        of_model = "version_id IN (SELECT id FROM training_version WHERE model_id = %(model)s)"
        return apply_difference(removal(of_model), {"model": model.pk}, uuid4())


def _tags_of(model: TagModel) -> list[int]:
    return list(Version.objects.filter(model=model).values_list("tags", flat=True).distinct())


def _changed(tags: list[int], since: datetime) -> QuerySet[Change]:
    return Change.objects.filter(tag__in=tags, at__gte=since)


def _later(since: datetime) -> QuerySet[Look]:
    """Return those first looked at, or modified and looked at again, after a moment."""
    modified = Q(asset__modified__gte=since, at__gte=since)
    return Look.objects.filter(Q(first__gte=since) | modified, asset__trashed__isnull=True)


_SERVES_AGAIN = f"AND %(model)s IN (had.model_id, has.model_id) {SERVES}"
