"""The list of parcels a courier or post office writes its waybill numbers into; it comes back by reference."""

from pathlib import Path

from models import ParcelStage
from qianli.couriers.registry import courier
from qianli.ledger.out import Sheet, Value, write_table
from qianli.stages.exporting import write_file
from qianli.stages.unit import reading
from qianli.store import campaigns, parcels

COLUMNS = ("序号", "包裹编号", "快递公司", "重量(克)", "内件", "运单号")
GOING = (ParcelStage.planned, ParcelStage.printed, ParcelStage.packed, ParcelStage.handed_over)


def write_parcels(path: Path, campaign_code: str) -> None:
    """Every parcel that goes, in sequence, with the number it has; nothing that the outside does not tell."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=campaign_code)
        content = str(campaign.outside["content"])
        table: list[list[Value]] = [
            [one.sequence, one.reference, courier(one.courier).name, one.weight_g, content, one.waybill_number or ""]
            for one in parcels.of_campaign(session, campaign_id=campaign.key, stages=GOING)
        ]
    write_file(path, write_table(Sheet("包裹", COLUMNS, table), filename=path.name))
