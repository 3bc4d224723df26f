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
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from anomaly_gui.language import translate
from anomaly_gui.station.files import sync_folder
from anomaly_gui.station.outputs.output import OutputError

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
    key_part = _write_private_part(key_file, dump_private_key_as_pem(key))
    certificate_part = _write_private_part(certificate_file, certificate.public_bytes(Encoding.DER))
    key_part.replace(key_file)
    try:
        certificate_part.replace(certificate_file)
    except OSError:
        key_file.unlink()  # a station does not start with one of both
        raise
    for path in (certificate_file, key_file):
        sync_folder(path.parent)


def check_certificate(certificate_file: Path, key_file: Path) -> None:
    """Raise OutputError where the server cannot use the certificate or its key; OSError where one is gone."""
    try:
        x509.load_der_x509_certificate(certificate_file.read_bytes())
    except ValueError as error:
        raise OutputError(translate("{path} is no certificate in DER.", path=certificate_file)) from error
    try:
        load_pem_private_key(key_file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it has a password
        raise OutputError(translate("{path} is no key in PEM without a password.", path=key_file)) from error


def _write_private_part(path: Path, data: bytes) -> Path:
    """Write what only its owner can read, under a name of its own yet."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(number)
    return part
