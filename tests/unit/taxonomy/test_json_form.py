import json

import pytest

from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files import parse_json


def own(*tags: object, **more: object) -> bytes:
    return json.dumps({"format": "tagsmith taxonomy", "version": 1, "tags": tags, **more}).encode()


def problems(content: bytes) -> list[str]:
    with pytest.raises(TaxonomyError) as caught:
        parse_json(content)
    return str(caught.value).splitlines()


@pytest.mark.req("X3a")
def test_all_that_a_tag_has_is_read():
    tag = {
        "id": "n:a",
        "titles": {"en": "A", "pt_BR": "Á"},
        "synonyms": {"de": ["y", "x", "x"]},
        "description": "d",
        "blocked": True,
        "redirects": ["n:old"],
    }
    (entry,) = parse_json(own(tag)).entries
    assert (str(entry.key), entry.titles, entry.synonyms) == ("n:a", {"en": "A", "pt-br": "Á"}, {"de": ("x", "y")})
    assert (entry.description, entry.blocked, [*map(str, entry.redirects)]) == ("d", True, ["n:old"])


@pytest.mark.req("X3a")
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "line 1, column 1: no JSON"),
        (b'{\n"format": }', "line 2, column 11: no JSON"),
        (b"[]", "$: is no object"),
        (b"[" * 100_000, "$: the file is nested too deeply"),
        (b"{}", "$: neither Tagsmith's form"),
        (own(version=2), "$: this is 'tagsmith taxonomy', version 2"),
        (own(colour=1), "$.colour: is unknown"),
        (b'{"format": "tagsmith taxonomy", "version": 1, "tags": {}}', "$.tags: is no list"),
        (own("a"), "$.tags[0]: is no object"),
        (own({}), "$.tags[0]: the tag has no id"),
        (own({"id": 3}), "$.tags[0].id: 3 is no text"),
        (own({"id": "a", "parent": "b"}), "$.tags[0].parent: is unknown"),
        (own({"id": "a"}, {"id": "A"}), "$.tags[1]: default:A is there already ($.tags[0])"),
        (own({"id": "a", "titles": {"xxxxxx": "t"}}), "$.tags[0].titles.xxxxxx: 'xxxxxx' is no language code"),
        (own({"id": "a", "titles": {"en": 1}}), "$.tags[0].titles.en: 1 is no text"),
        (own({"id": "a", "synonyms": {"en": "x"}}), "$.tags[0].synonyms.en: is no list"),
        (own({"id": "a", "blocked": 1}), "$.tags[0].blocked: 1 is neither true nor false"),
        (own({"id": "a", "redirects": ["A"]}), "$.tags[0]: default:A cannot lead to default:a"),
        (b'{"format": "tagsmith taxonomy", "version": 1, "tags": [{"id": "a", "id": "b"}]}', "$.tags[0]: 'id' is"),
        (b"\xff\xfe{}", "line 1: the file is encoded as UTF-16"),
        (b'{\n"\xe9": 1}', "line 2: the byte 0xe9 is not UTF-8"),
    ],
)
def test_a_problem_is_named_with_its_place(content, expected):
    found = problems(content)
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_all_problems_are_told_at_once():
    assert len(problems(own({"id": "a:b:c", "blocked": 1}, {"titles": {}}, 7))) == 4
