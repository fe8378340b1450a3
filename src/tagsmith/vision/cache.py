"""Where an encoder's files lie on this machine."""

from pathlib import Path

import platformdirs


def default_cache() -> Path:
    """Return the user's cache folder for encoders; it need not exist yet."""
    return platformdirs.user_cache_path("tagsmith") / "encoders"
