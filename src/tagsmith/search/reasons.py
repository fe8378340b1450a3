"""Why an asset is a hit: which term or phrase of the search is where. Worked out for a page's assets only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from psycopg.sql import SQL

from tagsmith.assets.models import Asset
from tagsmith.curation.models import HumanTag
from tagsmith.search.analysis import terms_of, words
from tagsmith.search.documents import MARKS, texts_in
from tagsmith.search.lexemes import Text
from tagsmith.search.parts import Field, Phrase
from tagsmith.search.tag_words import TagWords, forms, holds, wildcard
from tagsmith.search.tiers import Search, fetch, matches
from tagsmith.tagging.models import SmartTag

THOUSANDTHS = 1000


class Where(StrEnum):
    """Where a term can be, as people call it."""

    TITLE = "title"
    TAG = "tag"
    SMART_TAG = "smart tag"
    DESCRIPTION = "description"
    KEYWORDS = "keywords"
    CREATOR = "creator"
    RIGHTS = "rights"
    NAME = "file name"
    CUSTOM = "custom fields"


_MARKED = {
    Field.TITLE: Where.TITLE,
    Field.DESCRIPTION: Where.DESCRIPTION,
    Field.KEYWORDS: Where.KEYWORDS,
    Field.CREATOR: Where.CREATOR,
}


@dataclass(frozen=True)
class Reason:
    """A term (or a phrase, quoted) and where it is; for a tag also its key, title and, of a smart tag, confidence."""

    term: str
    where: Where
    key: str = ""
    title: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class _Given:
    """A tag on an asset."""

    tag: int
    where: Where
    confidence: float | None = None


def reasons(assets: Iterable[Asset], search: Search, tags: TagWords) -> dict[int, tuple[Reason, ...]]:
    """Return for each asset, by its id, why it is found by the terms and phrases of a search; three queries for all."""
    rows = list(assets)
    if not (rows and search.texts):
        return {}
    ids = [asset.pk for asset in rows]
    marked, given = _marked(ids, search), _given(ids, tags)
    found: defaultdict[int, list[Reason]] = defaultdict(list)
    for number, text in enumerate(search.texts):
        tagged, is_in = tags.finds(text), _finder(text, tags)
        for asset in rows:
            fields = [*marked.get((asset.pk, number), ()), *_elsewhere(asset, is_in)]
            found[asset.pk] += (Reason(str(text), where) for where in fields)
            found[asset.pk] += _tags(text, (one for one in given[asset.pk] if one.tag in tagged), tags)
    return {asset: tuple(some) for asset, some in found.items()}


def _marked(ids: list[int], search: Search) -> dict[tuple[int, int], list[Where]]:
    """Return the marked fields that hold a text, by the asset and the text's number."""
    columns = [matches([search.lexemes.of(text, (MARKS[field],))]) for text in search.texts for field in _MARKED]
    rows = fetch(
        SQL("SELECT asset_id, {} FROM search_document WHERE asset_id = ANY({})").format(SQL(", ").join(columns), ids)
    )
    width = len(_MARKED)
    return {
        (asset, number): [where for where, holds in zip(_MARKED.values(), row[number * width :], strict=False) if holds]
        for asset, *row in rows
        for number in range(len(search.texts))
    }


def _elsewhere(asset: Asset, is_in: Callable[[str], bool]) -> Iterator[Where]:
    """Yield the fields without a mark of their own that hold a text."""
    if asset.rights and is_in(asset.rights):
        yield Where.RIGHTS
    if is_in(PurePath(asset.name).stem):
        yield Where.NAME
    if any(map(is_in, texts_in(asset.custom))):
        yield Where.CUSTOM


def _finder(text: Text, tags: TagWords) -> Callable[[str], bool]:
    if isinstance(text, Phrase):
        return lambda field: holds(field, text.text)
    if text.is_pattern:
        pattern = wildcard(text.text)
        return lambda field: any(pattern.fullmatch(word.text) for word in words(field) if not word.dense)
    if words(text.text)[0].dense:
        return lambda field: any(text.text in word.text for word in words(field) if word.dense)
    lexemes = set(forms(text.text, tags.languages))
    return lambda field: any(lexeme in lexemes for lexeme, _ in terms_of(field))


def _tags(text: Text, given: Iterable[_Given], tags: TagWords) -> Iterator[Reason]:
    """Yield the tags that a text finds; a phrase is looked for in metadata only."""
    for one in given:
        known = tags.known(one.tag)
        if known is not None and not (one.where is Where.SMART_TAG and isinstance(text, Phrase)):
            yield Reason(str(text), one.where, known.key, known.title, one.confidence)


def _given(assets: list[int], tags: TagWords) -> dict[int, list[_Given]]:
    """Return the tags of both kinds on each asset: those of people first, then the surest."""
    given: defaultdict[int, list[_Given]] = defaultdict(list)
    for asset, tag in HumanTag.objects.filter(asset__in=assets).order_by("tag").values_list("asset_id", "tag_id"):
        given[asset].append(_Given(tag, Where.TAG))
    smart = SmartTag.objects.filter(asset__in=assets).exclude(tag__in=tags.dead()).order_by("-confidence", "tag")
    for asset, tag, confidence in smart.values_list("asset_id", "tag_id", "confidence"):
        given[asset].append(_Given(tag, Where.SMART_TAG, confidence / THOUSANDTHS))
    return given
