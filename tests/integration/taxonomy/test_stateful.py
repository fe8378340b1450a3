"""Any order of creating, moving, merging, deleting and restoring, against a small model in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tagsmith.audit.services import Actor
from tagsmith.errors import ConflictError, TaxonomyError
from tagsmith.taxonomy.keys import fold
from tagsmith.taxonomy.models import Redirect, Tag
from tagsmith.taxonomy.selectors import find_tag, live_tags
from tagsmith.taxonomy.services import create_tag, delete, merge, move, undo_delete

ACTOR = Actor(name="test")
TOP = "default"
names = st.sampled_from(("a", "b", "A"))
picks = st.integers(0, 30)


class Refused(Exception):  # noqa: N818
    """The model says that it cannot be done."""


@dataclass
class Model:
    """Tags as parent and name; a parent is another tag's number, or a namespace."""

    live: dict[int, tuple[int | str, str]] = field(default_factory=dict)
    gone: dict[UUID, dict[int, tuple[int | str, str, str]]] = field(default_factory=dict)
    redirects: dict[str, int] = field(default_factory=dict)

    def key(self, tag: int | str) -> str:
        if isinstance(tag, str):
            return f"{tag}:"
        parent, name = self.live[tag]
        return self.key(parent) + ("" if isinstance(parent, str) else "/") + name

    def below(self, tag: int) -> list[int]:
        children = [other for other, (parent, _) in self.live.items() if parent == tag]
        return [tag, *(one for child in children for one in self.below(child))]

    def twin(self, parent: int | str, name: str) -> int | None:
        alike = (tag for tag, (above, own) in self.live.items() if above == parent and fold(own) == fold(name))
        return next(alike, None)

    def place(self, tag: int, parent: int | str, name: str) -> None:
        if self.twin(parent, name) not in (None, tag):
            raise Refused
        self.live[tag] = (parent, name)

    def absorb(self, source: int, target: int) -> dict[int, int]:
        into = {source: target}
        del self.live[source]
        for members in self.gone.values():
            members.update({tag: (target, *rest) for tag, (above, *rest) in members.items() if above == source})
        for child in [tag for tag, (above, _) in self.live.items() if above == source]:
            name = self.live[child][1]
            twin = self.twin(target, name)
            if twin is None:
                self.live[child] = (target, name)
            else:
                into |= self.absorb(child, twin)
        return into


class Taxonomy(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.whole = transaction.atomic()
        self.whole.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def pick(self, number: int) -> int:
        return sorted(self.model.live)[number % len(self.model.live)]

    def parent(self, number: int) -> int | str:
        return self.pick(number // 2) if self.model.live and number % 2 else TOP

    @contextmanager
    def changed(self, *errors: type[Exception]) -> Iterator[None]:
        """Change the model and the database inside; where the model refuses, so must the database."""
        before, old = deepcopy(self.model), {tag: fold(self.model.key(tag)) for tag in self.model.live}
        try:
            yield
        except Refused:
            self.model = before
            with pytest.raises(errors):
                self.attempt()
            return
        self.attempt()
        live = {tag: fold(self.model.key(tag)) for tag in self.model.live}
        redirects = self.model.redirects
        redirects.update({key: tag for tag, key in old.items() if tag in live})
        for key in set(live.values()) & set(redirects):
            del redirects[key]

    @initialize()
    def begin(self) -> None:
        for key in ("a", "a/b", "b", "b/b", "b/b/a"):
            tag = create_tag(ACTOR, key)
            self.model.live[tag.pk] = (tag.parent_id or TOP, tag.name)

    @rule(above=picks, name=names)
    def create(self, above: int, name: str) -> None:
        parent = self.parent(above)
        key = self.model.key(parent) + ("" if isinstance(parent, str) else "/") + name
        if self.model.twin(parent, name) is not None:
            with pytest.raises(ConflictError):
                create_tag(ACTOR, key)
            return
        self.model.live[create_tag(ACTOR, key).pk] = (parent, name)
        self.model.redirects.pop(fold(key), None)

    @precondition(lambda self: self.model.live)
    @rule(one=picks, above=picks, name=st.none() | names)
    def move(self, one: int, above: int, name: str | None) -> None:
        tag, parent = self.pick(one), self.parent(above)
        row, place = Tag.objects.get(pk=tag), self.model.key(parent)
        self.attempt = lambda: move(ACTOR, row, place, name)
        with self.changed(TaxonomyError, ConflictError):
            if parent in self.model.below(tag):
                raise Refused
            self.model.place(tag, parent, name or self.model.live[tag][1])

    @precondition(lambda self: self.model.live)
    @rule(one=picks, other=picks)
    def merge(self, one: int, other: int) -> None:
        source, target = self.pick(one), self.pick(other)
        rows = Tag.objects.get(pk=source), Tag.objects.get(pk=target)
        self.attempt = lambda: merge(ACTOR, *rows)
        with self.changed(TaxonomyError, ConflictError):
            if target in self.model.below(source):
                raise Refused
            ended = {tag: fold(self.model.key(tag)) for tag in self.model.below(source)}
            into = self.model.absorb(source, target)
            if {ended[tag] for tag in into} & {fold(self.model.key(tag)) for tag in self.model.live}:
                raise Refused
            for key, tag in self.model.redirects.items():
                self.model.redirects[key] = into.get(tag, tag)
            self.model.redirects.update({ended[tag]: into[tag] for tag in into})

    @precondition(lambda self: self.model.live)
    @rule(one=picks)
    def delete(self, one: int) -> None:
        tag = self.pick(one)
        members = self.model.below(tag)
        keys = {member: self.model.key(member) for member in members}
        deletion = delete(ACTOR, Tag.objects.get(pk=tag))
        self.model.gone[deletion.id] = {member: (*self.model.live.pop(member), keys[member]) for member in members}

    @precondition(lambda self: self.model.gone)
    @rule(one=picks)
    def undo(self, one: int) -> None:
        deletion = list(self.model.gone)[one % len(self.model.gone)]
        self.attempt = lambda: undo_delete(ACTOR, deletion)
        with self.changed(ConflictError):
            members = self.model.gone.pop(deletion)
            top, (parent, name, _) = next(iter(members.items()))
            if isinstance(parent, int) and parent not in self.model.live:
                raise Refused
            self.model.place(top, parent, name)
            self.model.live.update({tag: (above, own) for tag, (above, own, _) in members.items()})
            live = {fold(self.model.key(tag)) for tag in self.model.live}
            for tag, (_, _, key) in members.items():
                if fold(key) not in live:
                    self.model.redirects.setdefault(fold(key), tag)

    @invariant()
    def the_same_tags_live(self) -> None:
        assert dict(live_tags().values_list("pk", "key")) == {tag: self.model.key(tag) for tag in self.model.live}

    @invariant()
    def old_ids_lead_to_the_same_tags(self) -> None:
        assert dict(Redirect.objects.values_list("folded", "tag_id")) == self.model.redirects
        for key, tag in self.model.redirects.items():
            if tag in self.model.live:
                assert find_tag(key).pk == tag


@pytest.mark.req("X2a", "X2b")
@pytest.mark.django_db
def test_the_taxonomy_does_what_the_model_does():
    bounds = settings(
        max_examples=25,
        stateful_step_count=15,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(Taxonomy, settings=bounds)
