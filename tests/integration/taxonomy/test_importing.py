import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.audit.models import Entry
from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files import Report, export_aem, export_csv, import_taxonomy, parse_csv, parse_json
from tagsmith.taxonomy.models import Redirect
from tagsmith.taxonomy.selectors import find_tag, title, tree
from tagsmith.taxonomy.services import add_synonym, move, set_description, set_title

pytestmark = [pytest.mark.django_db, pytest.mark.req("X3a")]


def rows(*lines: str):
    return parse_csv("\n".join(lines).encode())


def test_the_report_counts_what_was_made_changed_and_left(actor, make):
    make("same", "other")
    file = rows("id,title:en", "same,", "other,New", "fresh/child,")
    assert import_taxonomy(actor, file) == Report(created=2, updated=1, unchanged=1)
    assert import_taxonomy(actor, file) == Report(created=0, updated=0, unchanged=4)


def test_what_a_file_does_not_say_stays(actor, make):
    (tag,) = make("a")
    set_title(actor, tag, "A")
    set_title(actor, tag, "Ah", "de")
    add_synonym(actor, tag, "s")
    set_description(actor, tag, "d")
    import_taxonomy(actor, rows("id,title:de", "a,Neu"))
    (node,) = tree()
    assert (node.titles, node.synonyms, node.description) == ({"de": "Neu", "en": "A"}, {"en": ("s",)}, "d")


def test_an_empty_cell_of_a_column_takes_away(actor, make):
    (tag,) = make("a")
    set_title(actor, tag, "A")
    add_synonym(actor, tag, "s")
    import_taxonomy(actor, rows("id,title:en,synonyms:en", "a,,"))
    assert (tree()[0].titles, tree()[0].synonyms) == ({}, {})


def test_a_synonym_that_is_the_title_is_the_title(actor, make):
    (tag,) = make("a")
    add_synonym(actor, tag, "Boots")
    import_taxonomy(actor, rows("id,title:en", "a,Boots"))
    assert (tree()[0].titles, tree()[0].synonyms) == ({"en": "Boots"}, {})


def test_tags_are_found_whatever_their_case(actor, make, keys):
    make("N:Shoes")
    import_taxonomy(actor, rows("id", "n:SHOES/boots", "n:hats"))
    assert keys() == ["N:Shoes", "N:Shoes/boots", "N:hats"]


def test_redirects_of_the_file_resolve_and_the_others_stay(actor, make):
    (tag,) = make("a")
    move(actor, tag, "default:", "b")
    import_taxonomy(actor, rows("id,redirects", "b,x:old;older"))
    assert [find_tag(old).key for old in ("a", "x:old", "older")] == ["default:b"] * 3


def test_a_tag_of_the_file_ends_a_redirect(actor, make):
    (tag,) = make("a")
    move(actor, tag, "default:", "b")
    import_taxonomy(actor, rows("id", "a"))
    assert find_tag("a") != tag
    assert not Redirect.objects.exists()


def test_a_redirect_that_is_a_tag_is_refused_and_nothing_is_imported(actor, make, keys):
    make("a")
    with pytest.raises(TaxonomyError, match="line 3: default:A cannot lead to default:new: there is a tag default:A"):
        import_taxonomy(actor, rows("id,redirects", "b,", "new,A"))
    assert keys() == ["default:a"]


def test_an_import_that_fails_late_leaves_nothing(actor, make, keys):
    make("\N{LATIN SMALL LIGATURE FF}" * 50 + ":a")  # is `ff` whatever the case, and takes more bytes
    long = "/".join(["x" * 200] * 9 + ["x" * 80])
    file = rows("id", "b", "ff" * 50 + ":" + long)
    with pytest.raises(TaxonomyError, match=r"line 3: .* has at most 2000 bytes"):
        import_taxonomy(actor, file)
    assert len(keys()) == 1


def test_every_change_of_an_import_is_in_the_audit_log_as_one_unit(actor, make):
    make("a")
    import_taxonomy(actor, rows("id,description", "a,new", "b,"))
    entries = Entry.objects.filter(unit__isnull=False)
    assert {(entry.action, entry.after["key"]) for entry in entries} == {
        ("tag.import", "default:a"),
        ("tag.create", "default:b"),
    }
    assert len({entry.unit for entry in entries}) == 1


def test_importing_again_takes_as_many_queries_for_any_size(actor):
    counts = []
    for size in (2, 60):
        file = rows("id,title:en,redirects", *(f"a/b{number},T{number},old{number}" for number in range(size)))
        import_taxonomy(actor, file)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_taxonomy(actor, file)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("export", [export_csv, export_aem])
def test_exports_take_as_many_queries_for_any_size(actor, export, django_assert_num_queries):
    import_taxonomy(actor, rows("id,redirects", *(f"a/b{number},old{number}" for number in range(50))))
    with django_assert_num_queries(3):
        export()


def test_csv_opens_in_excel_and_a_formula_stays_text(actor, make):
    set_title(actor, make("a")[0], '=HYPERLINK("x")')
    assert (
        export_csv()
        == (
            "\ufeffid,title:en,synonyms:en,description,blocked,redirects\r\n"
            'default:a,"\'=HYPERLINK(""x"")",,,false,\r\n'
        ).encode()
    )


def test_the_aem_tree_is_what_aem_reads(actor, make):
    set_title(actor, make("brand:a[1]/b")[0], "B", "pt-br")
    tag = {"jcr:primaryType": "cq:Tag", "sling:resourceType": "cq/tagging/components/tag"}
    assert json.loads(export_aem()) == {
        "jcr:primaryType": "sling:Folder",
        "brand": {**tag, "a%5B1%5D": {**tag, "b": {**tag, "jcr:title.pt_br": "B"}}},
    }


def test_an_aem_tree_is_imported(actor):
    root = {"jcr:primaryType": "sling:Folder", "n": {"a": {"jcr:primaryType": "cq:Tag", "jcr:title": "Ah"}}}
    assert import_taxonomy(actor, parse_json(json.dumps(root).encode())) == Report(1, 0, 0)
    assert title(find_tag("n:a")) == "Ah"
