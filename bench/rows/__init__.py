"""The rows, a module per group. Importing this puts them all into the table."""

from bench.rows import growing, letters, meetings, moderating, queries, reading, searching, writing

__all__ = ["growing", "letters", "meetings", "moderating", "queries", "reading", "searching", "writing"]
