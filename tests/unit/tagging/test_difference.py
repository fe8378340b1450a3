import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.tagging.difference import NONE, Given, difference, joined, of_assets

PAIRS = st.tuples(st.integers(1, 5).map(lambda number: number * 10**12), st.integers(1, 4))
STATES = st.tuples(st.integers(1, 2), st.integers(0, 3), st.integers(0, 1000))  # model, its version, confidence
SMART_TAGS = st.dictionaries(PAIRS, STATES.map(lambda state: (state[0], 10 * state[0] + state[1], state[2])))


def columns(smart_tags):
    rows = [(*pair, *state) for pair, state in smart_tags.items()]
    return Given(*np.array(rows, np.int64).reshape(-1, 5).T)


def as_before(smart_tags, pair):
    _, version, confidence = smart_tags.get(pair, (NONE, NONE, NONE))
    return confidence, version


@given(SMART_TAGS, SMART_TAGS)
def test_what_differs_is_what_another_model_or_confidence_says(before, after):
    found = difference(columns(before), columns(after))
    rows = zip(*(column.tolist() for column in vars(found).values()), strict=True)
    told = {(asset, tag): ((was, had), (becomes, gets)) for asset, tag, was, had, becomes, gets in rows}
    said = {pair: (state[0], state[2]) for pair, state in before.items()}
    says = {pair: (state[0], state[2]) for pair, state in after.items()}
    assert told == {
        pair: (as_before(before, pair), as_before(after, pair))
        for pair in before.keys() | after.keys()
        if said.get(pair) != says.get(pair)
    }
    assert len(found.assets) == len(told)


@given(SMART_TAGS)
def test_nothing_differs_from_itself_in_any_order(smart_tags):
    backwards = dict(reversed(smart_tags.items()))
    assert not len(difference(columns(smart_tags), columns(backwards)).assets)


def test_parts_are_joined_and_cut_down_to_some_assets():
    parts = [columns({(7, 1): (1, 2, 3)}), columns({(8, 1): (1, 2, 3), (7, 4): (5, 6, 7)})]
    kept = of_assets(joined(parts), [7])
    assert list(zip(kept.tags.tolist(), kept.confidences.tolist(), strict=True)) == [(1, 3), (4, 7)]
    assert not len(joined([]).assets)
