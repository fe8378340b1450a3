"""Two tags become one; what stands below them becomes one where the names are equal."""

from uuid import UUID, uuid4

from django.utils import timezone

from tagsmith.audit.services import Actor, record
from tagsmith.errors import ConflictError, TaxonomyError
from tagsmith.taxonomy.models import Label, Redirect, Tag
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.selectors import live_at, live_tags
from tagsmith.taxonomy.services.changing import changing, fresh, leave_redirects, place_of
from tagsmith.taxonomy.services.move import relocate
from tagsmith.taxonomy.wording import folded_label


def merge(actor: Actor, source: Tag, target: Tag) -> Tag:
    """Let the target take over the source: its key, its words as synonyms, its children, and what refers to it.

    The target keeps its titles and its place on the blocklist, and its description unless it has none.

    Raises
    ------
    TaxonomyError
        The target is the source itself or below it.
    ConflictError
        A tag below the source would take over the key that must lead to the target.
    """
    with changing():
        source, target = fresh(source), fresh(target)
        if (target.key + "/").startswith(source.key + "/"):
            raise TaxonomyError("{tag} cannot be merged into itself or below itself", tag=source.key)
        _Merge(actor).dissolve(source, target)
        return fresh(target)


class _Merge:
    """One merge with all that follow from it below."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.unit: UUID = uuid4()
        self.ended: set[str] = set()

    def dissolve(self, source: Tag, target: Tag) -> None:
        """Let the target take over the source, then their children."""
        self.ended.add(source.folded)
        _pass_on_words(source, target)
        source.deleted, source.merged_into = timezone.now(), target
        source.save(update_fields=["deleted", "merged_into", "modified"])
        Tag.objects.filter(merged_into=source).update(merged_into=target)
        Tag.objects.filter(parent=source, deleted__isnull=False).update(parent=target)  # for when they are restored
        Redirect.objects.filter(tag=source).update(tag=target)
        leave_redirects([(source.key, target)])
        REFERENCES.merged(source.pk, target.pk, self.unit)
        REFERENCES.reworded([target.pk])
        keys = ({"key": source.key}, {"key": target.key})
        record(self.actor, "tag.merge", "tag", source.pk, before=keys[0], after=keys[1], unit=self.unit)
        for child in live_tags().filter(parent=source).select_for_update():
            self._adopt(child, target)

    def _adopt(self, child: Tag, target: Tag) -> None:
        key = place_of(target).below(child.name)
        if key.folded in self.ended:
            raise ConflictError(
                "{tag} would become {key}, which is being merged: give it another name first", tag=child.key, key=key
            )
        twin = live_at(key)
        if twin is not None:
            self.dissolve(child, fresh(twin))
        else:
            relocate(child, target, key)


def _pass_on_words(source: Tag, target: Tag) -> None:
    labels = list(Label.objects.filter(tag=source))
    words = {(label.language, label.text) for label in labels}
    if not any(label.is_title for label in labels):
        words.add(("en", source.name))
    synonyms = [
        Label(tag=target, language=language, text=text, folded=folded_label(text)) for language, text in sorted(words)
    ]
    Label.objects.bulk_create(synonyms, ignore_conflicts=True)
    Label.objects.filter(tag=source).delete()
    target.description = target.description or source.description
    target.save(update_fields=["description", "modified"])
