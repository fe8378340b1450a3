"""Two people who change the taxonomy at once, each with a connection."""

import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tagsmith.audit.services import Actor
from tagsmith.errors import ConflictError, TagsmithError, TaxonomyError
from tagsmith.taxonomy.models import Redirect
from tagsmith.taxonomy.selectors import find_tag, live_tags
from tagsmith.taxonomy.services import create_tag, delete, merge, move, set_title, undo_delete

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("X2a")]
ACTOR = Actor(name="test")


def in_a_connection(change: Callable[[], object]) -> object:
    try:
        return change()
    finally:
        connection.close()


def wait_until_it_waits(future: Future[object]) -> None:
    """Return when the other connection waits for a lock of this one, or has given up."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while not future.done():
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return


def both(first: Callable[[], object], second: Callable[[], object]) -> BaseException | None:
    """Begin the second change while the first is not committed; return the second one's error."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            future = pool.submit(in_a_connection, second)
            wait_until_it_waits(future)
        return future.exception(timeout=20)


def test_two_moves_below_each_other_make_no_cycle(make, keys):
    a, b = make("a", "b")
    error = both(lambda: move(ACTOR, a, "b"), lambda: move(ACTOR, b, "a"))
    assert isinstance(error, TaxonomyError)
    assert keys() == ["default:b", "default:b/a"]


def test_two_merges_into_each_other_leave_one(make, keys):
    a, b = make("a", "b")
    error = both(lambda: merge(ACTOR, a, b), lambda: merge(ACTOR, b, a))
    assert isinstance(error, ConflictError)
    assert keys() == ["default:b"]


def test_a_tag_made_below_one_that_moves_moves_along(make, keys):
    (a,) = make("a")
    assert both(lambda: move(ACTOR, a, "default:", "b"), lambda: create_tag(ACTOR, "a/x")) is None
    assert keys() == ["default:b", "default:b/x"]


def test_the_same_tag_is_made_once(keys):
    error = both(lambda: create_tag(ACTOR, "a/b"), lambda: create_tag(ACTOR, "A/B"))
    assert isinstance(error, ConflictError)
    assert keys() == ["default:a", "default:a/b"]


def test_a_title_is_not_set_on_what_is_being_deleted(make):
    (a,) = make("a")
    error = both(lambda: delete(ACTOR, a), lambda: set_title(ACTOR, a, "A"))
    assert isinstance(error, ConflictError)


def test_many_changes_at_once_neither_deadlock_nor_corrupt(make):
    make(*(f"{top}/{below}" for top in "abc" for below in "abc"))

    def changes(seed: int) -> None:
        choose = random.Random(seed)
        for _ in range(25):
            try:
                change(choose)
            except TagsmithError:
                continue  # an answer that a person may get; anything else fails the test

    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(in_a_connection, lambda seed=seed: changes(seed)) for seed in range(3)]:
            future.result(timeout=30)
    tags = {tag.pk: tag for tag in live_tags()}
    for tag in tags.values():
        above = f"{tags[tag.parent_id].key}/" if tag.parent_id else f"{tag.namespace}:"
        assert tag.key == above + tag.name
    live = {tag.folded for tag in tags.values()}
    assert not Redirect.objects.filter(folded__in=live).exists()


def change(choose: random.Random) -> None:
    tags = list(live_tags())
    one, other = choose.choice(tags), choose.choice(tags)
    match choose.randrange(4):
        case 0:
            move(ACTOR, one, other.key, choose.choice("abcd"))
        case 1:
            move(ACTOR, one, "default:", choose.choice("abcdefgh"))
        case 2:
            undo_delete(ACTOR, delete(ACTOR, one).id)
        case _:
            create_tag(ACTOR, f"{find_tag(one.key).key}/{choose.choice('abcd')}")
            if choose.random() < 0.2:
                merge(ACTOR, one, other)
