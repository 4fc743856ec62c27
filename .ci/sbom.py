"""Print a CycloneDX document of what is installed beside the package: versions and licences."""

from __future__ import annotations

import json
from importlib.metadata import Distribution, distributions
from typing import Any

_UNSAID = "UNKNOWN"


def component(found: Distribution) -> dict[str, Any]:
    """One distribution; a licence expression, or the words that its author wrote."""
    name, version = found.metadata["Name"], found.version
    licence = {"license": {"name": _licence(found)}}
    if expression := found.metadata.get("License-Expression"):
        licence = {"expression": expression}
    return {
        "type": "library", "name": name, "version": version,
        "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}", "licenses": [licence],
    }  # fmt: skip


def _licence(found: Distribution) -> str:
    classified = [
        words.rpartition(" :: ")[2]
        for words in found.metadata.get_all("Classifier") or ()
        if words.startswith("License ::")
    ]
    written = (found.metadata.get("License") or _UNSAID).splitlines()[0]
    return ", ".join(classified) or written


def main() -> None:
    """Write the document to standard output, sorted by name."""
    found = {it.metadata["Name"]: it for it in distributions()}
    components = [component(found[name]) for name in sorted(found, key=str.lower)]
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}
    print(json.dumps(head | {"components": components}, indent=2))


if __name__ == "__main__":
    main()
