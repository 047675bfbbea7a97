"""The rows, a module per group. Importing this puts them all into the table."""

from bench.rows import letters, moderating, queries, reading, searching, writing

__all__ = ["letters", "moderating", "queries", "reading", "searching", "writing"]
