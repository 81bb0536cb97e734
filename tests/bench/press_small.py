"""Whole processes of the press's bench: `qianli COUNT FILE`, `weasyprint COUNT FILE`, `runs NUMBER…`."""

import sys
from pathlib import Path

from qianli.testing_letters import seeded_letters

RUN = 1000


def main(how: str, *words: str) -> None:
    """Make letters and end."""
    if how == "weasyprint":
        from tests.bench import press_html  # noqa: PLC0415 - the other way must not pay for it

        Path(words[1]).write_bytes(press_html.weasyprint_file(seeded_letters(int(words[0]))))
        return
    from qianli.documents import press  # noqa: PLC0415 - nor this one

    if how == "qianli":
        Path(words[1]).write_bytes(press.letters(seeded_letters(int(words[0]))).content)
        return
    every = seeded_letters(RUN * (max(map(int, words), default=-1) + 1))
    runs = (every[RUN * number : RUN * (number + 1)] for number in map(int, words))
    print(sum(len(press.letters(run, "red_letter", press.Pressing("stamp", 7)).content) for run in runs))


if __name__ == "__main__":
    main(*sys.argv[1:])
