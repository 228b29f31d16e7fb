"""The room responses."""
