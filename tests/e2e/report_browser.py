#!/usr/bin/env python3
"""policyd replay --html in headless Chromium: makes recordings and reports of them, and runs browser/report.mjs on these.

usage: report_browser.py BIN_FOLDER SOURCE_FOLDER WORK_FOLDER ALERTS [SCREENSHOT_FOLDER]
ALERTS: how many the largest report has, or a few more.
Needs chromium, node, and playwright-core by npm (tests/support/foreign_tools.py). Skipped (77) where one of these is missing.
"""
import os
import pathlib
import shutil
import subprocess
import sys

import report_data

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import foreign_tools

SKIPPED = 77


def skip(why):
    print("skipped: " + why)
    sys.exit(SKIPPED)


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return skip("no chromium here")


def playwright():
    try:
        return foreign_tools.fetch("playwright") / "package" / "index.mjs"
    except foreign_tools.Missing as why:
        return skip(str(why))


def make(policyd, folder, name, text):
    """A report of events given as lines."""
    (folder / "rules.yaml").write_text(report_data.RULES)
    (folder / (name + ".jsonl")).write_text(text)
    done = subprocess.run([policyd, "replay", "-r", folder / "rules.yaml", "--html", folder / (name + ".html"), folder / (name + ".jsonl")],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
    if done.returncode != 0:
        sys.exit("policyd failed: " + done.stderr.decode(errors="replace"))


def make_all(policyd, source, folder, alerts):
    make(policyd, folder, "hostile", report_data.hostile())
    make(policyd, folder, "many", report_data.many(alerts * 85 // 100))    # every fifth gives two
    for name, recording in (("webshell", "tests/scenario/webshell/webshell.vst"), ("gaps", "tests/golden/wire/v1/every_frame.vst")):
        subprocess.run([policyd, "replay", "-r", source / "rules/windows", "--html", folder / (name + ".html"), source / recording],
                       stdout=subprocess.DEVNULL, check=True, timeout=120)


def main(bin_folder, source, work, alerts, *screenshots):
    policyd, source, work = pathlib.Path(bin_folder).resolve() / "policyd", pathlib.Path(source).resolve(), pathlib.Path(work).resolve()
    chromium = browser()
    if not shutil.which("node"):
        skip("no node here")
    driver = playwright()
    work.mkdir(parents=True, exist_ok=True)
    make_all(policyd, source, work, int(alerts))
    environment = dict(os.environ, CHROMIUM=chromium, PLAYWRIGHT=driver.as_uri(), REPORTS=str(work), ALERTS=alerts, HOME=str(work))
    done = subprocess.run(["node", source / "tests/e2e/browser/report.mjs", *(str(pathlib.Path(s).resolve()) for s in screenshots)], env=environment, timeout=280)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
