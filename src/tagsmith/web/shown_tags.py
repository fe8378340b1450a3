"""The tags of an asset as its page shows them: what people set, and apart from it what tag models say."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tagsmith.assets.models import Asset
from tagsmith.curation.models import HumanTag
from tagsmith.ordering import sorting_key
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.suggesting import titles_of

VERY_SURE, SURE = 95, 80  # per cent


@dataclass(frozen=True)
class Shown:
    """A tag by its title; a smart tag also by how sure its tag model is, in per cent."""

    id: int
    title: str
    key: str
    promoted: bool = False
    per_cent: float = 0.0
    model: str = ""
    version: int = 0

    @property
    def sureness(self) -> str:
        """How sure the tag model is, in words."""
        if self.per_cent >= VERY_SURE:
            return _("very sure")
        return _("sure") if self.per_cent >= SURE else _("likely")


@dataclass(frozen=True)
class Tags:
    """People's tags by title; smart tags, the surest first."""

    by_people: list[Shown]
    smart: list[Shown]


def tags_of(asset: Asset, language: str) -> Tags:
    """Return the tags of an asset, which the caller may see; three queries, however many there are."""
    people = list(HumanTag.objects.filter(asset=asset).values_list("tag_id", "tag__name", "tag__key", "promoted"))
    smart = list(
        SmartTag.objects.filter(asset=asset)
        .order_by("-confidence", "tag__key")
        .values_list("tag_id", "tag__name", "tag__key", "confidence", "version__model__title", "version__number")
    )
    titles = titles_of({row[0] for row in people} | {row[0] for row in smart}, language)
    by_people = [Shown(tag, titles.get(tag, name), key, promoted=promoted) for tag, name, key, promoted in people]
    by_machine = [
        Shown(tag, titles.get(tag, name), key, per_cent=confidence / 10, model=model, version=number)
        for tag, name, key, confidence, model, number in smart
    ]
    return Tags(sorted(by_people, key=lambda shown: (sorting_key(shown.title, language), shown.key)), by_machine)
