"""Every selection tool, refinements, kept masks and looks of the mask, with real pointer and keys on the sample."""
import sys
import time

from desk import SAMPLE, Desk, save_by_dialog


def area(state):
    return state["mask"]["support_area"]


def done(state):
    return not state["selection"]["working"] and not state["selection"]["previewing"] \
        and state["mask"]["counted_revision"] == state["mask"]["revision"]


class Hand:
    def __init__(self, desk):
        self.desk = desk

    def wait(self, what, predicate=lambda s: True):
        return self.desk.wait(what, lambda s: done(s) and predicate(s))

    def tool(self, keys, name):
        self.desk.move(*self.desk.on_screen(1150, 200))
        self.desk.key(*keys)
        return self.desk.wait(f"the tool {name}", lambda s: s["tool"] == name)

    def drag(self, points, *mods, button=1):
        for mod in mods:
            self.desk.x("keydown", mod)
        time.sleep(0.05)
        self.desk.stroke(points, button)
        for mod in mods:
            self.desk.x("keyup", mod)

    def click(self, x, y, *mods, repeat=1):
        for mod in mods:
            self.desk.x("keydown", mod)
        self.desk.move(*self.desk.on_screen(x, y))
        time.sleep(0.06)
        self.desk.x("click", "--repeat", repeat, "--delay", 60, 1)
        for mod in mods:
            self.desk.x("keyup", mod)
        time.sleep(0.06)

    def pull(self, name, by, release=True):
        x, y = self.desk.widget(name)
        self.desk.move(x, y)
        time.sleep(0.1)
        self.desk.x("mousedown", 1)
        for i in range(1, 7):
            self.desk.move(x + by * i / 6, y)
            time.sleep(0.03)
        if release:
            self.desk.x("mouseup", 1)

    def clear(self):
        self.desk.move(*self.desk.on_screen(1150, 200))
        self.desk.key("ctrl+d")
        self.wait("an empty mask", lambda s: area(s) == 0)


def shapes(desk, hand):
    hand.tool(["m"], "rectangle")
    hand.drag([(1100, 1200), (1400, 1400)])
    state = hand.wait("a rectangle", lambda s: area(s) > 0)
    x, y, w, h = state["mask"]["bounds"]
    desk.check(abs(x - 1100) <= 2 and abs(y - 1200) <= 2 and abs(w - 300) <= 4 and abs(h - 200) <= 4
               and area(state) == w * h, "a rectangle of whole pixels")
    desk.check(state["undo"] == "Rectangle" and state["plan"] is not None, "one step of undo, and a plan")
    before = area(state)
    hand.drag([(1600, 1200), (1700, 1300)], "shift")
    state = hand.wait("one more", lambda s: area(s) > before)
    desk.check(state["mask"]["bounds"][0] == x, "Shift adds")
    both = area(state)
    hand.drag([(1600, 1190), (1720, 1250)], "alt")
    state = hand.wait("less", lambda s: area(s) < both)
    desk.check(area(state) > before, "Alt subtracts")
    hand.drag([(1000, 1300), (1750, 1500)], "shift", "alt")
    state = hand.wait("the common part", lambda s: s["mask"]["bounds"][1] >= 1298)
    desk.check(0 < area(state) < before, "both intersect")
    desk.key("ctrl+z", "ctrl+z", "ctrl+z")
    hand.wait("three steps back", lambda s: area(s) == before)

    hand.tool(["m"], "ellipse")
    desk.move(*desk.on_screen(1250, 1300))
    desk.x("mousedown", 1)
    desk.move(*desk.on_screen(1300, 1310))
    desk.x("keydown", "shift", "keydown", "alt")
    desk.move(*desk.on_screen(1330, 1330))
    time.sleep(0.1)
    desk.x("mouseup", 1)
    desk.x("keyup", "shift", "keyup", "alt")
    state = hand.wait("an ellipse", lambda s: s["undo"] == "Ellipse")
    x, y, w, h = state["mask"]["bounds"]
    desk.check(abs(w - h) <= 1 and abs(x + w / 2 - 1250) <= 2 and abs(y + h / 2 - 1300) <= 2,
               f"a circle about where it was pressed ({x}, {y}, {w}, {h})")
    desk.check(abs(area(state) - 3.1416 / 4 * w * h) < 0.03 * w * h, "an ellipse's area")
    hand.tool(["m"], "rectangle")
    hand.click(300, 300)
    hand.wait("a click beside to take it away", lambda s: area(s) == 0)


def lassos(desk, hand):
    hand.tool(["l"], "lasso")
    hand.drag([(1100, 1200), (1400, 1200), (1400, 1420), (1100, 1420), (1100, 1210)])
    state = hand.wait("a lasso", lambda s: s["undo"] == "Lasso")
    desk.check(abs(area(state) - 300 * 220) < 3000, "the area the hand went round")
    hand.clear()
    hand.tool(["l"], "polygon")
    for x, y in ((1100, 1200), (1400, 1200), (1400, 1400), (900, 900)):
        hand.click(x, y)
        time.sleep(0.4)  # not a double click
    desk.wait("four corners", lambda s: s["selection"]["corners"] == 4)
    desk.key("BackSpace")
    desk.wait("three corners", lambda s: s["selection"]["corners"] == 3)
    desk.screenshot("1_polygon")
    desk.key("Return")
    state = hand.wait("the polygon", lambda s: area(s) > 0)
    desk.check(abs(area(state) - 300 * 200 / 2) < 1500, "a triangle")
    hand.click(500, 500)
    desk.wait("a corner", lambda s: s["selection"]["corners"] == 1)
    desk.key("Escape")
    desk.wait("no draft", lambda s: s["selection"]["corners"] == 0)
    desk.check(area(desk.settled()) == area(state), "Esc leaves the mask")
    hand.clear()
    # Round the mug by its edge.
    hand.tool(["l"], "scissors")
    hand.click(1835, 780)
    desk.wait("an anchor", lambda s: s["selection"]["anchors"] == 1)
    desk.move(*desk.on_screen(1845, 1020))
    desk.wait("the live way", lambda s: s["selection"]["live"] > 150)
    hand.click(1845, 1020)
    for x, y in ((1990, 1095), (2120, 1010), (2150, 830)):
        hand.click(x, y)
    desk.wait("five anchors", lambda s: s["selection"]["anchors"] == 5)
    desk.screenshot("2_scissors")
    desk.key("Return")
    state = hand.wait("the mug", lambda s: s["selection"]["anchors"] == 0 and area(s) > 0)
    desk.check(70000 < area(state) < 115000, f"about the mug's body ({area(state)} px)")
    hand.clear()


def by_colour(desk, hand):
    hand.tool(["w"], "wand")
    hand.click(1200, 1330)  # the brick's blue face
    state = hand.wait("the wand", lambda s: s["undo"] == "Magic wand")
    desk.check(3000 < area(state) < 40000, f"a face of the brick ({area(state)} px)")
    small = area(state)
    hand.pull("select.tolerance", 30, release=False)
    desk.wait("a preview", lambda s: s["selection"]["previewing"] and area(s) > small)
    desk.screenshot("3_wand_tried")
    desk.x("mouseup", 1)
    state = hand.wait("the new tolerance", lambda s: area(s) > small)
    desk.check(state["undo"] == "Magic wand", "the same step")
    larger = area(state)
    hand.pull("select.tolerance", -40, release=False)
    desk.wait("another preview", lambda s: s["selection"]["previewing"])
    desk.x("key", "Escape")
    desk.wait("the preview dropped", lambda s: not s["selection"]["previewing"])
    desk.x("mouseup", 1)
    desk.check(area(desk.settled()) == larger, "Esc takes the slider back")
    desk.move(*desk.on_screen(1150, 200))
    desk.key("ctrl+z")
    hand.wait("one undo takes it all back", lambda s: area(s) == 0)

    hand.tool(["w"], "color_range")
    hand.click(1200, 1330)
    state = hand.wait("the range", lambda s: s["undo"] == "Colour range")
    desk.check(area(state) > small / 2, "the brick's blue wherever it is")
    blue = area(state)
    hand.click(700, 760, "shift")  # and a lemon's yellow
    state = hand.wait("one more colour", lambda s: area(s) > blue + 5000)
    desk.check(state["mask"]["bounds"][0] < 900, "yellow joined blue")
    hand.clear()
    hand.tool(["w"], "luminance_range")
    hand.click(1560, 720)  # the label
    state = hand.wait("the light", lambda s: s["undo"] == "Luminance range")
    desk.check(area(state) > 5000, "what is as light as the label")
    desk.screenshot("4_luminance")
    hand.clear()


def smart(desk, hand):
    hand.tool(["s"], "smart")
    hand.drag([(1110, 1205), (1385, 1410)])
    state = hand.wait("the object", lambda s: s["undo"] == "Smart select")
    desk.check(20000 < area(state) < 42000, f"the brick ({area(state)} px)")
    x, y, w, h = state["mask"]["bounds"]
    desk.check(x > 1105 and x + w < 1390, "within its box")
    desk.screenshot("5_smart")
    first = area(state)
    hand.drag([(1160, 1290), (1160, 1340)], button=3)
    state = hand.wait("without what was struck out", lambda s: area(s) != first)
    desk.key("ctrl+z")
    hand.wait("the answer before", lambda s: area(s) == first)
    # Esc while it is worked on: nothing comes of it.
    hand.drag([(200, 600), (2250, 1150)])
    desk.key("Escape")
    state = hand.wait("nothing under way")
    desk.check(area(state) in (first, area(desk.settled())), "stopped or done, never half")


def refine(desk, hand):
    hand.clear()
    hand.tool(["m"], "rectangle")
    hand.drag([(1100, 1200), (1400, 1400)])
    state = hand.wait("a rectangle", lambda s: area(s) > 0)
    plain = area(state)
    desk.reveal("mask.refine", up=True)
    if "mask.grow" not in desk.state()["widgets"]:
        desk.click("mask.refine")
    hand.pull("mask.grow", 20, release=False)
    desk.wait("a preview", lambda s: s["selection"]["previewing"] and area(s) > plain)
    desk.screenshot("6_grow_tried")
    desk.x("key", "Escape")
    desk.wait("the rectangle", lambda s: not s["selection"]["previewing"] and area(s) == plain)
    desk.x("mouseup", 1)
    desk.check(desk.settled()["undo"] == "Rectangle", "Esc goes back")
    for name, undo in (("mask.grow", "Grow mask"), ("mask.smooth", "Smooth mask"), ("mask.feather", "Feather mask"),
                       ("mask.border", "Border of the mask")):
        hand.pull(name, 10)
        hand.wait(undo, lambda s: s["undo"] == undo)
    desk.click("mask.holes")
    hand.wait("no holes", lambda s: s["undo"] == "Fill holes")
    desk.move(*desk.on_screen(1150, 200))
    desk.key("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
    hand.wait("five steps back", lambda s: area(s) == plain)


def keep(desk, hand):
    desk.click("mask.slots")
    desk.click("slot.name")
    desk.type("box")
    desk.click("slot.keep")
    desk.wait("a kept mask", lambda s: [m["name"] for m in s["selection"]["slots"]] == ["box"])
    desk.screenshot("7_kept")
    desk.key("Escape")
    desk.move(*desk.on_screen(1150, 200))
    desk.key("ctrl+i")
    inverted = hand.wait("the rest", lambda s: s["undo"] == "Invert mask")
    desk.click("mask.slots")
    desk.click("slot.1")
    state = hand.wait("the kept mask", lambda s: s["undo"] == "Recall mask")
    desk.check(area(state) + area(inverted) == 2304 * 1728, "recalled as it was")
    # Painting within the selection, then a straight line across it.
    desk.move(*desk.on_screen(1150, 200))
    desk.key("b")
    desk.wait("the brush", lambda s: s["tool"] == "brush")
    desk.click("brush.within")
    desk.wait("held", lambda s: s["selection"]["limited"])
    hand.clear()
    hand.click(1000, 1300)
    hand.click(1500, 1300, "shift")
    state = hand.wait("a straight line", lambda s: area(s) > 0)
    x, y, w, h = state["mask"]["bounds"]
    desk.check(abs(x - 1100) <= 2 and abs(w - 300) <= 4, "held to the selection")
    desk.check(abs(y + h / 2 - 1300) <= 2 and abs(h - 2 * state["brush"]["radius_px"]) <= 3, "straight")
    desk.screenshot("8_within")
    desk.click("brush.within")
    desk.wait("let go", lambda s: not s["selection"]["limited"])


def looks(desk, hand):
    desk.move(*desk.on_screen(1150, 200))
    for look in ("rubylith", "matte", "outline", "off", "overlay"):
        desk.key("q")
        desk.wait(look, lambda s: s["mask"]["look"] == look)
        if look != "off":
            desk.screenshot(f"9_{look}")
    desk.key("q", "q", "q")
    desk.wait("outline", lambda s: s["mask"]["look"] == "outline")
    time.sleep(1.5)
    frames = desk.settled()["frames"]
    time.sleep(3)
    desk.check(desk.state()["frames"] == frames, "an outline that stands still costs no frame")
    desk.key("q", "q")
    desk.wait("overlay", lambda s: s["mask"]["look"] == "overlay")


def main(binary, out):
    desk = Desk(binary, out, [SAMPLE])
    desk.wait("the picture", lambda s: s["document"] is not None)
    hand = Hand(desk)
    for part in (shapes, lassos, by_colour, smart, refine, keep, looks):
        part(desk, hand)
    # The window and the command line select the same.
    hand.clear()
    hand.tool(["m"], "rectangle")
    hand.drag([(1100, 1200), (1400, 1400)])
    x, y, w, h = hand.wait("a rectangle", lambda s: area(s) > 0)["mask"]["bounds"]
    mask = desk.out / "selected.png"
    mask.unlink(missing_ok=True)
    desk.key("ctrl+s")
    save_by_dialog(desk, "save_mask", mask)
    deadline = time.monotonic() + 20
    while not mask.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    same = desk.verb("mask", SAMPLE, "--rect", f"{x},{y},{w},{h}", "--subtract", "--load", mask, "-o", desk.out / "difference.png",
                     "--overwrite")
    desk.check(same["pixels"] == 0, "the saved mask is the rectangle")
    whole = desk.verb("mask", SAMPLE, "--load", mask, "-o", desk.out / "again.png", "--overwrite")
    desk.check(whole["bounds"] == [x, y, w, h] and whole["pixels"] == w * h, "pixel for pixel")
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
