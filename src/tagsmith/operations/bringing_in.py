"""An import with all that follows, at the speed of the machine: files come in while others are made ready."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tagsmith.assets.commit import Ingest
from tagsmith.assets.ingest import Progress, Report
from tagsmith.assets.storage import Storage
from tagsmith.embeddings.jobs import enqueue_preparation, make_ready
from tagsmith.embeddings.waiting import Waiting
from tagsmith.queue.condition import is_unfinished
from tagsmith.queue.worker import run_worker
from tagsmith.vision.files import walk

GLANCE = 0.2  # seconds between two looks at how far it is
AT_ONCE = 2  # jobs: one begins or ends while another has the cores

Bring = Callable[[Ingest, Progress], Report]


@dataclass(frozen=True)
class Standing:
    """How far an import is: of how many files it has looked at how many; how many of which assets are ready."""

    files: int
    looked: int
    assets: int
    ready: int


class _Told(Exception):  # noqa: N818 - not an error
    """The import is to stop."""


class BringingIn:
    """An import that `bring` does, and beside it a worker that makes ready what came in.

    Jobs that others have asked for are done too. What is under way when this is stopped stays in the queue.
    """

    def __init__(self, root: Path, storage: Storage, bring: Bring, show: Callable[[Standing], None]) -> None:
        self.waiting = Waiting()
        self._root, self._storage, self._bring, self._show = root, storage, bring, show
        self._files = self._looked = 0
        self._report: Report | None = None
        self._error: BaseException | None = None
        self._over, self._told = threading.Event(), threading.Event()

    def run(self) -> Report:
        """Do all of it; raises what the import raises, and KeyboardInterrupt if the worker is told to stop."""
        threads = [threading.Thread(target=self._guarded, args=(work,)) for work in (self._import, self._watch)]
        for thread in threads:
            thread.start()
        try:
            run_worker(name="import", at_once=AT_ONCE, over=self._over.is_set)
        finally:
            self._told.set()
            for thread in threads:
                thread.join()
        if self._error is not None:
            raise self._error
        if self._report is None or not self._over.is_set():
            raise KeyboardInterrupt
        return self._report

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do one thread's work; an error ends everything."""
        try:
            work()
        except _Told:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._error = self._error or error
            self._over.set()
        finally:
            connection.close()

    def _import(self) -> None:
        self._files = sum(1 for _ in walk(self._root))
        self._report = self._bring(Ingest(self._storage, self._follow), self._look)

    def _follow(self, ids: list[int]) -> None:
        enqueue_preparation(ids)
        self.waiting.add(ids)

    def _look(self, _: Path) -> None:
        self._looked += 1
        if self._told.is_set():
            raise _Told

    def _watch(self) -> None:
        while not self._told.wait(GLANCE):
            is_all_in = self._report is not None
            left = self.waiting.look()
            assets = len(self.waiting.ids)
            self._show(Standing(self._files, self._looked, assets + max(0, self._files - self._looked), assets - left))
            if is_all_in and (not left or not is_unfinished(make_ready.name)):
                self._over.set()
                return
