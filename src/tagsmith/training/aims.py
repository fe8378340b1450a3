"""What a person wants of a tag model's next training."""

from typing import TypedDict, Unpack

from django.db import transaction

from tagsmith.audit.services import Actor, record
from tagsmith.errors import BadInputError
from tagsmith.training.models import TagModel
from tagsmith.training.services import SUBJECT


class Aims(TypedDict, total=False):
    """Fields of a tag model that training obeys; a prevalence of None is estimated from the library."""

    target_precision: float
    suggest_precision: float
    prevalence: float | None
    learn_from_people: bool
    review_before_publishing: bool


@transaction.atomic
def set_aims(actor: Actor, model: TagModel, **aims: Unpack[Aims]) -> TagModel:
    """Change what the next training aims at; versions stay as they are. Return the model as it is now.

    Raises
    ------
    BadInputError
        A share is not above 0 and at most 1, or suggestions should be more precise than what applies.
    """
    found = TagModel.objects.select_for_update().get(pk=model.pk)
    before = {name: getattr(found, name) for name in aims}
    for name, value in aims.items():
        setattr(found, name, value)
    _check(found)
    changed = [name for name in aims if getattr(found, name) != before[name]]
    if changed:
        found.save(update_fields=changed)
        was, now = ({name: of[name] for name in changed} for of in (before, vars(found)))
        record(actor, "set aims", SUBJECT, found.pk, before=was, after=now)
    return found


def _check(model: TagModel) -> None:
    for name in ("target_precision", "suggest_precision", "prevalence"):
        share = getattr(model, name)
        if share is not None and not 0 < share <= 1:
            raise BadInputError("{name}: {share:g} is not a share: it is above 0 and at most 1", name=name, share=share)
    if model.suggest_precision > model.target_precision:
        raise BadInputError(
            "suggest_precision: {suggest_precision:g} is above the target precision, {target_precision:g}",
            suggest_precision=model.suggest_precision,
            target_precision=model.target_precision,
        )
