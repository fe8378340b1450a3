"""What an export says, an import into an empty taxonomy brings back, in every form."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagsmith.audit.services import Actor
from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files import (
    TaxonomyFile,
    export_aem,
    export_csv,
    export_json,
    import_taxonomy,
    parse_csv,
    parse_json,
)
from tagsmith.taxonomy.keys import parse_key
from tagsmith.taxonomy.wording import checked_label

FORMS = ((export_csv, parse_csv), (export_json, parse_json), (export_aem, parse_json))
ODD = ("a", "A", "format", "tags", "cq", ".", "..", "%41", "%2F", "=1", "'=1", "'", "a;b", "\\", '"', "[*]", "x|y", "½")
PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=":/")


def is_fine(check, text: str) -> bool:
    try:
        return bool(check(text))
    except TaxonomyError:
        return False


names = st.sampled_from(ODD) | st.text(PRINTABLE, min_size=1, max_size=6).filter(lambda text: is_fine(parse_key, text))
keys = st.builds(lambda space, path: f"{space}:{'/'.join(path)}", names, st.lists(names, min_size=1, max_size=3))
words = st.sampled_from(("a:b/c", *ODD)) | st.text(max_size=8).filter(lambda text: is_fine(checked_label, text))
languages = st.sampled_from(("en", "de", "pt-br"))
descriptions = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t;,'\"="), max_size=12)
tags = st.fixed_dictionaries(
    {
        "titles": st.dictionaries(languages, words, max_size=2),
        "synonyms": st.dictionaries(languages, st.lists(words, max_size=3), max_size=2),
        "description": descriptions,
        "blocked": st.booleans(),
        "redirects": st.lists(keys, max_size=2),
    }
)


@st.composite
def taxonomies(draw: st.DrawFn) -> TaxonomyFile:
    seen: set[str] = set()
    chosen = draw(st.dictionaries(keys, tags, max_size=6))
    own = {parse_key(key).folded for key in chosen}
    parents = {parse_key(key).parent for key in chosen} | {
        above.parent for key in chosen if (above := parse_key(key).parent)
    }
    seen |= own | {parent.folded for parent in parents if parent}
    entries = []
    for key in {parse_key(key).folded: key for key in chosen}.values():
        tag = dict(chosen[key])
        tag["redirects"] = [
            old for old in tag["redirects"] if parse_key(old).folded not in seen and not seen.add(parse_key(old).folded)
        ]
        entries.append({"id": key, **tag})
    content = {"format": "tagsmith taxonomy", "version": 1, "tags": entries}
    return parse_json(json.dumps(content).encode())


@contextmanager
def empty() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.req("X3a")
@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(taxonomies())
def test_nothing_is_lost_in_any_form(taxonomy):
    actor = Actor(name="test")
    with empty():
        import_taxonomy(actor, taxonomy)
        first = [export() for export, _ in FORMS]
    for content, (_, parse) in zip(first, FORMS, strict=True):
        with empty():
            import_taxonomy(actor, parse(content))
            assert [export() for export, _ in FORMS] == first
            report = import_taxonomy(actor, parse(content))
            assert (report.created, report.updated) == (0, 0)
