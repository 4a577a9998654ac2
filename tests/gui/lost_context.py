"""The GL context is lost, as when a driver resets the device: the window shows the same again, with less memory, and what
was painted and can be undone is there."""
import pathlib
import subprocess
import sys
import time

from desk import SAMPLE, Desk


def lose_context(desk):
    before = desk.settled()["drawn"]["contexts_lost"]
    pathlib.Path(str(desk.state_file) + ".lose_context").touch()
    desk.move(700, 420)
    desk.wait("another context", lambda s: s["drawn"]["contexts_lost"] == before + 1 and s["drawn"]["complete"])


def counted(desk):
    """The state in which the mask's area is that of the mask as it is."""
    desk.settled()
    return desk.wait("the mask to be counted", lambda s: s["mask"]["counted_revision"] == s["mask"]["revision"])


def differing_pixels(a, b, box):
    """Pixels of the box (x, y, width, height) that differ between two screenshots."""
    x, y, width, height = box
    crop = f"{width}x{height}+{x}+{y}"
    done = subprocess.run(["compare", "-metric", "AE", "-extract", crop, str(a), "-extract", crop, str(b), "null:"],
                          capture_output=True, text=True)
    return int(float(done.stderr.split()[0]))


def main(binary, out):
    desk = Desk(binary, out, [SAMPLE])
    desk.wait("the picture", lambda s: s["document"] is not None)
    desk.stroke([(1150, 1300), (1350, 1320)])
    desk.wait("a whole stroke", lambda s: s["undo"])  # its end is in
    state = counted(desk)
    area, budget = state["mask"]["support_area"], state["drawn"]["texture_budget"]
    desk.move(700, 420)
    desk.wait("all tiles", lambda s: s["drawn"]["complete"])
    before = desk.screenshot("before")

    lose_context(desk)
    state = counted(desk)
    desk.check(state["drawn"]["texture_budget"] < budget, "textures may take less afterwards")
    desk.check(state["mask"]["support_area"] == area, "the mask is as it was")
    after = desk.screenshot("after")
    x, y, width, height = state["canvas"]["pane"]
    # The outline of the brush is where the pointer is in both.
    different = differing_pixels(before, after, (x, y, width, height))
    desk.check(different == 0, f"the canvas shows the same pixels ({different} differ)")

    # It goes on: painting, undo, and a second time with a stroke in hand.
    desk.stroke([(900, 900), (1000, 920)])
    desk.wait("more mask", lambda s: s["mask"]["support_area"] > area)
    desk.move(*desk.on_screen(600, 600))
    desk.x("mousedown", 1)
    desk.move(*desk.on_screen(700, 640))
    time.sleep(0.1)
    lose_context(desk)
    desk.x("mouseup", 1)
    grown = counted(desk)["mask"]["support_area"]
    for _ in range(3):
        desk.key("ctrl+z")
    desk.wait("an empty mask", lambda s: s["mask"]["support_area"] == 0)
    desk.check(grown > area, "the stroke in hand was kept and can be undone")
    desk.close()


main(sys.argv[1], sys.argv[2])
