"""Shared by all tables: naming, the types of the domain, and its CHECKs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    event,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from mlb_perf.schemas import NAMING, SCHEMAS

MARKET_TYPES: Final = ("moneyline", "spread", "total")
SIDES: Final = ("home", "away", "over", "under")
GAME_STATUSES: Final = (
    "scheduled", "pre_game", "in_progress", "delayed", "suspended", "postponed", "cancelled",
    "final", "forfeit",
)  # fmt: skip
GAME_TYPES: Final = ("spring", "exhibition", "regular", "all_star", "postseason")
VALIDATION_STATUSES: Final = ("pending", "valid", "suspect", "invalid")
RUN_STATUSES: Final = ("running", "succeeded", "failed", "cancelled")
SEVERITIES: Final = ("info", "warning", "critical")

# The types of the baseline; later revisions narrow some, with the reason.
Moment = Annotated[dt.datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[
    dt.datetime,
    mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When the row was written, UTC"
    ),
]
UpdatedAt = Annotated[
    dt.datetime,
    mapped_column(
        DateTime(timezone=True),
        server_default=func.now(),
        onupdate=func.now(),
        comment="When the row was last changed, UTC; set by the writer",
    ),
]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]
JsonList = Annotated[list[Any], mapped_column(JSONB)]
Int = Annotated[int, mapped_column(Integer)]
Name16 = Annotated[str, mapped_column(String(16))]
Name32 = Annotated[str, mapped_column(String(32))]
Name64 = Annotated[str, mapped_column(String(64))]
Name96 = Annotated[str, mapped_column(String(96))]
Name255 = Annotated[str, mapped_column(String(255))]
Text = Annotated[str, mapped_column(sa.Text())]
Date = Annotated[dt.date, mapped_column(sa.Date())]
Line = Annotated[Decimal, mapped_column(Numeric(6, 1))]
Percent = Annotated[Decimal, mapped_column(Numeric(6, 3))]
Probability = Annotated[Decimal, mapped_column(Numeric(9, 8))]
DecimalPrice = Annotated[Decimal, mapped_column(Numeric(12, 6))]
Score = Annotated[Decimal, mapped_column(Numeric(4, 3))]
Units = Annotated[Decimal, mapped_column(Numeric(14, 4))]
Measure = Annotated[float, mapped_column(Double())]


class Base(DeclarativeBase):
    """The declarative base of every model; its metadata is the schema at head."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {int: BigInteger()}  # noqa: RUF012 - SQLAlchemy's own attribute


def schema_comment(name: str) -> str:
    """The comment that marks a schema as the package's own."""
    return f"{SCHEMAS[name]} (mlb_perf)"


@event.listens_for(Base.metadata, "before_create")
def _create_schemas(target: MetaData, connection: sa.Connection, **_: Any) -> None:
    """``create_all`` also creates the schemas, with the same comments as the revisions."""
    for name in sorted({table.schema for table in target.tables.values() if table.schema}):
        if not connection.dialect.has_schema(connection, name):
            connection.execute(sa.text(f"CREATE SCHEMA {name}"))
            connection.execute(sa.text(f"COMMENT ON SCHEMA {name} IS '{schema_comment(name)}'"))


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """``CHECK (column IN (...))``, named after the column."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def between(column: str, low: int | str, high: int | str) -> CheckConstraint:
    """``CHECK (column BETWEEN low AND high)``, named after the column."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=column)


def american_price(column: str = "price") -> CheckConstraint:
    """An American price is +100 or more, or -100 or less."""
    return CheckConstraint(f"{column} >= 100 OR {column} <= -100", name=column)


def half_runs(column: str = "line_value") -> CheckConstraint:
    """A line is a whole or a half number of runs or points; the league's row has its limits."""
    # The bounds keep NaN out, which PostgreSQL holds to be greater than any number.
    return CheckConstraint(
        f"{column} * 2 = trunc({column} * 2) AND {column} BETWEEN -999.5 AND 999.5",
        name=f"{column}_halves",
    )


def market_and_side(*lines: str) -> list[CheckConstraint]:
    """The market is known, the side belongs to it, and only a moneyline has no ``lines``."""
    return [
        *(
            CheckConstraint(f"(market_type = 'moneyline') = ({line} IS NULL)", name=f"{line}_given")
            for line in lines
        ),
        one_of("market_type", MARKET_TYPES),
        CheckConstraint(
            "CASE market_type WHEN 'total' THEN side IN ('over', 'under') "
            "ELSE side IN ('home', 'away') END",
            name="side",
        ),
    ]


def index_each(*columns: str) -> list[Index]:
    """One single-column B-tree per filtered column, as ``index=True`` everywhere creates them."""
    return [Index(None, column) for column in columns]


def strategic(
    name: str,
    *columns: str,
    using: str = "btree",
    where: str | None = None,
    include: Sequence[str] = (),
    operators: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> Index:
    """An index for a question of the catalogue; ``where`` is SQL, ``options`` its WITH.

    ``columns`` are names, or expressions in parentheses.
    """
    return Index(
        name,
        *(sa.text(column) if column.startswith("(") else column for column in columns),
        postgresql_using=using,
        postgresql_where=None if where is None else sa.text(where),
        postgresql_include=list(include),
        postgresql_ops=dict(operators or {}),
        postgresql_with=dict(options or {}),
    )
