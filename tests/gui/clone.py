"""Clone and heal with real pointer and keys, the fields beside the prompt, a redaction. Screenshots at the three
sizes."""
import sys

from desk import SAMPLE, Desk, save_by_dialog


def alt_click(desk, x, y):
    desk.move(*desk.on_screen(x, y))
    desk.x("keydown", "alt")
    desk.settled()
    desk.x("click", 1)
    desk.settled()
    desk.x("keyup", "alt")


def say(desk, words):
    desk.reveal("prompt", up=True)
    desk.click("prompt")
    desk.key("ctrl+a")
    desk.type(words)
    desk.wait("the prompt", lambda s: s["prompt"] == words)


def fields_at_each_size(binary, out):
    for size, scale in (("1280x720", 1), ("1920x1080", 1), ("1920x1080", 2)):
        desk = Desk(binary, f"{out}/{size}@{scale}", [SAMPLE], size=size, scale=scale)
        desk.wait("the picture", lambda s: s["document"] is not None)
        desk.stroke([(1120, 1250), (1380, 1250)])
        say(desk, "make it dark green, then blur and lift the shadows by 20 %")
        state = desk.wait("the fields", lambda s: "step.2.1" in s["widgets"])
        desk.screenshot("fields")
        for name, box in state["widgets"].items():
            if name.startswith("step."):
                inside = box["x"] >= 0 and (box["x"] + box["width"]) * state["canvas"]["density"] <= \
                    state["framebuffer"][0]
                desk.check(inside, f"{size} at {scale}: {name} is inside the window")
        desk.key("Escape")
        desk.key("k")
        desk.wait("the tool", lambda s: s["tool"] == "clone")
        alt_click(desk, 900, 700)
        desk.wait("the source", lambda s: s["clone"]["source"] is not None)
        desk.move(*desk.on_screen(1250, 1250))
        desk.settled()
        desk.screenshot("source")
        desk.close()


def main(binary, out):
    desk = Desk(binary, out, [SAMPLE])
    desk.wait("the picture", lambda s: s["document"] is not None)

    # A field is pulled, and the prompt follows.
    desk.stroke([(1120, 1250), (1380, 1250)])
    say(desk, "blur by 4 px")
    desk.wait("the field", lambda s: "step.0.0" in s["widgets"])
    desk.key("Escape")
    desk.reveal("step.0.0")
    box = desk.settled()["widgets"]["step.0.0"]
    y = box["y"] + box["height"] / 2
    desk.drag([(box["x"] + box["width"] * 0.4, y), (box["x"] + box["width"] * 0.7, y)])
    state = desk.wait("another prompt", lambda s: s["prompt"] not in ("blur by 4 px", "blur"))
    desk.check(state["prompt"].startswith("blur by "), f"it says what the field says: {state['prompt']}")
    desk.click("step.0.0_auto")
    desk.wait("nothing said", lambda s: s["prompt"] == "blur")

    # Strokes need a source; each is a result that is taken.
    desk.key("k")
    desk.wait("the tool", lambda s: s["tool"] == "clone")
    desk.stroke([(1200, 900), (1240, 900)])
    state = desk.settled()
    desk.check(len(state["document"]["iterations"]) == 1, "no stroke without a source")
    desk.screenshot("1_no_source")
    alt_click(desk, 700, 600)
    desk.wait("the source", lambda s: s["clone"]["source"] is not None)
    desk.stroke([(1200, 900), (1260, 940)])
    state = desk.wait("the stroke", lambda s: len(s["document"]["iterations"]) == 2)
    source, offset = state["clone"]["source"], state["clone"]["offset"]
    desk.check(abs(offset[0] + 500) < 6 and abs(offset[1] + 300) < 6, f"it comes from so far away: {offset} {source}")
    desk.settled()
    desk.screenshot("2_cloned")
    desk.key("j")
    desk.wait("the other tool", lambda s: s["tool"] == "heal")
    desk.stroke([(1500, 1000), (1560, 1040)])
    state = desk.wait("the second stroke", lambda s: len(s["document"]["iterations"]) == 3)
    desk.check(state["document"]["base"] == 2, "what comes next starts from it")
    desk.settled()
    desk.screenshot("3_healed")
    desk.key("ctrl+z")
    desk.wait("a stroke less", lambda s: s["document"]["base"] == 1)

    # A redaction says what it is, and what keeps the original.
    desk.key("b")
    say(desk, "redact")
    desk.key("Escape")
    desk.reveal("run", up=True)
    desk.key("ctrl+Return")
    desk.wait("the redaction", lambda s: len(s["document"]["iterations"]) == 4)
    desk.settled()
    desk.screenshot("4_redacted")
    desk.reveal("verdict.redacted")
    desk.screenshot("5_verdict")
    (desk.out / "redacted.psd").unlink(missing_ok=True)
    desk.key("ctrl+shift+e")
    save_by_dialog(desk, "export", out + "/redacted.psd")
    desk.wait("the file", lambda s: "redacted.psd" in " ".join(p.name for p in desk.out.iterdir()))
    desk.settled()
    content = (desk.out / "redacted.psd").read_bytes()
    desk.check(b"Redacted" in content and b"Original" not in content, "its layers begin with the redaction")
    desk.screenshot("6_exported")
    desk.close()
    fields_at_each_size(binary, out)


if __name__ == "__main__":
    main(*sys.argv[1:3])
