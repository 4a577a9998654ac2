"""Broken, lying and hostile files through the open dialog: a sentence each, and the open picture stays."""
import shutil
import sys

from desk import SAMPLE, SHARED, Desk, open_by_dialog

# One of each kind; every file goes through the same decoder in the io tests.
SHARED_FILES = ["bad/png/bomb_16384x16384_rgba.png", "bad/png/truncated_50.png", "bad/jpeg/dims_65500.jpg",
                "bad/webp/bomb_16383x16383.webp", "bad/gif/pillow_decompression_bomb.gif", "bad/generic/html_502.png",
                "bad/bmp/min_int_height.bmp", "bad/tiff/huge_dims.tif", "bad/exr/damaged_16.exr",
                "bad/project/evil_view_endless.sqlite"]


def make_files(folder):
    folder.mkdir(parents=True, exist_ok=True)
    files = {"empty.png": b"", "text.png": b"this is no picture\n" * 20, "half.png": SAMPLE.read_bytes()[:40000]}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def main(binary, out):
    desk = Desk(binary, out, [SAMPLE])
    state = desk.wait("the picture", lambda s: s["document"] is not None)
    document = state["document"]
    files = make_files(desk.out / "files")
    if SHARED.is_dir():
        for name in SHARED_FILES:
            shutil.copy(SHARED / name, desk.out / "files")
            files.append(desk.out / "files" / name.rsplit("/", 1)[1])
    idle_mb = desk.resident_mb()
    for path in files:
        seen = {n["id"] for n in desk.state()["notices"]}
        open_by_dialog(desk, path)
        state = desk.wait(f"a word about {path.name}",
                          lambda s: any(n["severity"] == "error" and n["id"] not in seen for n in s["notices"]), 20)
        notice = [n for n in state["notices"] if n["id"] not in seen][-1]
        desk.check(path.name in notice["text"] and len(notice["text"]) > 30, f"{path.name}: {notice['text']}")
        desk.check(state["document"] == document, f"{path.name}: the open picture is untouched")
        desk.click(f"notice.{notice['id']}.dismiss")
        desk.wait("the notice to go", lambda s: all(n["id"] != notice["id"] for n in s["notices"]))
    grown = desk.resident_mb() - idle_mb
    desk.check(grown < 256, f"memory grew by {grown:.0f} MB over all files")
    desk.screenshot("after")
    desk.close()


main(sys.argv[1], sys.argv[2])
