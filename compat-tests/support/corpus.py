"""Recorded answers of the real service that are kept outside this repository: one JSON document a line.

FANLIGHT_CORPUS names the folder; without it, `shared/corpus` beside the checkout is looked for.
"""

from __future__ import annotations

import json
import os
import pathlib

from support.server import REPOSITORY


def rows(name: str) -> list[dict]:
    """The rows of that file, or none where it is not at hand."""
    folder = pathlib.Path(os.environ.get("FANLIGHT_CORPUS", REPOSITORY.parent / "shared" / "corpus"))
    file = folder / name
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
