#!/usr/bin/env python3
"""voices.py OUT.jsonl GAZETTEER SEED VOICES.txt: the sentences of voices.txt with names from the gazetteer, for the trainer.

Each line is filled several times; one time in four everything is in small letters, as people type in a hurry."""
import json
import random
import re
import sys

from casework import gazetteer  # noqa: E402

TIMES = 16
KINDS = {"F": "PERSON", "f": "PERSON", "s": "PERSON", "t": "PERSON", "w": "PERSON", "i": "PERSON", "n": "PERSON", "a": "ADDRESS", "p": "PLACE", "o": "ORG",
         "d": "DATE", "c": "CODE"}
STREETS = "Street Road Lane Avenue Close Drive Way Court Crescent Terrace Grove Gardens Hill Row Mews Fold".split()
TOWNS = "Ashby Millford Stonebridge Harrowgate Netherton Easby Kirkham Whitmoor Oldcastle Fenwick Brackley Thornfield Marden Silverdale".split()
ORGS = ["{} Primary School", "{} High School", "{} Medical Centre", "{} Council", "{} Family Centre", "{} Police", "{} Housing", "{} Hospital",
        "{} Nursery", "St {}'s Church", "{} Solicitors LLP", "The {} Trust"]
PETS = "Bobs Midge Squidge Titch Bear Moo Duckie Bubba Sonny Jonjo Lollie Tink Chunk Babs Gigi".split()
MONTHS = "January February March April May June July August September October November December".split()


class Filler:
    def __init__(self, names, rng):
        self.fore, self.sur = names
        self.rng = rng

    def of(self, slot):
        r = self.rng
        fore, sur = r.choice(self.fore), r.choice(self.sur)
        if slot == "F":
            middle = r.random()
            return fore + (" " + r.choice(self.fore) if middle < 0.1 else " " + r.choice("ABCDEFGHJKLMNPRSTW") + "." if middle < 0.15 else "") + " " + (
                sur + "-" + r.choice(self.sur) if r.random() < 0.1 else sur)
        if slot == "f":
            return fore
        if slot == "s":
            return sur
        if slot == "t":
            return r.choice(["Mr", "Mrs", "Ms", "Miss"]) + r.choice(["", "."] if r.random() < 0.2 else [""]) + " " + sur
        if slot == "w":
            return r.choice(["Dr", "PC", "DC", "Sgt", "Judge", "HHJ", "Cllr", "Prof", "Rev"]) + " " + sur
        if slot == "i":
            return r.choice(["%s%s", "%s.%s."]) % (fore[0], sur[0])
        if slot == "n":
            return r.choice(PETS)
        if slot == "a":
            street = "%d %s %s" % (r.randint(1, 180), sur, r.choice(STREETS))
            town = ", " + r.choice(TOWNS) if r.random() < 0.6 else ""
            code = " %s%d %d%s" % (r.choice(["PX", "LX", "BK", "FW"]), r.randint(1, 19), r.randint(1, 9), r.choice(["AB", "QN", "XS", "LE"])) if r.random() < 0.5 else ""
            return ("Flat %d, " % r.randint(1, 9) if r.random() < 0.15 else "") + street + town + code
        if slot == "p":
            return r.choice(TOWNS) if r.random() < 0.6 else sur + " " + r.choice(STREETS)
        if slot == "o":
            return r.choice(ORGS).format(r.choice(TOWNS + [sur]))
        if slot == "d":
            d, m, y = r.randint(1, 28), r.randint(1, 12), r.randint(1985, 2026)
            return r.choice(["%d/%d/%d" % (d, m, y), "%02d.%02d.%02d" % (d, m, y % 100), "%d %s %d" % (d, MONTHS[m - 1], y), "%d %s" % (d, MONTHS[m - 1]), "%d" % y])
        return r.choice(["07700 900%03d" % r.randint(0, 999), "01632 960%03d" % r.randint(0, 999), "%s@%s.example" % (fore.lower(), sur.lower()),
                         "%d" % r.randint(10000000, 99999999)])


def fill(line, filler):
    text, spans, at = "", [], 0
    line = line.replace("|", "\n")
    for m in re.finditer(r"\{(\w)\}", line):
        text += line[at:m.start()]
        piece = filler.of(m.group(1))
        spans.append({"start": len(text), "end": len(text) + len(piece), "type": KINDS[m.group(1)]})
        text += piece
        at = m.end()
    return text + line[at:], spans


def main():
    out, gaz, seed, voices = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    rng = random.Random(seed)
    filler = Filler(gazetteer(gaz), rng)
    lines = [line.rstrip("\n") for line in open(voices, encoding="utf-8") if line.strip() and not line.startswith("#")]
    with open(out, "w", encoding="utf-8") as f:
        for turn in range(TIMES):
            rng.shuffle(lines)
            for part in range(0, len(lines), 6):
                text, spans = "", []
                for line in lines[part:part + 6]:
                    more, marks = fill(line, filler)
                    if rng.random() < 0.25 and len(more.lower()) == len(more):
                        more = more.lower()
                    spans += [dict(s, start=s["start"] + len(text), end=s["end"] + len(text)) for s in marks]
                    text += more + rng.choice(["\n\n", "\n"])
                f.write(json.dumps({"id": "voices-%d-%d" % (turn, part), "text": text, "spans": spans}, ensure_ascii=False) + "\n")


main()
