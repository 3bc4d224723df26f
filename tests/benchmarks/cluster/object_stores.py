"""Images and results in an object store on loopback (moto), of whose requests 1 in 100 fails.

.venv/bin/python -m tests.benchmarks.cluster.object_stores --work FOLDER
"""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.made_cluster import add_options, make_images, make_model, run_command
from tests.cluster.places.object_store import ACCOUNT, count_failures, object_store, upload

_PORT = 18792


def main() -> None:
    """Print the row of object stores."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, images=2000)
    parser.add_argument("--every", type=int, default=100, help="one of so many requests fails")
    given = parser.parse_args()
    images, model = make_images(given.work / str(given.images), given.images), make_model(given.work)
    results: dict[str, Any] = {}
    with object_store(_PORT, given.every) as address:
        os.environ.update({**ACCOUNT, "AWS_ENDPOINT_URL": address})
        upload(images, "images")
        where = {"folder": (images,), "store": ("s3://images", "--parts", "s3://results")}
        upload(given.work / "nothing", "results")
        for name, words in where.items():
            out = given.work / f"{name}.json"
            seconds = run_command("score", model, *words, "--json", out, "--cluster", "auto", expected=(0, 3))
            results[name] = {"seconds": seconds, "images": json.loads(out.read_text("utf-8"))["images"]}
        failures = count_failures(address)
    folder, store = (
        [(one["score"], one["verdict"]) for one in results[name]["images"]] for name in ("folder", "store")
    )
    print_table(
        f"{given.images:,} images, 1 in {given.every} requests fails",
        ("folder", "object store", "requests that failed", "same results"),
        [
            (
                f"{results['folder']['seconds']:.0f} s",
                f"{results['store']['seconds']:.0f} s",
                failures,
                "yes" if folder == store else "no",
            )
        ],
    )
    write_json(given.json, {"failures": failures, "same": folder == store})


if __name__ == "__main__":
    main()
