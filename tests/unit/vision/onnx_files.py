"""Tiny networks and checkpoints made for tests, whose right numbers are known."""

import json
import pickle
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[Any]

KERNEL = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [-3, -3, -3]], np.float32)  # (dimension, RGB)
FACTS: dict[str, Any] = {"name": "tiny", "side": 64, "dimension": 4, "output": "embedding"}
SIZE = ("height", "width")

MAGIC = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
PROTOCOL = pickle.dumps(1001, 2)
MACHINE = pickle.dumps({"protocol_version": 1001, "little_endian": True}, 2)
EMPTY_ORDERED_DICT = b"ccollections\nOrderedDict\n)R"


def network(kernel: Array = KERNEL, *, tokens: bool = False, size: Sequence[str | int] = SIZE) -> bytes:
    """An ONNX network from `image` to `embedding`: each channel's mean or, with `tokens`, one token per pixel."""
    dimension = len(kernel)
    weights = [numpy_helper.from_array(kernel[:, :, None, None], "kernel")]
    nodes = [helper.make_node("Conv", ["image", "kernel"], ["map"])]
    if tokens:
        weights.append(numpy_helper.from_array(np.array([1, dimension, -1]), "flat"))
        nodes.append(helper.make_node("Reshape", ["map", "flat"], ["columns"]))
        nodes.append(helper.make_node("Transpose", ["columns"], ["embedding"], perm=[0, 2, 1]))
    else:
        nodes.append(helper.make_node("GlobalAveragePool", ["map"], ["pooled_map"]))
        nodes.append(helper.make_node("Flatten", ["pooled_map"], ["embedding"]))
    shape: list[str | int] = [1, "tokens", dimension] if tokens else [1, dimension]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, *size])],
        [
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, shape),
            helper.make_tensor_value_info("map", TensorProto.FLOAT, [1, dimension, *size]),
        ],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def described(folder: Path, content: bytes = b"", **facts: Any) -> Path:
    """An .onnx file with the JSON that describes it beside it; a fact of None is left out."""
    file = folder / "tiny.onnx"
    file.write_bytes(content or network())
    known = {name: fact for name, fact in (FACTS | facts).items() if fact is not None}
    file.with_suffix(".json").write_text(json.dumps(known), encoding="utf-8")
    return file


def opcodes(value: Any) -> bytes:
    """What pickles `value`, without the frame around it."""
    return pickle.dumps(value, 2)[2:-1]


def pickled_tensor(
    key: str, shape: tuple[int, ...], stride: tuple[int, ...], *, offset: int = 0, kind: str = "FloatStorage"
) -> bytes:
    """The opcodes that ask for a view of the storage `key`."""
    storage = b"(" + opcodes("storage") + f"ctorch\n{kind}\n".encode() + opcodes(key) + opcodes("cpu") + b"K\x01NtQ"
    arguments = (
        b"(" + storage + opcodes(offset) + opcodes(shape) + opcodes(stride) + b"\x89" + EMPTY_ORDERED_DICT + b"t"
    )
    return b"ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"R"


def pickled_state(tensors: Mapping[str, bytes]) -> bytes:
    """The pickle of a state dict, each of whose values is given by its opcodes."""
    items = b"".join(opcodes(name) + value for name, value in tensors.items())
    return b"\x80\x02" + EMPTY_ORDERED_DICT + b"(" + items + b"u."


def legacy_file(state: bytes, storages: Mapping[str, Array]) -> bytes:
    """A legacy checkpoint: a row of pickles, then the raw storages."""
    raw = b"".join(struct.pack("<q", values.size) + values.tobytes() for values in storages.values())
    return MAGIC + PROTOCOL + MACHINE + state + pickle.dumps(list(storages), 2) + raw


def checkpoint(tensors: Mapping[str, Array]) -> bytes:
    """A legacy checkpoint of float32 tensors, each with its own storage."""
    keys = {name: str(index) for index, name in enumerate(tensors)}
    state = pickled_state(
        {
            name: pickled_tensor(keys[name], values.shape, tuple(step // values.itemsize for step in values.strides))
            for name, values in tensors.items()
        }
    )
    return legacy_file(state, {keys[name]: values for name, values in tensors.items()})


def tiny_efficientnet(seed: int = 0) -> dict[str, Array]:
    """Made-up weights with the layout of EfficientNet-Lite0 and a few channels."""
    rng = np.random.default_rng(seed)
    weights: dict[str, Array] = {}

    def add(conv: str, norm: str, shape: tuple[int, int, int, int]) -> None:
        weights[f"{conv}.weight"] = rng.normal(0, 1.5 / np.sqrt(np.prod(shape[1:])), shape)
        weights[f"{norm}.weight"] = rng.uniform(0.5, 2, shape[0])
        weights[f"{norm}.bias"] = rng.normal(0.5, 1, shape[0])
        weights[f"{norm}.running_mean"] = rng.normal(0, 0.5, shape[0])
        weights[f"{norm}.running_var"] = rng.uniform(0.2, 2, shape[0])

    add("_conv_stem", "_bn0", (4, 3, 3, 3))
    inside, index = 4, 0
    for channels, repeats, kernel in ((2, 1, 3), (3, 2, 3), (3, 2, 5), (5, 3, 3), (6, 3, 5), (6, 4, 5), (8, 1, 3)):
        for _ in range(repeats):
            block = f"_blocks.{index}"
            wide = inside if index == 0 else 2 * inside
            if index:
                add(f"{block}._expand_conv", f"{block}._bn0", (wide, inside, 1, 1))
            add(f"{block}._depthwise_conv", f"{block}._bn1", (wide, 1, kernel, kernel))
            add(f"{block}._project_conv", f"{block}._bn2", (channels, wide, 1, 1))
            inside, index = channels, index + 1
    add("_conv_head", "_bn1", (12, inside, 1, 1))
    return {name: values.astype(np.float32) for name, values in weights.items()}
