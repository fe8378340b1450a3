"""The blocklist: tags that no machine gives. What machines gave of them goes at once, and comes back with them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils import timezone

from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, Change, record_all
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.services.changing import changing

BLOCK, UNBLOCK = "tag.block", "tag.unblock"


@dataclass(frozen=True)
class Blocking:
    """How many tags were put on the blocklist, or taken off it; `unit` takes that back, and names it in logs."""

    unit: UUID
    count: int


def block(actor: Actor, tags: Iterable[Tag], *, below: bool = False) -> Blocking:
    """Keep machines from giving these tags, and perhaps all below them; those that are blocked stay as they are."""
    return _say(actor, {tag.pk for tag in tags}, below=below, blocked=True)


def unblock(actor: Actor, tags: Iterable[Tag], *, below: bool = False) -> Blocking:
    """Let machines give these tags again, and perhaps all below them; what was taken away comes back."""
    return _say(actor, {tag.pk for tag in tags}, below=below, blocked=False)


def undo_blocking(actor: Actor, unit: UUID) -> int:
    """Take back what was blocked or unblocked as one, where nobody has said otherwise since; return of how many."""
    with changing():
        entries = Entry.objects.filter(unit=unit, subject="tag", action__in=(BLOCK, UNBLOCK))
        done = dict(entries.values_list("subject_id", "action"))
        rows = dict(Tag.objects.filter(pk__in=done).values_list("pk", "blocking"))
        blocked = {pk for pk, action in done.items() if action == BLOCK and rows.get(pk) == unit}
        allowed = {pk for pk, action in done.items() if action == UNBLOCK}
        return _say(actor, blocked, blocked=False).count + _say(actor, allowed, blocked=True).count


def take_away(tags: Collection[int], unit: UUID) -> None:
    """Let what machines gave of tags that are blocked now go; their rows say so already."""
    REFERENCES.blocked(sorted(tags), unit)


def bring_back(blockings: Iterable[tuple[int, UUID | None]]) -> None:
    """Bring back what went when tags were blocked, by tag and the name of that; their rows say so already."""
    together: defaultdict[UUID, list[int]] = defaultdict(list)
    for tag, blocking in blockings:
        if blocking is not None:
            together[blocking].append(tag)
    for blocking, tags in together.items():
        REFERENCES.unblocked(sorted(tags), blocking)


def _say(actor: Actor, tags: Collection[int], *, blocked: bool, below: bool = False) -> Blocking:
    unit = uuid4()
    with changing():
        wanted = _with_all_below(tags) if below else tags
        rows = live_tags().filter(pk__in=wanted, blocked=not blocked).select_for_update()
        before = dict(rows.order_by("pk").values_list("pk", "blocking"))
        changed = {"blocked": blocked, "blocking": unit if blocked else None, "modified": timezone.now()}
        Tag.objects.filter(pk__in=before).update(**changed)
        said = [Change(tag, {"blocked": not blocked}, {"blocked": blocked}) for tag in before]
        record_all(actor, BLOCK if blocked else UNBLOCK, "tag", said, unit)
        if blocked:
            take_away(before, unit)
        else:
            bring_back(before.items())
        return Blocking(unit, len(before))


def _with_all_below(tags: Collection[int]) -> set[int]:
    """Return the tags and all below them; parents come first in the order of their keys."""
    found = set(tags)
    for tag, parent in live_tags().values_list("pk", "parent"):
        if parent in found:
            found.add(tag)
    return found
