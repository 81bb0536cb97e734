"""Ledgers of invented members, any number of them: the same seed and number give the same rows everywhere."""
