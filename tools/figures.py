#!/usr/bin/env python3
"""figures.py EDIT.json COMPARE.json: prints what `edit --json` and `compare --json` said, for people.

Exit code 1 when a sample outside the mask changed, or when the figure that would say so is missing.
"""
import json
import sys


def show(value):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(show(v) for v in value)
    return str(value)


def rows(value, prefix=""):
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, dict):
            yield from rows(item, name + ".")
        else:
            yield name, item


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        edit = json.load(f)
    with open(sys.argv[2], encoding="utf-8") as f:
        compare = json.load(f)

    print("Edit:")
    for name, item in rows(edit):
        print(f"  {name:32} {show(item)}")

    regions = [r for r in ("inside", "seam", "outside", "all") if isinstance(compare.get(r), dict)]
    metrics = list(dict.fromkeys(m for r in regions for m in compare[r]))
    print("Compare:")
    print("  " + "".join(f"{head:>14}" for head in [""] + regions))
    for metric in metrics:
        cells = [show(compare[r].get(metric, "")) for r in regions]
        print(f"  {metric:>14}" + "".join(f"{cell:>14}" for cell in cells))

    changed = edit.get("changed_outside_mask")
    differ = compare.get("outside", {}).get("changed")
    print(f"changed_outside_mask: {changed}")
    if changed != 0 or differ not in (0, None):
        print(f"FAILED: pixels outside the mask are not proven unchanged (edit: {changed}, compare: {differ})",
              file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
