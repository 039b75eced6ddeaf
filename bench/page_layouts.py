"""Layouts of the measured pages: each takes a random generator and gives a Sheet of 300 dpi, clean, with its text."""
import page_text as T
from page_sheet import FACES, HANDS, TEXT_FACES, WIDE_FACES, Sheet, face
from PIL import Image, ImageDraw

A4 = (595.3, 841.9)


def bold(name):
    return name + "-b" if name + "-b" in FACES else name


def letter(rng, voice=T.CARE, faces=TEXT_FACES):
    s, f, size = Sheet(), rng.choice(faces), rng.choice((10, 10.5, 11, 12))
    x, w = rng.uniform(55, 85), rng.uniform(420, 450)
    y = rng.uniform(90, 120)
    for line in [T.name(rng)] + T.address(rng):
        s.put(x, y, line, f, size)
        y += size * 1.2
    s.put(x, y + 14, T.date(rng), f, size)
    s.put(x, y + 40, "Dear " + T.name(rng) + ",", f, size)
    s.put(x, y + 62, "Our reference: " + T.reference(rng), bold(f), size)
    y += 88
    for _ in range(rng.randrange(4, 7)):
        y = s.para(x, y, w, T.paragraph(rng, 2, 5, voice), f, size, rng.uniform(1.15, 1.4), justify=rng.random() < 0.3, bottom=770) + size
        if y > 700:
            break
    if y < 740:
        s.put(x, y + 12, "Yours sincerely", f, size)
        s.put(x, y + 50, T.name(rng), f, size)
    return s


def letterhead(rng):
    """A logo of shapes, a coloured band that scans as grey, small print at the foot, a reference box on the right."""
    s, f, head = Sheet(), rng.choice(TEXT_FACES), rng.choice(("gothic-b", "bookman-b", "nimbus-b", "palatino-b"))
    cx, cy = rng.choice(((90, 75), (500, 75)))
    for i in range(5):
        a = 34 - i * 7
        s.d.ellipse([(cx - a) * s.k, (cy - a) * s.k, (cx + a) * s.k, (cy + a) * s.k], fill=(70, 200, 110, 235, 30)[i])
    s.d.polygon([(v[0] * s.k, v[1] * s.k) for v in ((cx, cy - 18), (cx + 16, cy + 12), (cx - 16, cy + 12))], fill=150)
    left = 145 if cx < 200 else 60
    s.put(left, 72, rng.choice(T.ORGS), head, 19, fill=60)
    s.put(left, 90, ", ".join(T.address(rng)), f, 8.5, fill=70)
    domain = rng.choice(("millbeck", "dunholme", "coldwater"))
    s.put(left, 102, "Telephone 01632 960%03d   enquiries@%s.example" % (rng.randrange(1000), domain), f, 8.5, fill=70)
    s.box(55, 118, 540, 121, fill=150, outline=150)
    y = 150
    for line in [T.name(rng)] + T.address(rng):
        s.put(60, y, line, f, 10.5)
        y += 13
    for label, value in (("Our ref", T.reference(rng)), ("Date", T.date(rng)), ("Ask for", T.name(rng))):
        s.put(350, y - 39, label, bold(f), 9, say=False)
        s.put(410, y - 39, value, f, 9, say=False)
        s.say(label + " " + value)
        y += 13
    y += 10
    s.put(60, y, "Dear Sir or Madam", f, 10.5)
    y += 24
    for _ in range(5):
        y = s.para(60, y, 475, T.paragraph(rng, 2, 4), f, 10.5, bottom=720) + 9
        if y > 700:
            break
    s.put(60, min(y + 16, 750), "Yours faithfully", f, 10.5)
    s.rule(55, 790, 540, 790, 0.5)
    s.put(297, 803, "Registered in Greywick, number %06d. Printed on recycled paper." % rng.randrange(10 ** 6), f, 7, fill=60, anchor="ms")
    return s


def report(rng):
    """Headings, numbered paragraphs, bullets."""
    s, f, size = Sheet(), rng.choice(TEXT_FACES), rng.choice((10, 11, 12))
    s.put(297, 80, rng.choice(("Social circumstances report", "Minutes of the review meeting", "Parenting assessment: summary")), bold(f), 16, anchor="ms")
    y, number = 112, 0
    for title in rng.sample(("Background", "What the child says", "Health and development", "Education", "Family and friends", "Analysis", "Recommendations"), 5):
        if y > 690:
            break
        number += 1
        s.put(64, y, "%d. %s" % (number, title), bold(f), size + 1.5)
        y += size * 1.7
        for i in range(rng.randrange(1, 4)):
            if y > 740:
                break
            mark = "\u2022" if number % 2 else "%d.%d" % (number, i + 1)
            s.put(66, y, mark, f, size, say=False)
            n = len(s.lines)
            y = s.para(94, y, 440, T.paragraph(rng, 1, 3), f, size, bottom=780) + size * 0.6
            if n < len(s.lines) and mark != "\u2022":
                s.lines[n] = mark + " " + s.lines[n]
        y += size * 0.5
    s.put(297, 815, "Page %d of %d" % (rng.randrange(1, 5), rng.randrange(5, 9)), f, 8, anchor="ms")
    return s


def typable(text):
    """Without what the typewriter's face and some hands have no letter for."""
    return text.replace("\u00a3", "GBP ")


def typed_memo(rng):
    s = Sheet()
    s.put(70, 90, "MEMORANDUM", "typer", 14)
    y = 125
    for label, value in (("TO:", T.name(rng)), ("FROM:", T.name(rng)), ("DATE:", T.date(rng)), ("RE:", T.reference(rng))):
        s.put(70, y, label, "typer", 11, say=False)
        s.put(140, y, value, "typer", 11, say=False)
        s.say(label + " " + value)
        y += 18
    y += 14
    for _ in range(5):
        y = s.para(70, y, 455, typable(T.paragraph(rng, 2, 4)), "typer", 11, 1.5, bottom=770) + 10
        if y > 720:
            break
    return s


def book(rng):
    """A leaf of an old book: justified, hyphenated, first lines drawn in, running head, page number."""
    s, f = Sheet(410, 620), rng.choice(("century", "roman", "bookman", "palatino"))
    size, number = rng.choice((9.5, 10, 10.5)), rng.randrange(12, 480)
    s.put(205, 52, rng.choice(("THE CHRONICLES OF GREYWICK", "AN ACCOUNT OF THE VALLEY", "LETTERS FROM HALLOWDALE")), f, size - 1.5, anchor="ms")
    y = 78
    while y < 545:
        s.put(66, y, "", f, size, say=False)
        text = T.paragraph(rng, 3, 6, T.BOOK)
        first = s.wrapped(text, f, size, 276, True)[0]
        rest = text[len(first.rstrip("-")):] if first.endswith("-") else text[len(first):]
        s.spread(80, y, first, f, size, 276) if rest.strip() else s.put(80, y, first, f, size, say=False)
        s.say(first)
        y += size * 1.22
        y = s.para(62, y, 294, rest.strip(), f, size, 1.22, justify=True, hyphens=True, bottom=560)
    s.put(205, 585, str(number), f, size, anchor="ms")
    return s


def columns(rng, count=2):
    s, f = Sheet(), rng.choice(TEXT_FACES)
    size = rng.choice((9, 9.5, 10)) if count == 2 else rng.choice((8, 8.5))
    s.put(50, 85, rng.choice(("Family Information Bulletin", "Foster Carers' Quarterly", "The Millbeck Messenger")), bold(f), 24)
    s.put(50, 106, "%s, issue %d" % (T.date(rng), rng.randrange(2, 90)), f, 9)
    s.rule(50, 114, 545, 114, 1)
    gap = rng.uniform(14, 22)
    width = (495 - gap * (count - 1)) / count
    for c in range(count):
        x, y = 50 + c * (width + gap), 138
        while y < 730:
            s.put(x, y, rng.choice(("News in brief", "Dates for the diary", "From the chair", "Training", "Letters", "Thank you")), bold(f), size + 2)
            y = s.para(x, y + size * 1.5, width, T.paragraph(rng, 3, 6), f, size, 1.22, justify=rng.random() < 0.6, hyphens=count == 3, bottom=775) + size
        if c + 1 < count and gap > 18:
            s.rule(x + width + gap / 2, 125, x + width + gap / 2, 780, 0.5)
    return s


def table_rows(rng, kind):
    if kind == "money":
        return ["Date", "Payee", "Reference", "Amount"], [95, 190, 110, 80], lambda: [
            T.date(rng), T.name(rng), T.reference(rng), T.money(rng)]
    if kind == "people":
        return ["Name", "Role", "Telephone", "Attended"], [150, 150, 110, 70], lambda: [
            T.name(rng), rng.choice(("Social worker", "Head teacher", "Foster carer", "Health visitor", "Solicitor", "Advocate")),
            "01632 960%03d" % rng.randrange(1000), rng.choice(("yes", "no", "apologies"))]
    return ["Date", "Event", "Source"], [80, 290, 105], lambda: [
        T.date(rng), T.sentences(rng, 1)[0], rng.choice(("Case file", "Police", "School", "Telephone", "Letter"))]


def table(rng, ruled):
    s, f, size = Sheet(), rng.choice(TEXT_FACES), rng.choice((9, 9.5, 10, 11))
    head, widths, make = table_rows(rng, rng.choice(("money", "people", "events")))
    s.put(60, 85, rng.choice(("Chronology of significant events", "Payments made to carers", "Attendance at meetings")), bold(f), 15)
    y = s.para(60, 112, 475, T.paragraph(rng, 1, 2), f, size) + 12
    top = y - size * 1.3
    first = True
    while y < 735:
        cells = head if first else make()
        g = bold(f) if first else f
        wrapped = [s.wrapped(c, g, size, w - 10) for c, w in zip(cells, widths)]
        x, deep = 60, max(len(c) for c in wrapped)
        for cell, w in zip(wrapped, widths):
            for i, line in enumerate(cell):
                s.put(x + 4, y + i * size * 1.2, line, g, size, say=False)
            x += w
        s.say(" ".join(cells))
        y += deep * size * 1.2 + size * (0.7 if ruled else rng.choice((0.25, 0.4)))
        if ruled:
            s.rule(60, y - size * 1.2, 60 + sum(widths), y - size * 1.2, 0.6)
        first = False
    if ruled:
        x = 60
        s.rule(60, top, 60 + sum(widths), top, 0.8)
        for w in [0] + widths:
            x += w
            s.rule(x, top, x, y - size * 1.2, 0.6)
    s.put(60, y + 18, "Prepared by " + T.name(rng), f, size)
    return s


def form(rng, by_hand=False):
    """Labels and boxes; some values letter by letter in a comb; ticks."""
    s, f, hand = Sheet(), rng.choice(("nimbus", "sans", "carlito", "narrow", "dejavu", "gothic")), rng.choice(HANDS)
    s.put(55, 72, rng.choice(("Application for short breaks", "Referral form", "Change of circumstances")), bold(f), 17)
    s.put(540, 72, "Form %s%d" % (rng.choice("ABCK"), rng.randrange(2, 40)), f, 9, anchor="rs")
    s.para(55, 92, 480, "Please complete in black ink and in capitals. Return the form to the address overleaf.", f, 9)
    y = 118
    fields = [("Surname", T.name(rng).split()[1]), ("Forenames", T.name(rng).split()[0]), ("Date of birth", T.date(rng)), ("Address", ", ".join(T.address(rng))),
              ("School", rng.choice(T.ORGS)), ("Telephone", "07700 900%03d" % rng.randrange(1000)), ("Carer's name", T.name(rng)), ("Reference", T.reference(rng))]
    for label, value in fields:
        s.put(58, y + 13, label, f, 9.5, say=False)
        if label == "Reference":
            for i, c in enumerate(value):
                s.box(170 + i * 18, y, 188 + i * 18, y + 19, 0.6)
                if by_hand:
                    s.hand(rng, 175 + i * 18, y + 14, c, hand, 13, say=False)
                else:
                    s.put(179 + i * 18, y + 14, c, "courier-b", 12, anchor="ms", say=False)
        else:
            s.box(170, y, 540, y + 19, 0.6)
            if by_hand:
                s.hand(rng, 177, y + 14, value, hand, 14, say=False)
            else:
                s.put(176, y + 13.5, value, rng.choice(("courier", f)), 10.5, say=False)
        s.say(label + " " + value)
        y += 26
    s.box(55, y + 4, 540, y + 22, fill=215, outline=0)
    s.put(60, y + 17, "Part B: reasons for the application", bold(f), 10)
    y += 26
    s.box(55, y, 540, y + 165, 0.6)
    lines = s.wrapped(typable(T.paragraph(rng, 3, 4)), hand if by_hand else f, 15 if by_hand else 10, 420 if by_hand else 470)[:7]
    for i, line in enumerate(lines):
        if by_hand:
            s.hand(rng, 66, y + 24 + i * 21, line, hand, 15)
        else:
            s.put(62, y + 18 + i * 14, line, f, 10)
    y += 185
    for question in rng.sample(("Has the child an education plan?", "Is an interpreter needed?", "May we contact the school?", "Are other agencies involved?"), 3):
        s.put(58, y, question, f, 10, say=False)
        yes = rng.random() < 0.5
        for x, word, on in ((330, "Yes", yes), (400, "No", not yes)):
            s.box(x, y - 9, x + 10, y + 1, 0.7)
            s.put(x + 15, y, word, f, 10, say=False)
            if on:
                s.rule(x + 1, y - 5, x + 4, y, 1.2)
                s.rule(x + 4, y, x + 11, y - 12, 1.2)
        s.say(question + " Yes No")
        y += 21
    s.put(58, y + 18, "Signed", f, 10)
    s.rule(100, y + 20, 300, y + 20, 0.5)
    return s


def reversed_headings(rng):
    """Headings white on black or on dark grey across the page."""
    s, f, size = Sheet(), rng.choice(TEXT_FACES), 10.5
    y = 80
    for title in rng.sample(("SECTION A: ABOUT THE FAMILY", "SECTION B: CONCERNS", "Outcome of the enquiry", "Plan and dates",
                             "DISTRIBUTION LIST", "Views of the carers"), 5):
        if y > 680:
            break
        shade = rng.choice((0, 0, 40, 80))
        s.box(55, y, 540, y + 20, fill=shade, outline=shade)
        s.put(62, y + 14.5, title, bold(f), 11.5, fill=255)
        y = s.para(58, y + 38, 478, T.paragraph(rng, 2, 4), f, size, bottom=770) + 8
    return s


def stamped(rng):
    """A letter with a received stamp and a crooked word over its text."""
    s = letter(rng)
    for words, size in (((rng.choice(("RECEIVED", "COPY", "CONFIDENTIAL")),), 40), (("RECEIVED", T.date(rng), "CENTRAL POST ROOM"), 13)):
        layer = Image.new("L", (round(260 * s.k), round(90 * s.k)), 0)
        d = ImageDraw.Draw(layer)
        for i, word in enumerate(words):
            d.text((layer.size[0] / 2, (45 if len(words) == 1 else 24 + i * 18) * s.k), word, font=s.font("nimbus-b", size), fill=255, anchor="mm")
        d.rectangle([4, 4, layer.size[0] - 5, layer.size[1] - 5], outline=255, width=8)
        layer = layer.rotate(rng.uniform(-24, 24), Image.BILINEAR, expand=True)
        at = (round(rng.uniform(100, 260) * s.k), round(rng.uniform(250, 560) * s.k))
        grey = rng.choice((120, 150, 170))
        dark = Image.new("L", s.im.size, 255)
        dark.paste(grey, (at[0], at[1], at[0] + layer.size[0], at[1] + layer.size[1]), layer)
        s.im = Image.composite(s.im, dark, s.im.point([255 if v < grey else 0 for v in range(256)]))
        s.d = ImageDraw.Draw(s.im)
        for word in words:
            s.say(word)
    return s


def handwritten(rng):
    s, hand = Sheet(), rng.choice(HANDS)
    y, ruled = 90, rng.random() < 0.5
    lines = [T.date(rng)] + s.wrapped(typable(T.paragraph(rng, 7, 10)), hand, 17, 380)
    for line in lines[:26]:
        if ruled:
            s.rule(40, y + 4, 555, y + 4, 0.4, fill=170)
        s.hand(rng, 60, y, line, hand, 17, fill=rng.choice((30, 60)))
        y += 26
    return s


def dots(text):
    """A line as a printer of pins strikes it: a picture of one pixel a pin. The face has plain noughts: one with a bar looks like an 8."""
    font = face("courier-b", 13)
    im = Image.new("1", (round(font.getlength(text)) + 2, 15), 0)
    d = ImageDraw.Draw(im)
    d.fontmode = "1"
    d.text((0, 11), text, font=font, fill=1, anchor="ls")
    return im


def strike(s, x, y, text, pitch):
    im = dots(text)
    px, r = im.load(), pitch * s.k * 0.62
    for j in range(im.size[1]):
        for i in range(im.size[0]):
            if px[i, j]:
                cx, cy = (x + i * pitch) * s.k, (y + (j - 11) * pitch) * s.k
                s.d.ellipse([cx - r, cy - r, cx + r, cy + r], fill=30)


def receipt(rng):
    """A till roll: 80 mm wide, monospaced or struck by pins."""
    s = Sheet(226, 40 + 15 * 26)
    matrix, f, size = rng.random() < 0.4, rng.choice(("mono", "courier-b", "typer")), 8.2
    across = 32

    def line(text, y):
        if matrix:
            strike(s, 13, y, text, 0.78)
        else:
            s.put(14, y, text, f, size, say=False)
        if text.strip("-= "):
            s.say(" ".join(text.split()))
    lines = [rng.choice(T.SHOPS).center(across), ", ".join(T.address(rng)[1:]).center(across), ("Tel 01632 960%03d" % rng.randrange(1000)).center(across),
             "-" * across, "%s %s  Till %d" % (T.date(rng), T.clock(rng), rng.randrange(1, 9)), ""]
    total = 0
    for goods in rng.sample(T.GOODS, rng.randrange(6, 11)):
        pence = rng.randrange(45, 1999)
        total += pence
        lines.append("%-23s%9s" % (goods, "%d.%02d" % (pence // 100, pence % 100)))
    sign = "" if f == "typer" else "£"  # which the typewriter has not
    lines += ["-" * across, "%-20s%12s" % ("TOTAL", "%s%d.%02d" % (sign, total // 100, total % 100)),
              "%-20s%12s" % ("CARD ************%04d" % rng.randrange(10000), ""),
              "AUTH CODE %06d" % rng.randrange(10 ** 6), "", "THANK YOU FOR YOUR CUSTOM".center(across), "PLEASE KEEP YOUR RECEIPT".center(across)]
    y = 34
    for text in lines:
        line(text[:across], y)
        y += 15
    s.im = s.im.crop((0, 0, s.im.size[0], round((y + 14) * s.k)))
    s.height = s.im.size[1] / s.k
    return s


def foreign(rng, voice):
    return letter(rng, voice, WIDE_FACES)


MIXED = (letter, report, letterhead, typed_memo, lambda rng: table(rng, True), lambda rng: columns(rng, 2))
