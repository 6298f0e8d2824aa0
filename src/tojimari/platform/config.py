"""Which settings does this installation have, and what is wrong with them?

Every setting comes from the environment, once, when the process starts. A name that nobody knows, a value that makes no
sense and a secret file that cannot be read are all reported together, so that an operator mends them in one go.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tojimari.platform.listed import Names, Networks
from tojimari.platform.own_hlr import OwnHost, own_hlr
from tojimari.platform.providers import OnlyByProvider, PaymentSecrets, Providers

PREFIX = "TOJIMARI_"
PLAIN = {"port": "PORT", "database_url": "DATABASE_URL"}
"""Fields that may also be set by the name that hosting platforms use for them."""

Port = Annotated[int, Field(ge=1, le=65535)]


def default_home() -> Path:
    """Where the data lies unless TOJIMARI_HOME says otherwise.

    Root's own home is closed to the unprivileged user that PostgreSQL runs as, so root gets /var/lib/tojimari.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/tojimari")
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "tojimari"


class Config(BaseSettings):
    """The settings of one installation. Each field is set by TOJIMARI_ and its name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    home: Path = Field(
        default_factory=default_home,
        description="Folder for everything Tojimari keeps: the embedded database, keys, the HLR of the demo.",
    )
    bind: str = Field("127.0.0.1", description="Address that the site listens on.")
    port: Port = Field(8000, description="Port that the site listens on.")
    database_url: SecretStr | None = Field(
        None,
        description="A PostgreSQL of your own, version 15 or later: postgresql://user:password@host:5432/name. "
        "Without it the embedded server is used.",
    )
    pool_size: Annotated[int, Field(ge=1, le=100)] = Field(
        8, description="Most database connections that one process of the site keeps open."
    )
    run_as: str = Field(
        "tojimari",
        description="System user that the embedded servers run as when Tojimari is started by root. "
        "Created if it is missing.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Key for sessions and links, at least 32 characters. "
        "Without it one is made and kept in the data folder.",
    )
    signing_key: SecretStr | None = Field(
        None,
        description="Private Ed25519 key as JSON (JWK) that certificates are signed with. "
        "Without it one is made and kept in the data folder.",
    )
    seal_certificate: str | None = Field(
        None,
        description="Certificate (PEM, with those above it) that PDFs of certificates are sealed with. "
        "Without it they bear no seal.",
    )
    seal_key: SecretStr | None = Field(
        None, description="Private key (PEM, without a password) of the certificate that PDFs are sealed with."
    )
    signer: Annotated[str, Field(pattern=r"^[\w.]+:\w+$")] | None = Field(
        None,
        description="Signer of your own, for a key that stays in its hardware: package.module:function. "
        "The function returns what signs certificates.",
    )
    tsa_url: Annotated[str, Field(pattern=r"^https?://")] | None = Field(
        None,
        description="Time stamping authority (RFC 3161) that stamps the root of each day. "
        "Needs TOJIMARI_TSA_CERTIFICATE.",
    )
    tsa_certificate: Path | None = Field(
        None,
        description="File (PEM) with the certificates of the time stamping authority and of who issued them: "
        "no other stamp is believed.",
    )
    debug: bool = Field(False, description="Show errors in full. Never on a machine that others can reach.")
    hosts: Names = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="Host names that the site answers to, with commas between them.",
    )
    csrf_origins: Names = Field(
        default=[],
        description="Origins such as https://tojimari.example that forms may come from when a proxy stands in front.",
    )
    https: bool = Field(
        False,
        description="The site is reached by HTTPS only: cookies are marked secure, browsers remember it, "
        "and X-Forwarded-Proto of the proxy in front is believed.",
    )
    proxies: Networks = Field(
        default=[],
        description="Addresses of the proxies in front, such as 127.0.0.1 or 10.0.0.0/24: whom they name in "
        "X-Forwarded-For is the visitor. Without it all visitors share the limits of one.",
    )
    demo: bool = Field(
        False,
        description="Load the demo carrier with staff whose password everybody knows, and show sent messages. "
        "`make run` switches it on. Never with real lines.",
    )
    files_alone: bool = Field(
        False,
        description="One person alone may end a file of lines (`tojimari terminate --alone`). Otherwise it takes two, "
        "except in a demonstration.",
    )
    procedures_dir: Path | None = Field(
        None, description="Folder with procedure files (TOML) of your carriers, read beside the three standard ones."
    )
    osmohlr_host: str | None = Field(
        None,
        description="Address of an OsmoHLR. Without it the one that `tojimari up` runs is used, and without that the "
        "network is simulated, and everything shown says so.",
    )
    osmohlr_own_host: OwnHost = "127.0.0.1"
    osmohlr_gsup_port: Port = Field(4222, description="GSUP port of the OsmoHLR.")
    osmohlr_vty_port: Port = Field(4258, description="VTY port of the OsmoHLR.")
    osmohlr_ctrl_port: Port = Field(4259, description="CTRL port of the OsmoHLR.")
    es2plus: Path | None = Field(
        None,
        description="File (TOML) with the profile servers (SM-DP+) of your carriers. Without it no eSIM profile is "
        "cancelled, and no notice of a profile is taken.",
    )
    elements: Path | None = Field(
        None,
        description="File (TOML) with the network elements of this installation: several of a kind, which lines each "
        "holds, and how fast it may be asked. Read when a process starts.",
    )
    reconcile: Path | None = Field(
        None,
        description="File (TOML) that says with what each carrier's books are compared every night, to find ghost "
        "lines. Without it nothing is compared by itself.",
    )
    smtp_host: str | None = Field(
        None, description="Mail server. Without it messages are kept in the database and shown on the demo page only."
    )
    smtp_port: Port = Field(587, description="Port of the mail server.")
    smtp_user: str | None = Field(None, description="Name to sign in to the mail server with.")
    smtp_password: SecretStr | None = Field(None, description="Password for the mail server.")
    smtp_starttls: bool = Field(
        True,
        description="Encrypt the connection to the mail server by STARTTLS. May be switched off for a mail server on "
        "the same machine only.",
    )
    smtp_sender: str = Field("Tojimari <no-reply@localhost>", description="Sender of every mail.")
    smtp_bounces: Annotated[str, Field(pattern=r"^[^@\s+]+@[^@\s]+$")] | None = Field(
        None,
        description="E-mail address that undeliverable mail comes back to, for example bounce@tabi.example. The mail "
        "server hands mail to bounce+...@tabi.example to `tojimari messages bounce`. Without it the sender gets it.",
    )
    smtp_rate: Annotated[float, Field(gt=0, le=10_000)] = Field(
        20, description="Most mails in a second that one worker hands over."
    )
    dkim_domain: str | None = Field(None, description="Domain that mails are signed for (DKIM): the sender's.")
    dkim_selector: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")] = Field(
        "tojimari", description="Name under which the public key stands in the DNS: <name>._domainkey.<domain>."
    )
    dkim_key: SecretStr | None = Field(
        None, description="Private RSA key as PEM, 2048 bits or more, that mails are signed with. Without it none is."
    )
    smpp_host: str | None = Field(None, description="SMS gateway that speaks SMPP 3.4. Without it no SMS is sent.")
    smpp_port: Port = Field(2775, description="Port of the SMS gateway.")
    smpp_system_id: Annotated[str, Field(max_length=15)] = Field(
        "", description="Name to sign in to the SMS gateway with, at most 15 characters."
    )
    smpp_password: Annotated[SecretStr, Field(max_length=8)] | None = Field(
        None, description="Password for the SMS gateway, at most 8 characters (so the standard has it)."
    )
    smpp_system_type: Annotated[str, Field(max_length=12)] = Field(
        "", description="System type, where the operator of the SMS gateway names one."
    )
    smpp_tls: bool = Field(False, description="Encrypt the connection to the SMS gateway by TLS, and check its name.")
    smpp_sender: Annotated[str, Field(pattern=r"^(\+?[0-9]{1,20}|[A-Za-z0-9][A-Za-z0-9 ]{0,10})$")] = Field(
        "Tojimari",
        description="Sender of every SMS: a number with +, a short code, or a name of at most 11 letters and digits.",
    )
    smpp_long: Literal["parts", "payload"] = Field(
        "parts",
        description="How a text goes out that needs several SMS: cut by us (parts), or whole, to be cut by the gateway "
        "(payload).",
    )
    smpp_rate: Annotated[float, Field(gt=0, le=10_000)] = Field(
        10, description="Most SMS in a second that one worker hands over."
    )
    smpp_window: Annotated[int, Field(ge=1, le=100)] = Field(
        10, description="Most SMS that wait for the gateway's answer at the same time."
    )
    corrections_to: str | None = Field(
        None, description="E-mail address to which people send corrections of the directory of carriers."
    )
    oidc: Providers = Field(
        default={},
        description="Identity providers of carriers (OpenID Connect) that staff may sign in by, as TOML: one table for "
        "each carrier.",
        json_schema_extra={"secret": True},
    )
    sso_only: OnlyByProvider = Field(
        {},
        description="Carriers whose staff sign in by their provider alone: tabi=account-for-emergencies@tabi.example.",
    )
    payment_secrets: PaymentSecrets = Field(
        default={},
        description="Secrets of carriers' payment providers, as TOML: for each carrier a list of `whsec_` and base64, "
        "the new one beside the old one while they are changed.",
        json_schema_extra={"secret": True},
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least weight that is logged.")

    @field_validator("home", "procedures_dir", "tsa_certificate", "es2plus", "elements", "reconcile")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else Path(os.path.abspath(value.expanduser()))

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("is shorter than 32 characters; make one with: openssl rand -hex 32")
        return value

    @field_validator("smtp_starttls")
    @classmethod
    def _encrypted_unless_here(cls, value: bool, info: ValidationInfo) -> bool:
        host = info.data.get("smtp_host")
        if not value and host and host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError(
                "mail would cross the network for everybody to read; only a mail server here may do without"
            )
        return value

    @field_validator("dkim_key")
    @classmethod
    def _rsa_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            return None
        if not info.data.get("dkim_domain"):
            raise ValueError("signs for no domain; set TOJIMARI_DKIM_DOMAIN as well")
        try:
            key = load_pem_private_key(value.get_secret_value().encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ValueError("is no private key as PEM without a password") from None
        if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
            raise ValueError("is no RSA key of 2048 bits or more; make one with: openssl genrsa 2048")
        return value

    @field_validator("database_url")
    @classmethod
    def _readable_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            parts = conninfo_to_dict(value.get_secret_value())
        except ProgrammingError:
            # The driver's own message repeats the whole address, password included.
            raise ValueError("is no address of PostgreSQL; write postgresql://user:password@host:5432/name") from None
        if not parts.get("dbname"):
            raise ValueError("names no database; write it last: postgresql://user:password@host:5432/name")
        return value

    @property
    def network(self) -> Literal["osmohlr", "simulated"]:
        """Which network carriers without elements of their own are connected to."""
        return "osmohlr" if self.osmohlr_host else "simulated"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The caller has read the environment already (see `read`): a second source could only disagree with it."""
        return (init_settings,)


class ConfigError(Exception):
    """The settings cannot be used. The message lists every problem: what, where, and how to mend it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  - {problem}" for problem in problems))


def name_of(field: str) -> str:
    """The environment variable that sets `field`, as a person should write it."""
    return PLAIN.get(field, PREFIX + field.upper())


def fields() -> Mapping[str, FieldInfo]:
    """Every setting with its description and default: what the documentation and `tojimari doctor` list."""
    return Config.model_fields


def is_secret(field: str) -> bool:
    """Whether the value of `field` must never be shown."""
    about = Config.model_fields[field]
    extra = about.json_schema_extra
    return "SecretStr" in str(about.annotation) or (isinstance(extra, dict) and bool(extra.get("secret")))


def _known_names() -> dict[str, str]:
    names = {PREFIX + field.upper(): field for field in Config.model_fields}
    names.update({plain: field for field, plain in PLAIN.items()})
    return names


def _collect(environ: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """Values by field, from NAME and NAME_FILE; TOJIMARI_PORT wins over PORT because it is the more exact name."""
    values: dict[str, str] = {}
    known = _known_names()
    for name in sorted(environ, key=lambda name: (name.startswith(PREFIX), name)):
        plain, from_file = (name[:-5], True) if name.endswith("_FILE") and name[:-5] in known else (name, False)
        if plain not in known:
            if name.startswith(PREFIX):
                problems.append(f"{name}: there is no such setting. `tojimari doctor` lists the ones there are.")
            continue
        if from_file and environ.get(plain):
            problems.append(f"{name}: {plain} is set as well. Keep one of the two.")
            continue
        value = environ[name]
        if from_file:
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
                problems.append(f"{name}: the file {value} cannot be read ({reason}). Mend its path or its rights.")
                continue
        # An empty value is how shells and compose files write "not set".
        if value != "":
            values[known[plain]] = value
    return values


def _in_words(error: Any, values: Mapping[str, str]) -> str:
    field = str(error["loc"][0])
    # `msg` repeats no input; the value itself is shown only where it is not a secret.
    text = str(error["msg"]).removeprefix("Value error, ")
    shown = "" if is_secret(field) else f" (it is {values.get(field, '')!r})"
    about = Config.model_fields[field].description or ""
    within = "".join(f" {part}" for part in error["loc"][1:])
    return f"{name_of(field)}{within and f',{within}'}: {text}{shown}. {about}"


def read(environ: Mapping[str, str]) -> Config:
    """Read the settings from `environ`. Raises `ConfigError` with every problem at once."""
    problems: list[str] = []
    values = _collect(environ, problems)
    try:
        config = Config(**values)  # type: ignore[arg-type]  # strings from the environment: pydantic converts and checks
    except ValidationError as error:
        problems += [_in_words(one, values) for one in error.errors(include_url=False, include_context=False)]
        raise ConfigError(problems) from None
    if problems:
        raise ConfigError(problems)
    if config.osmohlr_host is None:
        return config.model_copy(update={"osmohlr_host": own_hlr(config.home)})
    return config


@lru_cache(maxsize=1)
def config() -> Config:
    """The settings of this process, read on first use. Ends the process with exit code 2 if they cannot be used."""
    try:
        return read(os.environ)
    except ConfigError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
