"""A SQLAlchemy URL as psql, pg_dump and every other user of libpq takes it."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import URL


def libpq_url(url: URL, *, password: bool = True) -> str:
    """``postgresql://user:password@host:port/database?parameter=value``.

    ``password``: whether to write it. SQLAlchemy's own rendering names the driver, and writes a
    space as ``+``, which libpq keeps.
    """
    secret = f":{_quoted(str(url.password))}" if password and url.password else ""
    login = _quoted(url.username) + secret
    host = f"[{url.host}]" if url.host and ":" in url.host else _quoted(url.host)
    place = (f"{login}@" if login else "") + host + (f":{url.port}" if url.port else "")
    query = "&".join(f"{_quoted(name)}={_quoted(_one(value))}" for name, value in url.query.items())
    return f"postgresql://{place}/{_quoted(url.database)}" + (f"?{query}" if query else "")


def _one(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def _quoted(part: str | None) -> str:
    return quote(part or "", safe="")
