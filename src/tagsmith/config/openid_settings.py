"""Settings of signing in by OpenID Connect: none of them, or all that belong together."""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode

LOCAL = ("localhost", "127.0.0.1", "::1")  # where a provider may be tried without https
RoleName = Literal["viewer", "editor", "trainer", "administrator"]


def split(value: Any) -> Any:
    """Take a list as a file has it, or as words between commas, as the environment has it."""
    return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value


def _pairs(value: Any) -> Any:
    """Take a table as a file has it, or as `group=role` between commas, as the environment has it."""
    if not isinstance(value, str):
        return value
    pairs = [word.rpartition("=") for word in split(value)]
    if not all(group.strip() and role.strip() for group, _, role in pairs):
        raise ValueError("should be pairs such as group=editor, between commas")
    return {group.strip(): role.strip() for group, _, role in pairs}


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]
Roles = Annotated[dict[str, RoleName], NoDecode, BeforeValidator(_pairs)]


class OpenIdSettings(BaseSettings):
    """How people sign in by a provider of OpenID Connect, besides by a password."""

    oidc_issuer: str = Field(
        "", max_length=500, description="Address of the provider, as its tokens name it; password alone if empty."
    )
    oidc_client_id: str = Field("", description="Name under which the provider knows this installation.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret there.")
    oidc_client_secret_file: Path | None = Field(None, description="File that holds the secret, instead.")
    oidc_label: str = Field("", max_length=60, description="What the button on the sign-in page says.")
    oidc_scopes: str = Field("openid email profile", description="What the provider is asked for, between spaces.")
    oidc_name_claim: str = Field("", description="Claim that is somebody's user name; the verified e-mail if empty.")
    oidc_role_claim: str = Field("", description="Claim that lists somebody's groups; roles are set by hand if empty.")
    oidc_roles: Roles = Field({}, description="Which group has which role, as tag-team=trainer, between commas.")
    oidc_unknown: Literal["refuse", "viewer"] = Field("refuse", description="What becomes of somebody unknown.")
    oidc_folders: Words = Field((), description="Folders that a new viewer sees; / is everything, none if unset.")
    oidc_sign_out: bool = Field(False, description="Whether signing out here signs out at the provider.")

    @model_validator(mode="before")
    @classmethod
    def _secret_from_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        file = values.get("oidc_client_secret_file")
        if not file:
            return values
        if values.get("oidc_client_secret"):
            raise ValueError("oidc_client_secret and oidc_client_secret_file are both set; one is enough")
        try:
            secret = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not text"
            raise ValueError(f"oidc_client_secret_file: {file}: {reason}") from None
        if not secret:
            raise ValueError(f"oidc_client_secret_file: {file}: is empty")
        return {**values, "oidc_client_secret": secret}

    @model_validator(mode="after")
    def _whole(self) -> "OpenIdSettings":
        given = {name for name in OpenIdSettings.model_fields if getattr(self, name) != _default(name)}
        for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret"):
            if given and name not in given:
                raise ValueError(f"{name} is missing: {min(given)} is set")
        for one, other in (("oidc_role_claim", "oidc_roles"), ("oidc_roles", "oidc_role_claim")):
            if one in given and other not in given:
                raise ValueError(f"{other} is missing: {one} is set")
        if self.oidc_folders and self.oidc_unknown == "refuse":
            raise ValueError("oidc_folders is for new viewers, whom oidc_unknown = viewer lets in")
        if "openid" not in self.oidc_scopes.split():
            raise ValueError(f"oidc_scopes: {self.oidc_scopes!r} lacks openid")
        return self

    @model_validator(mode="after")
    def _issuer(self) -> "OpenIdSettings":
        address = urlsplit(self.oidc_issuer)
        if not self.oidc_issuer:
            return self
        is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOCAL)
        if not (is_safe and address.hostname):
            raise ValueError(f"oidc_issuer: {self.oidc_issuer!r} does not begin with https://")
        if address.query or address.fragment or address.path.endswith("/openid-configuration"):
            raise ValueError(f"oidc_issuer: {self.oidc_issuer!r} is more than the issuer's address")
        return self


def _default(name: str) -> Any:
    return OpenIdSettings.model_fields[name].default
