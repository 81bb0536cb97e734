"""The papers labels are printed on, as data: lengths in CSS pixels (96 an inch) unless the name says mm."""

from dataclasses import dataclass

BETWEEN = 5  # zones
MARK = 44  # what the marks 收 and 寄 take on the left


@dataclass(frozen=True)
class LabelSize:
    """A label's zones, one under the other, all as wide as the label inside its margins."""

    code: str
    wide: int
    head: int
    waybill: int
    waybill_code_mm: int
    name: int
    phone: int
    address: int
    sender: int
    content: int
    reference: int
    code_mm: int
    step_across: int = 0
    step_down: int = 0
    per_sheet: int = 1

    @property
    def text_wide(self) -> int:
        """What is left for text beside a mark."""
        return self.wide - MARK

    @property
    def code_wide_mm(self) -> float:
        """The widest code there is room for."""
        return (self.wide - 4) / 96 * 25.4

    @property
    def to(self) -> int:
        """Name, phone and address together."""
        return self.name + self.phone + self.address + 4

    @property
    def high(self) -> int:
        """The whole label inside its margins."""
        zones = (self.head, self.waybill, self.to, self.sender, self.content, self.reference)
        return sum(zones) + BETWEEN * (len(zones) - 1)

    def place(self, slot: int) -> tuple[int, int]:
        """Where the label at a place of a sheet stands, row by row from 0."""
        down, across = divmod(slot, 2)
        return across * self.step_across, down * self.step_down


SIZES = {
    size.code: size
    for size in (
        LabelSize("roll_76x130", 264, 24, 84, 13, 40, 24, 104, 46, 20, 72, 12),
        LabelSize("roll_100x150", 347, 26, 106, 16, 46, 28, 138, 54, 22, 84, 15),
        LabelSize("roll_100x180", 347, 28, 128, 20, 56, 30, 196, 60, 24, 100, 18),
        LabelSize("a4_sheet", 344, 25, 98, 15, 44, 27, 125, 52, 22, 80, 14, 374, 533, 4),
    )
}
