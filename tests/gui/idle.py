"""An idle window draws nothing and uses no CPU."""
import sys
import time

from desk import SAMPLE, Desk


def main(binary, out):
    desk = Desk(binary, out, [SAMPLE])
    desk.wait("the picture", lambda s: s["document"] is not None)
    desk.stroke([(1150, 1300), (1350, 1320)])
    desk.wait("a stroke", lambda s: s["mask"]["support_area"] > 0)
    desk.click("prompt")  # a text field with the focus must not blink
    time.sleep(2)
    frames, cpu = desk.state()["frames"], desk.cpu_seconds()
    time.sleep(10)
    drawn, used = desk.state()["frames"] - frames, desk.cpu_seconds() - cpu
    print(f"idle for 10 s: {drawn} frames, {used / 10:.2%} of a core, {desk.resident_mb():.0f} MB", flush=True)
    desk.check(drawn == 0, "0 frames in 10 s")
    desk.check(used < 0.1, "under 1 % of a core in 10 s")
    desk.close()


main(sys.argv[1], sys.argv[2])
