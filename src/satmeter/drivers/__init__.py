"""The room drivers."""
