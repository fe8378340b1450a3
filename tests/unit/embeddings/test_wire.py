import numpy as np
import pytest

from tagsmith.embeddings.wire import unpack, widened


def test_every_finite_half_is_the_same_number_in_single_precision():
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)].reshape(2, -1)
    singles = widened(halves.astype(">f2"))
    assert singles.dtype == np.float32
    assert np.array_equal(singles.view(np.uint32), halves.astype(np.float32).view(np.uint32))  # also the sign of zero


def test_vectors_that_were_cut_off_are_an_error():
    sent = b"\0\2\0\0\x3c\0\x40\0"
    ids, vectors = unpack((5).to_bytes(8), sent, 2)
    assert ids.tolist() == [5]
    assert vectors.tolist() == [[1, 2]]
    with pytest.raises(ValueError, match="buffer"):
        unpack((5).to_bytes(8), sent[:-1], 2)
