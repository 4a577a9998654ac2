#!/usr/bin/env python3
"""Plants violations in a small tree and expects check_layers.py to name each file and line."""
import pathlib
import subprocess
import sys
import tempfile

CHECKER = pathlib.Path(__file__).resolve().parent / "check_layers.py"
DOC = """
| lvl | room | responsibility | may include |
|---|---|---|---|
| 0 | `base` | small things | std |
| 1 | `image` | pixels | |
| 2 | `mask` | coverage | image |
| 2 | `secret` | not for session | |
| 3 | `session` | state | levels 0-2 except secret |
| 4 | `app`, `cli` | wiring | app: all; cli: levels 0–3 |

| foreign header | home rooms |
|---|---|
| `GLFW/` | app |
| `nlohmann/`, `zip.h` | `cli` (.cpp) |
"""
GOOD = {
    "src/base/a.h": "#pragma once\n#include <vector>\n",
    "src/image/a.h": '#include "base/a.h"\n',
    "src/mask/a.cpp": '#include "mask/a.h"\n#include "image/a.h"\n// #include "app/a.h"\n',
    "src/session/a.cpp": '#include "mask/a.h"\n',
    "src/cli/a.cpp": '#include "session/a.h"\n#include <nlohmann/json.hpp>\n',
    "src/app/a.cpp": '#include "cli/a.h"\n#include <GLFW/glfw3.h>\n',
}
# added file, its text, what the checker must print; None: nothing
CASES = [
    ("src/mask/ok.cpp", '#include "image/a.h"\n', None),
    ("src/image/bad.cpp", '#include <vector>\n#include "mask/a.h"\n', "src/image/bad.cpp:2:"),
    ("src/base/bad.h", '\n\n  #  include "image/a.h"\n', "src/base/bad.h:3:"),
    ("src/cli/bad.cpp", '#include "app/a.h"\n', "src/cli/bad.cpp:1:"),
    ("src/session/bad.cpp", "#include <GLFW/glfw3.h>\n", "src/session/bad.cpp:1:"),
    ("src/session/bad.h", '#include "secret/a.h"\n', "src/session/bad.h:1:"),
    ("src/cli/ok.h", '#include "secret/a.h"\n', None),
    ("src/cli/bad.h", "#include <nlohmann/json.hpp>\n", "src/cli/bad.h:1:"),
    ("src/mask/bad.cpp", '#include "../image/a.h"\n', "src/mask/bad.cpp:1:"),
    ("src/attic/bad.cpp", "int x;\n", "src/attic/bad.cpp: room `attic`"),
]


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(root):
    done = subprocess.run(
        [sys.executable, str(CHECKER), "--root", str(root)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def expect(doc, name, text, expected):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write(root, "docs/architecture.md", doc)
        for good, content in GOOD.items():
            write(root, good, content)
        write(root, name, text)
        code, output = run(root)
    right = (code == 0) if expected is None else (code == 1 and expected in output)
    if not right:
        print(f"{name}: expected {expected or 'no violation'}, got exit code {code}:\n{output}")
    return right


def main():
    results = [expect(DOC, *case) for case in CASES]
    upward = DOC.replace("| 2 | `mask` | coverage | image |", "| 2 | `mask` | coverage | session |")
    results.append(expect(upward, "src/mask/ok.cpp", "", "`mask` (level 2) may not include `session`"))
    print(f"{sum(results)} of {len(results)} cases right")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
