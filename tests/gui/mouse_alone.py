"""The artist's main job by mouse alone: not one key is pressed, the words come from the list beside the prompt.

These are the steps of docs/tutorial.md; with MASKWRIGHT_UPDATE_SCREENSHOTS its pictures are taken here."""
import os
import subprocess
import sys

from desk import SAMPLE, SOURCE, Desk

PICTURES = SOURCE / "docs/images/tutorial"


class Mouse(Desk):
    def x(self, *words):
        assert words[0] in ("mousemove", "mousedown", "mouseup", "click"), f"{words[0]} is no pointer's"
        super().x(*words)

    def pick(self, button, row):
        """A row of the list that the button opens."""
        self.click(button)
        self.wait(f"the list of {button}", lambda s: row in s["widgets"])
        self.click(row)

    def slide_to_the_end(self, name):
        self.settled()
        box = self.state()["widgets"][name]
        y = box["y"] + box["height"] / 2
        self.drag([(box["x"] + 20, y), (box["x"] + box["width"] - 2, y)])

    def picture(self, name, box):
        """What lies in the box of the window, in its pixels, for the tutorial."""
        shot = self.screenshot(name)
        if not os.environ.get("MASKWRIGHT_UPDATE_SCREENSHOTS"):
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        x, y, width, height = map(round, box)
        subprocess.run(["convert", shot, "-crop", f"{width}x{height}+{x}+{y}", "+repage", "-resize", "840x840>",
                        "-quality", "86", PICTURES / f"{name}.jpg"], check=True)

    def right_of(self, image_x, top=44, bottom=900):
        """From a column of the picture to the window's right edge."""
        x = self.on_screen(image_x, 0)[0]
        return x, top, 1440 - x, bottom - top


def no_jobs(state):
    return not [j for j in state["jobs"] if j["state"] in ("waiting", "running")]


def main(binary, out):
    desk = Mouse(binary, out)
    # The sample, the brick by a box.
    desk.click("empty.sample")
    desk.wait("the sample", lambda s: s["document"] is not None)
    desk.settled()
    desk.click("tool.smart")
    desk.wait("smart select", lambda s: s["tool"] == "smart")
    desk.drag([desk.on_screen(1120, 1215), desk.on_screen(1400, 1410)])
    state = desk.wait("the brick", lambda s: s["mask"]["support_area"] > 10000 and s["selection"]["working"] == "")
    tight = state["mask"]["support_area"]
    desk.settled()
    desk.picture("1_selected", (0, 0, desk.on_screen(2304, 0)[0], desk.on_screen(0, 1728)[1]))

    # Words from the list, and what is said of a tight mask.
    desk.pick("prompt.recall", "prompt.recall.0")
    desk.wait("the words", lambda s: s["prompt"].lower().startswith("remove"))
    desk.reveal("step.grow")
    desk.settled()
    desk.picture("2_words", (1440 - 320, 230, 320, 330))
    desk.click("step.grow")
    desk.wait("a wider mask", lambda s: s["mask"]["support_area"] > tight + 5000 and s["selection"]["working"] == "")
    area = desk.settled()["mask"]["support_area"]
    desk.click("tool.brush")
    desk.wait("the brush", lambda s: s["tool"] == "brush")
    desk.stroke([(1330, 1400), (1400, 1385), (1460, 1345), (1400, 1350)])
    desk.wait("the shadow with it", lambda s: s["mask"]["support_area"] > area)
    desk.settled()
    desk.picture("3_grown", desk.right_of(1000, bottom=650))

    # The mask as a file is what the export is judged by.
    desk.reveal("mask.save", up=True)
    desk.click("mask.save")
    desk.wait("the dialog", lambda s: s["dialog"] == "save_mask")
    desk.click("place.0")
    desk.click("dialog.save_mask.save")
    mask = desk.out / "home" / "still_life_mask.png"
    desk.wait("the mask's file", lambda s: mask.exists() and s["dialog"] == "" and no_jobs(s))

    # Four candidates, and all of them at once.
    if "request.count" not in desk.settled()["widgets"]:
        desk.reveal("request.options")
        desk.click("request.options")
        desk.wait("the options", lambda s: "request.count" in s["widgets"])
    desk.reveal("request.count")
    desk.slide_to_the_end("request.count")
    desk.reveal("run")
    desk.click("run")
    state = desk.wait("four candidates", lambda s: len(s["document"]["iterations"]) == 5, 300)
    desk.check(all(i["changed_outside_mask"] == 0 for i in state["document"]["iterations"]),
               "0 samples changed outside the mask")
    desk.wait("the figures", lambda s: not s["figures_pending"] and no_jobs(s), 120)
    desk.click("compare.side_by_side")
    desk.wait("the bar", lambda s: "compare.a" in s["widgets"])
    desk.click("way.sheet")
    desk.wait("the contact sheet", lambda s: s["compare"]["mode"] == "sheet" and "sheet.4" in s["widgets"])
    desk.settled()
    desk.picture("4_sheet", (48, 44, 1440 - 320 - 48, 900 - 44))

    # Two of them side by side, then one.
    desk.click("way.side_by_side")
    desk.wait("side by side", lambda s: s["compare"]["mode"] == "side_by_side" and "compare.a" in s["widgets"])
    # After what is shown, its parent and the original each candidate stands with its raw answer.
    desk.pick("compare.a", "compare.a.3")
    desk.pick("compare.b", "compare.b.7")
    desk.wait("two candidates beside each other", lambda s: s["compare"]["mode"] == "side_by_side"
              and [s["compare"]["a"], s["compare"]["b"]] == ["1", "3"] and s["canvas"]["pane_a"])
    desk.settled()
    desk.picture("5_compared", (48, 0, 1440 - 320 - 48, 730))
    desk.click("way.off")
    desk.wait("no comparison", lambda s: s["compare"]["mode"] == "off")
    desk.click("iteration.3")
    desk.wait("the third", lambda s: s["document"]["shown"] == 3 and not s["figures_pending"])
    desk.reveal("verdict.proof")
    state = desk.settled()
    top = state["widgets"]["verdict.proof"]["y"] - 120
    desk.picture("6_verdict", (1440 - 320, top, 320, min(380, 900 - top)))
    desk.reveal("accept")
    desk.click("accept")
    desk.wait("accepted", lambda s: s["document"]["base"] == 3)

    # Export under the name that is offered, in the home folder.
    desk.click("export")
    desk.wait("the dialog", lambda s: s["dialog"] == "export")
    desk.click("place.0")
    desk.click("dialog.export.save")
    result = desk.out / "home" / "still_life_edit.png"
    state = desk.wait("the file", lambda s: result.exists() and s["dialog"] == "" and no_jobs(s))
    desk.picture("7_exported", (48, 380, 1440 - 320 - 48, 520))
    figures = desk.verb("compare", SAMPLE, result, "--mask", mask)
    desk.check(figures["outside"]["changed"] == 0, "no sample of the exported file differs outside the mask")
    desk.check(figures["inside"]["changed"] > 10000, "the exported file differs inside the mask")
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
