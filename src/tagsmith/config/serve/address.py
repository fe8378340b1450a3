"""The address to serve on: bound once and kept, so that no request is refused while the web server restarts."""

import errno
import os
import socket

from tagsmith.config.hosts import in_url, is_every_address, is_loopback, own_addresses
from tagsmith.errors import SettingsError

WAITING = 1024  # connections that wait for the web server

_REASONS = {
    errno.EADDRINUSE: "another program serves there already: end it, or choose another port (--port, TAGSMITH_PORT)",
    errno.EADDRNOTAVAIL: "this machine has no such address; 127.0.0.1 is for itself alone, 0.0.0.0 for its networks",
    errno.EACCES: "ports below 1024 need special rights: choose another (--port, TAGSMITH_PORT)",
}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections, which is for the web server to answer.

    Raises
    ------
    SettingsError
        The host is unknown, or the port is taken or not allowed; the message says what to do.
    """
    where = f"{in_url(host)}:{port}"
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        both = family == socket.AF_INET6 and is_every_address(host) and socket.has_dualstack_ipv6()
        return socket.create_server((host, port), family=family, backlog=WAITING, dualstack_ipv6=both)
    except socket.gaierror as error:
        raise SettingsError(f"{where}: no host of this name: {error.strerror}") from error
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, os.strerror(error.errno or 0))
        raise SettingsError(f"{where}: {reason}") from error


def address_of(host: str, port: int) -> str:
    """Return the address for the browser on this machine."""
    return f"http://{'127.0.0.1' if is_every_address(host) else in_url(host)}:{port}"


def reach(host: str, port: int) -> str:
    """Return what to say of who can reach it, besides this machine; nothing where nobody can."""
    if is_loopback(host):
        return ""
    if not is_every_address(host):
        return " (reachable from the network)"
    others = [f"http://{in_url(address)}:{port}" for address in own_addresses()]
    return f" and reachable from the network{': ' if others else ''}{', '.join(others)}"
