"""Campaign definitions: what an organiser writes in a YAML file."""

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from models import Channel, Consolidation, ImprintKind, LabelLayout, LabelMode
from qianli.addresses.divisions import province_called, provinces
from qianli.campaigns.audience import Division, ManagedAs, division_called
from qianli.campaigns.ladder import MOST_STEPS, Rung, as_written, check_ladder
from qianli.campaigns.tariff import PostageLine, check_couriers, check_lines
from qianli.definitions import Day, Definition, Number, read_definition
from qianli.kits.definition import Code, FileName, Text

MOST_MONTHS = 1200


class Sender(Definition):
    """Who writes: stands on the letter, inside."""

    name: Text
    phone: Text


class Outside(Definition):
    """Who sends: stands on the outside of the parcel, where nothing may tell what is in it."""

    name: Text
    phone: Text
    address: Text
    content: Text = "图书、纪念品"


class Contact(Definition):
    """Somebody to turn to: stands on contact cards."""

    name: Text
    duty: Text
    phone: Text


class Audience(Definition):
    """Whose members: these organisations and all below them; without any, the campaign's own.

    Of these, whom they manage as home or host; if stated only those who live there on the day of delivery, and only
    those who will have been away for at least or at most so many months by then.
    """

    organisations: list[Text] = Field(default_factory=list, max_length=500)
    managed_as: ManagedAs = ManagedAs.home
    lives_in: list[Text] = Field(default_factory=list, max_length=500)
    away_months_at_least: Annotated[int, Number] | None = Field(None, ge=0, le=MOST_MONTHS)
    away_months_at_most: Annotated[int, Number] | None = Field(None, ge=0, le=MOST_MONTHS)

    @field_validator("lives_in")
    @classmethod
    def _divisions_there_are(cls, lives_in: list[str]) -> list[str]:
        for written in lives_in:
            division_called(written)
        return lives_in

    @model_validator(mode="after")
    def _somebody_can_be_meant(self) -> "Audience":
        least, most = self.away_months_at_least, self.away_months_at_most
        if least is not None and most is not None and least > most:
            raise ValueError(f"至少外出 {least} 个月、至多 {most} 个月，没有人符合，请核对")
        return self

    @property
    def divisions(self) -> list[Division]:
        """Where members must live, as the ledger spells it; anywhere if there is none."""
        return [division_called(written) for written in self.lives_in]

    def as_written(self) -> dict[str, Any]:
        """What stands in the file; what was left out is left out, so that older definitions keep their checksum."""
        return {"organisations": self.organisations} | self.model_dump(mode="json", exclude_defaults=True)


PromisedDays = Annotated[int, Number, Field(ge=1, le=90)]


class Couriers(Definition):
    """Who carries: one courier, and others for some provinces; what whose labels tell, if not what they usually do.

    `promised_days` are working days from hand-over to delivery, by province or courier, and `default` for the rest.
    `accounts` are our contracts, by courier; left out, an account is called like its courier. `trackers` are third
    parties that may be asked about parcels: the waybill number, and what they want beside it, goes to them.
    """

    default: Code = "spreadsheet"
    by_province: dict[str, Code] = Field(default_factory=dict)
    labels: dict[Code, LabelMode] = Field(default_factory=dict)
    promised_days: dict[str, PromisedDays] = Field(default_factory=dict)
    accounts: dict[Code, Code] = Field(default_factory=dict)
    trackers: list[Code] = Field(default_factory=list, max_length=3)

    @field_validator("by_province")
    @classmethod
    def _provinces_there_are(cls, by_province: dict[str, str]) -> dict[str, str]:
        """A name that is no province would mean the default courier, and nobody would notice."""
        called = {name: province_called(name) for name in by_province}
        if strange := [name for name, province in called.items() if province is None]:
            raise ValueError(f"没有名为“{'、'.join(strange)}”的省份；可以写：{'、'.join(provinces())}")
        if doubled := sorted({one for one in called.values() if list(called.values()).count(one) > 1}, key=str):
            raise ValueError(f"“{'、'.join(map(str, doubled))}”写了两次，请只留一处")
        return by_province

    @model_validator(mode="after")
    def _labels_and_accounts_of_these(self) -> Self:
        """A mode for a courier that carries nothing would be a slip of the pen, and its label would tell all."""
        for name, named in (("labels", self.labels), ("accounts", self.accounts)):
            if strange := sorted(named.keys() - {self.default, *self.by_province.values()}):
                raise ValueError(f"{name} 里的“{'、'.join(strange)}”不在这次用的快递里，请核对代码")
        return self

    @model_validator(mode="after")
    def _promises_of_these(self) -> Self:
        """A name that is neither would promise nothing, and nobody would notice."""
        known = {"default", self.default, *self.by_province.values()}
        if strange := [one for one in self.promised_days if one not in known and province_called(one) is None]:
            raise ValueError(f"promised_days 里的“{'、'.join(strange)}”不是这次用的快递，也不是省份，请核对")
        return self


class CampaignDefinition(Definition):
    """A campaign by post, as written in YAML. `messages` are our accounts with channels that may be used for it."""

    channel: Literal[Channel.post] = Field(Channel.post, exclude=True)
    code: Code
    name: Text
    organisation: Text
    kit: Code
    letter: FileName
    design: Code = "red_letter"
    letter_date: Day
    planned_delivery: Day
    address_max_age_days: Annotated[int, Number] = Field(365, gt=0, le=3650)
    sender: Sender
    outside: Outside
    contacts: list[Contact] = Field(default_factory=list, max_length=3)
    imprints: list[ImprintKind] = Field(default_factory=list, max_length=2)
    audience: Audience = Audience()
    courier: Couriers = Couriers()
    postage: list[PostageLine] = Field(min_length=1, max_length=50)
    messages: list[Code] = Field(default_factory=list, max_length=5)
    follow_up: list[Rung] = Field(default_factory=list, max_length=MOST_STEPS)
    consolidate: Consolidation = Consolidation.none
    labels: LabelLayout = LabelLayout.roll_100x150

    @field_validator("imprints")
    @classmethod
    def _each_imprint_once(cls, imprints: list[ImprintKind]) -> list[ImprintKind]:
        return sorted(set(imprints))

    @field_validator("messages")
    @classmethod
    def _each_account_once(cls, messages: list[str]) -> list[str]:
        return list(dict.fromkeys(messages))

    @field_validator("postage")
    @classmethod
    def _lines_agree(cls, postage: list[PostageLine]) -> list[PostageLine]:
        return check_lines(postage)

    @field_validator("follow_up")
    @classmethod
    def _steps_can_be_climbed(cls, follow_up: list[Rung]) -> list[Rung]:
        check_ladder(follow_up)
        return follow_up

    @model_validator(mode="after")
    def _postage_of_these_couriers(self) -> Self:
        check_couriers(self.postage, {self.courier.default, *self.courier.by_province.values()})
        return self

    @field_validator("outside")
    @classmethod
    def _outside_is_neutral(cls, outside: Outside) -> Outside:
        written = "".join("".join(outside.model_dump().values()).split())
        for word in REVEALING:
            if word in "".join(outside.address.split()):
                raise ValueError(f"外包装上的地址不能出现“{word}”，请写门牌号")
            if word in written:
                raise ValueError(f"外包装上的寄件人和内件品名不能出现“{word}”，请用中性的写法")
        return outside

    @property
    def postage_rows(self) -> list[dict[str, Any]]:
        """The tariff in grams and fen: steps, or tables by zone."""
        return [one.row() for one in self.postage]

    @property
    def ladder_rows(self) -> list[dict[str, Any]]:
        """The steps as written."""
        return as_written(self.follow_up)

    @property
    def checksum(self) -> str:
        """SHA-256 of everything written in the file."""
        written = self.model_dump(mode="json")
        written |= {"audience": self.audience.as_written(), "courier": _without_newer(written["courier"])}
        written["follow_up"] = self.ladder_rows
        return digest(_without_newer(written))


#: What definitions of earlier versions could not hold: left out while it is empty, so that they keep their checksum.
NEWER = frozenset({"accounts", "contacts", "follow_up", "imprints", "labels", "messages", "promised_days", "trackers"})


def _without_newer(written: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in written.items() if value or name not in NEWER}


#: Words that would tell a stranger what the parcel is about.
REVEALING = ("党", "支部", "红色", "家书")


def digest(data: Any) -> str:
    """SHA-256 of plain data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def approval_checksum(*, definition: str, kit: str, letter: str, design: str) -> str:
    """What an approval covers, as one checksum of four."""
    return digest([definition, kit, letter, design])


def read_campaign(content: bytes) -> CampaignDefinition:
    """The campaign by post in a YAML file; BadInput lists every problem."""
    return read_definition(content, CampaignDefinition)
