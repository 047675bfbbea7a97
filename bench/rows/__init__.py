"""The rows, a module per group. Importing this puts them all into the table."""

from bench.rows import moderating, queries, reading, searching, writing

__all__ = ["moderating", "queries", "reading", "searching", "writing"]
