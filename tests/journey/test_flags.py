#!/usr/bin/python3
"""casefile flags: people and their data in texts, PDF files and scans, without a daemon; and the same people, each once, in a request.

Needs pdftoppm and pdfinfo (poppler-utils) and python3-pil."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from PIL import Image

from house import BIN, House, SAMPLES, gold

CASEFILE = os.path.join(BIN, "casefile")
INBOX = os.path.join(SAMPLES, "inbox")
PEOPLE, REGISTER = os.path.join(SAMPLES, "people.csv"), os.path.join(SAMPLES, "register.csv")
CHILD = json.load(open(os.path.join(SAMPLES, "demo.json")))["child"]


def flags(*args, text=None):
    p = subprocess.run([CASEFILE, "flags", *args], input=text.encode() if text is not None else None, capture_output=True, timeout=600)
    out = p.stdout.decode("utf-8")
    return p.returncode, [json.loads(x) for x in out.splitlines() if x.startswith("{")], p.stderr.decode("utf-8", "replace"), out


def sample(form):
    """A file of the demo child's and its gold."""
    return next(g for g in gold() if g.get("child_ids") and g["child_ids"][0] == CHILD and g["file"].endswith(form) and "batch" not in g["file"] and
                not g.get("broken") and any(s["redact"] and s["type"] == "PERSON" for p in g["pages"] for s in p["spans"]))


class Flags(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="casefile-test-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def test_a_text_with_a_case(self):
        g = sample(".pdf")
        text = "\n\n".join(p["text"] for p in g["pages"])
        status, found, said, _ = flags("--people", PEOPLE, "--register", REGISTER, "--subject", CHILD, self.write("a.txt", text))
        self.assertEqual((status, said), (0, ""))
        covered = bytearray(len(text))
        for f in found:
            self.assertEqual(text[f["start"]:f["end"]], f["text"])
            if f["cover"]:
                covered[f["start"]:f["end"]] = b"\1" * (f["end"] - f["start"])
        at, must, got = 0, 0, 0
        for p in g["pages"]:
            for s in p["spans"]:
                if s["redact"] and s["type"] in ("PERSON", "PHONE", "ADDRESS", "DOB"):
                    letters = [k for k in range(at + s["start"], at + s["end"]) if text[k].isalnum()]
                    must += len(letters)
                    got += sum(covered[k] for k in letters)
            at += len(p["text"]) + 2
        self.assertGreater(must, 50)
        self.assertGreaterEqual(got / must, 0.97)
        subject = [f for f in found if f["role"] == "subject"]
        self.assertTrue(subject and not any(f["cover"] for f in subject))

    def test_a_scan_by_boxes(self):
        g = sample(".pdf")
        status, found, _, _ = flags("--quiet", "--people", PEOPLE, "--subject", CHILD, os.path.join(SAMPLES, g["file"]))  # register.csv lies beside
        self.assertIn(status, (0, 1))
        self.assertTrue(any(f["type"] == "PERSON" and f["cover"] and f["boxes"] for f in found))
        for f in found:
            for x0, y0, x1, y1 in f["boxes"]:
                self.assertTrue(-1 <= x0 < x1 <= 1700 and -1 <= y0 < y1 <= 1700)

    def test_without_a_case_everybody_counts(self):
        status, found, _, _ = flags("-", text="Spoke to Kelly Marsden of Leeds on 3 May 2021. Dr Anil Shah agreed with her.")
        self.assertEqual(status, 0)
        names = {f["text"]: f for f in found}
        self.assertTrue(names["Kelly Marsden"]["cover"] and names["3 May 2021"]["cover"])
        self.assertTrue(any("Shah" in t and f["cover"] for t, f in names.items()))
        status, found, _, _ = flags("--people-only", "-", text="Spoke to Kelly Marsden of Leeds on 3 May 2021.")
        self.assertEqual([f["text"] for f in found], ["Kelly Marsden"])

    def test_who_asks(self):
        text = self.write("a.txt", "Joanne rang. Dr Shah agreed.\n")
        people = self.write("people.csv", "council_id,person_id,relation,role,title,forenames,surname,consent_to_share\n"
                                          "1234567,P1,mother,family,Mrs,Joanne,Price,no\n")
        by = {}
        for who in ("subject", "court"):
            status, found, said, _ = flags("--people", people, "--subject", "1234567", "--requester", who, text)
            self.assertEqual(status, 0, said)
            self.assertIn("the subject's own name is not known", said)
            by[who] = next(f for f in found if f["text"] == "Joanne")
        self.assertEqual((by["subject"]["code"], by["subject"]["cover"]), ("3P-REFUSED", True))
        self.assertEqual((by["court"]["code"], by["court"]["cover"]), ("REASONABLE", False))

    def test_a_marked_pdf(self):
        g, out = sample(".pdf"), self.path("out.pdf")
        args = ["--quiet", "--people", PEOPLE, "--subject", CHILD, os.path.join(SAMPLES, g["file"]), "-o", out]
        status, found, said, _ = flags(*args)
        self.assertIn(status, (0, 1), said)
        info = subprocess.run(["pdfinfo", out], capture_output=True, check=True).stdout.decode()
        self.assertIn("Pages:", info)
        subprocess.run(["pdftoppm", "-r", "50", "-png", "-f", "1", "-l", "1", out, self.path("p")], check=True)
        picture = next(os.path.join(self.folder, f) for f in os.listdir(self.folder) if f.endswith(".png"))
        coloured = sum(max(p) - min(p) > 60 for p in Image.open(picture).convert("RGB").getdata())
        self.assertGreater(coloured, 20)
        status, _, said, _ = flags(*args)
        self.assertEqual(status, 73)
        self.assertIn("is there already", said)
        self.assertEqual(flags("--force", *args)[0] in (0, 1), True)

    def test_what_is_wrong_is_said(self):
        text, broken = self.write("a.txt", "Nothing."), self.write("broken.pdf", "%PDF-1.5\nbroken")
        for args, status, words in (
                ([], 64, "which file?"), (["--no-such-option", text], 64, "--no-such-option"), ([self.path("none.txt")], 66, "none.txt"), ([broken], 65, "broken.pdf"),
                (["--people", PEOPLE, text], 64, "whose record is it?"), (["--subject", "1", text], 64, "--people"),
                (["--people", PEOPLE, "--subject", "0", text], 65, "no child of the register"), (["--people", self.path("none.csv"), "--subject", "1", text], 66, "none.csv"),
                (["--register", REGISTER, "--subject", "0", text], 65, "no child of the register"), (["--requester", "nobody", text], 64, "--requester"), (["-o", self.path("x.pdf"), text], 64, "no pages to mark"), ([text, text, "-o", self.path("x.pdf")], 64, "one file at a time")):
            got, _, said, _ = flags(*args)
            self.assertEqual(got, status, (args, said))
            self.assertIn(words, said)
        self.assertFalse(os.path.exists(self.path("x.pdf")))
        status, found, said, _ = flags(broken, self.write("b.txt", "Spoke to Kelly Marsden."))  # the rest goes on
        self.assertEqual((status, [f["text"] for f in found]), (65, ["Kelly Marsden"]))

    def test_help_and_empty_texts(self):
        status, _, _, out = flags("--help")
        self.assertEqual(status, 0)
        self.assertIn("usage: casefile flags", out)
        for text in ("", "\n\n\f\n", "...", "\u00e9" * 9000):
            self.assertEqual(flags("-", text=text)[0], 0)
        self.assertEqual(subprocess.run([CASEFILE, "flags", "-"], input=b"\xff\xfe\0x", capture_output=True).returncode, 65)


class People(unittest.TestCase):
    def test_one_person_one_decision_and_other_people_later(self):
        house = House("intake: { settle_seconds = 0; };")
        self.addCleanup(house.close)
        house.start()
        house.register()
        house.run("ingest", INBOX)
        house.wait()
        name = house.run("request", "open", "--child", CHILD, "--requester", "Test").split()[0]
        people = [line for line in house.run("request", "people", name).splitlines() if " mentions in " in line]
        self.assertGreater(len(people), 3)
        first = people[0].split()[0]
        said = house.run("request", "decide", name, "--person", first, "--release", "KNOWN")
        mentions = int(said.split()[0])
        self.assertGreater(mentions, 1)
        line = next(x for x in house.run("request", "people", name).splitlines() if x.split()[:1] == [first])
        self.assertIn("0 to be covered, %d decided" % mentions, line)
        status, _, said = house.run("request", "decide", name, "--person", "nobody", "--release", "KNOWN", check=False)
        self.assertEqual(status, 65)
        self.assertIn("request people", said)
        # The register learns of somebody: the record is looked through again, and the decision stays.
        extra = os.path.join(house.folder, "people.csv")
        with open(PEOPLE, encoding="utf-8") as f, open(extra, "w", encoding="utf-8") as g:
            rows = f.read().splitlines(True)
            head = next(r for r in rows if r.startswith("council_id"))
            values = dict.fromkeys(head.strip().split(","), "")
            values.update(council_id=CHILD, person_id="P99999999", relation="aunt", role="family", forenames="Zenobia", surname="Quillfeather", consent_to_share="no")
            g.write("".join(rows) + ",".join(values[k] for k in head.strip().split(",")) + "\n")
        said = house.run("register", "import", SAMPLES + "/register.csv", extra)
        self.assertIn("looked through again", said)
        house.wait()
        line = next(x for x in house.run("request", "people", name).splitlines() if x.split()[:1] == [first])
        self.assertIn("%d decided" % mentions, line)
        self.assertNotIn("looked through again", house.run("register", "import", SAMPLES + "/register.csv", extra))


if __name__ == "__main__":
    unittest.main()
