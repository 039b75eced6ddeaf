#!/usr/bin/python3
"""casefile-office by itself: every kind of office file comes back as a PDF, what is locked or damaged is named, nothing gets out, nothing stays."""
import glob
import io
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("CASEFILE_BIN", os.path.join(TOP, "build/release/bin"))
OFFICE = os.path.join(BIN, "casefile-office")
SOFFICE = "/usr/lib/libreoffice/program/soffice.bin"
CONVERT, END, SIGN, RESULT = 36, 1, 2, 16
NAMES = re.findall(r"X\((ERR_\w+),", open(os.path.join(TOP, "base/err.h")).read())
ERROR = {name: i - 999 for i, name in enumerate(NAMES)}
PART, NOTE = 4, 5


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack("<I", len(value)) + value


def order(ending, data):
    body = text(ending) + text("") + struct.pack("<IIBB", 0, 0, 0, 0) + text("") + struct.pack("<fII", 0, 1, 0) + text(data)
    return struct.pack("<II", CONVERT, len(body)) + body


def records(data):
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        yield kind, data[at + 8:at + 8 + size]
        at += 8 + size


class Answer:
    """What came back: pdf (or None), notes, error (by its name, or None), signs of life."""

    def __init__(self, got):
        self.pdf, self.notes, self.error, self.signs, self.ended = None, [], "nothing", 0, 0
        for kind, body in got:
            if kind == SIGN:
                self.signs += 1
            elif kind == END:
                self.ended += 1
                value = struct.unpack("<i", body)[0]
                self.error = None if value == 0 else next(n for n, v in ERROR.items() if v == value)
            elif kind == RESULT and body[0] == NOTE:
                self.notes.append(body[5:].decode())
            elif kind == RESULT and body[0] == PART:
                self.part(body)

    def part(self, body):
        fields, at = [], 5
        for _ in range(4):
            size = struct.unpack_from("<I", body, at)[0]
            fields.append(body[at + 4:at + 4 + size])
            at += 4 + size
        assert at == len(body) and struct.unpack_from("<I", body, 1)[0] == 1
        assert [f.decode() for f in fields[:3]] == ["converted.pdf", "application/pdf", "rendition"]
        self.pdf = fields[3]

    def words(self):
        return subprocess.run(["pdftotext", "-layout", "-", "-"], input=self.pdf, capture_output=True, check=True).stdout.decode()

    def pages(self):
        out = subprocess.run(["pdfinfo", "-"], input=self.pdf, capture_output=True, check=True).stdout.decode()
        return int(re.search(r"Pages:\s+(\d+)", out).group(1)), re.search(r"Page size:\s+(.*)", out).group(1)


def convert(ending, data, *args, program=OFFICE):
    p = subprocess.run([program, *args], input=order(ending, data), capture_output=True, timeout=120)
    assert p.returncode == 0, p.stderr
    return Answer(records(p.stdout))


def package(*members, stored=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, body in members:
            z.writestr(name, body, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---- Office Open XML, as little of it as there can be ----
PKG = "http://schemas.openxmlformats.org/package/2006/"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MIME = "application/vnd.openxmlformats-officedocument."


def relations(*rows):
    return '<?xml version="1.0"?><Relationships xmlns="%srelationships">%s</Relationships>' % (PKG, "".join(
        '<Relationship Id="rId%d" Type="%s/%s" Target="%s"%s/>' % (i + 1, DOC, kind, target, ' TargetMode="External"' if ":" in target else "")
        for i, (kind, target) in enumerate(rows)))


def types(**parts):
    return ('<?xml version="1.0"?><Types xmlns="%scontent-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>%s</Types>' % (PKG, "".join(
                '<Override PartName="/%s" ContentType="%s%s+xml"/>' % (name, MIME, kind) for name, kind in parts.items())))


def docx(body, *links, extra=(), parts=None):
    parts = {"word/document.xml": "wordprocessingml.document.main", **(parts or {})}
    return package(("[Content_Types].xml", types(**parts)), ("_rels/.rels", relations(("officeDocument", "word/document.xml"))),
                   ("word/_rels/document.xml.rels", relations(*links)),
                   ("word/document.xml", '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
                    'xmlns:r="%s"><w:body>%s</w:body></w:document>' % (DOC, body)), *extra)


def paragraph(words):
    return "<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % words


def xlsx(*sheets):
    """Each (name, state or "", rows)."""
    books = "".join('<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>' % (name, i + 1, ' state="%s"' % state if state else "", i + 1)
                    for i, (name, state, _) in enumerate(sheets))
    cells = lambda rows: "".join("<row>%s</row>" % "".join('<c t="inlineStr"><is><t>%s</t></is></c>' % c for c in row) for row in rows)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="%s"' % DOC
    parts = {"xl/workbook.xml": "spreadsheetml.sheet.main"}
    parts.update({"xl/s%d.xml" % i: "spreadsheetml.worksheet" for i in range(len(sheets))})
    return package(("[Content_Types].xml", types(**parts)), ("_rels/.rels", relations(("officeDocument", "xl/workbook.xml"))),
                   ("xl/_rels/workbook.xml.rels", relations(*[("worksheet", "s%d.xml" % i) for i in range(len(sheets))])),
                   ("xl/workbook.xml", '<?xml version="1.0"?><workbook %s><sheets>%s</sheets></workbook>' % (main, books)),
                   *[("xl/s%d.xml" % i, '<?xml version="1.0"?><worksheet %s><sheetData>%s</sheetData></worksheet>' % (main, cells(rows)))
                     for i, (_, _, rows) in enumerate(sheets)])


def pptx(words):
    ns = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="%s" ' \
         'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"' % DOC
    tree = '<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>%s</p:spTree></p:cSld>'
    box = '<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="900000" y="900000"/>' \
          '<a:ext cx="7000000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>%s</a:t></a:r></a:p>' \
          '</p:txBody></p:sp>' % words
    colours = "".join('<a:%s><a:srgbClr val="000000"/></a:%s>' % (c, c) for c in
                      "dk1 lt1 dk2 lt2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink".split())
    fonts = "".join('<a:%s><a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/></a:%s>' % (f, f) for f in ("majorFont", "minorFont"))
    fill = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>' * 3
    theme = '<a:theme %s name="t"><a:themeElements><a:clrScheme name="c">%s</a:clrScheme><a:fontScheme name="f">%s</a:fontScheme><a:fmtScheme ' \
            'name="m"><a:fillStyleLst>%s</a:fillStyleLst><a:lnStyleLst>%s</a:lnStyleLst><a:effectStyleLst>%s</a:effectStyleLst><a:bgFillStyleLst>%s' \
            '</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>' % (ns, colours, fonts, fill, "<a:ln/>" * 3,
                                                                               "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3, fill)
    mapping = '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" ' \
              'accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>'
    parts = {"ppt/presentation.xml": "presentationml.presentation.main", "ppt/s.xml": "presentationml.slide", "ppt/l.xml": "presentationml.slideLayout",
             "ppt/m.xml": "presentationml.slideMaster", "ppt/t.xml": "theme"}
    head = '<?xml version="1.0"?>'
    return package(("[Content_Types].xml", types(**parts)), ("_rels/.rels", relations(("officeDocument", "ppt/presentation.xml"))),
                   ("ppt/_rels/presentation.xml.rels", relations(("slideMaster", "m.xml"), ("slide", "s.xml"))),
                   ("ppt/_rels/s.xml.rels", relations(("slideLayout", "l.xml"))), ("ppt/_rels/l.xml.rels", relations(("slideMaster", "m.xml"))),
                   ("ppt/_rels/m.xml.rels", relations(("slideLayout", "l.xml"), ("theme", "t.xml"))), ("ppt/t.xml", head + theme),
                   ("ppt/presentation.xml", head + '<p:presentation %s><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst>'
                    '<p:sldIdLst><p:sldId id="256" r:id="rId2"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>'
                    '</p:presentation>' % ns),
                   ("ppt/s.xml", head + "<p:sld %s>%s</p:sld>" % (ns, tree % box)),
                   ("ppt/l.xml", head + "<p:sldLayout %s>%s</p:sldLayout>" % (ns, tree % "")),
                   ("ppt/m.xml", head + '<p:sldMaster %s>%s%s<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>'
                    '</p:sldMaster>' % (ns, tree % "", mapping)))


# ---- OpenDocument ----
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def odf(kind, body, head="", sealed=False, extra=()):
    mime = "application/vnd.oasis.opendocument." + kind
    spaces = " ".join('xmlns:%s="%s%s:1.0"' % (n, ODF, n) for n in ("office", "text", "table", "script", "style"))
    spaces += ' xmlns:draw="%sdrawing:1.0" xmlns:svg="%ssvg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" ' \
              'xmlns:dom="http://www.w3.org/2001/xml-events"' % (ODF, ODF)
    seal = '<manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="AAAA"/>' if sealed else ""
    listed = "".join('<manifest:file-entry manifest:full-path="%s" manifest:media-type="text/xml">%s</manifest:file-entry>' % (n, seal)
                     for n in ["content.xml"] + [n for n, _ in extra])
    return package(("mimetype", mime),
                   ("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="%smanifest:1.0"><manifest:file-entry '
                    'manifest:full-path="/" manifest:media-type="%s"/>%s</manifest:manifest>' % (ODF, mime, listed)),
                   ("content.xml", '<?xml version="1.0"?><office:document-content %s office:version="1.2">%s<office:body>%s</office:body>'
                    '</office:document-content>' % (spaces, head, body)), *extra, stored=("mimetype",))


def odt(words, head="", **more):
    return odf("text", "<office:text><text:p>%s</text:p></office:text>" % words, head, **more)


def ods(words):
    return odf("spreadsheet", '<office:spreadsheet><table:table table:name="A"><table:table-row><table:table-cell office:value-type="string"><text:p>%s'
               '</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>' % words)


def odp(words):
    return odf("presentation", '<office:presentation><draw:page draw:name="p"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="3cm">'
               '<draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame></draw:page></office:presentation>' % words)


def rtf(words):
    return ("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 %s\\par}" % words).encode()


def old(ending, data, source, to):
    """A file of the old kind, made by LibreOffice itself, not confined."""
    folder = tempfile.mkdtemp(prefix="casefile-test-")
    try:
        with open(folder + "/1." + source, "wb") as f:
            f.write(data)
        for _ in range(2):
            subprocess.run([SOFFICE, "--headless", "--norestore", "-env:UserInstallation=file://%s/p" % folder, "--convert-to", to, "--outdir",
                            folder + "/out", folder + "/1." + source], capture_output=True, timeout=120)
        with open(folder + "/out/1." + ending, "rb") as f:
            return f.read()
    finally:
        shutil.rmtree(folder)


def folders():
    return glob.glob("/dev/shm/casefile-office-*") + glob.glob("/tmp/casefile-office-*")


WORDS = "Visit to Jamie Example on 12 March"


class Kinds(unittest.TestCase):
    def check(self, ending, data, words=WORDS):
        answer = convert(ending, data)
        self.assertIsNone(answer.error, ending)
        self.assertEqual(answer.ended, 1)
        self.assertIn(words, re.sub(r"\s+", " ", answer.words()), ending)
        return answer

    def test_new_kinds(self):
        self.assertGreaterEqual(self.check("docx", docx(paragraph(WORDS))).signs, 1)
        self.assertEqual(self.check("pptx", pptx(WORDS)).pages()[0], 1)
        self.check("odt", odt(WORDS))
        self.check("ods", ods(WORDS))
        self.check("odp", odp(WORDS))
        self.check("rtf", rtf(WORDS))
        self.assertEqual(folders(), [])

    def test_every_sheet_on_a4(self):
        answer = self.check("xlsx", xlsx(("One", "", [[WORDS]]), ("Two", "", [["second sheet"]]), ("Three", "hidden", [["third sheet"]])))
        pages, size = answer.pages()
        self.assertEqual(pages, 2)
        self.assertIn("A4", size)
        self.assertIn("second sheet", answer.words())
        self.assertEqual(answer.notes, ["1 sheet of it is hidden and not shown"])

    def test_csv_of_every_make(self):
        answer = self.check("csv", "Name;Born\nJosé Example;01/02/2010\n".encode(), "José Example")
        self.assertIn("01/02/2010", answer.words())
        self.assertNotIn(";", answer.words())
        self.check("csv", "Name,Born\n\"Example, Zo\xeb\",3\n".encode("latin-1"), "Example, Zoë")

    def test_old_kinds(self):
        self.check("doc", old("doc", docx(paragraph(WORDS)), "docx", "doc:MS Word 97"))
        self.check("xls", old("xls", ods(WORDS), "ods", "xls:MS Excel 97"))
        self.check("ppt", old("ppt", odp(WORDS), "odp", "ppt:MS PowerPoint 97"))

    def test_several_in_a_row(self):
        """Nothing of the first is there for the second."""
        data = order("docx", docx(paragraph("first one"))) + order("docx", b"rubbish") + order("docx", docx(paragraph("second one")))
        got = list(records(subprocess.run([OFFICE], input=data, capture_output=True, timeout=120).stdout))
        ends = [i for i, (kind, _) in enumerate(got) if kind == END]
        self.assertEqual(len(ends), 3)
        answers = [Answer(got[a:b + 1]) for a, b in zip([0] + [e + 1 for e in ends], ends)]
        self.assertEqual([a.error for a in answers], [None, "ERR_DAMAGED", None])
        self.assertIn("first one", answers[0].words())
        self.assertIn("second one", answers[2].words())
        self.assertNotIn("first one", answers[2].words())

    def test_what_the_pages_do_not_show(self):
        comment = '<?xml version="1.0"?><w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0" ' \
                  'w:author="Pat Worker" w:date="2024-01-02T10:00:00Z" w:initials="PW"><w:p><w:r><w:t>Check with school</w:t></w:r></w:p></w:comment></w:comments>'
        body = '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>%s</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>' % WORDS
        data = docx(body, ("comments", "comments.xml"), extra=[("word/comments.xml", comment)], parts={"word/comments.xml": "wordprocessingml.comments"})
        answer = self.check("docx", data)
        self.assertEqual(answer.notes, ["its comments are not on the pages"])
        self.assertIn("Check with school".encode("utf-16-be").hex().upper().encode(), answer.pdf)  # but in the PDF, as a note
        field = '<w:p><w:fldSimple w:instr=" DATE "><w:r><w:t>03/04/2019</w:t></w:r></w:fldSimple></w:p>'
        self.assertIn("today", self.check("docx", docx(paragraph(WORDS) + field)).notes[0])
        self.assertEqual(convert("docx", docx(paragraph(WORDS))).notes, [])


class Refused(unittest.TestCase):
    def refused(self, ending, data, error):
        answer = convert(ending, data)
        self.assertIsNone(answer.pdf, ending)
        self.assertEqual(answer.error, error, ending)
        self.assertEqual(answer.ended, 1)

    def test_what_is_not_of_its_kind_is_no_page(self):
        zipped = package(("holiday.txt", "just a zip"))
        for ending in ("docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "rtf"):
            self.refused(ending, b"These are plain words.\n" * 50, "ERR_DAMAGED")
            self.refused(ending, os.urandom(3000), "ERR_DAMAGED")
            self.refused(ending, b"", "ERR_DAMAGED")
        for ending in ("docx", "xlsx", "pptx", "odt"):
            self.refused(ending, zipped, "ERR_DAMAGED")
        for ending in ("doc", "xls", "ppt"):
            self.refused(ending, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(8000), "ERR_DAMAGED")
        self.refused("docx", xlsx(("One", "", [[WORDS]])), "ERR_DAMAGED")
        self.refused("ods", odt(WORDS), "ERR_DAMAGED")
        self.refused("exe", b"MZ", "ERR_UNKNOWN_KIND")
        self.refused("../../etc/passwd", b"", "ERR_UNKNOWN_KIND")

    def test_half_a_file(self):
        data = docx(paragraph(WORDS * 100))
        self.refused("docx", data[:len(data) // 2], "ERR_DAMAGED")
        self.refused("docx", package(("[Content_Types].xml", types()), ("_rels/.rels", relations(("officeDocument", "word/document.xml"))),
                                     ("word/document.xml", "<w:document><broken")), "ERR_DAMAGED")

    def test_locked_ones_say_so(self):
        self.refused("odt", odt(WORDS, sealed=True), "ERR_LOCKED")
        wide = "EncryptedPackage".encode("utf-16-le")
        self.refused("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + wide + bytes(500), "ERR_LOCKED")
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
        self.refused("doc", head + b"\xec\xa5\xc1\x00" + bytes(6) + b"\x00\x13" + bytes(1000), "ERR_LOCKED")
        self.refused("xls", head + b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x36\x00" + bytes(1000), "ERR_LOCKED")

    def test_letters_without_end(self):
        laughs = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "%s">%s]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">' \
                 '<w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>' % ("ha" * 50, "".join(
                     '<!ENTITY %s "%s">' % (b, ("&%s;" % a) * 20) for a, b in zip("abcdefgh", "bcdefghi")))
        start = time.time()
        answer = convert("docx", package(("[Content_Types].xml", types(**{"word/document.xml": "wordprocessingml.document.main"})),
                                         ("_rels/.rels", relations(("officeDocument", "word/document.xml"))), ("word/document.xml", laughs)),
                         "--seconds", "20")
        self.assertIsNone(answer.pdf)
        self.assertIn(answer.error, ("ERR_DAMAGED", "ERR_CRASHED", "ERR_TIME"))
        self.assertLess(time.time() - start, 40)


class Listener:
    """A door that nobody may knock at."""

    def __enter__(self):
        self.socket, self.calls = socket.socket(), []
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()
        return self

    def run(self):
        while True:
            try:
                self.calls.append(self.socket.accept()[0].recv(200))
            except OSError:
                return

    def __exit__(self, *_):
        self.socket.close()


class Confined(unittest.TestCase):
    def linked(self, port):
        """Documents that want something from elsewhere."""
        url = "http://127.0.0.1:%d/" % port
        ns = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ' \
             'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
        picture = '<w:p><w:r><w:drawing><wp:inline %s><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData ' \
                  'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name=""/><pic:cNvPicPr/>' \
                  '</pic:nvPicPr><pic:blipFill><a:blip r:link="rId1"/></pic:blipFill><pic:spPr><a:xfrm><a:ext cx="900000" cy="900000"/></a:xfrm>' \
                  '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>' % ns
        yield "docx", docx(paragraph(WORDS) + picture, ("image", url + "picture.png"))
        settings = '<?xml version="1.0"?><w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="%s">' \
                   '<w:attachedTemplate r:id="rId1"/></w:settings>' % DOC
        yield "docx", docx(paragraph(WORDS), ("settings", "settings.xml"), parts={"word/settings.xml": "wordprocessingml.settings"},
                           extra=[("word/settings.xml", settings), ("word/_rels/settings.xml.rels", relations(("attachedTemplate", url + "t.dotm")))])
        yield "odt", odt('%s<draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="%spicture.png" xlink:type="simple" '
                         'xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>' % (WORDS, url))
        yield "odt", odf("text", '<office:text><text:section text:name="s"><text:section-source xlink:href="%sother.odt" xlink:type="simple"/>'
                         '<text:p>%s</text:p></text:section></office:text>' % (url, WORDS))
        yield "rtf", rtf(WORDS + "{\\field{\\*\\fldinst INCLUDEPICTURE \"%spicture.png\" \\\\d}{\\fldrslt x}}" % url)
        yield "ods", odf("spreadsheet", '<office:spreadsheet><table:table table:name="A"><table:table-row><table:table-cell '
                         'table:formula="of:=WEBSERVICE(&quot;%sx&quot;)" office:value-type="string"><text:p>x</text:p></table:table-cell><table:table-cell office:value-type="string">'
                         '<text:p>%s</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>' % (url, WORDS))

    def test_nobody_is_called(self):
        with Listener() as door:
            for ending, data in self.linked(door.port):
                answer = convert(ending, data)
                self.assertIsNone(answer.error, ending)
                self.assertIn(WORDS, re.sub(r"\s+", " ", answer.words()))
            self.assertEqual(door.calls, [])

    def test_the_door_would_have_heard(self):
        """The same documents, not confined and with links allowed: somebody knocks. Else the test above shows nothing."""
        with Listener() as door:
            for ending, data in self.linked(door.port):
                old("pdf", data, ending, "pdf")
                if door.calls:
                    return
        self.fail("no document asked for anything: the test of the links is blind")

    def test_no_other_file_is_read(self):
        secret = tempfile.NamedTemporaryFile("wb", suffix=".txt")
        secret.write(b"SECRETWORDS")
        secret.flush()
        for place in (secret.name, "/etc/passwd"):
            data = odf("text", '<office:text><text:section text:name="s"><text:section-source xlink:href="file://%s" xlink:type="simple"/><text:p>%s'
                       '</text:p></text:section></office:text>' % (place, WORDS))
            answer = convert("odt", data)
            self.assertIn(WORDS, answer.words())
            self.assertNotIn("SECRETWORDS", answer.words())
            self.assertNotIn("root:", answer.words())

    def test_macros_do_not_run(self):
        """A Basic macro bound to the opening of the document writes a file where the program may write, were it to run."""
        mark = "/tmp/casefile-macro-%d" % os.getpid()
        basic = 'Sub Main\n Open "%s" For Output As #1\n Print #1, "ran"\n Close #1\n ThisComponent.Text.String = "MACRO RAN"\nEnd Sub' % mark
        script = '<?xml version="1.0"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" script:language="StarBasic">%s' \
                 '</script:module>' % basic.replace('"', "&quot;")
        library = '<?xml version="1.0"?><library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" ' \
                  'library:passwordprotected="false"><library:element library:name="M"/></library:library>'
        libraries = '<?xml version="1.0"?><library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">' \
                    '<library:library library:name="Standard" library:link="false"/></library:libraries>'
        head = '<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" ' \
               'xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document" xlink:type="simple"/></office:event-listeners></office:scripts>'
        data = odt(WORDS, head, extra=[("Basic/Standard/M.xml", script), ("Basic/Standard/script-lb.xml", library), ("Basic/script-lc.xml", libraries)])
        answer = convert("odt", data)
        self.assertIn(WORDS, answer.words())
        self.assertNotIn("MACRO RAN", answer.words())
        self.assertFalse(os.path.exists(mark))


class Limits(unittest.TestCase):
    def start(self, *args):
        p = subprocess.Popen([OFFICE, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: (p.kill(), p.wait(), p.stdin.close(), p.stdout.close(), p.stderr.close()))
        return p

    @staticmethod
    def children(pid):
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(x) for x in f.read().split()]

    @staticmethod
    def alive(pid):
        try:
            with open("/proc/%d/stat" % pid) as f:
                return f.read().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    def converting(self, p):
        """A long conversion, once it runs."""
        p.stdin.write(order("docx", docx("".join(paragraph(WORDS * 30) for _ in range(20000)))))
        p.stdin.flush()
        end = time.time() + 20
        while not self.children(p.pid):
            self.assertLess(time.time(), end)
            time.sleep(0.01)
        time.sleep(0.7)
        return self.children(p.pid)[0]

    def gone(self, pid):
        end = time.time() + 5
        while self.alive(pid):
            self.assertLess(time.time(), end, "the converter was left behind")
            time.sleep(0.02)

    def test_too_long(self):
        p = self.start("--seconds", "2")
        child = self.converting(p)
        out, _ = p.communicate(timeout=30)
        answer = Answer(records(out))
        self.assertEqual((answer.pdf, answer.error), (None, "ERR_TIME"))
        self.gone(child)
        self.assertEqual(folders(), [])

    def test_stopped_in_the_middle(self):
        p = self.start()
        child = self.converting(p)
        self.assertEqual(os.stat(folders()[0]).st_mode & 0o777, 0o700)
        p.send_signal(signal.SIGTERM)
        p.wait(timeout=20)
        self.gone(child)
        self.assertEqual(folders(), [])

    def test_killed_in_the_middle(self):
        p = self.start()
        child = self.converting(p)
        p.kill()
        p.wait()
        self.gone(child)
        self.assertEqual(len(folders()), 1)
        self.assertIsNone(convert("docx", docx(paragraph(WORDS))).error)  # and wipes what it finds
        self.assertEqual(folders(), [])

    def test_two_at_once_leave_each_other_alone(self):
        p = self.start()
        self.converting(p)
        self.assertIsNone(convert("docx", docx(paragraph(WORDS))).error)
        self.assertEqual(len(folders()), 1)
        self.assertTrue(self.children(p.pid))

    @unittest.skipIf(b"__asan_init" in open(OFFICE, "rb").read(), "the address sanitizer needs the address space that would be limited")
    def test_little_memory(self):
        answer = convert("docx", docx("".join(paragraph(WORDS) for _ in range(5000))), "--megabytes", "300")
        self.assertEqual((answer.pdf, answer.error), (None, "ERR_CRASHED"))

    def test_no_such_request(self):
        p = subprocess.run([OFFICE], input=struct.pack("<II", 32, 0) + struct.pack("<II", CONVERT, 3) + b"abc", capture_output=True, timeout=60)
        self.assertEqual([Answer([r]).error for r in records(p.stdout)], ["ERR_PROTOCOL", "ERR_PROTOCOL"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
