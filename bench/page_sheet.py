"""A sheet of paper to draw on, with the text that is on it. All measures in points (1/72 inch) from the top left."""
import os

from PIL import Image, ImageDraw, ImageFont

URW = "/usr/share/fonts/opentype/urw-base35/"
TTF = "/usr/share/fonts/truetype/"
FACES = {
    "roman": URW + "NimbusRoman-Regular.otf", "roman-b": URW + "NimbusRoman-Bold.otf", "roman-i": URW + "NimbusRoman-Italic.otf",
    "palatino": URW + "P052-Roman.otf", "palatino-b": URW + "P052-Bold.otf", "palatino-i": URW + "P052-Italic.otf",
    "century": URW + "C059-Roman.otf", "century-b": URW + "C059-Bold.otf", "century-i": URW + "C059-Italic.otf",
    "bookman": URW + "URWBookman-Light.otf", "bookman-b": URW + "URWBookman-Demi.otf", "bookman-i": URW + "URWBookman-LightItalic.otf",
    "gothic": URW + "URWGothic-Book.otf", "gothic-b": URW + "URWGothic-Demi.otf",
    "nimbus": URW + "NimbusSans-Regular.otf", "nimbus-b": URW + "NimbusSans-Bold.otf",
    "narrow": URW + "NimbusSansNarrow-Regular.otf", "narrow-b": URW + "NimbusSansNarrow-Bold.otf",
    "courier": URW + "NimbusMonoPS-Regular.otf", "courier-b": URW + "NimbusMonoPS-Bold.otf",
    "serif": TTF + "liberation/LiberationSerif-Regular.ttf", "serif-b": TTF + "liberation/LiberationSerif-Bold.ttf",
    "sans": TTF + "liberation/LiberationSans-Regular.ttf", "sans-b": TTF + "liberation/LiberationSans-Bold.ttf",
    "carlito": TTF + "crosextra/Carlito-Regular.ttf", "carlito-b": TTF + "crosextra/Carlito-Bold.ttf",
    "dejavu": TTF + "dejavu/DejaVuSans.ttf", "dejavu-b": TTF + "dejavu/DejaVuSans-Bold.ttf",
    "dejaserif": TTF + "dejavu/DejaVuSerif.ttf", "dejaserif-b": TTF + "dejavu/DejaVuSerif-Bold.ttf",
    "mono": TTF + "dejavu/DejaVuSansMono.ttf", "mono-b": TTF + "dejavu/DejaVuSansMono-Bold.ttf",
    "typer": TTF + "gnutypewriter/GNUTypewriter.ttf", "typer-b": TTF + "gnutypewriter/GNUTypewriter.ttf",
}
TEXT_FACES = ("roman", "palatino", "century", "bookman", "gothic", "nimbus", "serif", "sans", "carlito", "dejavu", "dejaserif")
WIDE_FACES = ("serif", "sans", "carlito", "dejavu", "dejaserif")  # with every letter of Welsh and Polish
HANDS = (TTF + "sjfonts/SteveHand.ttf", TTF + "sjfonts/Delphine.ttf", TTF + "fifthhorseman/dkg.ttf", TTF + "breip/Breip.ttf", TTF + "rufscript/Rufscript010.ttf")
_fonts = {}


def face(path_or_name, px):
    """A font of so many pixels. A till or a typewriter joins no f and i."""
    key = (path_or_name, px)
    if key not in _fonts:
        engine = ImageFont.Layout.BASIC if path_or_name.split("-")[0] in ("courier", "mono", "typer") else None
        _fonts[key] = ImageFont.truetype(FACES.get(path_or_name, path_or_name), px, layout_engine=engine)
    return _fonts[key]


def missing_faces():
    return sorted(f for f in list(FACES.values()) + list(HANDS) if not os.path.exists(f))


def hyphen_place(word, room, width_of):
    """How many letters of a long word stay on this line, 0 for none: after a vowel, before a consonant, three letters on either side."""
    best = 0
    for i in range(3, len(word) - 3):
        if word[i - 1] in "aeiou" and word[i] not in "aeiouy" and word[:i + 2].isalpha() and width_of(word[:i] + "-") <= room:
            best = i
    return best


class Sheet:
    def __init__(self, width=595.3, height=841.9, dpi=300):
        self.k, self.dpi, self.width, self.height = dpi / 72.0, dpi, width, height
        self.im = Image.new("L", (round(width * self.k), round(height * self.k)), 255)
        self.d = ImageDraw.Draw(self.im)
        self.lines = []  # what can be read, in reading order

    def say(self, text):
        self.lines.append(text)

    def text(self):
        return "\n".join(self.lines) + "\n"

    def font(self, name, size):
        return face(name, max(5, round(size * self.k)))

    def wide(self, text, name, size):
        return self.font(name, size).getlength(text) / self.k

    def put(self, x, y, text, name, size, fill=0, anchor="ls", say=True):
        """One line, its base line at y."""
        self.d.text((x * self.k, y * self.k), text, font=self.font(name, size), fill=fill, anchor=anchor)
        if say:
            self.say(text)

    def rule(self, x0, y0, x1, y1, width=0.7, fill=0):
        self.d.line([x0 * self.k, y0 * self.k, x1 * self.k, y1 * self.k], fill=fill, width=max(1, round(width * self.k)))

    def box(self, x0, y0, x1, y1, width=0.7, fill=None, outline=0):
        self.d.rectangle([x0 * self.k, y0 * self.k, x1 * self.k, y1 * self.k], fill=fill, outline=outline, width=max(1, round(width * self.k)))

    def wrapped(self, text, name, size, width, hyphens=False):
        width_of = lambda t: self.wide(t, name, size)
        lines, line = [], ""
        for word in text.split():
            tried = (line + " " + word).strip()
            if width_of(tried) <= width:
                line = tried
                continue
            part = hyphen_place(word, width - width_of(line + " "), width_of) if hyphens and line else 0
            if part:
                lines.append(line + " " + word[:part] + "-")
                line = word[part:]
            else:
                lines += [line] if line else []
                line = word
        return lines + ([line] if line else [])

    def spread(self, x, y, line, name, size, width):
        """A line with its words driven apart to the full width."""
        words = line.split()
        spare = (width - sum(self.wide(w, name, size) for w in words)) / max(1, len(words) - 1)
        for w in words:
            self.put(x, y, w, name, size, say=False)
            x += self.wide(w, name, size) + spare

    def para(self, x, y, width, text, name, size, leading=1.25, justify=False, hyphens=False, bottom=None, fill=0):
        """Lines from base line y on, to bottom at most; the next free base line."""
        lines = self.wrapped(text, name, size, width, hyphens)
        for i, line in enumerate(lines):
            if bottom and y > bottom:
                break
            if justify and i + 1 < len(lines) and " " in line:
                self.spread(x, y, line, name, size, width)
            else:
                self.put(x, y, line, name, size, say=False, fill=fill)
            self.say(line)
            y += size * leading
        return y

    def hand(self, rng, x, y, text, path, size, fill=40, say=True):
        """Written by hand: each word a little off the line."""
        font = self.font(path, size)
        for word in text.split():
            layer = Image.new("L", (round(font.getlength(word) + size * self.k), round(size * self.k * 2.4)), 0)
            ImageDraw.Draw(layer).text((size * self.k * 0.4, size * self.k * 1.5), word, font=font, fill=255, anchor="ls")
            layer = layer.rotate(rng.uniform(-2.5, 2.5), Image.BILINEAR)
            at = (round((x - size * 0.4) * self.k), round((y - size * 1.5 + rng.uniform(-1.2, 1.2)) * self.k))
            self.im.paste(fill, (at[0], at[1], at[0] + layer.size[0], at[1] + layer.size[1]), layer)
            x += self.wide(word, path, size) + size * rng.uniform(0.28, 0.5)
        if say:
            self.say(text)
        return x
