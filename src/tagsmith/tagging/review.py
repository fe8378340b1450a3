"""The review queue: suggestions that stand, the surest first, and what a person says of them.

A suggestion stands while nothing else decides: its asset shows what the version has seen, its tag may be given, its tag
model serves with that version or a later one, and an exclusive model's other tags are not on the asset.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from tagsmith.assets.cursor import Cursor
from tagsmith.assets.locks import lock_assets
from tagsmith.assets.models import Asset, State
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import live_folders
from tagsmith.audit.services import Actor
from tagsmith.curation.models import HumanTag
from tagsmith.errors import LibraryError
from tagsmith.learning.scoring import STEPS
from tagsmith.tagging import moderation
from tagsmith.tagging.models import SmartTag, Suggestion
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services.changing import holding
from tagsmith.training.models import TagModel, Version

PAGE = 60

Pair = tuple[int, int]  # asset, tag


@dataclass(frozen=True)
class Which:
    """Which suggestions: of a tag, of a tag model, of a confidence from 0 to 1, both ends included."""

    tag: Tag | None = None
    model: TagModel | None = None
    low: float = 0
    high: float = 1


@dataclass(frozen=True)
class Page:
    """Some suggestions, with their assets, tags and models, and the word that asks for the next; empty at the end."""

    suggestions: list[Suggestion]
    after: str


@dataclass(frozen=True)
class Waiting:
    """How many suggestions of a tag by a tag model wait for a person."""

    tag_id: int
    tag: str
    model_id: int
    model: str
    count: int


@dataclass(frozen=True)
class Decided:
    """On how many suggestions a person decided, and the unit that `undo_moderation` takes back."""

    unit: UUID
    count: int


ALL = Which()


def queue(scope: Scope, which: Which = ALL, *, after: str = "", size: int = PAGE) -> Page:
    """Return a page of suggestions, the surest first; raises LibraryError if `after` is not where a page ended."""
    rows = _standing(scope, which)
    if after:
        rows = rows.filter(_behind(after))
    rows = rows.order_by("-confidence", "asset", "tag").select_related("asset__folder", "tag", "version__model")
    found = list(rows.defer("version__content")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    word = Cursor(last.asset_id, f"{last.confidence} {last.tag_id}").written() if last else ""
    return Page(found[:size], word)


def counts(scope: Scope, which: Which = ALL) -> list[Waiting]:
    """Return how many suggestions wait, by tag and tag model, the most first."""
    rows = _standing(scope, which).values_list("tag", "tag__key", "version__model", "version__model__title")
    return [Waiting(*row) for row in rows.annotate(count=Count("pk")).order_by("-count", "tag__key")]


def matching(scope: Scope, which: Which) -> list[Pair]:
    """Return the (asset, tag) pairs of all these suggestions, to accept or reject them as one."""
    return list(_standing(scope, which).values_list("asset_id", "tag_id"))


def accept(scope: Scope, actor: Actor, pairs: Collection[Pair], unit: UUID | None = None) -> Decided:
    """Set suggested tags on their assets as a person's own; pairs that stand no more are left alone."""
    return _decide(scope, actor, pairs, moderation.accept, unit or uuid4())


def reject(scope: Scope, actor: Actor, pairs: Collection[Pair], unit: UUID | None = None) -> Decided:
    """Reject suggested tags, so that no machine brings them back; pairs that stand no more are left alone."""
    return _decide(scope, actor, pairs, moderation.reject, unit or uuid4())


@transaction.atomic
def _decide(scope: Scope, actor: Actor, pairs: Collection[Pair], say: Callable[..., int], unit: UUID) -> Decided:
    holding()
    assets = {asset for asset, _ in pairs}
    lock_assets(assets)
    present = dict(
        Tag.objects.filter(pk__in={tag for _, tag in pairs}).values_list("pk", Coalesce("merged_into", "pk"))
    )
    asked = {(asset, present[tag]) for asset, tag in pairs if tag in present}
    by_tag: dict[int, list[int]] = defaultdict(list)
    for asset, tag in _standing(scope, ALL).filter(asset__in=assets).values_list("asset_id", "tag_id"):
        if (asset, tag) in asked:
            by_tag[tag].append(asset)
    tags = Tag.objects.in_bulk(by_tag)
    return Decided(unit, sum(say(scope, actor, chosen, tags[tag], unit) for tag, chosen in by_tag.items()))


def _standing(scope: Scope, which: Which) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.filter(
        ~Exists(_rival_by_people()),
        ~Exists(_given()),
        asset__in=_shown(scope),
        version__in=_serving(which.model),
        tag__deleted__isnull=True,
        tag__blocked=False,
    )
    if which.tag:
        rows = rows.filter(tag=which.tag)
    return rows.filter(confidence__range=(round(which.low * STEPS), round(which.high * STEPS)))


def _shown(scope: Scope) -> QuerySet[Asset]:
    assets = live_assets(EVERYTHING).filter(state=State.READY)
    if scope.paths is None:
        return assets
    # folders by number: the planner knows how many assets they hold, and begins with these if they are few
    return assets.filter(folder__in=list(live_folders(scope).values_list("pk", flat=True)))


def _serving(model: TagModel | None) -> list[int]:
    """Return the live versions, and those before them: what they said stands until the next look."""
    live = Version.objects.filter(live=True, model=OuterRef("model"), number__gte=OuterRef("number"))
    rows = Version.objects.filter(Exists(live), **({"model": model} if model else {}))
    return list(rows.values_list("pk", flat=True))


def _rival_by_people() -> QuerySet[HumanTag]:
    """Select tags that people set on the asset and that the suggesting model, an exclusive one, teaches too."""
    taught = Version.tags.through.objects.filter(
        version=OuterRef(OuterRef("version")), version__model__exclusive=True
    ).values(present=Coalesce("tag__merged_into", "tag"))
    return HumanTag.objects.filter(asset=OuterRef("asset"), tag__in=taught)


def _given() -> QuerySet[SmartTag]:
    """Select smart tags on the asset that undoing or rolling back has brought in the suggestion's place."""
    same_choice = Q(version__model=OuterRef("version__model"), version__model__exclusive=True)
    return SmartTag.objects.filter(Q(tag=OuterRef("tag")) | same_choice, asset=OuterRef("asset"))


def _behind(word: str) -> Q:
    cursor = Cursor.read(word)
    with suppress(ValueError):
        confidence, tag = map(int, cursor.name.split(" "))
        later = Q(asset__gt=cursor.pk) | Q(asset=cursor.pk, tag__gt=tag)
        return Q(confidence__lte=confidence) & (Q(confidence__lt=confidence) | later)
    raise LibraryError("{word!r} is not where a page ended", word=word[:40])
