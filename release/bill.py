"""Bill of materials (CycloneDX) and table of licences: of the program, its extras and its pages."""

import csv
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

Part = dict[str, Any]
HEADING = re.compile(r"^## (\S+) - (\S+) \((.+)\)$", re.MULTILINE)
# Inside the globe's workers, which are copied as they come: the bundler does not see them.
IN_WORKERS = ("draco3d", "lerc")
# Where a package's own metadata has words alone: as its licence file reads.
READ = {"partd": "BSD-3-Clause"}


def page_parts(licences: str, lock: dict[str, Any]) -> list[Part]:
    """What the built pages hold: the bundler's own list, and what lies in the globe's workers.

    `licences` is the text of `licenses.md` beside the pages, `lock` the pages' lock file.
    """
    found = [match.groups() for match in HEADING.finditer(licences)]
    for name in IN_WORKERS:
        held = lock["packages"][f"node_modules/{name}"]
        found.append((name, held["version"], held["license"]))
    return [
        {
            "bom-ref": f"npm:{name}@{version}",
            "type": "library",
            "name": name,
            "version": version,
            "licenses": [{"expression": licence.removeprefix("(").removesuffix(")")}],
            "purl": f"pkg:npm/{quote(name, safe='/')}@{version}",
        }
        for name, version, licence in sorted(set(found))
    ]


def completed(document: dict[str, Any], pages: list[Part]) -> dict[str, Any]:
    """The bill with the program as its root, the parts of its pages, and licences that were read."""
    (root,) = [part for part in document["components"] if part["name"] == "hinomi"]
    parts = [part for part in document["components"] if part is not root] + pages
    for part in parts:  # where the wheel lay while it was read is nobody's business
        part.pop("externalReferences", None)
        if not part.get("licenses") and part["name"] in READ:
            part["licenses"] = [{"license": {"id": READ[part["name"]]}}]
    root = {k: v for k, v in root.items() if k != "externalReferences"} | {"type": "application"}
    needs = [dict(row) for row in document["dependencies"]]
    for row in needs:
        if row["ref"] == root["bom-ref"]:
            row["dependsOn"] = [*row.get("dependsOn", []), *(p["bom-ref"] for p in pages)]
    return {
        **document,
        "metadata": {**document.get("metadata", {}), "component": root},
        "components": parts,
        "dependencies": [*needs, *({"ref": part["bom-ref"]} for part in pages)],
    }


def licence_of(part: Part) -> str:
    """Licence of a part in words, empty where it names none."""
    held = [entry.get("license", {}) for entry in part.get("licenses", [])]
    words = [entry.get("expression", "") for entry in part.get("licenses", [])]
    words += [one.get("id") or one.get("name", "") for one in held]
    plain = (w.removeprefix("License :: ").removeprefix("OSI Approved :: ") for w in words if w)
    return "; ".join(dict.fromkeys(plain))


def write_bill(document: dict[str, Any], out: Path) -> list[str]:
    """Write `hinomi.cdx.json` and `licences.csv`; names of the parts that have no licence."""
    (out / "hinomi.cdx.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    parts = [document["metadata"]["component"], *document["components"]]
    rows = [
        (part["name"], part["version"], licence_of(part))
        for part in sorted(parts, key=lambda part: part["name"].lower())
    ]
    with (out / "licences.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("package", "version", "licence"), *rows])
    return [name for name, _, licence in rows if not licence]
