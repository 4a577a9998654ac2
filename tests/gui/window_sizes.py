"""At each size and scale every control lies inside the window, none lies on another, and the canvas keeps its share."""
import sys

from desk import SAMPLE, Desk


def overlap(a, b):
    return min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"]) > 1 and \
        min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"]) > 1


def main(binary, out):
    for size, scale in (("1280x720", 1), ("1440x900", 1), ("1920x1080", 1), ("1920x1080", 2)):
        desk = Desk(binary, f"{out}/{size}@{scale}", [SAMPLE], size=size, scale=scale)
        desk.wait("the picture", lambda s: s["document"] is not None)
        desk.stroke([(1150, 1300), (1350, 1320)])
        state = desk.wait("a stroke", lambda s: s["mask"]["support_area"] > 0)
        desk.screenshot("window")
        width, height = state["framebuffer"]
        density = state["canvas"]["density"]
        boxes = {n: b for n, b in state["widgets"].items() if not n.startswith("canvas")}
        for name, b in boxes.items():
            inside = b["x"] >= 0 and b["y"] >= 0 and (b["x"] + b["width"]) * density <= width + 1 \
                and (b["y"] + b["height"]) * density <= height + 1
            # What a panel scrolls may lie below its edge, never beyond its sides.
            scrolled = b["x"] * density > width * 0.5 and b["x"] + b["width"] <= width / density + 1
            desk.check(inside or scrolled, f"{size} at {scale}: {name} is inside the window")
        names = sorted(boxes)
        crossing = [(a, b) for i, a in enumerate(names) for b in names[i + 1:] if overlap(boxes[a], boxes[b])]
        desk.check(not crossing, f"{size} at {scale}: no control on another {crossing}")
        if size == "1440x900":
            share = state["canvas"]["pane"][2] / width
            desk.check(share >= 0.7, f"the canvas has {share:.0%} of the width")
        desk.close()


main(sys.argv[1], sys.argv[2])
