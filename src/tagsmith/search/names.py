"""What the names in a search mean: which tags, which tag models; and patterns for paths."""

from tagsmith.errors import TaxonomyError
from tagsmith.search.editing import typeable
from tagsmith.search.folding import fold
from tagsmith.search.tag_words import TagWords, wildcard
from tagsmith.taxonomy.keys import parse_key
from tagsmith.taxonomy.selectors import redirected_from
from tagsmith.training.models import TagModel, Version


def find_tags(tags: TagWords, name: str) -> set[int]:
    """Return the tags of a name, and all below them.

    A name is a title, a synonym, an id, an id without its namespace, or an id that a move or a merge has ended.
    """
    if has_wildcard(name):
        pattern = wildcard(fold(name))
        return tags.below(tag for written, ids in tags.by_spelling.items() if pattern.fullmatch(written) for tag in ids)
    found = tags.named(name) | tags.by_spelling.get(fold(name), set())
    return tags.below(found or _led_to(name))


def name_of(tags: TagWords, tag_id: int, title: str) -> str:
    """Return by which name a living tag is found and no other: its title, else its id."""
    wanted, key = tags.below([tag_id]), tags.tags[tag_id].key
    names = map(typeable, (title, key.partition(":")[2]))
    return next((name for name in names if find_tags(tags, name) == wanted), typeable(key))


def find_model_versions(title: str) -> list[int]:
    """Return the versions of the tag models of a title."""
    pattern = wildcard(fold(title))
    models = [pk for pk, known in TagModel.objects.values_list("pk", "title") if pattern.fullmatch(fold(known))]
    return list(Version.objects.filter(model__in=models).order_by("pk").values_list("pk", flat=True))


def has_wildcard(text: str) -> bool:
    """Whether a name is a pattern."""
    return "*" in text or "?" in text


def like(text: str) -> str:
    r"""Return SQL's pattern for a text in which `*` and `?` stand for characters, and nothing else does."""
    for sign in "\\%_":
        text = text.replace(sign, "\\" + sign)
    return text.replace("*", "%").replace("?", "_")


def _led_to(key: str) -> set[int]:
    try:
        tag = redirected_from(parse_key(key))
    except TaxonomyError:
        return set()
    return {tag.pk} if tag else set()
