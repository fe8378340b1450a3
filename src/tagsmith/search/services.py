"""Keeping the searched text as the assets and the taxonomy are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from tagsmith.assets.models import Asset
from tagsmith.curation.models import HumanTag
from tagsmith.search.analysis import Passage, as_tsvector, words
from tagsmith.search.documents import passages
from tagsmith.search.tag_words import tag_words

BATCH = 500  # assets written at once
_LOCK = 7_265_003
_FIELDS = ("name", "title", "description", "creator", "rights", "keywords", "custom")
_WRITE = """
    INSERT INTO search_document (asset_id, text)
    SELECT * FROM unnest(%s::bigint[], %s::tsvector[])
    ON CONFLICT (asset_id) DO UPDATE SET text = excluded.text
"""
_LEARN = """
    INSERT INTO search_word (text)
    SELECT word FROM unnest(%s::text[]) word WHERE NOT EXISTS (SELECT FROM search_word WHERE text = word)
"""


def index(asset_ids: Iterable[int]) -> None:
    """Write the searched text of assets anew, in the transaction that changes them.

    Only one transaction at a time does this: what the one before wrote is read by the next, so none writes a text
    that is out of date already, and two never wait for each other's words.
    """
    ids = sorted(set(asset_ids))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        for start in range(0, len(ids), BATCH):
            _write(ids[start : start + BATCH])


def reindex(asset_ids: Sequence[int] | None = None) -> int:
    """Write the searched text of some assets anew, or of all, batch by batch; return of how many.

    Each batch is a transaction, so that nobody waits long.
    """
    if asset_ids is None:
        asset_ids = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(asset_ids), BATCH):
        index(asset_ids[start : start + BATCH])
    return len(asset_ids)


def _write(ids: Sequence[int]) -> None:
    known = tag_words()
    tags: defaultdict[int, list[int]] = defaultdict(list)
    for asset, tag in HumanTag.objects.filter(asset__in=ids).order_by("asset", "tag").values_list("asset_id", "tag_id"):
        tags[asset].append(tag)
    texts = {
        asset.pk: list(passages(asset, tags.get(asset.pk, ()), known))
        for asset in Asset.objects.filter(pk__in=ids).only(*_FIELDS)
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, (sorted(_words(texts.values())),))
        cursor.execute(_WRITE, (list(texts), [as_tsvector(parts) for parts in texts.values()]))


def _words(texts: Iterable[Iterable[Passage]]) -> set[str]:
    """Return the words in which wildcards may stand."""
    found = (word for parts in texts for part in parts for word in words(part.text))
    return {word.text for word in found if not word.dense}
