"""One module a courier."""
