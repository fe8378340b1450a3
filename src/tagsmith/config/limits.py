"""The limits of a training, from the settings."""

from tagsmith.config.settings import Settings
from tagsmith.learning.examples import Limits


def limits_of(settings: Settings) -> Limits:
    """Return how many tags and examples a tag model may have."""
    return Limits(
        settings.min_tags_per_model,
        settings.max_tags_per_model,
        settings.min_examples_per_tag,
        settings.max_examples_per_tag,
    )
