#!/usr/bin/python3
"""A thousand documents with a SIGKILL to a random process every few seconds: the end state is that of an undisturbed run, with three
seeds. Takes long: `make crash-long`. CASEFILE_THOUSAND=200 makes it shorter, CASEFILE_CRASH_SEED begins with another seed."""
import csv
import os
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_crash  # noqa: E402
from test_crash import House, end_state, everything_done, register_first, SETTINGS, PROGRAMS  # noqa: E402

COUNT = int(os.environ.get("CASEFILE_THOUSAND", "1000"))
SEED = int(os.environ.get("CASEFILE_CRASH_SEED", "1"))
SCANS = max(1, COUNT // 25)


def children():
    with open(os.path.join(test_crash.SAMPLES, "register.csv"), encoding="utf-8") as f:
        lines = [x for x in f if not x.startswith("#")]
    return list(csv.DictReader(lines))


def letter(rng, child, n):
    seen = rng.choice(["at home", "at school", "at the office", "by telephone"])
    return ("Record of visit %d\n\nChild: %s %s\nDate of birth: %s\nLCS ID: %s\n\n%s was seen %s. Mrs Ada Crumb of 14 Mill Lane came in and said\n"
            "that entry %d was in order. The next visit is in %d weeks.\n" %
            (n, child["forenames"], child["surname"], child["date_of_birth"], child["council_id"], child["forenames"].split()[0], seen, n,
             rng.randint(2, 9)))


def mail(rng, text, n):
    inner = "\r\n".join(text.splitlines())
    head = "From: worker%d@ribbleshire.gov.example\r\nTo: intake@ribbleshire.gov.example\r\nSubject: Visit %d\r\nMIME-Version: 1.0\r\n" % (n % 7, n)
    if rng.random() < 0.3:
        return (head + 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease file the attached, no. %d.\r\n'
                "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"visit.txt\"\r\n\r\n%s\r\n--b--\r\n" % (n, inner))
    return head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + inner + "\r\n"


def scan(text, path):
    from PIL import Image, ImageDraw, ImageFont
    picture = Image.new("L", (1654, 2339), 255)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 32)
    ImageDraw.Draw(picture).multiline_text((150, 200), text, font=font, fill=0, spacing=14)
    picture.convert("1").save(path, "TIFF", compression="group4", dpi=(200, 200))


def fill(house):
    """The same files whatever the seed of the kills."""
    rng = random.Random(4711)
    known = children()
    inbox = os.path.join(house.store, "inbox")
    os.makedirs(inbox, mode=0o700, exist_ok=True)
    for n in range(COUNT):
        text = letter(rng, rng.choice(known), n)
        if n % (COUNT // SCANS) == 0:
            scan(text, house.folder + "/.x")
            name = "%04d.tif" % n
        else:
            name = "%04d.%s" % (n, "eml" if n % 2 else "txt")
            with open(house.folder + "/.x", "w", newline="") as f:
                f.write(mail(rng, text, n) if n % 2 else text)
        os.rename(house.folder + "/.x", os.path.join(inbox, name))


class Thousand(unittest.TestCase):
    def run_once(self, seed):
        house = House(SETTINGS)
        killed = {}
        rng = random.Random(seed)
        register_first(house)
        fill(house)
        start, next_kill = time.time(), time.time() + 2
        house.start()
        try:
            while not everything_done(house):
                self.assertLess(time.time() - start, 3600, "not finished\n" + house.run("status"))
                time.sleep(0.3)
                if seed is None or time.time() < next_kill:
                    continue
                next_kill = time.time() + rng.uniform(1, 5)
                self.kill(house, rng, killed)
            state = end_state(house)
            self.assertIn("verified", house.run("audit", "verify"))
            self.assertIn(" 0 are damaged or missing", house.run("check"))
            receipts = int(house.run("summary", "--receipts"))
        finally:
            house.close()
        print("\n  %d receipts, %.0f s, killed: %s" % (receipts, time.time() - start, ", ".join("%s %d" % x for x in sorted(killed.items())) or "nobody"))
        self.assertEqual(receipts, COUNT)
        return state, sum(killed.values())

    @staticmethod
    def kill(house, rng, killed):
        name = rng.choice(PROGRAMS)
        pids = [p for n, ps in house.processes().items() if n.startswith(name) and (name == "casefiled") == (n == "casefiled") for p in ps]
        if not pids:
            return
        try:
            os.kill(rng.choice(pids), signal.SIGKILL)
        except ProcessLookupError:
            return
        killed[name] = killed.get(name, 0) + 1
        if name == "casefiled":
            house.daemon.wait()
            house.start()

    def test_three_seeds(self):
        calm, _ = self.run_once(None)
        for seed in range(SEED, SEED + int(os.environ.get("CASEFILE_CRASH_RUNS", "3"))):
            state, kills = self.run_once(seed)
            self.assertGreater(kills, 3, "hardly anything was killed")
            for what in ("custody", "filings", "words", "flags"):
                self.assertEqual(state[what], calm[what], "seed %d: %s differ from the undisturbed run" % (seed, what))


if __name__ == "__main__":
    unittest.main(verbosity=2)
