"""The settings of the doors, read once at start."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limits import RateLimitItem, parse
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from channels import AccountsWrong, read_webhooks
from desk.assist.check_rules import SHIPPED as RULES
from desk.assist.form import DISPOSITIONS, FORM

_RATES = (
    "rate_messages",
    "rate_sessions",
    "rate_rest",
    "rate_pictures",
    "rate_pictures_from",
    "rate_sign_in",
    "rate_polls",
)


class DoorSettings(BaseSettings):
    """Read from environment variables of the same names in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    redis_url: str | None = None
    namespace: str = "zb"
    knowledge_url: str = "http://127.0.0.1:8090"
    secret_key: SecretStr | None = None
    site_secret: SecretStr | None = None
    log_format: Literal["json", "console"] | None = None
    allowed_origins: str = Field(default="*", description="origins, with commas, whose pages may carry the widget")
    frame_ancestors: str = Field(default="'self'", description="origins, separated by spaces, that may frame /desk")
    rest_api_keys: SecretStr = Field(default=SecretStr(""), description="name:key,name:key for the REST door")
    webhooks: SecretStr = Field(default=SecretStr(""), description="account:url:secret,... or a YAML file")
    session_days: int = Field(default=30, ge=1)
    rate_messages: str = Field(default="20 per 10 second", description="per session or sender")
    rate_sessions: str = Field(default="30 per minute", description="per IP address")
    rate_rest: str = Field(default="60 per 10 second", description="per IP address, or API key, at the REST door")
    rate_pictures: str = Field(default="10 per minute", description="per session")
    rate_pictures_from: str = Field(default="30 per minute", description="per IP address")
    rate_sign_in: str = Field(default="20 per minute", description="per IP address")
    rate_polls: str = Field(default="60 per 10 second", description="per session")
    rest_wait_seconds: float = Field(default=10.0, gt=0)
    request_limit: int = Field(default=2_000, description="customers' requests that one process lets wait at a time")
    leave_seconds: float = Field(default=0.0, ge=0, description="for which /readyz says no before the doors close")
    socket_limit: int = Field(default=20_000, description="sockets that one process holds at most")
    office_url: str = "http://127.0.0.1:8095"
    timezone: ZoneInfo = Field(default=ZoneInfo("Asia/Shanghai"), description="in which promises to customers are read")
    assist_rules: Path = Field(default=RULES, description="what drafts of agents are checked against")
    assist_form: Path = Field(default=FORM, description="the contact form")
    assist_dispositions: Path = Field(default=DISPOSITIONS, description="what became of a case")
    assist_llm_url: str | None = Field(default=None, description="OpenAI-compatible, http://host:port/v1")
    assist_llm_model: str = "default"
    assist_llm_key: SecretStr | None = None
    learn_after_hours: int = Field(default=72, ge=1, description="after closing, if the customer does not come back")
    web_directory: Path = Path(__file__).parents[2] / "web"

    @field_validator(*_RATES)
    @classmethod
    def _readable_rate(cls, value: str) -> str:
        parse(value)
        return value

    @field_validator("timezone", mode="before")
    @classmethod
    def _known_place(cls, value: object) -> ZoneInfo:
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value) or "Asia/Shanghai")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("expected a name such as Asia/Shanghai") from None

    @field_validator("webhooks")
    @classmethod
    def _readable_accounts(cls, value: SecretStr) -> SecretStr:
        try:
            read_webhooks(value.get_secret_value())
        except AccountsWrong as error:
            raise ValueError(str(error).removeprefix("WEBHOOKS: ")) from None
        return value

    @property
    def origins(self) -> list[str]:
        return [origin.strip() for origin in self.allowed_origins.split(",") if origin.strip()]

    @property
    def api_keys(self) -> dict[str, str]:
        """The name of each API key's owner, by key."""
        pairs = [pair.split(":", 1) for pair in self.rest_api_keys.get_secret_value().split(",") if ":" in pair]
        return {key.strip(): name.strip() for name, key in pairs if key.strip()}

    def rate(self, name: str) -> RateLimitItem:
        return parse(getattr(self, f"rate_{name}"))
