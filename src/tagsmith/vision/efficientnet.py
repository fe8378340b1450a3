"""EfficientNet-Lite as an ONNX graph, built from its published weights.

The graph takes images of any size, best with sides that are multiples of 32, and gives the last feature map, whose
mean is what the published network classifies by. Batch normalisation is folded into the convolutions.
Source: Tan and Le, "EfficientNet" (arXiv:1905.11946); the Lite variants replace Swish by ReLU6 and
drop squeeze-and-excite.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from tagsmith.errors import EncoderError

Array = NDArray[Any]

BATCH_NORM_EPSILON = 1e-3
OPSET = 17
IR_VERSION = 9
# repeats and stride of each stage of B0; the first and the last stage are never deepened
STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))

INPUT = "image"  # float32 (batch, 3, height, width), RGB, (value - 127) / 128
FEATURE_MAP = "feature_map"  # float32 (batch, channels, height / 32, width / 32)


def build_graph(weights: Mapping[str, Array], depth: float) -> bytes:
    """Return the serialised ONNX model.

    Parameters
    ----------
    weights
        State dict of a published EfficientNet-Lite checkpoint; it fixes all widths.
    depth
        Depth coefficient: 1.0 for Lite0, 1.2 for Lite2. Inner stages repeat ceil(depth * repeats) times.

    Returns
    -------
    bytes
        Model with input `image` and output `feature_map`.

    Raises
    ------
    EncoderError
        The weights have another depth.
    """
    strides = list(_block_strides(depth))
    blocks = {name.split(".")[1] for name in weights if name.startswith("_blocks.")}
    if len(blocks) != len(strides):
        raise EncoderError(f"the weights hold {len(blocks)} blocks, not the {len(strides)} of depth {depth:g}")
    graph = _Graph(weights)
    x = graph.conv(INPUT, "_conv_stem", "_bn0", stride=2, clip=True)
    for index, stride in enumerate(strides):
        x = _block(graph, x, f"_blocks.{index}", stride)
    graph.conv(x, "_conv_head", "_bn1", clip=True, output=FEATURE_MAP)
    return graph.serialise()


def _block_strides(depth: float) -> Iterator[int]:
    last = len(STAGES) - 1
    for stage, (repeats, stride) in enumerate(STAGES):
        count = repeats if stage in (0, last) else int(np.ceil(depth * repeats))
        yield stride
        yield from [1] * (count - 1)


def _block(graph: "_Graph", x: str, name: str, stride: int) -> str:
    """Inverted residual: expand, depthwise, project; plus the input where the shapes agree."""
    y = x
    if f"{name}._expand_conv.weight" in graph.weights:
        y = graph.conv(y, f"{name}._expand_conv", f"{name}._bn0", clip=True)
    depthwise = graph.weights[f"{name}._depthwise_conv.weight"]
    y = graph.conv(y, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride, groups=depthwise.shape[0], clip=True)
    y = graph.conv(y, f"{name}._project_conv", f"{name}._bn2")
    if stride == 1 and graph.channels[x] == graph.channels[y]:
        y = graph.add(x, y, f"{name}.sum")
    return y


@dataclass
class _Graph:
    weights: Mapping[str, Array]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    initializers: list[onnx.TensorProto] = field(default_factory=list)
    channels: dict[str, int] = field(default_factory=lambda: {INPUT: 3})

    def conv(
        self,
        x: str,
        name: str,
        norm: str,
        *,
        stride: int = 1,
        groups: int = 1,
        clip: bool = False,
        output: str = "",
    ) -> str:
        """Append a convolution with its batch normalisation folded in, and ReLU6 if `clip`."""
        scale = self.weights[f"{norm}.weight"] / np.sqrt(self.weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
        kernel = self.weights[f"{name}.weight"] * scale[:, None, None, None]
        bias = self.weights[f"{norm}.bias"] - self.weights[f"{norm}.running_mean"] * scale
        self.initializers += [
            numpy_helper.from_array(kernel.astype(np.float32), f"{name}.kernel"),
            numpy_helper.from_array(bias.astype(np.float32), f"{name}.bias"),
        ]
        y = output or f"{name}.out"
        raw = f"{name}.raw" if clip else y
        self.nodes.append(
            helper.make_node(
                "Conv",
                [x, f"{name}.kernel", f"{name}.bias"],
                [raw],
                strides=[stride, stride],
                kernel_shape=list(kernel.shape[2:]),
                group=groups,
                pads=[kernel.shape[2] // 2] * 4,  # centred; see docs/decisions/0003-encoders.md
            )
        )
        if clip:
            self.nodes.append(helper.make_node("Clip", [raw, "zero", "six"], [y]))
        self.channels[y] = kernel.shape[0]
        return y

    def add(self, a: str, b: str, output: str) -> str:
        self.nodes.append(helper.make_node("Add", [a, b], [output]))
        self.channels[output] = self.channels[a]
        return output

    def serialise(self) -> bytes:
        """Return the checked model's bytes."""
        channels = self.channels[FEATURE_MAP]
        bounds = [
            numpy_helper.from_array(np.array(value, np.float32), name) for name, value in (("zero", 0), ("six", 6))
        ]
        graph = helper.make_graph(
            self.nodes,
            "efficientnet_lite",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", 3, "height", "width"])],
            [helper.make_tensor_value_info(FEATURE_MAP, TensorProto.FLOAT, ["batch", channels, "h", "w"])],
            [*self.initializers, *bounds],
        )
        model = helper.make_model(
            graph, producer_name="tagsmith", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString())
