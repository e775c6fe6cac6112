"""Where Regulars lives and how it runs: environment first, then one file, then defaults.

Business thresholds are not here: they are dated rows of ``dbt_project/seeds``.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from regulars.errors import RegularsError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SETTINGS_FILE = PROJECT_ROOT / "regulars.toml"
_OBJECTS = "^s3://[^/]+(/[^/]+)*$"


class NotifierSettings(BaseModel):
    """Whom to tell: a class below ``airflow.sdk.BaseNotifier`` and what it is made with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    import_path: str = "regulars.operators.notify.LogNotifier"
    kwargs: dict[str, Any] = {}


class Settings(BaseSettings):
    """Every setting, documented in ``regulars.toml``; ``REGULARS_<NAME>`` overrides the file."""

    model_config = SettingsConfigDict(env_prefix="REGULARS_", extra="forbid", frozen=True)

    home: Path = Path("data")
    # Objects or a folder; once read it is the folder, and the objects are ``landing_store``.
    landing: Annotated[str, Field(pattern=_OBJECTS)] | Path | None = None
    store: str | None = Field(None, pattern=_OBJECTS)
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    schedule: str = "0 2 * * *"
    settle_seconds: float = Field(60, ge=0)
    layouts: dict[str, str] = {}
    batch_files: int = Field(400, ge=1)
    batch_bytes: int = Field(256 * 1024 * 1024, ge=1)
    max_file_bytes: int = Field(4 * 1024**3, ge=1)
    max_file_rows: int = Field(20_000_000, ge=1)
    max_line_bytes: int = Field(2_000_000, ge=1)
    max_delivery_files: int = Field(10_000, ge=1)
    threads: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1)
    memory_limit: str = "2GB"
    keep_versions: int = Field(5, ge=1)
    postgres_url: str | None = None
    spark_master: str = Field(
        "local[*]", pattern=r"^(local(\[[0-9*]+\])?|spark://.+|yarn|k8s://.+)$"
    )
    spark_partitions: int = Field(4, ge=1)
    lineage: bool = True
    airflow_port: int = Field(8080, ge=1, le=65535)
    airflow_url: str | None = Field(None, pattern="^https?://[^/]+$")
    production: bool = False
    master_key_file: Path | None = None
    master_key_connection: str | None = None
    phone_region: str = Field("CN", pattern="^[A-Z]{2}$")
    erasure_max_numbers: int = Field(20, ge=1)
    landed_files: Literal["sealed", "deleted", "kept"] = "sealed"
    notifier: NotifierSettings = NotifierSettings()
    _landing_store: str | None = PrivateAttr(None)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file over defaults."""
        path = Path(os.environ.get("REGULARS_SETTINGS", SETTINGS_FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError(f"{value!r} is not an IANA time zone such as Asia/Shanghai") from None
        return value

    @model_validator(mode="after")
    def _anchor_paths(self) -> "Settings":
        # An absolute path stays what it is.
        home = PROJECT_ROOT / self.home
        given = self.landing
        if str(given).startswith("s3:"):
            if not isinstance(given, str):
                raise ValueError(f"landing {str(given)!r} is not of the form s3://bucket/prefix")
            self._landing_store, given = given, None
        landing = PROJECT_ROOT / given if given else home / "landing"
        object.__setattr__(self, "home", home)
        object.__setattr__(self, "landing", landing)
        if self.master_key_file:
            object.__setattr__(self, "master_key_file", PROJECT_ROOT / self.master_key_file)
        return self

    @property
    def landing_store(self) -> str | None:
        """Where senders put objects that are copied to ``landing``; None where they use that."""
        return self._landing_store

    @property
    def lake(self) -> Path:
        """Typed, checked, immutable rows and the ledger."""
        return self.home / "lake"

    @property
    def warehouse(self) -> Path:
        """The DuckDB work file; may be deleted and rebuilt from the lake."""
        return self.home / "warehouse" / "regulars.duckdb"

    @property
    def keys(self) -> Path:
        """The key ring, readable by this user alone; never published, and kept apart in backups."""
        return self.home / "keys"

    @property
    def vault(self) -> Path:
        """Clear values of people, encrypted."""
        return self.home / "vault"

    @property
    def archive(self) -> Path:
        """Landed files after their load, encrypted."""
        return self.home / "archive"

    @property
    def published(self) -> Path:
        """Versions for readers; ``current`` is the link to the newest."""
        return self.home / "published"

    @property
    def history(self) -> Path:
        """Homes of the marts as they stood, made on demand."""
        return self.home / "history"

    @property
    def said(self) -> Path:
        """What each published version said, and why it differs from what was said before."""
        return self.home / "said"

    @property
    def exports(self) -> Path:
        """Files for people, copies of a version; an erasure deletes them."""
        return self.home / "exports"

    @property
    def verdicts(self) -> Path:
        """One page a run on what its checks found."""
        return self.home / "verdicts"

    @property
    def lineage_folder(self) -> Path:
        """OpenLineage events of Airflow and dbt."""
        return self.home / "lineage"

    @property
    def alerts(self) -> Path:
        """Which open alerts the notifier was told."""
        return self.home / "alerts"

    @property
    def access_log(self) -> Path:
        """Who read what, one line an entry."""
        return self.home / "access" / "log.jsonl"

    @property
    def call_lists(self) -> Path:
        """Call lists with names and numbers, encrypted."""
        return self.home / "exports" / "call_lists"

    @property
    def layouts_folder(self) -> Path:
        """Column layouts of this chain, beside those that come with Regulars."""
        return self.home / "layouts"

    @property
    def airflow(self) -> Path:
        """AIRFLOW_HOME."""
        return self.home / "airflow"

    def today(self) -> date:
        """The chain's calendar date, for refusing dates to come; never for a result."""
        return datetime.now(ZoneInfo(self.timezone)).date()


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        RegularsError: a setting is unknown or out of range; names it and where it may stand.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors()
        )
        raise RegularsError(
            f"settings (REGULARS_* environment or {SETTINGS_FILE.name}): {problems}"
        ) from error


@contextmanager
def environment_set(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for the time of a block; then they are what they were before."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
