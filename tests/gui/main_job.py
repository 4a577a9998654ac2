"""The artist's main job with pointer and keys, from an empty window to an exported file."""
import os
import shutil
import sys
import time

from desk import SAMPLE, SOURCE, Desk, open_by_dialog, save_by_dialog

# The brick of the sample and its shadow, as rows a brush of radius 40 covers.
BRICK_ROWS = [[(1120, 1250), (1380, 1250)], [(1380, 1300), (1110, 1300)], [(1110, 1350), (1570, 1350)],
              [(1560, 1395), (1180, 1395)]]


def paint_brick(desk):
    for row in BRICK_ROWS:
        desk.stroke(row)


def no_jobs(state):
    return not [j for j in state["jobs"] if j["state"] in ("waiting", "running")]


def main(binary, out):
    desk = Desk(binary, out)
    desk.check(desk.state()["document"] is None, "the window starts empty")
    desk.screenshot("1_start")

    open_by_dialog(desk, SAMPLE)
    state = desk.wait("the picture", lambda s: s["document"] is not None)
    desk.check(state["document"]["size"] == [2304, 1728], "the sample is open")
    desk.check(state["cannot_run"] != "", "nothing can run without a mask")

    # Paint, undo, redo, erase, zoom and pan.
    paint_brick(desk)
    painted = desk.wait("the last of four strokes", lambda s: s["mask"]["bounds"][1] + s["mask"]["bounds"][3] > 1430
                        and s["mask"]["support_area"] > 85000 and s["plan"])
    painted = desk.settled()
    x, y, w, _ = painted["mask"]["bounds"]
    desk.check(x < 1100 and y < 1215 and x + w > 1590, "the mask covers what was painted")
    desk.check(painted["plan"] is not None, "the crop that will be sent is planned")
    desk.screenshot("2_painted")
    area = painted["mask"]["support_area"]
    desk.key("ctrl+z")
    desk.wait("undo", lambda s: s["mask"]["support_area"] < area)
    desk.key("ctrl+shift+z")
    desk.wait("redo", lambda s: s["mask"]["support_area"] == area)
    desk.stroke([(300, 300), (380, 300)])
    stray = desk.settled()["mask"]["support_area"]
    desk.check(stray > area, "a stray stroke adds to the mask")
    desk.stroke([(280, 300), (400, 300)], button=3)
    desk.check(desk.settled()["mask"]["support_area"] < stray, "the right button erases")
    desk.key("ctrl+z", "ctrl+z")
    desk.wait("both to be undone", lambda s: s["mask"]["support_area"] == area)
    fitted = desk.state()["canvas"]["zoom"]
    desk.move(*desk.on_screen(1250, 1300))
    desk.x("click", "--repeat", 3, 4)
    desk.wait("zoom at the pointer", lambda s: s["canvas"]["zoom"] > fitted * 1.2)
    before = desk.state()["canvas"]["center"]
    mx, my = desk.on_screen(1250, 1300)
    desk.drag([(mx, my), (mx - 90, my - 40)], button=2)
    desk.wait("the middle button to pan", lambda s: s["canvas"]["center"][0] > before[0] + 20)
    desk.key("ctrl+0")
    desk.wait("fit", lambda s: abs(s["canvas"]["zoom"] - fitted) < 1e-9)

    # The mask as a file is what the export is judged by.
    mask_file = desk.out / "mask.png"
    result_file = desk.out / "result.png"
    for f in (mask_file, result_file):
        f.unlink(missing_ok=True)
    desk.key("ctrl+s")
    save_by_dialog(desk, "save_mask", mask_file)
    desk.wait("the mask file", lambda s: mask_file.exists() and no_jobs(s))

    # Say what should change, run, and go on painting meanwhile.
    desk.click("prompt")
    desk.type("remove the blue toy brick")
    desk.wait("the prompt", lambda s: s["prompt"] == "remove the blue toy brick" and s["cannot_run"] == "")
    desk.screenshot("3_prompt")
    desk.key("ctrl+Return")
    desk.wait("the job", lambda s: any(j["kind"] == "edit" for j in s["jobs"]))
    desk.stroke([(700, 400), (760, 400)])
    running = desk.wait("painting to go on", lambda s: s["mask"]["support_area"] > area)
    if any(j["kind"] == "edit" and j["state"] == "running" for j in running["jobs"]):
        desk.screenshot("4_running")
        print("ok: painted while the job ran", flush=True)
    state = desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 2, 120)
    answer = state["document"]["iterations"][1]
    desk.check(answer["standing"] == "proposed" and state["document"]["shown"] == 1,
               "the answer is shown as a proposal")
    desk.check(answer["changed_outside_mask"] == 0, "0 samples changed outside the mask")
    desk.wait("the figures", lambda s: not s["figures_pending"], 120)
    desk.screenshot("5_answer")

    # Judge: wipe with a handle, side by side, the original under the key.
    desk.move(*desk.on_screen(1150, 600))
    desk.key("F6")
    desk.wait("wipe", lambda s: s["compare"]["mode"] == "wipe")
    hx, hy = desk.widget("wipe.handle")
    desk.drag([(hx, hy), (hx + 120, hy)])
    desk.wait("the handle to move", lambda s: s["compare"]["wipe_position"] > 0.55)
    desk.screenshot("6_wipe")
    desk.key("shift+y")
    desk.wait("side by side", lambda s: s["compare"]["mode"] == "side_by_side" and s["canvas"]["pane_a"])
    desk.screenshot("7_side_by_side")
    desk.key("shift+y")
    desk.wait("no comparison", lambda s: s["compare"]["mode"] == "off")
    desk.x("keydown", "backslash")
    desk.wait("the original while the key is held", lambda s: s["canvas"]["holds_original"])
    desk.x("keyup", "backslash")
    desk.wait("the answer again", lambda s: not s["canvas"]["holds_original"])

    # Accept, undo, redo, branch from the original, come back.
    desk.click("accept")
    desk.wait("accepted", lambda s: s["document"]["base"] == 1
              and s["document"]["iterations"][1]["standing"] == "accepted")
    desk.key("ctrl+z")
    desk.wait("accepting undone", lambda s: s["document"]["base"] == 0)
    desk.key("ctrl+y")
    desk.wait("accepting redone", lambda s: s["document"]["base"] == 1)
    desk.click("iteration.0")
    desk.wait("the original as the base", lambda s: s["document"]["base"] == 0 and s["document"]["shown"] == 0)
    desk.click("prompt")
    desk.key("ctrl+a")
    desk.type("make it dark green")
    desk.wait("the new prompt", lambda s: s["prompt"] == "make it dark green" and s["cannot_run"] == "")
    desk.key("ctrl+Return")
    state = desk.wait("a second answer", lambda s: len(s["document"]["iterations"]) == 3, 120)
    desk.check(state["document"]["iterations"][2]["parent"] == 0, "the second answer branches from the original")
    desk.screenshot("8_branch")
    desk.click("iteration.1")
    desk.wait("the first answer", lambda s: s["document"]["shown"] == 1)

    # Export, and judge the file with the verbs.
    desk.move(*desk.on_screen(1150, 600))
    desk.key("ctrl+shift+e")
    save_by_dialog(desk, "export", result_file)
    desk.wait("the file", lambda s: result_file.exists() and no_jobs(s))
    desk.screenshot("9_exported")
    figures = desk.verb("compare", SAMPLE, result_file, "--mask", mask_file)
    desk.check(figures["outside"]["changed"] == 0, "no sample of the exported file differs outside the mask")
    desk.check(figures["inside"]["changed"] > 100000, "the exported file differs inside the mask")

    # A key never cancels a job by accident, and the way to cancel works.
    desk.click("prompt")
    desk.key("ctrl+a")
    desk.type("remove it")
    desk.wait("the prompt", lambda s: s["prompt"] == "remove it" and s["cannot_run"] == "")
    desk.key("ctrl+Return")
    desk.wait("a job", lambda s: any(j["state"] in ("waiting", "running") for j in s["jobs"] if j["kind"] == "edit"))
    desk.key("shift+Escape")
    desk.wait("no job left", no_jobs)
    time.sleep(0.2)
    desk.close()

    if os.environ.get("MASKWRIGHT_UPDATE_SCREENSHOTS"):
        for shot in sorted(desk.out.glob("[0-9]_*.png")):
            shutil.copy(shot, SOURCE / "docs/images" / f"main_job_{shot.name}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
