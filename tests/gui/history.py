"""The tree of results in its panel, and several documents as tabs, by key and mouse."""
import shutil
import sys

from desk import SAMPLE, Desk, open_by_dialog


def no_jobs(state):
    return not [j for j in state["jobs"] if j["state"] in ("waiting", "running")]


def iteration(state, number):
    return next(i for i in state["document"]["iterations"] if i["id"] == number)


def ask(desk, stroke, words, count):
    """Paints anew, asks, waits for the answer."""
    desk.key("ctrl+d")
    desk.settled()
    desk.stroke(stroke)
    desk.request(words)
    state = desk.wait("the answer", lambda s: len(s["document"]["iterations"]) == count and no_jobs(s), 120)
    desk.key("Escape")
    return state


def main(binary, out):
    desk = Desk(binary, out, [SAMPLE], size="1280x720")
    desk.wait("the sample", lambda s: s["document"] is not None)
    ask(desk, [(1120, 1250), (1380, 1300)], "recolour to dark green", 2)
    desk.key("0")
    desk.wait("the original", lambda s: s["document"]["shown"] == 0)
    ask(desk, [(400, 500), (600, 520)], "darken", 3)

    desk.key("F12")
    desk.wait("the history", lambda s: s["history"]["open"] and "history.2" in s["widgets"])
    desk.settled()
    desk.screenshot("1_history")
    desk.click("history.1")
    state = desk.wait("the first result", lambda s: s["document"]["shown"] == 1)
    desk.check(state["prompt"] == "recolour to dark green", "its words are back")
    desk.check(state["mask"]["bounds"][1] > 1100, "its mask is back")
    desk.key("ctrl+z")
    desk.wait("undo", lambda s: s["document"]["shown"] == 2 and s["prompt"] == "darken")

    # Star and name by the panel, found again by a query.
    desk.key("shift+s")
    desk.wait("the star", lambda s: iteration(s, 2)["starred"])
    desk.click("history.name")
    desk.wait("the name's field", lambda s: s["focused"] == "history.name_field")
    desk.type("Evening")
    desk.key("Return")
    desk.wait("the name", lambda s: iteration(s, 2)["name"] == "Evening")
    desk.key("ctrl+f")
    desk.type("star:yes even")
    state = desk.wait("the search", lambda s: s["history"]["query"] == "star:yes even")
    state = desk.settled()
    desk.check("history.2" in state["widgets"] and "history.1" not in state["widgets"], "only what matches is listed")
    desk.type(" cost>much")
    state = desk.wait("a word about the query", lambda s: "cost>much" in s["history"]["problem"])
    desk.screenshot("2_search")
    desk.click("history.search_clear")
    desk.wait("all of it", lambda s: "history.1" in s["widgets"])
    desk.key("Escape")

    # Both regions in one.
    desk.click("history.1")
    desk.wait("the first", lambda s: s["document"]["shown"] == 1)
    desk.click("history.a")
    desk.click("history.2")
    desk.wait("the second", lambda s: s["document"]["shown"] == 2)
    desk.click("history.b")
    desk.settled()
    desk.click("history.combine")
    state = desk.wait("the combination", lambda s: len(s["document"]["iterations"]) == 4)
    made = iteration(state, 3)
    desk.check(made["combined"] == [1, 2] and state["document"]["shown"] == 3, "A and B are combined")
    desk.check(made["changed_outside_mask"] == 0 and made["changed_inside_mask"] > 0, "nothing else changed")
    desk.settled()
    desk.screenshot("3_combined")

    # The trash, by key; undone; emptied only on purpose.
    desk.key("shift+Delete")
    state = desk.wait("the trash", lambda s: not iteration(s, 3)["alive"])
    desk.check(state["document"]["shown"] == 0, "what went is not looked at")
    desk.key("ctrl+z")
    desk.wait("undo", lambda s: iteration(s, 3)["alive"])
    desk.key("ctrl+shift+z")
    desk.wait("redo", lambda s: not iteration(s, 3)["alive"])
    desk.click("history.trash")
    desk.wait("the trash's list", lambda s: s["history"]["trash"] and "history.3" in s["widgets"])
    desk.screenshot("4_trash")
    desk.click("history.empty_trash")
    state = desk.wait("the question", lambda s: any("for good" in n["text"] for n in s["notices"]))
    desk.check(iteration(state, 3) is not None, "it asks first")
    desk.click("history.3")
    desk.wait("it is back", lambda s: iteration(s, 3)["alive"])

    # A second document, a tab of its own.
    other = desk.out / "other.png"
    shutil.copy(SAMPLE, other)
    open_by_dialog(desk, other)
    state = desk.wait("two tabs", lambda s: len(s["tabs"]) == 2 and s["document"]
                      and s["document"]["path"].endswith("other.png"))
    desk.settled()
    desk.screenshot("5_tabs")
    desk.key("ctrl+Tab")
    desk.wait("the first tab by key", lambda s: s["document"]["path"].endswith("still_life.png"))
    desk.key("ctrl+shift+Tab")
    desk.wait("the second by key", lambda s: s["document"]["path"].endswith("other.png"))
    first = desk.state()["tabs"][0]["id"]
    desk.click(f"tab.{first}")
    state = desk.wait("the first by mouse", lambda s: s["document"]["path"].endswith("still_life.png"))
    desk.check(len(state["document"]["iterations"]) == 4, "its results are there")
    second = state["tabs"][1]["id"]
    desk.click(f"tab.{second}.close")
    state = desk.wait("one tab", lambda s: len(s["tabs"]) == 1)
    desk.check(state["document"]["path"].endswith("still_life.png"), "the other one is still open")
    desk.close()


main(sys.argv[1], sys.argv[2])
