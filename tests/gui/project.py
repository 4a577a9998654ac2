"""Nothing is lost: the program is killed, and the next start shows the same canvas with its undo; a second window on
one project is read-only; a name is given to it."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from desk import SAMPLE, Desk, open_by_dialog, save_by_dialog


def no_jobs(state):
    return not [j for j in state["jobs"] if j["state"] in ("waiting", "running")]


def written(state):
    return no_jobs(state) and state["project"]["path"] and not state["project"]["saving"]


def kill(desk):
    desk.process.send_signal(signal.SIGKILL)
    desk.process.wait(10)


def main(binary, out):
    picture = pathlib.Path(out).resolve() / "bench.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(SAMPLE, picture)
    desk = Desk(binary, out, [picture], size="1280x720")
    state = desk.wait("the picture and its project", lambda s: s["document"] and s["project"]["path"])
    desk.check("/recovery/" in state["project"]["path"], "a picture's project lies in the recovery folder")
    desk.stroke([(1120, 1250), (1380, 1300)])
    desk.wait("the stroke", lambda s: s["mask"]["support_area"] > 5000)
    desk.click("prompt")
    desk.type("recolour to dark green")
    desk.key("ctrl+Return")
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 2 and no_jobs(s), 120)
    desk.key("Escape")
    desk.settled()
    desk.stroke([(500, 600), (620, 640)])
    desk.settled()
    area = desk.state()["mask"]["support_area"]
    desk.stroke([(900, 600), (980, 640)])
    desk.wait("the second stroke", lambda s: s["mask"]["support_area"] > area)
    desk.key("ctrl+z")
    desk.wait("undo", lambda s: s["mask"]["support_area"] == area)
    desk.move(*desk.on_screen(1250, 1300))
    desk.x("click", "--repeat", 3, 4)
    desk.settled()
    before = desk.wait("all of it to be written", written)
    kill(desk)

    # The next start, asked for nothing.
    desk = Desk(binary, out, [], size="1280x720", keep_home=True)
    state = desk.wait("the document to come back", lambda s: s["document"] is not None)
    desk.check(not [n for n in state["notices"] if n["severity"] != "info"], "no question is asked")
    for what in ("base", "shown"):
        desk.check(state["document"][what] == before["document"][what], f"{what} is as it was")
    desk.check([i["rect"] for i in state["document"]["iterations"]]
               == [i["rect"] for i in before["document"]["iterations"]], "the results are there")
    desk.check(state["mask"]["support_area"] == area and state["mask"]["bounds"] == before["mask"]["bounds"],
               "the mask is as it was")
    desk.check(state["prompt"] == before["prompt"], "so are the words")
    state = desk.settled()
    desk.check(abs(state["canvas"]["zoom"] - before["canvas"]["zoom"]) < 1e-9
               and max(abs(a - b) for a, b in zip(state["canvas"]["center"], before["canvas"]["center"])) < 0.01,
               "the canvas is where it was")
    desk.check(state["redo"] == before["redo"] and state["undo"] == before["undo"], "undo and redo are there")
    desk.screenshot("1_after_kill")
    desk.key("ctrl+shift+z")
    desk.wait("redo after the kill", lambda s: s["mask"]["support_area"] > area)
    desk.key("ctrl+z", "ctrl+z")
    desk.wait("undo after the kill", lambda s: s["mask"]["support_area"] < area)
    desk.key("ctrl+shift+z")
    desk.wait("redo", lambda s: s["mask"]["support_area"] == area)

    # A name.
    named = desk.out / "scene.mwr"
    named.unlink(missing_ok=True)
    unnamed = desk.state()["project"]["path"]
    desk.key("ctrl+shift+s")
    save_by_dialog(desk, "project", named)
    state = desk.wait("the name", lambda s: s["project"]["path"] == str(named) and s["project"]["named"])
    desk.check(named.read_bytes()[:15] == b"SQLite format 3", "the file is there")
    desk.check(not os.path.exists(unnamed), "the one without a name is gone")
    desk.wait("all of it to be written", written)

    # A second window on it.
    second = Desk(binary, desk.out / "second", [named], size="1280x720")
    state = second.wait("the project", lambda s: s["document"] is not None)
    second.check(state["project"]["read_only"], "the second window has it read-only")
    second.check(any("read" in n["text"].lower() for n in state["notices"]), "and says so")
    second.check(len(state["document"]["iterations"]) == 2, "with what it holds")
    second.settled()
    second.screenshot("2_read_only")
    second.stroke([(1150, 950), (1250, 950)])
    second.wait("a word about the edit", lambda s: any("memory alone" in n["text"] for n in s["notices"]))
    kill(second)

    # Closed in peace: nothing comes back by itself, the list of recent files has it.
    desk.key("ctrl+w")
    desk.wait("the empty window", lambda s: s["document"] is None and no_jobs(s))
    desk.check(not list(desk.out.glob("scene.mwr-*")), "one file at rest")
    desk.settled()
    desk.screenshot("3_recent")
    desk.click("recent.0")
    state = desk.wait("the project from the list", lambda s: s["document"] is not None)
    desk.check(state["mask"]["support_area"] == area, "its mask is as it was")
    desk.close()


main(sys.argv[1], sys.argv[2])
