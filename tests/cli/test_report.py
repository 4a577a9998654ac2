"""The HTML report in a real browser: the wipe by mouse, keys and touch, flip, candidates, no request, no foreign text
taken for markup."""

import unittest

import kit
import browser  # of tests/support, which kit makes known
import png

PROGRAM = browser.find()
NASTY = "<script>document.title='owned'</script>&\"'>"


class Report(kit.Case):
    def pictures(self):
        a = self.picture("a.png", 400, 260)
        b = png.Picture(400, 260, 3, 8, list(a.samples))
        c = png.Picture(400, 260, 3, 8, [v // 2 for v in a.samples])
        for y in range(100, 160):
            for x in range(200, 280):
                b.samples[3 * (400 * y + x)] ^= 0xff
        png.write(self.path("b.png"), b)
        png.write(self.path("c <i>&.png"), c)
        self.mask(width=400, height=260, inside=lambda x, y: 190 <= x < 290 and 90 <= y < 170)

    def make(self, *more):
        self.pictures()
        self.ok("compare", "a.png", "b.png", *more, "--mask", "mask.png", "--report", "r.html", "--title", NASTY,
                "--prompt", "make it <b>red</b> " + NASTY)
        with open(self.path("r.html"), encoding="utf-8") as file:
            return file.read()

    def test_is_one_file_and_escapes(self):
        html = self.make("c <i>&.png")
        self.assertEqual(html.count("<script>"), 1)
        self.assertNotIn(NASTY, html)
        self.assertNotIn("<b>red", html)
        self.assertIn("&lt;b&gt;red&lt;/b&gt;", html)
        for fetched in ("http:", "https:", "//cdn", "@import", "url("):
            self.assertNotIn(fetched, html.replace("data:", ""))
        self.assertIn("default-src &#39;none&#39;".replace("&#39;", "'"), html)

    @unittest.skipUnless(PROGRAM, "no Chromium")
    def test_in_a_browser(self):
        self.make("c <i>&.png")
        with browser.Browser(PROGRAM) as page:
            page.resize(1280, 900)
            page.open("file://" + self.path("r.html"))
            self.assertIn("<script>", page.js("document.title"))
            at = lambda: float(page.js("document.querySelector('.first').style.getPropertyValue('--at')")[:-1])
            self.assertEqual(at(), 50)
            x, y, w, h = page.box(".first")
            self.assertGreater(w, 300)
            self.assertEqual(page.js("document.querySelector('.first .a').naturalWidth"), 400)

            page.drag(x + w / 2, y + h / 2, x + w * 0.25, y + h / 3)
            self.assertAlmostEqual(at(), 25, delta=0.5)
            page.mouse("mouseMoved", x + w * 0.9, y + 20, False)
            self.assertAlmostEqual(at(), 25, delta=0.5, msg="only while it is held")
            # What is seen left and right of the line is A and B.
            seen = ("(r => document.elementFromPoint(r.x + r.width * %f, r.y + 5).className)"
                    "(document.querySelector('.first').getBoundingClientRect())")
            self.assertIn("b", page.js(seen % 0.6).split())
            self.assertNotIn("b", page.js(seen % 0.1).split())

            page.key("ArrowRight")
            self.assertAlmostEqual(at(), 26, delta=0.5)
            page.key("ArrowLeft", shift=True)
            self.assertAlmostEqual(at(), 16, delta=0.5)
            page.key("End")
            self.assertEqual(at(), 100)
            page.key("Home")
            self.assertEqual((at(), page.js("document.querySelector('.first').ariaValueNow")), (0, "0"))

            mode = lambda: page.js("document.querySelector('.stage').dataset.mode")
            page.key("f", text="f")
            self.assertEqual(mode(), "a")
            page.key("f", text="f")
            self.assertEqual(mode(), "b")
            page.key("h", text="h")
            self.assertEqual(mode(), "heat")
            page.key("s", text="s")
            self.assertEqual(mode(), "pair")
            self.assertGreater(page.box(".second")[2], 150)
            page.key("w", text="w")

            # The other candidate, by its button: picture and figures change.
            before = page.js("document.querySelector('.first .b').src")
            page.js("document.querySelector('[data-choose=\"1\"]').click()")
            self.assertNotEqual(page.js("document.querySelector('.first .b').src"), before)
            self.assertEqual(page.js("[...document.querySelectorAll('.candidate')].map(c => c.hidden)"), [True, False])
            page.js("document.querySelectorAll('.candidate')[1].querySelector('.spot').click()")
            self.assertEqual(page.js("document.querySelectorAll('.ring').length"), 2)

            # Nothing is wider than the window, on a desk and on a phone; a finger moves the line.
            for width in (1280, 390):
                page.resize(width, 844, touch=width < 800)
                self.assertLessEqual(page.js("document.documentElement.scrollWidth"), width)
            page.js("window.scrollTo(0, 0)")
            x, y, w, h = page.box(".first")
            page.touch((x + w / 2, y + h / 2), (x + w * 0.6, y + h / 2), (x + w * 0.75, y + h / 2))
            self.assertAlmostEqual(at(), 75, delta=1.5)

            wanted = [r["request"]["url"] for r in page.seen("Network.requestWillBeSent")]
            self.assertEqual([u for u in wanted if not u.startswith(("data:", "file://" + self.path("r.html")))], [])
            self.assertEqual(page.seen("Runtime.exceptionThrown") + page.seen("Log.entryAdded"), [])
            page.resize(1280, 900)
            page.media(kind="print")
            self.assertEqual(page.js("getComputedStyle(document.querySelector('.stage')).display === 'none' || "
                                     "getComputedStyle(document.querySelector('.stage').parentElement).display"), "none")
            self.assertEqual(page.js("[...document.querySelectorAll('.candidate')]"
                                     ".map(c => getComputedStyle(c).display)"), ["block", "block"])


if __name__ == "__main__":
    if not PROGRAM:
        print("no Chromium: the report is not tried in a browser")
    unittest.main()
