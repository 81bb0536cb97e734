"""A seal for tests: a red ring on white, as a scanner gives it."""

import io

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo


def seal_png(size: int = 300, ink: tuple[int, int, int] = (215, 40, 35), comment: str = "") -> bytes:
    """A picture of so many dots a side; `comment` goes into its metadata."""
    image = Image.new("RGB", (size, size), "white")
    edge = size // 10
    ImageDraw.Draw(image).ellipse((edge, edge, size - edge, size - edge), outline=ink, width=max(size // 20, 1))
    told, made = PngInfo(), io.BytesIO()
    if comment:
        told.add_text("Comment", comment)
    image.save(made, format="PNG", pnginfo=told)
    return made.getvalue()
