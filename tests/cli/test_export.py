"""Exports: layers, depths, parts, what travels beside the pixels, edit records."""

import hashlib
import json
import os
import shutil
import struct
import subprocess
import unittest
import zlib

import kit
import png
import layered


def exif_with_gps(thumbnail=b"THUMBNAIL"):
    """Little endian: Make, a pointer to GPS with a latitude, a maker note in Exif."""
    maker = b"MAKERNOTE-48.8584"
    at = {}
    ifd0 = 8
    exif = ifd0 + 2 + 3 * 12 + 4
    gps = exif + 2 + 12 + 4
    data = gps + 2 + 2 * 12 + 4
    out = b"II*\0" + struct.pack("<I", ifd0)
    out += struct.pack("<H", 3)
    out += struct.pack("<HHI4s", 271, 2, 4, b"Cam\0")
    out += struct.pack("<HHII", 0x8769, 4, 1, exif)
    out += struct.pack("<HHII", 0x8825, 4, 1, gps)
    out += struct.pack("<I", 0)
    out += struct.pack("<H", 1) + struct.pack("<HHII", 0x927c, 7, len(maker), data) + struct.pack("<I", 0)
    out += struct.pack("<H", 2)
    out += struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0")
    out += struct.pack("<HHII", 2, 5, 3, data + len(maker))
    out += struct.pack("<I", 0)
    return out + maker + struct.pack("<6I", 48, 1, 51, 1, 30240, 1000)


XMP = (b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
       b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
       b'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dcterms="http://purl.org/dc/terms/" '
       b'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
       b'exif:GPSLatitude="48,51.504N" dcterms:provenance="https://example.test/manifest.c2pa" dc:format="image/png">'
       b'<exif:GPSLongitude>2,17.64E</exif:GPSLongitude><photoshop:City>Paris</photoshop:City>'
       b'<dc:creator>Ann</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>')
PLACES = (b"GPS", b"48,51", b"2,17.64", b"Paris", b"MAKERNOTE", struct.pack("<4I", 48, 1, 51, 1))


def content(path):
    with open(path, "rb") as file:
        return file.read()


def store(path, data):
    with open(path, "wb") as file:
        file.write(data)


def itxt(xmp):
    return b"XML:com.adobe.xmp\0\0\0\0\0" + xmp


def everything_in(path):
    """The bytes of a file, packed parts unpacked as well."""
    data = content(path)
    parts = [data]
    if data[:2] == b"PK":
        import zipfile
        with zipfile.ZipFile(path) as z:
            for name in z.namelist():
                parts.append(z.read(name))
    for at in range(len(data)):
        if data[at:at + 1] == b"\x78" and data[at + 1:at + 2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            try:
                parts.append(zlib.decompressobj().decompress(data[at:], 1 << 20))
            except zlib.error:
                pass
    return b"\n".join(parts)


class Export(kit.Case):
    def worst(self, document, expected):
        """The largest difference from a picture, in levels of 255; alpha too, colours where there is any."""
        flat, most = layered.flatten(document), float(2**expected.depth - 1)
        n, worst = document.colours, 0.0
        has_alpha = expected.channels in (2, 4)
        for i in range(expected.width * expected.height):
            wanted = expected.samples[i * expected.channels:(i + 1) * expected.channels]
            alpha = wanted[-1] / most if has_alpha else 1.0
            worst = max(worst, abs(flat[i * (n + 1) + n] - alpha) * 255)
            if alpha > 0:
                for c in range(n):
                    worst = max(worst, abs(flat[i * (n + 1) + c] - wanted[c] / most) * 255)
        return worst

    def edited(self, **picture):
        self.picture(**picture)
        self.mask()
        self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "recolour to dark green", "-o", "out.png")
        return png.read(self.path("out.png"))

    def test_layers_flatten_to_the_composite(self):
        for channels in (1, 2, 3, 4):
            for depth in (8, 16):
                with self.subTest(channels=channels, depth=depth):
                    for name in self.files():
                        os.remove(self.path(name))
                    prompt = "brighten by 40 %" if channels < 3 else "recolour to dark green"
                    source = self.picture(channels=channels, depth=depth, width=40, height=30)
                    mask = self.mask(width=40, height=30)
                    self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", prompt, "-o", "out.png")
                    expected = png.read(self.path("out.png"))
                    self.assertNotEqual(expected.samples, source.samples)
                    for ending, read in (("psd", layered.read_psd), ("ora", layered.read_ora)):
                        done = self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", prompt, "-o", "out." + ending)
                        document = read(self.path("out." + ending))
                        self.assertEqual(done["layers"], len(document.layers))
                        self.assertEqual(done["file_changed_outside_mask"], 0)
                        self.assertLessEqual(self.worst(document, expected), 1e-9 if ending == "ora" else 0.51)
                        names = [layer.name for layer in document.layers]
                        self.assertIn("Original", names)
                        self.assertIn("1 " + prompt, names)
                        whole = next(l for l in document.layers if l.name.startswith("Original") and
                                     (l.show is not None or "whole" in l.name or len(document.layers) == 3))
                        own = [s for i in range(0, len(whole.samples), document.colours + 1)
                               for s in whole.samples[i:i + document.colours]]
                        wanted = [s for i in range(0, len(source.samples), channels)
                                  for s in source.samples[i:i + document.colours]]
                        self.assertEqual(own, wanted, "the original is whole")
                        shown = next(l for l in document.layers if l.name.startswith("Mask of"))
                        self.assertFalse(shown.visible)
                        most = 2**depth - 1
                        self.assertEqual([s * 255 // most for s in shown.samples[::document.colours + 1]], mask.samples)
                        if ending == "ora":
                            self.assertEqual(document.merged.samples, expected.samples)

    def test_our_own_decoder_and_another_read_the_document(self):
        expected = self.edited()
        self.ok("export", "out.png", "--original", "in.png", "--mask", "mask.png", "--name", "Ünï <layer> & \u4f60", "-o",
                "layers.psd")
        self.ok("export", "layers.psd", "-o", "back.png")
        self.assertEqual(png.read(self.path("back.png")).samples, expected.samples)
        self.assertEqual(layered.read_psd(self.path("layers.psd")).layers[1].name, "1 Ünï <layer> & \u4f60")
        self.ok("export", "out.png", "--original", "in.png", "--name", "Ünï <layer> & \u4f60", "-o", "layers.ora")
        self.assertEqual(layered.read_ora(self.path("layers.ora")).layers[1].name, "1 Ünï <layer> & \u4f60")
        if shutil.which("convert"):
            done = subprocess.run(["convert", "layers.psd[0]", "PNG24:merged.png"], cwd=self.folder, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(png.read(self.path("merged.png")).samples, expected.samples)

    def test_depths_and_what_they_lose(self):
        self.picture(depth=16)
        shallow = self.ok("export", "in.png", "--depth", "8", "-o", "eight.png")
        self.assertEqual(png.read(self.path("eight.png")).depth, 8)
        self.assertTrue(any("rounded to 8" in note for note in shallow["file_notes"]), shallow)
        source = png.read(self.path("in.png"))
        self.assertEqual(png.read(self.path("eight.png")).samples, [(s * 255 + 32767) // 65535 for s in source.samples])
        self.ok("export", "in.png", "--depth", "float", "-o", "f.tif")
        self.ok("export", "f.tif", "--depth", "16", "-o", "again.png")
        self.assertEqual(png.read(self.path("again.png")).samples, source.samples)
        self.ok("export", "in.png", "--depth", "8", "--out-quality", "60", "-o", "small.jpg")
        self.ok("export", "in.png", "--depth", "8", "--lossy", "--out-quality", "60", "-o", "small.webp")
        self.assertLess(os.path.getsize(self.path("small.webp")), os.path.getsize(self.path("eight.png")))
        half = self.ok("export", "in.png", "--depth", "half", "-o", "h.exr")
        self.assertTrue(any("11 significant bits" in note for note in half["file_notes"]), half)
        self.ok("export", "in.png", "--depth", "float", "-o", "f.exr")
        self.assertLess(os.path.getsize(self.path("h.exr")), os.path.getsize(self.path("f.exr")))
        self.fails(1, "export", "in.png", "--depth", "float", "-o", "x.png", says=("PNG", "32-bit floats", "nothing was written"))
        self.fails(1, "export", "in.png", "--depth", "16", "-o", "x.webp", says=("WebP", "16 bits"))
        self.fails(1, "export", "in.png", "-o", "x.exr", says="OpenEXR")
        self.fails(2, "export", "in.png", "--depth", "12", "-o", "x.png", says=("--depth", "float"))
        self.fails(2, "export", "in.png", "--out-quality", "0", "-o", "x.jpg", says="--out-quality")
        self.fails(2, "export", "in.png", "-o", "x.bmp", says=(".psd",))
        self.fails(1, "export", "in.png", "--depth", "8", "-o", "x.psd", says=("PSD", "nothing was written"))

    def test_a_part_alone(self):
        expected = self.edited()
        mask = png.read(self.path("mask.png"))
        inside = [(i % 72, i // 72) for i, v in enumerate(mask.samples) if v]
        left, top = min(x for x, _ in inside), min(y for _, y in inside)
        right, bottom = max(x for x, _ in inside) + 1, max(y for _, y in inside) + 1
        done = self.ok("export", "out.png", "--original", "in.png", "--mask", "mask.png", "--region-only", "mask", "--mask-alpha",
                       "-o", "part.png")
        self.assertEqual(done["region"], [left, top, right - left, bottom - top])
        part = png.read(self.path("part.png"))
        self.assertEqual((part.size, part.channels), ((right - left, bottom - top), 4))
        for y in range(part.height):
            for x in range(part.width):
                self.assertEqual(part.pixel(x, y), expected.pixel(left + x, top + y) +
                                 (mask.samples[(top + y) * 72 + left + x],))
        changed = self.ok("export", "out.png", "--original", "in.png", "--region-only", "changed", "-o", "changed.png")
        x, y, w, h = changed["region"]
        before = png.read(self.path("in.png"))
        differs = [(i % 72, i // 72) for i in range(72 * 56) if before.pixel(i % 72, i // 72) != expected.pixel(i % 72, i // 72)]
        self.assertEqual([x, y, w, h], [min(p[0] for p in differs), min(p[1] for p in differs),
                                        max(p[0] for p in differs) - min(p[0] for p in differs) + 1,
                                        max(p[1] for p in differs) - min(p[1] for p in differs) + 1])
        self.mask("none.png", inside=lambda x, y: False)
        self.fails(1, "export", "out.png", "--original", "in.png", "--mask", "none.png", "--region-only", "mask", "-o", "x.png",
                   says=("mask is empty", "nothing was written"))
        self.fails(1, "export", "in.png", "--region-only", "changed", "-o", "x.png", says="Nothing differs")
        self.fails(1, "export", "out.png", "--original", "in.png", "--mask", "mask.png", "--mask-alpha", "-o", "x.jpg", says="JPEG")
        self.picture("other.png", width=71)
        self.fails(1, "export", "out.png", "--original", "other.png", "-o", "x.psd", says=("71 x 56", "not of one kind"))

    def test_one_pixel(self):
        for ending in ("psd", "ora", "png", "tif"):
            self.picture("one.png", width=1, height=1)
            self.picture("other.png", width=1, height=1, depth=8)
            self.mask("dot.png", width=1, height=1, inside=lambda x, y: True)
            self.ok("export", "one.png", "--original", "other.png", "--mask", "dot.png", "-o", "out." + ending)

    def test_larger_than_a_photoshop_document(self):
        data = b"P5\n30001 1\n255\n" + bytes(30001)
        store(self.path("wide.pgm"), data)
        self.fails(1, "export", "wide.pgm", "-o", "wide.psd", says=("30000", "PSB", "nothing was written"))
        self.ok("export", "wide.pgm", "-o", "wide.ora")

    def test_a_place_goes_nowhere_once_stripped(self):
        chunks = [(b"eXIf", exif_with_gps()), (b"iTXt", itxt(XMP))]
        self.picture(chunks=chunks)
        self.mask()
        self.assertTrue(all(place in everything_in(self.path("in.png")) for place in PLACES))
        self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "blur 4px", "-o", "kept.png")
        self.assertIn(b"GPSLatitude", everything_in(self.path("kept.png")))
        self.assertNotIn(b"manifest.c2pa", everything_in(self.path("kept.png")))
        for ending in ("png", "jpg", "webp", "tif", "psd", "ora"):
            for option in ("--strip-location", "--strip-metadata"):
                for region in ((), ("--region-only", "mask")):
                    if region and ending in ("psd", "ora"):
                        continue
                    name = "clean." + ending
                    self.ok("edit", "in.png", "--mask", "mask.png", "--prompt", "blur 4px", option, *region, "--overwrite",
                            "-o", name)
                    found = everything_in(self.path(name))
                    for place in PLACES:
                        self.assertNotIn(place, found, (name, option, region, place))
                    self.assertEqual(b"Ann" in found, option == "--strip-location", (name, option))
                    self.assertEqual(b"Cam" in found, option == "--strip-location", (name, option))

    def test_content_credentials(self):
        jumbf = b"\0\0\0\x28jumb\0\0\0\x20jumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0MANIFEST"
        self.picture(chunks=[(b"caBX", jumbf)])
        self.mask()
        done = self.run_here("edit", "in.png", "--mask", "mask.png", "--prompt", "blur 4px", "--json", "-o", "out.png")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.json["content_credentials"], {"source": True, "answer": False})
        self.assertIn("C2PA", done.note)
        self.assertNotIn(b"MANIFEST", everything_in(self.path("out.png")))
        self.assertEqual(done.json["edit_record"], "out.png.edit.json")
        record = json.loads(content(self.path("out.png.edit.json")))
        digest = lambda name: hashlib.sha256(content(self.path(name))).hexdigest()
        self.assertEqual(record["result"], {"file": "out.png", "sha256": digest("out.png")})
        self.assertEqual(record["source"], {"file": "in.png", "sha256": digest("in.png"), "content_credentials": True})
        edit, = record["edits"]
        self.assertEqual((edit["prompt"], edit["changed_outside_mask"]), ("blur 4px", 0))
        self.assertEqual(edit["outside_sha256"], edit["outside_sha256_before"])
        self.assertEqual(edit["mask_sha256"], hashlib.sha256(bytes(png.read(self.path("mask.png")).samples)).hexdigest())
        self.assertEqual(len(edit["answers"]), 1)
        # An answer's too, and each container.
        self.picture("plain.png")
        source = content(self.path("in.png"))
        self.assertIn(b"MANIFEST", source)
        answered = self.ok("composite", "plain.png", "--result", "in.png", "--mask", "mask.png", "-o", "grafted.png")
        self.assertEqual(answered["content_credentials"], {"source": False, "answer": True})
        self.assertEqual(json.loads(content(self.path("grafted.png.edit.json")))["edits"][0]["answers"][0]["sha256"], digest("in.png"))
        self.ok("export", "plain.png", "-o", "plain.jpg")
        self.ok("export", "plain.png", "-o", "plain.webp")
        self.ok("export", "plain.png", "-o", "plain.tif")
        jpeg = content(self.path("plain.jpg"))
        app11 = b"JP\0\1\0\0\0\1" + jumbf
        store(self.path("c.jpg"), jpeg[:2] + b"\xff\xeb" + struct.pack(">H", len(app11) + 2) + app11 + jpeg[2:])
        webp = content(self.path("plain.webp"))
        chunk = b"C2PA" + struct.pack("<I", len(jumbf)) + jumbf + b"\0" * (len(jumbf) & 1)
        body = b"WEBP" + b"VP8X" + struct.pack("<IB3x", 10, 0) + struct.pack("<I", 71)[:3] + struct.pack("<I", 55)[:3]
        body += webp[12:] + chunk
        store(self.path("c.webp"), b"RIFF" + struct.pack("<I", len(body)) + body)
        for name in ("c.jpg", "c.webp"):
            done = self.ok("export", name, "--edit-record", "no", "-o", "from." + name + ".png")
            self.assertTrue(done["content_credentials"]["source"], name)
            self.assertNotIn("edit_record", done)
        self.assertFalse(self.ok("export", "plain.tif", "-o", "t.png")["content_credentials"]["source"])
        # A record that is there is not written over; one can be asked for.
        self.fails(3, "edit", "in.png", "--mask", "mask.png", "--prompt", "blur 4px", "-o", "out.png", says="exists")
        os.remove(self.path("out.png"))
        before = self.snapshot()
        refused = self.run_here("edit", "in.png", "--mask", "mask.png", "--prompt", "blur 4px", "-o", "out.png")
        self.assertEqual(refused.code, 3, refused.err)
        self.assertIn("edit record", refused.note)
        self.assertEqual(self.snapshot(), before)
        self.assertIn("edit_record", self.ok("export", "plain.png", "--edit-record", "yes", "-o", "told.png"))

    def test_nowhere_to_write(self):
        self.edited()
        self.fails(1, "export", "out.png", "-o", "none/x.ora", says="no folder")
        if os.geteuid() != 0:
            os.mkdir(self.path("locked"), 0o500)
            self.fails(1, "export", "out.png", "-o", "locked/x.psd", says="Cannot write")

    def test_parts_of_a_mask_in_one_go(self):
        self.picture(width=200, height=60)
        self.mask("left.png", 200, 60, lambda x, y: 10 <= x < 30 and 20 <= y < 40)
        self.mask("right.png", 200, 60, lambda x, y: 170 <= x < 190 and 20 <= y < 40)
        self.picture("a.png", width=60, height=60)
        self.picture("b.png", width=60, height=60)
        done = self.ok("composite", "in.png", "--part", "a.png", "left.png", "0,0,60,60", "--part", "b.png", "right.png",
                       "140,0,60,60", "-o", "both.png")
        self.assertEqual((done["changed_outside_mask"], done["file_changed_outside_mask"]), (0, 0))
        self.fails(2, "composite", "in.png", "--part", "a.png", "left.png", "0,0,60,60", "--mask", "left.png", "-o", "x.png",
                   says="--part")
        self.fails(2, "composite", "in.png", "--part", "a.png", "left.png", "150,0,60,60", "-o", "x.png", says="does not lie inside")


if __name__ == "__main__":
    kit.main()
