"""Whether the service loses nothing, and does nothing twice, while its processes are killed.

    python benchmarks/killing.py [--seed N] [--images 2000] [--kills 30] [--photos DIR] [--encoder NAME]

A real `tagsmith serve` with two workers in a new data folder. Photos are imported in four parts; a training is asked
for with the second part, and a run over everything with the third and with the fourth. Meanwhile workers, the web
server, the importing process, the database's first process and its backends are killed with SIGKILL, chosen by
chance. The first part is imported in peace: its speed is what the rest is held against.
"""

import argparse
import contextlib
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from scratch import scratch_folder

TAGSMITH = str(Path(sys.executable).parent / "tagsmith")
KINDS = ("disc", "stripes", "star", "grid")
TAUGHT, EXAMPLES = KINDS[:3], 30
LEAST = 80  # images of the first part, which teach
PARTS = ("calm", "second", "third", "fourth")
VICTIMS = {"worker": 3, "web server": 1, "postmaster": 1, "backend": 1, "import": 1}  # how often, among each other
ALLOWED = 20.0  # seconds for what is left after the last kill, beyond what it takes in peace
GLANCE = 0.1
PATIENCE = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--photos", type=Path, help="bring these in instead of drawn ones; the first part is drawn")
    parser.add_argument("--encoder", default="standard")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)  # what this program does in a process of its own
    options = parser.parse_args()
    if options.step:
        return do_step(*options.step)
    with scratch_folder() as folder:
        os.environ["TAGSMITH_DATA"] = str(folder / "data")
        os.environ["TAGSMITH_ENCODER"] = options.encoder
        print(f"seed {options.seed}", flush=True)
        photos = make_photos(folder / "photos", options.images, options.photos)
        return measure(folder, photos, options)


def measure(folder: Path, photos: dict[str, Path], options: argparse.Namespace) -> int:
    chance = random.Random(options.seed)
    with serving(folder) as supervisor:
        watch = Watch(folder / "data")
        storm = Storm(chance, supervisor, watch)
        rate = calm_rate(storm, photos["calm"])
        print(f"in peace: {rate:.1f} images/s", flush=True)
        aimed = 3
        points = sorted(
            chance.uniform(max(0.1, LEAST / options.images), 0.88) * options.images
            for _ in range(options.kills - aimed)
        )
        killing = threading.Thread(target=storm.rage, args=(points,), daemon=True)
        killing.start()
        for part, step in zip(PARTS[1:], (("train", "Shapes"), ("run", "first"), ("run", "second")), strict=True):
            ask_for(*step)
            storm.strike_after(chance.uniform(0, 1.5))
            storm.bring(photos[part], part)
        killing.join()
        watch.wait_for("SELECT bool_and(ended IS NOT NULL) AND count(*) = 2 FROM workflows_run")
        watch.wait_for(
            "SELECT count(*) = 0 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = 'work'"
        )
        done = time.monotonic()
        time.sleep(1)
        watch.stop()
        timing_is_good = tell_timing(storm, watch, rate, done, options.images)
        state_is_good = tell_state(options.images)
        log = (folder / "serve.log").read_text()
        print(f"{log.count('Traceback')} tracebacks in the service's log, {storm.tracebacks} of imports")
        if not (timing_is_good and state_is_good):
            print(log[-6000:])
        return 0 if timing_is_good and state_is_good else 1


def make_photos(folder: Path, count: int, given: Path | None) -> dict[str, Path]:
    """Write the four parts, each a folder, and return them."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from drawings import draw

    first = max(count // 10, LEAST)
    later = (count - first) // 3
    sizes = dict(zip(PARTS, (first, later, later, count - first - 2 * later), strict=True))
    found = sorted(path for path in given.rglob("*") if path.is_file()) if given else []
    number = 0
    for part, size in sizes.items():
        for _ in range(size):
            kind = KINDS[number % len(KINDS)]
            (folder / part / kind).mkdir(parents=True, exist_ok=True)
            if found and part != "calm":
                original = found.pop()
                (folder / part / kind / f"{number}{original.suffix}").write_bytes(original.read_bytes())
            else:
                draw(kind, number).save(folder / part / kind / f"{number:05}.jpg", quality=90)
            number += 1
    return {part: folder / part for part in PARTS}


@contextlib.contextmanager
def serving(folder: Path):
    command = [TAGSMITH, "serve", "--port", "0", "--workers", "2"]
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            print(process.stdout.readline().strip(), flush=True)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait()


@dataclass(frozen=True)
class Look:
    """The library at one moment: how many assets are ready, which jobs of the work queue have not ended."""

    at: float
    ready: int
    jobs: frozenset[int]


class Watch:
    """Looks at the database from outside, with a connection for each question, for it may be away."""

    def __init__(self, data: Path) -> None:
        from tagsmith.config.postgres import Cluster

        self.looks: list[Look] = []
        self._cluster = Cluster(data)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def ask(self, query: str):
        from tagsmith.errors import DatabaseError

        try:
            with psycopg.connect(self._cluster.url(), connect_timeout=5) as connection:
                return connection.execute(query).fetchone()
        except (psycopg.Error, DatabaseError, OSError):
            return None

    @property
    def ready(self) -> int:
        return self.looks[-1].ready if self.looks else 0

    def wait_for(self, query: str) -> None:
        end = time.monotonic() + PATIENCE
        while self.ask(query) != (True,):
            if time.monotonic() > end:
                print(f"waited in vain: {query}")
                return
            time.sleep(GLANCE)

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        query = """
            SELECT (SELECT count(*) FROM assets_asset WHERE state = 'ready'),
                   (SELECT array_agg(id) FROM procrastinate_jobs
                    WHERE status IN ('todo', 'doing') AND queue_name = 'work')
        """
        while not self._over.wait(GLANCE):
            if (row := self.ask(query)) is not None:
                self.looks.append(Look(time.monotonic(), row[0], frozenset(row[1] or ())))


@dataclass
class Storm:
    """Kills by chance, and brings photos in all the same."""

    chance: random.Random
    supervisor: psutil.Process
    watch: Watch
    strikes: list[tuple[float, str]] = field(default_factory=list)
    imports: int = 0
    tracebacks: int = 0
    _importing: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rage(self, points: list[float]) -> None:
        """Strike soon after so many assets are ready."""
        for point in points:
            while self.watch.ready < point:
                time.sleep(GLANCE)
            self.strike_after(self.chance.uniform(0, 2))

    def strike_after(self, seconds: float) -> None:
        time.sleep(seconds)
        with self._lock:
            there = self._victims()
            kind = self.chance.choices(list(there), [VICTIMS[kind] for kind in there])[0]
            with contextlib.suppress(psutil.NoSuchProcess):
                self.chance.choice(there[kind]).kill()
                self.strikes.append((time.monotonic(), kind))
                print(f"  kill {len(self.strikes)}: {kind}, {self.watch.ready:,} ready", flush=True)

    def bring(self, photos: Path, folder: str) -> None:
        """Import until it has succeeded."""
        while True:
            self.imports += 1
            command = [TAGSMITH, "import", str(photos), "--folder", folder]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                self._importing = process.pid
                _, errors = process.communicate()
                self._importing = None
            if not process.returncode:
                if errors:
                    print(f"  the import of {folder} said: {errors.strip()[-500:]}", flush=True)
                return
            self.tracebacks += "Traceback" in errors

    def _victims(self) -> dict[str, list[psutil.Process]]:
        there: dict[str, list[psutil.Process]] = {kind: [] for kind in VICTIMS}
        for child in self.supervisor.children():
            with contextlib.suppress(psutil.Error):
                module = " ".join(child.cmdline())
                if "tagsmith.config.serve." in module:
                    there["web server" if "serve.web" in module else "worker"].append(child)
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            file = Path(os.environ["TAGSMITH_DATA"]) / "postgres" / "postmaster.pid"
            postmaster = psutil.Process(int(file.read_text().split("\n")[0]))
            if postmaster.name() == "postgres" and Path(postmaster.cwd()) == file.parent.resolve():
                there["postmaster"] = [postmaster]
                there["backend"] = postmaster.children()
        if self._importing is not None:
            with contextlib.suppress(psutil.Error):
                there["import"] = [psutil.Process(self._importing)]
        return {kind: processes for kind, processes in there.items() if processes}


def calm_rate(storm: Storm, photos: Path) -> float:
    """Import in peace; return how many assets became ready a second, from the first job on."""
    storm.bring(photos, "calm")
    time.sleep(1)
    begun = next(look for look in storm.watch.looks if look.jobs)
    ended = next(look for look in storm.watch.looks if look.ready == storm.watch.ready)
    return ended.ready / (ended.at - begun.at)


def ask_for(step: str, title: str) -> None:
    """Do a step in a process of its own, again until it has succeeded: the database may be away."""
    command = [sys.executable, __file__, "--step", step, title]
    end = time.monotonic() + PATIENCE
    while (done := subprocess.run(command, check=False, capture_output=True, text=True)).returncode:
        if time.monotonic() > end:
            raise SystemExit(f"{step} {title!r} cannot be asked for: {done.stderr}")
        time.sleep(GLANCE)


def do_step(step: str, title: str) -> int:
    from tagsmith.config.library import open_library
    from tagsmith.config.settings import load_settings

    with open_library(load_settings()):
        from django.db import transaction

        with transaction.atomic():
            return 0 if {"train": enqueue_training, "run": enqueue_run}[step](title) else 1


def enqueue_training(title: str) -> bool:
    """Make the tag model and ask for its training, once however often this is called."""
    from tagsmith.assets.models import Asset
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services.create import create_tag
    from tagsmith.training import jobs
    from tagsmith.training.models import TagModel
    from tagsmith.training.services import add_examples, create_tag_model

    if not TagModel.objects.filter(title=title).exists():
        tags = {kind: create_tag(COMMAND_LINE, kind) for kind in TAUGHT}
        model = create_tag_model(COMMAND_LINE, title, list(tags.values()))
        for kind, tag in tags.items():
            assets = Asset.objects.filter(folder__path=f"calm/{kind}").order_by("pk")[:EXAMPLES]
            add_examples(COMMAND_LINE, model, tag, assets)
        jobs.enqueue_training(COMMAND_LINE, model)
    return True


def enqueue_run(title: str) -> bool:
    """Ask for a run over everything, once however often this is called; not before a version is live."""
    from tagsmith.assets.models import Folder
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.training.models import Version
    from tagsmith.workflows import jobs
    from tagsmith.workflows.models import Run
    from tagsmith.workflows.services import create_run

    if not Version.objects.filter(live=True).exists():
        return False
    if not Run.objects.filter(title=title).exists():
        root = Folder.objects.get(path="")
        jobs.enqueue_run(create_run(COMMAND_LINE, EVERYTHING, folders=[root.pk], title=title, force=True))
    return True


def tell_timing(storm: Storm, watch: Watch, rate: float, done: float, images: int) -> bool:
    last = max(at for at, _ in storm.strikes)
    after = [look for look in watch.looks if look.at > last]
    left = after[0].jobs
    moving = next((look.at for look in after if left - look.jobs), done) - last
    rest = done - last
    bare = (images - after[0].ready) / rate
    counts = {kind: sum(kind == struck for _, struck in storm.strikes) for kind in VICTIMS}
    print(f"kills: {', '.join(f'{count} × {kind}' for kind, count in counts.items())}; {storm.imports} imports begun")
    print(f"after the last kill: first job ended after {moving:.1f} s; {images - after[0].ready:,} assets were left")
    print(f"all done after {rest:.1f} s; in peace {bare:.1f} s; {rest - bare:.1f} s more (allowed: {ALLOWED:.0f} s)")
    return rest - bare <= ALLOWED


def tell_state(images: int) -> bool:
    """Print each check with what was found; return whether all are good."""
    from tagsmith.config.library import open_library
    from tagsmith.config.settings import load_settings

    settings = load_settings()
    with open_library(settings):
        checks = [*library_checks(images, settings), *tagging_checks(), forced_run_check()]
    for is_good, what in checks:
        print(f"{'good' if is_good else 'BAD '}  {what}")
    return all(is_good for is_good, _ in checks)


def library_checks(images: int, settings):
    from django.db.models import F

    from tagsmith.assets.content import check
    from tagsmith.assets.models import Asset, State
    from tagsmith.embeddings.models import Embedding
    from tagsmith.embeddings.preparation import current
    from tagsmith.operations.check import run

    assets, ready = Asset.objects.count(), Asset.objects.filter(state=State.READY).count()
    yield assets == ready == images, f"{assets:,} assets, {ready:,} ready, of {images:,} photos"
    contents = Asset.objects.values("content").distinct().count()
    yield True, f"{contents:,} different contents"
    vectors, own = Embedding.objects.count(), Embedding.objects.filter(content=F("asset__content")).count()
    yield vectors == own == images, f"{vectors:,} vectors, {own:,} of the asset's content"
    files = check(current().storage)
    yield not files.missing, f"{len(files.missing)} originals missing"
    yield not files.orphans, f"{len(files.orphans)} originals that no row needs"
    for finding in run.check(current(), settings.data, settings.cache):
        yield finding.severity == "note", f"check: {finding.severity}: {finding.what}"


def tagging_checks():
    from django.db.models import Count, Sum

    from tagsmith.tagging.models import Change
    from tagsmith.training.models import TagModel
    from tagsmith.workflows.models import Run, Status

    for model in TagModel.objects.all():
        yield (
            model.versions.count() == 1,
            f"{model.versions.count()} version after one training ({model.training}{model.failure})",
        )
    for one in Run.objects.order_by("pk"):
        changes = Change.objects.filter(unit=one.unit)
        twice = changes.values("asset", "tag").annotate(times=Count("pk")).filter(times__gt=1).count()
        said = one.chunks.aggregate(sum=Sum("changes"))["sum"] or 0
        looked = one.chunks.aggregate(sum=Sum("looked"))["sum"] or 0
        yield one.status == Status.SUCCESS, f"run {one.title}: {one.status} {one.failure}, {looked:,} looked at"
        yield twice == 0, f"run {one.title}: {twice} pairs of asset and tag changed twice"
        yield changes.count() == said, f"run {one.title}: {changes.count():,} changes logged, its chunks say {said:,}"
    yield replay()


def replay() -> tuple[bool, str]:
    """Look whether each change began where the one before had ended, and the last ended in what is there now."""
    from tagsmith.tagging.models import Change, SmartTag

    now: dict[tuple[int, int], int | None] = {}
    gaps = 0
    for asset, tag, before, after in Change.objects.order_by("pk").values_list("asset", "tag", "before", "after"):
        gaps += now.get((asset, tag)) != before
        now[asset, tag] = after
    there = {(asset, tag): sure for asset, tag, sure in SmartTag.objects.values_list("asset", "tag", "confidence")}
    is_same = {pair: sure for pair, sure in now.items() if sure is not None} == there
    return is_same and not gaps, f"change log: {gaps} gaps, ends in the {len(there):,} smart tags there are: {is_same}"


def forced_run_check() -> tuple[bool, str]:
    """Run undisturbed over everything: what the runs before have judged must not change."""
    from django.db import transaction

    from tagsmith.tagging.models import Change
    from tagsmith.workflows.models import Run, Status

    judged = {
        asset
        for one in Run.objects.filter(status=Status.SUCCESS)
        for chunk in one.chunks.all()
        for asset in chunk.assets
    }
    with transaction.atomic():
        enqueue_run("undisturbed")
    run = Run.objects.get(title="undisturbed")
    end = time.monotonic() + PATIENCE
    while run.status in (Status.QUEUED, Status.RUNNING) and time.monotonic() < end:
        time.sleep(GLANCE)
        run.refresh_from_db()
    changed = list(Change.objects.filter(unit=run.unit).values_list("asset", flat=True))
    again = sum(asset in judged for asset in changed)
    what = f"undisturbed run ({run.status}): {again} changes on the {len(judged):,} assets judged before"
    return run.status == Status.SUCCESS and not again, f"{what}, {len(changed) - again:,} on others"


if __name__ == "__main__":
    sys.exit(main())
