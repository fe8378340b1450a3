"""For the tests' worker processes: making assets ready without images, one vector for all."""

import time

import numpy as np
from django.db import transaction

from integration.stages import DIMENSION
from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.following import PREPARED
from tagsmith.embeddings.preparation import configure
from tagsmith.embeddings.services import store_vectors, stored_encoder
from tagsmith.workflows.launching import follow


class SlowPreparation:
    def make_ready(self, ids):
        time.sleep(0.02)
        contents = dict(Asset.objects.filter(pk__in=ids, state=State.NEW).values_list("pk", "content"))
        with transaction.atomic():
            Asset.objects.filter(pk__in=contents).update(state=State.READY)
            vectors = np.ones((len(contents), DIMENSION))
            store_vectors(stored_encoder("test", DIMENSION), np.array(list(contents)), vectors, contents)
            PREPARED.changed(list(contents))


configure(SlowPreparation())
follow()
