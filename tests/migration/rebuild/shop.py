"""A table to be rebuilt, with all that can hang on one, and what is compared afterwards."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from mlb_perf.months import Span, month_after, month_of
from mlb_perf.online.journal import step
from mlb_perf.online.locks import Patience
from mlb_perf.online.rebuild.run import run as run_rebuild
from mlb_perf.online.rebuild.shape_file import TableShape, parse_shape
from mlb_perf.online.rebuild.target import Rebuild, Target
from tests.migration.stage import revision
from tests.support.sql import rows, run

PARTS = """\
-- table
CREATE TABLE shop.line (
{columns},
    CONSTRAINT pk_line PRIMARY KEY (game, seen_at, line_id),
    CONSTRAINT uq_line_label UNIQUE (game, seen_at, label),
    CONSTRAINT ck_line_price CHECK (price <> 0)
){partition};
COMMENT ON COLUMN shop.line.amount IS 'In {unit}';

-- indexes
CREATE INDEX ix_line_price ON shop.line (price DESC) INCLUDE (label) WHERE price > 0;
CREATE INDEX ix_line_payload ON shop.line USING gin (payload jsonb_path_ops);

-- foreign keys
ALTER TABLE shop.line ADD CONSTRAINT fk_line_game FOREIGN KEY (game) REFERENCES shop.game (game);
"""
WIDE_COLUMNS = """\
    game BIGINT NOT NULL,
    line_id BIGSERIAL NOT NULL,
    label VARCHAR(64) NOT NULL,
    price BIGINT NOT NULL,
    amount NUMERIC(8, 2),
    payload JSONB,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL"""
NARROW_COLUMNS = """\
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game BIGINT NOT NULL,
    line_id BIGSERIAL NOT NULL,
    price INTEGER NOT NULL,
    label TEXT NOT NULL,
    amount NUMERIC,
    payload JSONB"""


def shape(columns: str, partition: str = "", unit: str = "cents") -> TableShape:
    text = PARTS.format(columns=columns, partition=partition, unit=unit)
    return parse_shape("a test", text, "shop", "line", modulus=4)


PLAIN = shape(WIDE_COLUMNS, unit="dollars")
MONTHS = shape(NARROW_COLUMNS, " PARTITION BY RANGE (seen_at)")
HASHED = shape(NARROW_COLUMNS, " PARTITION BY HASH (game)")
PACKED = shape(NARROW_COLUMNS)

# Each month from the first row to this one is a partition, so the rows are not old.
FIRST_MONTH = month_after(month_of(dt.datetime.now(dt.UTC)), -2)
FIRST_LEAF = f"line_{Span.of_months(FIRST_MONTH, FIRST_MONTH).suffix}"
SHAPES = {"plain": PLAIN, "months": MONTHS, "hashed": HASHED, "packed": PACKED}

ROWS = """
SELECT game, line_id, label, price, amount, payload::text, seen_at FROM shop.line ORDER BY 1, 2
"""


def make(engine: Engine, count: int = 3000) -> None:
    """The table in its plain shape, a row an hour from :data:`FIRST_MONTH` on."""
    run(
        engine,
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.game (game bigint PRIMARY KEY)",
        "INSERT INTO shop.game SELECT generate_series(0, 99)",
        PLAIN.statements,
        *(index.create() for index in PLAIN.indexes),
        *(f"ALTER TABLE shop.line ADD CONSTRAINT {k.name} {k.definition}"
          for k in PLAIN.foreign_keys),
        "COMMENT ON TABLE shop.line IS 'Lines'",
        "COMMENT ON COLUMN shop.line.price IS 'American'",
        f"""INSERT INTO shop.line (game, label, price, amount, payload, seen_at)
        SELECT g % 100, 'row ' || g, CASE WHEN g % 2 = 0 THEN 110 ELSE -120 END, g / 8.0,
            jsonb_build_object('n', g, 'text', repeat('x', g % 50)),
            timestamptz '{FIRST_MONTH} 00:00+00' + g * interval '1 hour'
        FROM generate_series(1, {count}) AS g""",
    )  # fmt: skip


def rebuild(
    engine: Engine,
    was: TableShape,
    to: TableShape,
    *,
    direction: str = "upgrade",
    seconds: float = 20,
    patience: Patience | None = None,
    **options: Any,
) -> None:
    """As a revision does it."""
    target = Target(was, to, "9999", direction, **options)
    with revision(engine, "9999", direction) as op:
        context = op.get_context()
        with context.autocommit_block(), step(context, "rebuild_table", target.live) as it:
            run_rebuild(Rebuild(target, it, patience or Patience(total_seconds=seconds)))


def leftovers(engine: Engine) -> list[tuple[Any, ...]]:
    """What a rebuild makes and must not leave: schemas, triggers, INVALID indexes."""
    return rows(
        engine,
        """
        SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'mlb\\_perf\\_%'
        UNION ALL
        SELECT tgname FROM pg_trigger WHERE tgname LIKE 'mlb\\_perf%'
        UNION ALL
        SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid
        UNION ALL
        SELECT conname FROM pg_constraint
        WHERE conparentid = 0 AND (NOT convalidated OR conname LIKE 'mlb\\_perf\\_next%')
        """,
    )


def repaired(engine: Engine) -> list[tuple[Any, ...]]:
    """Rows that the verification had to correct: none, unless a test made a difference."""
    return rows(
        engine,
        "SELECT rows_affected FROM performance_monitoring.optimization_log"
        " WHERE operation = 'repair_copy'",
    )


@contextmanager
def writers(engine: Engine, count: int = 3) -> Iterator[list[BaseException]]:
    """Sessions that insert, update and delete until the block ends; the errors that they met."""
    errors: list[BaseException] = []
    stop = threading.Event()
    threads = [
        threading.Thread(target=_write, args=(engine, number, stop, errors))
        for number in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield errors
    finally:
        stop.set()
        for thread in threads:
            thread.join()


_INSERT = """
INSERT INTO shop.line (game, label, price, seen_at)
SELECT 50 + {0}, 'new ' || g || ' of ' || clock_timestamp(), 100 + g, now() - g * interval '9 days'
FROM generate_series(1, 5) AS g
"""
_CHANGE = """
UPDATE shop.line SET price = price + 1 WHERE game = 10 + {0} AND price > 0 AND price < 2000
"""
_MOVE = """
UPDATE shop.line SET game = game + 10
WHERE line_id = (SELECT max(line_id) - 40 FROM shop.line WHERE game = 30 + {0}) AND game < 90
"""
_DELETE = """
DELETE FROM shop.line WHERE line_id = (SELECT min(line_id) FROM shop.line WHERE game = 20 + {0})
"""
_STATEMENTS = (_INSERT, _CHANGE, _MOVE, _DELETE)


def _write(engine: Engine, number: int, stop: threading.Event, errors: list[BaseException]) -> None:
    turn = 0
    with engine.connect() as connection:
        while not stop.is_set():
            statement = _STATEMENTS[turn % len(_STATEMENTS)].format(number)
            try:
                with connection.begin():
                    connection.exec_driver_sql(statement)
            except Exception as error:
                errors.append(error)
                return
            turn += 1
