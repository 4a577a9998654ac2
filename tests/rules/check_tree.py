#!/usr/bin/env python3
"""No file names a package host or a path of one machine; long sources get a warning.

Looks at what git would commit: tracked files, and new ones that it does not ignore.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Written so that the patterns do not match themselves.
RULES = [
    (
        re.compile(
            r"\b(?:[a-z0-9-]+\.)+(?:debian|ubuntu|npmjs|yarnpkg|pypi|pythonhosted|golang)\.(?:org|com|net)\b"
            r"|\b(?:ubuntu|npmjs|pypi|golang|crates)\.(?:org|com|net|io)\b",
            re.I,
        ),
        "a package host; derive it from the machine's own configuration",
    ),
    (re.compile(r"(?<![\w./)}>-])/(?:work|root)/"), "an absolute path of one machine"),
]
LIMITS = {".h": 250, ".cpp": 600}


def main():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )
    if listed.returncode:
        print("skipped: not a git clone")
        return 77
    problems = 0
    for name in sorted(set(listed.stdout.decode().split("\0"))):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" in data[:4096]:
            continue
        lines = data.decode("utf-8", "replace").splitlines()
        for number, line in enumerate(lines, 1):
            for pattern, what in RULES:
                match = pattern.search(line)
                if match:
                    problems += 1
                    print(f"{name}:{number}: '{match[0]}' is {what}")
        if name.startswith("src/") and len(lines) > LIMITS.get(path.suffix, len(lines)):
            print(f"warning: {name} has {len(lines)} lines; think again past {LIMITS[path.suffix]}")
    print(f"{problems} violations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
