"""Requests to erase somebody that wait in the home until the DAG ``erase_person`` comes by.

A request is a file ``<home>/requests/<number>.request``: whom to erase, encrypted under a key of
the ring, so that neither a parameter of a run nor a folder listing tells who asked. It goes once
the certificate stands.
"""

import json
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.errors import RegularsError
from regulars.privacy.erasure import NobodyKnownError, Records
from regulars.privacy.keys import KeyRing, load_keys, open_sealed, seal
from regulars.settings import Settings

log = logging.getLogger(__name__)

_SUFFIX = ".request"
_BOUND = b"regulars/request"


def leave_request(settings: Settings, subject: str) -> str:
    """Seal a request to erase the person with this number, phone or mail; its number."""
    cipher = _cipher(load_keys(settings))
    number = secrets.token_hex(8)
    path = settings.home / "requests" / f"{number}{_SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_suffix(".aside")
    aside.write_bytes(seal(cipher, json.dumps({"subject": subject}).encode(), _BOUND))
    aside.replace(path)
    return number


def answer_requests(settings: Settings, rebuild: Callable[[], None]) -> dict[str, Any]:
    """Erase everybody whose request waits, one after the other.

    Args:
        settings: the home.
        rebuild: as ``Records.erase``.

    Returns:
        JSON-able and without anything of a person: ``certificates``, their numbers; ``unproved``,
        those whose proof names files that still hold the person; ``unknown``, how many requests
        named somebody of whom nothing is held.

    Raises:
        RegularsError: a request cannot be opened, or an erasure failed; its request stays.
    """
    cipher = _cipher(load_keys(settings))
    certificates, unproved, unknown = [], [], 0
    for path in sorted((settings.home / "requests").glob(f"*{_SUFFIX}")):
        subject = _opened(path, cipher)
        try:
            certificate = Records(settings).erase(subject, rebuild)
        except NobodyKnownError:
            # Erased already, by another request or by a run that was cut off before it was removed.
            log.warning("request %s: nobody is known by what it names", path.stem)
            unknown += 1
        else:
            certificates.append(certificate["certificate"])
            if not certificate["proof"]["is_absent"]:
                unproved.append(certificate["certificate"])
        path.unlink()
    return {"certificates": certificates, "unproved": unproved, "unknown": unknown}


def _cipher(ring: KeyRing) -> AESGCM:
    return AESGCM(ring.derived("index", "requests"))


def _opened(path: Path, cipher: AESGCM) -> str:
    try:
        return json.loads(open_sealed(cipher, path.read_bytes(), _BOUND))["subject"]
    except RegularsError:
        raise RegularsError(
            f"request {path.stem} cannot be opened: it was changed or sealed with other keys;"
            " remove it and leave it anew with `make request-erasure`"
        ) from None
