"""Settings, read from `QIANLI_…` variables or `.env`. Read at the edges only: cli, web, stages, launch, flows."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from qianli.documents import fallback
from qianli.documents.layout_process import PROCESS, Limits
from qianli.errors import ConfigurationError
from qianli.public_url import check_public_url, is_reserved

DEVELOPMENT_SECRET = "development-only-secret"  # noqa: S105 - refused outside development
ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"  # 0700: whatever is not told to be elsewhere
MANY, YEARS = 1_000_000, 10_000  # more is a slip of the hand, and overflows somewhere; years of days


class Settings(BaseSettings):
    """Every setting, with one line of plain speech each."""

    model_config = SettingsConfigDict(
        env_prefix="QIANLI_", env_nested_delimiter="__", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    environment: str = Field("development", description="development or production; placeholders only in the first.")
    database_url: str = Field(f"sqlite:///{VAR}/qianli.db", description="Domain database: SQLite or PostgreSQL.")
    documents_url: str = Field(f"file://{VAR}/documents", description="Where papers are kept (fsspec).")
    secret: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET), min_length=1, description="Key of confirmation codes; keep it safe."
    )
    secret_id: str = Field("k1", description="Name of the current key, stored beside each code.")
    old_secrets: dict[str, SecretStr] = Field({}, description="Earlier keys by name, still accepted.")
    public_url: str | None = Field(None, description="Address of the members' page printed on letters, e.g. https://…")
    web_host: str = Field("127.0.0.1", description="Where the web listens.")
    web_port: int = Field(8310, ge=0, le=65535, description="Where the web listens.")
    prefect_api_url: str = Field("http://127.0.0.1:4210/api", description="The Prefect server commands talk to.")
    prefect_auth: SecretStr | None = Field(
        None, description="Name and password of the Prefect server, as name:password."
    )
    prefect_home: Path = Field(VAR / "prefect", description="Where the local Prefect server keeps its files.")
    task_runner: Literal["threads", "dask"] = Field("threads", description="What does the shards of a flow run.")
    dask_scheduler: str | None = Field(None, description="A Dask scheduler, as tcp://host:8786; without it one a run.")
    time_zone: str = Field("Asia/Shanghai", description="Zone of dates on paper and of schedules.")
    print_run_size: int = Field(200, ge=1, le=MANY, description="Labels or slips in one print run.")
    letter_run_size: int = Field(1000, ge=1, le=MANY, description="Letters in one print run.")
    manifest_pages: int = Field(50, ge=1, le=1000, description="Pages of one manifest; more parcels go on several.")
    manifest_link_days: int = Field(
        7, ge=0, le=YEARS, description="Days after hand-over that a courier's link to its manifest goes on working."
    )
    fonts: list[str] = Field(
        list(fallback.SHIPPED), description="Faces for characters ours lack, in order, as FAMILY:WHAT."
    )
    couriers: dict[str, dict[str, SecretStr]] = Field(
        {}, description="Accounts with couriers that have an interface: QIANLI_COURIERS__<ACCOUNT>__<KEY>."
    )
    channels: dict[str, dict[str, SecretStr]] = Field(
        {}, description="Accounts with channels of messages: QIANLI_CHANNELS__<ACCOUNT>__<KEY>."
    )
    messages_from_hour: int = Field(8, ge=0, le=23, description="The hour messages may go from; before it is quiet.")
    messages_until_hour: int = Field(21, ge=1, le=24, description="The hour from which no message goes any more.")
    messages_per_week: int = Field(2, ge=1, le=100, description="Messages to one member within seven days, at most.")
    press: Literal["stamp", "layout"] = Field(
        "stamp", description="How large runs of letters are made: stamped and checked, or each laid out by itself."
    )
    duplex: bool = Field(False, description="Letters are printed on both sides: each begins on the front of a sheet.")
    pdf_archive: bool = Field(False, description="Papers are published as PDF/A-3b, for archives.")
    layout_time_s: int = Field(
        600, ge=1, le=MANY, description="Seconds after which laying out one document is stopped."
    )
    layout_memory_mb: int = Field(
        4096, ge=256, le=MANY, description="Memory the process that lays out papers may have, in megabytes."
    )
    shard_size: int = Field(500, ge=1, le=MANY, description="Consignments in one shard of prepare.")
    lease_s: int = Field(300, ge=1, le=MANY, description="Seconds until a worker's claim may be taken over.")
    failed_codes_per_10_min: int = Field(
        10, ge=1, le=MANY, description="Wrong codes one address may try in ten minutes."
    )
    retention_days: int = Field(
        180, ge=1, le=YEARS, description="Days after close until personal data is erased, as members are told."
    )
    clock_offset_days: int = Field(
        0, ge=-YEARS, le=0, description="Development only: act as if it were so many days ago."
    )
    review_max_age_days: int = Field(
        365, ge=1, le=YEARS, description="Days without a check until the monthly review asks for an address."
    )
    movement_window_days: int = Field(
        31, ge=0, le=YEARS, description="Days that a departure and an arrival may lie apart and still be one move."
    )
    one_sided_after_days: int = Field(
        30, ge=1, le=YEARS, description="Days until a movement that only one branch reported becomes a case."
    )
    not_moving_after_days: int = Field(
        5, ge=1, le=YEARS, description="Working days without news until a parcel becomes a case."
    )
    waiting_after_days: int = Field(
        3, ge=1, le=YEARS, description="Days at a pickup point until a parcel becomes a case."
    )
    no_answer_after_days: int = Field(
        7, ge=1, le=YEARS, description="Days after delivery until a member who says nothing becomes a case."
    )
    return_near_after_days: int = Field(
        6, ge=1, le=YEARS, description="Days at a pickup point after which the courier is about to return a parcel."
    )
    holidays: Path | None = Field(
        None, description="A YAML file of days off and made up in years that were not announced yet."
    )

    @field_validator("holidays", mode="before")
    @classmethod
    def _empty_is_none(cls, path: object) -> object:
        return path or None

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, LookupError) as error:
            raise ValueError("没有这个时区，请写 Asia/Shanghai 这样的名称") from error
        return name

    @field_validator("fonts")
    @classmethod
    def _faces(cls, entries: list[str]) -> list[str]:
        for entry in entries:
            fallback.fallback(entry)
        return entries

    @field_validator("prefect_auth")
    @classmethod
    def _name_and_password(cls, auth: SecretStr | None) -> SecretStr | None:
        if not auth or not auth.get_secret_value():
            return None
        if not re.fullmatch(r"[^:\s]+:\S+", auth.get_secret_value()):
            raise ValueError("应写成“用户名:密码”，中间用英文冒号，不含空格")
        return auth

    @property
    def place(self) -> str:
        """A fingerprint of where this installation keeps its data, to tell two of them apart."""
        return hashlib.sha256(f"{self.database_url} {self.documents_url}".encode()).hexdigest()[:12]


@cache
def settings() -> Settings:
    """The settings of this process, in force once read; ConfigurationError says which variable is wrong or unsafe."""
    found = _read()
    _refuse_unsafe(found)
    _put_in_force(found)
    return found


def _refuse_unsafe(found: Settings) -> None:
    """ConfigurationError for what only a try-out may have."""
    development = found.environment == "development"
    if not development and found.clock_offset_days:
        raise ConfigurationError("正式环境不能设置 QIANLI_CLOCK_OFFSET_DAYS。")
    try:
        if found.public_url:
            check_public_url(found.public_url, development=development)
    except ValueError as error:
        raise ConfigurationError(f"设置 QIANLI_PUBLIC_URL 有误：{error}。") from error
    if found.secret.get_secret_value() == DEVELOPMENT_SECRET:
        if not development:
            raise ConfigurationError("正式环境必须设置 QIANLI_SECRET，不能使用演示密钥。")
        if found.public_url and not is_reserved(found.public_url):
            raise ConfigurationError("QIANLI_PUBLIC_URL 是真实的网址，必须同时设置 QIANLI_SECRET，不能使用演示密钥。")


def _put_in_force(found: Settings) -> None:
    """What papers are laid out with is the process's own: `documents` reads no settings, it is given these."""
    fallback.use(tuple(found.fonts))
    PROCESS.limits = Limits(found.layout_time_s, found.layout_memory_mb)


def _read() -> Settings:
    """The settings as written; what a value was is not repeated, it may be a secret."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [
            (str(one["loc"][0]), one["ctx"]["error"] if one["type"] == "value_error" else None)
            for one in error.errors(include_input=False)
        ]
        sentence = "；".join(
            f"QIANLI_{name.upper()}：{why or '这个值不对，请对照 .env.example'}" for name, why in wrong
        )
        raise ConfigurationError(f"设置有误：{sentence}。") from error
    except SettingsError as error:
        name = re.search(r'field "(\w+)"', str(error))
        which = f"QIANLI_{name[1].upper()}" if name else "QIANLI_…"
        raise ConfigurationError(f"设置 {which} 有误：应当是 JSON，请对照 .env.example。") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("设置文件 .env 不是 UTF-8 编码，请另存为 UTF-8。") from error
