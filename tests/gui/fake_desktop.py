"""A desktop of the tests' own: a session bus, and on it a portal for files and a server for notifications.

Run as a program it serves the two on the bus of its environment; `FakeDesktop` starts both. What is asked goes into a
file, a line of JSON each; what is answered is read from another.
"""
import atexit
import json
import os
import pathlib
import subprocess
import sys
import time

PORTAL = "org.freedesktop.portal.Desktop"
NOTIFICATIONS = "org.freedesktop.Notifications"


class FakeDesktop:
    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.asked_file, self.answer_file = folder / "asked.jsonl", folder / "answer.json"
        self.asked_file.write_text("")
        self.answer_file.write_text("{}")
        # A bus that starts nothing by itself: where a real portal is installed it would come by its name.
        rules = folder / "bus.conf"
        rules.write_text("""<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
            <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
            <allow own="*"/></policy></busconfig>""")
        self.bus = subprocess.Popen(["dbus-daemon", f"--config-file={rules}", "--nofork", "--print-address"],
                                    stdout=subprocess.PIPE, text=True)
        self.server = None
        atexit.register(self.close)  # also after a failure: whoever waits for the output waits for them too
        self.address = self.bus.stdout.readline().strip()
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": self.address}
        self.server = subprocess.Popen(["/usr/bin/python3", __file__, str(self.asked_file), str(self.answer_file)],
                                       env=dict(os.environ, **self.environment), stdout=subprocess.PIPE, text=True)
        if self.server.stdout.readline().strip() != "ready":
            sys.exit("FAILED: the fake desktop does not start")

    def asked(self):
        return [json.loads(line) for line in self.asked_file.read_text().splitlines()]

    def wait(self, what, number, seconds=20):
        """The call number `number`, from 0."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(self.asked()) > number:
                return self.asked()[number]
            time.sleep(0.03)
        sys.exit(f"FAILED: waited {seconds} s for {what}")

    def answer(self, **words):
        self.answer_file.write_text(json.dumps(words))

    def close(self):
        for process in filter(None, (self.server, self.bus)):
            process.terminate()
            process.wait(10)


def serve(asked_file, answer_file):
    import dbus
    import dbus.lowlevel
    import dbus.mainloop.glib
    import dbus.service
    from gi.repository import GLib

    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    loop = GLib.MainLoop()

    def log(**call):
        with open(asked_file, "a") as file:
            file.write(json.dumps(call) + "\n")

    def plain(value):
        if isinstance(value, dict):
            return {str(k): plain(v) for k, v in value.items()}
        if isinstance(value, dbus.ByteArray) or (isinstance(value, dbus.Array) and value.signature == "y"):
            return bytes(value).rstrip(b"\0").decode("utf-8", "surrogateescape")
        if isinstance(value, (list, tuple)):
            return [plain(v) for v in value]
        if isinstance(value, dbus.Boolean):
            return bool(value)
        if isinstance(value, int):
            return int(value)
        return str(value)

    class Request(dbus.service.Object):
        @dbus.service.method("org.freedesktop.portal.Request")
        def Close(self):
            log(call="Close")

    kept = []

    class Portal(dbus.service.Object):
        def handle(self, name, parent, title, options, sender):
            log(call=name, parent=str(parent), title=str(title), options=plain(options))
            answer = json.loads(pathlib.Path(answer_file).read_text())
            if answer.get("refuses"):
                raise dbus.DBusException("no dialog here", name="org.freedesktop.DBus.Error.UnknownMethod")
            path = "/org/freedesktop/portal/desktop/request/%s/%s" % (
                sender[1:].replace(".", "_"), answer.get("token") or options["handle_token"])
            kept.append(Request(bus, path))

            def respond():
                signal = dbus.lowlevel.SignalMessage(path, "org.freedesktop.portal.Request", "Response")
                if answer.get("garbage") == "words":
                    signal.append("no", "numbers", signature="ss")
                elif answer.get("garbage") == "type":
                    signal.append(dbus.UInt32(0), {"uris": dbus.UInt32(7)}, signature="ua{sv}")
                else:
                    results = {"choices": dbus.Array([], signature="(ss)")}
                    if "uris" in answer:
                        results["uris"] = dbus.Array(answer["uris"], signature="s")
                    signal.append(dbus.UInt32(answer.get("code", 0)), results, signature="ua{sv}")
                bus.send_message(signal)
                return False

            if answer.get("dies"):
                GLib.timeout_add(200, loop.quit)
            elif not answer.get("silent"):
                GLib.timeout_add(answer.get("delay", 50), respond)
            return dbus.ObjectPath(path)

        @dbus.service.method("org.freedesktop.portal.FileChooser", in_signature="ssa{sv}", out_signature="o",
                             sender_keyword="sender")
        def OpenFile(self, parent, title, options, sender=None):
            return self.handle("OpenFile", parent, title, options, sender)

        @dbus.service.method("org.freedesktop.portal.FileChooser", in_signature="ssa{sv}", out_signature="o",
                             sender_keyword="sender")
        def SaveFile(self, parent, title, options, sender=None):
            return self.handle("SaveFile", parent, title, options, sender)

    class Notifications(dbus.service.Object):
        @dbus.service.method(NOTIFICATIONS, in_signature="susssasa{sv}i", out_signature="u")
        def Notify(self, app, replaces, icon, title, text, actions, hints, timeout):
            log(call="Notify", app=str(app), title=str(title), text=str(text), actions=plain(actions),
                hints=plain(hints))
            if json.loads(pathlib.Path(answer_file).read_text()).get("click"):
                GLib.timeout_add(100, lambda: self.ActionInvoked(dbus.UInt32(7), "default"))
            return dbus.UInt32(7)

        @dbus.service.signal(NOTIFICATIONS, signature="us")
        def ActionInvoked(self, number, action):
            return False

    names = [dbus.service.BusName(PORTAL, bus), dbus.service.BusName(NOTIFICATIONS, bus)]
    kept += names + [Portal(bus, "/org/freedesktop/portal/desktop"), Notifications(bus, "/org/freedesktop/Notifications")]
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    serve(*sys.argv[1:3])
