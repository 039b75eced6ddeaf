"""Invented text for the measured pages: sentences with slots, in several voices and three languages. Nobody in it exists."""

FORENAMES = ("Aldwyn Bettina Corwen Delphine Edric Fenella Gareth Hester Idris Jocasta Kester Lowri Merrick Nerys Osbert Petra Quentin "
             "Rosalind Selwyn Tamsin Ursula Verity Wendell Yolande Zachary").split()
SURNAMES = ("Abberline Bickerstaffe Copplestone Dunkerley Entwhistle Farthingale Gawthorpe Hollingbery Ickersgill Jellicoe Kettlewell "
            "Longbottom Micklethwaite Netherwood Oglethorpe Pickersgill Quarmby Ramsbottom Scattergood Thistlethwaite Umpleby "
            "Vickerstaff Wolstenholme Yarborough").split()
PLACES = ("Ashmarsh Brindlecombe Coldwater Dunholme Eastmere Fallowfield Greywick Hallowdale Ironbridge-over-Sands Kirkhallow "
          "Lowmoor Millbeck").split()
STREETS = ("Tannery Lane", "Quayside", "Mafeking Terrace", "Upper Brook Street", "Windmill Hill", "Corporation Road", "The Paddocks", "St Oswald's Close")
ORGS = ("Ashmarsh Youth Justice Team", "Coldwater Family Centre", "Dunholme Primary School", "Hallowdale Medical Practice",
        "Kirkhallow Housing Association", "Millbeck Nursery", "Eastmere Fostering Agency", "Greywick Mediation Service")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()

CARE = (
    "I telephoned {name} on {day} and left a message with the receptionist at {org}.",
    "The meeting was put back to {date} because the interpreter was unwell.",
    "{first} was observed to share toys, to wait for a turn and to ask for help when the zip jammed.",
    "Attendance for the autumn term stands at {n} per cent against {n} per cent a year ago.",
    "Both carers attended; the grandmother listened by telephone and asked two questions about transport.",
    "The allocated worker is to confirm, in writing, whether the grant of {money} has been paid.",
    "It was agreed that contact should take place at {place} library every other {day}, from {time} until {time}.",
    "There is no record of a home visit between {date} and {date}.",
    "Ms {last} disputes this account: she says that the door was already open when she came downstairs.",
    "A copy of the report was shown to {name}, who corrected the spelling of two surnames.",
    "The tenancy at {num} {street} ended on {date}; the forwarding address has not been given.",
    "Weight {n}.{d} kg, height 1{n} cm; the next review is due within twelve weeks.",
    "Dr {last} saw no injury, but noted a rash on the left forearm and prescribed a cream.",
    "{first} said: \"I like the new school, only the bus is too loud.\"",
    "The placement costs {money} a week, of which {money} is met by the health board.",
    "Nobody answered at {time}; a card was put through the letter box of {num} {street}.",
    "Please reply to {org} by {date}, quoting reference {ref}.",
    "The panel recommends (a) a parenting assessment, (b) life-story work and (c) a further review in {month}.",
    "Mr {last} has not been convicted of any offence; the allegation was withdrawn in {month} of the following year.",
    "Since the last conference the family have moved twice and the file has been held by three different teams.",
    "We would be grateful if you could let us know which dentist {first} is registered with.",
    "All three children were asleep upstairs, and the smoke alarm in the hall was tested and worked.",
    "A decision was reached by a majority of {d} to 2; the chair asked for the minority view to be recorded.",
    "Expenses of {money} were reclaimed for taxis, and {money} for a school blazer and shoes.",
    "{name} was present throughout, but took no part in the discussion of item {d}.",
    "The court extended the interim order until {date} and directed that a guardian be appointed.",
    "This is the fourth referral since {month}; the earlier ones were closed without further action.",
    "The bedroom is shared with a cousin aged {n}, which the health visitor considers unsuitable.",
    "Her reading age has risen by eleven months, yet she still avoids writing more than a line or two.",
    "Officers should telephone before calling, as there is a large dog in the yard.",
)
BOOK = (
    "It was the custom of that valley, when the first snow had fallen upon the upper pastures, to bring the cattle down by torchlight.",
    "The old schoolmaster, whose opinions were seldom asked and never followed, regarded the newcomers with a melancholy satisfaction.",
    "No remonstrance could persuade her that the letter had not been intercepted; she examined the seal again and again.",
    "We travelled for some hours in perfect silence, the carriage swaying between hedgerows heavy with the recent rain.",
    "Under the circumstances he considered it prudent to withdraw, and accordingly took his hat from the window-seat.",
    "The harbour lay beneath us, crowded with the brown sails of fishing vessels returning before the weather broke.",
    "Whether the bridge had been destroyed by the flood or by the villagers themselves was a question nobody cared to settle.",
    "Her brother, an apothecary of considerable reputation, had prescribed nothing but broth and conversation.",
    "There remained in the almanack a single uncancelled engagement, and this the widow determined to honour.",
    "The manufacture of needles, formerly the principal occupation of the district, had by then entirely disappeared.",
    "\"You mistake me,\" replied the Captain; \"I never professed to understand astronomy, but I can find the Pole Star.\"",
    "Towards evening the wind shifted, and the smoke of the furnaces was carried back across the churchyard.",
    "His correspondence, preserved in eleven pasteboard boxes, throws an unexpected light upon the affair.",
    "The committee assembled punctually, disagreed immediately, and adjourned until the following Wednesday.",
    "From the battlements one could distinguish, on a clear morning, the lighthouse and the two farther islands.",
    "A remarkable circumstance, which the historian has neglected, is that the charter bears no date whatever.",
    "She had inherited from her grandmother a quantity of silver, an indifferent temper and a house without chimneys.",
    "The apprentices were permitted to attend the exhibition upon condition that they walked both ways.",
)
WELSH = (
    "Cynhaliwyd y cyfarfod yn y ganolfan deuluol am hanner awr wedi dau.",
    "Mae'r plentyn yn mynychu'r ysgol gynradd leol ac yn mwynhau darllen a chanu.",
    "Diolch yn fawr am eich llythyr dyddiedig y trydydd o Fawrth.",
    "Byddwn yn ysgrifennu atoch eto cyn diwedd y mis gyda chanlyniad yr asesiad.",
    "Dywedodd y fam ei bod yn poeni am iechyd ei mab ieuengaf.",
    "Cysylltwch â'r swyddfa os oes gennych unrhyw gwestiynau am y cynllun gofal.",
    "Ni chafwyd ateb pan alwodd y gweithiwr cymdeithasol yn y tŷ ddydd Mercher.",
    "Bydd y cyngor yn talu costau teithio i'r ganolfan bob wythnos.",
    "Mae'r teulu wedi symud i fflat newydd ger yr orsaf drenau.",
    "Roedd y nain yn bresennol drwy gydol y cyfarfod ac yn gefnogol iawn.",
    "Gofynnwyd i'r meddyg teulu anfon copi o'r cofnodion perthnasol.",
    "Cytunodd pawb y dylid adolygu'r cynllun ymhen chwe wythnos.",
)
POLISH = (
    "Dziękujemy za pismo z dnia piątego marca w sprawie opieki nad dzieckiem.",
    "Matka zgłosiła, że córka źle sypia i często budzi się w nocy.",
    "Spotkanie odbędzie się w środę o godzinie dziesiątej w siedzibie poradni.",
    "Prosimy o przesłanie kopii świadectwa szkolnego oraz książeczki zdrowia.",
    "Ojciec mieszka obecnie za granicą i kontaktuje się z synem telefonicznie.",
    "Nauczycielka zauważyła, że chłopiec chętnie rysuje i pomaga młodszym kolegom.",
    "Decyzja zostanie podjęta po zakończeniu oceny sytuacji rodzinnej.",
    "Babcia zaproponowała, że będzie odbierać wnuczkę ze szkoły w każdy piątek.",
    "Wnioskodawca może odwołać się od decyzji w ciągu czternastu dni.",
    "Lekarz zalecił dalsze badania słuchu i konsultację u logopedy.",
    "Rodzina przeprowadziła się do większego mieszkania przy ulicy Kwiatowej.",
    "Proszę potwierdzić otrzymanie tej wiadomości listownie albo telefonicznie.",
)
GOODS = ("Semi skimmed milk 2L", "White bread 800g", "Nappies size 4", "Baby wipes x3", "Bananas loose", "Cheddar mature", "Pasta twists 1kg", "Washing powder",
         "Travel card day", "School polo 7-8", "Trainers child 13", "Felt pens 24", "Calpol sachets", "Bus fare child", "Orange squash", "Tinned tomatoes",
         "Light bulb B22", "Key cutting", "Fish fingers 10", "Socks 5 pack")
SHOPS = ("COLDWATER CO-OPERATIVE", "MILLBECK PHARMACY", "DUNHOLME MINI MARKET", "EASTMERE TRAVEL SHOP", "GREYWICK OUTFITTERS")


def name(rng):
    return rng.choice(FORENAMES) + " " + rng.choice(SURNAMES)


def date(rng):
    d, m, y = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1998, 2025)
    return rng.choice(("%d %s %d" % (d, MONTHS[m - 1], y), "%02d/%02d/%d" % (d, m, y), "%d.%d.%02d" % (d, m, y % 100)))


def money(rng):
    return "£%d.%02d" % (rng.randrange(3, 900), rng.randrange(100))


def clock(rng):
    return rng.choice(("%02d:%02d", "%d.%02d")) % (rng.randrange(8, 19), rng.choice((0, 15, 20, 30, 45, 50)))


def reference(rng):
    return "%s/%d/%04d" % ("".join(rng.choice("ABCDEFGHJKLMNPRSTWXY") for _ in range(2)), rng.randrange(10, 99), rng.randrange(10000))


def address(rng):
    return ["%d %s" % (rng.randrange(1, 180), rng.choice(STREETS)), rng.choice(PLACES), "PX%d %d%s" % (
        rng.randrange(1, 20), rng.randrange(1, 10), "".join(rng.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2)))]


def fill(rng, sentence):
    makers = {"name": name, "first": lambda r: r.choice(FORENAMES), "last": lambda r: r.choice(SURNAMES), "day": lambda r: r.choice(DAYS),
              "month": lambda r: r.choice(MONTHS), "date": date, "time": clock, "place": lambda r: r.choice(PLACES), "org": lambda r: r.choice(ORGS),
              "street": lambda r: r.choice(STREETS), "num": lambda r: str(r.randrange(1, 160)), "n": lambda r: str(r.randrange(10, 99)),
              "d": lambda r: str(r.randrange(3, 9)), "money": money, "ref": reference}
    out, rest = "", sentence
    while "{" in rest:
        before, rest = rest.split("{", 1)
        slot, rest = rest.split("}", 1)
        out += before + makers[slot](rng)
    return out + rest


def sentences(rng, count, voice=CARE):
    """Sentences in random order; none twice before all have come."""
    out = []
    while len(out) < count:
        out += rng.sample(voice, len(voice))
    return [fill(rng, s) for s in out[:count]]


def paragraph(rng, low=3, high=6, voice=CARE):
    return " ".join(sentences(rng, rng.randrange(low, high + 1), voice))
