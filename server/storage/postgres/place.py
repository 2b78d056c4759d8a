"""Where the database is: an operator's URL, made strict, and never shown.

A URL holds a password. So errors of this module quote nothing of it, and none of the driver's texts: a URL with an
unescaped `/` or `@` would have part of the password where the host stands.
"""

from __future__ import annotations

import sqlalchemy as sa

from server.errors import StorageError

SCHEMES = ("postgresql", "postgres")
LOCK_MILLISECONDS = 10_000  # for a row or a lock; as long as a SQLite file is waited for
IDLE_MILLISECONDS = 60_000  # a process that hangs in a transaction must not hold a workspace for ever
LOCAL = ("localhost", "127.0.0.1", "::1")
SESSION = f"-c lock_timeout={LOCK_MILLISECONDS} -c idle_in_transaction_session_timeout={IDLE_MILLISECONDS}"
DEFAULTS = {
    "application_name": "tacit-server",
    "connect_timeout": "10",
    "keepalives_idle": "30",  # or a process whose line was cut would wait for news for ever
    "keepalives_interval": "10",
    "keepalives_count": "3",
}


def parse_place(text: str) -> sa.URL:
    """The URL for the engine. Beyond this machine, the server's certificate is checked unless the URL has an
    `sslmode` of its own. Raises StorageError."""
    try:
        url = sa.make_url(text.strip())
    except (sa.exc.ArgumentError, ValueError):
        raise StorageError("the database's URL cannot be read") from None
    if url.drivername not in SCHEMES or not url.database:
        raise StorageError("the database's URL is postgresql://user:password@host/database")
    query = {name: value for name, value in url.query.items() if name != "options"}
    for name, value in DEFAULTS.items():
        query.setdefault(name, value)
    if not _local(url) and "sslmode" not in query:
        query["sslmode"] = "verify-full"
        query.setdefault("sslrootcert", "system")
    own = url.query.get("options", "")
    query["options"] = " ".join([SESSION, own if isinstance(own, str) else " ".join(own)]).strip()
    return url.set(drivername="postgresql+psycopg", query=query)


def _local(url: sa.URL) -> bool:
    """Whether the database is on this machine: a loopback address, or a socket in a folder."""
    hosts = url.query.get("host", url.host or "")
    each = hosts.split(",") if isinstance(hosts, str) else hosts
    return all(host in LOCAL or host == "" or host.startswith(("/", "@")) for host in each)
