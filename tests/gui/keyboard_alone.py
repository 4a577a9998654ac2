"""The artist's main job by keyboard alone: not one event of a pointer is sent."""
import sys

from desk import SAMPLE, Desk

# What holds the brick of the sample, in pixels of the picture.
BOX = (1120, 1215, 1400, 1410)


class Keyboard(Desk):
    def x(self, *words):
        assert words[0] in ("key", "keydown", "keyup", "type"), f"{words[0]} is no key"
        super().x(*words)

    def walk_to(self, name):
        """Into the panels, and from field to field until that one has the keyboard."""
        self.key("F2")
        self.settled()
        for _ in range(60):
            self.key("Tab")
            if self.settled()["focused"] == name:
                return
        self.fail(f"Tab does not come to {name}")

    def leave_panels(self):
        self.key("Escape")
        self.settled()

    def point_at(self, x, y):
        """The arrows until the pointer of the keyboard is as near to a point of the picture as its steps go."""
        for _ in range(400):
            px, py = self.wait("the pointer", lambda s: s["canvas"]["pointer"])["canvas"]["pointer"]
            step = max(1, 1 / self.state()["canvas"]["zoom"])
            for off, back, on in ((x - px, "Left", "Right"), (y - py, "Up", "Down")):
                for size, modifier in ((100 * step, "ctrl+"), (10 * step, "shift+"), (step, "")):
                    if abs(off) >= 0.6 * size:
                        count = round(min(abs(off) / size, 9)) or 1
                        self.key(*[modifier + (on if off > 0 else back)] * count)
                        self.settled()
                        break
                else:
                    continue
                break
            else:
                return
        self.fail(f"the arrows do not come to {x}, {y}")


def no_jobs(state):
    return not [j for j in state["jobs"] if j["state"] in ("waiting", "running")]


def main(binary, out):
    desk = Keyboard(binary, out)
    result = desk.out / "result.png"
    mask = desk.out / "mask.png"
    for file in (result, mask):
        file.unlink(missing_ok=True)

    # The sample from the empty window.
    desk.walk_to("empty.sample")
    desk.key("Return")
    state = desk.wait("the sample", lambda s: s["document"] is not None)
    desk.check(state["document"]["path"].endswith("still_life.png"), "Enter opens the sample")
    desk.settled()
    desk.leave_panels()

    # A box round the brick.
    desk.key("ctrl+F2", "s")
    desk.wait("smart select", lambda s: s["tool"] == "smart" and s["canvas"]["pointer"])
    desk.point_at(BOX[0], BOX[1])
    desk.key("Return")
    desk.point_at(BOX[2], BOX[3])
    desk.screenshot("1_box")
    desk.key("Return")
    state = desk.wait("the brick", lambda s: s["mask"]["support_area"] > 10000
                      and s["selection"]["working"] == "")
    x, y, w, h = state["mask"]["bounds"]
    desk.check(x >= BOX[0] - 4 and y >= BOX[1] - 4 and x + w <= BOX[2] + 4 and y + h <= BOX[3] + 4,
               "smart select took what is in the box")
    area = state["mask"]["support_area"]

    # Shift adds: the shadow, by a second box.
    desk.key("m")
    desk.wait("the rectangle", lambda s: s["tool"] == "rectangle")
    desk.point_at(1360, 1310)
    desk.key("shift+Return")
    desk.point_at(1470, 1400)
    desk.key("Return")
    state = desk.wait("the shadow with it", lambda s: s["mask"]["support_area"] > area + 5000)
    desk.screenshot("2_selected")
    desk.key("Escape")
    desk.wait("the pointer's end", lambda s: "canvas.keyboard" not in s["widgets"])
    desk.key("ctrl+s")
    desk.wait("the dialog", lambda s: s["dialog"] == "save_mask" and s["focused"].endswith(".path"))
    desk.key("ctrl+a")
    desk.type(str(mask))
    desk.key("Return")
    desk.wait("the mask's file", lambda s: mask.exists() and no_jobs(s))

    # Words, two candidates, run.
    desk.key("ctrl+l")
    desk.wait("the prompt", lambda s: s["focused"] == "prompt")
    desk.type("remove the toy brick")
    desk.wait("the words", lambda s: s["prompt"] == "remove the toy brick" and s["cannot_run"] == "")
    desk.walk_to("request.options")
    desk.key("space")
    desk.wait("the options", lambda s: "request.count" in s["widgets"])
    desk.leave_panels()
    desk.walk_to("request.count")
    desk.type("2")  # a slider that Tab comes to takes its number
    desk.key("Return")
    desk.settled()
    desk.leave_panels()
    desk.key("ctrl+Return")
    state = desk.wait("two candidates", lambda s: len(s["document"]["iterations"]) == 3, 180)
    desk.check(all(i["changed_outside_mask"] == 0 for i in state["document"]["iterations"]),
               "0 samples changed outside the mask")

    # The two against each other, then one of them.
    desk.key("F6", "1", "shift+2")
    state = desk.wait("one against two", lambda s: s["compare"]["mode"] == "wipe"
                      and s["compare"]["a"] != s["compare"]["b"] and s["compare"]["b"].endswith("2"))
    desk.screenshot("3_compared")
    desk.key("F6")
    desk.wait("no comparison", lambda s: s["compare"]["mode"] == "off")
    desk.key("2")
    desk.wait("the second", lambda s: s["document"]["shown"] == 2)
    desk.key("ctrl+shift+a")
    desk.wait("accepted", lambda s: s["document"]["base"] == 2)

    # Export, and judge the file.
    desk.key("ctrl+shift+e")
    desk.wait("the dialog", lambda s: s["dialog"] == "export" and s["focused"].endswith(".path"))
    desk.key("ctrl+a")
    desk.type(str(result))
    desk.key("Return")
    desk.wait("the file", lambda s: result.exists() and no_jobs(s))
    figures = desk.verb("compare", SAMPLE, result, "--mask", mask)
    desk.check(figures["outside"]["changed"] == 0, "no sample of the exported file differs outside the mask")
    desk.check(figures["inside"]["changed"] > 10000, "the exported file differs inside the mask")
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
