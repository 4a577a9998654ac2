"""The window in its states, at three sizes, in one theme: each picture of it against a kept one.

Kept ones are small and grey (tests/gui/screens/): what moved, vanished, overlaps or changed its brightness is seen, the
last bit of antialiasing is not. With MASKWRIGHT_KEEP_SCREENS=1 they are written anew, and looked at before they are
committed. The whole pictures are left in OUT."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from desk import SAMPLE, SOURCE, Desk, open_by_dialog  # noqa: E402
from small_service import Service, event, head  # noqa: E402

KEPT = SOURCE / "tests/gui/screens"
SCREENS = (("1280x720", 1), ("1920x1080", 1), ("3840x2160", 2))
REDUCED = (480, 270)
# Of a reduced picture: how far a pixel may be off, and how many may be further.
FAR, SHARE = 20, 0.004
WAYS = [("side_by_side", "shift+y"), ("stacked", "alt+y"), ("wipe", "F6"), ("flip", "F5"), ("onion", "F7"),
        ("flicker", "F8"), ("difference", "F9"), ("heat", "F10"), ("sheet", "F11")]
WORDS = ("Replace the striped cloth under the bowl with plain linen, keep the folds and the light from the left, "
         "and leave every fruit where it is. ") * 9


def reduced(picture):
    done = subprocess.run(["convert", picture, "-colorspace", "gray", "-filter", "box", "-resize", "%dx%d!" % REDUCED,
                           "-depth", "8", "gray:-"], stdout=subprocess.PIPE, check=True)
    return done.stdout


class Album:
    def __init__(self, folder, theme):
        self.folder, self.theme, self.wrong, self.count = folder, theme, [], 0
        folder.mkdir(parents=True, exist_ok=True)
        self.keep = os.environ.get("MASKWRIGHT_KEEP_SCREENS") == "1"

    def take(self, desk, size, state, settles=True):
        name = "%s_%s_%s.png" % (state, self.theme, size)
        self.count += 1
        if self.keep:
            KEPT.mkdir(exist_ok=True)
            subprocess.run(["convert", "-size", "%dx%d" % REDUCED, "-depth", "8", "gray:-", "-strip", KEPT / name],
                           input=self.shoot(desk, state, name, settles), check=True)
            return
        # On a busy machine small pictures come late: what is still not as kept after that is wrong.
        for _ in range(5):
            wrong = self.difference(self.shoot(desk, state, name, settles), name)
            if not wrong:
                return
            time.sleep(2)
        self.wrong.append(wrong)

    def shoot(self, desk, state, name, settles):
        if settles:
            desk.settled()
        else:
            time.sleep(1.5)  # a running job draws its seconds
        shutil.move(desk.screenshot(state), self.folder / name)
        return reduced(self.folder / name)

    @staticmethod
    def difference(small, name):
        if not (KEPT / name).is_file():
            return name + ": nothing is kept to compare it with"
        far = sum(abs(a - b) > FAR for a, b in zip(small, reduced(KEPT / name)))
        return "%s: %.2f %% of it is not as kept" % (name, 100 * far / len(small)) if far > SHARE * len(small) else None


def no_jobs(state):
    return not [j for j in state["jobs"] if j["state"] in ("waiting", "running")]


def ask(desk, prompt, count):
    desk.request(prompt)
    desk.wait("answer %d" % count, lambda s: len(s["document"]["iterations"]) == count + 1 and no_jobs(s), 120)


def wait_figures(desk):
    desk.wait("the figures", lambda s: not s["compare"]["figures_pending"] and no_jobs(s), 120)


def project_of_thirty(binary, folder):
    """A project with thirty results in a tree, made without a window; once for all sizes."""
    project = folder / "thirty.mwr"
    project.unlink(missing_ok=True)
    size = subprocess.run(["identify", "-format", "%wx%h", SAMPLE], stdout=subprocess.PIPE, text=True, check=True).stdout
    deeds = ["darken", "brighten by 30 %", "recolour to dark green", "blur by 6 px", "pixelate 24px", "sharpen"]
    for i in range(30):
        x, y = 300 + 60 * (i % 10), 400 + 200 * (i // 10)
        mask = folder / "mask.png"
        subprocess.run(["convert", "-size", size, "xc:black", "-fill", "white", "-draw",
                        "rectangle %d,%d %d,%d" % (x, y, x + 220, y + 160), mask], check=True)
        words = [binary, "edit", SAMPLE, "--mask", mask, "--prompt", deeds[i % 6], "--project", project,
                 "-o", folder / "edited.png", "--overwrite"]
        done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
        if done.returncode:
            sys.exit("FAILED: the project of thirty: " + done.stderr)
    return project


def first_part(binary, album, out, size, scale, theme, address):
    home = out / "home"
    shutil.rmtree(out, ignore_errors=True)
    settings = home / "state/maskwright"
    settings.mkdir(parents=True)
    (settings / "preferences.json").write_text(json.dumps({"theme": theme, "prompts": [WORDS]}))
    desk = Desk(binary, out, size=size, scale=scale, keep_home=True)
    desk.move(5, 5)
    album.take(desk, size, "first_start")

    open_by_dialog(desk, SAMPLE)
    desk.wait("the sample", lambda s: s["document"] is not None)
    desk.key("b")
    desk.stroke([(1120, 1250), (1380, 1300)])
    desk.wait("the stroke", lambda s: s["mask"]["support_area"] > 5000)
    album.take(desk, size, "painting")
    desk.key("ctrl+shift+l")
    desk.wait("earlier requests", lambda s: "prompt.recall.0" in s["widgets"])
    album.take(desk, size, "earlier_requests")
    desk.key("Return")
    desk.wait("two hundred words", lambda s: s["prompt"] == WORDS)
    album.take(desk, size, "many_words")

    for count, prompt in enumerate(["recolour to dark green", "darken", "brighten by 40 %", "pixelate 24px"], 1):
        if count > 1:
            desk.key("0")
            desk.wait("the original", lambda s: s["document"]["shown"] == 0)
        ask(desk, prompt, count)
    desk.key("Escape")
    desk.move(5, 5)
    album.take(desk, size, "four_candidates")
    for way, key in WAYS:
        desk.key(key)
        desk.wait(way, lambda s: s["compare"]["mode"] == way)
        if way == "flicker":
            time.sleep(0.3)  # its picture changes by itself: only that it is entered and left
        else:
            wait_figures(desk)
            album.take(desk, size, "compare_" + way)
        desk.key("Escape")
        desk.wait("it left", lambda s: s["compare"]["mode"] == "off")
    desk.key("F6", "F4")
    desk.wait("the figures", lambda s: s["compare"]["figures"])
    wait_figures(desk)
    album.take(desk, size, "figures")
    desk.key("F4", "Escape")

    desk.key("ctrl+comma")
    desk.wait("the preferences", lambda s: "preferences.query" in s["widgets"])
    album.take(desk, size, "preferences")
    desk.click("preferences.page.3")
    album.take(desk, size, "preferences_keys")
    desk.key("Escape")
    desk.key("ctrl+k")
    desk.wait("the commands", lambda s: "commands.query" in s["widgets"])
    desk.type("mask")
    album.take(desk, size, "command_search")
    desk.key("Escape")
    desk.key("F1")
    album.take(desk, size, "keys")
    desk.key("Escape")
    desk.close()


def second_part(binary, album, out, size, scale, theme, thirty):
    home = out / "home"
    # What was open before is none of this part's business.
    shutil.rmtree(home / "state/maskwright/recovery", ignore_errors=True)
    for left in (home / "state/maskwright").glob("open*"):
        left.unlink()
    project = out / "thirty.mwr"
    shutil.copy(thirty, project)
    desk = Desk(binary, out, [project], size=size, scale=scale, keep_home=True)
    desk.wait("thirty results", lambda s: s["document"] and len(s["document"]["iterations"]) == 31, 120)
    desk.key("F12")
    desk.wait("the history", lambda s: s["history"]["open"])
    desk.move(5, 5)
    album.take(desk, size, "history_of_thirty")
    desk.key("F12")

    long_name = out / ("a plate with a name that nobody would type by hand " * 3 + "v003.png")
    shutil.copy(SAMPLE, long_name)
    open_by_dialog(desk, long_name)
    desk.wait("the long name", lambda s: s["document"] and "by hand" in s["document"]["path"])
    desk.move(5, 5)
    album.take(desk, size, "long_name")
    # Its path is said, so that it has to be of the same length everywhere.
    broken = pathlib.Path("/tmp/maskwright_screens/broken.png")
    broken.parent.mkdir(exist_ok=True)
    broken.write_bytes(b"\x89PNG\r\n\x1a\nno picture at all")
    open_by_dialog(desk, broken)
    desk.wait("the error", lambda s: s["notices"])
    desk.move(5, 5)
    album.take(desk, size, "error")
    desk.close()


def paid_part(binary, album, out, size, scale, hold):
    desk = Desk(binary, out, [SAMPLE], size=size, scale=scale, keep_home=True)
    desk.wait("the sample", lambda s: s["document"] is not None)
    desk.stroke([(1120, 1250), (1380, 1250)])
    desk.click("prompt")
    desk.key("ctrl+a")
    desk.type("a brass lamp")
    desk.click("request.model")
    desk.settled()
    desk.click("request.model.gpt-image-2")
    desk.wait("the model", lambda s: s["request"]["model"] == "gpt-image-2")
    # Previews while it works: all the model has.
    desk.click("request.options")
    desk.reveal("request.partials")
    box = desk.state()["widgets"]["request.partials"]
    desk.move(box["x"] + box["width"] - 6 * scale, box["y"] + box["height"] / 2)
    desk.x("click", 1)
    desk.settled()
    desk.reveal("request.options", up=True)
    desk.click("request.options")
    desk.key("ctrl+Return")
    desk.wait("a preview", lambda s: [j for j in s["jobs"] if j["state"] == "running"] and s["preview"], 60)
    desk.move(5, 5)
    album.take(desk, size, "running", settles=False)
    hold.set()
    desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 2, 60)
    desk.close()


def main(binary, out, theme):
    out = pathlib.Path(out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    album = Album(out / "pictures", theme)
    thirty = project_of_thirty(binary, out)
    hold = threading.Event()

    def answer(body):
        wanted = body.split(b'name="size"\r\n\r\n')[1].split(b"\r\n")[0].decode()
        return subprocess.run(["convert", SAMPLE, "-resize", wanted + "!", "-modulate", "100,20", "png:-"],
                              stdout=subprocess.PIPE, check=True).stdout

    def script(method, path, body, send):
        if path.endswith("/models"):
            return send(head() + b'{"data":[{"id":"gpt-image-2"}]}')
        import base64
        picture = answer(body)
        send(head("text/event-stream") + b'event: image_edit.partial_image\ndata: {"type":"image_edit.partial_image",'
             b'"partial_image_index":0,"b64_json":"' + base64.b64encode(picture) + b'"}\n\n')
        hold.wait(60)
        send(event(picture))

    service = Service(script)
    os.environ["OPENAI_BASE_URL"] = "http://127.0.0.1:%d/v1" % service.port
    os.environ["OPENAI_API_KEY"] = "TESTKEY-gui-0123456789abcdef"
    os.environ["TZ"] = "UTC"
    only = os.environ.get("MASKWRIGHT_ONLY_SCREEN")
    for size, scale in SCREENS:
        if only and size != only:
            continue
        hold.clear()
        folder = out / size
        first_part(binary, album, folder, size, scale, theme, service.port)
        second_part(binary, album, folder, size, scale, theme, thirty)
        shutil.rmtree(folder / "home/state/maskwright/recovery", ignore_errors=True)
        for left in (folder / "home/state/maskwright").glob("open*"):
            left.unlink()
        paid_part(binary, album, folder, size, scale, hold)
    print("%d pictures" % album.count)
    if album.wrong:
        sys.exit("FAILED:\n" + "\n".join(album.wrong))


main(sys.argv[1], sys.argv[2], sys.argv[3])
