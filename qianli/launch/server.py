"""`python -m qianli.launch.server HOST PORT`: Prefect's server, looking for garbage as seldom as our programs do."""

import sys

import uvicorn

from qianli import garbage


def main() -> None:
    """Serve until told to stop. A start takes a fifth less of a core than by `python -m uvicorn`."""
    garbage.look_seldom()
    host, port = sys.argv[1:]
    uvicorn.run("prefect.server.api.server:create_app", factory=True, host=host, port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
