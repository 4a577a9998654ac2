#!/usr/bin/env python3
"""check_desktop.py BUILD: installs into an empty folder and looks at what a desktop would find there.

The entry, the icons and the type of project files; by desktop-file-validate, xmllint and update-mime-database where
they are there. Exit code 77 without a window.
"""
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPE = "application/x-maskwright-project"
problems = []


def check(ok, what):
    if not ok:
        problems.append(what)


def tool(name, *words):
    """Runs it where it is installed; what it says is a problem when it fails."""
    if not shutil.which(name):
        print("skipped: %s is not installed" % name)
        return None
    done = subprocess.run([name, *map(str, words)], capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, "%s: %s%s" % (name, done.stdout, done.stderr))
    return done


def entry_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def application_id():
    """What the project's own source says it is; None where there are no project files yet."""
    import re
    for path in sorted((ROOT / "src" / "project").glob("*")):
        found = re.search(r"kApplicationId\s*=\s*(0x[0-9a-fA-F]+|\d+)", path.read_text(encoding="utf-8"))
        if found:
            return int(found[1], 0)
    return None


def check_type(share, folder):
    package = share / "mime" / "packages" / "maskwright.xml"
    tool("xmllint", "--noout", package)
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    root = tree.parse(package).getroot()
    check(root.find("m:mime-type", space).get("type") == TYPE, "the type of project files")
    match = root.find(".//m:match/m:match", space)
    identity = int(match.get("value"), 0)
    known = application_id()
    check(known in (None, identity), "application_id: %s in the sources, %s in the type" % (known, identity))
    if tool("update-mime-database", share / "mime") is None:
        return
    magic = (share / "mime" / "magic").read_bytes()
    check(TYPE.encode() in magic and struct.pack(">I", identity) in magic, "the magic of project files")
    check("*.mwr" in (share / "mime" / "globs2").read_text(), "the ending of project files")
    if not shutil.which("gio"):
        return
    # A project by content, and any other SQLite file not.
    for name, number in (("project", identity), ("other", 1)):
        with sqlite3.connect(folder / name) as file:
            file.execute("PRAGMA application_id = %d" % struct.unpack(">i", struct.pack(">I", number)))
            file.execute("CREATE TABLE t (x)")
    shutil.copytree(pathlib.Path("/usr/share/mime"), folder / "system" / "mime", symlinks=True)
    done = subprocess.run(["gio", "info", "-a", "standard::content-type", "project", "other"], cwd=folder, text=True,
                          capture_output=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C",
                               "XDG_DATA_HOME": str(folder / "home"), "XDG_DATA_DIRS": "%s:%s" % (share, folder / "system")})
    check(done.stdout.count(TYPE) == 1, "gio by content: %s%s" % (done.stdout, done.stderr))


def main():
    build = pathlib.Path(sys.argv[1])
    if "MASKWRIGHT_UI:BOOL=OFF" in (build / "CMakeCache.txt").read_text():
        print("skipped: built without a window")
        return 77
    with tempfile.TemporaryDirectory(prefix="maskwright-install-") as name:
        folder = pathlib.Path(name)
        # The data alone: the program is large, and may not be built yet.
        script = folder / "install.cmake"
        script.write_text((build / "cmake_install.cmake").read_text())
        done = subprocess.run(["cmake", "-DCMAKE_INSTALL_PREFIX=%s" % (folder / "usr"), "-DCMAKE_INSTALL_LOCAL_ONLY=1",
                               "-P", str(script)], capture_output=True, text=True, timeout=120)
        check(done.returncode == 0, done.stderr)
        share = folder / "usr" / "share"
        desktop = share / "applications" / "maskwright.desktop"
        tool("desktop-file-validate", desktop)
        entry = entry_of(desktop)
        check(entry["Exec"].split()[0] == "maskwright" and entry["Icon"] == "maskwright", "Exec and Icon")
        check(TYPE in entry["MimeType"].split(";"), "the entry opens projects")
        icons = share / "icons" / "hicolor"
        check((icons / "scalable" / "apps" / "maskwright.svg").is_file(), "the drawn icon")
        for side in (16, 24, 32, 48, 64, 128, 256):
            data = (icons / ("%dx%d" % (side, side)) / "apps" / "maskwright.png").read_bytes()
            check(struct.unpack(">II", data[16:24]) == (side, side), "an icon of %d pixels" % side)
        check_type(share, folder)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
