"""Which concrete parts the stages work with, and which stage hears of what. Needs Django set up."""

from tagsmith.accounts.openid import provider
from tagsmith.accounts.openid.provider import Provider
from tagsmith.assets.local_storage import LocalStorage
from tagsmith.collecting import following as collecting
from tagsmith.config.limits import limits_of
from tagsmith.config.settings import Settings
from tagsmith.curation.references import HumanTags, Rejections
from tagsmith.embeddings import cache, encoding, preparation
from tagsmith.embeddings.following import PREPARED
from tagsmith.embeddings.serving import Encoders
from tagsmith.operations import admission
from tagsmith.operations.admission import Admission
from tagsmith.queue import jobs as queue
from tagsmith.search import following as search
from tagsmith.tagging import publishing
from tagsmith.tagging.references import SmartTags, Suggestions
from tagsmith.tagging.suggesting import forget_suggestions
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.training import encoder_change
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
    cache.configure(settings.data / "cache" / "vectors" if settings.vector_cache else None)
    preparation.configure(
        preparation.Preparation(
            storage=storage,
            encoders=Encoders(
                settings.encoder,
                lambda source: EncoderSession(find_encoder(source), settings.cache),
                wanted="encoder" in settings.model_fields_set,
            ),
            limits=DecodeLimits(max_pixels=settings.max_image_pixels),
            threads=settings.workers,
        )
    )
    training.configure(lambda: _training_settings(settings))
    encoding.configure(training.go_on)
    encoder_change.configure(publishing.retire)
    queue.configure(settings.keep_finished_jobs_days)
    retention.configure(settings.keep_change_log_days)
    provider.configure(_provider(settings))
    admission.configure(_admission(settings))
    for kind in (HumanTags(), Rejections(), TagModels(), Examples(), SmartTags(), Suggestions()):  # in this order
        REFERENCES.register(kind)
    search.follow()
    collecting.follow()
    launching.follow()
    PREPARED.register("suggestions", forget_suggestions)


def _training_settings(settings: Settings) -> TrainingSettings:
    """Return what a training needs."""
    serving = preparation.current().encoder
    return TrainingSettings(serving, serving.shown, limits_of(settings))


def _provider(settings: Settings) -> Provider | None:
    """Return by whom people may sign in besides by a password."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        label=settings.oidc_label,
        scopes=settings.oidc_scopes,
        signs_out=settings.oidc_sign_out,
    )


def _admission(settings: Settings) -> Admission:
    """Return which of those whom the provider knows are let in."""
    return Admission(
        name_claim=settings.oidc_name_claim,
        role_claim=settings.oidc_role_claim,
        roles=settings.oidc_roles,
        takes_unknown=settings.oidc_unknown == "viewer",
        folders=settings.oidc_folders,
    )
