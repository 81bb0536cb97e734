"""Every act that owns a transaction, by noun."""
