"""What of an asset is searched, passage by passage. Knows nothing of the index's table."""

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from tagsmith.assets.models import Asset
from tagsmith.search.analysis import Passage, Weight
from tagsmith.search.parts import Field
from tagsmith.search.tag_words import TagWords

RIGHTS, NAME, CUSTOM = "rights", "name", "custom"  # fields that cannot be asked for by name
# Before a lexeme, where it stands in this field; words hold letters, digits and marks only.
MARKS: dict[str, str] = {
    Field.TITLE: "t:",
    Field.TAGS: "g:",
    Field.DESCRIPTION: "d:",
    Field.KEYWORDS: "k:",
    Field.CREATOR: "c:",
    RIGHTS: "r:",
    NAME: "n:",
    CUSTOM: "x:",
}


def passages(asset: Asset, tags: Iterable[int], known: TagWords) -> Iterator[Passage]:
    """Yield the passages of an asset that has these tags from people, the weightiest first."""
    yield Passage(asset.title, Weight.TITLE, mark=MARKS[Field.TITLE])
    families = (one for tag in tags for one in known.with_those_above(tag))
    for wording in dict.fromkeys(wording for one in families for wording in one.wordings):
        yield Passage(wording.text, Weight.TAGS, wording.language, mark=MARKS[Field.TAGS])
    yield Passage(asset.description, Weight.DESCRIPTION, mark=MARKS[Field.DESCRIPTION])
    for keyword in asset.keywords:
        yield Passage(keyword, Weight.DESCRIPTION, mark=MARKS[Field.KEYWORDS])
    yield Passage(asset.creator, mark=MARKS[Field.CREATOR])
    yield Passage(asset.rights, mark=MARKS[RIGHTS])
    yield Passage(PurePath(asset.name).stem, mark=MARKS[NAME])
    for text in texts_in(asset.custom):
        yield Passage(text, mark=MARKS[CUSTOM])


def texts_in(value: object) -> Iterator[str]:
    """Yield the texts and numbers in a custom field's value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    else:
        yield str(value)
