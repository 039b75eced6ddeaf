#!/usr/bin/python3
"""Sheets printed by the command, put between pages, scanned and taken in: documents, cover sheets, batches that ask, backs behind their fronts."""
import email.message
import os
import re
import subprocess
import sys
import unittest

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import House, SAMPLES, gold  # noqa: E402

DPI = 200
FONT = "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"
CHILDREN = [line.split(",")[0] for line in open(SAMPLES + "/register.csv", encoding="utf-8") if line[0].isdigit()]
SCANNER = "fi-7160"


def setUpModule():
    global house
    house = House("intake: { settle_seconds = 0; };")
    house.start()
    house.register()


def tearDownModule():
    house.close()


def pictures(pdf, first=1, last=1):
    """Pages of a PDF as a scanner would see them."""
    name = os.path.join(house.folder, "ppm")
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "-f", str(first), "-l", str(last), pdf, name], check=True, timeout=120)
    found = sorted(f for f in os.listdir(house.folder) if f.startswith("ppm") and f.endswith(".pgm"))
    images = [Image.open(os.path.join(house.folder, f)).copy() for f in found]
    for f in found:
        os.remove(os.path.join(house.folder, f))
    return images


def sheet(*args):
    """The sheet that the command prints, as a picture; and what it said."""
    pdf = os.path.join(house.folder, "sheets.pdf")
    said = house.run("sheets", *args, "-o", pdf)
    return pictures(pdf)[0], said


def header(*args):
    picture, said = sheet("batch", *args)
    return picture, re.search(r"batch (\d+)", said).group(1)


def page(*lines):
    """A page that names nobody."""
    image = Image.new("L", (1654, 2339), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 44)
    for i, line in enumerate(lines * 6):
        draw.text((180, 200 + 90 * i), line, fill=20, font=font)
    return image


def blank():
    return Image.new("L", (1654, 2339), 255)


def scan(name, *images):
    """Takes the pages in as one PDF of pictures; gives the receipt's number."""
    path = os.path.join(house.folder, name)
    first, *rest = [im.rotate(0.4, fillcolor=255) for im in images]
    first.save(path, save_all=True, append_images=rest, resolution=DPI, quality=85)
    return re.search(r"(R\d+)", house.run("ingest", path)).group(1)


def documents(name):
    """First page, last page, outcome and children of each document of a file."""
    found = {}
    for row in house.filings():
        if row["file"] == name and int(row["first_page"] or 0):  # else a scan that no document was made of
            d = found.setdefault((int(row["first_page"]), int(row["last_page"])), (row["outcome"], []))
            d[1].extend([row["child_id"]] if row["child_id"] else [])
    return found


def pages(receipt):
    """{page number: (what, state, document, place)}"""
    found = {}
    for line in house.run("page", receipt).splitlines():
        m = re.match(r"\s+(\d+)\s+(page|blank|separator)\s+(\S+)\s+(\S+)\s+(\d+)", line)
        if m:
            found[int(m.group(1))] = (m.group(2), m.group(3), m.group(4), int(m.group(5)))
    return found


class Sheets(unittest.TestCase):
    def test_separators_and_cover_sheets(self):
        separator, _ = sheet("separator")
        cover, _ = sheet("cover", CHILDREN[3], "--kind", "visit_record")
        g = next(x for x in gold() if x["file"].endswith("scan_0001.pdf"))
        own = pictures(SAMPLES + "/inbox/scan_0001.pdf")
        receipt = scan("stack.pdf", separator, own[0], cover.rotate(180), page("Notes of the meeting", "The car park was full."),
                       separator, separator.rotate(180), page("An invoice for paper and pens."))
        house.wait(180)
        self.assertEqual([p[0] for _, p in sorted(pages(receipt).items())],
                         ["separator", "page", "separator", "page", "separator", "separator", "page"])
        found = documents("stack.pdf")
        self.assertEqual(sorted(found), [(2, 2), (4, 4), (7, 7)])
        self.assertEqual(found[(4, 4)], ("filed", [CHILDREN[3]]))
        self.assertNotEqual(found[(7, 7)][0], "filed")
        self.assertTrue(set(found[(2, 2)][1]) <= set(g["child_ids"]) or found[(2, 2)][0] != "filed")

    def test_a_code_in_a_mail_is_only_a_code(self):
        """Whoever sends a mail must not be able to make a page vanish, or to file it, by a code on it."""
        cover, _ = sheet("cover", CHILDREN[3])
        separator, _ = sheet("separator")
        attached = email.message.EmailMessage()
        attached["From"], attached["To"], attached["Subject"] = "a@mail.example", "intake@ribbleshire.gov.example", "papers"
        attached.set_content("Please see the papers.")
        path = os.path.join(house.folder, "papers.pdf")
        page("one").save(path, save_all=True, append_images=[cover, page("two"), separator, page("three")], resolution=DPI, quality=85)
        with open(path, "rb") as f:
            attached.add_attachment(f.read(), maintype="application", subtype="pdf", filename="papers.pdf")
        with open(os.path.join(house.folder, "mail-with-codes.eml"), "wb") as f:
            f.write(bytes(attached))
        house.run("ingest", os.path.join(house.folder, "mail-with-codes.eml"))
        house.wait()
        part = [p for p in house.lines("parts") if p["name"] == "papers.pdf"][0]
        self.assertEqual((part["pages"], part["documents"]), (5, 1))
        self.assertIn("it was not followed", part["notes"])

    def test_a_cover_sheet_is_in_the_audit_log_and_names_nobody_there(self):
        sheet("cover", CHILDREN[0])
        said = house.run("audit", "show", "1")
        self.assertIn("cover sheet printed", said)
        self.assertNotIn(CHILDREN[0], said)

    def test_what_cannot_be_printed(self):
        self.assertNotEqual(house.run("sheets", "cover", "00000000", check=False)[0], 0)
        self.assertEqual(house.run("sheets", "batch", "--duplex", "both", check=False)[0], 64)
        self.assertEqual(house.run("sheets", "separator", "--copies", "0", check=False)[0], 64)
        self.assertEqual(house.run("sheets", check=False)[0], 64)


class Batches(unittest.TestCase):
    def test_a_missing_sheet_asks_and_is_accepted(self):
        top, number = header("--operator", "Op", "--scanner", SCANNER, "--sheets", "3", "--separators", "1")
        separator, _ = sheet("separator")
        receipt = scan("short.pdf", top, page("The first of three."), separator, page("The last of three."))
        house.wait(180)
        self.assertEqual(documents("short.pdf"), {})
        said = house.run("batch")
        self.assertIn("ASKS: 2 sheets came, 3 were expected", said)
        self.assertTrue(said.startswith("batch %s " % number), said)
        self.assertIn(receipt, house.run("batch", "show", number))
        house.run("batch", "accept", number)
        house.wait(180)
        self.assertEqual(sorted(documents("short.pdf")), [(2, 2), (4, 4)])
        self.assertIn("complete", house.run("batch", "show", number))
        self.assertEqual(house.run("batch", "accept", number, check=False)[0], 75)

    def test_a_batch_is_scanned_again(self):
        top, number = header("--sheets", "2")
        scan("again1.pdf", top, page("One of two."))
        house.wait(180)
        house.run("batch", "rescan", number)
        scan("again2.pdf", top, page("One of two."), page("Two of two."))
        house.wait(180)
        self.assertEqual(documents("again1.pdf"), {})
        self.assertEqual(sorted(documents("again2.pdf")), [(2, 3)])
        self.assertIn("complete", house.run("batch", "show", number))

    def test_backs_come_behind_their_fronts(self):
        top, number = header("--sheets", "2", "--duplex", "two-pass")
        separator, _ = sheet("separator")
        fronts = scan("fronts.pdf", top, page("Front of the first sheet."), separator, page("Front of the second sheet."))
        house.wait(180)
        self.assertIn("waiting", house.run("batch", "show", number))
        self.assertEqual(documents("fronts.pdf"), {})
        backs = scan("backs.pdf", top, page("Back of the second sheet."), blank(), page("Back of the first sheet."))
        house.wait(180)
        self.assertIn("complete", house.run("batch", "show", number))
        front, back = pages(fronts), pages(backs)
        self.assertEqual(sorted(documents("fronts.pdf")), [(2, 2), (4, 4)])
        self.assertNotEqual(front[2][2], front[4][2])
        for f, b in ((2, 4), (4, 2)):
            self.assertEqual(front[f][2], back[b][2])          # one document
            self.assertEqual(front[f][3] + 1, back[b][3])      # the back is the next page
        self.assertEqual(back[3][0], "blank")

    def test_a_blank_page_is_taken_back(self):
        receipt = scan("blank.pdf", page("A letter with an empty page behind it."), blank())
        house.wait(180)
        self.assertEqual(sorted(documents("blank.pdf")), [(1, 1)])
        self.assertEqual(pages(receipt)[2][0], "blank")
        house.run("page", "keep", receipt, "2")
        house.wait(180)
        self.assertEqual(pages(receipt)[2][0], "page")
        self.assertEqual(sorted(documents("blank.pdf")), [(1, 2)])
        self.assertNotEqual(house.run("page", "keep", receipt, "2", check=False)[0], 0)

    def test_every_page_is_accounted_for(self):
        self.assertNotIn("DOES NOT ADD UP", house.run("status"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
