"""Where the parts of the embedded server lie in the data folder, and what is written down about a running one."""

import json
from dataclasses import dataclass
from pathlib import Path

from tagsmith.atomic import make_folder, write_whole


@dataclass(frozen=True)
class Places:
    """The paths of one data folder. `folder` is absolute and free of symbolic links."""

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "Places":
        """Return the places of a data folder, which need not exist yet."""
        return cls(folder.resolve())

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder; it belongs to the account that the server runs as."""
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.folder / "postgres.log"

    @property
    def notes(self) -> Path:
        """Locks and the record of the running server; only Tagsmith writes here, never the server."""
        return self.folder / "postgres.run"

    @property
    def gate(self) -> Path:
        """Locked while a server is being made, started or stopped."""
        return self.notes / "gate.lock"

    @property
    def holders(self) -> Path:
        """Locked, shared, by everybody who needs the server now."""
        return self.notes / "holders.lock"

    @property
    def life(self) -> Path:
        """Locked by the server's processes themselves, so that it is free when the last of them is gone."""
        return self.notes / "life.lock"

    @property
    def record(self) -> Path:
        """The `Record` of the server started last."""
        return self.notes / "server.json"


@dataclass(frozen=True)
class Record:
    """What is known of a server that was started: its socket folder, and whether it outlives its holders."""

    socket: Path
    lasting: bool

    def save(self, places: Places) -> None:
        """Write it down, in place of that of an earlier server."""
        make_folder(places.notes)
        text = json.dumps({"folder": str(places.folder), "socket": str(self.socket), "lasting": self.lasting})
        write_whole(places.record, text.encode())

    @classmethod
    def load(cls, places: Places) -> "Record | None":
        """Return the one written last; none if there is none, or it is damaged, or came here with a copied folder."""
        try:
            fields = json.loads(places.record.read_bytes())
            record = cls(Path(fields["socket"]), bool(fields["lasting"]))
            return record if fields["folder"] == str(places.folder) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None
