"""Which tags words mean: ids, also old ones, names, titles and synonyms; many at once in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Func, TextField, Value

from tagsmith.errors import TaxonomyError
from tagsmith.sentences import Sentence, say
from tagsmith.taxonomy.keys import fold, parse_key
from tagsmith.taxonomy.models import Label, Redirect, Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.wording import folded_label


@dataclass(frozen=True)
class Entry:
    """What somebody wrote for a tag, and in which line."""

    line: int
    text: str


@dataclass(frozen=True)
class Unclear:
    """An entry that means no tag, or may mean several, and why."""

    entry: Entry
    reason: Sentence


@dataclass(frozen=True)
class Meant:
    """The tags that entries mean, each once, in their order; and the entries that are not clear."""

    tags: list[Tag]
    unclear: list[Unclear]


def tags_meant(entries: Sequence[Entry]) -> Meant:
    """Return the tags of entries: each is the id of one, or a word that only one has as its name, title or synonym."""
    texts = {entry.text: entry.text.replace("\0", "").strip() for entry in entries}
    found = _found(set(texts.values()))
    tags: dict[int, Tag] = {}
    unclear = []
    for entry in entries:
        candidates = found[texts[entry.text]]
        if len(candidates) == 1:
            tags.setdefault(candidates[0].pk, candidates[0])
        else:
            unclear.append(Unclear(entry, _why(texts[entry.text], candidates)))
    return Meant(list(tags.values()), unclear)


def tag_meant(text: str) -> Tag:
    """Return the tag of a key, or the one that has this name, title or synonym.

    Raises
    ------
    TaxonomyError
        There is none, or several have this word; the message says so.
    """
    meant = tags_meant([Entry(1, text)])
    if meant.unclear:
        raise TaxonomyError(meant.unclear[0].reason)
    return meant.tags[0]


def _why(text: str, candidates: Sequence[Tag]) -> Sentence:
    if not candidates:
        return say("there is no tag {text!r}", text=text)
    first, second = candidates[0].key, candidates[1].key
    return say("{text!r} may be {first} or {second}: write which", text=text, first=first, second=second)


def _found(texts: set[str]) -> defaultdict[str, list[Tag]]:
    """Return the tags of each text, in the order of their keys: the one with this id, else those with this word."""
    found: defaultdict[str, list[Tag]] = defaultdict(list)
    by_id = _by_id(texts)
    by_word = _by_word(text for text in texts if text not in by_id)
    tags = live_tags().in_bulk({*by_id.values(), *(pk for those in by_word.values() for pk in those)})
    for text in texts:
        ids = [by_id[text]] if text in by_id else by_word.get(text, ())
        found[text] = sorted((tags[pk] for pk in ids if pk in tags), key=lambda tag: tag.key)
    return found


def _by_id(texts: Iterable[str]) -> dict[str, int]:
    keys = {}
    for text in texts:
        try:
            keys[text] = parse_key(text).folded
        except TaxonomyError:
            continue  # it can still be a word
    old = Redirect.objects.filter(folded__in=keys.values(), tag__deleted__isnull=True).values_list("folded", "tag_id")
    known = dict(old) | dict(live_tags().filter(folded__in=keys.values()).values_list("folded", "pk"))
    return {text: known[key] for text, key in keys.items() if key in known}


def _by_word(texts: Iterable[str]) -> dict[str, set[int]]:
    words = {text: (folded_label(text), fold(text)) for text in texts if text}
    ids: defaultdict[str, set[int]] = defaultdict(set)
    labels = Label.objects.filter(folded__in={label for label, _ in words.values()}, tag__deleted__isnull=True)
    for folded, tag in labels.values_list("folded", "tag_id"):
        ids[folded].add(tag)
    names: defaultdict[str, set[int]] = defaultdict(set)
    parts = (F("folded"), Value("^.*[/:]"), Value(""))
    last = Func(*parts, function="regexp_replace", output_field=TextField())
    called = live_tags().annotate(last=last).filter(last__in={name for _, name in words.values()})
    for name, tag in called.values_list("last", "pk"):
        names[name].add(tag)
    return {text: ids[label] | names[name] for text, (label, name) in words.items()}
