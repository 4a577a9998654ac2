"""PNG in and out, small and slow: a reader and writer that share nothing with the program under test."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
COLOUR_TYPE = {1: 0, 3: 2, 2: 4, 4: 6}


class Picture:
    """samples: one flat list, row by row, channels interleaved."""

    def __init__(self, width, height, channels, depth=8, samples=None, chunks=None):
        self.width, self.height, self.channels, self.depth = width, height, channels, depth
        self.samples = samples if samples is not None else [0] * (width * height * channels)
        self.chunks = chunks or []  # ancillary ones, (type, data) in order

    @property
    def size(self):
        return self.width, self.height

    def pixel(self, x, y):
        at = (y * self.width + x) * self.channels
        return tuple(self.samples[at:at + self.channels])

    def chunk(self, kind):
        return next((data for k, data in self.chunks if k == kind), None)


def make(width, height, channels, depth, function):
    """function(x, y, channel) gives the sample."""
    samples = [function(x, y, c) for y in range(height) for x in range(width) for c in range(channels)]
    return Picture(width, height, channels, depth, samples)


def chunk_bytes(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def _filtered(kind, row, above, bpp):
    out = bytearray(len(row))
    for i, value in enumerate(row):
        a = row[i - bpp] if i >= bpp else 0
        b = above[i]
        c = above[i - bpp] if i >= bpp else 0
        guess = (0, a, b, (a + b) // 2, _paeth(a, b, c))[kind]
        out[i] = (value - guess) & 255
    return bytes(out)


def encode(picture, filters=(0, 1, 2, 3, 4)):
    """Rows take the filters in turn."""
    bpp = picture.channels * picture.depth // 8
    per_row = picture.width * picture.channels
    code = ">%dH" % per_row if picture.depth == 16 else "%dB" % per_row
    above = bytes(picture.width * bpp)
    raw = bytearray()
    for y in range(picture.height):
        row = struct.pack(code, *picture.samples[y * per_row:(y + 1) * per_row])
        kind = filters[y % len(filters)]
        raw.append(kind)
        raw += _filtered(kind, row, above, bpp)
        above = row
    header = struct.pack(">IIBBBBB", picture.width, picture.height, picture.depth,
                         COLOUR_TYPE[picture.channels], 0, 0, 0)
    parts = [SIGNATURE, chunk_bytes(b"IHDR", header)]
    parts += [chunk_bytes(kind, data) for kind, data in picture.chunks]
    parts += [chunk_bytes(b"IDAT", zlib.compress(bytes(raw), 6)), chunk_bytes(b"IEND", b"")]
    return b"".join(parts)


def write(path, picture, filters=(0, 1, 2, 3, 4)):
    with open(path, "wb") as file:
        file.write(encode(picture, filters))


def _unfilter(raw, width, height, channels, depth):
    bpp = channels * depth // 8
    length = width * bpp
    rows, above = [], bytearray(length)
    for y in range(height):
        at = y * (length + 1)
        kind, row = raw[at], bytearray(raw[at + 1:at + 1 + length])
        if len(row) != length or kind > 4:
            raise ValueError("bad row %d" % y)
        if kind == 1:
            for i in range(bpp, length):
                row[i] = (row[i] + row[i - bpp]) & 255
        elif kind == 2:
            for i in range(length):
                row[i] = (row[i] + above[i]) & 255
        elif kind == 3:
            for i in range(length):
                row[i] = (row[i] + ((row[i - bpp] if i >= bpp else 0) + above[i]) // 2) & 255
        elif kind == 4:
            for i in range(length):
                a = row[i - bpp] if i >= bpp else 0
                c = above[i - bpp] if i >= bpp else 0
                row[i] = (row[i] + _paeth(a, above[i], c)) & 255
        rows.append(row)
        above = row
    return rows


def read(path):
    """As decode()."""
    with open(path, "rb") as file:
        return decode(file.read())


def decode(data):
    """8 or 16 bit, not interlaced; a palette is looked up. Every checksum is checked."""
    if data[:8] != SIGNATURE:
        raise ValueError("not a PNG")
    at, header, idat, chunks = 8, None, b"", []
    while at < len(data):
        length, = struct.unpack(">I", data[at:at + 4])
        kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + length]
        if struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] != zlib.crc32(kind + body):
            raise ValueError("bad checksum of %r" % kind)
        at += 12 + length
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            idat += body
        elif kind == b"IEND":
            break
        else:
            chunks.append((kind, body))
    width, height, depth, colour, _, _, interlace = header
    palette = dict(chunks).get(b"PLTE") if (colour, depth) == (3, 8) else None
    if depth not in (8, 16) or (colour not in CHANNELS and palette is None) or interlace:
        raise ValueError("a PNG this reader does not know: %r" % (header,))
    channels = 1 if palette else CHANNELS[colour]
    samples = []
    for row in _unfilter(zlib.decompress(idat), width, height, channels, depth):
        samples += struct.unpack(">%dH" % (len(row) // 2), row) if depth == 16 else row
    if palette:
        channels, samples = 3, [v for i in samples for v in palette[3 * i:3 * i + 3]]
    return Picture(width, height, channels, depth, samples, chunks)
