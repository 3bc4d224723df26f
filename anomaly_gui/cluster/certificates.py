"""Certificates of a cluster's own: who has one may use it and work for it, and nobody else."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.runtimes.protocol import is_installed
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from distributed import Security

VARIABLE = "ANOMALY_GUI_CERTIFICATES"
"""Environment variable with the folder of the certificates, where nothing else names it."""

_AUTHORITY, _CERTIFICATE, _KEY = "authority.pem", "member.pem", "member-key.pem"
_DAYS = 825  # the longest that systems accept of certificates
_SKEW = datetime.timedelta(hours=1)  # clocks of machines differ


@dataclass(frozen=True)
class Certificates:
    """A cluster's certificates, the same for scheduler, workers and users.

    Parameters
    ----------
    folder : where they are
    days : how long they hold from when they are made
    """

    folder: Path
    days: int = _DAYS

    def make_security(self) -> Security:
        """Return them as Dask wants them: both sides show one, and nothing goes unencrypted."""
        from distributed import Security

        paths = {name: str(self.folder / name) for name in (_AUTHORITY, _CERTIFICATE, _KEY)}
        roles: dict[str, Any] = {}
        for role in ("client", "scheduler", "worker"):
            roles |= {f"tls_{role}_cert": paths[_CERTIFICATE], f"tls_{role}_key": paths[_KEY]}
        return Security(tls_ca_file=paths[_AUTHORITY], require_encryption=True, **roles)


def find_certificates(folder: Path | None) -> Certificates:
    """Return the certificates in a folder, or in that of the environment variable `VARIABLE`.

    Raises
    ------
    UserError : no folder is named, or something is missing in it
    """
    named = folder or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is None:
        raise UserError(
            translate(
                "tls:// needs certificates: name their folder with --certificates, or in {variable}.",
                variable=VARIABLE,
            )
        )
    for name in (_AUTHORITY, _CERTIFICATE, _KEY):
        if not (named / name).is_file():
            raise UserError(
                translate(
                    "{folder} lacks {name}: make certificates with `anomaly-gui cluster certificates`, and "
                    "copy the folder whole.",
                    folder=named,
                    name=name,
                )
            )
    return Certificates(named)


def make_certificates(folder: Path) -> Certificates:
    """Make an authority and one certificate that scheduler, workers and users share.

    The authority's own key is thrown away: nobody can make further ones, not even with this folder.

    Raises
    ------
    UserError : cryptography is not installed, the folder cannot be written, or holds certificates already
    """
    if not is_installed("cryptography"):
        raise UserError(
            translate('Certificates need cryptography: install it with `pip install "anomaly-gui[cluster]"`.')
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in _make_files().items():
            _write_new(folder / name, content)
    except FileExistsError as error:
        raise UserError(
            translate("{folder} holds certificates already: choose another folder.", folder=folder)
        ) from error
    except OSError as error:
        raise UserError(
            translate(
                "{path} cannot be written ({why}): choose another place.",
                path=folder,
                why=explain_os_error(error),
            )
        ) from error
    return Certificates(folder)


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, which only its owner may read."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(content)


def _make_files() -> dict[str, bytes]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority_key, member_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _sign("anomaly-gui-authority", authority_key, None)
    member = _sign("anomaly-gui-member", member_key, (authority, authority_key))
    encoding = serialization.Encoding.PEM
    key = member_key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        _AUTHORITY: authority.public_bytes(encoding),
        _CERTIFICATE: member.public_bytes(encoding),
        _KEY: key,
    }


def _sign(name: str, key: Any, issuer: tuple[Any, Any] | None) -> Any:
    """Return the certificate of a key: signed by an issuer (certificate, key), or an authority's own."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    issued_by, signing_key = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
        )
        .add_extension(_name_uses(is_authority=issuer is None), critical=True)
        .sign(signing_key, hashes.SHA256())
    )


def _name_uses(*, is_authority: bool) -> Any:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
