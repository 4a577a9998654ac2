"""Packages for Node in the build's cache, installed once; without npm or network the test skips."""

import os
import shutil
import subprocess
import sys

import kit


def skip(why):
    print("skipped:", why)
    sys.exit(kit.SKIPPED)


def installed(package, name):
    """The folder in whose node_modules `package` ("name@version") lies."""
    top = os.environ.get("MASKWRIGHT_NPM_DIR", "")
    if not top or not shutil.which("npm") or not shutil.which("node"):
        skip("no npm or node here")
    folder = os.path.join(top, name)
    if not os.path.exists(os.path.join(folder, "whole")):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "package.json"), "w", encoding="utf-8") as out:
            out.write('{"private": true}\n')
        words = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", package]
        try:
            done = subprocess.run(words, cwd=folder, capture_output=True, timeout=200, check=False)
        except subprocess.TimeoutExpired:
            skip("the package could not be fetched in time")
        if done.returncode:
            skip("the package cannot be fetched: %s" % done.stderr.decode("utf-8", "replace")[-200:])
        with open(os.path.join(folder, "whole"), "w", encoding="utf-8") as out:
            out.write(package + "\n")
    return folder
