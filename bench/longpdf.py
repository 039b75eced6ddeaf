#!/usr/bin/python3
"""longpdf.py --out FILE [--pages N] [--seed S]: one PDF of N scanned A4 pages of 300 dpi, nine in ten Group 4, one a grey JPEG.

A page holds a few lines only (it is the pages that count, not the words), one in fifty is full. Each bears "Sheet 123 of N"."""
import argparse
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "tests/corpus")]
import page_text as T  # noqa: E402
from corpuslib import scan  # noqa: E402
from page_sheet import TEXT_FACES, Sheet  # noqa: E402


def draw(rng, number, pages):
    s, f = Sheet(), rng.choice(TEXT_FACES)
    s.put(60, 90, "Sheet %d of %d" % (number, pages), f, 14)
    y = 130
    for _ in range(12 if number % 50 == 0 else 1):
        y = s.para(60, y, 470, T.paragraph(rng, 3, 4), f, 11, bottom=780) + 11
    return s.im


def make(path, pages=1000, seed=1):
    pdf = scan.ImagePdf(path, "A long scan")
    for n in range(1, pages + 1):
        rng = random.Random("%d long %d" % (seed, n))
        im = draw(rng, n, pages)
        if n % 10:
            data, black_is_1 = scan.g4_bytes(im.point([0 if v < 150 else 255 for v in range(256)]).convert("1", dither=0))
            pdf.page(data, im.size, (595.3, 841.9), "g4", black_is1=black_is_1)
        else:
            pdf.page(scan.jpeg_bytes(scan.add_noise(im, rng, 1.0), 55), im.size, (595.3, 841.9))
    pdf.close()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True)
    p.add_argument("--pages", type=int, default=1000)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    make(a.out, a.pages, a.seed)
    print("%d pages, %.1f MB" % (a.pages, os.path.getsize(a.out) / 1e6))


if __name__ == "__main__":
    main()
