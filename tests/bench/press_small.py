"""Whole processes of the press's bench: `qianli COUNT FILE`, `weasyprint COUNT FILE`, `runs SIZE NUMBER…`."""

import sys
from pathlib import Path

from qianli.testing_letters import seeded_letters


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
    size, *numbers = map(int, words)
    runs = (seeded_letters(size, seed=number) for number in numbers)
    print(sum(len(press.letters(run, "red_letter", press.Pressing("stamp", 7)).content) for run in runs))


if __name__ == "__main__":
    main(*sys.argv[1:])
