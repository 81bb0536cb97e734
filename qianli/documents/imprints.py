"""Pictures of seals and hand-written signatures: taken in as PNG, cleaned, and put under letters.

What somebody uploads is never handed on: it is drawn anew, with what was white made transparent, cropped, and of a
size that printers need and no more.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, UnidentifiedImageError

from qianli.errors import BadInput

MOST_BYTES = 2_000_000
SMALLEST, LARGEST = 150, 4000  # dots a side of what is taken in
DOTS = {"seal": (760, 760), "signature": (900, 360)}  # at most, of what is kept
WIDTHS_MM = {"seal": (20, 60), "signature": (15, 60)}
USUAL_MM = {"seal": 42, "signature": 32}
PAPER = 245  # as light as this is paper, not ink
ABOVE_MM = 3  # the middle of a seal above that of name and date: 居中偏下


@dataclass(frozen=True)
class Picture:
    """A picture as it is printed."""

    kind: str
    png: bytes
    width_mm: int

    @property
    def height_mm(self) -> float:
        """Its height, by its proportions."""
        with Image.open(io.BytesIO(self.png)) as image:
            return round(self.width_mm * image.height / image.width, 2)


def cleaned(raw: bytes, kind: str) -> bytes:
    """A PNG of ours that shows the same; BadInput says why it cannot be taken."""
    if len(raw) > MOST_BYTES:
        raise BadInput(f"图片太大，最多 {MOST_BYTES // 1_000_000} MB。")
    try:
        with Image.open(io.BytesIO(raw), formats=["PNG"]) as image:
            image.verify()  # a file cut short would do for some: WeasyPrint tells Pillow to take it
        with Image.open(io.BytesIO(raw), formats=["PNG"]) as image:
            _refuse_size(image.size)
            drawn = image.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise BadInput(f"图片的点数太多；每边要在 {SMALLEST} 到 {LARGEST} 点之间。") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadInput("这不是完好的 PNG 图片，请把印章或签名存成 PNG 再试。") from error
    transparent = _without_paper(drawn)
    box = transparent.getchannel("A").point(lambda value: 255 if value > 16 else 0).getbbox()  # noqa: PLR2004 - dust
    if box is None:
        raise BadInput("图片是空白的，看不到印章或签名。")
    cropped = transparent.crop(box)
    cropped.thumbnail(DOTS[kind], Image.Resampling.LANCZOS)
    made = io.BytesIO()
    cropped.quantize(64, method=Image.Quantize.FASTOCTREE).save(made, format="PNG", optimize=True)
    return made.getvalue()


def _refuse_size(size: tuple[int, int]) -> None:
    if min(size) < SMALLEST or max(size) > LARGEST:
        raise BadInput(f"图片是 {size[0]}×{size[1]} 点；每边要在 {SMALLEST} 到 {LARGEST} 点之间，印出来才清楚。")


def _without_paper(image: Image.Image) -> Image.Image:
    """White becomes transparent, and what is nearly so nearly transparent; ink keeps its colour."""
    red, green, blue, alpha = image.split()
    lightest = ImageChops.darker(ImageChops.darker(red, green), blue)  # red ink is dark in green and blue
    ink = lightest.point(lambda value: max(0, min(255, round((PAPER - value) * 255 / 120))))
    image.putalpha(ImageChops.darker(alpha, ink))
    return image


def check_width(kind: str, width_mm: int) -> None:
    """Refuse a size that no seal or signature has."""
    low, high = WIDTHS_MM[kind]
    if not low <= width_mm <= high:
        raise BadInput(f"宽度要在 {low} 到 {high} 毫米之间。")


def style(pictures: Sequence[Picture]) -> str:
    """A style sheet that shows these pictures where letters have room for them."""
    return "\n".join(_rule(one) for one in pictures)


def _rule(one: Picture) -> str:
    data, high = base64.b64encode(one.png).decode(), one.height_mm
    across = (
        f"left: 50%; margin-left: -{one.width_mm / 2}mm" if one.kind == "seal" else "right: 100%; margin-right: 2mm"
    )
    down = (
        f"top: 1lh; margin-top: -{high / 2 + ABOVE_MM}mm"
        if one.kind == "seal"
        else f"top: 0.5lh; margin-top: -{high / 2}mm"
    )
    size = f"width: {one.width_mm}mm; height: {high}mm"
    picture = f"background: url(data:image/png;base64,{data}) no-repeat 0 0 / {one.width_mm}mm {high}mm"
    return f".imprint.{one.kind} {{ {across}; {down}; {size}; {picture} }}"
