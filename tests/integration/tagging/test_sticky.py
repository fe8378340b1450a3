"""Random sequences of everything that can happen to tags, against a small model of what people said."""

from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from integration.stages import DIMENSION, library, settings, shoes, tag_everything, tags, taught  # noqa: F401 - fixtures
from integration.tagging.test_taxonomy_changes import kinds  # noqa: F401 - fixture
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.embeddings.services import store_vectors
from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.tagging import moderation, publishing, review
from tagsmith.tagging.models import SmartTag
from tagsmith.tagging.services import undo
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services import create_tag, delete, merge, move, undo_delete
from tagsmith.training.learn import train
from tagsmith.training.models import TagModel, TaughtTag, Version

ASSETS = 4  # of each kind that is said something about
NAMES = ("boot", "hat")

MACHINE = st.sampled_from(["run", "train", "publish", "roll back", "retire", "undo run"])
TAXONOMY = st.sampled_from(["merge", "move", "delete", "restore"])
PERSON = st.sampled_from(["set", "promote", "remove", "allow", "accept", "reject", "undo said"])
STEP = st.tuples(
    MACHINE | TAXONOMY | PERSON | st.just("replace"), st.integers(0, 2 * ASSETS - 1), st.sampled_from(NAMES)
)


class World:
    """The library, and beside it what people said as plain sets of (asset, tag id)."""

    def __init__(self, library, tags, settings, shoes):
        self.library, self.settings = library, settings
        self.models = [shoes, taught("Clothes", tags, library, "hat", "sock")]
        TaughtTag.objects.filter(model=shoes, tag=tags["hat"]).update(apply_from=1.0, suggest_from=0.2)
        self.tags = {name: tags[name] for name in NAMES}
        self.assets = [asset.pk for kind in NAMES for asset in library[kind][-ASSETS:]]
        self.own: set[tuple[int, int]] = set()
        self.refused: set[tuple[int, int]] = set()
        self.runs = [uuid4()]
        self.said: list[tuple[object, set, set]] = []
        self.deletions: list[object] = []

    def step(self, action, number, name):
        with transaction.atomic():
            try:
                with transaction.atomic():
                    getattr(self, "do_" + action.replace(" ", "_"))(self.assets[number], self.tags[name], number)
            except (ConflictError, NotFoundError):
                pass

    def do_run(self, asset, tag, number):
        self.runs.append(uuid4())
        tag_everything(self.library, self.runs[-1])

    def do_undo_run(self, asset, tag, number):
        undo(self.runs[number % len(self.runs)], uuid4())

    def do_train(self, asset, tag, number):
        train(self.models[number % 2], self.settings)

    def do_publish(self, asset, tag, number):
        versions = list(Version.objects.order_by("pk"))
        if versions:
            publishing.publish(COMMAND_LINE, versions[number % len(versions)])

    def do_roll_back(self, asset, tag, number):
        publishing.roll_back(COMMAND_LINE, self.models[number % 2])

    def do_retire(self, asset, tag, number):
        publishing.retire(COMMAND_LINE, self.models[number % 2])
        assert not SmartTag.objects.filter(version__model=self.models[number % 2]).exists()
        assert not review.matching(EVERYTHING, review.Which(model=self.models[number % 2]))

    def do_replace(self, asset, tag, number):
        content = uuid4().hex * 2
        Asset.objects.filter(pk=asset).update(content=content, modified=timezone.now() + timedelta(seconds=number))
        vector = np.random.default_rng(number).standard_normal((1, DIMENSION))
        store_vectors(self.settings.encoder, np.array([asset]), vector, {asset: content})

    def do_set(self, asset, tag, number):
        self._said(lambda unit: moderation.set_tag(EVERYTHING, COMMAND_LINE, [asset], tag, unit))
        self._is_own(asset, tag)

    def do_promote(self, asset, tag, number):
        if self._said(lambda unit: moderation.promote(EVERYTHING, COMMAND_LINE, [asset], tag, unit)):
            self._is_own(asset, tag)

    def do_remove(self, asset, tag, number):
        if self._said(lambda unit: moderation.remove(EVERYTHING, COMMAND_LINE, [asset], tag, unit)):
            self.own.discard((asset, tag.pk))
            self.refused.add((asset, tag.pk))

    def do_accept(self, asset, tag, number):
        if self._said(lambda unit: moderation.accept(EVERYTHING, COMMAND_LINE, [asset], tag, unit)):
            self._is_own(asset, tag)

    def do_reject(self, asset, tag, number):
        if self._said(lambda unit: moderation.reject(EVERYTHING, COMMAND_LINE, [asset], tag, unit)):
            self.refused.add((asset, tag.pk))

    def do_allow(self, asset, tag, number):
        self._said(lambda unit: moderation.allow_again(EVERYTHING, COMMAND_LINE, [asset], tag, unit))
        self.refused.discard((asset, tag.pk))

    def do_undo_said(self, asset, tag, number):
        """Take the latest back, which nothing but a merge can have come after."""
        if self.said:
            unit, own, refused = self.said.pop()
            if moderation.undo_moderation(EVERYTHING, COMMAND_LINE, unit):
                self.own, self.refused = own, refused

    def do_merge(self, asset, tag, number):
        target = create_tag(COMMAND_LINE, f"merged-{uuid4().hex[:8]}")
        merge(COMMAND_LINE, tag, target)
        self.own = {(pk, target.pk if known == tag.pk else known) for pk, known in self.own}
        self.refused = {(pk, target.pk if known == tag.pk else known) for pk, known in self.refused} - self.own
        self.said.clear()
        self.tags = {name: target if known == tag else known for name, known in self.tags.items()}

    def do_move(self, asset, tag, number):
        move(COMMAND_LINE, Tag.objects.get(pk=tag.pk), "default:", f"moved-{uuid4().hex[:8]}")

    def do_delete(self, asset, tag, number):
        self.deletions.append(delete(COMMAND_LINE, tag).id)
        assert not SmartTag.objects.filter(tag=tag).exists()

    def do_restore(self, asset, tag, number):
        if self.deletions:
            undo_delete(COMMAND_LINE, self.deletions.pop())

    def _said(self, act):
        unit, before = uuid4(), (set(self.own), set(self.refused))
        done = act(unit)
        if done:
            self.said.append((unit, *before))
        return done

    def _is_own(self, asset, tag):
        self.own.add((asset, tag.pk))
        self.refused.discard((asset, tag.pk))

    def check(self):
        """What people said is there, no machine contradicts it, and nothing is given that nobody serves."""
        given = set(SmartTag.objects.values_list("asset_id", "tag_id"))
        assert set(HumanTag.objects.values_list("asset_id", "tag_id")) == self.own
        assert set(Rejection.objects.values_list("asset_id", "tag_id")) == self.refused
        suggested = review.matching(EVERYTHING, review.Which())
        assert len(suggested) == len(set(suggested))
        assert not (self.own | self.refused) & (given | set(suggested))
        assert not given & set(suggested)
        assert not SmartTag.objects.filter(tag__deleted__isnull=False).exists()
        assert not Tag.objects.filter(pk__in={tag for _, tag in suggested}, deleted__isnull=False).exists()

    def check_after_a_run(self):
        """After a run every smart tag is of a model that serves, and an exclusive one gives one tag at most."""
        tag_everything(self.library)
        self.check()
        serving = TagModel.objects.filter(versions__live=True)
        assert not SmartTag.objects.exclude(version__model__in=serving).exists()
        pairs = list(SmartTag.objects.values_list("asset_id", "version__model_id"))
        assert len(pairs) == len(set(pairs))
        assert tag_everything(self.library).changes == 0


@pytest.fixture
def world_parts(library, tags, settings, shoes, kinds):
    return library, tags, settings, shoes


@pytest.mark.django_db
@pytest.mark.req("T3a", "T3b", "T3c", "T3d", "T4b", "M5a", "W2a")
@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_what_people_said_is_sticky_through_any_order_of_things(world_parts, steps):
    with transaction.atomic():
        world = World(*world_parts)
        world.do_train(None, None, 0)
        world.do_run(None, None, 0)
        for step in steps:
            world.step(*step)
            world.check()
        world.check_after_a_run()
        transaction.set_rollback(True)
