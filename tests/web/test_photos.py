"""Pictures sent with what is missing or damaged: taken in by bounds, drawn anew, taken back."""

import io
from pathlib import Path

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from sqlmodel import select

from models import Artefact, ArtefactKind, ReceiptPhoto
from qianli.receipts.photos import MOST_BYTES, SIDE
from qianli.stages.unit import reading
from qianli.web.testing import Site

SECRET = b"13912340001"


def photo(colour: str = "red") -> bytes:
    """A JPEG on its side, with place, device and comment in it."""
    exif = Image.Exif()
    exif[Base.Orientation], exif[Base.Model] = 6, SECRET.decode()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (26.0, 24.0, 33.0)
    made, xmp = io.BytesIO(), b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    Image.new("RGB", (2400, 1200), colour).save(made, "JPEG", exif=exif, comment=SECRET, xmp=xmp)
    return made.getvalue()


def files() -> list[Artefact]:
    with reading() as session:
        kept = select(Artefact).join(ReceiptPhoto).where(Artefact.kind == ArtefactKind.receipt_photo)
        return list(session.exec(kept.order_by(Artefact.id)))  # type: ignore[arg-type]


def test_a_photo_is_drawn_anew_counted_and_taken_back(site: Site, place: Path) -> None:
    path = f"/r/{site.codes[0]}"
    form = {"said": "damaged", f"item_{site.world.kit_items[1]}": "damaged", "note": "封面破了"}

    def send(*sent: bytes) -> int:
        several = [("photo", ("IMG_0001.jpg", content, "image/jpeg")) for content in sent]
        return site.ask("POST", path, data=form, files=several).status_code

    assert 'enctype="multipart/form-data"' in site.get(path).text
    for content, status in ((b"GIF89a no picture" * 99, 422), (b"x" * (MOST_BYTES + 99_999), 413)):
        assert send(content) == status
    assert send(photo(), photo("blue")) == 422
    assert (site.state(), files()) == ("under_way", [])
    assert send(photo()) == send(photo()) == send(b"") == 303  # the same twice, and then none
    (one,) = files()
    kept = (place / "documents" / one.path).read_bytes()
    assert one.path.startswith("TEST-2027/photos/TEST-2027-0001-")
    assert SECRET in photo()
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size) == ("JPEG", (SIDE // 2, SIDE)), "upright"
        assert not image.getexif()
        assert not {"exif", "comment", "xmp"} & image.info.keys()
    assert [send(photo(colour)) for colour in ("blue", "green", "black", "white", "pink")] == [303] * 4 + [422]
    text = site.get(path).text
    assert "附了照片 5 张" in text
    assert "坏了：《中国共产党章程》" in text
    assert site.post(path, {"photos": "remove"}).status_code == 303
    assert "附了照片" not in site.get(path).text
    assert not list(place.glob("documents/TEST-2027/photos/*"))
    assert all(file.deleted_at for file in files())
    assert send(photo()) == 303
    assert "附了照片 1 张" in site.get(path).text
    assert (place / "documents" / one.path).read_bytes() == kept
