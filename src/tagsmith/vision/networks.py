"""What all networks share: loading one, and scaling what it gives.

One thread per network call: callers run several calls at once.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from tagsmith.errors import EncoderError

Vector = NDArray[np.float32]


def load(file: Path) -> Any:
    """Return a network whose vectors are stored: an onnxruntime.InferenceSession, which has no types."""
    options = _options()
    # Weights in a second file would change the vector without changing the digest; no file holds another.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(file))
    return _session(file, options, whole=True)


def load_large(file: Path) -> Any:
    """Return a network whose vectors are not stored: in half of the memory, but with weights that may lie beside it."""
    if not file.is_file():
        raise EncoderError(f"{file}: no such file")
    return _session(file, _options(), whole=False)


def scaled(values: NDArray[np.floating], *, square_root: bool) -> Vector | None:
    """Return (dimension,) values at length one, perhaps of their signed square roots; None if they are not finite."""
    vector: Vector = values.astype(np.float32)
    if square_root:
        vector = np.copysign(np.sqrt(np.abs(vector)), vector)
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length):
        return None
    return vector / np.float32(length) if length else vector


def _options() -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def _session(file: Path, options: Any, *, whole: bool) -> Any:
    try:
        return ort.InferenceSession(
            file.read_bytes() if whole else str(file), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors share no base class with anything
        raise EncoderError(f"{file}: not an ONNX network that can be loaded ({error})") from error
