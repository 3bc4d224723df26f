"""Each message posted to an address, with the key that tells it from every other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import urllib3

from anomaly_gui.language import translate
from anomaly_gui.station.outputs.output import (
    MessageKind,
    Output,
    OutputError,
    StationPlace,
    find_key,
    find_kind,
)
from anomaly_gui.station.settings.secrets import read_secret
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.station.outputs.settings.kinds import WebhookSettings

_REFUSALS = (401, 403, 407, 500, 502, 503, 504)  # who asks is not let in, or nobody would be


class WebhookOutput(Output):
    """Posts results and alarms as JSON; an answer of 200 to 299 says that one has arrived."""

    takes = frozenset({MessageKind.RESULT, MessageKind.ALARM})

    def __init__(self, name: str, settings: WebhookSettings, place: StationPlace) -> None:
        super().__init__(name, place)
        self._settings = settings
        self._pool: urllib3.PoolManager | None = None

    def try_out(self) -> str:
        """Ask for the address without posting anything: whatever it answers, it is there."""
        self.open()
        try:
            status = self._ask("HEAD").status
        finally:
            self.close()
        named = {"url": self._settings.url, "status": status}
        if status in _REFUSALS:
            raise OutputError(translate("{url} answers {status}: it takes no messages like that.", **named))
        return translate("{url} answers ({status}).", **named)

    def open(self) -> None:
        """Prepare connections, which are made and kept as they are needed."""
        ca_file = self._settings.ca_file
        self._pool = urllib3.PoolManager(
            headers=self._make_headers(),
            timeout=urllib3.Timeout(total=self._settings.timeout),
            retries=False,
            ca_certs=None if ca_file is None else str(ca_file),
        )

    def send(self, message: Mapping[str, Any]) -> None:
        """Post a message."""
        assert self._pool is not None
        headers = {
            **self._pool.headers,
            "Idempotency-Key": find_key(message),
            "Anomaly-Message": find_kind(message).value,
        }
        body = json.dumps(message, ensure_ascii=False).encode("utf-8")
        answer = self._ask("POST", body=body, headers=headers)
        if not 200 <= answer.status <= 299:
            raise OutputError(
                translate(
                    "{url} answered {status} to a message.", url=self._settings.url, status=answer.status
                )
            )

    def _ask(self, method: str, **what: Any) -> urllib3.BaseHTTPResponse:
        assert self._pool is not None
        try:
            return self._pool.request(method, self._settings.url, **what)
        except urllib3.exceptions.HTTPError as error:
            reason = _explain_failure(error)
            raise OutputError(
                translate("{url} cannot be reached: {reason}", url=self._settings.url, reason=reason)
            ) from error

    def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.clear()
        self._pool = None

    def _make_headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "anomaly-gui"}
        if self._settings.token_file is not None:
            headers["Authorization"] = f"Bearer {_read_token(self._settings.token_file)}"
        return headers


def _read_token(path: Path) -> str:
    token = read_secret(path)
    try:
        token.encode("latin-1")
    except UnicodeEncodeError as error:
        raise OutputError(
            translate("{path} holds no token: HTTP takes letters of Latin-1 only.", path=path)
        ) from error
    return token


def _explain_failure(error: urllib3.exceptions.HTTPError) -> str:
    """Return the system's words on what kept a message from its address, where there are any."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return explain_os_error(cause)
        cause = cause.__cause__ or cause.__context__
    return str(error)
