"""Papers as pictures, for a screen."""

import io

DPI = 150


def png_pages(content: bytes, dpi: int = DPI) -> list[bytes]:
    """Every page of a PDF as a PNG."""
    import pypdfium2  # noqa: PLC0415 - a large library that few commands need

    pictures = []
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            made = io.BytesIO()
            page.render(scale=dpi / 72).to_pil().save(made, format="PNG")
            pictures.append(made.getvalue())
    return pictures


def png_page(content: bytes, number: int, dpi: int) -> bytes | None:
    """One page of a PDF (from 1) as a PNG; None if it has no such page."""
    import pypdfium2  # noqa: PLC0415 - a large library that few commands need

    with pypdfium2.PdfDocument(content) as document:
        if not 1 <= number <= len(document):
            return None
        made = io.BytesIO()
        document[number - 1].render(scale=dpi / 72).to_pil().save(made, format="PNG")
        return made.getvalue()


def one_below_the_other(pictures: list[bytes]) -> bytes:
    """All pages as one PNG."""
    from PIL import Image  # noqa: PLC0415 - a large library that few commands need

    pages = [Image.open(io.BytesIO(one)).convert("RGB") for one in pictures]
    whole = Image.new("RGB", (max(one.width for one in pages), sum(one.height for one in pages)), "white")
    top = 0
    for one in pages:
        whole.paste(one, (0, top))
        top += one.height
    made = io.BytesIO()
    whole.save(made, format="PNG")
    return made.getvalue()
