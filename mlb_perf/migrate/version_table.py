"""The contents of the version table: revisions that are known, each once."""

from __future__ import annotations

from collections.abc import Sequence

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from mlb_perf.errors import NameConflict

_MAX_NAMED = 20


def refuse_unknown(heads: Sequence[str], context: MigrationContext) -> None:
    """Refuse a version table that holds another revision than ours, or one twice.

    Raises :class:`~mlb_perf.errors.NameConflict`.
    """
    assert context.script is not None
    known = {revision.revision for revision in context.script.walk_revisions()}
    if unknown := [head for head in heads if head not in known]:
        raise NameConflict(
            f"{context.version_table} holds {listed(unknown)}, which is not a revision of "
            "mlb_perf; nothing was changed. If another application keeps its revision there, set "
            "version_table in alembic.ini to another name; if a newer mlb_perf wrote it, install "
            "that version; if it is a revision of your own that no longer exists, correct the "
            "version table with `alembic stamp --purge REVISION`, which changes nothing else"
        )
    newest = without_contained(context.script, heads)
    if len(newest) < len(heads):
        raise NameConflict(
            f"{context.version_table} holds {listed(sorted(heads))}, but {listed(newest)} alone "
            "says the same; nothing was changed. Correct it with `alembic stamp --purge "
            f"{' '.join(newest)}`, which changes nothing else"
        )


def without_contained(script: ScriptDirectory, revisions: Sequence[str]) -> list[str]:
    """The known ``revisions`` once each, without those that another one of them follows."""
    older = {
        before.revision
        for one in revisions
        for before in script.iterate_revisions(one, "base")
        if before.revision != one
    }
    return sorted({*revisions} - older)


def listed(names: list[str]) -> str:
    """The names, or the first of them and how many more."""
    rest = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")
