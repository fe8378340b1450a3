"""`tagsmith serve`: the database, the web server and the workers of one machine, started, watched and stopped.

One supervisor process, and as its children one web server and some workers. Each child opens the library for itself;
a `tie` to the supervisor tells each of the other's end.
"""

from tagsmith.config.serve.supervisor import check, serve

__all__ = ["check", "serve"]
