"""What couriers and members do in the demonstration: their files and their answers, made from the rows there are."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models import ConsignmentState, Parcel, ParcelStage
from qianli.campaigns.references import consignment_number
from qianli.ledger.out import write_xlsx
from qianli.settings import settings
from qianli.stages import following, pushes, saying, study_links, study_lists, studying, tracking_cases
from qianli.stages.letter_forms import confirmation_code
from qianli.stages.unit import now, reading
from qianli.store import campaigns, demo, organisations, parcels, schema, stock, study

POST = "china_post"
STOCK = 12
MEMBERS = 17
LOOPBACK = "127.0.0.1"
WORDS = ("已收寄", "运输中", "派送中", "本人签收")
ARRIVES_AFTER_DAYS = (3, 4, 4, 5, 3, 6)


def holds_only(names: Collection[str]) -> bool:
    """Whether the database holds no organisation and no member but those of the story."""
    if schema.revision(settings().database_url) is None:
        return True
    with reading() as session:
        found = demo.members_by_organisation(session)
    return found.keys() <= set(names) and sum(found.values()) <= MEMBERS


def stock_to_receive() -> dict[str, int]:
    """SKU → how many to book in."""
    with reading() as session:
        return {level.item.sku: STOCK for level in stock.levels(session)}


def sealed_manifests(code: str) -> list[tuple[str, int]]:
    """Numbers of sealed manifests not handed over yet, with their parcels."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        return demo.sealed(session, campaign_id=campaign.key)


def waybill_file(code: str) -> bytes | None:
    """The courier's spreadsheet of numbers for parcels that have none yet; None if all have."""
    waiting = [parcel for parcel in _handed_over(code) if parcel.waybill_number is None]
    if not waiting:
        return None
    rows = [[parcel.reference, _number(parcel)] for parcel in waiting]
    return write_xlsx([("运单", ["包裹编号", "运单号"], rows)])


def _number(parcel: Parcel) -> str:
    whole = f"{parcel.campaign_id % 100:02d}{parcel.sequence:010d}"
    return f"SF{whole:>013}" if parcel.courier == "sf" else f"9{whole}"


def in_the_posts_hands(code: str, *, but: Collection[str]) -> list[tuple[str, datetime]]:
    """Waybill number and hand-over of the post's parcels, in sequence, but for these numbers."""
    return [
        (parcel.waybill_number, parcel.handed_over_at)
        for parcel in _handed_over(code)
        if parcel.courier == POST and parcel.waybill_number and parcel.handed_over_at
        and parcel.waybill_number not in but
    ]  # fmt: skip


def track() -> None:
    """What the scheduled flow `track_parcels` does, on the story's day."""
    for step in (pushes, saying, tracking_cases, following):
        for shard in step.shards():
            step.run(shard)


def events_file(code: str, *, but_the_post: bool) -> bytes | None:
    """The spreadsheet of states, each parcel at its own pace, as far as the day has come; None if there is nothing."""
    zone = ZoneInfo(settings().time_zone)
    rows = []
    for parcel in _handed_over(code):
        if but_the_post and parcel.courier == POST:
            continue
        taken = parcel.handed_over_at or now()
        days = ARRIVES_AFTER_DAYS[parcel.sequence % len(ARRIVES_AFTER_DAYS)]
        for word, at in _journey(taken, days):
            if at <= now():
                rows.append([parcel.waybill_number, word, at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")])
    return write_xlsx([("轨迹", ["运单号", "状态", "时间"], rows)]) if rows else None


def _journey(taken: datetime, days: int) -> list[tuple[str, datetime]]:
    steps = [timedelta(hours=5), timedelta(days=1), timedelta(days=days, hours=-3), timedelta(days=days)]
    return [(word, taken + step) for word, step in zip(WORDS, steps, strict=True)]


def _handed_over(code: str) -> list[Parcel]:
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        return parcels.of_campaign(session, campaign_id=campaign.key, stages=[ParcelStage.handed_over])


WAITING = (ConsignmentState.under_way,)
SHORT = (ConsignmentState.confirmed_with_issues,)


def waiting_numbers(code: str, states: Collection[ConsignmentState] = WAITING) -> list[str]:
    """Numbers of consignments in these states whose parcel arrived: their members could answer now."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        found = demo.arrived(session, campaign_id=campaign.key, states=states)
        return [consignment_number(code, one.number) for one in found]


def confirmation_path(code: str) -> str:
    """The path of a confirmation page that is still to be answered."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        waiting = demo.arrived(session, campaign_id=campaign.key, states=WAITING)
        return f"/r/{confirmation_code(waiting[0])}"


def with_phones(organisation: str, *, most: int) -> list[str]:
    """Numbers of the first members of an organisation who have a telephone and may be called."""
    with reading() as session:
        root = organisations.by_name(session, name=organisation)
        found = [one for one in study.members_of(session, organisation_id=root.key) if one.phone]
        return [str(one.key) for one in found if not one.do_not_contact][:most]


def study_by_link(codes: Iterable[str]) -> int:
    """Members come with the codes of their links and study what is newest; how many items they marked."""
    count = 0
    for code in codes:
        _, token, own = study_links.page_of(code, address=LOOPBACK).strip("/").split("/")
        visitor = study_links.visitor(token, own, address=LOOPBACK)
        for column in study_lists.list_page(visitor).columns:
            count += studying.mark_studied(visitor, column.lines[0].id)
    return count
