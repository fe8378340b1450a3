"""Which encoder serves, and which is to come: facts in the database, asked each time. Loading them once per process."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.db import IntegrityError, transaction

from tagsmith.embeddings.models import EncoderChange, StoredEncoder
from tagsmith.embeddings.services import stored_encoder
from tagsmith.errors import EncoderError
from tagsmith.vision.session import EncoderSession

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """An encoder that can be used in this process, and its row."""

    encoder: StoredEncoder
    session: EncoderSession


def serving_encoder() -> StoredEncoder | None:
    """Return the encoder that serves; None in a library that has not needed one yet."""
    return StoredEncoder.objects.filter(serves=True).first()


def open_change() -> EncoderChange | None:
    """Return the change of the encoder that is under way, if there is one."""
    return EncoderChange.objects.select_related("encoder").filter(state=EncoderChange.State.OPEN).first()


def let_serve(encoder: StoredEncoder) -> None:
    """Make an encoder the one that serves, in the caller's transaction."""
    StoredEncoder.objects.filter(serves=True).update(serves=False)
    StoredEncoder.objects.filter(pk=encoder.pk).update(serves=True)


class Encoders:
    """The encoders of this process, loaded when first needed.

    Parameters
    ----------
    first
        What serves in a new library, as `vision.encoders.find_encoder` finds it.
    open_session
        Loads what is found by such a word.
    wanted
        Whether somebody set `first`, and would want to know that another one serves.
    """

    def __init__(self, first: str, open_session: Callable[[str], EncoderSession], *, wanted: bool = False) -> None:
        self._first, self._open_session, self._wanted = first, open_session, wanted
        self._sessions: dict[str, EncoderSession] = {}
        self._loading = Lock()

    def encoder(self) -> StoredEncoder:
        """Return the encoder that serves; in a new library, from now on, the first one. Raises EncoderError."""
        return serving_encoder() or self._begin()

    def serving(self) -> Loaded:
        """Return the encoder that serves, loaded; raises EncoderError."""
        return self.load(self.encoder())

    def coming(self) -> Loaded | None:
        """Return the encoder that is to serve, loaded; None without one, or where it cannot be had."""
        change = open_change()
        try:
            return self.load(change.encoder) if change else None
        except EncoderError as error:  # nobody who works for the serving one should fail over it
            log.warning("the encoder that is to serve cannot be used here: %s", error)
            return None

    def load(self, encoder: StoredEncoder) -> Loaded:
        """Return an encoder that the library knows, loaded.

        Raises
        ------
        EncoderError
            It cannot be had here, or what is found in its place is another one.
        """
        with self._loading:
            if encoder.identifier not in self._sessions:
                session = self._open_session(encoder.source)
                _check(encoder, session)
                self._keep(session)
            return Loaded(encoder, self._sessions[encoder.identifier])

    def find(self, source: str) -> Loaded:
        """Return the encoder of this name, id or .onnx file, loaded, and known to the library from now on.

        Raises
        ------
        EncoderError
            It is unknown, or cannot be had here.
        """
        with self._loading:
            session = self._open_session(source)
            self._keep(session)
        found = session.encoder
        place = str(Path(source).absolute()) if _is_file(source) else found.name
        return Loaded(stored_encoder(found.id, found.dimension, name=found.name, source=place), session)

    def notice(self) -> str:
        """Say that the settings name another encoder than the one that serves; empty if they do not."""
        serving, change = serving_encoder(), open_change()
        if not self._wanted or serving is None or self._is_first(serving):
            return ""
        remedy = f"`tagsmith encoder change {self._first}` changes that"
        if change is not None and self._is_first(change.encoder):
            remedy = "it is on its way, as `tagsmith encoder status` shows"
        return f"TAGSMITH_ENCODER is {self._first}, but {serving.shown} serves; {remedy}"

    def _is_first(self, encoder: StoredEncoder) -> bool:
        if _is_file(self._first):
            return encoder.source == str(Path(self._first).absolute())
        return self._first in (encoder.name, encoder.identifier)

    def _begin(self) -> StoredEncoder:
        first = self.find(self._first).encoder
        try:
            with transaction.atomic():
                StoredEncoder.objects.filter(pk=first.pk).update(serves=True)
        except IntegrityError:
            log.info("another process was quicker to say which encoder serves")
        return StoredEncoder.objects.get(serves=True)

    def _keep(self, session: EncoderSession) -> None:
        """Keep two at most: one that serves and one that is to."""
        self._sessions.pop(session.encoder.id, None)
        self._sessions[session.encoder.id] = session
        if len(self._sessions) > 2:
            del self._sessions[next(iter(self._sessions))]


def _is_file(source: str) -> bool:
    return source.endswith(".onnx")


def _check(encoder: StoredEncoder, session: EncoderSession) -> None:
    if session.encoder.id != encoder.identifier:
        raise EncoderError(
            "{source} is not the encoder any more whose vectors are stored ({identifier}): "
            "bring that back, or change the encoder by `tagsmith encoder change`",
            source=encoder.source,
            identifier=encoder.identifier,
        )
