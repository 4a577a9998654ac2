"""A paid request from the window: model, quality, price, key, the answer; and what is there after a kill."""
import glob
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from desk import SAMPLE, Desk, open_by_dialog  # noqa: E402
from small_service import Service, event, head  # noqa: E402

KEY = "TESTKEY-gui-0123456789abcdef"


def main(binary, out):
    hold = threading.Event()
    hold.set()
    def script(method, path, body, send):
        if path.endswith("/models"):
            return send(head() + b'{"data":[{"id":"gpt-image-2"}]}')
        size = body.split(b'name="size"\r\n\r\n')[1].split(b"\r\n")[0].decode()
        whole = head("text/event-stream") + event(answer(size))
        send(whole)
        hold.wait(30)

    def answer(size):
        # The crop of the sample itself, as ImageMagick cuts it: any picture of that size will do.
        import subprocess
        return subprocess.run(["convert", SAMPLE, "-resize", size + "!", "-modulate", "100,20", "png:-"],
                              stdout=subprocess.PIPE, check=True).stdout

    service = Service(script)
    os.environ["OPENAI_BASE_URL"] = "http://127.0.0.1:%d/v1" % service.port
    os.environ.pop("OPENAI_API_KEY", None)
    os.environ.pop("XDG_CONFIG_HOME", None)
    desk = Desk(binary, out)
    open_by_dialog(desk, SAMPLE)
    desk.wait("the picture", lambda s: s["document"] is not None)
    desk.stroke([(1120, 1250), (1380, 1250)])
    desk.click("prompt")
    desk.type("a brass lamp")
    desk.wait("the prompt", lambda s: s["prompt"] == "a brass lamp")

    desk.click("request.model")
    desk.settled()
    desk.screenshot("1_models")
    desk.click("request.model.gpt-image-2")
    state = desk.wait("the model", lambda s: s["request"]["model"] == "gpt-image-2")
    desk.check(state["request"]["provider"] == "openai", "the plain Images API is first")
    desk.check(not state["request"]["has_key"], "no key yet")
    auto = desk.settled()["request"]["high_usd"]
    desk.click("request.quality")
    desk.settled()
    desk.click("request.quality.low")
    state = desk.wait("the quality", lambda s: s["request"]["quality"] == "low")
    state = desk.settled()
    desk.check(0 < state["request"]["high_usd"] < auto, "low is cheaper: %s < %s" % (state["request"]["high_usd"], auto))
    desk.screenshot("2_request")

    desk.click("service.enter_key")
    desk.settled()
    desk.type(KEY)
    desk.settled()
    desk.screenshot("3_key")
    desk.click("key.save")
    desk.wait("the key", lambda s: s["request"]["has_key"])
    desk.settled()

    desk.click("run")
    state = desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == 2)
    desk.settled()
    desk.screenshot("4_answer")
    desk.check(state["document"]["iterations"][1]["changed_outside_mask"] == 0, "nothing outside changed")
    desk.check(service.posts() == 1, "one request")
    desk.check(next(r for r in service.requests if r[0] == "POST")[2].get("authorization") == "bearer " + KEY.lower(), "with the key")
    state = desk.wait("the price", lambda s: s["request"]["spent_usd"] > 0)

    # Killed when a second paid answer has just come: the next start has it, in the document it was for.
    desk.key("ctrl+Return")
    desk.wait("a second answer", lambda s: service.posts() == 2 and len(s["document"]["iterations"]) == 3)
    os.kill(desk.process.pid, signal.SIGKILL)
    desk.process.wait()
    for name in glob.glob(os.path.join(out, "**"), recursive=True):
        if os.path.isfile(name):
            with open(name, "rb") as file:
                desk.check(KEY.encode() not in file.read(), "no key in " + name)
    again = Desk(binary, out, keep_home=True)
    state = again.wait("both answers", lambda s: s["document"] and len(s["document"]["iterations"]) == 3)
    again.settled()
    again.screenshot("5_again")
    again.check([i["prompt"] for i in state["document"]["iterations"][1:]] == ["a brass lamp"] * 2, "with their words")
    again.check(service.posts() == 2, "nothing was sent again")
    again.close()


main(sys.argv[1], sys.argv[2])
