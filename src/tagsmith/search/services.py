"""Keeping the searched text as the assets and the taxonomy are."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from django.db import connection, transaction

from tagsmith.assets.models import Asset
from tagsmith.curation.models import HumanTag
from tagsmith.search.analysis import is_word, places_of, written
from tagsmith.search.documents import passages
from tagsmith.search.tag_words import tag_words

BATCH = 1000  # assets written at once
_LOCK = 7_265_003
_FIELDS = ("name", "title", "description", "creator", "rights", "keywords", "custom")
_WRITE = """
    INSERT INTO search_document (asset_id, text)
    SELECT * FROM unnest(%s::bigint[], %s::tsvector[])
    ON CONFLICT (asset_id) DO UPDATE SET text = excluded.text WHERE search_document.text <> excluded.text
"""
# Lexemes are sorted into the index all at once; left where writing puts them, each search would read them through.
_CLEAN = "SELECT gin_clean_pending_list('document_text')"
_LEARN = """
    INSERT INTO search_word (text)
    SELECT word FROM unnest(%s::text[]) word WHERE NOT EXISTS (SELECT FROM search_word WHERE text = word)
"""


def index(asset_ids: Iterable[int]) -> int:
    """Write the searched text of assets anew, in the transaction that changes them; return of how many.

    Only one transaction at a time does this: what the one before wrote is read by the next, so none writes a text
    that is out of date already, and two never wait for each other's words.
    """
    ids = sorted(set(asset_ids))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        return sum(_write(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def reindex(asset_ids: Sequence[int] | None = None, advance: Callable[[int], object] | None = None) -> int:
    """Write the searched text of some assets anew, or of all, batch by batch; return of how many.

    Each batch is a transaction, so that nobody waits long; `advance` is told how many it was given. A text that is
    as it should be is not touched.
    """
    if asset_ids is None:
        asset_ids = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(asset_ids), BATCH):
        batch = asset_ids[start : start + BATCH]
        count += index(batch)
        if advance:
            advance(len(batch))
    return count


def _write(ids: Sequence[int]) -> int:
    known = tag_words()
    tags: defaultdict[int, list[int]] = defaultdict(list)
    for asset, tag in HumanTag.objects.filter(asset__in=ids).order_by("asset", "tag").values_list("asset_id", "tag_id"):
        tags[asset].append(tag)
    texts = {
        asset.pk: places_of(passages(asset, tags.get(asset.pk, ()), known))
        for asset in Asset.objects.filter(pk__in=ids).only(*_FIELDS)
    }
    words = set(filter(is_word, chain.from_iterable(texts.values())))
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, (sorted(words),))
        cursor.execute(_WRITE, (list(texts), [written(places) for places in texts.values()]))
        cursor.execute(_CLEAN)
    return len(texts)
