"""The one named hook where tests cut the process off. Armed by `qianli/testing.py` only; otherwise it does nothing."""

from collections.abc import Callable


def _nothing(point: str) -> None:
    """Production: nobody is watching."""


_hook: Callable[[str], None] = _nothing


def arm(hook: Callable[[str], None] | None) -> None:
    """Call `hook(point)` at every fault point from now on; None disarms."""
    global _hook  # noqa: PLW0603 - one process-wide hook is the whole point
    _hook = hook or _nothing


def reached(point: str) -> None:
    """Tell the hook that `point` ("before commit", "after publish" …) is reached."""
    _hook(point)
