"""Whether the provider of OpenID Connect, by which people may sign in, answers and is what it should be."""

from collections.abc import Iterator

from tagsmith.accounts.openid.provider import client, provider
from tagsmith.errors import ProviderError
from tagsmith.operations.admission import missing_folders
from tagsmith.operations.check.finding import Finding, Severity


def check_provider() -> Iterator[Finding]:
    """Ask the provider for its description and its keys, if there is one, and look for what is set of it here."""
    known = provider()
    if known is None:
        return
    try:
        client().look()
    except ProviderError as error:
        what = f"nobody can sign in by {known.issuer}: {error}"
        yield Finding(Severity.WARNING, what, "passwords still do; see TAGSMITH_OIDC_ISSUER")
    for path in missing_folders():
        yield Finding(
            Severity.WARNING, f"new people are to see {path}, which is not there", "see TAGSMITH_OIDC_FOLDERS"
        )
    if known.signs_out:
        yield from _way_out()


def _way_out() -> Iterator[Finding]:
    try:
        is_there = bool(client().leave("", ""))
    except ProviderError:  # said already
        return
    if not is_there:
        yield Finding(Severity.NOTE, "the provider has no place to sign out", "TAGSMITH_OIDC_SIGN_OUT does nothing")
