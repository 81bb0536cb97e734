"""Lists of movements that were imported: what each reported, so that a whole list can be taken back."""

from datetime import datetime

from sqlmodel import Field

from models.base import Row, state_field
from models.movement import ReportSide


class MovementImport(Row, table=True):
    """One list that reported something new; its reports point to it."""

    __tablename__ = "movement_import"

    organisation_id: int = Field(foreign_key="organisation.id", index=True, description="The branch that reports.")
    side: ReportSide = state_field(ReportSide, "side", ReportSide.home)
    filename: str = Field(max_length=120)
    imported_at: datetime
    imported_by: str = Field(max_length=64)
    added: int = 0
    unchanged: int = 0
    corrected: int = Field(default=0, description="Earlier reports that it took the place of.")
    rejected: int = 0
    undone_at: datetime | None = None
    undone_by: str | None = Field(default=None, max_length=64)
