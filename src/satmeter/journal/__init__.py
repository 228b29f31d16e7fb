"""The room journal: the append-only record of answers."""
