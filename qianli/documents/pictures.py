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
