"""Under which names browsers may reach the pages."""

import ipaddress
import socket
from collections.abc import Collection

import psutil  # type: ignore[import-untyped]

from tagsmith.config.settings import Settings

OWN = ("localhost", "127.0.0.1", "[::1]")


def allowed_hosts(settings: Settings) -> list[str]:
    """Return the names that a request may name as its host, as Django takes them.

    Without a setting: this machine's own for itself, and those that it is served on.
    """
    if settings.allowed_hosts:
        return [*OWN, *settings.allowed_hosts]
    return [*OWN, *(own_names() if is_every_address(settings.host) else [in_url(settings.host)])]


def own_names() -> list[str]:
    """Return the names and addresses by which others may know this machine."""
    name = socket.gethostname()
    return [name, f"{name}.local", *map(in_url, own_addresses())]


def own_addresses() -> list[str]:
    """Return this machine's addresses in its networks, those of version 4 first."""
    known = [address.address for card in psutil.net_if_addrs().values() for address in card]
    found = [
        address for address in map(_parsed, known) if address and not (address.is_loopback or address.is_link_local)
    ]
    return [str(address) for address in sorted(found, key=lambda address: address.version)]


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host that is served on."""
    address = _parsed(host)
    return address.is_loopback if address else host == "localhost"


def is_every_address(host: str) -> bool:
    """Whether a host stands for all addresses of this machine."""
    address = _parsed(host)
    return address.is_unspecified if address else not host


def in_url(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def is_all_https(origins: Collection[str]) -> bool:
    """Whether browsers come by https alone, so that cookies need never travel in the open."""
    return bool(origins) and all(origin.startswith("https://") for origin in origins)


def _parsed(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
