"""Stand-ins for couriers: they follow the published interfaces strictly, on loopback, for tests and the demo."""
