"""The tags of an asset as its page shows them: what people set, and apart from it what tag models say."""

from collections.abc import Collection
from dataclasses import dataclass

from tagsmith.assets.models import Asset
from tagsmith.curation.models import HumanTag
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.models import Label


@dataclass(frozen=True)
class Shown:
    """A tag by its title; a smart tag also by how sure its tag model is, in per cent."""

    title: str
    key: str
    promoted: bool = False
    per_cent: float = 0.0
    model: str = ""
    version: int = 0


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
    titles = _titles({row[0] for row in people} | {row[0] for row in smart}, language)
    by_people = [Shown(titles.get(tag, name), key, promoted=promoted) for tag, name, key, promoted in people]
    by_machine = [
        Shown(titles.get(tag, name), key, per_cent=confidence / 10, model=model, version=number)
        for tag, name, key, confidence, model, number in smart
    ]
    return Tags(sorted(by_people, key=lambda shown: (shown.title.casefold(), shown.key)), by_machine)


def _titles(tags: Collection[int], language: str) -> dict[int, str]:
    """Return the titles in a language, else in English, of those tags that have one."""
    labels = Label.objects.filter(tag__in=tags, is_title=True, language__in=("en", language))
    rows = sorted(labels.values_list("tag_id", "language", "text"), key=lambda row: row[1] == language)
    return {tag: text for tag, _, text in rows}
