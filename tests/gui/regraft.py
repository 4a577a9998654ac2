"""A result is grafted again with live sliders, undone; the crop is dragged on the canvas and sent."""
import os
import shutil
import sys
import time

from desk import SAMPLE, SOURCE, Desk
from main_job import paint_brick


def shown(state):
    return state["document"]["iterations"][state["document"]["shown"]]


def pull(desk, name, by, release=True):
    """Drags a slider from where its middle is."""
    desk.reveal(name)
    x, y = desk.widget(name)
    desk.move(x, y)
    time.sleep(0.1)
    desk.x("mousedown", 1)
    for i in range(1, 9):
        desk.move(x + by * i / 8, y)
        time.sleep(0.03)
    if release:
        desk.x("mouseup", 1)


def graft_again(desk):
    before = desk.wait("the figures", lambda s: not s["figures_pending"], 120)
    first = shown(before)
    desk.check(first["graft"]["feather_px"] is None, "the first graft has the default feather")
    desk.screenshot("1_result")
    pull(desk, "graft.feather", 25, release=False)
    trial = desk.wait("the preview", lambda s: s["trial"] and s["trial"]["previewed"])["trial"]
    desk.check(trial["held"] and trial["graft"]["feather_px"] > 8, "the slider is tried while it is held")
    desk.check(shown(desk.state())["graft"] == first["graft"], "nothing is kept yet")
    desk.screenshot("2_trial")
    desk.x("mouseup", 1)
    state = desk.wait("the graft", lambda s: not s["trial"] and shown(s)["graft"]["feather_px"] is not None)
    desk.check(len(state["document"]["iterations"]) == 2, "the proposal itself was grafted again")
    desk.check(shown(state)["changed_outside_mask"] == 0, "proved again: 0 samples changed outside the mask")
    desk.check(shown(state)["changed_inside_mask"] != first["changed_inside_mask"]
               or shown(state)["seam_visibility"] != first["seam_visibility"], "the patch is another one")
    desk.check(state["undo"] == "Graft settings", "one step of undo")
    desk.check(state["graft_next"]["feather_px"] == shown(state)["graft"]["feather_px"],
               "the next request starts with it")
    desk.wait("figures of the new graft", lambda s: not s["figures_pending"], 120)
    desk.screenshot("3_feathered")
    desk.move(*desk.on_screen(300, 300))
    desk.key("ctrl+z")
    state = desk.wait("undo", lambda s: shown(s)["graft"] == first["graft"])
    desk.check(shown(state)["changed_inside_mask"] == first["changed_inside_mask"], "the old patch is back")
    desk.key("ctrl+y")
    desk.wait("redo", lambda s: shown(s)["graft"]["feather_px"] is not None)

    desk.reveal("graft.register")
    desk.click("graft.register")
    state = desk.wait("registration off", lambda s: not shown(s)["graft"]["register"] and not s["trial"])
    desk.check(not state["graft_next"]["register"], "also for the next one")
    pull(desk, "graft.reach", 12)
    state = desk.wait("reaching outward", lambda s: shown(s)["graft"]["reach_out_px"] > 0 and not s["trial"])
    desk.check(shown(state)["rect"][0] < first["rect"][0], "the declared region grew")
    desk.check(shown(state)["changed_outside_mask"] == 0, "nothing changed outside the declared region")
    desk.screenshot("4_reaching")
    desk.reveal("graft.reset")
    desk.click("graft.reset")
    desk.wait("the defaults", lambda s: shown(s)["graft"]["reach_out_px"] == 0 and shown(s)["graft"]["register"]
              and not s["trial"])

    # What was accepted is never overwritten.
    desk.reveal("accept", up=True)
    desk.click("accept")
    desk.wait("accepted", lambda s: s["document"]["base"] == 1)
    desk.reveal("graft.match")
    desk.click("graft.match")
    state = desk.wait("a sibling", lambda s: len(s["document"]["iterations"]) == 3 and not s["trial"])
    desk.check(state["document"]["shown"] == 2 and shown(state)["parent"] == 0, "it stands beside the accepted one")
    desk.check(state["document"]["iterations"][1]["graft"]["match_color"], "the accepted one is as it was")


def drag_the_crop(desk):
    desk.move(*desk.on_screen(300, 300))
    desk.key("c")
    state = desk.wait("the crop tool", lambda s: s["tool"] == "crop" and "canvas.crop" in s["widgets"])
    start = state["plan"]
    x, y, w, h = start["crop"]
    desk.screenshot("5_crop")
    edge = desk.on_screen(x + w, y + h / 2)
    desk.drag([edge, (edge[0] + 60, edge[1])])
    state = desk.wait("a wider crop", lambda s: s["plan"]["by_hand"] and s["plan"]["crop"][2] > w)
    desk.check(state["plan"]["request_size"] != start["request_size"], "the request size follows")
    desk.check(state["plan"]["crop"][:2] == [x, y], "the other edges stay")
    desk.screenshot("6_crop_dragged")
    wide = desk.settled()["plan"]
    # Esc takes a drag back.
    edge = desk.on_screen(x, y + h / 2)
    desk.move(*edge)
    time.sleep(0.1)
    desk.x("mousedown", 1)
    desk.move(edge[0] - 30, edge[1])
    desk.wait("the left edge to move", lambda s: s["plan"]["crop"][0] < x)
    desk.x("key", "Escape")  # not with --clearmodifiers, which lets the button go
    desk.wait("the drag to be taken back", lambda s: s["plan"]["crop"] == wide["crop"])
    desk.x("mouseup", 1)
    # Two clicks: automatic again.
    desk.move(*desk.on_screen(x + w / 2, y + h / 2))
    desk.x("click", "--repeat", 2, "--delay", 60, 1)
    desk.wait("the automatic crop", lambda s: s["plan"]["by_hand"] is None and s["plan"]["crop"] == start["crop"])
    edge = desk.on_screen(x + w, y + h / 2)
    desk.drag([edge, (edge[0] + 60, edge[1])])
    desk.wait("a wider crop", lambda s: s["plan"]["by_hand"])
    dragged = desk.settled()["plan"]
    count = len(desk.state()["document"]["iterations"])
    desk.key("ctrl+Return")
    state = desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == count + 1, 120)
    desk.check(state["document"]["iterations"][count]["crops"] == [dragged["crop"]], "the dragged crop was sent")
    desk.key("b")
    desk.wait("the brush", lambda s: s["tool"] == "brush")


def main(binary, out):
    desk = Desk(binary, out, [SAMPLE])
    desk.wait("the picture", lambda s: s["document"] is not None)
    paint_brick(desk)
    desk.settled()
    desk.click("prompt")
    desk.type("remove the blue toy brick")
    desk.wait("the prompt", lambda s: s["cannot_run"] == "")
    desk.key("ctrl+Return")
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 2, 120)
    graft_again(desk)
    drag_the_crop(desk)
    desk.close()

    if os.environ.get("MASKWRIGHT_UPDATE_SCREENSHOTS"):
        for shot in ("2_trial", "6_crop_dragged"):
            shutil.copy(desk.out / f"{shot}.png", SOURCE / "docs/images" / f"regraft_{shot}.png")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
