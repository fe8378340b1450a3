"""Where an encoder's weights come from, and how they become an ONNX file on this machine."""

import hashlib
import importlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagsmith.atomic import make_folder, write_whole
from tagsmith.errors import EncoderError, WriteError
from tagsmith.vision.weights import read_state_dict

GRAPH_FORMAT = 2  # raise it when the graph built from the same weights changes
_BLOCK = 1 << 20


@dataclass(frozen=True)
class LocalFile:
    """An ONNX file on this machine, known by its content."""

    path: Path
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "LocalFile":
        """Return the file at `path` with its digest."""
        digest = hashlib.sha256()
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except OSError as error:
            raise EncoderError(f"{path}: {error.strerror}") from error
        return cls(path, digest.hexdigest())

    @property
    def fingerprint(self) -> str:
        """The part of the digest that goes into an encoder's id."""
        return self.sha256[:12]

    def onnx_file(self, cache: Path) -> Path:  # noqa: ARG002 - nothing to cache
        """Return the file itself."""
        return self.path

    def is_here(self, cache: Path) -> bool:  # noqa: ARG002
        """Whether no network is needed."""
        return True


@dataclass(frozen=True)
class BundledWeights:
    """Weights inside an installed Python package; their graph is built here once and cached."""

    package: str
    file: str
    sha256: str
    depth: float

    @property
    def fingerprint(self) -> str:
        """What goes into an encoder's id: the digest's start, and how the graph is built."""
        return f"{self.sha256[:12]}-{GRAPH_FORMAT}"

    def onnx_file(self, cache: Path) -> Path:
        """Return the cached ONNX file, built first where there is none.

        Raises
        ------
        EncoderError
            The package is missing, its weights are not the expected ones, or the cache cannot be written.
        """
        target = cache / f"{self.package}-{self.fingerprint}.onnx"
        if not _is_there(target):
            spec = importlib.util.find_spec(self.package)
            if spec is None or spec.origin is None:
                raise EncoderError(f"the package {self.package} is not installed; it holds the encoder's weights")
            from tagsmith.vision.efficientnet import build_graph  # noqa: PLC0415 - onnx is slow to import

            weights = read_state_dict(Path(spec.origin).parent / self.file, self.sha256)
            _keep(target, build_graph(weights, self.depth))
        return target

    def is_here(self, cache: Path) -> bool:  # noqa: ARG002 - all sources are asked the same way
        """Whether the package is installed."""
        return importlib.util.find_spec(self.package) is not None


@dataclass(frozen=True)
class HubFile:
    """An ONNX file on the Hugging Face hub; downloaded on first use, known by its content from then on."""

    repository: str
    file: str
    revision: str = "main"

    @property
    def fingerprint(self) -> str:
        """The revision asked for, until the download has given the content's digest."""
        return self.revision[:12]

    def download(self, cache: Path, endpoint: str | None = None) -> LocalFile:
        """Return the file in the cache with its digest, downloaded first where it is missing; raises as `fetched`."""
        return LocalFile.of(self.fetched(cache, endpoint))

    def fetched(self, cache: Path, endpoint: str | None = None) -> Path:
        """Return where the file is in the cache, downloaded first where it is missing.

        A cached file is used without asking the hub for a newer one: the encoder stays what it was.

        Raises
        ------
        EncoderError
            `huggingface-hub` is not installed, or the file cannot be had.
        """
        hub = _hub_library()
        folder = cache / "hub"
        try:
            path = self._cached(hub, folder) or hub.hf_hub_download(
                self.repository, self.file, revision=self.revision, cache_dir=folder, endpoint=endpoint
            )
        except Exception as error:  # its HTTP library's errors come through, and which library differs by version
            reason = " ".join(str(error).split()) or type(error).__name__
            raise EncoderError(f"{self.repository}/{self.file} cannot be downloaded: {reason}") from error
        return Path(path)

    def is_here(self, cache: Path) -> bool:
        """Whether the file was downloaded before, so that no network is needed."""
        try:
            return self._cached(_hub_library(), cache / "hub") is not None
        except EncoderError:
            return False

    def _cached(self, hub: Any, folder: Path) -> str | None:
        path = hub.try_to_load_from_cache(self.repository, self.file, folder, self.revision)
        return path if isinstance(path, str) else None  # else None, or a mark that the hub did not have it once


def _hub_library() -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        return importlib.import_module("huggingface_hub")
    except ImportError as error:
        raise EncoderError("this encoder is downloaded by huggingface-hub: pip install 'tagsmith[hub]'") from error


Source = LocalFile | BundledWeights | HubFile


def _is_there(file: Path) -> bool:
    """Whether the file is there; what stands in the way of knowing is met, and named, when it is written."""
    try:
        return file.exists()
    except OSError:
        return False


def _keep(target: Path, content: bytes) -> None:
    """Write so that another process sees the whole file or none; two writers leave one whole file."""
    try:
        make_folder(target.parent)
        write_whole(target, content)
    except WriteError as error:
        reason = getattr(error.__cause__, "strerror", error)
        raise EncoderError(f"the encoder cache {target.parent} cannot be written: {reason}") from error
