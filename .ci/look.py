"""Looks at PNG files with the standard library alone: fails for one that shows nothing (fewer than three colours, or nearly all one)."""
import collections
import struct
import sys
import zlib


def chunks(data):
    at = 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + size]
        at += 12 + size


def unfilter(kind, row, above, step):
    """One row of PNG's five filters undone (PNG specification, section 9)."""
    for i, value in enumerate(row):
        left, up = row[i - step] if i >= step else 0, above[i]
        corner = above[i - step] if i >= step else 0
        p = left + up - corner
        paeth = min((abs(p - left), 0, left), (abs(p - up), 1, up), (abs(p - corner), 2, corner))[2]
        row[i] = (value + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return row


def pixels(path):
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", f"{path} is not a PNG"
    parts = list(chunks(data))
    width, height, depth, colour = struct.unpack(">IIBB", parts[0][1][:10])
    step = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    assert depth == 8, f"{path}: {depth} bits"
    raw = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    above, size = bytes(width * step), width * step + 1
    for y in range(height):
        above = unfilter(raw[y * size], bytearray(raw[y * size + 1:(y + 1) * size]), above, step)
        yield from (bytes(above[x:x + step]) for x in range(0, width * step, step))


def look(path):
    colours = collections.Counter(pixels(path))
    total, common = sum(colours.values()), max(colours.values())
    print(f"{path}: {len(colours)} colours, {100 * common / total:.1f} % are one")
    return len(colours) >= 3 and common < 0.999 * total


frames = sys.argv[1:]
assert frames, "no frames to look at"
sys.exit(not all([look(frames[0]), look(frames[-1])]))
