"""Reads the tensors of a legacy PyTorch checkpoint without PyTorch and without running what it holds.

A legacy checkpoint is a row of pickles followed by raw storages. Only the three names that a
state dict needs are resolved; anything else that the pickle asks for is refused.
"""

import collections
import hashlib
import io
import pickle
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tagsmith.errors import EncoderError

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
STORAGE_DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

# What reading a pickle of something else can raise; the interpreter promises no shorter list.
_UNREADABLE = (
    pickle.UnpicklingError,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
)

Array = NDArray[Any]


@dataclass(frozen=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


def _rebuild_tensor(storage: _Storage, offset: int, shape: Any, stride: Any, *_: object) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(stride))


class _StateDictUnpickler(pickle.Unpickler):
    """Resolves what a state dict of tensors needs and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if module == "torch" and name in STORAGE_DTYPES:
            return STORAGE_DTYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no state dict needs")

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, *_ = pid
        return _Storage(key, dtype)


def read_state_dict(path: Path, sha256: str) -> dict[str, Array]:
    """Return the tensors of the legacy checkpoint at `path` by name.

    Parameters
    ----------
    path
        The checkpoint.
    sha256
        Hex digest that the whole file must have; checked before anything is unpickled.

    Returns
    -------
    dict
        Arrays as stored (float32 or int64), each a contiguous copy.

    Raises
    ------
    EncoderError
        The file is missing, is not the expected one, or is no state dict.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path}: {error.strerror}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise EncoderError(f"{path}: these are not the expected weights (sha256 {found}, expected {sha256})")
    try:
        return _read(io.BytesIO(content))
    except _UNREADABLE as error:
        raise EncoderError(f"{path}: not a legacy PyTorch state dict ({error})") from error


def _read(file: BinaryIO) -> dict[str, Array]:
    if _StateDictUnpickler(file).load() != MAGIC or _StateDictUnpickler(file).load() != PROTOCOL:
        raise pickle.UnpicklingError("wrong magic number or protocol")
    _StateDictUnpickler(file).load()  # sizes of the writing machine's types; the storages below are fixed-width
    tensors: dict[str, _Tensor] = _StateDictUnpickler(file).load()
    keys: list[str] = _StateDictUnpickler(file).load()
    dtypes = {tensor.storage.key: tensor.storage.dtype for tensor in tensors.values()}
    storages = {key: _read_storage(file, dtypes[key]) for key in keys}
    return {name: _view(storages[tensor.storage.key], tensor) for name, tensor in tensors.items()}


def _read_storage(file: BinaryIO, dtype: np.dtype[Any]) -> Array:
    (count,) = struct.unpack("<Q", file.read(8))
    content = file.read(count * dtype.itemsize)
    if len(content) < count * dtype.itemsize:
        raise EOFError("a storage is cut short")
    return np.frombuffer(content, dtype)


def _view(storage: Array, tensor: _Tensor) -> Array:
    """Return a contiguous copy of the tensor's values, after checking that they lie inside its storage."""
    last = tensor.offset + sum((size - 1) * step for size, step in zip(tensor.shape, tensor.stride, strict=True))
    if min((tensor.offset, *tensor.stride, *(size - 1 for size in tensor.shape))) < 0 or last >= len(storage):
        raise pickle.UnpicklingError("a tensor reaches beyond its storage")
    strides = [step * storage.itemsize for step in tensor.stride]
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides).copy()
