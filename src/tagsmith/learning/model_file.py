"""A tag model as one portable file: arrays and JSON in the safetensors layout, never a pickle.

The JSON document lies in the header's metadata beside a SHA-256 over the document and all arrays, so that
a changed or cut file is refused. The digest guards against damage, not against somebody who means harm:
such a file can at worst tag wrongly, since nothing in it is ever run.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from tagsmith.errors import ModelFileError
from tagsmith.sentences import say

FORMAT = "tagsmith tag model"
FORMAT_VERSION = 1
LONGEST_HEADER = 100_000_000  # bytes, as safetensors allows; a file of another kind is not read to its end

Arrays = Mapping[str, NDArray[Any]]


def dump_model(document: Mapping[str, Any], arrays: Arrays) -> bytes:
    """Return the bytes of a model file; the same model always gives the same."""
    whole = {"format": FORMAT, "format_version": FORMAT_VERSION, **document}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, allow_nan=False)
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return _in_order(save_arrays(contiguous, metadata={"document": text, "sha256": _digest(text, contiguous)}))


def _in_order(content: bytes) -> bytes:
    """Return the file with its header in order: safetensors writes the metadata in a different one each time."""
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), ensure_ascii=False, sort_keys=True).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + content[end:]


def load_model(file: BinaryIO, name: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the document and the arrays of a model file; `name` stands for it in messages.

    Raises
    ------
    ModelFileError
        It is not a tag model, is cut or changed, or a newer Tagsmith wrote it.
    """
    start = file.read(8)
    length = int.from_bytes(start, "little")
    header = file.read(length) if length <= LONGEST_HEADER else b""
    metadata = _metadata(name, header, length)
    document = _document(name, metadata)
    try:
        arrays = load_arrays(start + header + file.read())
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError("{name}: truncated or damaged ({reason})", name=name, reason=error) from error
    if metadata.get("sha256") != _digest(metadata["document"], arrays):
        raise ModelFileError("{name}: changed since it was written (its checksum does not fit); not used", name=name)
    return document, arrays


def _metadata(name: str, header: bytes, length: int) -> dict[str, str]:
    """Return the metadata in the JSON that fills the header's `length` bytes."""
    try:
        metadata: dict[str, str] = json.loads(header)["__metadata__"]
        metadata["document"].encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        cut = 0 < len(header) < length <= LONGEST_HEADER
        reason = say("truncated, or not a tag model file") if cut else say("not a tag model file")
        raise ModelFileError("{name}: {reason}", name=name, reason=reason) from error
    return metadata


def _document(name: str, metadata: Mapping[str, str]) -> dict[str, Any]:
    try:
        document = json.loads(metadata["document"])
        kind, version = document["format"], document["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelFileError("{name}: not a tag model file", name=name) from error
    if kind != FORMAT or not isinstance(version, int):
        raise ModelFileError("{name}: not a tag model file", name=name)
    if version > FORMAT_VERSION:
        raise ModelFileError(
            "{name}: written by a newer Tagsmith (format {version}; this one reads up to {newest})",
            name=name,
            version=version,
            newest=FORMAT_VERSION,
        )
    return dict(document)


def _digest(text: str, arrays: Arrays) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
