"""Which concrete parts the stages work with, and which stage hears of what. Needs Django set up."""

from tagsmith.assets.local_storage import LocalStorage
from tagsmith.config.limits import limits_of
from tagsmith.config.settings import Settings
from tagsmith.curation.references import HumanTags, Rejections
from tagsmith.embeddings import preparation
from tagsmith.embeddings.following import PREPARED
from tagsmith.queue import jobs as queue
from tagsmith.search import following as search
from tagsmith.tagging.references import SmartTags, Suggestions
from tagsmith.tagging.suggesting import forget_suggestions
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.training import jobs as training
from tagsmith.training.learn import TrainingSettings
from tagsmith.training.references import Examples, TagModels
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.session import EncoderSession
from tagsmith.web import surroundings
from tagsmith.workflows import launching, retention


def compose(settings: Settings) -> None:
    """Give the stages what they need of the settings, and register those that hear of changes below them."""
    storage = LocalStorage(settings.data / "files")
    surroundings.configure(surroundings.Surroundings(storage))
    preparation.configure(
        preparation.Preparation(
            storage=storage,
            open_session=lambda: EncoderSession(find_encoder(settings.encoder), settings.cache),
            limits=DecodeLimits(max_pixels=settings.max_image_pixels),
            threads=settings.workers,
        )
    )
    training.configure(lambda: _training_settings(settings))
    queue.configure(settings.keep_finished_jobs_days)
    retention.configure(settings.keep_change_log_days)
    for kind in (HumanTags(), Rejections(), TagModels(), Examples(), SmartTags(), Suggestions()):  # in this order
        REFERENCES.register(kind)
    search.follow()
    launching.follow()
    PREPARED.register("suggestions", forget_suggestions)


def _training_settings(settings: Settings) -> TrainingSettings:
    """Return what a training needs; loads the encoder."""
    serving = preparation.current()
    return TrainingSettings(serving.encoder, serving.session.encoder.name, limits_of(settings))
