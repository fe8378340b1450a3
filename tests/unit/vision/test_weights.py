"""Legacy checkpoints are read without PyTorch, and nothing in them is run."""

import hashlib
import pickle

import numpy as np
import pytest

from tagsmith.errors import EncoderError
from tagsmith.vision.weights import read_state_dict
from unit.vision.onnx_files import (
    MACHINE,
    MAGIC,
    PROTOCOL,
    checkpoint,
    legacy_file,
    opcodes,
    pickled_state,
    pickled_tensor,
)

NUMBERS = np.arange(12, dtype=np.float32)
RUN = {  # what a pickle can ask for; executed, most of it leaves a file named "run" behind
    "a function": b"cos\nsystem\n(S'touch run'\ntR",
    "a class": b"csubprocess\nPopen\n(](S'touch'\nS'run'\netR",
    "a builtin": b'cbuiltins\nexec\n(S\'open("run", "w")\'\ntR',
    "a nested attribute": b"\x80\x04\x8c\x0bcollections\x8c\x14OrderedDict.fromkeys\x93(]tR",
    "an attribute of a known class": b"cbuiltins\ngetattr\n(ccollections\nOrderedDict\nS'fromkeys'\ntR",
    "an old instance": b"(S'touch run'\nios\nsystem\n",
    "an extension": b"\x82\x01",
    "another name of torch": b"ctorch\nload\n(S'run'\ntR",
}


def read(path, content):
    path.write_bytes(content)
    return read_state_dict(path, hashlib.sha256(content).hexdigest())


def one_tensor(*args, **kwargs):
    """A checkpoint of one tensor `x`, which looks into a storage of the numbers 0 to 11."""
    return legacy_file(pickled_state({"x": pickled_tensor("7", *args, **kwargs)}), {"7": NUMBERS})


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "weights.pth"


def test_tensors_are_read_by_name(path):
    tensors = {"conv.weight": NUMBERS.reshape(2, 3, 2), "conv.bias": NUMBERS[:2] - 5}
    found = read(path, checkpoint(tensors))
    assert {name: values.tolist() for name, values in found.items()} == {
        name: values.tolist() for name, values in tensors.items()
    }
    assert {values.dtype for values in found.values()} == {np.dtype(np.float32)}


def test_whole_number_scalar_is_read(path):
    state = pickled_state({"steps": pickled_tensor("1", (), (), kind="LongStorage")})
    steps = read(path, legacy_file(state, {"1": np.array([1 << 40])}))["steps"]
    assert (steps.shape, int(steps)) == ((), 1 << 40)


def test_transposed_tensor_is_read_in_its_own_order(path):
    found = read(path, one_tensor((4, 3), (1, 4)))["x"]
    assert found.tolist() == NUMBERS.reshape(3, 4).T.tolist()
    assert found.flags.c_contiguous


def test_tensor_starts_at_its_offset(path):
    assert read(path, one_tensor((2, 2), (4, 1), offset=5))["x"].tolist() == [[5, 6], [9, 10]]


def test_two_tensors_can_share_a_storage(path):
    state = pickled_state({"a": pickled_tensor("7", (2,), (1,)), "b": pickled_tensor("7", (2,), (1,), offset=2)})
    found = read(path, legacy_file(state, {"7": NUMBERS}))
    assert (found["a"].tolist(), found["b"].tolist()) == ([0, 1], [2, 3])


def test_tensor_can_be_changed_without_changing_another(path):
    state = pickled_state({"a": pickled_tensor("7", (2,), (1,)), "b": pickled_tensor("7", (2,), (1,))})
    found = read(path, legacy_file(state, {"7": NUMBERS}))
    found["a"][:] = 9
    assert found["b"].tolist() == [0, 1]


@pytest.mark.parametrize("name", RUN)
def test_nothing_else_is_run(name, path):
    with pytest.raises(EncoderError, match=r"weights\.pth: not a legacy PyTorch state dict"):
        read(path, legacy_file(pickled_state({"x": RUN[name]}), {}))
    assert [file.name for file in path.parent.iterdir()] == ["weights.pth"]


def test_refusal_names_what_was_asked_for(path):
    with pytest.raises(EncoderError, match=r"weights\.pth: .*asks for os\.system"):
        read(path, legacy_file(pickled_state({"x": RUN["a function"]}), {}))


@pytest.mark.parametrize("part", range(5))
def test_nothing_is_run_wherever_it_stands(part, path):
    parts = [MAGIC, PROTOCOL, MACHINE, pickled_state({}), pickle.dumps([], 2)]
    parts[part] = b"\x80\x02" + RUN["a function"] + b"."
    with pytest.raises(EncoderError, match=r"os\.system"):
        read(path, b"".join(parts))
    assert [file.name for file in path.parent.iterdir()] == ["weights.pth"]


def test_unexpected_file_is_refused_before_it_is_unpickled(path):
    path.write_bytes(legacy_file(pickled_state({"x": RUN["a function"]}), {}))
    with pytest.raises(EncoderError, match=r"weights\.pth: these are not the expected weights \(sha256 [0-9a-f]{64}, "):
        read_state_dict(path, "0" * 64)


def test_missing_file_is_named(path):
    with pytest.raises(EncoderError, match=r"weights\.pth: No such file"):
        read_state_dict(path, "0" * 64)


@pytest.mark.parametrize("kept", [0, 1, len(MAGIC), len(MAGIC + PROTOCOL), 100, -1, -8, -12 * 4, -12 * 4 - 1])
def test_truncated_file_is_refused(kept, path):
    whole = one_tensor((12,), (1,))
    with pytest.raises(EncoderError, match=r"weights\.pth: not a legacy PyTorch state dict"):
        read(path, whole[:kept])


def test_storage_cut_short_is_refused_where_no_tensor_needs_the_rest(path):
    with pytest.raises(EncoderError, match="a storage is cut short"):
        read(path, one_tensor((2,), (1,))[:-4])


@pytest.mark.parametrize(
    ("shape", "stride", "offset"),
    [
        ((13,), (1,), 0),
        ((12,), (1,), 1),
        ((2, 7), (6, 1), 0),
        ((2,), (-1,), 0),
        ((5,), (1,), -1),
        ((0,), (1,), 0),
        ((-1,), (1,), 0),
        ((2,), (1 << 62,), 0),
        ((2,), (1 << 70,), 0),
        ((), (), 12),
    ],
)
def test_tensor_outside_its_storage_is_refused(shape, stride, offset, path):
    with pytest.raises(EncoderError, match=r"weights\.pth: .*a tensor reaches beyond its storage"):
        read(path, one_tensor(shape, stride, offset=offset))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a zip file",
        b"\x89PNG\r\n",
        pickle.dumps({"a": 1}),
        PROTOCOL + MAGIC,
        MAGIC + PROTOCOL + MACHINE + pickle.dumps([1, 2], 2) + pickle.dumps([], 2),
        legacy_file(pickled_state({"x": opcodes(5)}), {}),
        legacy_file(pickled_state({"x": b"h\x63"}), {}),
        legacy_file(pickled_state({"x": b"X\x01\x00\x00\x00\xff"}), {}),
        legacy_file(pickled_state({"x": b"I4x\n"}), {}),
        legacy_file(pickled_state({"x": b"(NQ"}), {}),
        legacy_file(pickled_state({"x": b"000"}), {}),
        legacy_file(pickled_state({"x": pickled_tensor("7", (12,), ())}), {"7": NUMBERS}),
        legacy_file(pickled_state({"x": pickled_tensor("7", ("a",), (1,))}), {"7": NUMBERS}),
        legacy_file(pickled_state({"x": pickled_tensor("7", (1.5,), (1.5,))}), {"7": NUMBERS}),
        legacy_file(pickled_state({"x": pickled_tensor("7", (1 << 50,), (0,))}), {"7": NUMBERS}),
        legacy_file(pickled_state({"x": pickled_tensor("8", (12,), (1,))}), {"7": NUMBERS}),
        legacy_file(pickled_state({"x": pickled_tensor("7", (12,), (1,))}), {"7": NUMBERS})[: -12 * 4 - 8]
        + b"\xff" * 8,
    ],
)
def test_anything_else_is_refused_by_name(content, path):
    with pytest.raises(EncoderError, match=r"weights\.pth: not a legacy PyTorch state dict \(.+\)$"):
        read(path, content)
