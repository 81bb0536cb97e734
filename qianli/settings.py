"""Settings, read from `QIANLI_…` variables or `.env`. Read at the edges only: cli, web, stages, launch, flows."""

import hashlib
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from qianli.errors import ConfigurationError

DEVELOPMENT_SECRET = "development-only-secret"  # noqa: S105 - refused outside development
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting, with one line of plain speech each."""

    model_config = SettingsConfigDict(env_prefix="QIANLI_", env_nested_delimiter="__", env_file=".env", extra="ignore")

    environment: str = Field("development", description="development or production; placeholders only in the first.")
    database_url: str = Field(f"sqlite:///{ROOT}/var/qianli.db", description="Domain database: SQLite or PostgreSQL.")
    documents_url: str = Field(f"file://{ROOT}/var/documents", description="Where papers are kept (fsspec).")
    secret: SecretStr = Field(SecretStr(DEVELOPMENT_SECRET), description="Key of confirmation codes; keep it safe.")
    secret_id: str = Field("k1", description="Name of the current key, stored beside each code.")
    old_secrets: dict[str, SecretStr] = Field({}, description="Earlier keys by name, still accepted.")
    public_url: str | None = Field(None, description="Address of the members' page printed on letters, e.g. https://…")
    web_host: str = Field("127.0.0.1", description="Where the web listens.")
    web_port: int = Field(8310, description="Where the web listens.")
    prefect_api_url: str = Field("http://127.0.0.1:4210/api", description="The Prefect server commands talk to.")
    prefect_home: Path = Field(ROOT / "var" / "prefect", description="Where the local Prefect server keeps its files.")
    time_zone: str = Field("Asia/Shanghai", description="Zone of dates on paper and of schedules.")
    print_run_size: int = Field(200, ge=1, description="Letters, labels or slips in one print run.")
    shard_size: int = Field(500, ge=1, description="Consignments in one shard of prepare.")
    lease_s: int = Field(300, ge=1, description="Seconds until a worker's claim may be taken over.")
    failed_codes_per_10_min: int = Field(10, ge=1, description="Wrong codes one address may try in ten minutes.")
    retention_days: int = Field(
        180, ge=1, description="Days after close until personal data is erased, as members are told."
    )
    clock_offset_days: int = Field(0, le=0, description="Development only: act as if it were so many days ago.")
    not_moving_after_days: int = Field(5, ge=1, description="Days without news until a parcel becomes a case.")

    @property
    def place(self) -> str:
        """A fingerprint of where this installation keeps its data, to tell two of them apart."""
        return hashlib.sha256(f"{self.database_url} {self.documents_url}".encode()).hexdigest()[:12]


@cache
def settings() -> Settings:
    """The settings of this process; placeholder secrets are refused outside development."""
    found = Settings()
    if found.environment != "development" and found.secret.get_secret_value() == DEVELOPMENT_SECRET:
        raise ConfigurationError("正式环境必须设置 QIANLI_SECRET，不能使用演示密钥。")
    if found.environment != "development" and found.clock_offset_days:
        raise ConfigurationError("正式环境不能设置 QIANLI_CLOCK_OFFSET_DAYS。")
    return found
