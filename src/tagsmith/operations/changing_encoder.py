"""A change of the encoder, worked on in this process until it is over or waits for a person."""

import threading
from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from tagsmith.embeddings.models import EncoderChange
from tagsmith.queue.worker import run_worker
from tagsmith.training.encoder_change import Standing, standing

GLANCE = 0.5  # seconds between two looks at how far it is
AT_ONCE = 2  # jobs: one begins or ends while another has the cores


def work_on(change: EncoderChange, show: Callable[[Standing], None]) -> EncoderChange:
    """Work on a change, beside whatever other workers do, and return it as it is then.

    Jobs that others have asked for are done too. If this process is told to stop, it goes on in other workers.
    """
    over = threading.Event()

    def watch() -> None:
        try:
            while not over.wait(GLANCE):
                now = standing(timezone.now())
                if now is None or now.change != change or now.waits_for_a_person:
                    return
                show(now)
        finally:
            over.set()
            connection.close()

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        run_worker(name="encoder", at_once=AT_ONCE, over=over.is_set)
    finally:
        over.set()
        watching.join()
    change.refresh_from_db()
    return change
