"""A file's tags into the taxonomy: all of it or nothing. Nothing is deleted or moved by a file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from tagsmith.audit.services import Actor, record
from tagsmith.sentences import say
from tagsmith.taxonomy.files.content import Problems, TagEntry, TaxonomyFile
from tagsmith.taxonomy.keys import Key, fold
from tagsmith.taxonomy.models import Label, Redirect, Tag
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.services.blocking import bring_back, take_away
from tagsmith.taxonomy.services.changing import changing, end_redirects, leave_redirects, place_of
from tagsmith.taxonomy.wording import folded_label

Words = dict[tuple[str, str], bool]  # language and text → whether it is the title


@dataclass(frozen=True)
class Report:
    """How many tags an import made, changed, and found as they should be."""

    created: int
    updated: int
    unchanged: int


def import_taxonomy(actor: Actor, file: TaxonomyFile) -> Report:
    """Make the file's tags, and change those that are there already.

    Raises
    ------
    TaxonomyError
        A key is too long under the parent that is there already, or a redirect is a tag.
    """
    with changing():
        work = _Import(actor)
        work.check(file)
        for _, level in groupby(file.entries, key=lambda entry: len(entry.key.names)):
            work.create(list(level))
        updated = [entry for entry in file.entries if work.update(entry)]
        work.write()
        created = len(work.created)
        return Report(created, len(updated), len(file.entries) - created - len(updated))


class _Import:
    """One import: the taxonomy as it was read once, and what is to be written."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.unit = uuid4()
        self.tags = {tag.folded: tag for tag in live_tags()}
        self.namespaces = {fold(tag.namespace): tag.namespace for tag in reversed(self.tags.values())}
        self.redirects = dict(Redirect.objects.values_list("folded", "tag_id"))
        self.words: defaultdict[int, Words] = defaultdict(dict)
        for label in Label.objects.filter(tag__deleted__isnull=True):
            self.words[label.tag_id][label.language, label.text] = label.is_title
        self.created: set[int] = set()
        self.changed: list[Tag] = []
        self.labels: dict[int, Words] = {}
        self.moved: list[tuple[str, Tag]] = []
        self.blocked: list[int] = []
        self.unblocked: list[tuple[int, UUID | None]] = []

    def check(self, file: TaxonomyFile) -> None:
        """Report what the file cannot know: the tags that are there."""
        problems = Problems()
        for entry in file.entries:
            for old in entry.redirects:
                if old.folded in self.tags:
                    problems.add(
                        entry.place, say("{old} cannot lead to {tag}: there is a tag {old}", old=old, tag=entry.key)
                    )
        problems.check()

    def create(self, level: Sequence[TagEntry]) -> None:
        """Make the tags of one depth that are missing; their parents are there."""
        problems, missing = Problems(), []
        for entry in level:
            if entry.key.folded not in self.tags:
                with problems.at(entry.place):
                    missing.append(self._new(entry.key))
        problems.check()
        tags = Tag.objects.bulk_create(missing, batch_size=2000)
        self.created.update(tag.pk for tag in tags)
        self.tags.update((tag.folded, tag) for tag in tags)
        end_redirects(tag.folded for tag in tags)

    def update(self, entry: TagEntry) -> bool:
        """Collect what is to be changed of one tag; return whether one that was there is."""
        tag = self.tags[entry.key.folded]
        words = _words(entry, self.words[tag.pk])
        before, after = _state(tag, self.words[tag.pk]), _state(tag, words)
        if entry.description is not None:
            after["description"] = entry.description
        if entry.blocked is not None:
            after["blocked"] = entry.blocked
        redirects = [old for old in entry.redirects if self.redirects.get(old.folded) != tag.pk]
        self.moved += [(str(old), tag) for old in redirects]
        if before != after:
            self._block(tag, blocked=after["blocked"])
            tag.description, tag.modified = after["description"], timezone.now()
            self.changed.append(tag)
            self.labels[tag.pk] = words
        is_new = tag.pk in self.created
        if is_new or redirects or before != after:
            after["redirects"] = [str(old) for old in redirects]
            action, was = ("tag.create", None) if is_new else ("tag.import", before)
            record(self.actor, action, "tag", tag.pk, before=was, after=after, unit=self.unit)
        return not is_new and (bool(redirects) or before != after)

    def write(self) -> None:
        """Write the changes that were collected."""
        fields = ("description", "blocked", "blocking", "modified")
        Tag.objects.bulk_update(self.changed, fields, batch_size=2000)
        Label.objects.filter(tag__in=self.labels).delete()
        labels = [
            Label(tag_id=pk, language=language, text=text, folded=folded_label(text), is_title=is_title)
            for pk, words in self.labels.items()
            for (language, text), is_title in words.items()
        ]
        Label.objects.bulk_create(labels, batch_size=2000)
        leave_redirects(self.moved)
        REFERENCES.reworded([tag.pk for tag in self.changed if tag.pk not in self.created])
        take_away(self.blocked, self.unit)
        bring_back(self.unblocked)

    def _block(self, tag: Tag, *, blocked: bool) -> None:
        if blocked and not tag.blocked:
            self.blocked.append(tag.pk)
        elif tag.blocked and not blocked:
            self.unblocked.append((tag.pk, tag.blocking))
        if blocked != tag.blocked:
            tag.blocked, tag.blocking = blocked, self.unit if blocked else None

    def _new(self, wanted: Key) -> Tag:
        parent = self.tags[wanted.parent.folded] if wanted.parent else None
        spelled = self.namespaces.setdefault(fold(wanted.namespace), wanted.namespace)
        key = (place_of(parent) if parent else Key(spelled, ())).below(wanted.names[-1])
        return Tag(namespace=key.namespace, parent=parent, name=wanted.names[-1], key=str(key), folded=key.folded)


def _words(entry: TagEntry, known: Words) -> Words:
    """Return a tag's words as they should be; where one is title and synonym, it is the title."""
    kept = {
        word: is_title
        for word, is_title in known.items()
        if word[0] not in (entry.titles if is_title else entry.synonyms)
    }
    synonyms = {(language, text): False for language, texts in entry.synonyms.items() for text in texts}
    titles = {(language, text): True for language, text in entry.titles.items() if text}
    return synonyms | kept | titles


def _state(tag: Tag, words: Words) -> dict[str, Any]:
    return {
        "key": tag.key,
        "titles": {language: text for (language, text), is_title in sorted(words.items()) if is_title},
        "synonyms": [list(word) for word, is_title in sorted(words.items()) if not is_title],
        "description": tag.description,
        "blocked": tag.blocked,
    }
