"""The only reader of the environment."""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an owner can set. Secrets are masked wherever they are printed."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    secret_key: SecretStr = Field(default=SecretStr(""), validation_alias="PRECEPTOR_SECRET_KEY")
    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET"
    )
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")
    port: int = Field(default=8421, validation_alias="PRECEPTOR_PORT", ge=0, le=65535)
    log: Literal["text", "json"] = Field(default="text", validation_alias="PRECEPTOR_LOG")
    local_help: str = Field(default="", validation_alias="PRECEPTOR_LOCAL_HELP", max_length=200)
    coordinators: str = Field(default="", validation_alias="PRECEPTOR_COORDINATORS")
    prompts_dir: Path | None = Field(default=None, validation_alias="PROMPTS_DIR")

    @field_validator("slack_api_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return url

    @property
    def data_folder(self) -> Path:
        """Where this user's data belongs."""
        return user_data_path("preceptor", appauthor=False)

    @property
    def url(self) -> str:
        """The database in use: the one that was set, or SQLite in the user's data folder."""
        return self.database_url or f"sqlite:///{self.data_folder / 'preceptor.db'}"

    @property
    def coordinating(self) -> frozenset[str]:
        """Who coordinates mentorship, by the platform's names for them."""
        return frozenset(self.coordinators.replace(",", " ").split())

    @property
    def has_slack(self) -> bool:
        """Tell whether Slack was configured at all."""
        return bool(self.slack_bot_token.get_secret_value())
