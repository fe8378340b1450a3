"""For the tests' worker processes: a way to make assets ready that some files kill."""

import os

from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.preparation import configure


class DeadlyPreparation:
    def make_ready(self, ids):
        for asset in Asset.objects.filter(pk__in=ids, state=State.NEW).order_by("pk"):
            if asset.name.startswith("deadly"):
                os.kill(os.getpid(), 9)
            if asset.name.startswith("raising"):
                raise ValueError(asset.name)
            Asset.objects.filter(pk=asset.pk).update(state=State.READY)


configure(DeadlyPreparation())
