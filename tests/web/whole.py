"""A house with something in every room, of any size, and a page of each of its routes."""

import io
from collections.abc import Mapping
from datetime import timedelta

import requests
import sqlalchemy as sa
from PIL import Image
from sqlmodel import select

from models import (
    AddressAnswer,
    AddressRound,
    ArtefactKind,
    Campaign,
    Case,
    CaseReason,
    Contribution,
    Hold,
    HoldReason,
    Item,
    LedgerImport,
    Manifest,
    Message,
    MessagePurpose,
    Movement,
    MovementImport,
    Organisation,
    Parcel,
    ParcelStage,
    PrintRun,
    Programme,
    ReportSide,
    Role,
    Sample,
    SampleMember,
    Sheet,
    StudyColumn,
    StudyItem,
    StudyState,
    Tracking,
)
from qianli.stages import manifest_links, manifests, sealing, study_links
from qianli.stages.artefacts import fetch, publish_artefact
from qianli.stages.lists import NOUNS
from qianli.stages.unit import now, today, writing
from qianli.testing import NOW, make_world
from qianli.web.testing import Site, give_codes, signed_in

BY, CODE, STUDY = "user:test", "TEST-2027", "DSXX"
PICTURE = f"study/{STUDY}/pictures/red.jpg"
#: What nobody may read who has no business here.
SECRETS = ("张伟", "欧阳小芳", "1391234", "崇德路", "青石镇党委", CODE, "党徽", "章程", "遵义会议")


def whole(url: str, size: int) -> Site:
    """So many members, and as many of whatever else there is; parcels were delivered and nobody has answered."""
    with writing(BY) as session:
        world = make_world(session, members=size, stage=ParcelStage.packed)
    site = Site(url, world, give_codes(world.consignments))
    (sealed,) = sealing.seal(CODE, by=BY)
    manifests.hand_over(sealed.number, count=size, left=[], by="courier", signed=manifests.Signed("周师傅"))
    sealing.seal(CODE, by=BY)  # publishes the record
    _trouble(site)
    _samples(site)
    _papers(site, fetch(sealing.paths(CODE, sealed.number)[0]))
    _people(site)
    _programme(site)
    return site


def _trouble(site: Site) -> None:
    """Delivered and unanswered, held, asked for an address, a case: each member has all of it."""
    with writing(BY) as session:
        session.execute(sa.update(Parcel).values(tracking=Tracking.delivered, delivered_at=now() - timedelta(days=10)))
        asked = AddressRound(campaign_id=site.world.campaign, opened_at=NOW, opened_by=BY, cut_off_on=today())
        session.add(asked)
        session.flush()
        for consignment, parcel in zip(site.world.consignments, site.world.parcels, strict=True):
            session.add(AddressAnswer(round_id=asked.key, consignment_id=consignment))
            session.add(Message(
                sending_key=f"{CODE}-{consignment}", purpose=MessagePurpose.follow_up, campaign_id=site.world.campaign,
                organisation_id=site.world.organisation, consignment_id=consignment, channel="plain",
                text_code="receipt_ask", due_at=NOW, queued_at=NOW, unclear_at=NOW,
            ))  # fmt: skip
            session.add(Hold(
                consignment_id=consignment, reason=HoldReason.no_phone, sentence="没有电话。", next_step="补上电话。",
                opened_at=NOW,
            ))  # fmt: skip
            session.add(Case(
                campaign_id=site.world.campaign, parcel_id=parcel, reason=CaseReason.not_moving,
                sentence="没有新消息。", next_step="问快递公司。", owner="青石镇党委", opened_at=NOW,
            ))  # fmt: skip


def _samples(site: Site) -> None:
    """A sample of everybody, and one of each."""
    with writing(BY) as session:
        for number, whom in enumerate([site.world.consignments, *([one] for one in site.world.consignments)], start=1):
            sample = Sample(
                campaign_id=site.world.campaign, number=number, organisation_id=site.world.organisation,
                margin_percent=5, confidence_percent=95, population=len(whom), drawn_at=NOW, drawn_by=BY,
            )  # fmt: skip
            session.add(sample)
            session.flush()
            session.add_all(
                [
                    SampleMember(sample_id=sample.key, consignment_id=one, position=position)
                    for position, one in enumerate(whom, start=1)
                ]
            )


def _papers(site: Site, pdf: bytes) -> None:
    """A print run for each kind of paper with a sheet a parcel, a rehearsal, and a picture."""
    for kind, name in (
        (ArtefactKind.rehearsal, "rehearsal.pdf"), (ArtefactKind.report, "closing-report.pdf"),
        (ArtefactKind.message_sheet, "messages-000001.xlsx"),
    ):  # fmt: skip
        publish_artefact(kind=kind, path=f"{CODE}/{name}", content=pdf, campaign_id=site.world.campaign, by=BY)
    for number, kind in enumerate((ArtefactKind.letter, ArtefactKind.label, ArtefactKind.packing_slip), start=1):
        path = f"{CODE}/{number}.pdf"
        publish_artefact(kind=kind, path=path, content=pdf, campaign_id=site.world.campaign, by=BY)
        with writing(BY) as session:
            artefact = session.execute(sa.text("SELECT max(id) FROM artefact")).scalar_one()
            run = PrintRun(
                campaign_id=site.world.campaign, kind=kind, number=number, artefact_id=artefact, created_at=NOW,
                made_at=NOW,
            )  # fmt: skip
            session.add(run)
            session.flush()
            session.add_all([
                Sheet(print_run_id=run.key, parcel_id=parcel, consignment_id=consignment, position=position)
                for position, (parcel, consignment) in enumerate(
                    zip(site.world.parcels, site.world.consignments, strict=True), start=1
                )
            ])  # fmt: skip
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, format="JPEG")
    field = f"item_{site.world.kit_items[1]}"
    sent = {"photo": ("a.jpg", picture.getvalue(), "image/jpeg")}
    site.ask("POST", f"/r/{site.codes[1]}", data={"said": "damaged", field: "damaged"}, files=sent)


def _people(site: Site) -> None:
    """Branches, items, imports, reports of moves, and other campaigns."""
    with writing(BY) as session:
        first = session.get_one(Campaign, site.world.campaign).model_dump(exclude={"id", "code"})
        for number, member in enumerate(site.world.members):
            session.add(Organisation(name=f"支部{number}", parent_id=site.world.organisation))
            session.add(Item(sku=f"item{number}", name=f"物品{number}", weight_g=10))
            session.add(MovementImport(
                organisation_id=site.world.organisation, filename="外出.xlsx", imported_at=NOW, imported_by=BY,
            ))  # fmt: skip
            session.add(LedgerImport(
                organisation_id=site.world.organisation, filename="a.xlsx", imported_at=NOW, imported_by="user:1"
            ))  # fmt: skip
            session.add(Movement(
                member_id=member, side=ReportSide.home, organisation_id=site.world.organisation, moved_on=today(),
                written="浙江省义乌市", fingerprint=str(number), source="test", recorded_by="user:1", recorded_at=NOW,
            ))  # fmt: skip
            session.add(Campaign(code=f"T{number}", **first))


def _programme(site: Site) -> None:
    """A column with an item everybody has said something about, with a picture of ours."""
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, format="JPEG")
    publish_artefact(kind=ArtefactKind.study_picture, path=PICTURE, content=drawn.getvalue(), by=BY)
    with writing(BY) as session:
        programme = Programme(code=STUDY, name="党史学习", organisation_id=site.world.organisation, created_at=NOW)
        session.add(programme)
        session.flush()
        column = StudyColumn(programme_id=programme.key, position=1, name="季度讨论", discussion=True)
        session.add(column)
        session.flush()
        item = StudyItem(
            column_id=column.key, title="遵义会议", text="1935 年 1 月。", picture=PICTURE, planned_on=today(),
            state=StudyState.published, published_at=NOW,
        )  # fmt: skip
        session.add(item)
        session.flush()
        for member in site.world.members:
            session.add(
                Contribution(item_id=item.key, member_id=member, text="想给村小捐书", written_at=NOW, released_at=NOW)
            )


def sign_in(site: Site, browser: requests.Session) -> str:
    """As administrator, who sees every page there is."""
    return signed_in(site, browser, Role.administrator)


def places(site: Site) -> Mapping[str, list[str]]:
    """Every route that is looked at → addresses of it that answer with a page."""
    group = _path(study_links.open_page(STUDY, "青石镇党委", by=BY).url)
    own = _path(study_links.own_links(STUDY, "青石镇党委", by=BY)[0].url)
    with writing(BY) as session:
        number = session.exec(select(Manifest.number)).first() or ""
    link = _path(manifest_links.link(number, by=BY).url)
    here = f"/console/campaigns/{CODE}"
    return {
        "/": ["/"], "/r": ["/r"], "/r/": ["/r/"], "/r/{code}": [f"/r/{site.codes[0]}", f"/r/{site.codes[1]}"],
        "/m/{token}": [link], "/m/{token}/{name}": [f"{link}/{name}" for name in ("manifest.pdf", "manifest.xlsx")],
        "/s/{token}": [group], "/s/{token}/i/{item_id}": [f"{group}/i/1"], "/s/{token}/c/{column_id}": [f"{group}/c/1"],
        "/s/{token}/{code}": [own], "/s/{token}/{code}/i/{item_id}": [f"{own}/i/1"],
        "/s/{token}/{code}/c/{column_id}": [f"{own}/c/1"],
        "/s/{token}/i/{item_id}/picture.jpg": [f"{group}/i/1/picture.jpg"],
        "/s/{token}/{code}/i/{item_id}/picture.jpg": [f"{own}/i/1/picture.jpg"],
        "/console/sign-in": ["/console/sign-in"], "/console": ["/console"], "/console/more": ["/console/more"],
        "/console/imports": ["/console/imports"], "/console/imports/made/{import_id}": ["/console/imports/made/1"],
        "/console/imports/movements/{import_id}": ["/console/imports/movements/1"],
        "/console/lists/{name}": [f"/console/lists/{name}" for name in NOUNS],
        "/console/members/{member_id}": [f"/console/members/{site.world.members[0]}"],
        "/console/programmes": ["/console/programmes"], "/console/programmes/{code}": [f"/console/programmes/{STUDY}"],
        "/console/programmes/{code}/items": [f"/console/programmes/{STUDY}/items"],
        "/console/new": ["/console/new"], "/console/new/{channel}": ["/console/new/message", "/console/new/phone"],
        "/console/campaigns/{code}": [here, "/console/campaigns/T1"],
        "/console/campaigns/{code}/rehearsal.pdf": [f"{here}/rehearsal.pdf"],
        "/console/campaigns/{code}/report.{end}": [f"{here}/report.pdf"],
        "/console/campaigns/{code}/rehearsal/{number}-{size}.png": [f"{here}/rehearsal/1-small.png"],
        "/console/campaigns/{code}/print": [f"{here}/print"],
        "/console/campaigns/{code}/print/{number}.pdf": [f"{here}/print/1.pdf"],
        "/console/campaigns/{code}/packing": [f"{here}/packing"],
        "/console/calls": ["/console/calls", f"/console/calls?campaign={CODE}"],
        "/console/campaigns/{code}/samples": [f"{here}/samples"],
        "/console/campaigns/{code}/messages": [f"{here}/messages"],
        "/console/campaigns/{code}/messages/{name}": [f"{here}/messages/messages-000001.xlsx"],
        "/console/campaigns/{code}/samples/{number}": [f"{here}/samples/1"],
        "/console/campaigns/{code}/progress": [f"{here}/progress"],
        "/console/campaigns/{code}/handover": [f"{here}/handover"],
        "/console/campaigns/{code}/handover/{number}/{name}": [f"{here}/handover/{number}/manifest.pdf"],
        "/console/consignments/{number}": [f"/console/consignments/{CODE}-0001", f"/console/consignments/{CODE}-0002"],
        "/console/consignments/{number}/photos/{position}.jpg": [f"/console/consignments/{CODE}-0002/photos/1.jpg"],
    }  # fmt: skip


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]
