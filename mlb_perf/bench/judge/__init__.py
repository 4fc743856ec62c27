"""Judgement of figures: quantiles, targets, growth, comparison."""
