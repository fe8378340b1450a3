"""What search does when something below it changes; `config` registers it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from tagsmith.assets.following import FOLLOWERS
from tagsmith.curation.models import HumanTag
from tagsmith.search.jobs import reindex
from tagsmith.search.services import index
from tagsmith.search.tag_words import tag_words
from tagsmith.taxonomy.references import REFERENCES, Bystander

NAME = "searched texts"
AT_ONCE = 2000  # assets; more are a job's
JOB = 5000  # assets of one job


class SearchedTexts(Bystander):
    """The words of tags in the texts of the assets that people gave them to.

    A tag that people set stays when the tag is deleted, and its words stay findable: then nothing changes here. After a
    merge comes `reworded`, when the tags that people set are the target's.
    """

    kind = NAME

    def count(self, tag_ids: Sequence[int]) -> int:  # noqa: ARG002 - the tags that people set are counted elsewhere
        """Return 0: the texts are made from what others count."""
        return 0

    def examples(self, tag_ids: Sequence[int], limit: int) -> list[str]:  # noqa: ARG002
        """Return nothing, as there is nothing to count."""
        return []

    def restored(self, tag_ids: Sequence[int], unit: UUID) -> None:  # noqa: ARG002
        """Write the texts anew: what stands above the tags may have changed."""
        _index_below(tag_ids)

    def reworded(self, tag_ids: Sequence[int]) -> None:
        """Write the texts anew of the assets that people gave one of the tags to, or one below."""
        _index_below(tag_ids)


def follow() -> None:
    """Register what keeps the searched texts fresh."""
    FOLLOWERS.register(NAME, _index)
    REFERENCES.register(SearchedTexts())


def unfollow() -> None:
    """Undo `follow`."""
    FOLLOWERS.unregister(NAME)
    REFERENCES.unregister(NAME)


def _index_below(tag_ids: Iterable[int]) -> None:
    tags = tag_words().below(tag_ids)
    rows = HumanTag.objects.filter(tag__in=tags).order_by("asset")
    _index(list(rows.values_list("asset_id", flat=True).distinct()))


def _index(assets: Sequence[int]) -> None:
    """Write the texts of these assets anew: of a few at once, of many soon, so that nobody waits for it."""
    if len(assets) <= AT_ONCE:
        index(assets)
        return
    for start in range(0, len(assets), JOB):
        reindex.enqueue(assets=assets[start : start + JOB])
