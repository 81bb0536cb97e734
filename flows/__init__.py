"""When things happen: Prefect flows, one a file; file = flow = deployment name."""

from qianli import garbage

garbage.look_seldom()
