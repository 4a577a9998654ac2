"""Marks for the model: drawn, picked, hidden and sent instead of the mask or beside it; the size, the model list,
IOPaint's selection, a conversation. Screenshots of each state of the panel, at the three sizes."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from desk import SAMPLE, Desk, open_by_dialog  # noqa: E402
from small_service import Service, event, head  # noqa: E402
import base64  # noqa: E402
import png  # noqa: E402


def parts_of(body):
    """The named parts of a form: (name, bytes)."""
    boundary = body.split(b"\r\n", 1)[0]
    found = []
    for part in body.split(boundary)[1:-1]:
        header, content = part[2:-2].split(b"\r\n\r\n", 1)
        found.append((re.search(rb'name="([^"]*)"', header).group(1).decode(), content))
    return found


def crop_of(size):
    return subprocess.run(["convert", str(SAMPLE), "-resize", size + "!", "-modulate", "100,20", "png:-"],
                          stdout=subprocess.PIPE, check=True).stdout


def script(method, path, body, send):
    if path.startswith("/v1/models"):
        send(head() + json.dumps({"data": [{"id": "gpt-image-2", "shutdown_date": None},
                                           {"id": "gpt-image-2.5-flare", "shutdown_date": "2027-03-01"},
                                           {"id": "gpt-image-9"}, {"id": "gpt-5"}]}).encode())
    elif path.startswith("/v1/responses"):
        size = json.loads(body)["tools"][0]["size"]
        item = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "output_format": "png",
                "revised_prompt": "A brass lamp on the table, lit from the left",
                "result": base64.b64encode(crop_of(size)).decode()}
        whole = {"type": "response.completed", "sequence_number": 3,
                 "response": {"id": "resp_1", "status": "completed", "output": [item]}}
        send(head("text/event-stream") + b"event: response.completed\ndata: " + json.dumps(whole).encode() + b"\n\n")
    else:
        size = body.split(b'name="size"\r\n\r\n')[1].split(b"\r\n")[0].decode()
        send(head("text/event-stream") + event(crop_of(size)))


def iopaint(method, path, body, send):
    clicks = json.loads(body)["clicks"]
    width, height = 2304, 1728  # the sample's, asserted below
    near = [c[:2] for c in clicks if c[2]]
    picture = subprocess.run(
        ["convert", "-size", f"{width}x{height}", "xc:none", "-fill", "#ffcb0090"] +
        sum((["-draw", f"circle {x},{y} {x + 60},{y}"] for x, y in near), []) + ["png:-"],
        stdout=subprocess.PIPE, check=True).stdout
    send(head("image/png") + picture)


def choose(desk, combo, row):
    desk.reveal(combo)
    desk.click(combo)
    desk.settled()
    desk.click(row)
    desk.settled()


def panel_at_each_size(binary, out):
    for size, scale in (("1280x720", 1), ("1920x1080", 1), ("1920x1080", 2)):
        desk = Desk(binary, f"{out}/{size}@{scale}", [SAMPLE], size=size, scale=scale)
        desk.wait("the picture", lambda s: s["document"] is not None)
        desk.stroke([(1120, 1250), (1380, 1250)])
        desk.key("d")
        desk.wait("the tool", lambda s: s["tool"] == "markup")
        desk.stroke([(800, 900), (1150, 1180)])
        desk.wait("the arrow", lambda s: len(s["markup"]["marks"]) == 1)
        choose(desk, "request.model", "request.model.gpt-image-2.5-flare")
        desk.wait("the use", lambda s: s["markup"]["use"] == "instead_of_mask")
        desk.screenshot("panel")
        state = desk.settled()
        for name, box in state["widgets"].items():
            if name.startswith("markup."):
                inside = box["x"] >= 0 and (box["x"] + box["width"]) * state["canvas"]["density"] <= \
                    state["framebuffer"][0]
                desk.check(inside, f"{size} at {scale}: {name} is inside the window")
        names = [n for n in state["widgets"] if n.startswith(("markup.", "overlay.", "compare.", "view.", "open"))]
        for i, a in enumerate(names):
            for b in names[i + 1:]:
                p, q = state["widgets"][a], state["widgets"][b]
                apart = p["x"] + p["width"] <= q["x"] + 1 or q["x"] + q["width"] <= p["x"] + 1 or \
                    p["y"] + p["height"] <= q["y"] + 1 or q["y"] + q["height"] <= p["y"] + 1
                if not apart:
                    desk.fail(f"{size} at {scale}: {a} lies on {b}")
        desk.close()


def main(binary, out):
    service, helper = Service(script), Service(iopaint)
    os.environ["OPENAI_BASE_URL"] = "http://127.0.0.1:%d/v1" % service.port
    os.environ["MASKWRIGHT_IOPAINT_URL"] = "http://127.0.0.1:%d" % helper.port
    os.environ["OPENAI_API_KEY"] = "TESTKEY-gui-0123456789abcdef"
    os.environ.pop("XDG_CONFIG_HOME", None)
    desk = Desk(binary, out)
    open_by_dialog(desk, SAMPLE)
    state = desk.wait("the picture", lambda s: s["document"] is not None)
    width, height = state["document"]["size"]
    desk.check((width, height) == (2304, 1728), f"the sample has its size: {width} x {height}")

    # A click on a thing is IOPaint's to answer.
    desk.key("s")
    desk.click("select.iopaint")
    desk.settled()
    desk.move(*desk.on_screen(1250, 1250))
    desk.x("click", 1)
    state = desk.wait("the selection", lambda s: s["mask"]["support_area"] > 8000)
    desk.check(abs(state["mask"]["bounds"][2] - 121) < 4, f"as large as was found: {state['mask']['bounds']}")
    desk.screenshot("1_iopaint")
    desk.key("b")
    desk.stroke([(1120, 1250), (1380, 1250)])
    desk.click("prompt")
    desk.type("a brass lamp")
    desk.wait("the prompt", lambda s: s["prompt"] == "a brass lamp")
    desk.key("Escape")

    # Marks of each kind.
    desk.key("d")
    desk.wait("the tool", lambda s: s["tool"] == "markup")
    desk.stroke([(800, 900), (1150, 1180)])
    state = desk.wait("an arrow", lambda s: len(s["markup"]["marks"]) == 1)
    arrow = state["markup"]["marks"][0]
    desk.check(arrow["kind"] == "arrow" and abs(arrow["points"][1][0] - 1150) < 6, f"it points there: {arrow}")
    desk.click("markup.ellipse")
    desk.settled()
    desk.stroke([(1060, 1120), (1440, 1400)])
    desk.click("markup.stroke")
    desk.settled()
    desk.stroke([(1100, 1440), (1200, 1460), (1300, 1430), (1400, 1460)])
    desk.click("markup.note")
    desk.settled()
    desk.move(*desk.on_screen(1480, 1080))
    desk.x("click", 1)
    desk.settled()
    desk.screenshot("2_note_field")
    desk.type("brass, matt")
    desk.key("Return")
    state = desk.wait("the note", lambda s: len(s["markup"]["marks"]) == 4)
    desk.check(state["markup"]["marks"][3]["text"] == "brass, matt", "the note has its words")
    desk.check(state["markup"]["use"] == "unseen", "the built-in engine sees none")
    desk.settled()
    desk.screenshot("3_marks")

    # Picked, moved, coloured, removed, and back.
    desk.click("markup.pick")
    desk.settled()
    desk.stroke([(975, 1040), (1000, 1000)])
    state = desk.wait("a moved arrow", lambda s: s["markup"]["picked"] == 1 and
                      s["markup"]["marks"][0]["points"][0][0] > 810)
    desk.click("markup.color")
    desk.settled()
    desk.click("markup.color.2")
    desk.wait("another colour", lambda s: s["markup"]["marks"][0]["color"] == [0, 190, 60])
    desk.settled()
    desk.screenshot("4_picked")
    desk.key("Delete")
    desk.wait("one less", lambda s: len(s["markup"]["marks"]) == 3)
    desk.key("ctrl+z")
    desk.wait("it is back", lambda s: len(s["markup"]["marks"]) == 4)

    # A model that takes them gets them instead of the mask.
    choose(desk, "request.model", "request.model.gpt-image-2.5-flare")
    state = desk.wait("the use", lambda s: s["markup"]["use"] == "instead_of_mask")
    state = desk.wait("the model list", lambda s: s["request"]["offered"] == 4)
    shown = state["request"]["high_usd"]
    desk.key("shift+d")
    state = desk.wait("hidden marks", lambda s: s["markup"]["hidden"] and s["request"]["high_usd"] < shown)
    desk.key("shift+d")
    desk.wait("shown marks", lambda s: s["request"]["high_usd"] == shown)
    desk.screenshot("5_instead_of_mask")
    desk.click("request.model")
    desk.settled()
    desk.screenshot("6_model_list")
    desk.key("Escape")
    desk.settled()

    # A size that the rules forbid says which; one that they allow changes the price.
    desk.click("request.size")
    desk.settled()
    desk.screenshot("7_sizes")
    desk.click("request.size.other")
    desk.settled()
    desk.type("1000x1000")
    desk.key("Return")
    desk.wait("why not", lambda s: "request.size.problem" in s["widgets"])
    desk.settled()
    desk.screenshot("8_size_refused")
    desk.click("request.size.field")
    desk.key("ctrl+a")
    desk.type("1536x1024")
    desk.key("Return")
    desk.wait("the size", lambda s: s["request"]["size"] == [1536, 1024] and
              s["plan"] and s["plan"]["request_size"] == [1536, 1024])
    desk.reveal("run")
    desk.click("run")
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 2)
    sent = dict(parts_of(service.requests[-1][3]))
    desk.check("markup" in sent and "mask" not in sent, f"markup and no mask: {sorted(sent)}")
    desk.check(sent["size"] == b"1536x1024", "of the size asked for")
    with open(f"{out}/markup.png", "wb") as file:
        file.write(sent["markup"])
    drawn = png.read(f"{out}/markup.png")
    alpha = drawn.samples[3::4]
    desk.check((drawn.width, drawn.height, drawn.channels) == (1536, 1024, 4), "the markup has the crop's size")
    seen = sum(1 for a in alpha if a == 255) / len(alpha)
    desk.check(0.01 < seen < 0.3, f"something of it is drawn, the rest transparent: {seen:.3f}")
    state = desk.settled()
    desk.check(state["document"]["iterations"][1]["changed_outside_mask"] == 0, "nothing outside changed")

    # One that takes none gets the mask, and the marked picture as a reference.
    choose(desk, "request.model", "request.model.gpt-image-2")
    desk.wait("the use", lambda s: s["markup"]["use"] == "reference")
    desk.screenshot("9_reference")
    desk.key("ctrl+Return")
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 3)
    sent = parts_of(service.requests[-1][3])
    names = [name for name, _ in sent]
    desk.check("mask" in names and "markup" not in names and names.count("image[]") == 2,
               f"mask and two pictures: {names}")

    # A conversation: what was understood, and a new one.
    choose(desk, "request.model", "request.model.gpt-image-2.conversation")
    desk.wait("the conversation", lambda s: s["request"]["provider"] == "openai-responses")
    desk.key("ctrl+Return")
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 4)
    desk.key("ctrl+shift+a")
    desk.wait("a turn", lambda s: len(s["request"]["turns"]) == 1)
    desk.reveal("service.turns")
    desk.click("service.turns")
    desk.settled()
    desk.screenshot("10_conversation")
    desk.reveal("service.anew")
    desk.click("service.anew")
    desk.wait("anew", lambda s: s["request"]["anew"])
    desk.key("ctrl+Return")
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 5)
    last = json.loads(service.requests[-1][3])
    desk.check("previous_response_id" not in last, "a new conversation goes on from nothing")
    desk.close()
    panel_at_each_size(binary, out)


main(sys.argv[1], sys.argv[2])
