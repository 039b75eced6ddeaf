#!/usr/bin/python3
"""The backlog by night, through the real programs: it waits by day, letters do not; it stops when the night ends and goes on in the next;
status says how much waits, how fast it is read and when it will be done. The hours are set around the present time."""
import os
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import House  # noqa: E402

WORDS = "the family lives near river with two children school visit was agreed on monday and notes were kept by worker".split()


def scan(path, pages, seed):
    """A PDF of small scanned pages: pictures of some lines of words, so that each must be read."""
    from PIL import Image, ImageDraw, ImageFont
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 26)
    pictures = []
    for n in range(pages):
        picture = Image.new("L", (700, 360), 255)
        draw = ImageDraw.Draw(picture)
        for line in range(5):
            draw.text((40, 40 + 56 * line), " ".join(WORDS[(seed + 7 * n + 5 * line + k) % len(WORDS)] for k in range(6)), fill=0, font=font)
        pictures.append(picture)
    pictures[0].save(path + ".part", "PDF", resolution=150, save_all=True, append_images=pictures[1:])
    os.rename(path + ".part", path)


def clock(hours):
    return time.strftime("%H:%M", time.localtime(time.time() + 3600 * hours))


class Overnight(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.front, cls.archive = cls.house.folder + "/front", cls.house.folder + "/archive"
        os.makedirs(cls.front)
        os.makedirs(cls.archive)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def start(self, begins, ends, more=""):
        """The daemon, with a night that begins and ends so many hours from now."""
        self.house.stop()
        with open(self.house.config, "w") as f:
            f.write('store: { folder = "%s"; };\nintake: { rescan_seconds = 1; };\nworkers: { count = 2; };\n'
                    'night: { from = "%s"; until = "%s"; %s };\n'
                    'profiles = ( { name = "front"; folder = "%s"; settle_seconds = 0; },\n'
                    '             { name = "archive"; folder = "%s"; settle_seconds = 0; priority = "backlog"; } );\n'
                    % (self.house.store, clock(begins), clock(ends), more, self.front, self.archive))
        self.house.start()

    def night(self):
        self.start(-1, 3)

    def day(self):
        self.start(3, 5)

    def jobs(self, kind):
        """waiting, lent, done"""
        found = re.search(r"^%s +(\d+) +(\d+) +(\d+) " % kind, self.house.run("status"), re.M)
        return tuple(map(int, found.groups())) if found else (0, 0, 0)

    def until(self, what, seconds=120):
        end = time.time() + seconds
        while not what():
            self.assertLess(time.time(), end, self.house.run("status") + self.house.said())
            time.sleep(0.1)

    def test_a_day_a_night_a_day_and_the_next_night(self):
        # By day: the letter is read, the archive is not even opened.
        scan(self.archive + "/box.pdf", 60, 0)
        self.day()
        self.until(lambda: self.jobs("open")[0] == 1)
        scan(self.front + "/letter.pdf", 2, 3)
        self.until(lambda: self.jobs("read") == (0, 0, 2))
        status = self.house.run("status")
        self.assertIn("\nreading\n  no page waits to be read\n  and 1 file is not opened yet: how many pages it holds is not known\n"
                      "  the backlog waits until %s\n" % re.search(r'from = "(.*?)"', open(self.house.config).read()).group(1), status)
        code, _, told = self.house.run("wait", "--timeout", "1", check=False)
        self.assertEqual(code, 75)
        self.assertIn("the backlog waits until", told)

        # By night: it is opened and read; status shows how far.
        self.night()
        seen = []

        def some_read():
            seen.extend(re.findall(r"^  R000001: (\d+) of 60 pages read$", self.house.run("status"), re.M))
            return self.jobs("read")[2] >= 32
        self.until(some_read)
        self.assertTrue(seen and 0 < int(seen[-1]) < 60, seen)
        status = self.house.run("status")
        self.assertRegex(status, r"\nreading\n  \d+ pages? waits? to be read( \((all )?backlog\)); about [\d.]+ pages a (second|minute) now; done about \d\d:\d\d\n")
        self.assertIn("  the backlog is worked on until ", status)

        # The night ends before the box is done: it waits, a letter does not.
        self.day()
        self.until(lambda: self.jobs("read")[1] == 0)
        done = self.jobs("read")[2]
        self.assertTrue(32 <= done < 62, done)
        scan(self.front + "/second.pdf", 2, 9)
        self.until(lambda: self.jobs("read")[2] == done + 2)
        time.sleep(2)
        self.assertEqual(self.jobs("read"), (62 - done, 0, done + 2))
        status = self.house.run("status")
        self.assertRegex(status, r"\nreading\n  %d pages? waits? to be read \((all )?backlog\); none now, about [\d.]+ pages a (second|minute) from (\d\d:\d\d) on; done about"
                                 r" \d\d:\d\d\n  R000001: \d+ of 60 pages read\n" % (62 - done))
        report = self.house.run("custody", "--report", time.strftime("%Y-%m-%d"))
        self.assertIn("NOT FINISHED\n    %d page" % (62 - done), report)
        self.assertIn("    R000001: %d of 60 pages are not read\n" % (62 - done), report)

        # The next night: the rest, and nothing is lost.
        self.night()
        self.house.wait(timeout=240)
        self.assertEqual(self.jobs("read"), (0, 0, 64))
        self.assertIn("\nreading\n  no page waits to be read\n\n", self.house.run("status"))
        self.assertIn("Finished: no page waits to be read", self.house.run("custody", "--report", time.strftime("%Y-%m-%d")))
        self.assertIn("words by         recognition 64", self.house.run("summary"))

    def test_workers_and_helpers_stand_back(self):
        self.night()
        self.until(lambda: len(self.house.settled().get("casefile-helper", [])) >= 2, 60)
        for program, nice in (("casefile-worker", 10), ("casefile-helper", 10)):
            for pid in self.house.settled()[program]:
                self.assertGreaterEqual(os.getpriority(os.PRIO_PROCESS, pid), nice, program)
                said = subprocess.run(["ionice", "-p", str(pid)], capture_output=True, text=True).stdout
                self.assertEqual(said.strip(), "best-effort: prio 7", program)
        for pid in self.house.settled()["casefile-broker"]:
            self.assertEqual(os.getpriority(os.PRIO_PROCESS, pid), os.getpriority(os.PRIO_PROCESS, 0))


if __name__ == "__main__":
    unittest.main(verbosity=1)
