"""Forms in, bytes out."""
