"""Names and texts in SQL's form, for statements that are built from the catalog."""

from __future__ import annotations

import hashlib
import shlex

from sqlalchemy.dialects import postgresql

LONGEST_NAME = 63
"""Bytes; PostgreSQL cuts longer names, so two names could become one."""

IDENTIFIER = r'(?:"(?:[^"]|"")*"|\w+)'
"""The regular expression of one name as SQL writes it, quoted or not."""

# psycopg2's own style of parameters would double a percent sign in a name.
quote = postgresql.dialect(  # type: ignore[no-untyped-call]
    paramstyle="named"
).identifier_preparer.quote


def qualified(*names: str) -> str:
    """The names joined by dots, quoted if necessary: ``curated."My Table"``."""
    return ".".join(quote(name) for name in names)


def plain(identifier: str) -> str:
    """The name without its quotes: the reverse of :func:`quote`."""
    quoted = identifier.startswith('"')
    return identifier[1:-1].replace('""', '"') if quoted else identifier


def literal(text: str | None) -> str:
    """Text as an SQL string, None as NULL."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def shortened(stem: str, suffix: str = "") -> str:
    """``stem`` and ``suffix`` in at most 63 bytes.

    A long stem is cut and followed by a digest of the whole stem, so that two long stems stay
    two names. The suffix is kept.
    """
    if len(f"{stem}{suffix}".encode()) <= LONGEST_NAME:
        return f"{stem}{suffix}"
    tail = f"_{hashlib.sha256(stem.encode()).hexdigest()[:8]}{suffix}"
    room = LONGEST_NAME - len(tail.encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}{tail}"


def shell_word(name: str) -> str:
    """The name quoted for a shell, for a message with a command."""
    return shlex.quote(name)
