"""The certificate of the OPC UA server, made where there is none."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from asyncua.crypto.cert_gen import (
    dump_private_key_as_pem,
    generate_private_key,
    generate_self_signed_app_certificate,
)
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from anomaly_gui.station.files import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

DAYS = 3650


def make_certificate(certificate_file: Path, key_file: Path, uri: str) -> None:
    """Make a key that only its owner can read, and a certificate signed by itself: clients trust it once."""
    for path in (certificate_file, key_file):
        path.parent.mkdir(parents=True, exist_ok=True)
    key = generate_private_key()
    names: list[x509.GeneralName] = [
        x509.UniformResourceIdentifier(uri),
        x509.DNSName(socket.gethostname()),
    ]
    certificate = generate_self_signed_app_certificate(
        key, "Anomaly GUI", {}, names, [ExtendedKeyUsageOID.SERVER_AUTH], DAYS
    )
    _write_private(key_file, dump_private_key_as_pem(key))
    _write_private(certificate_file, certificate.public_bytes(Encoding.DER))


def _write_private(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(number)
    part.replace(path)
    sync_folder(path.parent)
