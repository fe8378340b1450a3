"""Making ready while the encoder is being changed."""

import numpy as np
import pytest

from tagsmith.assets.models import Asset
from tagsmith.embeddings.models import Embedding, EncoderChange
from tagsmith.embeddings.preparation import Preparation
from tagsmith.embeddings.serving import Encoders
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.encoders import read_local_encoder
from tagsmith.vision.session import EncoderSession
from unit.vision.onnx_files import described, network

pytestmark = pytest.mark.django_db


@pytest.mark.req("M16a")
def test_new_import_gets_the_vectors_of_both_encoders(put, bring, storage, session, tmp_path):
    folder = tmp_path / "encoder"
    folder.mkdir()
    kernel = np.eye(5, 3, dtype=np.float32)
    coming = EncoderSession(read_local_encoder(described(folder, network(kernel), name="new", dimension=5)), folder)
    encoders = Encoders("tiny", lambda source: coming if source == "new" else session)
    serving = encoders.encoder()
    change = EncoderChange.objects.create(encoder=encoders.find("new").encoder)
    put("a.png", 1)
    bring()
    Preparation(storage, encoders, DecodeLimits(), threads=1).make_ready([Asset.objects.get().pk])
    assert set(Embedding.objects.values_list("encoder", flat=True)) == {serving.pk, change.encoder.pk}
    assert encoders.encoder() == serving
