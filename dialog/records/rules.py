"""What it takes to open what is sealed."""

SHORTEST_REASON, LONGEST_REASON = 10, 500
