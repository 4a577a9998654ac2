"""Layered files in, small and slow: a reader of Photoshop documents and OpenRaster, and plain alpha blending."""

import struct
import xml.etree.ElementTree as tree
import zipfile

import png


class Layer:
    """samples: colours and alpha interleaved; show: the layer mask, 0 .. most, or None."""

    def __init__(self, name, rect, visible, colours, samples, show):
        self.name, self.rect, self.visible = name, rect, visible
        self.colours, self.samples, self.show = colours, samples, show


class Document:
    def __init__(self, size, depth, colours, layers, merged, resources):
        self.size, self.depth, self.colours = size, depth, colours
        self.layers, self.merged, self.resources = layers, merged, resources  # layers from the bottom


def _unpack(data, length):
    out, at = bytearray(), 0
    while at < len(data):
        n = struct.unpack_from("b", data, at)[0]
        at += 1
        if n >= 0:
            out += data[at:at + n + 1]
            at += n + 1
        elif n != -128:
            out += bytes([data[at]]) * (1 - n)
            at += 1
    assert len(out) == length, "a packed row of %d bytes gave %d" % (length, len(out))
    return bytes(out)


def _samples(row, depth):
    return list(row) if depth == 8 else list(struct.unpack(">%dH" % (len(row) // 2), row))


def _plane(data, width, height, depth):
    assert struct.unpack_from(">H", data)[0] == 1, "PackBits"
    lengths = struct.unpack_from(">%dH" % height, data, 2)
    at, out = 2 + 2 * height, []
    for n in lengths:
        out += _samples(_unpack(data[at:at + n], width * depth // 8), depth)
        at += n
    assert at == len(data), "a plane has the length it claims"
    return out


def _records(data, count, depth, colours):
    at, layers = 0, []
    for _ in range(count):
        top, left, bottom, right, channels = struct.unpack_from(">4iH", data, at)
        at += 18
        ids = []
        for _ in range(channels):
            ids.append(struct.unpack_from(">hI", data, at))
            at += 6
        assert data[at:at + 8] == b"8BIMnorm"
        opacity, clipping, flags, _, extra = struct.unpack_from(">4BI", data, at + 8)
        assert opacity == 255 and clipping == 0
        at += 16
        end = at + extra
        mask_size = struct.unpack_from(">I", data, at)[0]
        if mask_size:
            assert struct.unpack_from(">4iB", data, at + 4) == (top, left, bottom, right, 0)
        at += 4 + mask_size
        at += 4 + struct.unpack_from(">I", data, at)[0]  # blending ranges
        at += (data[at] + 4) // 4 * 4
        name = ""
        while at + 12 <= end:
            key, size = data[at + 4:at + 8], struct.unpack_from(">I", data, at + 8)[0]
            if key == b"luni":
                units = struct.unpack_from(">I", data, at + 12)[0]
                name = data[at + 16:at + 16 + 2 * units].decode("utf-16-be")
            at += 12 + size
        assert at == end
        layers.append((name, (left, top, right - left, bottom - top), not flags & 2, ids))
    made = []
    for name, rect, visible, ids in layers:
        planes = {}
        for number, length in ids:
            planes[number] = _plane(data[at:at + length], rect[2], rect[3], depth)
            at += length
        samples = [s for pixel in zip(*(planes[c] for c in (*range(colours), -1))) for s in pixel]
        made.append(Layer(name, rect, visible, colours, samples, planes.get(-2)))
    assert not data[at:].strip(b"\0") and len(data) - at < 4
    return made


def read_psd(path):
    with open(path, "rb") as file:
        data = file.read()
    assert data[:6] == b"8BPS\0\1"
    channels, height, width, depth, mode = struct.unpack_from(">HIIHH", data, 12)
    colours = {1: 1, 3: 3}[mode]
    assert struct.unpack_from(">I", data, 26)[0] == 0
    size = struct.unpack_from(">I", data, 30)[0]
    resources, block, at = {}, data[34:34 + size], 0
    while at < len(block):
        assert block[at:at + 4] == b"8BIM"
        number, name, length = struct.unpack_from(">HHI", block, at + 4)
        assert name == 0
        resources[number] = block[at + 12:at + 12 + length]
        at += 12 + (length + 1) // 2 * 2
    at = 34 + size
    size = struct.unpack_from(">I", data, at)[0]
    section, merged_at = data[at + 4:at + 4 + size], at + 4 + size
    length = struct.unpack_from(">I", section)[0]
    if depth == 8:
        records = section[4:4 + length]
        assert section[4 + length:] == b"\0\0\0\0"
    else:
        assert length == 0
        at = 8
        while section[at:at + 8] != b"8BIMLr16":
            at += 12 + struct.unpack_from(">I", section, at + 8)[0]
        length = struct.unpack_from(">I", section, at + 8)[0]
        records = section[at + 12:at + 12 + length]
        assert at + 12 + length == len(section)
    count = struct.unpack_from(">h", records)[0]
    assert (count < 0) == (channels > colours)
    layers = _records(records[2:], abs(count), depth, colours)
    data = data[merged_at:]
    assert struct.unpack_from(">H", data)[0] == 1
    lengths = struct.unpack_from(">%dH" % (channels * height), data, 2)
    at, planes = 2 + 2 * channels * height, []
    for c in range(channels):
        plane = []
        for n in lengths[c * height:(c + 1) * height]:
            plane += _samples(_unpack(data[at:at + n], width * depth // 8), depth)
            at += n
        planes.append(plane)
    assert at == len(data), "nothing after the merged picture"
    merged = png.Picture(width, height, channels, depth, [s for pixel in zip(*planes) for s in pixel])
    return Document((width, height), depth, colours, layers, merged, resources)


def read_ora(path):
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        first = z.infolist()[0]
        assert first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
        assert first.header_offset == 0 and not first.extra
        assert z.read("mimetype") == b"image/openraster"
        root = tree.fromstring(z.read("stack.xml"))
        merged = png.decode(z.read("mergedimage.png"))
        thumbnail = png.decode(z.read("Thumbnails/thumbnail.png"))
        assert max(thumbnail.size) <= 256
        layers = []
        for layer in reversed(root.find("stack").findall("layer")):
            p = png.decode(z.read(layer.get("src")))
            colours = 1 if p.channels < 3 else 3
            samples = p.samples
            if p.channels == colours:
                most = 2**p.depth - 1
                samples = [s for i in range(0, len(samples), colours) for s in (*samples[i:i + colours], most)]
            assert layer.get("composite-op") == "svg:src-over" and layer.get("opacity") == "1.0"
            layers.append(Layer(layer.get("name"), (int(layer.get("x")), int(layer.get("y")), *p.size),
                                layer.get("visibility") == "visible", colours, samples, None))
        size = int(root.get("w")), int(root.get("h"))
    return Document(size, merged.depth, 1 if merged.channels < 3 else 3, layers, merged, {})


def flatten(document):
    """Straight colours and alpha, as floats 0 .. 1, of the visible layers: Porter and Duff's over."""
    width, height = document.size
    n, most = document.colours, float(2**document.depth - 1)
    out = [0.0] * (width * height * (n + 1))
    for layer in document.layers:
        if not layer.visible:
            continue
        left, top, w, h = layer.rect
        for y in range(h):
            for x in range(w):
                i = (y * w + x) * (n + 1)
                o = ((top + y) * width + left + x) * (n + 1)
                a = layer.samples[i + n] / most
                if layer.show is not None:
                    a *= layer.show[y * w + x] / most
                below = out[o + n]
                alpha = a + below * (1 - a)
                if a > 0:
                    for c in range(n):
                        v = layer.samples[i + c] / most * a + out[o + c] * below * (1 - a)
                        out[o + c] = v / alpha
                out[o + n] = alpha
    return out
