"""The divisions table and the script that rebuilds it."""
