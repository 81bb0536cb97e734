"""How sure the reader is. The same words as the column's, without the weight of the tables of the database."""

from enum import StrEnum


class Status(StrEnum):
    """`exact`: a parcel finds it. `ambiguous`: several places are meant by it. `incomplete`: something is missing."""

    exact = "exact"
    ambiguous = "ambiguous"
    incomplete = "incomplete"
