"""One portable file: what was written comes back, and a file that was harmed in any way is refused."""

import json
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from tagsmith.errors import ModelFileError, WriteError
from tagsmith.learning.model_file import FORMAT_VERSION
from unit.learning.model_files import read_model_file, write_model_file

DOCUMENT = {"tags": ["boot", "Größe 42"], "share": 0.1}
ARRAYS = {
    "weights": np.arange(6.0).reshape(2, 3),
    "turned": np.arange(6.0).reshape(2, 3).T,
    "half": np.array([0.5, np.nan], np.float16),
    "none": np.empty((0, 3)),
}


def written(folder, **document):
    path = folder / "model.tagsmith"
    write_model_file(path, DOCUMENT | document, ARRAYS)
    return path


def content_of(path):
    document, arrays = read_model_file(path)
    return document, {name: (array.dtype, array.shape, array.tobytes()) for name, array in arrays.items()}


def refusal(path):
    with pytest.raises(ModelFileError) as raised:
        read_model_file(path)
    assert str(raised.value).startswith(f"{path}: ")
    return str(raised.value).removeprefix(f"{path}: ")


def with_metadata(path, metadata):
    path.write_bytes(save(ARRAYS, metadata=metadata))
    return path


class Trap:
    """Touches a file when it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


@pytest.mark.req("M15a")
def test_document_comes_back(tmp_path):
    document, _ = read_model_file(written(tmp_path))
    assert DOCUMENT.items() <= document.items()


@pytest.mark.req("M15a")
def test_arrays_come_back_bit_for_bit(tmp_path):
    _, arrays = read_model_file(written(tmp_path))
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        assert arrays[name].tobytes() == array.tobytes()


@pytest.mark.req("M15a")
def test_same_model_is_the_same_file(tmp_path):
    assert len({written(tmp_path).read_bytes() for _ in range(8)}) == 1


@pytest.mark.req("M15a")
def test_file_may_be_moved_and_renamed(tmp_path):
    path = written(tmp_path)
    before = content_of(path)
    assert content_of(path.rename(tmp_path / "other name.bin")) == before


@pytest.mark.req("M15b")
@pytest.mark.parametrize("flip", [0x01, 0x20, 0xFF])
def test_any_changed_byte_is_refused_or_changes_nothing(tmp_path, flip):
    path = written(tmp_path)
    content, whole = content_of(path), path.read_bytes()
    refused = 0
    for position in range(len(whole)):
        changed = bytearray(whole)
        changed[position] ^= flip
        path.write_bytes(changed)
        try:
            assert content_of(path) == content
        except ModelFileError:
            refused += 1
    assert refused > 0.9 * len(whole)


@pytest.mark.req("M15b")
def test_file_cut_anywhere_is_refused(tmp_path):
    path = written(tmp_path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        refusal(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("share", [0.3, 0.97])
def test_cut_file_is_called_truncated(tmp_path, share):
    path = written(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    assert "truncated" in refusal(path)


@pytest.mark.req("M15b")
def test_file_with_something_after_its_end_is_refused(tmp_path):
    path = written(tmp_path)
    path.write_bytes(path.read_bytes() + b"\0")
    refusal(path)


@pytest.mark.req("M15b")
def test_tampered_number_is_told(tmp_path):
    path = written(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(struct.pack("<d", 5.0), struct.pack("<d", 6.0)))
    assert refusal(path) == "changed since it was written (its checksum does not fit); not used"


@pytest.mark.req("M15b")
def test_tampered_document_is_told(tmp_path):
    path = written(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"boot", b"clog"))
    assert "its checksum does not fit" in refusal(path)


@pytest.mark.req("M15b")
def test_newer_format_is_refused_with_both_versions(tmp_path):
    newer = FORMAT_VERSION + 1
    path = written(tmp_path, format_version=newer)
    assert refusal(path) == f"written by a newer Tagsmith (format {newer}; this one reads up to {FORMAT_VERSION})"


@pytest.mark.req("M15b")
def test_newer_format_is_named_even_where_its_arrays_cannot_be_read(tmp_path):
    path = written(tmp_path, format_version=FORMAT_VERSION + 1)
    path.write_bytes(path.read_bytes().replace(b'"F64"', b'"F65"'))
    assert "newer Tagsmith" in refusal(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_is_refused_and_not_run(tmp_path, protocol):
    path, marker = tmp_path / "model", tmp_path / "was run"
    path.write_bytes(pickle.dumps(Trap(marker), protocol))
    assert refusal(path) in ("not a tag model file", "truncated, or not a tag model file")
    assert not marker.exists()


@pytest.mark.req("M15b")
def test_pickle_within_an_array_is_refused_and_not_run(tmp_path):
    marker = tmp_path / "was run"
    path = written(tmp_path)
    payload = pickle.dumps(Trap(marker))
    path.write_bytes(path.read_bytes()[: -len(payload)] + payload)
    refusal(path)
    assert not marker.exists()


@pytest.mark.req("M15b")
@pytest.mark.parametrize("length", [2**64 - 1, 2**63, 10**9])
def test_header_that_claims_to_be_huge_is_refused(tmp_path, length):
    path = written(tmp_path)
    path.write_bytes(length.to_bytes(8, "little") + path.read_bytes()[8:])
    assert refusal(path) == "not a tag model file"


@pytest.mark.req("M15b")
def test_huge_file_of_another_kind_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "film.mov"
    with path.open("wb") as file:
        file.write(b"\0\0\0\x14ftypqt  ")
        file.truncate(1 << 40)  # a hole, which takes no room
    assert refusal(path) == "not a tag model file"


@pytest.mark.req("M15b")
@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"document": "[1]"},
        {"document": "{}"},
        {"document": "{"},
        {"document": "[" * 100_000},
        {"document": json.dumps({"format": "tagsmith tag model"})},
        {"document": json.dumps({"format": "other", "format_version": 1})},
        {"document": json.dumps({"format": "tagsmith tag model", "format_version": "1"})},
    ],
)
def test_safetensors_of_another_kind_is_refused(tmp_path, metadata):
    assert refusal(with_metadata(tmp_path / "model", metadata)) == "not a tag model file"


@pytest.mark.req("M15b")
def test_file_without_a_checksum_is_refused(tmp_path):
    document = json.dumps({"format": "tagsmith tag model", "format_version": 1})
    assert "checksum" in refusal(with_metadata(tmp_path / "model", {"document": document}))


@pytest.mark.req("M15b")
@given(content=st.binary(max_size=200) | st.binary(max_size=50).map(lambda text: struct.pack("<Q", len(text)) + text))
def test_any_other_bytes_are_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any bytes"
    path.write_bytes(content)
    refusal(path)


@pytest.mark.req("M15a")
def test_failed_write_leaves_the_old_file(tmp_path):
    path = written(tmp_path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="not JSON compliant"):
        written(tmp_path, share=float("nan"))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.req("M15a")
def test_folder_that_is_missing_is_a_write_error(tmp_path):
    with pytest.raises(WriteError, match="nowhere"):
        write_model_file(tmp_path / "nowhere" / "model", DOCUMENT, ARRAYS)
