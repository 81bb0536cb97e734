"""Reading members in: spreadsheets, headers, cells."""
