"""When things happen: Prefect flows, one a file; file = flow = deployment name."""
