"""The room collection: fieldwork."""
