#!/usr/bin/python3
"""casefile prove: one file for each way in which redactions fail is told, those that are as they should be are not; and the same files, as documents of a
record, come out of a pack with nothing left of the name."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from house import BIN, House, SAMPLES, TOP, key

CASEFILE = os.path.join(BIN, "casefile")
CHILD = json.load(open(os.path.join(SAMPLES, "demo.json")))["child"]
NAME = "Ottilie Marchbanks"


def prove(*args):
    p = subprocess.run([CASEFILE, "prove", *args], capture_output=True, timeout=300)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


class Prove(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="casefile-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        subprocess.run([sys.executable, os.path.join(TOP, "tests/corpus/make_leaky.py"), cls.folder], check=True)
        cls.manifest = json.load(open(os.path.join(cls.folder, "manifest.json")))
        cls.list = os.path.join(cls.folder, "withheld.txt")
        with open(cls.list, "w") as f:
            f.write("\n%s\n\n" % NAME)

    def path(self, name):
        return os.path.join(self.folder, name)

    def test_each_failure_is_found(self):
        kinds = set()
        for m in self.manifest:
            if not m["kind"]:
                continue
            with self.subTest(m["file"]):
                status, out, _ = prove(self.path(m["file"]), *(["--withheld", self.list] if m["needs_list"] else []))
                self.assertEqual(status, 1, out)
                self.assertNotIn(key(NAME), key(out.replace(m["file"], "")), "a finding says what it is about")
                kinds.add(m["kind"])
        self.assertEqual(kinds, set(range(1, 21)))

    def test_what_is_as_it_should_be_is_not_told(self):
        for m in self.manifest:
            if m["kind"]:
                continue
            for more in ([], ["--withheld", self.list]):
                status, out, _ = prove(self.path(m["file"]), *more)
                self.assertEqual(status, 0, out)
                self.assertIn("nothing found", out)

    def test_files_are_compared_with_each_other(self):
        """Each is as it should be by itself; together the one opens what the other covers."""
        closed, left_open = self.path("good_plain.pdf"), self.path("open.pdf")
        shutil.copy(self.path("leak_13.pdf"), left_open)
        data = open(left_open, "rb").read()
        with open(left_open, "wb") as f:
            f.write(data[:data.index(b"%%EOF") + 6])  # its first revision alone: nothing is covered, nothing hidden
        self.assertEqual(prove(closed)[0], 0)
        self.assertEqual(prove(left_open)[0], 0)
        status, out, _ = prove(closed, left_open)
        self.assertEqual(status, 1)
        self.assertIn("another copy (20)", out)

    def test_json(self):
        status, out, _ = prove(self.path("leak_01.pdf"), "--json")
        found = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(status, 1)
        self.assertEqual(found[0]["page"], 1)
        self.assertTrue(found[0]["box"][0] < found[0]["box"][2])

    def test_what_is_no_pdf_is_told(self):
        with open(self.path("broken.pdf"), "wb") as f:
            f.write(b"%PDF-1.7\nnothing of the sort")
        status, _, said = prove(self.path("broken.pdf"))
        self.assertEqual(status, 65)
        self.assertIn("broken.pdf was not judged", said)
        status, out, said = prove(self.path("broken.pdf"), self.path("leak_01.pdf"))  # the other is judged all the same
        self.assertIn("leak_01.pdf: BAD", out)
        self.assertIn("broken.pdf was not judged", said)
        self.assertNotEqual(prove(self.path("not-there.pdf"))[0], 0)
        self.assertEqual(prove()[0], 64)
        self.assertIn("usage", subprocess.run([CASEFILE, "prove", "--help"], capture_output=True).stdout.decode())


class Covering(unittest.TestCase):
    """Whatever a file hides, a pack is rebuilt from what is seen."""

    def test_nothing_of_the_name_is_left(self):
        house = House("intake: { settle_seconds = 0; };\npack: { volume_pages = 10; };")
        self.addCleanup(house.close)
        folder = os.path.join(house.folder, "leaky")
        subprocess.run([sys.executable, os.path.join(TOP, "tests/corpus/make_leaky.py"), folder], check=True)
        files = sorted(f for f in os.listdir(folder) if f.endswith(".pdf"))
        house.start()
        house.register()
        house.run("ingest", "--child", CHILD, *[os.path.join(folder, f) for f in files])
        house.wait()
        name = house.run("request", "open", "--child", CHILD, "--requester", "A Careleaver", "--identity", "seen").split()[0]
        request = lambda *args, **more: house.run("request", args[0], name, *args[1:], **more)
        fields = [w for f in ("information", "confidentiality", "consent_steps", "capacity", "refusal", "author", "manager", "asked_by") for w in ("--field", f + "=said")]
        fields += ["--field", "asked_on=2026-01-05"]
        documents = [line.split()[1] for line in request("documents").splitlines() if line.startswith("  document ")]
        self.assertGreaterEqual(len(documents), len(files))
        request("decide", "--accept-all", *fields)
        for words in (NAME, "Ottilie March-", "banks", " ".join(NAME.replace(" ", "")), "Ottilie", "Marchbanks"):
            house.run("request", "decide", name, "--words", words, "--cover", "3P-UNREASONABLE", *fields, check=False)
        for document in documents:  # where the sideways name stands, whether it was read or not
            house.run("request", "decide", name, "--box", "540,250,575,560", "--document", document, "--page", "1", "--cover", "3P-UNREASONABLE", *fields, check=False)
        status, said, err = house.run("request", "approve", name, who="Second", check=False)
        for _ in range(3):
            if not status:
                break
            request("decide", "--accept-all", *fields)
            status, said, err = house.run("request", "approve", name, who="Second", check=False)
        self.assertEqual(status, 0, err)
        request("build")
        self.assertIn("PROVED", request("prove"))
        self.assertIn("byte for byte the same", request("rebuild"))
        password = os.path.join(folder, "password")
        with open(password, "w") as f:
            f.write("a long way home\n")
        out = request("release", "--how", "test", "--password-file", password)
        where = os.path.dirname(out.split("released: ")[1].split("\n")[0])
        volumes = sorted(f for f in os.listdir(where) if f.endswith(".pdf"))
        self.assertGreater(len(volumes), 2, "in volumes of ten pages")
        self.assertNotEqual(subprocess.run(["pdfinfo", os.path.join(where, volumes[0])], capture_output=True).returncode, 0, "it opens without the password")
        withheld = os.path.join(folder, "w.txt")
        with open(withheld, "w") as f:
            f.write(NAME + "\n")
        manifest = json.load(open(os.path.join(where, "manifest.json")))
        self.assertEqual([f["file"] for f in manifest["files"]], volumes)
        readable = ""
        for volume in volumes:
            pack = os.path.join(folder, volume)
            subprocess.run(["qpdf", "--password=a long way home", "--decrypt", os.path.join(where, volume), pack], check=True)
            text = subprocess.run(["pdftotext", "-layout", pack, "-"], capture_output=True, check=True).stdout.decode()
            plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", "--decode-level=all", pack, "-"], capture_output=True).stdout.decode("latin-1")
            for word in ("Ottilie", "Marchbanks"):
                self.assertNotIn(key(word), key(text))
                self.assertNotIn(word, plain)
            readable += text
            status, said, _ = prove(pack, "--withheld", withheld)
            self.assertEqual(status, 0, said)
        self.assertIn("kitchen was warm", " ".join(readable.split()))
        for n in range(1, manifest["pages"] + 1):
            self.assertIn("%s-%06d" % (name, n), readable)  # the numbers go on over the volumes
        self.assertIn("signed by this store", house.run("log", "verify", os.path.join(where, "manifest.json")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
