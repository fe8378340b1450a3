"""A tiny encoder that sees and reads colours, made for tests: what it makes of "red" is near what it makes of red."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from unit.vision.onnx_files import described, network

PAD, UNKNOWN, END = 0, 1, 2
WORDS = {"[PAD]": PAD, "[UNK]": UNKNOWN, "[END]": END, "red": 3, "green": 4, "blue": 5, "dark": 6}
SEEN = np.array([[1, -0.5, -0.5], [-0.5, 1, -0.5], [-0.5, -0.5, 1], [0.3, 0.3, 0.3]], np.float32)  # (dimension, RGB)
READ = np.array(  # (token, dimension)
    [
        [0, 0, 0, 0],
        [0, 0, 0, 0.1],
        [0, 0, 0, 0.01],
        [1, -0.5, -0.5, 0],
        [-0.5, 1, -0.5, 0],
        [-0.5, -0.5, 1, 0],
        [0, 0, 0, -1],
    ],
    np.float32,
)
TEXT: dict[str, Any] = {"network": "text.onnx", "tokenizer": "tokenizer.json", "output": "meaning", "length": 6}
NUMBERS = {np.int64: TensorProto.INT64, np.int32: TensorProto.INT32, np.float32: TensorProto.FLOAT}


def text_network(rows: NDArray[Any] = READ, *, ids: type = np.int64, inputs: tuple[str, ...] = ("input_ids",)) -> bytes:
    """An ONNX network from token ids to `meaning`: the sum of their rows. A second input is taken and not looked at."""
    nodes = [
        helper.make_node("Gather", ["rows", inputs[0]], ["each"]),
        helper.make_node("ReduceSum", ["each", "axis"], ["meaning"], keepdims=0),
    ]
    weights = [numpy_helper.from_array(rows, "rows"), numpy_helper.from_array(np.array([1]), "axis")]
    return _model(nodes, inputs, ids, rows.shape[1], weights)


def echo_network(*inputs: str, ids: type = np.int64, length: int = 4) -> bytes:
    """An ONNX network whose `meaning` is the ids themselves, plus a hundred where the second input, a mask, is 1."""
    nodes = [helper.make_node("Cast", [inputs[0]], ["numbers"], to=TensorProto.FLOAT)]
    weights = []
    if len(inputs) == 2:
        weights = [numpy_helper.from_array(np.array(100, np.float32), "hundred")]
        nodes += [
            helper.make_node("Cast", [inputs[1]], ["ones"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["ones", "hundred"], ["hundreds"]),
            helper.make_node("Add", ["numbers", "hundreds"], ["meaning"]),
        ]
    else:
        nodes += [helper.make_node("Identity", ["numbers"], ["meaning"])]
    return _model(nodes, inputs, ids, length, weights)


def tokenizer() -> bytes:
    """A `tokenizer.json` that knows a few words in small letters and ends a text with a token, as real ones do.

    It says that texts are filled to 50 tokens, which is not what the networks above want.
    """
    made = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(single="$A [END]", special_tokens=[("[END]", END)])
    made.enable_padding(length=50)
    return made.to_str().encode()


def reading(folder: Path, text: bytes = b"", **facts: Any) -> Path:
    """An .onnx file of an encoder of colours with its text half beside it; a fact of None is left out."""
    folder.mkdir(exist_ok=True)
    (folder / "text.onnx").write_bytes(text or text_network())
    (folder / "tokenizer.json").write_bytes(tokenizer())
    known = {name: fact for name, fact in (TEXT | facts).items() if fact is not None}
    return described(folder, network(SEEN), name="colours", text=known)


def _model(nodes: list[Any], inputs: tuple[str, ...], ids: type, dimension: int, weights: list[Any]) -> bytes:
    graph = helper.make_graph(
        nodes,
        "text",
        [helper.make_tensor_value_info(name, NUMBERS[ids], [1, "tokens"]) for name in inputs],
        [helper.make_tensor_value_info("meaning", TensorProto.FLOAT, [1, dimension])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def renamed(content: bytes, names: Mapping[str, str]) -> bytes:
    """Return a network whose inputs and outputs are called otherwise."""
    model = onnx.load_from_string(content)
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for end in (*model.graph.input, *model.graph.output):
        end.name = names.get(end.name, end.name)
    return bytes(model.SerializeToString())


def widened(rows: NDArray[Any], dimension: int) -> NDArray[Any]:
    """Return rows filled with zeros up to a dimension."""
    return np.pad(rows, ((0, 0), (0, dimension - rows.shape[1])))
