"""Whether the database server keeps what it is given, and has enough for what the library asks."""

from collections.abc import Iterator

from django.db import connection

from tagsmith.operations.check.finding import Finding, Severity

CONNECTIONS = 20  # what a web server and a few workers need
UNSAFE = {"fsync": "off", "full_page_writes": "off"}


def check_database() -> Iterator[Finding]:
    """Look at the server's settings; that it answers, and has this version's tables, was seen on opening."""
    for name, wrong in UNSAFE.items():
        if _shown(name) == wrong:
            yield Finding(
                Severity.ERROR, f"the database loses data in a power cut: {name} is {wrong}", f"turn {name} on"
            )
    if (encoding := _shown("server_encoding")) != "UTF8":
        yield Finding(Severity.ERROR, f"the database's encoding is {encoding}", "make a database with encoding UTF8")
    if (most := int(_shown("max_connections"))) < CONNECTIONS:
        what = f"the database takes {most} connections; the library may need {CONNECTIONS}"
        yield Finding(Severity.WARNING, what, "raise max_connections")


def _shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        return str(cursor.fetchone()[0])
