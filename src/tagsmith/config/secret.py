"""The installation's secret, made once and kept in the data folder."""

import secrets
from contextlib import suppress
from pathlib import Path

from tagsmith.atomic import write_private
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
        with suppress(FileExistsError):
            write_private(file, secrets.token_urlsafe(50))
        return file.read_text()
    except OSError as error:
        raise SettingsError(f"TAGSMITH_DATA: {file}: {error.strerror}") from error
