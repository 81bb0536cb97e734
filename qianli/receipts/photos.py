"""Pictures that members send: never handed on as they came, but drawn anew, smaller, without what cameras write in."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from qianli.errors import BadInput

MOST_PHOTOS = 5  # of one consignment
MOST_BYTES = 12_000_000
MOST_DOTS = 60_000_000  # of what is taken in, so that a small file cannot unfold into gigabytes
SIDE = 1600  # dots of the longer side of what is kept: enough to see a torn page
FORMATS = ("JPEG", "PNG", "WEBP")
NOT_A_PICTURE = "这个文件不是照片，或者已经损坏。请用手机拍一张（JPG、PNG）再试。"
PAPER = (255, 255, 255)


def redrawn(raw: bytes) -> bytes:
    """A JPEG that shows the same: upright, no place, moment, device or comment in it. BadInput says why not."""
    if len(raw) > MOST_BYTES:
        raise BadInput(f"照片太大，最多 {MOST_BYTES // 1_000_000} MB，请选小一些的。")
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
            if image.width * image.height > MOST_DOTS:
                raise BadInput("照片的尺寸太大，请用手机普通模式再拍一张。")
            image.draft("RGB", (SIDE, SIDE))  # JPEG: decoded at a fraction of its size
            image.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
            shown = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(NOT_A_PICTURE) from error
    clean = Image.new("RGB", shown.size, PAPER)  # a new one: Pillow would write comments and XMP of the old one again
    clean.paste(shown, mask=shown.getchannel("A"))
    made = io.BytesIO()
    clean.save(made, format="JPEG", quality=82, optimize=True)
    return made.getvalue()
