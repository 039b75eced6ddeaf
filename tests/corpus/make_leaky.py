#!/usr/bin/python3
"""make_leaky.py DIR: one small PDF for each of the 20 ways in which redactions fail (rules.md, section 7), and some that are as they should be.

Written byte by byte, so that each holds exactly what it is about. DIR/manifest.json: [{file or files, kind (0: good), withheld, needs_list}]."""
import json
import os
import sys
import zlib

NAME = "Ottilie Marchbanks"
FORENAME, SURNAME = NAME.split()
WIDTH = 96.0  # of the name in Helvetica at 11 points, roughly; boxes are on a grid and wider


class Pdf:
    def __init__(self):
        self.objects, self.trailer = [], ""

    def add(self, body):
        self.objects.append(body if isinstance(body, bytes) else body.encode("latin-1"))
        return len(self.objects)

    def stream(self, data, keys=""):
        data = data if isinstance(data, bytes) else data.encode("latin-1")
        return self.add(b"<< %s /Length %d >>\nstream\n" % (keys.encode("latin-1"), len(data)) + data + b"\nendstream")

    def bytes(self, root, extra=""):
        out, at = bytearray(b"%PDF-1.7\n"), []
        for i, body in enumerate(self.objects):
            at.append(len(out))
            out += b"%d 0 obj\n" % (i + 1) + body + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1) + b"".join(b"%010d 00000 n \n" % a for a in at)
        out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(at) + 1, root, extra.encode("latin-1"), start)
        return bytes(out)


def text(x, y, words, size=11):
    return "BT /F1 %d Tf 1 0 0 1 %.2f %.2f Tm (%s) Tj ET\n" % (size, x, y, words)


def box(x, y, w, h=14):
    return "q 0 g %.2f %.2f %.2f %.2f re f Q\n" % (x, y - 3, w, h)


BODY = (text(72, 760, "Note of a visit") + text(72, 720, "The family was at home when we came and the kitchen was warm.") +
        text(72, 700, "The school says that he likes to draw and that he is seldom late."))
LINE = text(72, 680, "We spoke with") + text(260, 680, "about the weekend in the caravan.")
GOOD = BODY + LINE + box(148, 680, 108)
LEFT = BODY + LINE + text(150, 680, NAME) + box(148, 680, 108)  # the name is still there


def one(content=GOOD, pdf=None, page="", root="", fonts="", resources="", extra="", more=()):
    """A file of one page (more: of further pages' contents)."""
    pdf = pdf or Pdf()
    font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids, pages = [], len(pdf.objects) + 2 * (1 + len(more)) + 1
    for c in (content,) + tuple(more):
        data = pdf.stream(c)
        kids.append(pdf.add("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 %d 0 R %s >> %s >> %s >>"
                            % (pages, data, font, fonts, resources, page)))
    pdf.add("<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), " ".join("%d 0 R" % k for k in kids)))
    catalog = pdf.add("<< /Type /Catalog /Pages %d 0 R %s >>" % (pages, root))
    return pdf.bytes(catalog, extra)


# ---- pictures of text, drawn with a font of our own: five by seven dots

DOTS = {c: r for c, r in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    "01110100011000111111100011000110001", "11110100011000111110100011000111110", "01110100011000010000100001000101110", "11110100011000110001100011000111110",
    "11111100001000011110100001000011111", "11111100001000011110100001000010000", "01110100011000010111100011000101110", "10001100011000111111100011000110001",
    "01110001000010000100001000010001110", "00111000100001000010000101001001100", "10001100101010011000101001001010001", "10000100001000010000100001000011111",
    "10001110111010110101100011000110001", "10001110011010110011100011000110001", "01110100011000110001100011000101110", "11110100011000111110100001000010000",
    "01110100011000110001101011001001101", "11110100011000111110101001001010001", "01111100001000001110000010000111110", "11111001000010000100001000010000100",
    "10001100011000110001100011000101110", "10001100011000110001100010101000100", "10001100011000110101101011010101010", "10001100010101000100010101000110001",
    "10001100010101000100001000010000100", "11111000010001000100010001000011111"))}


def picture(lines, width=1240, height=1754, zoom=4, burn=()):
    """Grey rows; lines: (x, y, words)."""
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for x, y, words in lines:
        for word in words.upper():
            dots = DOTS.get(word)
            for i in range(35 if dots else 0):
                if dots[i] == "1":
                    for dy in range(zoom):
                        at = x + (i % 5) * zoom
                        rows[y + (i // 5) * zoom + dy][at:at + zoom] = b"\0" * zoom
            x += 6 * zoom
    for x, y, w, h in burn:
        for r in range(y, y + h):
            rows[r][x:x + w] = b"\0" * w
    return b"".join(rows)


SCAN_LINES = [(150, 200, "note of a visit"), (150, 300, "we spoke with"), (150 + 24 * 14, 300, NAME), (150, 360, "about the weekend")]
SCAN_BOX = (150 + 24 * 14 - 8, 290, 24 * 19, 50)


def scan(pdf, grey, width=1240, height=1754, keys=""):
    return pdf.stream(zlib.compress(grey), "/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode %s" % (width, height, keys))


def scan_box():
    """The burnt-in box as points."""
    x, y, w, h = SCAN_BOX
    k = 595 / 1240
    return x * k, 842 - (y + h) * 842 / 1754, w * k, h * 842 / 1754


# ---- the twenty

def k01():
    return one(LEFT)


def k02():
    return one(GOOD + "1 g " + text(72, 640, NAME) + "0 g ")


def k03():
    pdf = Pdf()
    image = scan(pdf, picture(SCAN_LINES))
    x, y, w, h = scan_box()
    return one("q 595 0 0 842 0 0 cm /I Do Q q 0 g %.1f %.1f %.1f %.1f re f Q" % (x, y, w, h), pdf, resources="/XObject << /I %d 0 R >>" % image)


def k04():
    pdf = Pdf()
    image = scan(pdf, picture(SCAN_LINES, burn=[SCAN_BOX]))
    x, y, w, h = scan_box()
    return one("q 595 0 0 842 0 0 cm /I Do Q BT 3 Tr /F1 11 Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj ET" % (x + 4, y + 8, NAME), pdf, resources="/XObject << /I %d 0 R >>" % image)


def k05():
    pdf = Pdf()
    layer = pdf.add("<< /Type /OCG /Name (Layer) >>")
    return one(GOOD + "/OC /L BDC " + text(72, 640, NAME) + "EMC", pdf, resources="/Properties << /L %d 0 R >>" % layer,
               root="/OCProperties << /OCGs [%d 0 R] /D << /OFF [%d 0 R] >> >>" % (layer, layer))


def k06():
    pdf = Pdf()
    inner = pdf.stream("BT /F1 11 Tf 1 0 0 1 72 640 Tm (%s) Tj ET" % NAME, "/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    outer = pdf.stream("/In Do", "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /In %d 0 R >> >>" % inner)
    return one(GOOD, pdf, resources="/XObject << /Fm %d 0 R >>" % outer)


def k07():
    """Codes that mean nothing, under a box."""
    pdf = Pdf()
    square = pdf.stream("600 0 0 0 500 700 d1 0 0 400 600 re f")
    codes = "".join(chr(1 + ord(c.upper()) % 30) for c in NAME)
    font = pdf.add("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 1 /LastChar 31 /Widths [%s]"
                   " /Encoding << /Differences [1 %s] >> /CharProcs << %s >> /Resources << >> >>" % (
                       "600 " * 31, " ".join("/g%d" % i for i in range(1, 32)), " ".join("/g%d %d 0 R" % (i, square) for i in range(1, 32))))
    shown = "<" + "".join("%02X" % ord(c) for c in codes) + ">"
    return one(BODY + LINE + "BT /F2 8 Tf 1 0 0 1 150 680 Tm %s Tj ET\n" % shown + box(148, 680, 108), pdf, fonts="/F2 %d 0 R" % font)


def k08():
    pdf = Pdf()
    note = pdf.add("<< /Type /Annot /Subtype /Redact /Rect [148 677 256 691] /Contents (%s) >>" % NAME)
    return one(BODY + LINE + text(150, 680, NAME), pdf, page="/Annots [%d 0 R]" % note)


def k09():
    pdf = Pdf()
    item, tree = len(pdf.objects) + 1, len(pdf.objects) + 2
    pdf.add("<< /Title (Visit to %s) /Parent %d 0 R >>" % (NAME, tree))
    pdf.add("<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count 1 >>" % (item, item))
    return one(GOOD, pdf, root="/Outlines %d 0 R" % tree)


def k10():
    pdf = Pdf()
    xmp = pdf.stream("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><title>%s</title></x:xmpmeta><?xpacket end='w'?>" % NAME,
                     "/Type /Metadata /Subtype /XML")
    info = pdf.add("<< /Producer (a writer) /Subject <FEFF%s> >>" % NAME.encode("utf-16-be").hex())
    return one(GOOD, pdf, root="/Metadata %d 0 R" % xmp, extra="/Info %d 0 R" % info)


def k11():
    pdf = Pdf()
    data = pdf.stream("Visit to %s" % NAME, "/Type /EmbeddedFile")
    spec = pdf.add("<< /Type /Filespec /F (note.txt) /EF << /F %d 0 R >> >>" % data)
    return one(GOOD, pdf, root="/Names << /EmbeddedFiles << /Names [(note.txt) %d 0 R] >> >>" % spec)


def k12():
    pdf = Pdf()
    open_page = picture([(x // 4, y // 4, w) for x, y, w in SCAN_LINES], 310, 438, 1)
    thumb = pdf.stream(zlib.compress(open_page), "/Width 310 /Height 438 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode")
    image = scan(pdf, picture(SCAN_LINES, burn=[SCAN_BOX]))
    return one("q 595 0 0 842 0 0 cm /I Do Q", pdf, page="/Thumb %d 0 R" % thumb, resources="/XObject << /I %d 0 R >>" % image)


def k13():
    old = one(BODY + LINE + text(150, 680, NAME))
    data = GOOD.encode("latin-1")
    at = len(old)
    body = b"2 0 obj\n<< /Length %d >>\nstream\n" % len(data) + data + b"\nendstream\nendobj\n"
    start = old.rindex(b"startxref\n") + 10
    previous = int(old[start:].split()[0])
    return old + body + b"xref\n2 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 5 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (at, previous, at + len(body))


def k14():
    """A subset whose table still has the letters of the name."""
    pdf = Pdf()
    shown = "The family was at home"
    letters = sorted(set(shown + NAME) - {" "})
    lines = "\n".join("<%02X> <%04X>" % (ord(c), ord(c)) for c in letters)
    cmap = pdf.stream("/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <FF> endcodespacerange %d beginbfchar\n%s\nendbfchar end" % (len(letters), lines))
    font = pdf.add("<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Helvetica /FirstChar 32 /LastChar 126 /Widths [%s] /Encoding /WinAnsiEncoding /ToUnicode %d 0 R >>"
                   % ("556 " * 95, cmap))
    return one(box(148, 680, 108) + "BT /F2 11 Tf 1 0 0 1 72 720 Tm (%s) Tj ET" % shown, pdf, fonts="/F2 %d 0 R" % font)


def k15():
    """The next words stand where the name ended."""
    return one(BODY + "BT /F1 11 Tf 1 0 0 1 72 680 Tm (We spoke with ) Tj [ -%.0f ( about the weekend.)] TJ ET" % (helvetica(NAME) * 1000))


def k16():
    return one(BODY + LINE + "/Span << /ActualText (%s) >> BDC " % NAME + box(148, 680, 108) + "EMC")


def k18():
    return one(GOOD + "BT /F1 11 Tf 0 1 -1 0 560 300 Tm (%s) Tj ET" % "  ".join(NAME))


def k19():
    return one(GOOD + text(72, 640, "It was said that " + FORENAME + " March-") + text(72, 624, "banks would come again."))


def k20():
    return one(GOOD, more=(BODY + LINE + text(150, 680, NAME),))


# Widths of Helvetica's letters (Adobe's metrics), thousandths.
HELVETICA = dict(zip("Oteli Marchbnks", (778, 278, 556, 222, 222, 278, 833, 556, 333, 500, 556, 556, 556, 500, 500)))


def helvetica(words):
    return sum(HELVETICA[c] for c in words) / 1000


# ---- as they should be

def good_scan():
    pdf = Pdf()
    image = scan(pdf, picture(SCAN_LINES, burn=[SCAN_BOX]))
    return one("q 595 0 0 842 0 0 cm /I Do Q", pdf, resources="/XObject << /I %d 0 R >>" % image)


def good_furniture():
    """Coloured cells with words on them, rules, a light watermark, a shaded heading, bookmarks that say what the page says."""
    pdf = Pdf()
    item, tree = len(pdf.objects) + 1, len(pdf.objects) + 2
    pdf.add("<< /Title (Note of a visit) /Parent %d 0 R >>" % tree)
    pdf.add("<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count 1 >>" % (item, item))
    info = pdf.add("<< /Producer (a writer) /Title (Case file, redacted) >>")
    cells = "".join("q %s rg %d %d 120 20 re f Q q 0 G %d %d 120 20 re S Q " % (c, 72 + 130 * i, 560, 72 + 130 * i, 560) for i, c in enumerate(("0.2 0.3 0.6", "0.9 0.9 0.7", "0.1 0.1 0.1")))
    cells += "1 g " + text(76, 566, "Date") + "0 g " + text(206, 566, "Place") + "1 g " + text(336, 566, "REDACTED") + "0 g "
    return one("0.9 g " + text(120, 400, "COPY", 90) + "0 g " + GOOD + cells + "0.5 w 72 550 m 460 550 l S ", pdf, root="/Outlines %d 0 R" % tree, extra="/Info %d 0 R" % info)


def good_layer():
    pdf = Pdf()
    image = scan(pdf, picture(SCAN_LINES, burn=[SCAN_BOX]))
    k, words = 595 / 1240, ""
    for x, y, w in SCAN_LINES:
        if w != NAME:
            size = len(w) * 24 * k / (len(w) * 0.5)
            words += "BT 3 Tr /F1 %.1f Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj ET\n" % (size * 0.9, x * k, 842 - (y + 28) * 842 / 1754, w)
    return one("q 595 0 0 842 0 0 cm /I Do Q " + words, pdf, resources="/XObject << /I %d 0 R >>" % image)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    manifest = []

    def put(name, data):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)

    lists = {9, 10, 15, 17, 18, 19}  # nobody can tell these without knowing whom to look for
    for kind in range(1, 21):
        name = "leak_%02d.pdf" % kind
        if kind == 17:
            name = "visit_%s_%s.pdf" % (SURNAME, FORENAME)
            put(name, one(GOOD))
        else:
            put(name, globals()["k%02d" % kind]())
        manifest.append({"file": name, "kind": kind, "withheld": [NAME], "needs_list": kind in lists})
    for name in ("good_scan", "good_furniture", "good_layer"):
        put(name + ".pdf", globals()[name]())
        manifest.append({"file": name + ".pdf", "kind": 0, "withheld": [NAME], "needs_list": False})
    put("good_plain.pdf", one(GOOD))
    manifest.append({"file": "good_plain.pdf", "kind": 0, "withheld": [NAME], "needs_list": False})
    with open(os.path.join(folder, "manifest.json"), "w") as f:
        json.dump(manifest, f, indent=1)


if __name__ == "__main__":
    main()
