"""Many files in, one embedding each out: in order, a few at a time, and stopped at once."""

import itertools
import os
import threading

import numpy as np
import pytest
from PIL import Image

from tagsmith.errors import EncoderError
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.decode import decode
from tagsmith.vision.encoders import read_local_encoder
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.stream import WINDOW, available_cores, encode_files
from unit.vision.onnx_files import described


class Broken:
    """An encoder that fails on every image."""

    shortest_side = 8

    def encode(self, image):
        raise EncoderError("no")


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder")
    return EncoderSession(read_local_encoder(described(folder)), folder)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Files of different colours; every fifth takes much longer than the others."""
    folder = tmp_path_factory.mktemp("pictures")
    files = [folder / f"{number}.png" for number in range(20)]
    for number, file in enumerate(files):
        side = 8 if number % 5 else 1000
        Image.new("RGB", (side, side), (10 * number, 250 - 10 * number, 128)).save(file)
    return files


def threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("encode")]


def many(pictures):
    """More paths than a test has the patience to read."""
    return itertools.islice(itertools.cycle(pictures), 2000)


def counted(paths, read):
    for path in paths:
        read.append(path)
        yield path


@pytest.mark.parametrize("workers", [1, 3, None])
def test_results_come_in_the_order_of_the_paths(session, pictures, workers):
    results = list(encode_files(session, pictures, workers=workers))
    assert [result.path for result in results] == pictures
    for result in results:
        assert result.vector.tolist() == session.encode(decode(result.path)).tolist()


@pytest.mark.req("L3c")
def test_file_that_cannot_be_decoded_has_its_reason_and_the_others_their_vectors(session, pictures, tmp_path):
    (tmp_path / "broken.png").write_bytes(pictures[1].read_bytes()[:8])
    paths = [pictures[1], tmp_path / "broken.png", tmp_path / "missing.png", pictures[2]]
    first, broken, missing, last = encode_files(session, paths)
    assert first.vector is not None
    assert last.vector is not None
    assert (broken.vector, broken.error) == (None, "truncated")
    assert (missing.vector, missing.error) == (None, "no such file")


@pytest.mark.req("L3c")
def test_limits_reach_the_decoder(session, pictures):
    (result,) = encode_files(session, pictures[:1], limits=DecodeLimits(max_pixels=100))
    assert "the limit is 100" in result.error


def test_no_paths_give_no_results(session):
    assert list(encode_files(session, [])) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_paths_are_read_only_a_few_ahead(session, pictures, workers):
    read = []
    results = encode_files(session, counted(many(pictures[1:5]), read), workers=workers)
    assert not read
    for taken, _ in enumerate(itertools.islice(results, 30), start=1):
        assert len(read) < taken + workers * WINDOW
    results.close()


def test_closing_early_ends_the_threads(session, pictures):
    results = encode_files(session, many(pictures), workers=2)
    next(results)
    assert threads()
    results.close()
    assert not threads()


def test_forgetting_the_results_ends_the_threads(session, pictures):
    for _ in encode_files(session, many(pictures), workers=2):
        break
    assert not threads()


def test_interrupt_ends_the_threads(session, pictures):
    results = encode_files(session, many(pictures), workers=2)
    next(results)
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt())
    assert not threads()


def test_failing_encoder_is_told_and_ends_the_threads(pictures):
    with pytest.raises(EncoderError, match="no"):
        list(encode_files(Broken(), pictures, workers=2))
    assert not threads()


def test_failing_source_of_paths_is_told_and_ends_the_threads(session, pictures):
    def paths():
        yield pictures[1]
        raise OSError("the list ends here")

    with pytest.raises(OSError, match="ends here"):
        list(encode_files(session, paths(), workers=2))
    assert not threads()


def test_vectors_are_single_precision(session, pictures):
    (result,) = encode_files(session, pictures[:1])
    assert result.vector.dtype == np.float32


def test_cores_are_those_this_process_may_use():
    assert 1 <= available_cores() <= os.cpu_count()
