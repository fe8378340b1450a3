"""The embedded PostgreSQL: a real server kept in the data folder, with nothing to install but the package.

`running(folder)` is for whoever needs the database for a while, `start(folder)` for whoever wants it to stay.
"""

from tagsmith.config.postgres.cluster import Cluster, running, start

__all__ = ["Cluster", "running", "start"]
