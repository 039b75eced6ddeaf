#!/usr/bin/python3
"""page_classes.py --out DIR [--pages N] [--seed S] [--only CLASS,...]: pictures of invented pages by class, with what stands on them.

Writes DIR/CLASS/NN.(jpg|png|tif) and DIR/gold.json: a list of {path, class, text, turn, dpi, language, hand}. Layouts and faces are those of
page_layouts.py; scanner, copier, fax and one kind of photograph come from tests/corpus, other damage from here. The same seed
gives the same pictures."""
import argparse
import json
import math
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "tests/corpus")]
import page_layouts as L  # noqa: E402
import page_text as T  # noqa: E402
from corpuslib import scan  # noqa: E402
from page_sheet import missing_faces  # noqa: E402
from PIL import Image, ImageChops, ImageDraw, ImageFilter  # noqa: E402


class Shot:
    """A page's picture on its way to a file."""

    def __init__(self, im, dpi, quality=70, form="jpg", say_dpi=True):
        self.im, self.dpi, self.quality, self.form, self.say_dpi, self.turn = im, dpi, quality, form, say_dpi, 0

    def save(self, path):
        path += "." + self.form
        dpi = self.dpi if isinstance(self.dpi, tuple) else (self.dpi, self.dpi)
        more = {"dpi": dpi} if self.say_dpi else {}
        if self.form == "jpg":
            more["quality"] = self.quality
        elif self.form == "tif":
            more["compression"] = "group4"
        self.im.save(path, **more)
        return path


# ---- damage: (rng, sheet) -> Shot

def scanned(profile, skew=None):
    def make(rng, sheet):
        plan = scan.plan(rng, profile, 1, turned=False)
        if skew is not None:
            plan["skew"] = skew(rng)
        im, _ = scan.scan(sheet.im, rng, plan)
        return Shot(im, 300, scan.PROFILES[profile]["q"])
    return make


def smaller(dpi, quality=75):
    def make(rng, sheet):
        shot = scanned("office", lambda r: r.uniform(-0.6, 0.6))(rng, sheet)
        w, h = shot.im.size
        return Shot(shot.im.resize((round(w * dpi / 300), round(h * dpi / 300)), Image.LANCZOS), dpi, quality)
    return make


def faxed(rng, sheet, coarse=False):
    plan = scan.plan(rng, "fax", 1, turned=False)
    im, _ = scan.fax(sheet.im, rng, plan)
    if coarse:
        im = im.convert("L").resize((im.size[0], im.size[1] // 2), Image.BOX).point([0 if v < 160 else 255 for v in range(256)]).convert("1", dither=0)
    return Shot(im, (204, 98 if coarse else 196), form="tif")


def black_and_white(rng, sheet):
    im, _ = scan.bilevel(sheet.im, rng, scan.plan(rng, rng.choice(("clean", "office", "copier")), 1, turned=False))
    return Shot(im, 300, form="tif")


def skewed(rng, sheet):
    """Put crooked on the glass: turned by one to five degrees, not by whole pixels, grey lid behind it."""
    angle = rng.choice((-1, 1)) * rng.uniform(1, 5)
    im = sheet.im.rotate(angle, Image.BICUBIC, fillcolor=rng.choice((255, 255, 236)))
    im = scan.add_noise(im.point([int(28 + v * 0.86) for v in range(256)]), rng, 2.0)
    return Shot(im, 300, 65)


def turned(degrees):
    def make(rng, sheet):
        shot = scanned("office")(rng, sheet)
        shot.im, _ = scan.turn(shot.im, degrees)
        shot.turn = degrees
        return shot
    return make


def bent(im, shape, fill):
    """Columns of a picture moved up and down and squeezed: shape(u) for u in 0..1 gives (place across 0..1, shift down in pixels)."""
    w, h = im.size
    steps = 40
    mesh = []
    for i in range(steps):
        a, b = shape(i / steps), shape((i + 1) / steps)
        x0, x1 = round(i * w / steps), round((i + 1) * w / steps)
        mesh.append(((x0, 0, x1, h), (a[0] * w, a[1], a[0] * w, h + a[1], b[0] * w, h + b[1], b[0] * w, b[1])))
    return im.transform((w, h), Image.MESH, mesh, Image.BICUBIC, fillcolor=fill)


def book_leaf(rng, sheet):
    """Yellowed, speckled, lines that sink towards the spine and a shadow there."""
    im = sheet.im
    w, h = im.size
    left, depth = rng.random() < 0.5, rng.uniform(6, 26)

    def shape(u):
        near = max(0.0, 1 - (u if left else 1 - u) * 4.5)
        return u + (0.016 * near * near) * (-1 if left else 1), -depth * near * near
    im = bent(im, shape, 255)
    d = ImageDraw.Draw(im)
    for _ in range(rng.randrange(150, 700)):
        x, y, r = rng.random() * w, rng.random() * h, rng.random() ** 2 * 2.4
        d.ellipse([x - r, y - r, x + r, y + r], fill=rng.randrange(20, 150))
    im = im.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 1.0))).point([int(48 + v * 0.69) for v in range(256)])
    shadow = Image.new("L", (64, 1))
    shadow.putdata([255 - int(120 * max(0.0, 1 - (i if left else 63 - i) / 9.0)) for i in range(64)])
    im = ImageChops.multiply(im, shadow.resize((w, h), Image.BILINEAR))
    im = scan.add_noise(im.rotate(rng.uniform(-0.7, 0.7), Image.BICUBIC, fillcolor=200), rng, 4.0)
    return Shot(im, 300, 60)


def book_bits(rng, sheet):
    """The same leaf as a library's bilevel scan."""
    im = book_leaf(rng, sheet).im
    t = rng.randrange(105, 140)
    return Shot(im.point([0 if v < t else 255 for v in range(256)]).convert("1", dither=0), 300, form="tif")


def till_roll(rng, sheet):
    """Thermal print, faded in bands, on a narrow strip, at the resolution of an office scanner's small setting or a telephone."""
    w, h = sheet.im.size
    fade = Image.new("L", (1, 24))
    low = rng.uniform(0.25, 0.6)
    fade.putdata([int(255 * (low * (0.5 + 0.5 * math.sin(i / 4.0 + low * 9)))) for i in range(24)])
    pale = Image.blend(sheet.im, Image.new("L", (w, h), 255), 0.25)
    im = Image.composite(Image.new("L", (w, h), 255), pale, fade.resize((w, h), Image.BILINEAR))
    im = im.point([int(40 + v * 0.78) for v in range(256)]).rotate(rng.uniform(-1.5, 1.5), Image.BICUBIC, fillcolor=236)
    im = ImageChops.multiply(im, scan.shading((w, h), rng, 30))
    dpi = rng.choice((130, 150, 170))
    im = im.resize((round(w * dpi / 300), round(h * dpi / 300)), Image.BOX)
    return Shot(scan.add_noise(im, rng, 3.0), dpi, 70)


def tilted(w, h, rng, degrees):
    """Where the corners of a sheet fall when it is looked at from aside: a pinhole at 1.6 times its height."""
    a, turn, far = math.radians(degrees), rng.uniform(0, 2 * math.pi), 1.6 * h
    ux, uy = math.cos(turn), math.sin(turn)
    out = []
    for x, y in ((-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)):
        along = x * ux + y * uy
        z = along * math.sin(a)
        x, y = x - along * ux * (1 - math.cos(a)), y - along * uy * (1 - math.cos(a))
        k = far / (far + z)
        out.append((x * k, y * k))
    roll = math.radians(rng.uniform(-3, 3))
    return [(x * math.cos(roll) - y * math.sin(roll), x * math.sin(roll) + y * math.cos(roll)) for x, y in out]


def photographed(degrees, curved=False):
    def make(rng, sheet):
        im = sheet.im
        wide = rng.randrange(1350, 1900)
        w, h = wide, round(im.size[1] * wide / im.size[0])
        im = im.resize((w, h), Image.LANCZOS)
        if curved:
            lift, phase = rng.uniform(14, 34), rng.uniform(0, 3)
            im = bent(im, lambda u: (u, lift * math.sin(u * math.pi * 1.2 + phase)), 255)
        margin = rng.uniform(1.08, 1.3)
        cw, ch = round(w * margin), round(h * margin)
        mid = (cw / 2 + rng.uniform(-20, 20), ch / 2 + rng.uniform(-20, 20))
        corners = [(x + mid[0], y + mid[1]) for x, y in tilted(w, h, rng, rng.uniform(*degrees))]
        back = scan.inv(scan.homography([(0, 0), (w, 0), (w, h), (0, h)], corners))
        page = im.point([int(36 + v * 0.8) for v in range(256)]).transform((cw, ch), Image.PERSPECTIVE, [v / back[8] for v in back][:8], Image.BICUBIC, fillcolor=0)
        mask = Image.new("L", (cw, ch), 0)
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        level = rng.randrange(50, 165)
        desk = scan.desk_picture((cw, ch)).point([max(0, min(255, v - 128 + level)) for v in range(256)])
        grey = Image.composite(page, desk, mask)
        light = scan.shading((cw, ch), rng, rng.choice((40, 70, 110)))
        if rng.random() < 0.5:  # the shadow of the hand and the telephone
            hand = Image.new("L", (cw // 16, ch // 16), 255)
            x, y = rng.uniform(0, cw / 16), rng.uniform(0, ch / 16)
            ImageDraw.Draw(hand).polygon([(x, y), (x + cw / 20, ch / 12), (x - cw / 18, ch / 14)], fill=150)
            light = ImageChops.multiply(light, hand.filter(ImageFilter.GaussianBlur(5)).resize((cw, ch), Image.BILINEAR))
        grey = ImageChops.multiply(grey, light).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
        grey = scan.add_noise(grey, rng, rng.uniform(2, 5))
        warm = rng.uniform(0.82, 1.0)
        rgb = Image.merge("RGB", (grey, grey.point([int(v * (1 + warm) / 2) for v in range(256)]), grey.point([int(v * warm) for v in range(256)])))
        return Shot(rgb, 72, 82, say_dpi=False)
    return make


def photo_of_corpus(rng, sheet):
    im, _ = scan.photo(sheet.im, rng)
    return Shot(im, 72, 80, say_dpi=False)


def some(*layouts):
    return lambda rng: rng.choice(layouts)(rng)


mixed = some(*L.MIXED)
CLASSES = {
    "clean": (mixed, scanned("clean")),
    "office": (mixed, scanned("office")),
    "copier": (mixed, scanned("copier")),
    "aged": (mixed, scanned("aged")),
    "poor": (mixed, scanned("poor")),
    "fax": (mixed, faxed),
    "fax_coarse": (mixed, lambda rng, s: faxed(rng, s, True)),
    "bilevel": (mixed, black_and_white),
    "dpi200": (mixed, smaller(200)),
    "dpi150": (mixed, smaller(150)),
    "receipt": (L.receipt, till_roll),
    "photo_flat": (mixed, photographed((0, 3))),
    "photo_tilted": (mixed, photographed((5, 15))),
    "photo_curved": (mixed, photographed((2, 8), curved=True)),
    "photo_corpus": (mixed, photo_of_corpus),
    "book": (L.book, book_leaf),
    "book_bilevel": (L.book, book_bits),
    "columns2": (lambda rng: L.columns(rng, 2), scanned("office")),
    "columns3": (lambda rng: L.columns(rng, 3), scanned("office")),
    "table_open": (lambda rng: L.table(rng, False), scanned("office")),
    "table_ruled": (lambda rng: L.table(rng, True), scanned("office")),
    "form": (L.form, scanned("office")),
    "form_hand": (lambda rng: L.form(rng, True), scanned("office")),
    "letterhead": (L.letterhead, scanned("office")),
    "reversed": (L.reversed_headings, scanned("office")),
    "typed": (L.typed_memo, scanned("aged")),
    "stamped": (L.stamped, scanned("office")),
    "turned90": (mixed, turned(90)),
    "turned180": (mixed, turned(180)),
    "turned270": (mixed, turned(270)),
    "skewed": (mixed, skewed),
    "welsh": (lambda rng: L.foreign(rng, T.WELSH), scanned("office")),
    "polish": (lambda rng: L.foreign(rng, T.POLISH), scanned("office")),
    "handwriting": (L.handwritten, scanned("office")),
}
LANGUAGE = {"welsh": "cym", "polish": "pol"}


def make_page(name, number, seed, folder):
    rng = random.Random("%d %s %d" % (seed, name, number))
    layout, damage = CLASSES[name]
    sheet = layout(rng)
    shot = damage(rng, sheet)
    os.makedirs(os.path.join(folder, name), exist_ok=True)
    path = shot.save(os.path.join(folder, name, "%02d" % number))
    return {"path": os.path.relpath(path, folder), "class": name, "text": sheet.text(), "turn": shot.turn, "dpi": shot.dpi if shot.say_dpi else None,
            "language": LANGUAGE.get(name, "eng"), "hand": name in ("handwriting", "form_hand")}


def make(folder, pages=4, seed=1, only=None):
    """The gold rows, in the order of CLASSES."""
    if missing_faces():
        sys.exit("page_classes: missing fonts: " + ", ".join(missing_faces()))
    os.makedirs(folder, exist_ok=True)
    gold = [make_page(name, n, seed, folder) for name in CLASSES if not only or name in only for n in range(pages)]
    with open(os.path.join(folder, "gold.json"), "w", encoding="utf-8") as f:
        json.dump(gold, f, ensure_ascii=False, indent=1)
    return gold


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True)
    p.add_argument("--pages", type=int, default=4, help="of each class")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", help="classes, with commas between")
    a = p.parse_args()
    print("%d pages in %s" % (len(make(a.out, a.pages, a.seed, a.only and a.only.split(","))), a.out))


if __name__ == "__main__":
    main()
