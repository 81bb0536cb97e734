"""A programme as an organiser writes it in a YAML file."""

from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from models import HolidayRule, Rhythm
from qianli.definitions import Definition, Number, read_definition
from qianli.folding import is_seen

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
LONGEST_COLUMN = 20


def _seen(text: str) -> str:
    if not is_seen(text):
        raise ValueError("有看不见的控制字符，请删去后重写")
    return text


class ColumnDefinition(Definition):
    """A column: its rhythm, whether it rests on days off, and how many items it makes known at one time."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_COLUMN), AfterValidator(_seen)]
    rhythm: Rhythm
    holidays: HolidayRule = HolidayRule.publish
    discussion: bool = False
    at_once: Annotated[int, Number] = Field(1, ge=1, le=10)


class ProgrammeDefinition(Definition):
    """A programme and its columns, in their order."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=50), AfterValidator(_seen)]
    columns: list[ColumnDefinition] = Field(min_length=1, max_length=20)

    @field_validator("columns")
    @classmethod
    def _each_name_once(cls, columns: list[ColumnDefinition]) -> list[ColumnDefinition]:
        names = [one.name for one in columns]
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"栏目“{'”“'.join(doubled)}”写了两次，请只留一处")
        return columns


def read_programme(content: bytes) -> ProgrammeDefinition:
    """The programme in a YAML file; BadInput lists every problem."""
    return read_definition(content, ProgrammeDefinition)
