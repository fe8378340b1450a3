"""Forgetting the vectors of encoders that do not serve."""

from django.db import transaction
from django.db.models import Q

from tagsmith.audit.services import Actor, record
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.embeddings.serving import open_change
from tagsmith.errors import ConflictError, NotFoundError


def find_stored(word: str) -> StoredEncoder:
    """Return the encoder of this name, file or id that vectors are stored of.

    Raises
    ------
    NotFoundError
        There is none.
    ConflictError
        There are several; their ids tell them apart.
    """
    found = list(StoredEncoder.objects.filter(Q(name=word) | Q(source=word) | Q(identifier=word)).order_by("pk"))
    if not found:
        raise NotFoundError(f"no vectors of an encoder {word!r} are stored")
    if len(found) > 1:
        raise ConflictError(
            "{word}: there are {encoders}; say which", word=word, encoders=", ".join(one.identifier for one in found)
        )
    return found[0]


@transaction.atomic
def forget_vectors(actor: Actor, encoder: StoredEncoder) -> int:
    """Delete the vectors of an encoder, and return how many there were. Tag models keep what they learned from them.

    Raises
    ------
    ConflictError
        It serves, or is to serve.
    """
    found = StoredEncoder.objects.select_for_update().get(pk=encoder.pk)
    change = open_change()
    if found.serves or (change and change.encoder == found):
        if found.serves:
            raise ConflictError("{encoder} serves: its vectors are needed", encoder=found.shown)
        raise ConflictError("{encoder} is to serve: its vectors are needed", encoder=found.shown)
    count, _ = Embedding.objects.filter(encoder=found).delete()
    record(actor, "forget vectors", "encoder", found.pk, before={"encoder": found.shown, "vectors": count})
    return count
