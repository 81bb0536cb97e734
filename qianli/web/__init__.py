"""The web: app, doors, errors."""
