#!/usr/bin/python3
"""Hostile and broken files (tests/corpus/make_messy.py) through the scan folder: each has the outcome that its manifest names, every page
is accounted for, no job is stuck, no process dies but the throw-away ones, nothing is written outside the store."""
import base64
import collections
import json
import os
import shutil
import subprocess
import sys
import time
import unicodedata
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import House, TOP  # noqa: E402

SETTINGS = """intake: { settle_seconds = 0; rescan_seconds = 1; };
helper: { silence_seconds = 15; page_seconds = 15; job_seconds = 120; megabytes = 2048; };
profiles = ( { name = "inbox"; folder = "%s"; settle_seconds = 0; stale_seconds = 2; } );"""

# What our reasons come to in the manifest's words. A word may stand for several; what is not here is shown, not judged.
REASONS = {
    "encrypted": ["locked"], "empty": ["empty"], "malware": ["malware"], "active_content": ["macros or scripts"],
    "executable": ["a program or a script"], "type_mismatch": ["its name says"], "too_deep": ["nested deeper", "damaged"],
    "too_many_parts": ["more parts"], "too_many_pages": ["more parts"], "no_pages": ["no page"],
    "too_large": ["larger than", "too large", "took longer", "out of memory", "ended unexpectedly", "nested deeper", "hang"],
    "timeout": ["took longer", "hang", "more than the limit"],
}


def shown(raw):
    """A file's name as everything shows it (text_printable): what could do something to a terminal is escaped."""
    out, i = "", 0
    while i < len(raw):
        for n in (1, 2, 3, 4):
            try:
                c = raw[i:i + n].decode("utf-8")
                break
            except UnicodeDecodeError:
                c = None
        if c is None:
            out += "\\x%02X" % raw[i]
            i += 1
            continue
        i += n
        bad = unicodedata.category(c)[0] == "C" or unicodedata.category(c) in ("Zl", "Zp")
        out += c if not bad else "\\x%02X" % ord(c) if ord(c) < 256 else "\\u{%04X}" % ord(c)
    return out


class Messy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        house = cls.house = House()
        cls.set = house.folder + "/set"
        subprocess.run([sys.executable, "-W", "ignore", TOP + "/tests/corpus/make_messy.py", "--out", cls.set], check=True, stderr=subprocess.DEVNULL)
        cls.inbox = house.folder + "/inbox"
        os.makedirs(cls.inbox)
        with open(house.config, "a") as f:
            f.write(SETTINGS % cls.inbox + "\n")
        with open(cls.set + "/manifest.jsonl", encoding="utf-8") as f:
            cls.manifest = [m for m in map(json.loads, f) if not m.get("header")]
        cls.outside = cls.listing()
        house.start()
        cls.pids = house.settled()
        for name in os.listdir(os.fsencode(cls.set + "/inbox")):
            os.rename(os.path.join(os.fsencode(cls.set), b"inbox", name), os.path.join(os.fsencode(cls.inbox), name))
        end = time.time() + 600
        while cls.unfinished() and time.time() < end:
            time.sleep(0.5)
        cls.finished = not cls.unfinished()
        time.sleep(3)  # failed/ is brought into line
        cls.parts = house.lines("parts")
        cls.by_name = collections.defaultdict(list)
        for part in cls.parts:
            cls.by_name[part["file"]].append(part)

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    @staticmethod
    def listing():
        return sorted(n for folder in ("/tmp", "/etc/cron.d", os.path.expanduser("~")) if os.path.isdir(folder) for n in os.listdir(folder)
                      if "evil" in n or "abs.pdf" in n)

    @classmethod
    def unfinished(cls):
        left = [n for n in os.listdir(os.fsencode(cls.inbox)) if not n.endswith(b".part") and
                not os.path.isdir(os.path.join(os.fsencode(cls.inbox), n))]
        return left or cls.house.run("wait", "--timeout", "0", check=False)[0] != 0

    def files_of(self, m):
        """The parts of an input, by its name; no two of the set share one."""
        return self.by_name.get(shown(base64.b64decode(m["name_b64"])), [])

    def outcome(self, parts):
        if not parts:
            return "nowhere", ""
        bad = [p for p in parts if p["state"] == "quarantined"]
        if bad:
            return "quarantine", bad[0]["reason"]
        same = [p for q in parts if q["same_as"] for p in self.parts if p["id"] == q["same_as"]]
        if any(p["state"] == "quarantined" for p in same):
            return "quarantine", "as the one that it equals"
        return "accept", ""

    def test_every_input_has_its_outcome(self):
        wrong = []
        for m in self.manifest:
            if m["case"] == "special":
                continue
            outcome, reason = self.outcome(self.files_of(m))
            fine = {m["expect"], *m.get("also_ok", [])}
            if outcome == "accept" and fine & {"accept_sanitised", "accept_reocr"}:
                continue
            if outcome not in fine:
                wrong.append("%s (%s): %s %s, expected %s" % (m["file"][:60], m["case"], outcome, reason, "/".join(sorted(fine))))
            elif outcome == "quarantine" and m["reason"] in REASONS and m["expect"] == "quarantine" and not any(
                    r in reason for r in REASONS[m["reason"]] + ["as the one"]):
                wrong.append("%s: quarantined because %s, expected %s" % (m["file"][:60], reason, m["reason"]))
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_things_that_are_no_files_are_told(self):
        failed = os.listdir(self.inbox + "/failed")
        for name in ("link_outside.pdf", "link_broken.pdf", "pipe.pdf"):
            self.assertTrue(any(name in f and f.endswith(".txt") for f in failed), "%s is not told of: %s" % (name, failed))
        self.assertTrue(os.path.exists(self.inbox + "/still_writing.pdf.part"), "a file that is not finished was taken")
        self.assertTrue(any("deep.pdf" in name for name in self.by_name), "the file at the bottom of sixty folders was not taken in")
        self.assertRegex(self.house.run("status", check=False)[1], r"inbox +scan folder .* 1 +")

    def test_all_is_finished_and_accounted_for(self):
        self.assertTrue(self.finished, self.house.run("status", check=False)[1])
        code, out, _ = self.house.run("custody", "--by", "scanner", check=False)
        self.assertEqual(code, 0, out)
        self.assertNotIn("MISSING", out)
        self.assertIn(" 0 are damaged or missing", self.house.run("check"))

    def test_no_program_ended(self):
        now = self.house.settled()
        for name, pids in self.pids.items():
            if name.startswith(("casefile-helpe", "casefile-offic")):
                continue
            self.assertEqual(sorted(now.get(name, [])), sorted(pids), "%s is not the process that it was" % name)

    def test_nothing_was_written_outside(self):
        self.assertEqual(self.listing(), self.outside)

    def test_the_thousand_pages_came_through(self):
        parts = self.by_name["large_1000_pages.pdf"]
        self.assertEqual([p["pages"] for p in parts], [1000])
        self.assertEqual([p["unreadable"] for p in parts], [0])

    def test_the_log_tells_no_names(self):
        said = self.house.said()
        for word in ("Jamie", "Oddfellow", "Otherchild", "evil", "informant"):
            self.assertNotIn(word, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
