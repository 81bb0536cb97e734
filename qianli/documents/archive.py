"""PDF/A-3b: a finished paper for archives, with its colours, title and language said as the standard has it.

What the standard asks of the pages themselves holds for every paper: fonts are inside, nothing is fetched, run or
locked. The same paper gives the same bytes.
"""

import io
import struct

import pikepdf
from PIL import ImageCms

PART, CONFORMANCE = "3", "B"  # ISO 19005-3, level B
PRINTED = 4  # of an annotation: it is printed
COMPONENTS = 3  # of a colour
SRGB = "sRGB IEC61966-2.1"
#: A colour profile says when it was made; ours is of the day the standard's third part came out.
MADE = struct.pack(">6H", 2012, 10, 15, 0, 0, 0)
MADE_AT = slice(24, 36)


def as_archive(content: bytes) -> bytes:
    """The same paper as PDF/A-3b."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _say_colours(pdf)
        _print_annotations(pdf)
        title, author = (str(pdf.docinfo.get(name, "")) for name in ("/Title", "/Author"))
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
            said["pdfaid:part"], said["pdfaid:conformance"] = PART, CONFORMANCE
            said["dc:title"] = title
            said["pdf:Producer"] = str(pdf.docinfo.get("/Producer", ""))
            if author:
                said["dc:creator"] = [author]
            said["dc:language"] = {str(pdf.Root.get("/Lang", "zh-CN"))}
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, compress_streams=True)
        return out.getvalue()


def _say_colours(pdf: pikepdf.Pdf) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[MADE_AT] = MADE
    stream = pdf.make_stream(bytes(profile), N=COMPONENTS)
    intent = {"/Type": "/OutputIntent", "/S": "/GTS_PDFA1", "/DestOutputProfile": stream}
    names = {name: pikepdf.Name(value) if isinstance(value, str) else value for name, value in intent.items()}
    words = {"/OutputConditionIdentifier": pikepdf.String(SRGB), "/Info": pikepdf.String(SRGB)}
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(names | words))])


def _print_annotations(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for one in page.get("/Annots", []):
            one.F = PRINTED
