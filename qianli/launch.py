"""Starts flows through the Prefect API. Being written."""
