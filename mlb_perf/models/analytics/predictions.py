"""Experiments, the predictions of their models, and the quality of these."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    MARKET_TYPES,
    RUN_STATUSES,
    Base,
    CreatedAt,
    Date,
    Int,
    Json,
    Line,
    Measure,
    Moment,
    Name16,
    Name32,
    Name64,
    Name96,
    Percent,
    Probability,
    Score,
    Units,
    UpdatedAt,
    between,
    half_runs,
    index_each,
    market_and_side,
    one_of,
    strategic,
)
from mlb_perf.models.curated import EnhancedGame
from mlb_perf.models.placement import BY_GAME, REFERENCE


class ForGame:
    """The key of a statement about a game, with its market and side."""

    game_id: Mapped[int] = mapped_column(
        ForeignKey("curated.enhanced_games.game_id"),
        primary_key=True,
        sort_order=-10,
        comment="The game",
    )
    game_date: Mapped[Date] = mapped_column(comment="The game's official date")
    market_type: Mapped[Name16] = mapped_column(comment="moneyline, spread or total")
    side: Mapped[Name16] = mapped_column(comment="home or away; over or under for a total")
    line_value: Mapped[Line | None] = mapped_column(
        comment="Runs: the handicap of the side, or the total; NULL for a moneyline"
    )


class MlExperiment(Base):
    """One training of one model."""

    __tablename__ = "ml_experiments"
    __table_args__ = (
        UniqueConstraint("name", name="name"),
        one_of("status", RUN_STATUSES),
        CheckConstraint("trained_to >= trained_from", name="trained"),
        {
            "schema": "analytics",
            "info": REFERENCE,
            "comment": "Trainings of models: what, on which games, with what result",
        },
    )

    experiment_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    name: Mapped[Name96] = mapped_column(comment="Name, unique")
    model_type: Mapped[Name64] = mapped_column(comment="Kind of model, e.g. gradient_boosting")
    feature_set: Mapped[Name32] = mapped_column(comment="curated.ml_features.feature_set it used")
    trained_from: Mapped[Date] = mapped_column(comment="First game date of the training games")
    trained_to: Mapped[Date] = mapped_column(comment="Last game date of the training games")
    parameters: Mapped[Json] = mapped_column(server_default="{}", comment="Hyperparameters by name")
    metrics: Mapped[Json] = mapped_column(
        server_default="{}", comment="Results on held-out games by name"
    )
    status: Mapped[Name16] = mapped_column(
        server_default="running", comment="running, succeeded, failed or cancelled"
    )
    started_at: Mapped[Moment] = mapped_column(comment="Start, UTC")
    finished_at: Mapped[Moment | None] = mapped_column(comment="End, UTC; NULL while running")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    predictions: Mapped[list[MlPrediction]] = relationship(back_populates="experiment")


class MlPrediction(ForGame, Base):
    """The prediction of one experiment's model for one side of a market, as of a moment."""

    __tablename__ = "ml_predictions"
    __table_args__ = (
        PrimaryKeyConstraint("game_id", "prediction_id"),
        UniqueConstraint(
            "game_id", "experiment_id", "market_type", "side", "as_of", name="natural_key"
        ),
        *market_and_side("line_value"),
        half_runs(),
        between("probability", 0, 1),
        between("confidence", 0, 1),
        strategic("ix_ml_predictions_surest", "game_date", "confidence"),
        *index_each("experiment_id"),
        {
            "schema": "analytics",
            "info": BY_GAME,
            "comment": "Predictions of models, as of a moment before the game",
        },
    )

    prediction_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, sort_order=-9, comment="Surrogate id"
    )
    experiment_id: Mapped[int] = mapped_column(
        ForeignKey("analytics.ml_experiments.experiment_id"), comment="The experiment"
    )
    as_of: Mapped[Moment] = mapped_column(comment="What the model knew was seen by then, UTC")
    probability: Mapped[Probability] = mapped_column(comment="That the side wins, 0 to 1")
    expected_runs: Mapped[Units | None] = mapped_column(
        comment="Predicted margin of the home team, or total; NULL if the model gives none"
    )
    confidence: Mapped[Score] = mapped_column(comment="The model's own confidence, 0 to 1")
    created_at: Mapped[CreatedAt]

    game: Mapped[EnhancedGame] = relationship()
    experiment: Mapped[MlExperiment] = relationship(back_populates="predictions")


class MlModelPerformance(Base):
    """The quality of an experiment's predictions of one market over a span of games."""

    __tablename__ = "ml_model_performance"
    __table_args__ = (
        one_of("market_type", MARKET_TYPES),
        CheckConstraint("to_date >= from_date", name="dates"),
        CheckConstraint("sample_size >= 0", name="sample_size"),
        between("accuracy", 0, 1),
        CheckConstraint("log_loss >= 0 AND brier_score >= 0", name="losses"),
        {
            "schema": "analytics",
            "info": REFERENCE,
            "comment": "How an experiment's predictions did over a span of games",
        },
    )

    experiment_id: Mapped[int] = mapped_column(
        ForeignKey("analytics.ml_experiments.experiment_id"),
        primary_key=True,
        comment="The experiment",
    )
    market_type: Mapped[Name16] = mapped_column(
        primary_key=True, comment="moneyline, spread or total"
    )
    from_date: Mapped[Date] = mapped_column(primary_key=True, comment="First game date")
    to_date: Mapped[Date] = mapped_column(primary_key=True, comment="Last game date")
    sample_size: Mapped[Int] = mapped_column(comment="Predictions that were graded, count")
    accuracy: Mapped[Probability] = mapped_column(comment="Share of right predictions, 0 to 1")
    log_loss: Mapped[Measure] = mapped_column(comment="Mean negative log likelihood, nats")
    brier_score: Mapped[Measure] = mapped_column(comment="Mean squared error of the probability")
    return_on_investment: Mapped[Percent | None] = mapped_column(
        comment="Profit of flat stakes at the closing price, percent of the stake"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    experiment: Mapped[MlExperiment] = relationship()
