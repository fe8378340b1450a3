"""The advice on all tags. What titles say is remembered until a tag changes; what is used is looked up each time."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from django.db.models import Count, Exists, Max, OuterRef

from tagsmith.sentences import say
from tagsmith.taxonomy.advice.alike import Text, alike
from tagsmith.taxonomy.advice.findings import Finding, Kind, Named
from tagsmith.taxonomy.advice.lexicon import NOWHERE
from tagsmith.taxonomy.advice.seeing import unseen
from tagsmith.taxonomy.models import Label, Tag
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.selectors import live_tags

UNUSED = say("no asset has it, no image teaches it, and no tag model is to learn it")
DELETE = say("delete it, or teach it")


def lint() -> list[Finding]:
    """Return the advice on all tags, by kind, in the order of their ids."""
    return [*_said_of_titles(), *unused()]


def unused() -> list[Finding]:
    """Return the tags that nothing uses and that have none below them: those that have hold the others together."""
    used, below = REFERENCES.in_use(), live_tags().filter(parent=OuterRef("pk"))
    leaves = live_tags().exclude(Exists(below)).values_list("pk", "key", "name")
    return [Finding(Kind.UNUSED, (Named(pk, key, name),), UNUSED, DELETE) for pk, key, name in leaves if pk not in used]


def texts_of(tags: Iterable[tuple[int, str, str]], labels: Iterable[tuple[int, str, str, bool]]) -> Iterator[Text]:
    """Yield the words of tags (number, id, name) and their labels; without an English title, the name is one."""
    by_tag: defaultdict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    for tag, language, text, is_title in labels:
        by_tag[tag].append((language, text, is_title))
    for pk, key, name in tags:
        words = sorted(by_tag[pk], key=lambda word: word[0] != NOWHERE)  # English first
        if not any(language == NOWHERE and is_title for language, _, is_title in words):
            yield Text(pk, key, name, NOWHERE)
        yield from (Text(pk, key, text, language, is_title) for language, text, is_title in words)


def _said_of_titles() -> list[Finding]:
    state = _state()
    if state not in _known:
        tags = live_tags().values_list("pk", "key", "name", "blocked")
        labels = Label.objects.filter(tag__deleted__isnull=True).order_by("language", "-is_title", "text")
        rows = [(pk, key, name) for pk, key, name, _ in tags]
        texts = list(texts_of(rows, labels.values_list("tag_id", "language", "text", "is_title")))
        left_to_people = {pk for pk, _, _, blocked in tags if blocked}
        order = list(Kind)
        found = [*_unseen(text for text in texts if text.tag not in left_to_people), *alike(texts)]
        found.sort(key=lambda finding: (order.index(finding.kind), finding.tags[0].key))
        _known.clear()
        _known[state] = found
    return _known[state]


def _unseen(texts: Iterable[Text]) -> Iterator[Finding]:
    """Yield a finding for each tag with a title, in whichever language, that no image shows."""
    told: set[int] = set()
    for text in texts:
        if text.is_title and text.tag not in told and (found := unseen(text.text, text.language)):
            told.add(text.tag)
            yield Finding(found.kind, (Named(text.tag, text.key, text.text),), found.reason, found.remedy)


def _state() -> Hashable:
    """Return what is another when any tag or its words have changed."""
    return tuple(Tag.objects.aggregate(Count("pk"), Max("modified"), Max("deleted"), Count("deleted")).values())


_known: dict[Hashable, list[Finding]] = {}
