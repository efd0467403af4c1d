#!/usr/bin/env python3
"""The Windows programs as files: what they import, what they are marked with, and what must not be in them.

usage: windows_files.py DIST_FOLDER
"""
import os
import pathlib
import re
import subprocess
import sys
import unittest

DIST = None
OBJDUMP = "x86_64-w64-mingw32-objdump"
# Every one of them comes with Windows Server 2019.
SYSTEM_DLLS = {"advapi32.dll", "bcrypt.dll", "crypt32.dll", "gdi32.dll", "iphlpapi.dll", "kernel32.dll", "msvcrt.dll", "ole32.dll",
               "psapi.dll", "shell32.dll", "user32.dll", "userenv.dll", "ws2_32.dll", "dbghelp.dll", "tdh.dll", "ntdll.dll"}
MARKS = {"HIGH_ENTROPY_VA", "DYNAMIC_BASE", "NX_COMPAT"}
MAX_BYTES = {"collector.exe": 1536 << 10}


def programs():
    return sorted(DIST.glob("*.exe"))


def headers(path):
    return subprocess.run([OBJDUMP, "-p", str(path)], capture_output=True, text=True, check=True).stdout


class FilesTest(unittest.TestCase):
    def test_the_programs_are_there(self):
        self.assertLessEqual({"policyd.exe", "policyctl.exe", "vitrine-import.exe"}, {p.name for p in programs()})

    def test_they_import_from_the_system_only(self):
        for path in programs():
            imported = {name.lower() for name in re.findall(r"DLL Name: (\S+)", headers(path))}
            self.assertTrue(imported, path)
            self.assertLessEqual(imported, SYSTEM_DLLS, path)

    def test_addresses_are_random_and_data_does_not_run(self):
        for path in programs():
            text = headers(path)
            characteristics = text[text.index("DllCharacteristics"):].split("\n\n")[0]
            for mark in MARKS:
                self.assertIn(mark, characteristics, path)
            # Without relocations a program stays where it was linked to, whatever it is marked with.
            self.assertRegex(text, r"Base Relocation Directory", path)
            size = re.search(r"Entry 5 [0-9a-f]+ ([0-9a-f]+) Base Relocation", text).group(1)
            self.assertGreater(int(size, 16), 0, path)

    def test_they_are_stripped_and_small_enough(self):
        for path in programs():
            sections = subprocess.run([OBJDUMP, "-h", str(path)], capture_output=True, text=True, check=True).stdout
            self.assertNotIn(".debug", sections, path)
            if path.name in MAX_BYTES:
                self.assertLess(path.stat().st_size, MAX_BYTES[path.name])

    def test_nothing_of_the_building_machine_is_in_them(self):
        home = os.path.expanduser("~").encode()
        for path in programs():
            content = path.read_bytes()
            for leak in (home + b"/", b"/tmp/tmp.", str(DIST.parents[2]).encode() + b"/", b"/usr/x86_64-w64-mingw32"):
                self.assertFalse(leak in content, "%s in %s" % (leak, path))


if __name__ == "__main__":
    DIST = pathlib.Path(sys.argv.pop(1)).resolve()
    result = unittest.main(verbosity=2, exit=False).result
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(1 if bad else 0)
