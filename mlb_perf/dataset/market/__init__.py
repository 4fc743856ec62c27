"""The invented world: games, books, and the prices that the market moves."""
