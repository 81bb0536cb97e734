"""Rules of the life cycle."""
