"""The installation's secret, made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

from tagsmith.errors import SettingsError

FILE = "secret-key"


def secret_key(data: Path) -> str:
    """Return the secret that signs sessions; the first caller makes it, readable by its owner alone.

    Raises
    ------
    SettingsError
        The data folder cannot be written.
    """
    file = data / FILE
    try:
        data.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:  # noqa: PTH123 - never readable by others
                new.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
        return file.read_text()
    except OSError as error:
        raise SettingsError(f"TAGSMITH_DATA: {file}: {error.strerror}") from error
