"""Spoils a text the way recognition does: look-alikes for the most part, some characters lost, some added."""

LOOKALIKE = {
    "0": "O", "O": "0", "o": "0", "1": "lI", "l": "1I", "I": "l1", "5": "S", "S": "5", "8": "B3", "B": "8",
    "6": "G5", "2": "Z7", "3": "8", "7": "1", "9": "g4", "4": "9", "e": "co", "c": "e", "a": "o", "i": "l",
    "h": "b", "b": "h", "t": "f", "f": "t", "u": "n", "n": "u", "g": "q", "y": "v", "v": "y", ",": ".", ".": ",",
    "-": "~", "'": "`", "/": "l", "E": "F", "D": "O",
}
PAIRS = {"rn": "m", "m": "rn", "cl": "d", "d": "cl", "w": "vv", "ri": "n", "nn": "m"}


def spoil(text, rate, rnd):
    out, i = [], 0
    while i < len(text):
        c = text[i]
        if c in "\n\f" or rnd.random() >= rate:
            out.append(c)
        else:
            kind = rnd.random()
            if kind < 0.15 and text[i:i + 2] in PAIRS:
                out.append(PAIRS[text[i:i + 2]])
                i += 1
            elif kind < 0.25 and c in PAIRS:
                out.append(PAIRS[c])
            elif kind < 0.80:
                out.append(rnd.choice(LOOKALIKE.get(c, "abcdefghijklmnopqrstuvwxyz")))
            elif kind < 0.90:
                pass
            elif c == " ":
                pass
            else:
                out.append(c + rnd.choice(".,' "))
        i += 1
    return "".join(out)
