#!/usr/bin/python3
"""Make small PDFs of one page each, as scanners and OCR programs write them: every coding, colour and placing of a picture.

  /usr/bin/python3 make_scan_pdfs.py --out ../fuzz/corpus/fuzz_pdf_scan [--width 320 --height 200 --dpi 150]

The name begins with what is expected of the page: "kept" (the picture comes as its own bytes), "taken" (decoded and put
together without rendering), "left" (rendered).  Poppler is the judge of what each must look like.  The same options give the
same files.
"""
import argparse
import io
import os
import re
import struct
import subprocess
import tempfile
import zlib

from PIL import Image, ImageDraw, features

HERE = os.path.dirname(os.path.abspath(__file__))
FAX_TABLES = os.path.join(HERE, "..", "..", "ocr", "pdf_fax.c")


# --- the sheet that is scanned: no side looks like another ----------------------------------------------------------------
def sheet(mode, w, h, grain=True):
    im = Image.new("RGB", (w, h), (250, 248, 240))
    d = ImageDraw.Draw(im)
    for x in range(w // 2, w):
        g = 255 * (x - w // 2) // (w - w // 2)
        d.line((x, h * 3 // 4, x, h - 1), (g, g, g))
    d.rectangle((0, 0, w // 5, h // 4), (0, 0, 0))
    d.rectangle((w // 2, h // 10, w * 3 // 4, h // 3), (200, 30, 30))
    d.rectangle((w * 3 // 4, h // 10, w - 8, h // 3), (30, 60, 200))
    for i in range(6):
        y = h * 2 // 5 + i * h // 20
        d.line((10, y, w // 2 - 10 * i, y), (20, 20, 20), 2)
    d.text((12, h * 3 // 4), "Invented sheet", (10, 10, 10))
    if grain:
        px = im.load()
        seed = 7
        for y in range(h):
            for x in range(w):
                seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
                n = (seed >> 16) % 7 - 3
                px[x, y] = tuple(max(0, min(255, c + n)) for c in px[x, y])
    if mode == "1":
        return im.convert("L").point(lambda v: 255 if v > 128 else 0).convert("1", dither=0)
    if mode == "CMYK":
        cm = Image.new("CMYK", (w, h))
        r, g, b = im.split()
        inv = [c.point(lambda v: 255 - v) for c in (r, g, b)]
        k = Image.new("L", (w, h), 0)
        ImageDraw.Draw(k).rectangle((0, 0, w // 5, h // 4), 255)
        return Image.merge("CMYK", inv + [k])
    return im.convert(mode)


# --- codings ---------------------------------------------------------------------------------------------------------------
def packed(samples, width, bits):
    """Bytes with samples of fewer bits."""
    out = bytearray()
    for y in range(0, len(samples), width):
        acc = n = 0
        for v in samples[y:y + width]:
            acc = acc << bits | v
            n += bits
            if n == 8:
                out.append(acc)
                acc = n = 0
        if n:
            out.append(acc << (8 - n))
    return bytes(out)


def jpeg(im, **options):
    out = io.BytesIO()
    im.save(out, "JPEG", quality=92, **options)
    return out.getvalue()


def jpx(im):
    out = io.BytesIO()
    im.save(out, "JPEG2000", irreversible=True, quality_mode="dB", quality_layers=[45])
    return out.getvalue()


def tiff_strip(im, compression):
    """The bare fax data of one strip that libtiff writes."""
    with tempfile.TemporaryDirectory() as t:
        a, b = os.path.join(t, "a.tif"), os.path.join(t, "b.tif")
        im.save(a, "TIFF", compression="group4")
        subprocess.run(["tiffcp", "-r", "100000", "-c", compression, a, b], check=True, stderr=subprocess.DEVNULL)
        tif = Image.open(b)
        place, size = tif.tag_v2[273][0], tif.tag_v2[279][0]
        order, photometric = tif.tag_v2.get(266, 1), tif.tag_v2[262]
        with open(b, "rb") as f:
            f.seek(place)
            data = f.read(size)
    if order == 2:
        data = bytes(int("{:08b}".format(c)[::-1], 2) for c in data)
    return data, photometric


def lzw(data, early=1):
    codes, out, acc, n = {bytes([i]): i for i in range(256)}, bytearray(), 0, 0
    width, nxt, word = 9, 258, b""

    def put(code):
        nonlocal acc, n
        acc = acc << width | code
        n += width
        while n >= 8:
            out.append(acc >> (n - 8) & 255)
            n -= 8
            acc &= (1 << n) - 1
    put(256)
    for byte in data:
        longer = word + bytes([byte])
        if longer in codes:
            word = longer
            continue
        put(codes[word])
        codes[longer] = nxt
        nxt += 1
        if nxt + early > 1 << width:
            if width == 12:
                put(256)
                codes, width, nxt = {bytes([i]): i for i in range(256)}, 9, 258
            else:
                width += 1
        word = bytes([byte])
    put(codes[word])
    nxt += 1
    if nxt + early > 1 << width and width < 12:
        width += 1
    put(257)
    if n:
        out.append(acc << (8 - n) & 255)
    return bytes(out)


def run_length(data):
    out, at = bytearray(), 0
    while at < len(data):
        run = 1
        while run < 128 and at + run < len(data) and data[at + run] == data[at]:
            run += 1
        if run > 2:
            out += bytes([257 - run, data[at]])
            at += run
            continue
        end = at
        while end < len(data) and end - at < 128 and not (end + 2 < len(data) and data[end] == data[end + 1] == data[end + 2]):
            end += 1
        out += bytes([end - at - 1]) + data[at:end]
        at = end
    return bytes(out) + b"\x80"


def png_rows(data, row, step):
    """Each row with another of PNG's filters."""
    out, up = bytearray(), bytes(row)
    for n, y in enumerate(range(0, len(data), row)):
        line, way = data[y:y + row], n % 5
        left = bytes(step) + line[:-step]
        corner = bytes(step) + up[:-step]
        out.append(way)
        for v, a, b, c in zip(line, left, up, corner):
            p = a + b - c
            near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            out.append((v - (0, a, b, (a + b) // 2, near)[way]) & 255)
        up = line
    return bytes(out)


def tiff_rows(data, row, step):
    out = bytearray()
    for y in range(0, len(data), row):
        line = data[y:y + row]
        out += bytes((v - (line[i - step] if i >= step else 0)) & 255 for i, v in enumerate(line))
    return bytes(out)


class Fax:
    """A fax encoder of every kind (T.4, T.6); its codes come from the tables of the decoder, Poppler judges both."""

    def __init__(self):
        text = open(FAX_TABLES).read()
        table = {m[1]: re.findall(r'"([01]+)"', m[2]) for m in re.finditer(r"(\w+)\[\d+\] = \{(.*?)\};", text, re.S)}
        self.ends = (table["white_ends"], table["black_ends"])
        self.parts = tuple(table[k] + table["long_parts"] for k in ("white_parts", "black_parts"))

    def run(self, colour, n):
        out = ""
        while n >= 64:
            k = min(n, 2560) // 64
            out += self.parts[colour][k - 1]
            n -= 64 * k
        return out + self.ends[colour][n]

    def row1(self, line):
        out, x, colour = "", 0, 0
        while x < len(line) or not out:
            n = 0
            while x + n < len(line) and line[x + n] == colour:
                n += 1
            out += self.run(colour, n)
            x += n
            colour ^= 1
        return out

    def row2(self, line, above):
        w = len(line)

        def change(row, at, colour):
            """The first place right of at that has not colour and whose left neighbour has."""
            x = at + 1
            while x < w and not (row[x] != colour and (row[x - 1] if x else 0) == colour):
                x += 1
            return min(x, w)
        out, a0, colour = "", -1, 0
        while a0 < w:
            a1 = max(a0, 0)
            while a1 < w and line[a1] == colour:
                a1 += 1
            b1 = change(above, a0, colour)
            b2 = b1
            while b2 < w and above[b2] != colour:
                b2 += 1
            if b2 < a1:
                out, a0 = out + "0001", b2
            elif abs(a1 - b1) <= 3:
                out += {0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}[a1 - b1]
                a0, colour = a1, colour ^ 1
            else:
                a2 = a1
                while a2 < w and line[a2] != colour:
                    a2 += 1
                out += "001" + self.run(colour, a1 - max(a0, 0)) + self.run(colour ^ 1, a2 - a1)
                a0 = a2
        return out

    def encode(self, im, k, eol=False, align=False, block_end=True):
        w, h = im.size
        px = im.load()
        bits, above = "", [0] * w
        eol_code = "000000000001"
        for y in range(h):
            line = [0 if px[x, y] else 1 for x in range(w)]
            two = k < 0 or (k > 0 and y % k != 0)
            if align and not eol:
                bits += "0" * (-len(bits) % 8)
            if eol:
                if align:
                    bits += "0" * ((4 - len(bits)) % 8)
                bits += eol_code
            if k > 0:
                bits += "0" if two else "1"
            bits += self.row2(line, above) if two else self.row1(line)
            above = line
        if block_end:
            bits += eol_code * 2 if k < 0 else (eol_code + ("1" if k > 0 else "")) * 6
        bits += "0" * (-len(bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, "big")


class Mq:
    """The arithmetic coder of JBIG2 (T.88, annex E), encoding."""
    QE = [(0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0), (0x0221, 38, 33, 0),
          (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0),
          (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0), (0x5101, 17, 15, 0),
          (0x4801, 18, 16, 0), (0x3801, 19, 17, 0), (0x3401, 20, 18, 0), (0x3001, 21, 19, 0), (0x2801, 22, 19, 0),
          (0x2401, 23, 20, 0), (0x2201, 24, 21, 0), (0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0),
          (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0), (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0),
          (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0), (0x0221, 37, 34, 0),
          (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0), (0x0049, 41, 38, 0), (0x0025, 42, 39, 0),
          (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0)]

    def __init__(self):
        self.a, self.c, self.ct, self.out, self.state = 0x8000, 0, 12, bytearray([0]), {}

    def byte_out(self):
        if self.out[-1] != 0xFF and self.c >= 0x8000000:
            self.out[-1] += 1
            if self.out[-1] == 0xFF:
                self.c &= 0x7FFFFFF
        if self.out[-1] == 0xFF:
            self.out.append(self.c >> 20 & 0xFF)
            self.c &= 0xFFFFF
            self.ct = 7
        else:
            self.out.append(self.c >> 19 & 0xFF)
            self.c &= 0x7FFFF
            self.ct = 8

    def encode(self, context, bit):
        i, mps = self.state.get(context, (0, 0))
        qe, nmps, nlps, switch = self.QE[i]
        self.a -= qe
        if bit == mps:
            if self.a & 0x8000:
                self.c += qe
                return
            if self.a < qe:
                self.a = qe
            else:
                self.c += qe
            self.state[context] = (nmps, mps)
        else:
            if self.a < qe:
                self.c += qe
            else:
                self.a = qe
            self.state[context] = (nlps, mps ^ switch)
        while not self.a & 0x8000:
            self.a, self.c, self.ct = self.a << 1, self.c << 1, self.ct - 1
            if not self.ct:
                self.byte_out()

    def flush(self):
        t = self.c + self.a
        self.c |= 0xFFFF
        if self.c >= t:
            self.c -= 0x8000
        for _ in range(2):
            self.c <<= self.ct
            self.byte_out()
        return bytes(self.out[1:]) + b"\xff\xac"


def jbig2_segment(number, kind, page, data):
    return struct.pack(">IBBBI", number, kind, 0, page, len(data)) + data


def jbig2(im, mmr):
    """Page information, one generic region, end of page."""
    w, h = im.size
    page = struct.pack(">IIIIBH", w, h, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", w, h, 0, 0, 0)
    if mmr:
        body = b"\x01" + Fax().encode(im, -1)
    else:
        px, mq = im.load(), Mq()

        def at(x, y):
            return 1 if 0 <= x < w and y >= 0 and not px[x, y] else 0
        # template 0 (figure 3): bits from the left neighbour up; the four adaptive pixels at their usual places
        places = [(-1, 0), (-2, 0), (-3, 0), (-4, 0), (3, -1), (2, -1), (1, -1), (0, -1), (-1, -1), (-2, -1), (-3, -1), (2, -2),
                  (1, -2), (0, -2), (-1, -2), (-2, -2)]
        for y in range(h):
            for x in range(w):
                context = sum(at(x + dx, y + dy) << i for i, (dx, dy) in enumerate(places))
                mq.encode(context, at(x, y))
        body = b"\x00" + struct.pack("8b", 3, -1, -3, -1, 2, -2, -2, -2) + mq.flush()
    return jbig2_segment(0, 48, 1, page) + jbig2_segment(1, 38, 1, region + body) + jbig2_segment(2, 49, 1, b"")


# --- a PDF -----------------------------------------------------------------------------------------------------------------
class Pdf:
    def __init__(self, w_pt, h_pt):
        self.objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"", b""]
        self.w, self.h = w_pt, h_pt

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def stream(self, entries, data):
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data))

    def finish(self, content, resources="", page="", box=None):
        box = box or "0 0 %g %g" % (self.w, self.h)
        self.objects[2] = ("<< /Type /Page /Parent 2 0 R /MediaBox [%s] %s /Resources << %s >> /Contents 4 0 R >>"
                           % (box, page, resources)).encode()
        content = content if isinstance(content, bytes) else content.encode()
        self.objects[3] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
        out, places = bytearray(b"%PDF-1.7\n"), []
        for n, body in enumerate(self.objects):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (n + 1, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % p for p in places)
        out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table)
        return bytes(out)


FONT = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
STATE = "/ExtGState << /G0 << /ca 1 /CA 1 /BM /Normal /SMask /None /SA true >> /G1 << /ca 0.5 >> /G2 << /BM /Multiply >> >>"


class Maker:
    def __init__(self, out, w, h, dpi):
        self.out, self.w, self.h = out, w, h
        self.w_pt, self.h_pt = round(w * 72 / dpi, 2), round(h * 72 / dpi, 2)
        self.grey, self.rgb, self.bits, self.cmyk = (sheet(m, w, h) for m in ("L", "RGB", "1", "CMYK"))
        self.fax = Fax()

    def save(self, name, data):
        with open(os.path.join(self.out, name + ".pdf"), "wb") as f:
            f.write(data)

    def entries(self, space, bits, rest, size=None):
        w, h = size or (self.w, self.h)
        space = "/ColorSpace %s" % space if space else "/ImageMask true"
        return "/Type /XObject /Subtype /Image /Width %d /Height %d %s /BitsPerComponent %d %s" % (w, h, space, bits, rest)

    def one(self, name, space, bits, rest, data, content=None, resources="", page="", before=None, box=None):
        """One picture; before: makes objects and gives what the entries may name."""
        pdf = Pdf(self.w_pt, self.h_pt)
        if before:
            objects = before(pdf)
            space, rest = (space or "") % objects if "%" in (space or "") else space, rest % objects if "%" in rest else rest
        im = pdf.stream(self.entries(space, bits, rest), data)
        content = content or "q %g 0 0 %g 0 0 cm /Im0 Do Q" % (self.w_pt, self.h_pt)
        self.save(name, pdf.finish(content, "/XObject << /Im0 %d 0 R >> %s" % (im, resources), page, box))

    # --- codings and colours
    def jpegs(self):
        grey, rgb = jpeg(self.grey), jpeg(self.rgb)
        profile = lambda n: lambda pdf: pdf.stream("/N %d /Alternate /Device%s" % (n, {1: "Gray", 3: "RGB", 4: "CMYK"}[n]), b"none")
        dct = "/Filter /DCTDecode"
        self.one("kept-jpeg-grey", "/DeviceGray", 8, dct, grey)
        self.one("kept-jpeg-rgb", "/DeviceRGB", 8, dct, rgb)
        self.one("kept-jpeg-progressive", "/DeviceRGB", 8, dct, jpeg(self.rgb, progressive=True))
        self.one("kept-jpeg-calrgb", "[/CalRGB << /WhitePoint [0.9505 1 1.089] /Gamma [2.2 2.2 2.2] /Matrix [0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505] >>]", 8, dct, rgb)
        self.one("kept-jpeg-icc3", "[/ICCBased %d 0 R]", 8, dct, rgb, before=profile(3))
        self.one("kept-jpeg-icc1", "[/ICCBased %d 0 R]", 8, dct, grey, before=profile(1))
        self.one("kept-jpeg-in-flate", "/DeviceRGB", 8, "/Filter [/FlateDecode /DCTDecode]", zlib.compress(rgb))
        self.one("kept-jpeg-decode-plain", "/DeviceRGB", 8, dct + " /Decode [0 1 0 1 0 1]", rgb)
        self.one("taken-jpeg-grey-inverted", "/DeviceGray", 8, dct + " /Decode [1 0]", grey)
        self.one("taken-jpeg-cmyk", "/DeviceCMYK", 8, dct, jpeg(self.cmyk))
        inverted = Image.merge("CMYK", [c.point(lambda v: 255 - v) for c in self.cmyk.split()])
        self.one("taken-jpeg-cmyk-inverted", "/DeviceCMYK", 8, dct + " /Decode [1 0 1 0 1 0 1 0]", jpeg(inverted))
        self.one("taken-jpeg-icc4", "[/ICCBased %d 0 R]", 8, dct, jpeg(self.cmyk), before=profile(4))
        self.one("taken-jpeg-no-transform", "/DeviceRGB", 8, dct + " /DecodeParms << /ColorTransform 0 >>", self.without_jfif(rgb))
        self.one("left-jpeg-wrong-channels", "/DeviceRGB", 8, dct, grey)
        self.one("left-jpeg-cut", "/DeviceRGB", 8, dct, rgb[:len(rgb) * 2 // 3])

    @staticmethod
    def without_jfif(data):
        """Without the marker that says how its colours are kept."""
        at, out = 2, data[:2]
        while data[at + 1] != 0xDA:
            size = 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
            if data[at + 1] not in (0xE0, 0xEE):
                out += data[at:at + size]
            at += size
        return out + data[at:]

    def faxes(self):
        g, w, h = self.bits, self.w, self.h
        way = "/Filter /CCITTFaxDecode /DecodeParms << /K %d /Columns " + str(w) + " %s >>"
        g4 = self.fax.encode(g, -1)
        self.one("kept-g4", "/DeviceGray", 1, way % (-1, "/Rows %d" % h), g4)
        self.one("kept-g4-no-rows-no-end", "/DeviceGray", 1, way % (-1, "/EndOfBlock false"), self.fax.encode(g, -1, block_end=False))
        self.one("kept-g4-black-is-1", "/DeviceGray", 1, way % (-1, "/BlackIs1 true") + " /Decode [1 0]", g4)
        self.one("kept-g4-inverted", "/DeviceGray", 1, way % (-1, "/BlackIs1 true"), g4)
        self.one("kept-g4-stencil", None, 1, way % (-1, ""), g4)
        self.one("kept-g4-stencil-decode", None, 1, way % (-1, "/BlackIs1 true") + " /Decode [1 0]", g4)
        self.one("kept-g4-icc", "[/ICCBased %d 0 R]", 1, way.replace("%d", "-1").replace("%s", ""), g4,
                 before=lambda pdf: pdf.stream("/N 1", b"none"))
        self.one("kept-g4-palette", "[/Indexed /DeviceRGB 1 <000000FFFFFF>]", 1, way % (-1, ""), g4)
        self.one("taken-g4-two-colours", "[/Indexed /DeviceRGB 1 <800000FFFFC0>]", 1, way % (-1, ""), g4)
        self.one("taken-g4-aligned", "/DeviceGray", 1, way % (-1, "/EncodedByteAlign true"), self.fax.encode(g, -1, align=True))
        for k in (0, 4):
            for eol in (False, True):
                for align in (False, True):
                    name = "taken-g3-%s%s%s" % ("2d" if k else "1d", "-eol" if eol else "", "-aligned" if align else "")
                    rest = "%s %s" % ("/EndOfLine true" if eol else "", "/EncodedByteAlign true" if align else "")
                    self.one(name, "/DeviceGray", 1, way % (k, rest), self.fax.encode(g, k, eol, align))
        self.one("taken-g3-no-end", "/DeviceGray", 1, way % (0, "/EndOfBlock false /Rows %d" % h),
                 self.fax.encode(g, 0, block_end=False))
        for kind, k in (("g3:1d", 0), ("g3:2d", 4), ("g3:1d:fill", 0), ("g3:2d:fill", 4)):
            data, photometric = tiff_strip(g, kind)
            black = "" if photometric == 0 else "/BlackIs1 true"
            self.one("taken-libtiff-" + kind.replace(":", "-"), "/DeviceGray", 1, way % (k, "/EndOfLine true " + black), data)
        self.one("left-g4-cut", "/DeviceGray", 1, way % (-1, ""), g4[:len(g4) // 2])

    def plain(self):
        w, h, g, rgb = self.w, self.h, self.grey.tobytes(), self.rgb.tobytes()
        fl = "/Filter /FlateDecode"
        z = zlib.compress
        for bits in (1, 2, 4):
            data = packed([v >> (8 - bits) for v in g], w, bits)
            self.one("taken-flate-grey%d" % bits, "/DeviceGray", bits, fl, z(data))
        self.one("taken-flate-grey1-inverted", "/DeviceGray", 1, fl + " /Decode [1 0]", z(self.bits.tobytes()))
        self.one("taken-flate-stencil", None, 1, fl, z(self.bits.tobytes()))
        self.one("taken-flate-grey8", "/DeviceGray", 8, fl, z(g))
        self.one("left-calgrey-linear", "[/CalGray << /WhitePoint [0.95 1 1.09] >>]", 8, fl, z(g))
        self.one("taken-flate-calgrey", "[/CalGray << /WhitePoint [0.95 1 1.09] /Gamma 2.2 >>]", 8, fl, z(g))
        self.one("taken-flate-grey8-decode", "/DeviceGray", 8, fl + " /Decode [0.2 0.8]", z(g))
        self.one("taken-flate-grey16", "/DeviceGray", 16, fl, z(b"".join(bytes([v, (v * 37) & 255]) for v in g)))
        self.one("taken-flate-rgb8", "/DeviceRGB", 8, fl, z(rgb))
        self.one("taken-flate-rgb4", "/DeviceRGB", 4, fl, z(packed([v >> 4 for v in rgb], 3 * w, 4)))
        self.one("taken-flate-rgb16", "/DeviceRGB", 16, fl, z(b"".join(bytes([v, 99]) for v in rgb)))
        self.one("taken-flate-rgb-decode", "/DeviceRGB", 8, fl + " /Decode [1 0 1 0 1 0]", z(rgb))
        self.one("taken-flate-cmyk", "/DeviceCMYK", 8, fl, z(self.cmyk.tobytes()))
        self.one("taken-plain-rgb", "/DeviceRGB", 8, "", rgb)
        self.one("taken-ascii85-flate", "/DeviceGray", 8, "/Filter [/ASCII85Decode /FlateDecode]", self.ascii85(z(g)))
        self.one("taken-hex", "/DeviceGray", 1, "/Filter /ASCIIHexDecode", self.bits.tobytes().hex().encode() + b">")
        self.one("taken-lzw", "/DeviceGray", 8, "/Filter /LZWDecode", lzw(g))
        self.one("taken-lzw-late", "/DeviceGray", 8, "/Filter /LZWDecode /DecodeParms << /EarlyChange 0 >>", lzw(g, 0))
        self.one("taken-run-length", "/DeviceGray", 1, "/Filter /RunLengthDecode", run_length(self.bits.tobytes()))
        p = "/DecodeParms << /Predictor %d /Colors %d /BitsPerComponent %d /Columns %d >>"
        self.one("taken-png-grey8", "/DeviceGray", 8, fl + p % (15, 1, 8, w), z(png_rows(g, w, 1)))
        self.one("taken-png-rgb8", "/DeviceRGB", 8, fl + p % (15, 3, 8, w), z(png_rows(rgb, 3 * w, 3)))
        self.one("taken-png-grey1", "/DeviceGray", 1, fl + p % (12, 1, 1, w), z(png_rows(self.bits.tobytes(), (w + 7) // 8, 1)))
        self.one("taken-tiff-rgb8", "/DeviceRGB", 8, fl + p % (2, 3, 8, w), z(tiff_rows(rgb, 3 * w, 3)))
        self.one("taken-lzw-tiff-rgb8", "/DeviceRGB", 8, "/Filter /LZWDecode" + p % (2, 3, 8, w), lzw(tiff_rows(rgb, 3 * w, 3)))
        self.one("left-flate-cut", "/DeviceRGB", 8, fl, z(rgb)[:-4000])

    @staticmethod
    def ascii85(data):
        import base64
        return base64.a85encode(data) + b"~>"

    def tables(self):
        w, h, z, fl = self.w, self.h, zlib.compress, "/Filter /FlateDecode"
        few = self.rgb.quantize(200)
        palette = bytes(few.getpalette()[:600])
        self.one("taken-palette8", "[/Indexed /DeviceRGB 199 <%s>]" % palette.hex(), 8, fl, z(few.tobytes()))
        self.one("taken-palette8-stream", "[/Indexed /DeviceRGB 199 %d 0 R]", 8, fl, z(few.tobytes()),
                 before=lambda pdf: pdf.stream(fl, z(palette)))
        four = self.rgb.quantize(16)
        colours = bytes(four.getpalette()[:48])
        nibbles = packed(list(four.tobytes()), w, 4)
        self.one("taken-palette4", "[/Indexed /DeviceRGB 15 <%s>]" % colours.hex(), 4, fl, z(nibbles))
        greys = bytes(sum(colours[i:i + 3]) // 3 for i in range(0, 48, 3))
        self.one("taken-palette4-grey", "[/Indexed /DeviceGray 15 <%s>]" % greys.hex(), 4, fl, z(nibbles))
        inks = b"".join(bytes([255 - c for c in colours[i:i + 3]] + [0]) for i in range(0, 48, 3))
        self.one("taken-palette4-cmyk", "[/Indexed /DeviceCMYK 15 <%s>]" % inks.hex(), 4, fl, z(nibbles))
        self.one("left-palette4-decode", "[/Indexed /DeviceRGB 15 <%s>]" % colours.hex(), 4, fl + " /Decode [15 0]", z(nibbles))
        self.one("taken-palette-icc", "[/Indexed [/ICCBased %d 0 R] 15 <" + colours.hex() + ">]", 4, fl, z(nibbles),
                 before=lambda pdf: pdf.stream("/N 3", b"none"))
        self.one("taken-palette1-other-way", "[/Indexed /DeviceGray 1 <FF00>]", 1, fl, z(self.bits.tobytes()))
        ink = "[/Separation /%s /%s << /FunctionType 2 /Domain [0 1] /N 1 %s >>]"
        other = bytes(255 - v for v in self.grey.tobytes())
        self.one("taken-separation-black", ink % ("Black", "DeviceGray", "/C0 [1] /C1 [0]"), 8, fl, z(other))
        self.one("taken-separation-cmyk", ink % ("Black", "DeviceCMYK", "/C0 [0 0 0 0] /C1 [0 0 0 1]"), 8, fl, z(other))
        program = b"{ 1 exch sub }"
        self.one("left-separation-program", "[/Separation /Black /DeviceGray %d 0 R]", 8, fl, z(other),
                 before=lambda pdf: pdf.stream("/FunctionType 4 /Domain [0 1] /Range [0 1]", program))
        self.one("left-lab", "[/Lab << /WhitePoint [0.95 1 1.09] >>]", 8, fl, z(self.rgb.tobytes()))

    def other_codings(self):
        for name, mmr in (("taken-jbig2-mmr", True), ("taken-jbig2", False)):
            self.one(name, "/DeviceGray", 1, "/Filter /JBIG2Decode", jbig2(self.bits, mmr))
        self.one("taken-jbig2-inverted", "/DeviceGray", 1, "/Filter /JBIG2Decode /Decode [1 0]", jbig2(self.bits, True))
        note = jbig2_segment(9, 62, 0, struct.pack(">I", 0x20000000) + b"made\0by hand\0\0")
        self.one("taken-jbig2-globals", "/DeviceGray", 1, "/Filter /JBIG2Decode /DecodeParms << /JBIG2Globals %d 0 R >>",
                 jbig2(self.bits, True), before=lambda pdf: pdf.stream("", note))
        if features.check("jpg_2000"):
            self.one("taken-jpx-rgb", "/DeviceRGB", 8, "/Filter /JPXDecode", jpx(self.rgb))
            self.one("taken-jpx-grey", "/DeviceGray", 8, "/Filter /JPXDecode", jpx(self.grey))

    # --- placings
    def placings(self):
        data, dct = jpeg(self.rgb), "/Filter /DCTDecode"
        w, h = self.w_pt, self.h_pt
        one = lambda name, **k: self.one(name, "/DeviceRGB", 8, dct, data, **k)
        for turn in (90, 180, 270):
            one("kept-rotate-%d" % turn, page="/Rotate %d" % turn)
        one("kept-upside-down", content="q %g 0 0 %g %g %g cm /Im0 Do Q" % (-w, -h, w, h))
        tall = "0 0 %g %g" % (h, w)
        one("kept-matrix-90", content="q 0 %g %g 0 0 %g cm /Im0 Do Q" % (-w, h, w), box=tall)
        one("kept-matrix-270", content="q 0 %g %g 0 %g 0 cm /Im0 Do Q" % (w, -h, h), box=tall)
        one("kept-matrix-90-rotate-270", content="q 0 %g %g 0 0 %g cm /Im0 Do Q" % (-w, h, w), box=tall, page="/Rotate 270")
        one("kept-box-elsewhere", content="q %g 0 0 %g 100 -50 cm /Im0 Do Q" % (w, h), box="100 -50 %g %g" % (100 + w, h - 50))
        one("kept-clip-state-layer-marks", content="/Artifact BMC q 0 0 %g %g re W n /G0 gs q %g 0 0 %g 0 0 cm /Im0 Do Q Q EMC" %
            (w, h, w, h), resources=STATE)
        one("kept-white-first", content="1 1 1 rg 0 0 %g %g re f %g 0 0 %g 0 0 cm /Im0 Do" % (w, h, w, h))
        one("kept-invisible-text-over", content="q %g 0 0 %g 0 0 cm /Im0 Do Q BT 3 Tr /F1 12 Tf 20 20 Td (somebody) Tj ET" %
            (w, h), resources=FONT)
        one("kept-invisible-text-under", content="q BT 3 Tr /F1 12 Tf 20 20 Td (somebody) Tj ET Q q %g 0 0 %g 0 0 cm /Im0 Do Q" %
            (w, h), resources=FONT)
        one("kept-hidden-text-under", content="BT /F1 12 Tf 20 20 Td (somebody) Tj ET q %g 0 0 %g 0 0 cm /Im0 Do Q" % (w, h),
            resources=FONT)
        one("kept-popup-note", page="/Annots [ << /Type /Annot /Subtype /Popup /Rect [5 5 50 50] >> << /Type /Annot /Subtype "
            "/Widget /FT /Sig /Rect [0 0 0 0] >> ]")
        one("kept-user-unit", page="/UserUnit 2")
        one("taken-cropped", page="/CropBox [%g %g %g %g]" % (w / 4, h / 4, w * 3 / 4, h * 3 / 4))
        one("taken-cropped-rotated", page="/CropBox [%g %g %g %g] /Rotate 90" % (w / 4, h / 8, w * 3 / 4, h))
        one("taken-clipped", content="q 20 10 %g %g re W n %g 0 0 %g 0 0 cm /Im0 Do Q" % (w * 0.8, h * 0.8, w, h))
        one("taken-clipped-by-lines", content="q 20 5 m 120 5 l 120 85 l 20 85 l h W n %g 0 0 %g 0 0 cm /Im0 Do Q" % (w, h))
        one("taken-margins", content="q %g 0 0 %g 12 8 cm /Im0 Do Q" % (w, h), box="0 0 %g %g" % (w * 1.25, h * 1.25))
        one("taken-margins-turned", content="q 0 %g %g 0 10 %g cm /Im0 Do Q" % (-w, h, w + 5), box="0 0 %g %g" % (h * 1.2, w * 1.15))
        one("left-mirrored", content="q %g 0 0 %g %g 0 cm /Im0 Do Q" % (-w, h, w))
        one("left-leaning", content="q %g 5 -5 %g 5 0 cm /Im0 Do Q" % (w, h))
        one("left-quarter", content="q %g 0 0 %g 0 0 cm /Im0 Do Q" % (w / 2, h / 2))
        one("left-painted-over", content="q %g 0 0 %g 0 0 cm /Im0 Do Q 1 0 0 rg 5 5 50 50 re f" % (w, h))
        one("left-text-over", content="q %g 0 0 %g 0 0 cm /Im0 Do Q BT /F1 12 Tf 20 20 Td (seen) Tj ET" % (w, h), resources=FONT)
        one("left-shines-through", content="q /G1 gs %g 0 0 %g 0 0 cm /Im0 Do Q" % (w, h), resources=STATE)
        one("left-multiplied", content="1 1 0 rg 0 0 50 50 re f q /G2 gs %g 0 0 %g 0 0 cm /Im0 Do Q" % (w, h), resources=STATE)
        one("left-odd-clip", content="q 20 10 m 120 30 l 60 80 l h W n %g 0 0 %g 0 0 cm /Im0 Do Q" % (w, h))
        one("left-noted", page="/Annots [ << /Type /Annot /Subtype /Square /Rect [5 5 50 50] /C [1 0 0] >> ]")
        one("left-layer", content="/OC /L0 BDC q %g 0 0 %g 0 0 cm /Im0 Do Q EMC" % (w, h))
        bits, way = self.fax.encode(self.bits, -1), "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d >>" % self.w
        self.one("left-red-stencil", None, 1, way, bits, content="1 0 0 rg q %g 0 0 %g 0 0 cm /Im0 Do Q" % (w, h))
        self.one("left-stencil-over-text", None, 1, way, bits, resources=FONT,
                 content="BT /F1 12 Tf 20 20 Td (seen) Tj ET q %g 0 0 %g 0 0 cm /Im0 Do Q" % (w, h))

    def forms(self):
        """The picture in a form, and an invisible layer in a form, as OCR programs write."""
        w, h, data = self.w_pt, self.h_pt, jpeg(self.rgb)
        pdf = Pdf(w, h)
        im = pdf.stream(self.entries("/DeviceRGB", 8, "/Filter /DCTDecode"), data)
        outer = pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Matrix [%g 0 0 %g 0 0] /Resources << /XObject << /Im0 %d "
                           "0 R >> >>" % (w, h, im), b"q /Im0 Do Q")
        layer = pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 %g %g] /Resources << %s >>" % (w, h, FONT),
                           b"BT 3 Tr /F1 12 Tf 20 20 Td (somebody) Tj ET")
        self.save("kept-in-a-form", pdf.finish("q /L0 Do Q q /F0 Do Q", "/XObject << /F0 %d 0 R /L0 %d 0 R >>" % (outer, layer)))
        pdf = Pdf(w, h)
        seen = pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 %g %g] /Resources << %s >>" % (w, h, FONT),
                          b"BT /F1 12 Tf 20 20 Td (seen) Tj ET")
        im = pdf.stream(self.entries("/DeviceRGB", 8, "/Filter /DCTDecode"), data)
        self.save("left-form-over", pdf.finish("q %g 0 0 %g 0 0 cm /Im0 Do Q /F0 Do" % (w, h),
                                               "/XObject << /F0 %d 0 R /Im0 %d 0 R >>" % (seen, im)))

    def several(self):
        w, h, wp, hp = self.w, self.h, self.w_pt, self.h_pt
        for kind, name in (("jpeg", "taken-strips-jpeg"), ("g4", "taken-strips-g4"), ("mixed", "taken-strips-mixed")):
            pdf, content, names, count = Pdf(wp, hp), "", "", 5
            for i in range(count):
                top, bottom = h * i // count, h * (i + 1) // count
                if kind == "g4" or (kind == "mixed" and i % 2):
                    part = self.bits.crop((0, top, w, bottom))
                    rest = "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d >>" % w
                    n = pdf.stream(self.entries("/DeviceGray", 1, rest, part.size), self.fax.encode(part, -1))
                else:
                    part = self.rgb.crop((0, top, w, bottom))
                    n = pdf.stream(self.entries("/DeviceRGB", 8, "/Filter /DCTDecode", part.size), jpeg(part))
                names += "/S%d %d 0 R " % (i, n)
                content += "q %.3f 0 0 %.3f 0 %.3f cm /S%d Do Q\n" % (wp, hp * (bottom - top) / h, hp * (h - bottom) / h, i)
            self.save(name, pdf.finish(content, "/XObject << %s >>" % names, "/Rotate 180" if kind == "jpeg" else ""))
        pdf, content, names, half = Pdf(wp, hp), "", "", w // 2 + 3
        for i, (x0, x1, y0, y1) in enumerate(((0, half, 0, 90), (half, w, 0, 90), (0, half, 90, h), (half, w, 90, h))):
            part = self.grey.crop((x0, y0, x1, y1))
            n = pdf.stream(self.entries("/DeviceGray", 8, "/Filter /FlateDecode", part.size), zlib.compress(part.tobytes()))
            names += "/S%d %d 0 R " % (i, n)
            content += "q %.3f 0 0 %.3f %.3f %.3f cm /S%d Do Q\n" % (wp * (x1 - x0) / w, hp * (y1 - y0) / h, wp * x0 / w,
                                                                     hp * (h - y1) / h, i)
        self.save("taken-tiles", pdf.finish(content, "/XObject << %s >>" % names))
        # a background of another resolution and a stencil of letters over it
        pdf = Pdf(wp, hp)
        back = pdf.stream(self.entries("/DeviceRGB", 8, "/Filter /DCTDecode", (w // 3, h // 3)), jpeg(self.rgb.resize((w // 3, h // 3))))
        rest = "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d >>" % w
        front = pdf.stream(self.entries(None, 1, rest), self.fax.encode(self.bits, -1))
        place = "q %g 0 0 %g 0 0 cm " % (wp, hp)
        self.save("left-layers", pdf.finish(place + "/B Do Q " + place + "/F Do Q", "/XObject << /B %d 0 R /F %d 0 R >>" % (back, front)))
        pdf = Pdf(wp, hp)
        back = pdf.stream(self.entries("/DeviceRGB", 8, "/Filter /DCTDecode"), jpeg(self.rgb.point(lambda v: 128 + v // 2)))
        front = pdf.stream(self.entries(None, 1, rest), self.fax.encode(self.bits, -1))
        self.save("taken-stencil-over-picture", pdf.finish(place + "/B Do Q 0 g " + place + "/F Do Q",
                                                           "/XObject << /B %d 0 R /F %d 0 R >>" % (back, front)))
        pdf = Pdf(wp, hp)
        mask = pdf.stream(self.entries("/DeviceGray", 8, "/Filter /FlateDecode"), zlib.compress(bytes(self.grey.tobytes())))
        im = pdf.stream(self.entries("/DeviceRGB", 8, "/Filter /DCTDecode /SMask %d 0 R" % mask), jpeg(self.rgb))
        self.save("left-soft-mask", pdf.finish(place + "/B Do Q", "/XObject << /B %d 0 R >>" % im))
        self.one("left-colour-mask", "/DeviceGray", 8, "/Filter /FlateDecode /Mask [0 10]", zlib.compress(self.grey.tobytes()))

    def inline(self):
        place = ("q %g 0 0 %g 0 0 cm BI /W %d /H %d " % (self.w_pt, self.h_pt, self.w, self.h)).encode()
        g4 = self.fax.encode(self.bits, -1)
        rgb = zlib.compress(self.rgb.tobytes())
        self.save("kept-inline-g4", Pdf(self.w_pt, self.h_pt).finish(
            place + b"/CS /G /BPC 1 /F /CCF /DP << /K -1 /Columns %d >> ID " % self.w + g4 + b"\nEI Q"))
        self.save("taken-inline-rgb", Pdf(self.w_pt, self.h_pt).finish(place + b"/CS /RGB /BPC 8 /F [/Fl] ID " + rgb + b"\nEI Q"))
        pdf = Pdf(self.w_pt, self.h_pt)
        pdf.stream("/N 3", b"none")
        self.save("taken-inline-named-space", pdf.finish(
            place + b"/CS /Named /BPC 8 /F /Fl ID " + rgb + b"\nEI Q", "/ColorSpace << /Named [/ICCBased 5 0 R] >>"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--width", type=int, default=320)
    parser.add_argument("--height", type=int, default=200)
    parser.add_argument("--dpi", type=float, default=150)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    maker = Maker(options.out, options.width, options.height, options.dpi)
    for part in (maker.jpegs, maker.faxes, maker.plain, maker.tables, maker.other_codings, maker.placings, maker.forms, maker.several,
                 maker.inline):
        part()


if __name__ == "__main__":
    main()
