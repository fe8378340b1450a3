import numpy as np
import pytest

from tagsmith.learning.clusters import find_clusters

DIMENSIONS = 256


def noise(count, seed=0):
    return np.random.default_rng(seed).standard_normal((count, DIMENSIONS))


def around(seed, count):
    """Images that look alike: a middle, and a little of their own."""
    return 3 * noise(1, seed) + noise(count, seed + 100)


@pytest.mark.req("M13b")
def test_images_that_look_alike_are_found_among_others_the_largest_group_first():
    X = np.vstack([noise(200), around(1, 30), around(2, 60)])
    first, second = find_clusters(X, X)
    assert sorted(first.members) == list(range(230, 290))
    assert sorted(second.members) == list(range(200, 230))


@pytest.mark.req("M13b")
def test_nothing_is_found_where_no_two_images_look_alike():
    assert find_clusters(noise(300), noise(300)) == []


def test_members_come_by_their_nearness_to_the_middle():
    alike = around(1, 30)
    X = np.vstack([noise(100), alike])
    (cluster,) = find_clusters(X, X)
    unit = alike / np.linalg.norm(alike, axis=1, keepdims=True)
    cosines = unit @ (unit.mean(axis=0) / np.linalg.norm(unit.mean(axis=0)))
    assert cluster.members.tolist() == (100 + np.argsort(-cosines)).tolist()
    assert cluster.cohesion == pytest.approx(cosines.mean(), abs=1e-5)


def test_same_images_always_give_the_same_groups():
    X = np.vstack([noise(100), around(1, 30), around(2, 20)])
    one, other = find_clusters(X, X), find_clusters(X, X)
    assert [group.members.tolist() for group in one] == [group.members.tolist() for group in other]


def test_groups_have_a_least_size_and_a_greatest_number():
    X = np.vstack([noise(100), around(1, 8), around(2, 20), around(3, 30)])
    assert [len(group.members) for group in find_clusters(X, X)] == [30, 20]
    assert [len(group.members) for group in find_clusters(X, X, most=1)] == [30]
    assert find_clusters(X[:5], X) == []


@pytest.mark.req("M13b")
def test_images_that_all_look_alike_are_found_as_the_library_has_others_too():
    alike = around(1, 30)
    assert [len(group.members) for group in find_clusters(alike, np.vstack([noise(100), alike]))] == [30]


def test_repeated_images_are_one_group():
    X = np.vstack([noise(50), np.tile(noise(1, 9), (40, 1))])
    assert [sorted(group.members) for group in find_clusters(X, X)] == [list(range(50, 90))]
