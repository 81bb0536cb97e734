"""Kit definitions, weights, planning parcels."""
