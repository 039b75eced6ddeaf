#!/usr/bin/python3
"""Make small picture files of one and the same sheet in every way that TIFF, PNG and JPEG can keep it.

  /usr/bin/python3 make_picture_files.py --out ../fuzz/corpus/fuzz_picture

The name begins with the reference that the page must look like: "colour", "grey", "bits" (black and white) or "alpha" (the lower
right quarter is transparent: white paper).  The references themselves are plain PNGs named "reference-...".  The same call gives
the same files.
"""
import argparse
import io
import os
import struct
import subprocess
import tempfile
import zlib

from PIL import Image

from make_scan_pdfs import packed, sheet

SHORT, LONG, RATIONAL = 3, 4, 5


def tiff(w, h, strips, tags, big=False):
    """A TIFF of one directory; tags: {number: (type, [values])}; strips: bytes of each."""
    e = ">" if big else "<"
    tags = {256: (LONG, [w]), 257: (LONG, [h]), 278: (LONG, [h]), 282: (RATIONAL, [200, 1]), 283: (RATIONAL, [200, 1]),
            296: (SHORT, [2]), **tags}
    data, places = b"", []
    for s in strips:
        places.append(8 + len(data))
        data += s + b"\0" * (len(s) % 2)
    where, count = (324, 325) if 322 in tags else (273, 279)
    tags[where], tags[count] = (LONG, places), (LONG, [len(s) for s in strips])
    if 322 in tags:
        del tags[278]
    start, entries, more = 8 + len(data), b"", b""
    after = start + 2 + 12 * len(tags) + 4
    for tag in sorted(tags):
        kind, values = tags[tag]
        body = struct.pack(e + {SHORT: "H", LONG: "I", RATIONAL: "I"}[kind] * len(values), *values)
        n = len(values) // (2 if kind == RATIONAL else 1)
        if len(body) > 4:
            value = struct.pack(e + "I", after + len(more))
            more += body + b"\0" * (len(body) % 2)
        else:
            value = body.ljust(4, b"\0")
        entries += struct.pack(e + "HHI", tag, kind, n) + value
    return (b"MM\0*" if big else b"II*\0") + struct.pack(e + "I", start) + data + struct.pack(e + "H", len(tags)) + entries + b"\0\0\0\0" + more


def tiled(samples, w, h, step, side=32):
    out = []
    for y in range(0, h, side):
        for x in range(0, w, side):
            tile = b""
            for row in range(y, y + side):
                line = samples[(row * w + x) * step:(row * w + min(w, x + side)) * step] if row < h else b""
                tile += line.ljust(side * step, b"\0")
            out.append(tile)
    return out


def png(im, bits, colour, rows, interlace=0, extra=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    w, h = im.size
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, colour, 0, 0, interlace)) + extra +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_rows(samples, row):
    return b"".join(b"\0" + samples[y:y + row] for y in range(0, len(samples), row))


# Where the stored row 0 and column 0 lie, by orientation (TIFF 6.0, page 36): what makes the shown picture the stored one.
STORED = {1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM, 5: Image.TRANSPOSE, 6: Image.ROTATE_90,
          7: Image.TRANSVERSE, 8: Image.ROTATE_270}


class Maker:
    def __init__(self, out, w, h):
        self.out, self.w, self.h = out, w, h
        self.rgb, self.grey, self.bits = sheet("RGB", w, h), sheet("L", w, h), sheet("1", w, h)
        self.alpha = Image.new("L", (w, h), 255)
        self.alpha.paste(0, (w // 2, h // 2, w, h))
        paper = Image.new("RGB", (w, h), (255, 255, 255))
        paper.paste(self.rgb, mask=self.alpha)
        for name, im in (("colour", self.rgb), ("grey", self.grey), ("bits", self.bits.convert("L")), ("alpha", paper)):
            self.save("reference-%s.png" % name, self.by_pil(im, "PNG"))

    def save(self, name, data):
        with open(os.path.join(self.out, name), "wb") as f:
            f.write(data)

    @staticmethod
    def by_pil(im, kind, **options):
        out = io.BytesIO()
        im.save(out, kind, **options)
        return out.getvalue()

    def tiff(self, name, strips, bits, photometric, size=None, big=False, **more):
        w, h = size or (self.w, self.h)
        tags = {258: (SHORT, bits), 262: (SHORT, [photometric]), 277: (SHORT, [len(bits)]), 259: (SHORT, [1])}
        tags.update({int(k[1:]): v for k, v in more.items()})
        self.save(name + ".tif", tiff(w, h, strips if isinstance(strips, list) else [strips], tags, big))

    def plain_tiffs(self):
        g, c, b, w, h = self.grey.tobytes(), self.rgb.tobytes(), self.bits.tobytes(), self.w, self.h
        other = bytes(255 - v for v in g)
        self.tiff("bits-min-is-black", b, [1], 1)
        self.tiff("bits-min-is-white", bytes(255 - v for v in b), [1], 0)
        self.tiff("bits-fill-order-2", bytes(int("{:08b}".format(v)[::-1], 2) for v in b), [1], 1, t266=(SHORT, [2]))
        self.tiff("bits-palette", b, [1], 3, t320=(SHORT, [0, 65535] * 3))
        self.tiff("bits-palette-other-way", b"".join(bytes([255 - v]) for v in b), [1], 3, t320=(SHORT, [65535, 0] * 3))
        self.tiff("grey-8-min-is-black", g, [8], 1)
        self.tiff("grey-8-min-is-white", other, [8], 0)
        self.tiff("grey-4-min-is-black", packed([v >> 4 for v in g], w, 4), [4], 1)
        self.tiff("grey-4-min-is-white", packed([v >> 4 for v in other], w, 4), [4], 0)
        self.tiff("grey-16", b"".join(struct.pack("<H", v * 257) for v in g), [16], 1)
        self.tiff("grey-16-big-endian", b"".join(struct.pack(">H", v * 257) for v in g), [16], 1, big=True)
        self.tiff("grey-16-min-is-white", b"".join(struct.pack("<H", v * 257) for v in other), [16], 0)
        self.tiff("grey-tiled", tiled(g, w, h, 1), [8], 1, t322=(LONG, [32]), t323=(LONG, [32]))
        self.tiff("colour-8", c, [8, 8, 8], 2)
        self.tiff("colour-8-big-endian", c, [8, 8, 8], 2, big=True)
        self.tiff("colour-16", b"".join(struct.pack("<H", v * 257) for v in c), [16, 16, 16], 2)
        self.tiff("colour-planes", [ch.tobytes() for ch in self.rgb.split()], [8, 8, 8], 2, t284=(SHORT, [2]))
        self.tiff("colour-tiled", tiled(c, w, h, 3), [8, 8, 8], 2, t322=(LONG, [32]), t323=(LONG, [32]))
        cmyk = b"".join(bytes(255 - v for v in c[i:i + 3]) + b"\0" for i in range(0, len(c), 3))
        self.tiff("colour-cmyk", cmyk, [8] * 4, 5, t332=(SHORT, [1]))
        few = self.rgb.quantize(256)
        palette = few.getpalette()
        table = [palette[3 * i + k] * 257 for k in range(3) for i in range(256)]
        self.tiff("colour-palette-8", few.tobytes(), [8], 3, t320=(SHORT, table))
        few = self.rgb.quantize(16)
        table = [few.getpalette()[3 * i + k] * 257 for k in range(3) for i in range(16)]
        self.tiff("colour-palette-4", packed(list(few.tobytes()), w, 4), [4], 3, t320=(SHORT, table))
        rgba = Image.merge("RGBA", (*self.rgb.split(), self.alpha))
        self.tiff("alpha-unassociated", rgba.tobytes(), [8] * 4, 2, t338=(SHORT, [2]))
        early = b"".join(bytes(v * a // 255 for v in p) + bytes([a]) for p, a in zip(zip(*[iter(c)] * 3), self.alpha.tobytes()))
        self.tiff("alpha-associated", early, [8] * 4, 2, t338=(SHORT, [1]))
        la = b"".join(bytes(p) for p in zip(g, self.alpha.tobytes()))
        self.tiff("alphagrey-unassociated", la, [8, 8], 1, t338=(SHORT, [2]))
        for turn, how in STORED.items():
            for name, im, bits, photometric in (("colour", self.rgb, [8, 8, 8], 2), ("bits", self.bits, [1], 1)):
                stored = im.transpose(how) if how is not None else im
                self.tiff("%s-orientation-%d" % (name, turn), stored.tobytes(), bits, photometric, size=stored.size, t274=(SHORT, [turn]))

    def packed_tiffs(self):
        for name, im, ways in (("bits", self.bits, ("g3:1d", "g3:2d", "g4", "packbits", "lzw", "zip")),
                               ("colour", self.rgb, ("lzw:2", "zip:2", "packbits", "jpeg:95"))):
            with tempfile.TemporaryDirectory() as t:
                a, b = os.path.join(t, "a.tif"), os.path.join(t, "b.tif")
                im.save(a)
                for way in ways:
                    subprocess.run(["tiffcp", "-r", "16", "-c", way, a, b], check=True, stderr=subprocess.DEVNULL)
                    self.save("%s-tiffcp-%s.tif" % (name, way.replace(":", "-")), open(b, "rb").read())

    def old_jpeg(self):
        """Of TIFF 6.0 as it first was: a JPEG file within, and where it lies."""
        data = self.by_pil(self.rgb, "JPEG", quality=92, subsampling=2)
        self.tiff("colour-old-jpeg", data, [8, 8, 8], 6, t259=(SHORT, [6]), t513=(LONG, [8]), t514=(LONG, [len(data)]),
                  t530=(SHORT, [2, 2]))

    def pngs(self):
        g, c, b, w = self.grey.tobytes(), self.rgb.tobytes(), self.bits.tobytes(), self.w
        self.save("bits-1.png", png(self.bits, 1, 0, png_rows(b, (w + 7) // 8)))
        for bits in (2, 4):
            step = 255 // ((1 << bits) - 1)
            im = self.grey.point(lambda v: min((v + step // 2) // step, (1 << bits) - 1) * step)
            self.save("grey%d-%d.png" % (bits, bits), png(im, bits, 0, png_rows(packed([v // step for v in im.tobytes()], w, bits),
                                                                               (w * bits + 7) // 8)))
        self.save("grey-8.png", png(self.grey, 8, 0, png_rows(g, w)))
        self.save("grey-16.png", png(self.grey, 16, 0, png_rows(b"".join(bytes([v, v]) for v in g), 2 * w)))
        self.save("colour-8.png", png(self.rgb, 8, 2, png_rows(c, 3 * w)))
        self.save("colour-16.png", png(self.rgb, 16, 2, png_rows(b"".join(bytes([v, v]) for v in c), 6 * w)))
        few = self.rgb.quantize(16)
        table = png_chunk(b"PLTE", bytes(few.getpalette()[:48]))
        self.save("colour-palette-4.png", png(few, 4, 3, png_rows(packed(list(few.tobytes()), w, 4), w // 2), extra=table))
        self.save("bits-palette-other-way.png", png(self.bits, 1, 3, png_rows(bytes(255 - v for v in b), (w + 7) // 8),
                                                    extra=png_chunk(b"PLTE", b"\xff\xff\xff\0\0\0")))
        rgba = Image.merge("RGBA", (*self.rgb.split(), self.alpha))
        self.save("alpha-8.png", png(rgba, 8, 6, png_rows(rgba.tobytes(), 4 * w)))
        wide = b"".join(bytes([v, v]) for v in rgba.tobytes())
        self.save("alpha-16.png", png(rgba, 16, 6, png_rows(wide, 8 * w)))
        la = b"".join(bytes(p) for p in zip(g, self.alpha.tobytes()))
        self.save("alphagrey-8.png", png(self.grey, 8, 4, png_rows(la, 2 * w)))
        self.save("alphagrey-16.png", png(self.grey, 16, 4, png_rows(b"".join(bytes([v, v]) for v in la), 4 * w)))
        fifteen = self.rgb.quantize(15)
        seen = [0 if not a else 1 + i for i, a in zip(fifteen.tobytes(), self.alpha.tobytes())]
        table = png_chunk(b"PLTE", b"\0\0\0" + bytes(fifteen.getpalette()[:45])) + png_chunk(b"tRNS", b"\0")
        self.save("alpha-palette-4.png", png(fifteen, 4, 3, png_rows(packed(seen, w, 4), w // 2), extra=table))
        self.save("colour-interlaced.png", self.interlaced(c, 3))
        self.save("grey-interlaced.png", self.interlaced(g, 1))

    def interlaced(self, samples, step):
        """Adam7: seven small pictures one after the other."""
        rows = b""
        for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
            for y in range(y0, self.h, dy):
                rows += b"\0" + b"".join(samples[(y * self.w + x) * step:(y * self.w + x + 1) * step] for x in range(x0, self.w, dx))
        return png(self.rgb, 8, 2 if step == 3 else 0, rows, 1)

    def jpegs(self):
        save = lambda name, im, **o: self.save(name + ".jpg", self.by_pil(im, "JPEG", quality=92, **o))
        save("colour-plain", self.rgb)
        save("grey-plain", self.grey)
        save("colour-progressive", self.rgb, progressive=True)
        cmyk = Image.merge("CMYK", [c.point(lambda v: 255 - v) for c in self.rgb.split()] + [Image.new("L", self.rgb.size, 0)])
        save("colour-cmyk", cmyk)
        for turn, how in STORED.items():
            exif = Image.Exif()
            exif[0x112] = turn
            save("colour-exif-%d" % turn, self.rgb.transpose(how) if how is not None else self.rgb, exif=exif.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    maker = Maker(options.out, 120, 72)
    for part in (maker.plain_tiffs, maker.packed_tiffs, maker.old_jpeg, maker.pngs, maker.jpegs):
        part()


if __name__ == "__main__":
    main()
