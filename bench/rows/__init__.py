"""The rows, a module per group. Importing this puts them all into the table."""

from bench.rows import queries, reading, searching, writing

__all__ = ["queries", "reading", "searching", "writing"]
