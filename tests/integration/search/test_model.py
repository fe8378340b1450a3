"""Order and pages of any search in any small library are those of a plain reading of S1 to S3."""

import re

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING
from tagsmith.search.members import found_by

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.req("S1a", "S2a", "S2c", "S3a", "S3b", "S3c"),
]
TAGS = {"red": {"red"}, "wet": {"wet"}, "dog": {"dog"}, "dog/pup": {"dog", "pup", "cub"}}  # key: words that find it
WORDS = ("red", "wet", "dog", "pup", "cub")
FIELDS = {"title": 4, "own": 3, "description": 2, "rights": 1}
WORD, TAG = st.sampled_from(WORDS), st.sampled_from(sorted(TAGS))
ASSETS = st.fixed_dictionaries(
    {
        **{field: st.sets(WORD, max_size=2) for field in ("title", "description", "rights")},
        "own": st.sets(TAG, max_size=2),
        "smart": st.dictionaries(TAG, st.sampled_from((100, 500, 900)), max_size=4),
    }
)
TERM = WORD | st.sampled_from(["*u?", "p*", "?o*"])
QUERIES = st.tuples(st.lists(TERM, min_size=1, max_size=3, unique=True), st.sets(WORD, max_size=1), st.none() | WORD)


def holds(words, term):
    pattern = re.compile(term.replace("*", ".*").replace("?", "."))
    return any(pattern.fullmatch(word) for word in words)


def place(asset, terms, phrases, excluded):
    """Return where an asset belongs, the greatest first; None if it is no hit."""
    fields = {name: asset[name] for name in FIELDS} | {"own": set().union(*(TAGS[tag] for tag in asset["own"]))}
    written = set().union(*fields.values())
    smart = {term: [asset["smart"][tag] for tag in asset["smart"] if holds(TAGS[tag], term)] for term in terms}
    met = [term for term in terms if smart[term]]
    if excluded and (excluded in written or any(excluded in TAGS[tag] for tag in asset["smart"])):
        return None
    if not phrases <= written:
        return None
    levels = ([FIELDS[name] for name in FIELDS if holds(fields[name], text)] for text in (*terms, *phrases))
    relevance = sum(max(found, default=0) for found in levels)
    if all(holds(written, term) for term in terms):
        return (3, 1, 0, relevance, 0)
    if not met:
        return None
    covered = all(holds(written, term) or smart[term] for term in terms)
    return (2 if len(met) == len(terms) else 1, covered, len(met), relevance, sum(max(smart[term]) for term in met))


@pytest.fixture
def tags(shelf):
    return {key: shelf.tag(key, "", *(["Cub"] if key == "dog/pup" else [])) for key in TAGS}


@pytest.fixture(params=[10_000, 1])
def counted(request, monkeypatch):
    """How many hits are counted: many, as in a small library, or few, so that the ways of a large one are taken."""
    for module in ("prepared", "totals", "selectors"):
        monkeypatch.setattr(f"tagsmith.search.{module}.COUNTED", request.param)
    for module in ("prepared", "tiers"):
        monkeypatch.setattr(f"tagsmith.search.{module}.FEW", request.param // 10)
    return request.param


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(assets=st.lists(ASSETS, max_size=7), query=QUERIES, size=st.integers(1, 3))
def test_any_library_and_search(shelf, tags, counted, *, assets, query, size):
    terms, phrases, excluded = query
    with transaction.atomic():
        ids = [
            shelf.asset(
                f"{number}.jpg",
                smart={tags[key]: confidence for key, confidence in asset["smart"].items()},
                own=[tags[key] for key in asset["own"]],
                **{field: " ".join(sorted(asset[field])) for field in ("title", "description", "rights")},
            )
            for number, asset in enumerate(assets)
        ]
        placed = [(place(asset, terms, phrases, excluded), pk) for asset, pk in zip(assets, ids, strict=True)]
        expected = [pk for where, pk in sorted((one for one in placed if one[0]), reverse=True)]
        text = " ".join((*terms, *(f'"{one}"' for one in phrases), f"-{excluded}" if excluded else ""))
        found, after = [], ""
        while True:
            page = shelf.found(text, after=after, size=size)
            found += [hit.asset.pk for hit in page.hits]
            assert page.total == min(len(expected), counted)
            if not (after := page.after):
                break
        assert found == expected
        assert found_by(EVERYTHING, text, len(ids)) == sorted(expected, reverse=True)
        transaction.set_rollback(True)
    assert not Asset.objects.exists()
