"""The rows, a module per group. Importing this puts them all into the table."""

from bench.rows import queries, reading, writing

__all__ = ["queries", "reading", "writing"]
