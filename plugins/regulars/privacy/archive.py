"""Landed files after their load: sealed into the archive, deleted, or left where they lie.

A sealed file is a header and chunks of one MiB, each encrypted with AES-256-GCM under a key of the
file (HKDF of the archive key and a salt). The nonce of a chunk is its number and whether it is the
last (the STREAM construction), and the header is bound to every chunk: chunks cannot be swapped,
dropped or cut off without notice, and no more than a chunk is held in memory.
"""

import json
import os
import secrets
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from regulars.errors import RegularsError
from regulars.feeds.delivery import Delivered, manifest_path
from regulars.privacy.keys import KEY_BYTES, KeyRing
from regulars.privacy.vault import file_hash, sync_folder
from regulars.settings import Settings

SUFFIX = ".sealed"
_MAGIC = b"RGLS\x01"
_CHUNK = 1 << 20
_TAG = 16


@dataclass(frozen=True)
class Sealed:
    """What the header of a sealed file says; ``sha256`` is that of the clear content."""

    file_path: str  # relative to the landing folder
    sha256: str
    bytes: int
    key_version: int
    salt: str


class Archive:
    """The archive of a home."""

    def __init__(self, settings: Settings, ring: KeyRing):
        self.settings = settings
        self.ring = ring
        self.root = settings.archive

    def settle(
        self,
        delivered: Delivered,
        clean: Callable[[Path], int] | None = None,
        remove: Callable[[Path], None] = Path.unlink,
    ) -> Path | None:
        """Do with a loaded file and its manifest what the setting ``landed_files`` says.

        ``clean`` takes out of a copy of the file, in place, what may not be kept of it; ``remove``
        takes a file out of the landing folder, and out of where that has it from.

        A file that is gone is settled already; one that changed since its load is a new delivery
        and stays.

        Returns:
            The sealed file, None if there is none.
        """
        landed = self.settings.landing / delivered.path
        if self.settings.landed_files == "kept" or not landed.exists():
            return None
        if delivered.mtime_ns != landed.stat().st_mtime_ns:
            return None
        sealed = None
        for path in (manifest_path(self.settings.landing, delivered), landed):
            if path is not None:
                if self.settings.landed_files == "sealed":
                    sealed = self.seal(path)
                    if clean is not None:
                        sealed = self._cleaned(sealed, clean)
                remove(path)
        sync_folder(landed.parent)
        return sealed

    def seal(self, path: Path, name: str | None = None) -> Path:
        """Write the sealed copy of a file and read it back; the file itself stays.

        Args:
            path: the clear file.
            name: under which it is kept, relative to the landing folder; None for its own.
        """
        name = name or path.relative_to(self.settings.landing).as_posix()
        digest = file_hash(path)
        header = Sealed(
            name, digest, path.stat().st_size, self.ring.version("archive"), secrets.token_hex(16)
        )
        # A file of the same name and other content is another file.
        target = self.root / f"{name}.{digest[:12]}{SUFFIX}"
        if target.exists():
            return target
        with path.open("rb") as clear:
            self._write(target, header, clear)
        return target

    def files(self) -> list[Path]:
        """Every sealed file."""
        return sorted(self.root.rglob(f"*{SUFFIX}"))

    def describe(self, path: Path) -> Sealed:
        """The header of a sealed file."""
        with path.open("rb") as stream:
            return _header(stream, path)[0]

    def read(self, path: Path) -> Iterator[bytes]:
        """The clear content, chunk by chunk.

        Raises:
            RegularsError: truncated, changed, or sealed with another key; raised at that chunk.
        """
        with path.open("rb") as stream:
            header, bound = _header(stream, path)
            cipher = self._cipher(header)
            number, block = 0, stream.read(_CHUNK + _TAG)
            while True:
                following = stream.read(_CHUNK + _TAG)
                try:
                    yield cipher.decrypt(_nonce(number, not following), block, bound)
                except InvalidTag:
                    raise RegularsError(
                        f"{path} is truncated, was changed or is sealed with another key"
                    ) from None
                if not following:
                    return
                number, block = number + 1, following

    @contextmanager
    def opened(self, path: Path) -> Iterator[Path]:
        """A clear copy for the length of the block, readable by this user alone."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self.root, prefix=".opened-") as folder:
            clear = Path(folder) / Path(self.describe(path).file_path).name
            with clear.open("wb") as stream:
                for chunk in self.read(path):
                    stream.write(chunk)
            yield clear

    def restore(self, path: Path) -> Path:
        """Put a sealed file back into the landing folder, as it was delivered."""
        header = self.describe(path)
        target = self.settings.landing / header.file_path
        with self.opened(path) as clear:
            if file_hash(clear) != header.sha256:
                raise RegularsError(f"{path} does not hold what its header states")
            target.parent.mkdir(parents=True, exist_ok=True)
            # The landing folder may be another file system.
            aside = target.with_name(".restored")
            shutil.copyfile(clear, aside)
            os.replace(aside, target)
        return target

    def replace(self, path: Path, clear: Path) -> Path:
        """Seal ``clear`` in the place of ``path``: the same name, other content."""
        sealed = self.seal(clear, self.describe(path).file_path)
        if sealed != path:
            path.unlink()
            sync_folder(path.parent)
        return sealed

    def _cleaned(self, path: Path, clean: Callable[[Path], int]) -> Path:
        with self.opened(path) as clear:
            return self.replace(path, clear) if clean(clear) else path

    def _write(self, target: Path, header: Sealed, clear: BinaryIO) -> None:
        bound = _MAGIC + json.dumps(asdict(header), ensure_ascii=False).encode()
        cipher = self._cipher(header)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(struct.pack(">I", len(bound)) + bound)
                number, block = 0, clear.read(_CHUNK)
                while True:
                    following = clear.read(_CHUNK)
                    stream.write(cipher.encrypt(_nonce(number, not following), block, bound))
                    if not following:
                        break
                    number, block = number + 1, following
                stream.flush()
                os.fsync(stream.fileno())
            # The clear file goes once this one stands, so it must open.
            digest = sha256()
            for chunk in self.read(aside):
                digest.update(chunk)
            if digest.hexdigest() != header.sha256:
                raise RegularsError(f"{header.file_path} changed while it was sealed; run again")
            os.replace(aside, target)
            sync_folder(target.parent)
        finally:
            aside.unlink(missing_ok=True)

    def _cipher(self, header: Sealed) -> AESGCM:
        key = self.ring.key("archive", header.key_version)
        info = f"regulars/archive/{header.file_path}".encode()
        salt = bytes.fromhex(header.salt)
        return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key))


def _header(stream: BinaryIO, path: Path) -> tuple[Sealed, bytes]:
    try:
        (length,) = struct.unpack(">I", stream.read(4))
        bound = stream.read(min(length, _CHUNK))
        if not bound.startswith(_MAGIC):
            raise ValueError
        return Sealed(**json.loads(bound.removeprefix(_MAGIC))), bound
    except (struct.error, ValueError, TypeError):
        raise RegularsError(f"{path} is truncated or no file of the archive") from None


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
