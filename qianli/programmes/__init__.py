"""The study programme's rules: what is due when, reading items, what a month comes to. Pure."""
