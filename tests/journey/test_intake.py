#!/usr/bin/python3
"""Scan folders through the real programs: two profiles in one store, sub-folders, what is not finished, what is no file, what cannot be
opened, a disk that is nearly full. Every item is accounted for: taken in, in failed/ with a notice, or left alone and told of."""
import io
import os
import re
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import BIN, House  # noqa: E402

PASSWORD = "heron-lantern-4"


def pdf(text, password=None):
    from reportlab.lib import pdfencrypt
    from reportlab.pdfgen import canvas
    out = io.BytesIO()
    enc = pdfencrypt.StandardEncryption(password, "owner", strength=128) if password else None
    c = canvas.Canvas(out, pagesize=(420, 595), invariant=1, encrypt=enc)
    c.setFont("Helvetica", 12)
    c.drawString(40, 540, text)
    c.save()
    return out.getvalue()


def make_house(profiles, more=""):
    house = House()
    with open(house.config, "a") as f:
        f.write("intake: { rescan_seconds = 1; };\nworkers: { count = 1; };\n%s\nprofiles = ( %s );\n" % (more, profiles.replace("$", house.folder)))
    return house


def until(what, why, seconds=60):
    end = time.time() + seconds
    while not what():
        if time.time() > end:
            raise AssertionError(why() if callable(why) else why)
        time.sleep(0.1)


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(at, n), folder) for at, _, names in os.walk(folder) for n in names)


def in_folder(folder):
    """What still lies in the scan folder itself: not in done/ and failed/."""
    return [n for n in files_below(folder) if n.split(os.sep)[0] not in ("done", "failed")]


class Intake(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = make_house('{ name = "front"; folder = "$/front"; scanner = "fi-7160"; settle_seconds = 0; stale_seconds = 3; priority = "urgent"; },'
                               '{ name = "archive"; folder = "$/archive"; after = "remove"; priority = "backlog"; settle_seconds = 1; }')
        cls.front, cls.archive = cls.house.folder + "/front", cls.house.folder + "/archive"
        os.makedirs(cls.front + "/box 3/inner")
        cls.put(cls.front + "/before.pdf", pdf("It lay there before the start."))
        cls.put(cls.front + "/box 3/inner/scan 7.pdf", pdf("In a sub-folder of a sub-folder."))
        cls.put(cls.front + "/.hidden.pdf", pdf("A hidden name."))
        cls.put(cls.front + "/coming.pdf.part", b"%PDF-1.4 half of it")
        cls.put(cls.front + "/.DS_Store", b"noise")
        cls.put(cls.front + "/empty.pdf", b"")
        cls.put(cls.front + "/locked.pdf", pdf("Behind a password.", PASSWORD))
        os.symlink("/etc/hostname", cls.front + "/link.pdf")
        os.mkfifo(cls.front + "/pipe.pdf")
        cls.house.start()
        until(lambda: os.path.isdir(cls.archive + "/failed"), "the folders are not made")
        cls.put(cls.archive + "/old.pdf", pdf("From the archive."))
        cls.put(cls.archive + "/damaged.pdf", b"%PDF-1.7\n")
        until(lambda: in_folder(cls.front) == [".DS_Store", "coming.pdf.part"] and in_folder(cls.archive) == [],
              lambda: "left: %r %r\n%s" % (in_folder(cls.front), in_folder(cls.archive), cls.house.said()))
        cls.house.wait(timeout=240)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @staticmethod
    def put(path, data):
        with open(path, "wb") as f:
            f.write(data)

    def notice(self, folder, ending):
        found = [n for n in os.listdir(folder + "/failed") if n.endswith(ending)]
        self.assertEqual(len(found), 1, os.listdir(folder + "/failed"))
        with open(os.path.join(folder, "failed", found[0])) as f:
            return found[0], f.read()

    def channel(self, name):
        found = re.search(r"^%s +scan folder +(\S.*?) +(\d+) +(\d+)  (.*)$" % name, self.house.run("status"), re.M)
        self.assertTrue(found, self.house.run("status"))
        return int(found.group(2)), int(found.group(3)), found.group(4)

    def test_everything_is_in_its_place(self):
        done = os.listdir(self.front + "/done")
        self.assertEqual(sorted(re.sub(r"^R\d{6}-", "", n) for n in done), [".hidden.pdf", "before.pdf", "box 3 inner scan 7.pdf"])
        self.assertTrue(all(re.match(r"R\d{6}-", n) for n in done), done)
        self.assertTrue(os.path.isdir(self.front + "/box 3/inner"))
        self.assertEqual(os.listdir(self.archive + "/done"), [])
        names = {r["file"] for r in self.house.filings()}
        for name in ("before.pdf", "box 3/inner/scan 7.pdf", ".hidden.pdf", "old.pdf"):
            self.assertIn(name, names)

    def test_what_is_no_file_is_in_failed(self):
        self.assertTrue(os.path.islink(self.front + "/failed/link.pdf"))
        self.assertIn("a link to another place", self.notice(self.front, "link.pdf.txt")[1])
        self.assertIn("a pipe between two programs", self.notice(self.front, "pipe.pdf.txt")[1])
        self.assertTrue(os.path.exists("/etc/hostname"))

    def test_what_cannot_be_opened_is_in_failed(self):
        until(lambda: any(n.endswith("-empty.pdf.txt") for n in os.listdir(self.front + "/failed")), lambda: str(os.listdir(self.front + "/failed")))
        name, text = self.notice(self.front, "-empty.pdf.txt")
        receipt = name[:7]
        self.assertIn("the file is empty", text)
        self.assertIn("Receipt: %s\n" % receipt, text)
        self.assertIn("casefile quarantine show %s" % receipt, text)
        self.assertTrue(os.path.exists("%s/failed/%s-empty.pdf" % (self.front, receipt)))
        self.assertIn(receipt, self.house.run("quarantine"))
        until(lambda: len(os.listdir(self.archive + "/failed")) == 1, lambda: str(os.listdir(self.archive + "/failed")))
        self.assertRegex(os.listdir(self.archive + "/failed")[0], r"^R\d{6}\.txt$")  # there the file itself is removed

    def test_unlocked_it_goes_to_done(self):
        until(lambda: any(n.endswith("-locked.pdf.txt") for n in os.listdir(self.front + "/failed")), lambda: str(os.listdir(self.front + "/failed")))
        receipt = self.notice(self.front, "-locked.pdf.txt")[0][:7]
        p = subprocess.run([BIN + "/casefile", "--config", self.house.config, "--who", "Test Officer", "quarantine", "unlock", receipt],
                           input=(PASSWORD + "\n").encode(), capture_output=True, timeout=60)
        self.assertEqual(p.returncode, 0, p.stderr)
        self.house.wait(timeout=240)
        until(lambda: os.path.exists("%s/done/%s-locked.pdf" % (self.front, receipt)), lambda: self.house.run("quarantine"))
        self.assertFalse([n for n in os.listdir(self.front + "/failed") if "locked" in n])

    def test_what_is_not_finished_is_told_of_and_taken_when_it_is(self):
        until(lambda: self.channel("front")[1] == 1, lambda: self.house.run("status"))
        self.assertEqual(self.channel("front")[2], "1 item is named as not finished, but changes no more")
        self.put(self.front + "/coming.pdf.part", pdf("Now it is whole."))
        os.rename(self.front + "/coming.pdf.part", self.front + "/coming.pdf")
        until(lambda: any(n.endswith("-coming.pdf") for n in os.listdir(self.front + "/done")), lambda: str(files_below(self.front)))
        until(lambda: self.channel("front")[1] == 0, lambda: self.house.run("status"))
        self.assertEqual(in_folder(self.front), [".DS_Store"])
        self.assertIn("scan folder front: all is well again", self.house.said())

    def test_custody_is_summed_by_scanner(self):
        self.assertNotIn("DOES NOT ADD UP", self.house.run("status"))
        out = self.house.run("custody", "--by", "scanner")
        self.assertRegex(out, r"(?m)^fi-7160 ")
        self.assertRegex(out, r"(?m)^archive ")

    def test_the_log_names_no_file(self):
        for word in ("before.pdf", "scan 7", "link.pdf", "locked.pdf", "coming.pdf"):
            self.assertNotIn(word, self.house.said())

    def test_z_killed_it_goes_on_and_nothing_is_twice(self):
        before = len(self.house.filings())
        for pid in self.house.processes().get("casefile-intak", []):
            os.kill(pid, signal.SIGKILL)
        done = [n for n in os.listdir(self.front + "/done") if n.endswith("-before.pdf")][0]
        os.rename(os.path.join(self.front, "done", done), self.front + "/before.pdf")  # as if it had been killed before the move
        until(lambda: os.path.exists(os.path.join(self.front, "done", done)), lambda: str(files_below(self.front)))
        self.put(self.front + "/after.pdf", pdf("After the kill."))
        until(lambda: any(n.endswith("-after.pdf") for n in os.listdir(self.front + "/done")), lambda: str(files_below(self.front)))
        self.house.wait(timeout=240)
        self.assertEqual(len(self.house.filings()), before + 1)


class NearlyFull(unittest.TestCase):
    def test_a_disk_that_is_nearly_full_stops_taking_in(self):
        house = House()
        disk = os.statvfs(house.folder)
        free = disk.f_bavail * disk.f_frsize >> 20
        if free >= 990000:
            house.close()
            self.skipTest("the disk here is too large for the setting")
        with open(house.config, "w") as f:
            f.write('store: { folder = "%s"; free_megabytes = 1000000; };\nintake: { settle_seconds = 0; rescan_seconds = 1; };\nworkers: { count = 1; };\n' % house.store)
        try:
            house.start()
            inbox = house.store + "/inbox"
            with open(inbox + "/a.pdf", "wb") as f:
                f.write(pdf("It has to wait."))
            until(lambda: "the disk is nearly full" in house.run("status"), lambda: house.run("status") + house.said())
            time.sleep(2)
            self.assertEqual(in_folder(inbox), ["a.pdf"])
            self.assertEqual(house.said().count("taking in has stopped: the disk is nearly full"), 1)
            house.stop()
            with open(house.config, "a") as f:
                f.write("\n")
            text = open(house.config).read().replace("1000000", "1")
            open(house.config, "w").write(text)
            house.start()
            until(lambda: in_folder(inbox) == [], lambda: str(files_below(inbox)))
            until(lambda: "the disk is nearly full" not in house.run("status"), lambda: house.run("status"))
        finally:
            house.close()


if __name__ == "__main__":
    unittest.main()
