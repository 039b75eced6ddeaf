#!/usr/bin/python3
"""The filing journey: an extract of another system, documents to the right child, what people say about it, and what is remembered.
Every person and address is invented."""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import House  # noqa: E402

CHILDREN = """LCS ID,NHS Number,First Names,Last Name,Date of Birth,House Name/Number,Street,Town,Post Code,School Name,Case Status,Legal Status,Family Group ID
40000001,9990000018,Theodora Mae,Quillfeather,12/03/2011,4,Mill Lane,Fylderton,FW1 8JQ,Moss Vale Primary School,CIN,,F1
40000002,,Rafe,Quillfeather,01/09/2013,4,Mill Lane,Fylderton,FW1 8JQ,,CIN,,F1
40000003,,Ottilie,Brackenridge,05/11/2009,19,Gas Street,Marlsea,LX12 9DR,,CP,,F2
40000004,,Peregrine,Ashgrove,23/02/2012,7,Bank Top,Skelmerby,LX3 1RX,,closed,adopted,F3
40000005,,,,31/02/2012,,,,,,,,
"""
PEOPLE = """LCS ID,Related Person ID,Relationship,Role,First Names,Last Name,Consent To Share
40000001,P1,mother,family,Dorothea,Quillfeather,no
40000003,P2,mother,family,Winifred,Brackenridge,
"""
VISIT = """Record of visit
Child's name: Theodora Mae Quillfeather
LCS ID: 40000001 Date of birth: 12/03/2011
Address: 4 Mill Lane, Fylderton, FW1 8JQ
Date and time of visit: 8 January 2024 16:00
Who was present: Theodora, Dorothea Quillfeather (mother)
Recorded on 22 January 2024
Theodora was seen alone. Theodora showed me her drawings.
"""


class Filing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House("intake: { settle_seconds = 0; };")
        cls.house.start()
        cls.files = cls.house.folder

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def write(self, name, text):
        path = os.path.join(self.files, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def ingest(self, name, text):
        out = self.house.run("ingest", "--wait", self.write(name, text))
        self.house.wait()
        return re.search(r"R\d{6}", out).group(0)

    def show(self, receipt, **more):
        return self.house.run("triage", "show", receipt, **more)

    def test_1_the_register_comes_by_a_map(self):
        children, people = self.write("children.csv", CHILDREN), self.write("people.csv", PEOPLE)
        call = ["register", "import", children, people, "--map", "lcs"]
        status, _, err = self.house.run(*call, check=False)
        self.assertEqual(status, 65)  # one row in five is wrong: perhaps all is
        self.assertIn("line 6: date_of_birth", err)
        rejects = os.path.join(self.files, "rejects.csv")
        out = self.house.run(*call, "--anyway", "--dry-run", "--rejects", rejects)
        self.assertIn("4 children (4 new", out)
        self.assertIn("nothing was changed", out)
        with open(rejects, encoding="utf-8") as f:
            self.assertIn("children,6,date_of_birth,left out", f.read())
        self.assertIn("4 children (4 new", self.house.run(*call, "--anyway"))
        self.assertIn("4 as before", self.house.run(*call, "--anyway"))
        with open(children, "w", encoding="utf-8") as f:
            f.write(CHILDREN.replace("4,Mill Lane,Fylderton,FW1 8JQ,,CIN", "88,Canal Bank,Garsworth,PX1 3PX,,CIN"))
        self.assertIn("1 changed", self.house.run(*call, "--anyway"))
        out = self.house.run("register", "show", "40000002")
        self.assertIn("lived at         4 Mill Lane, Fylderton, FW1 8JQ", out)
        self.assertIn("read", self.house.run("audit", "show", "3"))

    def test_2_filed_with_kind_day_and_late_entry(self):
        receipt = self.ingest("visit.txt", VISIT)
        out = self.show(receipt)
        self.assertIn(": filed", out)
        self.assertIn("Record of visit of 2024-01-08, recorded 2024-01-22   LATE ENTRY (5 working days)", out)
        self.assertRegex(out, r"40000001 .*CHOSEN")
        self.assertRegex(out, r"\+\d+\.\d  council id +40000001 \(page 1\)")
        type(self).visit = receipt

    def test_3_undone_and_remembered(self):
        self.show(self.visit, who="Somebody Else")
        out = self.house.run("triage", "undo", self.visit)
        self.assertIn("read meanwhile by Somebody Else", out)
        self.assertIn("proposed", self.house.run("triage"))
        self.house.run("triage", "not", self.visit, "40000001")
        self.house.wait()
        out = self.show(self.visit)
        self.assertIn("a person has said", out)
        self.assertNotIn("CHOSEN", out)
        self.house.run("triage", "file", self.visit, "40000001", "40000002")
        self.assertIn(self.visit, self.house.run("triage", "filed", "40000002"))
        self.house.run("triage", "nobody", self.visit)
        self.assertNotIn(self.visit, self.house.run("triage"))
        self.assertIn("of no child of the register 1", self.house.run("status"))
        status, _, err = self.house.run("triage", "file", self.visit, "49999999", check=False)
        self.assertEqual(status, 66)
        self.assertIn("49999999", err)

    def test_4_another_family_in_the_text(self):
        pasted = VISIT + "Copied from another record: Ottilie Brackenridge DOB 05/11/2009 LCS ID 40000003 was not in school.\n"
        receipt = self.ingest("pasted.txt", pasted)
        self.assertIn(": filed", self.show(receipt))
        out = self.house.run("triage", "alarms")
        self.assertIn(receipt, out)
        self.assertIn("40000003; filed to 40000001", out)
        status, _, err = self.house.run("triage", "clear", receipt, "40000003", check=False)
        self.assertNotEqual(status, 0)
        self.assertIn("--why", err)
        self.house.run("triage", "clear", receipt, "40000003", "--why", "a friend of the child, named by herself")
        self.assertNotIn(receipt, self.house.run("triage", "alarms"))

    def test_4_another_family_behind_a_cover_sheet(self):
        out = self.house.run("ingest", "--wait", "--child", "40000003", self.write("stray.txt", VISIT))
        receipt = re.search(r"R\d{6}", out).group(0)
        self.house.wait()
        self.assertRegex(self.show(receipt), "40000003 .*CHOSEN")
        self.assertIn("40000001; filed to 40000003", self.house.run("triage", "alarms"))

    def test_5_what_no_machine_files(self):
        receipt = self.ingest("adopted.txt", "Record of visit\nChild's name: Peregrine Ashgrove\nLCS ID: 40000004 Date of birth: 23/02/2012\n7 Bank Top, Skelmerby, LX3 1RX\n")
        out = self.show(receipt)
        self.assertIn(": proposed", out)
        self.assertIn("restricted, or of an adoption", out)
        self.assertIn("restricted, or of an adoption", self.house.run("triage"))
        receipt = self.ingest("nobody.txt", "INVOICE 4471\nDate 06/09/2024\nTwo beds, delivered\nTOTAL 20.00\n")
        self.assertIn(": none", self.show(receipt))

    def test_6_spoilt_by_recognition(self):
        spoilt = VISIT.replace("Theodora Mae Quillfeather", "Tbeodora Mae Qui1lfcather").replace("12/03/2011", "12l03/2O11").replace("40000001", "4000OOO1")
        self.assertIn(": filed", self.show(self.ingest("spoilt.txt", spoilt)))

    def test_7_it_learns_a_name(self):
        text = "Dear Sir,\nIt is about Dolly Quillfeather. Dolly Quillfeather was here on Monday.\nYours faithfully\n"
        receipt = self.ingest("dolly.txt", text)
        self.assertNotIn(": filed", self.show(receipt))
        self.assertIn("'casefile register aliases'", self.house.run("triage", "file", receipt, "40000001"))
        out = self.house.run("register", "aliases")
        self.assertIn("called Dolly Quillfeather in document", out)
        self.house.run("register", "aliases", "take", out.split()[0])
        self.assertIn("also             Dolly Quillfeather (called so in documents)", self.house.run("register", "show", "40000001"))
        self.assertRegex(self.show(self.ingest("dolly2.txt", text + "She lives at 4 Mill Lane, FW1 8JQ.\n")), "40000001 .*CHOSEN")

    def test_8_the_report(self):
        out = self.house.run("report", "filing")
        self.assertIn("nobody has checked a sample yet", out)
        self.assertRegex(out, r"waiting for a person: 2 documents")
        self.assertIn("no automatic filing waits for a check", self.house.run("triage", "check"))


unittest.main(verbosity=2)
