"""Addresses of previews: each names the content that it shows, so that browsers may keep it for good."""

from django.urls import reverse

from tagsmith.assets.models import Asset

DIGITS = 16  # of the digest: enough to tell two contents of one asset apart, and there are sixty on a page


def version_of(content: str) -> str:
    """Return what an address names a content by."""
    return content[:DIGITS]


def preview_address(asset: Asset) -> str:
    """Return the address of what an asset looks like now."""
    return f"{reverse('preview', args=(asset.pk,))}?v={version_of(asset.content)}"
