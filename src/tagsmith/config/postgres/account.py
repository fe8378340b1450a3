"""As whom the server runs: PostgreSQL refuses to run as root, so root lends it another account."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from tagsmith.errors import DatabaseError

ROOT = 0
LENT = ("tagsmith", "nobody")  # the accounts that root lends where neither folder has an owner, the best first


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int
    name: str

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as it already."""
        return os.geteuid() == self.uid


def account_for(folder: Path, cluster: Path) -> Account:
    """Return the account that the server of a data folder runs as; raises DatabaseError where there is none."""
    owner = _owner(cluster)
    if os.geteuid() != ROOT:
        if owner not in {None, os.geteuid()}:
            raise DatabaseError(f"{cluster} belongs to {_name(owner)}: run Tagsmith as that user, or as root")
        return Account(os.geteuid(), os.getegid(), _name(os.geteuid()))
    return _lent([owner, _owner(folder)])


def _lent(owners: list[int | None]) -> Account:
    known = {entry.pw_uid: entry for entry in pwd.getpwall()}
    named = {entry.pw_name: entry.pw_uid for entry in known.values()}
    for uid in (*owners, *(named.get(name) for name in LENT)):
        if uid in known and uid != ROOT:
            return Account(uid, known[uid].pw_gid, known[uid].pw_name)
    raise DatabaseError("PostgreSQL never runs as root: run Tagsmith as another user, or add a user named tagsmith")


def _owner(path: Path) -> int | None:
    return path.stat().st_uid if path.exists() else None


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or ROOT).pw_name
    except KeyError:  # as in a container started with a bare number
        return f"user {uid}"
