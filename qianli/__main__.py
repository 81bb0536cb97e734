"""`python -m qianli` is `qianli`."""

from qianli.cli.main import run

if __name__ == "__main__":
    run()
