"""How far a text is from the truth: character errors by edit distance, words that are missing whatever their order.

Plain form: letters and digits in small letters without accents, single spaces (what a search finds). Exact form: as printed, with
punctuation and accents, single spaces, one kind of quotation mark and dash. In both a word that is broken over two lines is one word."""
import re
import unicodedata

ONE_KIND = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2010": "-",
                          "\u00a0": " ", "\ufb01": "fi", "\ufb02": "fl"})


def key(text):
    """Letters and digits, small, without accents: the form that texts are compared in."""
    t = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in t if c.isalnum())


def joined(text):
    """
    >>> joined("the exam-\\nination, 5-\\n6 p.m.")
    'the examination, 5-\\n6 p.m.'
    """
    return re.sub(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[^\W\d_])", "", text.translate(ONE_KIND))


def plain(text):
    return " ".join(filter(None, (key(w) for w in joined(text).split())))


def exact(text):
    return " ".join(unicodedata.normalize("NFC", joined(text)).split())


def distance(a, b):
    """Levenshtein by Myers' bit vectors (Hyyro 2003), on long integers.

    >>> distance("kitten", "sitting"), distance("", "abc"), distance("abc", ""), distance("same", "same")
    (3, 3, 3, 0)
    """
    if not a:
        return len(b)
    peq, m = {}, len(a)
    for i, c in enumerate(a):
        peq[c] = peq.get(c, 0) | 1 << i
    pv, mv, score, mask, top = (1 << m) - 1, 0, m, (1 << m) - 1, 1 << (m - 1)
    for c in b:
        eq = peq.get(c, 0)
        xv = eq | mv
        xh = (((eq & pv) + pv) ^ pv) | eq
        ph, mh = mv | (~(xh | pv) & mask), pv & xh
        score += bool(ph & top) - bool(mh & top)
        ph, mh = (ph << 1 | 1) & mask, mh << 1 & mask
        pv, mv = mh | (~(xv | ph) & mask), ph & xv
    return score


def missed(truth, got):
    """Words of truth that are not in got, each counted as often as it stands there.

    >>> missed("a b b c", "c b x")
    2
    """
    left = {}
    for w in got.split():
        left[w] = left.get(w, 0) + 1
    count = 0
    for w in truth.split():
        if left.get(w):
            left[w] -= 1
        else:
            count += 1
    return count


class Errors:
    """Sums over pages. No page counts for more edits than it has characters."""

    def __init__(self):
        self.edits = self.length = self.missed = self.words = self.exact_edits = self.exact_length = 0

    def add(self, truth, got):
        t, g = plain(truth), plain(got)
        self.edits += min(distance(t, g), len(t))
        self.length += len(t)
        self.missed += missed(t, g)
        self.words += len(t.split())
        t, g = exact(truth), exact(got)
        self.exact_edits += min(distance(t, g), len(t))
        self.exact_length += len(t)

    def plus(self, other):
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def cer(self):
        return 100.0 * self.edits / max(1, self.length)

    def miss(self):
        return 100.0 * self.missed / max(1, self.words)

    def exact_cer(self):
        return 100.0 * self.exact_edits / max(1, self.exact_length)

    def row(self):
        return "%5.2f %%  %5.2f %%" % (self.cer(), self.miss())
