"""Changing what a tag model is about: its words, its tags, and which tag an example teaches."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count

from tagsmith.assets.models import Asset
from tagsmith.audit.services import Actor, record
from tagsmith.errors import ConflictError
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import TagModel, TaughtTag
from tagsmith.training.selectors import taught_tags
from tagsmith.training.services import SUBJECT, add_examples, checked_title, remove_examples

WORDS = ("title", "description", "exclusive")


@transaction.atomic
def describe(actor: Actor, model: TagModel, *, title: str, description: str, exclusive: bool) -> TagModel:
    """Change a tag model's words, and whether its tags exclude each other from the next training on.

    Raises
    ------
    BadInputError
        The title cannot be one.
    ConflictError
        The tags are to exclude each other, and an image teaches several of them.
    """
    found = TagModel.objects.select_for_update().get(pk=model.pk)
    before = {name: getattr(found, name) for name in WORDS}
    if exclusive and not found.exclusive:
        _check_one_tag_each(found)
    after = {"title": checked_title(title), "description": description.strip(), "exclusive": exclusive}
    if after != before:
        for name, value in after.items():
            setattr(found, name, value)
        found.save(update_fields=WORDS)
        record(actor, "describe", SUBJECT, found.pk, before=before, after=after)
    return found


@transaction.atomic
def choose_tags(actor: Actor, model: TagModel, tags: Sequence[Tag]) -> None:
    """Let a tag model teach these tags and no others; examples of those that go, go too. Versions stay."""
    TagModel.objects.select_for_update().get(pk=model.pk)
    before = taught_tags(model)
    chosen = {tag.pk: tag for tag in tags}
    gone, new = set(before.values()) - chosen.keys(), chosen.keys() - set(before.values())
    TaughtTag.objects.filter(model=model, tag__in=gone).delete()  # a deleted tag stays, as it may be restored
    model.examples.filter(tag__in=gone).delete()
    TaughtTag.objects.bulk_create([TaughtTag(model=model, tag_id=pk) for pk in new], ignore_conflicts=True)
    if gone or new:
        after = {"tags": [tag.key for tag in chosen.values()]}
        record(actor, "choose tags", SUBJECT, model.pk, before={"tags": list(before)}, after=after)


@transaction.atomic
def move_examples(actor: Actor, model: TagModel, source: Tag, target: Tag, assets: Iterable[Asset]) -> int:
    """Let examples of a tag teach another one instead; return how many do that did not before.

    Raises
    ------
    ExamplesError
        As by `add_examples`: then all stay where they are.
    """
    chosen = list(assets)
    remove_examples(actor, model, source, chosen)
    return add_examples(actor, model, target, chosen)


def _check_one_tag_each(model: TagModel) -> None:
    several = model.examples.values("asset__name").annotate(tags=Count("tag")).filter(tags__gt=1)
    names = [row["asset__name"] for row in several.order_by("asset__name")[:5]]
    if names:
        raise ConflictError(
            "{names}: teaches several tags; an image teaches one tag of an exclusive model", names=", ".join(names)
        )
