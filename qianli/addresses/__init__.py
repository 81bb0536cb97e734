"""Reading an address; choosing the one in force."""
