"""Judging: every way to compare is entered and left by its key, with figures, candidates, spots, nudge and files."""
import os
import shutil
import sys
import time

from desk import SAMPLE, SOURCE, Desk, save_by_dialog

sys.path.insert(0, str(SOURCE / "tests/support"))
import png  # noqa: E402

WAYS = [("side_by_side", "shift+y"), ("stacked", "alt+y"), ("wipe", "F6"), ("flip", "F5"), ("onion", "F7"),
        ("flicker", "F8"), ("difference", "F9"), ("heat", "F10"), ("sheet", "F11")]
PROMPTS = ["make it dark green", "pixelate 24px", "brighten by 40 %"]


def ask(desk, prompt, count):
    desk.request(prompt)
    desk.wait(f"answer {count}", lambda s: s["document"]["shown"] == count, 120)


def compare(state):
    return state["compare"]


def mode_is(mode):
    return lambda s: s["compare"]["mode"] == mode


def choose(desk, side, index):
    """The index-th of what a side can show: shown, parent, original, 1, 1 as received, 2, …"""
    desk.click(f"compare.{side}")
    desk.click(f"compare.{side}.{index}")


def ways(desk):
    for mode, key in WAYS:
        desk.key(key)
        desk.wait(f"{mode} by {key}", mode_is(mode))
        desk.screenshot(f"way_{mode}")
        if mode == "flicker":
            seen = set()
            frames = desk.state()["frames"]
            deadline = time.monotonic() + 5
            while len(seen) < 2 and time.monotonic() < deadline:
                seen.add(desk.state()["compare"]["flicker_shows_b"])
                time.sleep(0.03)
            desk.check(seen == {True, False}, "a flicker shows both by turns")
            desk.check(desk.state()["frames"] > frames, "and draws by itself")
        desk.key(key)
        desk.wait(f"{mode} left by {key}", mode_is("off"))
        desk.key(key)
        desk.wait(f"{mode} again", mode_is(mode))
        desk.key("Escape")
        desk.wait(f"{mode} left by Esc", mode_is("off"))
    frames = desk.settled()["frames"]
    time.sleep(1.5)
    desk.check(desk.state()["frames"] == frames, "without a flicker nothing is drawn")


def figures(desk):
    desk.key("F6", "F4")
    state = desk.wait("the figures", lambda s: compare(s)["figures"] and not compare(s)["figures_pending"]
                      and all(r["inside"] for r in compare(s)["candidates"]), 120)
    found = compare(state)["figures"]
    desk.check(found["outside"]["changed"] == 0, "nothing changed outside the mask")
    desk.check(found["inside"]["changed"] > 10000 and found["inside"]["flip"] > 0.01, "the mask's inside changed")
    desk.check(found["seam"]["pixels"] > 0 and found["all"]["pixels"] == 2304 * 1728, "seam and all are counted")
    desk.check("none in the composite" in found["areas"], f"it is said what changed elsewhere: {found['areas']}")
    desk.check(len(compare(state)["candidates"]) == 3, "every candidate has a row")
    desk.screenshot("figures")

    # Sorted by what one asks for.
    desk.reveal("candidates.delta_e")
    for _ in range(2):
        desk.click("candidates.delta_e")
    rows = [r["inside"]["delta_e"] for r in compare(desk.settled())["candidates"]]
    desk.check(rows == sorted(rows, reverse=True) and len(set(rows)) == 3, "the table is sorted")
    desk.screenshot("candidates")

    # The worst spot comes into the middle.
    desk.reveal("spot.0", up=True)
    desk.click("spot.0")
    state = desk.settled()
    x, y, w, h = compare(state)["spots"][0]
    cx, cy = state["canvas"]["center"]
    desk.check(abs(cx - x - w / 2) < 2 and abs(cy - y - h / 2) < 2 and state["canvas"]["zoom"] > 2,
               "a spot that was clicked is in the middle")
    desk.screenshot("spot")
    desk.key("F3")
    desk.wait("the next spot", lambda s: s["canvas"]["center"] != [cx, cy])
    desk.key("ctrl+0")

    # Alignment by the arrow keys.
    changed = compare(desk.state())["figures"]["all"]["changed"]
    desk.key("F9")
    desk.key("Right", "Right", "shift+Down")
    desk.wait("B to move", lambda s: compare(s)["nudge"] == [2, 10])
    state = desk.wait("its figures", lambda s: compare(s)["figures"] and not compare(s)["figures_pending"], 120)
    desk.check(compare(state)["figures"]["all"]["changed"] > changed, "the figures are of the moved picture")
    desk.screenshot("nudged")
    desk.key("shift+Home")
    desk.wait("B in its place", lambda s: compare(s)["nudge"] == [0, 0])


def reports(desk):
    for name, button, dialog in (("table.csv", "compare.export_table", "table"),
                                 ("report.html", "compare.export_report", "report"),
                                 ("flip.webp", "compare.export_report", "report")):
        path = desk.out / name
        path.unlink(missing_ok=True)
        desk.reveal(button)
        desk.click(button)
        save_by_dialog(desk, dialog, path)
        desk.wait(f"{name} written", lambda s: path.exists() and any(name in n["text"] for n in s["notices"]), 60)
    lines = (desk.out / "table.csv").read_text().splitlines()
    desk.check(len(lines) == 4 and "outside.changed" in lines[0], "the table has a line for every candidate")
    page = (desk.out / "report.html").read_text()
    desk.check(all(prompt in page for prompt in PROMPTS), "the page has every candidate's prompt")
    desk.screenshot("reports")


def profile(desk):
    desk.reveal("compare.profile")
    if "profile.draw" not in desk.settled()["widgets"]:
        desk.click("compare.profile")
    desk.reveal("profile.draw")
    desk.click("profile.draw")
    desk.stroke([(1000, 1200), (1650, 1420)])
    state = desk.settled()
    line = compare(state)["line"]
    desk.check(line and abs(line[0] - 1000) < 6 and abs(line[3] - 1420) < 6, "a line was drawn")
    desk.reveal("profile.plot")
    desk.screenshot("profile")


def heat(desk):
    desk.key("F10")
    desk.wait("the heat map", mode_is("heat"))
    for metric in ("ssim", "absolute", "flip"):
        desk.key("shift+F10")
        state = desk.wait(metric, lambda s: compare(s)["metric"] == metric)
        if metric in ("ssim", "flip"):
            desk.wait(f"the map of {metric}", lambda s: compare(s)["heat_made"], 120)
        desk.screenshot(f"heat_{metric}")
    desk.check(compare(state)["mode"] == "heat", "the heat map of every metric is shown")
    desk.key("Escape")


def sides(desk):
    desk.key("F6")
    desk.wait("wipe", mode_is("wipe"))
    desk.move(*desk.on_screen(1150, 300))
    desk.key("1")
    desk.wait("1 as A", lambda s: compare(s)["a"] == "1")
    desk.key("shift+2")
    desk.wait("2 as B", lambda s: compare(s)["b"] == "2")
    desk.key("shift+x")
    desk.wait("swapped", lambda s: compare(s)["a"] == "2" and compare(s)["b"] == "1")
    desk.key("period")
    desk.wait("the next candidate as B", lambda s: compare(s)["b"] == "2")
    desk.key("0")
    choose(desk, "b", 4)
    desk.wait("the answer as received", lambda s: compare(s)["b"] == "1 as received" and compare(s)["mode"] == "wipe")
    desk.key("F9")
    desk.wait("difference", mode_is("difference"))
    desk.screenshot("as_received")


def files(desk):
    other = desk.out / "other.png"
    other.write_bytes(png.encode(png.make(400, 300, 3, 8, lambda x, y, c: (x % 256, y % 256, 90)[c])))
    odd = desk.out / "odd.png"
    odd.write_bytes(png.encode(png.make(300, 500, 1, 16, lambda x, y, c: 130 * x)))
    for path, words in ((other, "scaled from 400 x 300 to 2304 x 1728"), (odd, "top left corner")):
        desk.move(*desk.on_screen(1150, 300))
        desk.key("ctrl+alt+o")
        desk.wait("the dialog", lambda s: s["dialog"] == "compare")
        desk.fill_field("dialog.compare.path", str(path))
        desk.key("Return")
        state = desk.wait(f"{path.name} as A", lambda s: compare(s)["a"] == path.name, 60)
        desk.check(words in compare(state)["notes"][0], f"it is said how it was brought together: {words}")
    desk.key("shift+y")
    desk.wait("side by side", mode_is("side_by_side"))
    desk.screenshot("file")
    desk.key("Escape")
    desk.wait("one picture", mode_is("off"))


def main(binary, out, size="1440x900", scale=None):
    desk = Desk(binary, out, [SAMPLE], size=size, scale=scale)
    desk.wait("the picture", lambda s: s["document"] is not None)
    desk.key("F6")
    desk.wait("a comparison without anything to compare",
              lambda s: compare(s)["asked"] == "wipe" and compare(s)["mode"] == "off")
    desk.screenshot("nothing")
    desk.key("Escape")
    for row in ([(1120, 1250), (1380, 1250)], [(1380, 1300), (1110, 1300)], [(1110, 1350), (1570, 1350)]):
        desk.stroke(row)
    desk.wait("the mask", lambda s: s["mask"]["support_area"] > 50000 and s["plan"])
    for i, prompt in enumerate(PROMPTS):
        ask(desk, prompt, i + 1)
    desk.move(*desk.on_screen(1150, 300))
    ways(desk)
    figures(desk)
    reports(desk)
    profile(desk)
    heat(desk)
    sides(desk)
    files(desk)
    desk.close()
    if os.environ.get("MASKWRIGHT_UPDATE_SCREENSHOTS"):
        for name in ("way_side_by_side", "way_wipe", "way_difference", "heat_flip", "way_sheet", "figures"):
            shutil.copy(desk.out / f"{name}.png", SOURCE / "docs/images" / f"compare_{name.removeprefix('way_')}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
