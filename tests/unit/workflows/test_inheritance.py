import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.assets.scope import is_within
from tagsmith.workflows.launching import common_folder
from tagsmith.workflows.selectors import nearest

paths = st.lists(st.sampled_from(["a", "b", "ab"]), max_size=4).map("/".join)


@pytest.mark.req("W4a")
@given(paths, st.sets(paths))
def test_folder_follows_the_lowest_one_above_it_that_says_something(path, known):
    above = [one for one in known if is_within(path, one)]
    assert nearest(path, known) == max(above, key=len, default=None)


@given(st.sets(paths, min_size=1))
def test_common_folder_is_the_lowest_that_holds_all(some):
    shared = common_folder(some)
    assert all(is_within(path, shared) for path in some)
    first = min(some)
    longer = [first[:end] for end in range(len(shared) + 1, len(first) + 1)]
    assert not any(all(is_within(path, one) for path in some) for one in longer)
