"""Making tag models, choosing their tags and examples, and saying which version is live."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from tagsmith.assets.models import Asset
from tagsmith.audit.services import Actor, record
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.errors import BadInputError, ConflictError, ExamplesError, NotFoundError
from tagsmith.sentences import joined, say
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services.changing import changing
from tagsmith.training.models import Example, TagModel, TaughtTag, Version

SUBJECT = "tag model"
LONGEST_TITLE = 200


@transaction.atomic
def create_tag_model(
    actor: Actor, title: str, tags: Sequence[Tag], *, description: str = "", exclusive: bool = True
) -> TagModel:
    """Make a tag model that has learned nothing yet; raises BadInputError without a title, or with one too long."""
    model = TagModel.objects.create(title=checked_title(title), description=description, exclusive=exclusive)
    TaughtTag.objects.bulk_create(TaughtTag(model=model, tag=tag) for tag in dict.fromkeys(tags))
    record(actor, "create", SUBJECT, model.pk, after={"title": model.title, "tags": [tag.key for tag in tags]})
    return model


def checked_title(title: str) -> str:
    """Return a tag model's title without outer spaces; raises BadInputError if it cannot be one."""
    clean = title.strip()
    if not clean:
        raise BadInputError("title: a tag model needs one")
    if len(clean) > LONGEST_TITLE:
        raise BadInputError("title: {name}…: at most {longest} characters", name=clean[:40], longest=LONGEST_TITLE)
    return clean


@transaction.atomic
def add_examples(actor: Actor, model: TagModel, tag: Tag, assets: Iterable[Asset]) -> int:
    """Let assets teach a tag; return how many were not examples of it before.

    Raises
    ------
    ExamplesError
        The model does not teach the tag, or an asset already teaches another tag of an exclusive model; the
        message names the asset and that tag, and nothing is added.
    """
    _locked(model)
    if not TaughtTag.objects.filter(model=model, tag=tag).exists():
        raise ExamplesError("{tag}: the tag model {title!r} does not teach this tag", tag=tag.key, title=model.title)
    chosen = list(assets)
    if model.exclusive:
        _refuse_second_tags(model, tag, chosen)
    known = set(Example.objects.filter(model=model, tag=tag).values_list("asset_id", flat=True))
    new = [asset for asset in chosen if asset.pk not in known]
    Example.objects.bulk_create(Example(model=model, tag=tag, asset=asset) for asset in new)
    record(actor, "add examples", SUBJECT, model.pk, after={"tag": tag.key, "assets": [asset.pk for asset in new]})
    return len(new)


@transaction.atomic
def remove_examples(actor: Actor, model: TagModel, tag: Tag, assets: Iterable[Asset]) -> int:
    """Let assets no longer teach a tag; return how many did. Versions that they taught stay as they are."""
    gone = [asset.pk for asset in assets]
    count, _ = Example.objects.filter(model=model, tag=tag, asset__in=gone).delete()
    record(actor, "remove examples", SUBJECT, model.pk, before={"tag": tag.key, "assets": gone})
    return count


def publish(actor: Actor, version: Version) -> Version:
    """Make a version the live one of its model; the one that was live stays, to roll back to.

    It waits for those who are tagging with the versions that were live when they began.

    Raises
    ------
    ConflictError
        The version reads the vectors of an encoder that does not serve: new assets get none of it.
    """
    with changing():
        check_serves(version.encoder)
        return _publish(actor, version)


def check_serves(encoder: StoredEncoder) -> None:
    """Raise ConflictError if versions of an encoder cannot go live, as another one serves."""
    serving = serving_encoder()
    if serving not in (None, encoder):
        raise ConflictError(
            "it reads the vectors of the encoder {encoder}, and {serving} serves; "
            "`tagsmith encoder change {source}` would train all tag models for it again",
            encoder=encoder.shown,
            serving=serving.shown,
            source=encoder.source,
        )


def _publish(actor: Actor, version: Version) -> Version:
    model = _locked(version.model)
    before = Version.objects.filter(model=model, live=True).first()
    if before == version:
        return version
    now = timezone.now()
    Version.objects.filter(model=model, live=True).update(live=False, ended=now)
    version.live, version.published = True, now
    version.save(update_fields=("live", "published"))
    was = {"version": before.number if before else None}
    record(actor, "publish", SUBJECT, model.pk, before=was, after={"version": version.number})
    return version


@transaction.atomic
def retire(actor: Actor, model: TagModel) -> None:
    """Leave the model without a live version; its versions stay. Raises NotFoundError if none is live."""
    _locked(model)
    live = Version.objects.filter(model=model, live=True).first()
    if live is None:
        raise NotFoundError(f"{model.title!r}: no version is live")
    live.live, live.ended = False, timezone.now()
    live.save(update_fields=("live", "ended"))
    record(actor, "retire", SUBJECT, model.pk, before={"version": live.number})


def _locked(model: TagModel) -> TagModel:
    """Return the model's row, locked until the transaction ends: one change of a model at a time."""
    return TagModel.objects.select_for_update().get(pk=model.pk)


def _refuse_second_tags(model: TagModel, tag: Tag, assets: Sequence[Asset]) -> None:
    others = Example.objects.filter(model=model, asset__in=assets).exclude(tag=tag).select_related("asset", "tag")
    problems = [
        say(
            "{asset}: already teaches {tag}; an image teaches one tag of an exclusive model",
            asset=example.asset.name,
            tag=example.tag.key,
        )
        for example in others
    ]
    if problems:
        raise ExamplesError(joined("\n", problems))
