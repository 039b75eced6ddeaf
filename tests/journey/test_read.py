#!/usr/bin/python3
"""casefile read: files with pages become text, hOCR, ALTO and searchable PDF without a daemon; whatever happens, what stands there is whole.

Needs pdftotext, pdfinfo and pdftoppm (poppler-utils), qpdf, xmllint (libxml2-utils) and python3-pil."""
import collections
import glob
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as tree

from PIL import Image, ImageDraw, ImageFont

from house import BIN, House, SAMPLES, gold, key

CASEFILE = os.path.join(BIN, "casefile")
INBOX = os.path.join(SAMPLES, "inbox")
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"


def words(text):
    return [w for w in (key(w) for w in text.split()) if w]


def tool(*args):
    p = subprocess.run(args, capture_output=True, timeout=120)
    return p.returncode, p.stdout.decode("utf-8", "replace")


def page_picture(lines, dpi=150):
    im = Image.new("L", (int(8.27 * dpi), int(11.69 * dpi)), 255)
    draw, font = ImageDraw.Draw(im), ImageFont.truetype(FONT, dpi * 11 // 72)
    for i, line in enumerate(lines):
        draw.text((dpi, dpi + i * dpi // 4), line, fill=0, font=font)
    return im


def pdf_of_one_picture(path, pages, jpeg, size):
    """A PDF whose pages all show the same JPEG: small, however long it is."""
    out, places = io.BytesIO(), []

    def add(body):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % len(places) + body + b"\nendobj\n")
    out.write(b"%PDF-1.4\n")
    kids = b" ".join(b"%d 0 R" % (5 + i) for i in range(pages))
    add(b"<< /Type /Catalog /Pages 2 0 R >>")
    add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids))
    add(b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\n"
        b"stream\n" % (size[0], size[1], len(jpeg)) + jpeg + b"\nendstream")
    content = b"q 595 0 0 842 0 0 cm /I Do Q"
    add(b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream")
    for _ in range(pages):
        add(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 3 0 R >> >> /Contents 4 0 R >>")
    at = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, at))
    with open(path, "wb") as f:
        f.write(out.getvalue())


def children_of(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(c) for c in f.read().split()]
    except OSError:
        return []


def memory_most(pid):
    """kB, or 0 when it has ended."""
    try:
        with open("/proc/%d/status" % pid) as f:
            return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1))
    except (OSError, AttributeError):
        return 0


class Read(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="casefile-read-")
        self.config = self.path("casefile.conf")
        with open(self.config, "w") as f:
            f.write('store: { folder = "%s/store"; };\nhelper: { page_seconds = 20; silence_seconds = 20; };\n' % self.folder)
        self.out = self.path("out")
        os.mkdir(self.out)

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def start(self, *args):
        return subprocess.Popen([CASEFILE, "--config", self.config, "read", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL)

    def read(self, *args, timeout=600):
        p = self.start(*args)
        out, said = p.communicate(timeout=timeout)
        return p.returncode, out.decode("utf-8", "replace"), said.decode("utf-8", "replace")

    def assert_pdf(self, path):
        status, said = tool("qpdf", "--check", path)
        self.assertEqual(status, 0, said)
        self.assertEqual(tool("pdftotext", "-enc", "UTF-8", path, "-")[0], 0)


class Outputs(Read):
    def test_a_scan_in_all_four_forms(self):
        scan = os.path.join(INBOX, "scan_0001.pdf")
        for ending in ("txt", "pdf", "hocr", "alto"):
            status, out, said = self.read(scan, "-o", self.path("a." + ending), "--jobs", "2")
            self.assertEqual((status, out), (0, ""), said)
            self.assertRegex(said.splitlines()[-1], r"^2 pages, 2 read.*, \d+:\d\d$")
            self.assertEqual(os.stat(self.path("a." + ending)).st_mode & 0o777, 0o600)
        with open(self.path("a.txt"), encoding="utf-8") as f:
            text = f.read()
        self.assertEqual(text.count("\f"), 1)
        self.assert_pdf(self.path("a.pdf"))
        wanted = collections.Counter(words(text))
        # In its usual order Poppler joins a word that a hyphen breaks; in this one it keeps what stands there.
        got = collections.Counter(words(tool("pdftotext", "-layout", self.path("a.pdf"), "-")[1]))
        self.assertLessEqual(sum(((wanted - got) + (got - wanted)).values()), 0.02 * sum(wanted.values()))
        self.assertGreater(sum(wanted.values()), 100)
        for ending in ("hocr", "alto"):
            self.assertEqual(tool("xmllint", "--nonet", "--noout", self.path("a." + ending))[0], 0)
        hocr = tree.parse(self.path("a.hocr")).getroot()
        found = [e for e in hocr.iter() if e.get("class") == "ocrx_word"]
        self.assertEqual([w for e in found for w in words(e.text)], words(text))
        strings = list(tree.parse(self.path("a.alto")).getroot().iter(ALTO + "String"))
        self.assertEqual(key("".join(s.get("CONTENT") for s in strings)), key("".join(words(text))))
        gold_words = words(next(g for g in gold() if g["file"] == "inbox/scan_0001.pdf")["pages"][0]["text"])
        self.assertGreater(len(set(gold_words) & set(wanted)), 0.9 * len(set(gold_words)))

    def test_every_box_lies_on_its_page(self):
        status, _, said = self.read(os.path.join(INBOX, "scan_0002.pdf"), "-o", self.path("b.alto"))
        self.assertEqual(status, 0, said)
        for page in tree.parse(self.path("b.alto")).getroot().iter(ALTO + "Page"):
            width, height = float(page.get("WIDTH")), float(page.get("HEIGHT"))
            strings = list(page.iter(ALTO + "String"))
            self.assertGreater(len(strings), 20)
            for s in strings:
                x, y = float(s.get("HPOS")), float(s.get("VPOS"))
                self.assertTrue(0 <= x and x + float(s.get("WIDTH")) <= width + 1 and 0 <= y and y + float(s.get("HEIGHT")) <= height + 1)
                self.assertTrue(0 <= float(s.get("WC")) <= 1)

    def test_a_page_upside_down_is_shown_upright(self):
        status, _, said = self.read(os.path.join(INBOX, "scan_0002.pdf"), "-o", self.path("b.pdf"))
        self.assertEqual(status, 0, said)
        self.assert_pdf(self.path("b.pdf"))
        self.assertIn("Page rot:        180", tool("pdfinfo", self.path("b.pdf"))[1])
        lines = tool("pdftotext", "-layout", self.path("b.pdf"), "-")[1]
        text = words(next(g for g in gold() if g["file"] == "inbox/scan_0002.pdf")["pages"][0]["text"])
        self.assertGreater(len(set(text) & set(words(lines))), 0.85 * len(set(text)))
        # The first words of the page stand above the last ones, as they are seen.
        boxes = re.findall(r'yMin="([\d.]+)"', tool("pdftotext", "-bbox", self.path("b.pdf"), "-")[1])
        self.assertLess(float(boxes[0]), float(boxes[-1]))

    def test_a_page_on_its_side_in_each_way(self):
        lines = ["The visit took place on Monday morning", "and everybody was at home in the kitchen.", "Nothing more was said about the school."] * 4
        upright = page_picture(lines)
        for turned in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
            upright.transpose(turned).save(self.path("side.png"), dpi=(150, 150))
            status, _, said = self.read(self.path("side.png"), "-o", self.path("side.pdf"), "--force")
            self.assertEqual(status, 0, said)
            self.assertRegex(tool("pdfinfo", self.path("side.pdf"))[1], "Page rot: +(90|270)")
            self.assertIn("The visit took place on Monday morning", tool("pdftotext", self.path("side.pdf"), "-")[1])
            subprocess.run(["pdftoppm", "-r", "50", "-gray", self.path("side.pdf"), self.path("seen")], check=True)
            with Image.open(glob.glob(self.path("seen*.pgm"))[0]) as seen:
                ink = [y for y in range(seen.height) for x in range(0, seen.width, 2) if seen.getpixel((x, y)) < 100]
            self.assertLess(sum(ink) / len(ink), 584 / 2)  # the text stands in the upper half, as on the page before

    def test_a_fax_and_a_photograph_to_standard_output(self):
        for name in ("fax_20250210.tif", "IMG_2041.jpg"):
            status, out, said = self.read(os.path.join(INBOX, name), "--quiet")
            self.assertEqual((status, said), (0, ""))
            entry = next(g for g in gold() if g["file"] == "inbox/" + name)
            text = words(" ".join(p["text"] for p in entry["pages"]))
            self.assertGreater(len(set(text) & set(words(out))), 0.8 * len(set(text)), name)
            self.assertEqual(out.count("\f"), len(entry["pages"]) - 1)
        status, out, said = self.read(os.path.join(INBOX, "fax_20250210.tif"), "-o", self.path("fax.pdf"))
        self.assertEqual(status, 0, said)
        self.assert_pdf(self.path("fax.pdf"))
        self.assertIn("ccitt", tool("pdfimages", "-list", self.path("fax.pdf"))[1])

    def test_what_a_camera_noted_is_not_passed_on(self):
        exif = Image.Exif()
        exif[0x010E] = "SECRET-PLACE"
        page_picture(["A short letter"] * 5).save(self.path("c.jpg"), exif=exif, dpi=(150, 150), comment=b"SECRET-COMMENT")
        status, _, said = self.read(self.path("c.jpg"), "-o", self.path("c.pdf"))
        self.assertEqual(status, 0, said)
        with open(self.path("c.jpg"), "rb") as f:
            self.assertIn(b"SECRET", f.read())
        with open(self.path("c.pdf"), "rb") as f:
            written = f.read()
        for word in (b"SECRET", b"c.jpg", b"CreationDate", b"/Producer"):
            self.assertNotIn(word, written)

    def test_the_same_file_gives_the_same_bytes(self):
        for name in ("one", "two"):
            self.assertEqual(self.read(os.path.join(INBOX, "IMG_2041.jpg"), "-o", self.path(name + ".pdf"))[0], 0)
        with open(self.path("one.pdf"), "rb") as a, open(self.path("two.pdf"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_only_the_pages_that_are_wanted(self):
        status, _, said = self.read(os.path.join(INBOX, "scan_0004.pdf"), "--pages", "1,3-", "-o", self.path("p.alto"))
        self.assertEqual(status, 0, said)
        pages = [p.get("PHYSICAL_IMG_NR") for p in tree.parse(self.path("p.alto")).getroot().iter(ALTO + "Page")]
        self.assertEqual(pages, ["1", "3"])
        status, _, said = self.read(os.path.join(INBOX, "scan_0004.pdf"), "--pages", "9", "-o", self.path("q.txt"))
        self.assertEqual(status, 65)
        self.assertIn("none of the pages", said)
        self.assertFalse(os.path.exists(self.path("q.txt")))

    def test_handwriting_and_blank_pages_are_said(self):
        status, _, said = self.read(os.path.join(INBOX, "scan_0003.pdf"), "-o", self.path("d.txt"))
        self.assertEqual(status, 0, said)
        self.assertIn("4 pages, 2 read", said)
        self.assertIn("2 blank", said)
        status, _, said = self.read(os.path.join(INBOX, "scan_0007.pdf"), "-o", self.path("e.txt"))
        self.assertIn(status, (0, 1), said)
        self.assertRegex(said, r"(?m)^page 1: .+")


class Files(Read):
    def locked(self, name):
        subprocess.run(["qpdf", "--encrypt", "opensesame", "owner", "256", "--", os.path.join(INBOX, "visit_20250207.pdf"), self.path(name)], check=True)
        return self.path(name)

    def test_bad_files_among_good_ones(self):
        with open(self.path("empty.pdf"), "wb"), open(self.path("notes.zip"), "wb") as z:
            z.write(b"PK\3\4" + b"\0" * 60)
        names = [os.path.join(INBOX, n) for n in ("visit_20250207.pdf", "scan_0008.pdf", "FW_review_minutes.eml", "IMG_2041.jpg")]
        names += [self.path("empty.pdf"), self.path("missing.pdf"), self.locked("locked.pdf")]
        status, _, said = self.read(*names, "-o", self.out + "/", "--jobs", "2")
        self.assertEqual(status, 65, said)
        self.assertEqual(sorted(os.listdir(self.out)), ["IMG_2041.pdf", "visit_20250207.pdf"])
        for name in os.listdir(self.out):
            self.assert_pdf(os.path.join(self.out, name))
        for name, why in (("scan_0008.pdf", "damaged"), ("minutes.eml", "casefile ingest"), ("empty.pdf", "empty"), ("missing.pdf", "not found"),
                          ("locked.pdf", "--password-file")):
            self.assertRegex(said, r"(?m)^casefile: .*%s: .*%s" % (name, why))
        self.assertRegex(said.splitlines()[-1], r"^3 pages, 3 read")

    def test_a_password(self):
        path = self.locked("locked.pdf")
        for password, status in (("wrong", 65), ("opensesame", 0)):
            with open(self.path("password"), "w") as f:
                f.write(password + "\n")
            got, _, said = self.read(path, "-o", self.path("l.txt"), "--password-file", self.path("password"))
            self.assertEqual(got, status, said)
            self.assertEqual(os.path.exists(self.path("l.txt")), status == 0)
        self.assertIn("opens", self.read(path, "--password-file", "/nonexistent")[2] + "opens")

    def test_output_is_never_written_over(self):
        letter = os.path.join(INBOX, "visit_20250207.pdf")
        shutil.copy(letter, self.path("in.pdf"))
        with open(self.path("kept.txt"), "w") as f:
            f.write("mine")
        status, _, said = self.read(letter, "-o", self.path("kept.txt"))
        self.assertEqual(status, 73)
        self.assertIn("--force", said)
        with open(self.path("kept.txt")) as f:
            self.assertEqual(f.read(), "mine")
        self.assertEqual(self.read(letter, "-o", self.path("kept.txt"), "--force")[0], 0)
        with open(self.path("kept.txt")) as f:
            self.assertGreater(len(f.read()), 500)
        status, _, said = self.read(self.path("in.pdf"), "-o", self.path("in.pdf"), "--force")
        self.assertEqual(status, 73)
        self.assertIn("is the file that is read", said)
        self.assertEqual(os.path.getsize(self.path("in.pdf")), os.path.getsize(letter))

    def test_names_that_meet_in_a_folder(self):
        for name in ("a.png", "a.tif", "b.png"):
            page_picture(["A short letter"] * 5).save(self.path(name), dpi=(150, 150))
        status, _, said = self.read(self.path("a.png"), self.path("a.tif"), self.path("b.png"), "-o", self.out, "--format", "txt")
        self.assertEqual(status, 0, said)
        self.assertEqual(sorted(os.listdir(self.out)), ["a.png.txt", "a.tif.txt", "b.txt"])

    def test_several_files_to_standard_output_keep_their_order(self):
        for i in range(5):
            page_picture(["This is letter number %s" % name for name in ["one", "two", "three", "four", "five"][i:i + 1] * 4]).save(
                self.path("n%d.png" % i), dpi=(150, 150))
        status, out, said = self.read(*(self.path("n%d.png" % i) for i in range(5)), "--jobs", "2")
        self.assertEqual(status, 0, said)
        pages = out.split("\f")
        self.assertEqual(len(pages), 5)
        for page, word in zip(pages, ["one", "two", "three", "four", "five"]):
            self.assertIn("number " + word, page)

    def test_wrong_use(self):
        letter = os.path.join(INBOX, "visit_20250207.pdf")
        for args, word in (([], "which file"), ([letter, "-o", "x.doc"], "ending"), ([letter, letter, "-o", self.path("x.pdf")], "folder"),
                           ([letter, "--pages", "3-1"], "pages"), ([letter, "--pages", "1,1"], "rising"), ([letter, "--jobs", "0"], "--jobs"),
                           ([letter, "--format", "doc"], "format"), ([letter, "--speed"], "--speed")):
            status, out, said = self.read(*args)
            self.assertEqual((status, out), (64, ""), args)
            self.assertIn(word, said)
        status, out, said = self.read("--help")
        self.assertEqual((status, said), (0, ""))
        for word in ("--pages", "--jobs", "--languages", "--password-file", "Exit status"):
            self.assertIn(word, out)

    def test_a_language_that_is_not_there(self):
        status, _, said = self.read(os.path.join(INBOX, "IMG_2041.jpg"), "-o", self.path("x.txt"), "--languages", "xyz")
        self.assertEqual(status, 70, said)
        self.assertIn("xyz", said)
        self.assertFalse(os.path.exists(self.path("x.txt")))

    @unittest.skipUnless(os.path.exists("/usr/lib/libreoffice/program/soffice.bin"), "LibreOffice is not there")
    def test_an_office_file(self):
        with open(self.path("note.rtf"), "w") as f:
            f.write(r"{\rtf1\ansi The family moved to Kirkbeck in the spring.\par}")
        status, out, said = self.read(self.path("note.rtf"))
        self.assertEqual(status, 0, said)
        self.assertIn("moved to Kirkbeck", out)


class Trouble(Read):
    def pictures(self, pages):
        ims = [page_picture(["Page %d of a long report" % (i + 1)] + ["and what stands on it, line after line."] * 12) for i in range(pages)]
        ims[0].save(self.path("long.tif"), save_all=True, append_images=ims[1:], dpi=(150, 150))
        return self.path("long.tif")

    def begun(self, p):
        """Waits until a helper works on a page: it has a process for it. Its pid."""
        end = time.time() + 60
        while time.time() < end and p.poll() is None:
            for helper in children_of(p.pid):
                if children_of(helper):
                    return helper
            time.sleep(0.05)
        self.fail("no helper works")

    def test_killed_helpers_cost_nothing(self):
        p = self.start(self.pictures(8), "-o", self.path("k.txt"), "--jobs", "2")
        killed = 0
        while p.poll() is None and killed < 3:
            os.kill(self.begun(p), signal.SIGKILL)
            killed += 1
            time.sleep(1.5)
        said = p.communicate(timeout=300)[1].decode()
        self.assertEqual(p.returncode, 0, said)
        self.assertGreaterEqual(killed, 1)
        with open(self.path("k.txt")) as f:
            pages = f.read().split("\f")
        self.assertEqual(len(pages), 8)
        for i, page in enumerate(pages):
            self.assertIn("Page %d of" % (i + 1), page)

    def test_a_helper_that_hangs_is_ended(self):
        with open(self.config, "w") as f:
            f.write('store: { folder = "%s/store"; };\nhelper: { page_seconds = 12; silence_seconds = 12; };\n' % self.folder)
        p = self.start(self.pictures(3), "-o", self.path("h.txt"), "--jobs", "1")
        helper = self.begun(p)
        for pid in [helper] + children_of(helper):
            os.kill(pid, signal.SIGSTOP)
        said = p.communicate(timeout=300)[1].decode()
        self.assertEqual(p.returncode, 0, said)
        with open(self.path("h.txt")) as f:
            self.assertEqual(len(f.read().split("\f")), 3)

    def test_pages_on_which_helpers_end_time_and_again_are_listed(self):
        p = self.start(self.pictures(4), "-o", self.path("m.txt"), "--jobs", "1")
        for _ in range(10):  # once in opening and once in reading costs no page: that is eight
            try:
                os.kill(self.begun(p), signal.SIGKILL)
            except (AssertionError, ProcessLookupError):
                break
            time.sleep(0.3)
        said = p.communicate(timeout=300)[1].decode()
        self.assertIn(p.returncode, (1, 65, 70), said)
        if p.returncode == 70:  # each was killed before it had said a word
            self.assertIn("end as soon as they start", said)
            return
        if p.returncode == 65:  # twice before it came to any page
            self.assertIn("the helper ended unexpectedly", said)
            self.assertFalse(os.path.exists(self.path("m.txt")) and "were written" not in said)
            return
        self.assertRegex(said, r"page \d: nothing was read: .*made the reader end or hang")
        self.assertRegex(said, r"4 pages, \d read.*, \d could not be read")
        with open(self.path("m.txt")) as f:
            self.assertEqual(len(f.read().split("\f")), 4)

    @unittest.skipIf("sanitize" in BIN, "the sanitizer needs more memory than that")
    def test_a_page_that_needs_too_much_memory_loses_no_other(self):
        with open(self.config, "w") as f:
            f.write('store: { folder = "%s/store"; };\nhelper: { megabytes = 256; };\n' % self.folder)
        small = page_picture(["Page of a report"] * 9)
        huge = Image.new("L", (11000, 15000), 255)
        small.save(self.path("huge.tif"), save_all=True, append_images=[huge, small], dpi=(150, 150), compression="tiff_lzw")
        status, _, said = self.read(self.path("huge.tif"), "-o", self.path("huge.pdf"))
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"(?m)^page 2: nothing was read: .+")
        self.assertIn("3 pages, 2 read, 1 could not be read", said)
        self.assertIn("Pages:           3", tool("pdfinfo", self.path("huge.pdf"))[1])
        self.assertEqual(key(tool("pdftotext", "-layout", self.path("huge.pdf"), "-")[1]).count("pageofareport"), 18)

    def test_ctrl_c_leaves_nothing(self):
        for name in ("i.pdf", "i.txt"):
            p = self.start(self.pictures(6), "-o", os.path.join(self.out, name), "--jobs", "2")
            self.begun(p)
            time.sleep(1)
            helpers = children_of(p.pid)
            p.send_signal(signal.SIGINT)
            said = p.communicate(timeout=20)[1].decode()
            self.assertEqual(p.returncode, 130, said)
            self.assertEqual(os.listdir(self.out), [])
            self.assertGreaterEqual(len(helpers), 2)
            for helper in helpers:
                self.assertFalse(os.path.exists("/proc/%d" % helper))

    def test_a_full_output_is_not_there(self):
        status, _, said = self.read(os.path.join(INBOX, "IMG_2041.jpg"), "-o", "/dev/full", "--format", "pdf")
        self.assertEqual(status, 73, said)
        p = subprocess.run([CASEFILE, "read", os.path.join(INBOX, "visit_20250207.pdf")], stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE,
                           timeout=120)
        self.assertEqual(p.returncode, 73, p.stderr)

    @unittest.skipIf("sanitize" in BIN, "the sanitizer's own memory is measured then")
    def test_memory_does_not_grow_with_the_pages(self):
        noise = Image.effect_noise((1240, 1754), 6).point(lambda v: 240 + (v - 128) // 4)  # paper with nothing on it, in a large file
        jpeg = io.BytesIO()
        noise.save(jpeg, "JPEG", quality=95)
        most = {}
        for pages in (10, 120):
            pdf_of_one_picture(self.path("blank.pdf"), pages, jpeg.getvalue(), noise.size)
            p = self.start(self.path("blank.pdf"), "-o", self.path("blank-%d.pdf" % pages), "--jobs", "2", "--quiet")
            most[pages] = 0
            while p.poll() is None:
                most[pages] = max(most[pages], memory_most(p.pid))
                time.sleep(0.02)
            self.assertEqual(p.returncode, 0, p.communicate()[1])
            self.assertGreater(os.path.getsize(self.path("blank-%d.pdf" % pages)), pages * len(jpeg.getvalue()))
        self.assertIn("Pages:           120", tool("pdfinfo", self.path("blank-120.pdf"))[1])
        self.assertGreater(len(jpeg.getvalue()), 300000)
        self.assertLess(most[120], most[10] + 8000, most)  # kB; 110 pages more are more than 33,000


class Documents(unittest.TestCase):
    def test_a_document_of_the_store_is_written_out(self):
        house = House('workers: { count = 1; };')
        try:
            house.start()
            house.register()
            house.run("ingest", os.path.join(INBOX, "scan_0002.pdf"))
            house.wait()
            for ending in ("pdf", "txt", "hocr", "alto"):
                house.run("document", "1", "-o", os.path.join(house.folder, "d." + ending))
            self.assertEqual(tool("qpdf", "--check", os.path.join(house.folder, "d.pdf"))[0], 0)
            with open(os.path.join(house.folder, "d.txt"), encoding="utf-8") as f:
                text = f.read()
            wanted = words(next(g for g in gold() if g["file"] == "inbox/scan_0002.pdf")["pages"][0]["text"])
            self.assertGreater(len(set(wanted) & set(words(text))), 0.85 * len(set(wanted)))
            got = words(tool("pdftotext", "-layout", os.path.join(house.folder, "d.pdf"), "-")[1])
            self.assertGreater(len(set(words(text)) & set(got)), 0.97 * len(set(words(text))))
            self.assertEqual(tool("xmllint", "--noout", os.path.join(house.folder, "d.alto"))[0], 0)
            status, _, said = house.run("document", "1", "-o", os.path.join(house.folder, "d.pdf"), check=False)
            self.assertNotEqual(status, 0)
            self.assertIn("there already", said)
            status, _, said = house.run("document", "77", "-o", os.path.join(house.folder, "e.pdf"), check=False)
            self.assertEqual(status, 66, said)
            self.assertFalse(os.path.exists(os.path.join(house.folder, "e.pdf")))
            log = house.run("audit", "show", "50")
            self.assertEqual(len(re.findall(r"document 1\b.*written out|written out.*document 1\b", log)), 4, log)
            self.assertNotIn("document 77", log)
        finally:
            house.close()


if __name__ == "__main__":
    unittest.main(verbosity=1)
