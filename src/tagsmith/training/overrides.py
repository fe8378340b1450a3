"""Thresholds that a person sets for a tag of a tag model, in place of those that each training learns."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q

from tagsmith.audit.services import Actor, record
from tagsmith.errors import BadInputError, NotFoundError
from tagsmith.learning.scoring import STEPS
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import TagModel, TaughtTag
from tagsmith.training.services import SUBJECT


@dataclass(frozen=True)
class Override:
    """From which confidence a tag applies, and from which it is suggested; None: as the version learned it."""

    apply_from: float | None = None
    suggest_from: float | None = None


NOTHING = Override()


@transaction.atomic
def override(
    actor: Actor, model: TagModel, tag: Tag, *, apply_from: float | None = None, suggest_from: float | None = None
) -> Override:
    """Say from which confidence a tag applies or is suggested, in thousandths; None leaves what was said before.

    It holds for all versions, from the next time that a run looks at an asset; by itself it makes no run look again.

    Raises
    ------
    BadInputError
        A threshold is not above 0 and at most 1 (no confidence at all is never enough), or the one to suggest is
        above the one to apply.
    NotFoundError
        The model does not teach the tag.
    """
    row = _taught(model, tag)
    wanted = Override(
        row.apply_from if apply_from is None else apply_from, row.suggest_from if suggest_from is None else suggest_from
    )
    return _set(actor, row, checked(wanted))


@transaction.atomic
def clear(actor: Actor, model: TagModel, tag: Tag) -> None:
    """Let the thresholds be as each version learned them; raises NotFoundError."""
    _set(actor, _taught(model, tag), NOTHING)


def checked(wanted: Override) -> Override:
    """Return thresholds in thousandths; raises BadInputError as `override` does."""
    apply, suggest = _checked("apply", wanted.apply_from), _checked("suggest", wanted.suggest_from)
    if apply is not None and suggest is not None and suggest > apply:
        raise BadInputError(
            "suggest: {suggest:g} is above {apply:g}, from which the tag applies", suggest=suggest, apply=apply
        )
    return Override(apply, suggest)


def overrides(models: Collection[int]) -> dict[tuple[int, int], Override]:
    """Return what people said, by model and tag."""
    said = TaughtTag.objects.filter(Q(apply_from__isnull=False) | Q(suggest_from__isnull=False), model__in=models)
    rows = said.values_list("model_id", "tag_id", "apply_from", "suggest_from")
    return {(model, tag): Override(apply, suggest) for model, tag, apply, suggest in rows}


def _taught(model: TagModel, tag: Tag) -> TaughtTag:
    row = TaughtTag.objects.select_for_update(of=("self",)).select_related("tag").filter(model=model, tag=tag).first()
    if row is None:
        raise NotFoundError(f"{tag.key}: the tag model {model.title!r} does not teach this tag")
    return row


def _checked(name: str, threshold: float | None) -> float | None:
    if threshold is None:
        return None
    rounded = round(threshold * STEPS) / STEPS if 0 <= threshold <= 1 else 0  # as confidences are
    if not rounded:
        raise BadInputError(
            "{name}: {threshold:g} is not a threshold: it is above 0 and at most 1, in thousandths",
            name=name,
            threshold=threshold,
        )
    return rounded


def _set(actor: Actor, row: TaughtTag, wanted: Override) -> Override:
    before = Override(row.apply_from, row.suggest_from)
    if wanted != before:
        row.apply_from, row.suggest_from = wanted.apply_from, wanted.suggest_from
        row.save(update_fields=("apply_from", "suggest_from"))
        states = ({"tag": row.tag.key, **asdict(one)} for one in (before, wanted))
        record(actor, "set thresholds", SUBJECT, row.model_id, before=next(states), after=next(states))
    return wanted
