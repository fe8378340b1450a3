"""Which concrete parts the stages work with, and which stage hears of what. Needs Django set up."""

from tagsmith.assets.local_storage import LocalStorage
from tagsmith.config.settings import Settings
from tagsmith.embeddings import preparation
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.session import EncoderSession


def compose(settings: Settings) -> None:
    """Give the stages what they need of the settings, and register those that hear of changes below them."""
    preparation.configure(
        preparation.Preparation(
            storage=LocalStorage(settings.data / "files"),
            open_session=lambda: EncoderSession(find_encoder(settings.encoder), settings.cache),
            limits=DecodeLimits(max_pixels=settings.max_image_pixels),
            threads=settings.workers,
        )
    )
