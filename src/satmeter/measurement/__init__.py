"""The room measurement."""
