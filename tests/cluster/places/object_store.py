"""An object store that speaks S3, on loopback, of whose requests some fail: run as a process of its own."""

import itertools
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "made-up",
    "AWS_SECRET_ACCESS_KEY": "made-up-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def serve(port, every):
    """Serve; one of so many requests for objects fails, with 500 or with a connection that is cut."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import run_simple

    app = DomainDispatcherApplication(create_backend_app)
    numbers = itertools.count(1)

    def fail_some(environ, start_response):
        if environ["PATH_INFO"] == "/failures":
            start_response("200 OK", [])
            return [str(failed[0]).encode()]
        if environ["PATH_INFO"].startswith("/images/") and next(numbers) % every == 0:
            failed[0] += 1
            start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"made to fail"]
        return app(environ, start_response)

    failed = [0]
    run_simple("127.0.0.1", port, fail_some, threaded=True)


@contextmanager
def object_store(port, every):
    """Run one; yield its address."""
    log = subprocess.DEVNULL
    server = subprocess.Popen(
        [sys.executable, __file__, str(port), str(every)],
        stdout=log,
        stderr=log,
        env={**os.environ, **ACCOUNT},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/failures", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.kill()
        server.wait()


def count_failures(address):
    with urllib.request.urlopen(f"{address}/failures") as answer:
        return int(answer.read())


def upload(folder: Path, bucket):
    """Put all files of a folder into a bucket, past what fails."""
    import fsspec

    store = fsspec.filesystem("s3")
    store.mkdir(bucket)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            store.pipe_file(f"{bucket}/{path.relative_to(folder).as_posix()}", path.read_bytes())


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
