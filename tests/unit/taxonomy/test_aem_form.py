import json

import pytest

from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files import parse_json

TAG = {"jcr:primaryType": "cq:Tag"}


def read(root: object):
    return {str(entry.key): entry for entry in parse_json(json.dumps(root).encode()).entries}


def problems(content: bytes) -> list[str]:
    with pytest.raises(TaxonomyError) as caught:
        parse_json(content)
    return str(caught.value).splitlines()


def tree(**nodes: object) -> dict[str, object]:
    return {"jcr:primaryType": "sling:Folder", "rep:policy": {"jcr:primaryType": "rep:ACL", "x": {}}, **nodes}


@pytest.mark.req("X3a")
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_tree_is_read_with_titles_by_language(wrapped):
    boots = {
        **TAG,
        "jcr:title": "Boots",
        "jcr:title.de": "Stiefel",
        "jcr:title.pt_br": "Botas",
        "jcr:description": "High",
        "sling:resourceType": "cq/tagging/components/tag",
        "jcr:lastModified": "Mon",
    }
    root = tree(brand={**TAG, "jcr:title": "Brands", "shoes": {**TAG, "boots": boots}})
    tags = read({"cq:tags": root} if wrapped else root)
    assert list(tags) == ["brand:shoes", "brand:shoes/boots"]
    assert tags["brand:shoes/boots"].titles == {"en": "Boots", "de": "Stiefel", "pt-br": "Botas"}
    assert tags["brand:shoes/boots"].description == "High"


def test_a_moved_tag_is_read_as_a_redirect_to_where_it_ended():
    moved = {
        "old": {**TAG, "cq:movedTo": "/content/cq:tags/n/older"},
        "older": {**TAG, "cq:movedTo": "/etc/tags/n/a/new"},
    }
    tags = read(tree(n={**TAG, "a": {**TAG, "new": dict(TAG)}, **moved}))
    assert list(tags) == ["n:a", "n:a/new"]
    assert [*map(str, tags["n:a/new"].redirects)] == ["n:old", "n:older"]


@pytest.mark.req("X3a")
@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (TAG, "$: this is a tag or a namespace without its name"),
        (tree(n={"a:b": TAG}), "$.n.a:b: 'a:b': a tag's name cannot hold"),
        (tree(n={"a": {"b%2Fc": TAG}}), "$.n.a.b%2Fc: 'b/c': a tag's name cannot hold"),
        (tree(n={"a": {**TAG, "jcr:title": 5}}), "$.n.a.jcr:title: 5 is no text"),
        (tree(n={"a": TAG, "A": TAG}), "$.n.A: n:A is there already ($.n.a)"),
        (tree(n={"a": {**TAG, "cq:movedTo": "/content/cq:tags/n/x"}}), "$.n.a: was moved to n:x, which is not in"),
        (
            tree(n={"a": {**TAG, "cq:movedTo": "/content/cq:tags/n/a"}}),
            "$.n.a: was moved in a cycle: n:a to n:a",
        ),
    ],
)
def test_a_problem_is_named_with_its_path(root, expected):
    found = problems(json.dumps(root).encode())
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_a_node_that_is_there_twice_is_a_problem():
    content = b'{"jcr:primaryType": "sling:Folder", "n": {"a": {"jcr:primaryType": "cq:Tag"}, "a": {}}}'
    assert problems(content) == ["$.n: 'a' is there twice"]


def test_a_tree_deeper_than_tags_can_stand_is_a_problem():
    node: dict[str, object] = dict(TAG)
    for _ in range(120):
        node = {**TAG, "a": node}
    assert "at most 100 levels deep" in problems(json.dumps(tree(n=node)).encode())[0]
