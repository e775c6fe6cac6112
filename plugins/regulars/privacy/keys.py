"""The master key and the key ring that it wraps.

One master key, from outside, wraps a few data keys in ``<home>/keys/ring.json``: the token key, the
index key of the vault, the vault key that wraps the keys of the persons, and the archive key, each
with versions. Rotating the master key wraps the ring anew; tokens and joins stay as they are.
"""

import base64
import binascii
import fcntl
import hmac
import json
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from regulars.errors import RegularsError
from regulars.settings import Settings

log = logging.getLogger(__name__)

KEY_BYTES = 32
NONCE_BYTES = 12
RING = "ring.json"
MASTER = "master.key"
MASTER_ENVIRONMENT = "REGULARS_MASTER_KEY"
# What each data key is for; a key of one purpose never serves another.
PURPOSES = ("token", "index", "vault", "archive")
_FORMAT = 1


@dataclass(frozen=True)
class KeyRing:
    """The data keys, by purpose and version from 1; the highest version is the one in use."""

    keys: dict[tuple[str, int], bytes] = field(repr=False)

    def version(self, purpose: str) -> int:
        """The version in use."""
        return max(version for name, version in self.keys if name == purpose)

    def key(self, purpose: str, version: int | None = None) -> bytes:
        """A data key of 32 bytes.

        Raises:
            RegularsError: the ring has no such version.
        """
        version = version or self.version(purpose)
        if (purpose, version) not in self.keys:
            raise RegularsError(
                f"the key ring has no {purpose} key of version {version}; restore the ring that was"
                " in use when this was written"
            )
        return self.keys[purpose, version]

    def derived(self, purpose: str, domain: str) -> bytes:
        """A key of its own for one use of a data key."""
        return derive(self.key(purpose), domain)

    def with_new(self, purpose: str) -> "KeyRing":
        """The ring with a fresh key in use for ``purpose``; the former versions stay."""
        new = (purpose, self.version(purpose) + 1)
        return KeyRing(self.keys | {new: secrets.token_bytes(KEY_BYTES)})

    def without_old(self, purpose: str) -> "KeyRing":
        """The ring without former versions of ``purpose``: what they wrapped cannot be opened."""
        newest = self.version(purpose)
        return KeyRing({k: v for k, v in self.keys.items() if k[0] != purpose or k[1] == newest})


def load_keys(settings: Settings) -> KeyRing:
    """The key ring, opened with the master key; both are made on first use outside production.

    Raises:
        RegularsError: the master key is missing, malformed or not the one of the ring; the ring is
            lost, truncated or was tampered with.
    """
    path = settings.keys / RING
    if not path.exists():
        _check_nothing_is_sealed(settings)
        with _changing(settings):
            if not path.exists():
                master = _master(settings, may_generate=True)
                ring = KeyRing({(p, 1): secrets.token_bytes(KEY_BYTES) for p in PURPOSES})
                _write(path, _sealed(ring, master))
    master = _master(settings, may_generate=False)
    try:
        return _opened(path, master)
    except WrongMasterKeyError:
        # A rotation that was cut off after the ring was written: its master key waits beside it.
        aside = settings.keys / f"{MASTER}.new"
        if not _is_generated(settings) or not aside.exists():
            raise
        ring = _opened(path, _decoded(aside.read_text("ascii"), str(aside)))
        os.replace(aside, settings.keys / MASTER)
        return ring


class WrongMasterKeyError(RegularsError):
    """The master key is a valid key but not the one that wrapped the ring."""


def new_master_key() -> str:
    """A fresh master key as it is written in an environment variable, a file or a connection."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def rotate_master_key(settings: Settings, new: str | None = None) -> None:
    """Wrap the ring with another master key; tokens, vault and archive are untouched.

    Args:
        settings: where the ring lies and where its master key comes from now.
        new: the new key in base64. None makes one, and is only for a key that was generated here.
            A key of your own takes the place of the former one after this, outside Regulars.

    Raises:
        RegularsError: as ``load_keys``, or ``new`` is missing or malformed.
    """
    ring = load_keys(settings)
    generated = _is_generated(settings)
    if new is None and not generated:
        raise RegularsError("give the new master key: the one in use was not generated here")
    text = new or new_master_key()
    master = _decoded(text, "the new master key")
    with _changing(settings):
        if generated:
            _write(settings.keys / f"{MASTER}.new", text.encode("ascii"))
        save_ring(settings, ring, master)
        if generated:
            os.replace(settings.keys / f"{MASTER}.new", settings.keys / MASTER)


def save_ring(settings: Settings, ring: KeyRing, master: bytes | None = None) -> None:
    """Put a changed ring in the place of the former one, whole or not at all."""
    master = master or _master(settings, may_generate=False)
    _write(settings.keys / RING, _sealed(ring, master))


def _master(settings: Settings, may_generate: bool) -> bytes:
    places = {
        MASTER_ENVIRONMENT: os.environ.get(MASTER_ENVIRONMENT),
        "master_key_file": settings.master_key_file,
        "master_key_connection": settings.master_key_connection,
    }
    named = {name: value for name, value in places.items() if value}
    if len(named) > 1:
        raise RegularsError(f"the master key is named in {' and '.join(named)}; keep one of them")
    if named.get(MASTER_ENVIRONMENT):
        return _decoded(
            os.environ[MASTER_ENVIRONMENT], f"environment variable {MASTER_ENVIRONMENT}"
        )
    if settings.master_key_file:
        return _from_file(settings.master_key_file, settings.production)
    if settings.master_key_connection:
        return _from_airflow(settings.master_key_connection)
    if settings.production:
        raise RegularsError(
            "production mode and no master key: set REGULARS_MASTER_KEY, master_key_file or"
            " master_key_connection (docs/adr/0010-tokens-and-vault.md says how to make one)"
        )
    path = settings.keys / MASTER
    if not path.exists():
        if not may_generate:
            raise RegularsError(
                f"the master key {path} is lost; put it back from where you keep it. Without it the"
                " vault and the archive cannot be opened; nothing was changed"
            )
        _write(path, new_master_key().encode("ascii"))
        log.warning(
            "NO MASTER KEY WAS GIVEN: one was generated in %s. Whoever can read this file can read"
            " every name and phone number. Good for a trial; for real people set production = true"
            " and keep the master key elsewhere (docs/adr/0010-tokens-and-vault.md).",
            path,
        )
    return _decoded(path.read_text("ascii"), str(path))


def _is_generated(settings: Settings) -> bool:
    elsewhere = (
        os.environ.get(MASTER_ENVIRONMENT),
        settings.master_key_file,
        settings.master_key_connection,
    )
    return not any(elsewhere)


def _from_file(path: Path, production: bool) -> bytes:
    try:
        text = path.read_text("ascii")
        mode = path.stat().st_mode
    except OSError as error:
        raise RegularsError(f"the master key file {path} cannot be read: {error}") from None
    except UnicodeDecodeError:
        raise RegularsError(f"the master key file {path} cannot be read: it is no text") from None
    if production and mode & 0o007:
        raise RegularsError(f"everybody can read the master key file {path}; chmod it to 0400")
    return _decoded(text, f"file {path}")


def _from_airflow(name: str) -> bytes:
    from airflow.sdk.bases.hook import BaseHook

    try:
        password = BaseHook.get_connection(name).password
    except Exception as error:
        # Secrets backends raise what they like, and their messages may hold what they looked up.
        raise RegularsError(
            f"the Airflow connection {name} with the master key cannot be read"
            f" ({type(error).__name__})"
        ) from None
    return _decoded(password or "", f"password of the Airflow connection {name}")


def _decoded(text: str, place: str) -> bytes:
    """The key of a base64 text; no message holds any of it."""
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise RegularsError(f"{place} is no master key: 32 bytes in base64 (44 characters) wanted")
    return key


def _check_nothing_is_sealed(settings: Settings) -> None:
    """A new ring beside data of an old one would be a silent loss."""
    for folder in (settings.vault, settings.archive):
        if any(folder.rglob("*.parquet")) or any(folder.rglob("*.sealed")):
            raise RegularsError(
                f"the key ring {settings.keys / RING} is lost while {folder} holds what it sealed;"
                " put it back from its backup. Nothing was changed"
            )


def _sealed(ring: KeyRing, master: bytes) -> bytes:
    wrap = AESGCM(derive(master, "ring"))
    held = {
        "format": _FORMAT,
        "master": _fingerprint(master),
        "keys": [
            {
                "purpose": purpose,
                "version": version,
                "wrapped": base64.b64encode(
                    seal(wrap, key, f"{purpose}|{version}".encode())
                ).decode("ascii"),
            }
            for (purpose, version), key in sorted(ring.keys.items())
        ],
    }
    return json.dumps(held | {"seal": _seal_of(held, master)}, indent=2).encode() + b"\n"


def _opened(path: Path, master: bytes) -> KeyRing:
    try:
        held = json.loads(path.read_bytes())
        stated, seal_found = held["master"], held.pop("seal")
        rows = [(k["purpose"], k["version"], base64.b64decode(k["wrapped"])) for k in held["keys"]]
        if held["format"] != _FORMAT:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise RegularsError(
            f"the key ring {path} is truncated or no key ring; put it back from its backup"
        ) from None
    if stated != _fingerprint(master):
        raise WrongMasterKeyError(
            f"the master key (fingerprint {_fingerprint(master)}) is not the one that wrapped"
            f" {path} (fingerprint {stated}); give the right one. Nothing was changed"
        )
    if not hmac.compare_digest(str(seal_found), _seal_of(held, master)):
        raise RegularsError(f"the key ring {path} was changed by hand; put it back from its backup")
    wrap = AESGCM(derive(master, "ring"))
    return KeyRing(
        {(p, v): open_sealed(wrap, wrapped, f"{p}|{v}".encode()) for p, v, wrapped in rows}
    )


def _seal_of(held: dict, master: bytes) -> str:
    """What shows that an entry was added, changed or taken away."""
    text = json.dumps(held, sort_keys=True).encode()
    return hmac.digest(derive(master, "seal of the ring"), text, "sha256").hex()


def _fingerprint(master: bytes) -> str:
    """Tells master keys apart without telling anything about them."""
    return derive(master, "fingerprint").hex()[:16]


def derive(key: bytes, domain: str) -> bytes:
    """A key of 32 bytes for one use of ``key`` (HKDF-SHA-256)."""
    info = f"regulars/{domain}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def seal(cipher: AESGCM, clear: bytes, bound_to: bytes) -> bytes:
    """Nonce and AES-256-GCM ciphertext of ``clear``, valid only together with ``bound_to``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, clear, bound_to)


def open_sealed(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """What was sealed.

    Raises:
        RegularsError: another key, another place, or changed by hand.
    """
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):
        raise RegularsError(
            "what was sealed cannot be opened: it was changed, moved, or sealed with another key"
        ) from None


@contextmanager
def _changing(settings: Settings) -> Iterator[None]:
    _folder(settings.keys)
    with (settings.keys / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _write(path: Path, content: bytes) -> None:
    """Write a file that only this user can read, and let it appear whole."""
    aside = _folder(path.parent) / f".{path.name}.{os.getpid()}"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
