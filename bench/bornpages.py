#!/usr/bin/python3
"""bornpages.py --out DIR [--documents N] [--pages P] [--seed S]: born-digital PDFs of varied layout, P pages each.

Letters, tables, forms, chronologies and reports, with the fonts every PDF has and embedded ones. Each document is about a child of
samples/register.csv, so that it can be filed. Each page bears a mark of its own; DIR/marks.json: {file: [mark of page 1, ...]}."""
import argparse
import csv
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import page_text as T  # noqa: E402
from page_sheet import FACES  # noqa: E402
from reportlab.lib.utils import simpleSplit  # noqa: E402
from reportlab.pdfbase import pdfmetrics  # noqa: E402
from reportlab.pdfbase.ttfonts import TTFont  # noqa: E402
from reportlab.pdfgen import canvas  # noqa: E402

BUILT_IN = (("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold"), ("Courier", "Courier-Bold"))
EMBEDDED = ("serif", "sans", "carlito", "dejavu", "dejaserif")
WIDTH, HEIGHT = 595.3, 841.9


def register_faces():
    for name in EMBEDDED:
        for face in (name, name + "-b"):
            pdfmetrics.registerFont(TTFont(face, FACES[face]))


def children():
    path = os.path.join(os.path.dirname(HERE), "samples/register.csv")
    with open(path, encoding="utf-8") as f:
        return list(csv.DictReader(line for line in f if not line.startswith("#")))


class Leaf:
    """One page of a canvas; y counts down from the top."""

    def __init__(self, c, rng, face, size):
        self.c, self.rng, self.face, self.bold, self.size, self.y = c, rng, face[0], face[1], size, 90

    def line(self, x, text, bold=False, size=None):
        self.c.setFont(self.bold if bold else self.face, size or self.size)
        self.c.drawString(x, HEIGHT - self.y, text)

    def para(self, x, width, text):
        for line in simpleSplit(text, self.face, self.size, width):
            if self.y > 770:
                return
            self.line(x, line)
            self.y += self.size * 1.25

    def heading(self, text):
        self.line(60, text, True, self.size + 3)
        self.y += self.size * 2


def letter(p, child):
    for line in [T.name(p.rng)] + T.address(p.rng) + ["", T.date(p.rng), "", "Dear " + T.name(p.rng), "",
                                                      "Re: %s %s, born %s" % (child["forenames"], child["surname"], child["date_of_birth"]), ""]:
        p.line(60, line)
        p.y += p.size * 1.25
    while p.y < 700:
        p.para(60, 475, T.paragraph(p.rng, 2, 5))
        p.y += p.size


def table(p, child):
    p.heading("Payments and meetings: %s %s" % (child["forenames"], child["surname"]))
    columns = (60, 150, 300, 410, 535)
    while p.y < 760:
        for x, text in zip(columns, (T.date(p.rng), T.name(p.rng), T.reference(p.rng), T.money(p.rng))):
            p.line(x + 3, text)
        p.c.line(columns[0], HEIGHT - p.y - 4, columns[-1], HEIGHT - p.y - 4)
        p.y += p.size * 1.6
    for x in columns:
        p.c.line(x, HEIGHT - 100, x, HEIGHT - p.y + p.size * 1.6 - 4)


def form(p, child):
    p.heading("Change of circumstances")
    for label, text in (("Name", child["forenames"] + " " + child["surname"]), ("Date of birth", child["date_of_birth"]), ("Council number", child["council_id"]),
                        ("Carer", T.name(p.rng)), ("Address", ", ".join(T.address(p.rng))), ("School", p.rng.choice(T.ORGS))):
        p.line(60, label, True)
        p.c.rect(170, HEIGHT - p.y - 6, 360, p.size + 9)
        p.line(176, text)
        p.y += p.size * 2.4
    p.para(60, 475, T.paragraph(p.rng, 5, 9))


def chronology(p, child):
    p.heading("Chronology")
    while p.y < 740:
        top = p.y
        p.line(60, T.date(p.rng))
        p.para(150, 300, T.sentences(p.rng, 1)[0])
        low, p.y = p.y, top
        p.line(470, p.rng.choice(("Police", "School", "Case file", "Letter")))
        p.y = low + 4


def report(p, child):
    while p.y < 700:
        p.heading(p.rng.choice(("Background", "Health", "Education", "Views of the child", "Analysis")))
        p.para(60, 475, T.paragraph(p.rng, 3, 6))
        p.y += p.size


def make_document(path, number, pages, seed, child):
    """The marks of its pages."""
    rng = random.Random("%d born %d" % (seed, number))
    c = canvas.Canvas(path, pagesize=(WIDTH, HEIGHT), invariant=1)
    name = rng.choice(EMBEDDED)
    face, size, marks = rng.choice(BUILT_IN + ((name, name + "-b"),)), rng.choice((9, 10, 11, 12)), []
    for n in range(pages):
        leaf = Leaf(c, rng, face, size)
        (letter if n == 0 else rng.choice((letter, table, form, chronology, report)))(leaf, child)
        marks.append("MK%05dP%03d" % (number, n + 1))
        leaf.y = 815
        leaf.line(60, "%s   page %d of %d" % (marks[-1], n + 1, pages), size=8)
        c.showPage()
    c.save()
    return marks


def make(folder, documents=500, pages=20, seed=1):
    register_faces()
    os.makedirs(folder, exist_ok=True)
    people, marks = children(), {}
    for n in range(documents):
        name = "born_%04d.pdf" % n
        marks[name] = make_document(os.path.join(folder, name), n, pages, seed, people[n * 7 % len(people)])
    with open(os.path.join(folder, "marks.json"), "w") as f:
        json.dump(marks, f)
    return marks


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True)
    p.add_argument("--documents", type=int, default=500)
    p.add_argument("--pages", type=int, default=20)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    print("%d documents in %s" % (len(make(a.out, a.documents, a.pages, a.seed)), a.out))


if __name__ == "__main__":
    main()
