"""Settings: typed, from the environment (`TAGSMITH_…`) and one file, a wrong one named at start."""

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tagsmith.config.openid_settings import OpenIdSettings, Words
from tagsmith.errors import SettingsError
from tagsmith.vision.cache import default_cache
from tagsmith.vision.encoders import DEFAULT_ENCODER

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "TAGSMITH_"
FILE_VARIABLE = "TAGSMITH_SETTINGS"


def _default_data() -> Path:
    return platformdirs.user_data_path("tagsmith")


class Settings(OpenIdSettings):
    """Everything that can be set. The environment wins over the file that `TAGSMITH_SETTINGS` names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Field(default_factory=_default_data, description="Folder for the embedded database and the files.")
    database_url: str = Field("", description="Your own PostgreSQL, as a URL; the embedded one if empty.")
    encoder: str = Field(DEFAULT_ENCODER, description="Encoder for new tag models.")
    cache: Path = Field(default_factory=default_cache, description="Folder for the encoders' files.")
    vector_cache: bool = Field(True, description="Keep a copy of the vectors in files, which runs read faster.")
    workers: int | None = Field(None, ge=1, description="Threads that read and encode images; one per core if unset.")
    host: str = Field("127.0.0.1", description="Address to serve on; 0.0.0.0 is all addresses of this machine.")
    port: int = Field(8000, ge=0, le=65535, description="Port to serve on; 0 is any that is free.")
    web_threads: int = Field(8, ge=1, description="Requests that are answered at the same time.")
    worker_processes: int | None = Field(None, ge=1, description="Workers of `serve`; one per core if unset.")
    allowed_hosts: Words = Field((), description="Names that browsers reach it by; this machine's own if unset.")
    trusted_origins: Words = Field((), description="Addresses behind a proxy, as https://tags.example.org.")
    max_image_pixels: int = Field(200_000_000, ge=1, description="Images with more pixels are refused.")
    min_tags_per_model: int = Field(2, ge=2, description="Fewest tags of a tag model.")
    max_tags_per_model: int = Field(50, ge=2, description="Most tags of a tag model.")
    min_examples_per_tag: int = Field(10, ge=2, description="Fewest different examples of a tag.")
    max_examples_per_tag: int = Field(50, ge=2, description="Most different examples of a tag.")
    keep_change_log_days: int = Field(365, ge=1, description="Days for which a run can be undone.")
    keep_finished_jobs_days: int = Field(7, ge=1, description="Days for which ended background jobs are kept.")

    @model_validator(mode="after")
    def _ordered(self) -> "Settings":
        for kind in ("tags_per_model", "examples_per_tag"):
            if getattr(self, f"min_{kind}") > getattr(self, f"max_{kind}"):
                raise ValueError(f"min_{kind} is above max_{kind}")
        return self

    @model_validator(mode="after")
    def _whole_origins(self) -> "Settings":
        for origin in self.trusted_origins:
            if not origin.startswith(("http://", "https://")):
                raise ValueError(f"trusted_origins: {origin!r} begins with neither http:// nor https://")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment first, then the file, where one is named."""
        file = os.environ.get(FILE_VARIABLE)
        sources = (init_settings, env_settings)
        return (*sources, TomlConfigSettingsSource(settings_cls, Path(file))) if file else sources


def load_settings() -> Settings:
    """Return the settings in force.

    Raises
    ------
    SettingsError
        One is unknown or wrong; the message names each with its value.
    """
    _check_file()
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_line(problem) for problem in error.errors())) from error


def _check_file() -> None:
    file = os.environ.get(FILE_VARIABLE)
    if not file:
        return
    try:
        tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{FILE_VARIABLE}: {file}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{FILE_VARIABLE}: {file}: not TOML ({error})") from error


def _line(problem: "ErrorDetails") -> str:
    name = PREFIX + "_".join(str(part) for part in problem["loc"]).upper()
    if not problem["loc"]:
        return f"settings: {problem['msg']}"
    if "SECRET" in name:
        return f"{name}: {problem['msg']}"  # what was given is nobody else's business
    return f"{name}: {problem['msg']}, not {problem['input']!r}"
