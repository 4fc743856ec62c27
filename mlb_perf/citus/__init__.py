"""The tables of the models on a cluster of Citus (docs/scale-out.md)."""
