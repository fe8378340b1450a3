import pytest

from tagsmith.audit.models import Entry
from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files import (
    entries_of_csv,
    entries_of_text,
    export_blocklist,
    export_csv,
    import_taxonomy,
    parse_csv,
)
from tagsmith.taxonomy.meaning import Entry as Written
from tagsmith.taxonomy.meaning import tags_meant
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import find_tag, live_tags
from tagsmith.taxonomy.services import (
    add_synonym,
    block,
    create_tag,
    delete,
    move,
    set_title,
    unblock,
    undo_blocking,
    undo_delete,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("X5b")]


def blocked():
    return list(live_tags().filter(blocked=True).values_list("key", flat=True))


def meant(*texts):
    found = tags_meant([Written(line, text) for line, text in enumerate(texts, 1)])
    return [tag.key for tag in found.tags], [(one.entry.line, str(one.reason)) for one in found.unclear]


def test_thousands_are_blocked_as_one_and_that_is_taken_back(actor):
    Tag.objects.bulk_create(
        Tag(name=f"t{number}", key=f"default:t{number}", folded=f"default:t{number}") for number in range(3000)
    )
    done = block(actor, live_tags())
    assert (done.count, len(blocked())) == (3000, 3000)
    assert Entry.objects.filter(unit=done.unit, action="tag.block").count() == 3000
    assert undo_blocking(actor, done.unit) == 3000
    assert blocked() == []


def test_what_is_blocked_already_is_neither_counted_nor_taken_back(actor, make):
    hat, sock = make("hat", "sock")
    block(actor, [hat])
    again = block(actor, [hat, sock])
    assert again.count == 1
    undo_blocking(actor, again.unit)
    assert blocked() == ["default:hat"]


def test_what_was_said_since_is_not_taken_back(actor, make):
    hat, sock = make("hat", "sock")
    first = block(actor, [hat, sock])
    unblock(actor, [hat])
    block(actor, [hat])
    assert undo_blocking(actor, first.unit) == 1
    assert blocked() == ["default:hat"]


def test_tags_below_go_along_if_asked(actor, make):
    make("mood/happy/very", "moody")
    mood = find_tag("mood")
    assert block(actor, [mood]).count == 1
    assert block(actor, [mood], below=True).count == 2
    assert blocked() == ["default:mood", "default:mood/happy", "default:mood/happy/very"]
    assert unblock(actor, [mood], below=True).count == 3


def test_unblocking_as_one_is_taken_back(actor, make):
    tags = make("hat", "sock")
    block(actor, tags)
    done = unblock(actor, tags)
    assert blocked() == []
    assert undo_blocking(actor, done.unit) == 2
    assert blocked() == ["default:hat", "default:sock"]


def test_what_machines_gave_is_put_aside_and_comes_back(actor, make, pictures):
    hat, sock = make("hat", "sock")
    pictures.shown = {hat.pk: ["a"], sock.pk: ["b"]}
    done = block(actor, [hat, sock])
    assert pictures.shown == {}
    unblock(actor, [sock])
    assert pictures.shown == {sock.pk: ["b"]}
    undo_blocking(actor, done.unit)
    assert pictures.shown == {sock.pk: ["b"], hat.pk: ["a"]}


def test_file_that_blocks_and_unblocks_does_the_same(actor, make, pictures):
    (hat,) = make("hat")
    pictures.shown = {hat.pk: ["a"]}
    import_taxonomy(actor, parse_csv(b"id,blocked\nhat,yes\n"))
    assert pictures.shown == {}
    import_taxonomy(actor, parse_csv(b"id,blocked\nhat,no\n"))
    assert pictures.shown == {hat.pk: ["a"]}


def test_deleted_tag_is_blocked_when_it_comes_back(actor, make):
    (hat,) = make("hat")
    block(actor, [hat])
    undo_delete(actor, delete(actor, hat).id)
    assert blocked() == ["default:hat"]


def test_entries_mean_tags_by_id_old_id_name_title_and_synonym_each_once(actor, make):
    hat, sock = make("clothing/hat", "Sock")
    move(actor, sock, "clothing:")
    set_title(actor, hat, "Hüte", "de")
    add_synonym(actor, hat, "Cap")
    assert meant("clothing/hat", "hat", "HÜTE", "cap ", "sock") == (["default:clothing/hat", "clothing:Sock"], [])


def test_unknown_and_ambiguous_entries_are_named_by_line_and_the_others_still_meant(actor, make):
    make("clothing/hat", "toys/hat", "sock")
    tags, unclear = meant("sock", "", "socke", "hat", "a:b:c")
    assert tags == ["default:sock"]
    assert unclear == [
        (2, "there is no tag ''"),
        (3, "there is no tag 'socke'"),
        (4, "'hat' may be default:clothing/hat or default:toys/hat: write which"),
        (5, "there is no tag 'a:b:c'"),
    ]


def test_thousands_of_entries_take_a_handful_of_queries(actor, make, django_assert_max_num_queries):
    make(*(f"t{number}" for number in range(20)))
    with django_assert_max_num_queries(6):
        tags, unclear = meant(*(f"t{number}" for number in range(3000)))
    assert (len(tags), len(unclear)) == (20, 2980)


def texts(entries):
    return [(one.line, one.text) for one in entries]


def test_pasted_lines_are_entries_whatever_they_hold(db):
    pasted = "default:hat\r\n\n  Hats, caps \nSock\tSocke\t12\n'=sum"
    assert texts(entries_of_text(pasted)) == [(1, "default:hat"), (3, "Hats, caps"), (4, "Sock"), (5, "=sum")]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("hat\nsock\n", [(1, "hat"), (2, "sock")]),
        ("hat;12\n;3\n", [(1, "hat")]),
        ("\ufeffID,Title\ndefault:hat,Hat\n,Sock\n,\n", [(2, "default:hat"), (3, "Sock")]),
        ("count;title:de\n3;Hüte\n", [(2, "Hüte")]),
        ("id,blocked\nhat,true\nsock,false\ncap,\n", [(2, "hat")]),
    ],
)
def test_rows_of_csv_are_entries_by_the_columns_that_say_which_tag(content, found):
    assert texts(entries_of_csv(content.encode())) == found


@pytest.mark.parametrize(
    ("content", "words"), [(b"caf\xe9\n", "line 1: the byte 0xe9"), (b'a\n"b', "line 2: the quotes")]
)
def test_file_that_is_no_csv_is_refused_with_the_line(content, words):
    with pytest.raises(TaxonomyError, match=words):
        entries_of_csv(content)


@pytest.mark.parametrize("written", [export_blocklist, export_csv])
def test_list_that_is_written_is_read_back(actor, make, written):
    hat, _sock, odd = make("clothing/hat", "sock", "=odd:-tag")
    set_title(actor, hat, "@Hats")
    block(actor, [hat, odd])
    content = written()
    unblock(actor, [hat, odd])
    found = tags_meant(entries_of_csv(content))
    assert ([tag.key for tag in found.tags], found.unclear) == (["=odd:-tag", "default:clothing/hat"], [])


def test_blocking_again_what_a_file_made_blocked(actor):
    import_taxonomy(actor, parse_csv(b"id,blocked\nhat,yes\n"))
    assert blocked() == ["default:hat"]
    assert block(actor, [find_tag("hat"), create_tag(actor, "sock")]).count == 1
