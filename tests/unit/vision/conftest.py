import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tagsmith.vision.sources import BundledWeights
from unit.vision import image_files, onnx_files


@pytest.fixture(scope="session")
def heic() -> dict[str, bytes]:
    picture = image_files.quadrants((64, 48))
    half = picture.copy()
    half.putalpha(128)
    swapped = {"quality": 95, "icc_profile": image_files.rgb_profile("grb")}
    turned = {"quality": 95, "exif": b"Exif\0\0" + image_files.exif(6)}
    return image_files.heic_files(
        {
            "plain": (picture, {"quality": 95}),
            "square": (image_files.quadrants((64, 64)), {"quality": 95}),
            "alpha": (half, {"quality": 95}),
            "swapped": (picture, swapped),
            "turned": (picture, turned),
            "pages": (picture, {"quality": 95, "save_all": True, "append_images": [picture.rotate(180)]}),
        }
    )


@pytest.fixture
def tiny_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BundledWeights:
    """An installed package of tiny weights, in the folder `site`."""
    content = onnx_files.checkpoint(onnx_files.tiny_efficientnet())
    package = tmp_path / "site" / "tiny_weights"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "tiny.pth").write_bytes(content)
    monkeypatch.syspath_prepend(package.parent)
    return BundledWeights("tiny_weights", "tiny.pth", hashlib.sha256(content).hexdigest(), 1.0)


class Hub(ThreadingHTTPServer):
    """As much of the Hugging Face hub as a download needs, on this machine.

    Attributes
    ----------
    files
        Content by path, such as `/owner/name/resolve/main/model.onnx`.
    answers
        Whether it answers at all, or hangs up.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _HubAnswers)
        self.files: dict[str, bytes] = {}
        self.answers = True
        self.endpoint = f"http://127.0.0.1:{self.server_port}"


class _HubAnswers(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(lambda content: None)

    def do_GET(self) -> None:
        self._answer(self.wfile.write)

    def _answer(self, send: Callable[[bytes], object]) -> None:
        if not self.server.answers:
            return
        content = self.server.files.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("X-Repo-Commit", hashlib.sha1(repr(self.server.files).encode()).hexdigest())
        if content is None:
            self.send_header("X-Error-Code", "EntryNotFound")
        else:
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        send(content or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    import huggingface_hub.constants

    for name, value in (("OFFLINE", False), ("DISABLE_TELEMETRY", True), ("DISABLE_IMPLICIT_TOKEN", True)):
        monkeypatch.setattr(huggingface_hub.constants, f"HF_HUB_{name}", value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    huggingface_hub.close_session()
