"""A small library with stored vectors, tags, and tag models on them: what tests of the later stages begin with."""

from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone

from tagsmith.accounts.models import Role
from tagsmith.accounts.services import add_person
from tagsmith.assets.models import Asset, Folder, State
from tagsmith.audit.services import COMMAND_LINE, Actor
from tagsmith.embeddings.services import store_vectors, stored_encoder
from tagsmith.learning.examples import Limits
from tagsmith.tagging.models import SmartTag
from tagsmith.tagging.services import tag_assets
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.training.learn import TrainingSettings, train
from tagsmith.training.services import add_examples, create_tag_model

DIMENSION = 64
KINDS = ("boot", "hat", "sock")
TEACHING, ALL = 12, 18  # of each kind


@pytest.fixture
def settings():
    return TrainingSettings(stored_encoder("test", DIMENSION), "test", Limits())


@pytest.fixture
def tags():
    return {name: create_tag(COMMAND_LINE, name) for name in KINDS}


@pytest.fixture
def library(settings):
    """Give assets of each kind, with vectors that tell the kinds apart."""
    rng = np.random.default_rng(0)
    folder = Folder.objects.create(name="", path="")
    kinds = {}
    for kind in KINDS:
        centre = rng.standard_normal(DIMENSION)
        kinds[kind] = [
            Asset.objects.create(
                folder=folder,
                name=f"{kind}-{number}.jpg",
                folded=f"{kind}-{number}.jpg",
                content=f"{kind}{number}".rjust(64, "0"),
                size=1,
                modified=timezone.now(),
                state=State.READY,
            )
            for number in range(ALL)
        ]
        vectors = centre + 0.7 * rng.standard_normal((ALL, DIMENSION))
        ids = np.array([asset.pk for asset in kinds[kind]])
        store_vectors(settings.encoder, ids, vectors, {asset.pk: asset.content for asset in kinds[kind]})
    return kinds


@pytest.fixture
def shoes(tags, library):
    return taught("Shoes", tags, library, "boot", "hat")


@pytest.fixture
def trained(shoes, settings):
    train(shoes, settings)
    return shoes


@pytest.fixture
def ada():
    return Actor(add_person("ada", "correct horse battery", Role.TRAINER))


def taught(title, tags, library, *kinds):
    model = create_tag_model(COMMAND_LINE, title, [tags[kind] for kind in kinds])
    for kind in kinds:
        add_examples(COMMAND_LINE, model, tags[kind], library[kind][:TEACHING])
    return model


def smart(tag=None):
    """Return the confidences of the smart tags by asset and tag name; of all tags, or of one."""
    rows = SmartTag.objects.values_list("asset_id", "tag__name", "confidence")
    return {(asset, name): confidence for asset, name, confidence in rows if tag in (None, name)}


def tag_everything(library, unit=None):
    ids = [asset.pk for kind in library.values() for asset in kind]
    return tag_assets(ids, unit or uuid4())
