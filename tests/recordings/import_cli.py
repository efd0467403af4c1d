#!/usr/bin/env python3
"""vitrine-import from outside: outputs, exit codes, messages, on small trace files of our own making.

usage: import_cli.py VITRINE_IMPORT
"""
import gzip
import json
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import etl_build  # noqa: E402

HELLO, RECORDS, LOSS, END = 1, 2, 3, 6
PROGRAM = ""


def run(*arguments, stdin=b""):
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def frames(stream):
    """A .vst -> its frame types in order, RECORDS in a row counted once."""
    assert stream[:8] == b"VTRINE\0\1", stream[:8]
    types, at = [], 8
    while at < len(stream):
        length, kind = struct.unpack_from("<IB", stream, at)
        if not (types and types[-1] == kind == RECORDS):
            types.append(kind)
        at += 8 + length
    assert at == len(stream), "the last frame is cut"
    return types


class ImportTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.sample = self.make("sample.etl", etl_build.sample())

    def make(self, name, data):
        path = pathlib.Path(self.folder.name, name)
        path.write_bytes(data)
        return path

    def events(self, *arguments, stdin=b""):
        done = run("--summary", "--json", *arguments, stdin=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line)["events"] for line in done.stdout.splitlines()]

    def test_stream_goes_to_a_file_or_standard_output(self):
        out = pathlib.Path(self.folder.name, "out.vst")
        self.assertEqual(run("-o", out, self.sample).returncode, 0)
        piped = run("-o", "-", self.sample)
        self.assertEqual(piped.stdout, out.read_bytes())
        self.assertEqual(run("--", self.sample).stdout, out.read_bytes())
        self.assertEqual(frames(piped.stdout), [HELLO, RECORDS, END])

    def test_compressed_inputs_give_the_same_stream(self):
        packed = self.make("sample.etl.gz", gzip.compress(etl_build.sample()))
        subprocess.run(["zstd", "-q", str(self.sample)], check=True)
        want = run("-o", "-", self.sample).stdout
        self.assertEqual(run("-o", "-", packed).stdout, want)
        self.assertEqual(run("-o", "-", str(self.sample) + ".zst").stdout, want)

    def test_standard_input_is_an_input(self):
        self.assertEqual(self.events("-", stdin=etl_build.sample()), [15])
        self.assertEqual(run("-o", "-", "-", stdin=etl_build.sample()).stdout, run("-o", "-", self.sample).stdout)

    def test_several_inputs_follow_each_other_under_one_end(self):
        done = run("-o", "-", self.sample, self.sample)
        self.assertEqual(frames(done.stdout), [HELLO, RECORDS, HELLO, RECORDS, END])
        self.assertEqual(self.events(self.sample, self.sample), [15, 15])

    def test_folders_and_patterns_stand_for_their_files(self):
        folder = pathlib.Path(self.folder.name, "case")
        (folder / "b" / "c").mkdir(parents=True)
        for name in ("a.etl", "b/x.etl", "b/c/y.etl"):
            (folder / name).write_bytes(etl_build.sample())
        (folder / "b" / "README").write_bytes(b"no recording")
        (folder / "b" / "loop").symlink_to(folder)
        found = ["%s/%s" % (folder, name) for name in ("a.etl", "b/c/y.etl", "b/x.etl")]
        self.assertEqual(self.files(folder), found)
        self.assertEqual(self.files("%s/*/*.etl" % folder), found[2:])
        self.assertEqual(self.files("%s/?.etl" % folder), found[:1])
        self.assertEqual(run("--summary", "%s/*.evtx" % folder).returncode, 1)

    def files(self, argument):
        done = run("--summary", "--json", argument)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line)["file"] for line in done.stdout.splitlines()]

    def test_summary_has_the_agreed_keys(self):
        summary = json.loads(run("--summary", "--json", self.sample).stdout)
        self.assertEqual(list(summary), ["file", "events", "lost", "damage", "first", "last", "counts"])
        self.assertEqual(summary["file"], str(self.sample))
        self.assertEqual(summary["first"], "2019-04-17T18:40:00.0000000Z")
        process = {"provider": str(etl_build.PROCESS), "name": "Process", "id": None, "opcode": 1, "version": 2, "count": 6}
        self.assertIn(process, summary["counts"])

    def test_what_the_session_lost_is_told_and_in_the_stream(self):
        lossy = self.make("lossy.etl", etl_build.first_buffer(events_lost=7, buffers_lost=2))
        done = run("-o", "-", lossy)
        self.assertEqual(frames(done.stdout), [HELLO, LOSS, LOSS, RECORDS, END])
        self.assertIn(b"7 events were lost before the recording was written", done.stderr)
        self.assertEqual(json.loads(run("--summary", "--json", lossy).stdout)["lost"], 9)

    def test_damage_is_told_with_its_offset_and_is_no_failure(self):
        cut = self.make("cut.etl", etl_build.sample()[:-400])
        done = run("-o", "-", cut)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, rb"damaged at offset 1536: the file ends inside a buffer; \d+ bytes lost")
        self.assertIn(LOSS, frames(done.stdout))
        self.assertEqual(json.loads(run("--summary", "--json", cut).stdout)["damage"], 1)

    def test_a_file_of_no_known_shape_costs_one_line(self):
        self.make("index.jsonl", b'{"a": 1}\n{"b": 2}\nno json\n')
        done = run("-o", "-", self.folder.name + "/index.*")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.decode(), "%s/index.jsonl: passed over: no recording of a known format\n" % self.folder.name)
        mixed = self.make("mixed.jsonl", b'{"a": 1}\n{"EventID": 1, "Channel": "c", "SourceName": "s"}\n')
        self.assertIn(b"line 1: an object that is no event of a known shape", run("-o", "-", mixed).stderr)

    def test_a_cut_compressed_file_gives_what_is_there(self):
        packed = gzip.compress(etl_build.sample() + etl_build.sample()[512:], 0)
        cut = self.make("cut.etl.gz", packed[:1400])
        done = run("--summary", "--json", cut)
        self.assertEqual(done.returncode, 0)
        self.assertGreater(json.loads(done.stdout)["events"], 1)
        self.assertEqual(json.loads(done.stdout)["damage"], 1)

    def test_a_clean_import_says_nothing(self):
        clean = self.make("clean.etl", etl_build.first_buffer())
        self.assertEqual(run("-o", "-", clean).stderr, b"")

    def test_an_unreadable_input_fails_and_leaves_no_file(self):
        out = pathlib.Path(self.folder.name, "none.vst")
        text = self.make("text.etl", b"this is no recording")
        for bad in (text, "no/such/file"):
            done = run("-o", out, bad)
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stderr)
            self.assertFalse(out.exists())
        self.assertIn(b"tried: etl", run("-o", out, text).stderr)

    def test_an_unreadable_input_does_not_cost_the_others(self):
        done = run("-o", "-", "no/such/file", self.sample)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(frames(done.stdout), [HELLO, RECORDS, END])

    def test_a_full_disk_is_an_error(self):
        done = run("-o", "/dev/full", self.sample)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot write", done.stderr)

    def test_wrong_usage(self):
        for arguments in ([], ["--nonsense", self.sample], ["-o"], ["--json", self.sample], ["-o", "x", "--summary", self.sample],
                          ["-o", self.sample, self.sample]):
            self.assertEqual(run(*arguments).returncode, 2, arguments)
        self.assertEqual(self.sample.read_bytes(), etl_build.sample())
        self.assertEqual(run("--help").returncode, 0)

    def test_interrupt_ends_with_a_whole_stream(self):
        buffers = b"".join(etl_build.buffer(etl_build.system(17, 15, 46, etl_build.FIRST + n) * 20) for n in range(64))
        child = subprocess.Popen([PROGRAM, "-o", "-", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        out = pathlib.Path(self.folder.name, "interrupted.vst")
        with out.open("wb") as sink:
            drain = subprocess.Popen(["cat"], stdin=child.stdout, stdout=sink)
            child.stdout.close()
            child.stdin.write(etl_build.first_buffer())
            for _ in range(1000):    # 32 MiB: more than the sort window, so that records flow
                child.stdin.write(buffers)
            child.send_signal(signal.SIGINT)
            time.sleep(0.1)
            try:
                for _ in range(400):
                    child.stdin.write(buffers)
            except BrokenPipeError:
                pass
            try:
                child.stdin.close()
            except BrokenPipeError:
                pass
            child.wait(60)
            drain.wait(60)
        child.stderr.close()
        self.assertEqual(child.returncode, 130)
        self.assertEqual(frames(out.read_bytes())[-1], END)


    def test_interrupt_of_a_waiting_import_is_no_damage(self):
        out = pathlib.Path(self.folder.name, "waiting.vst")
        child = subprocess.Popen([PROGRAM, "-o", str(out), "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdin.write(etl_build.sample()[:-100])
        child.stdin.flush()
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(60), 130)
        self.assertNotIn(b"damaged", child.stderr.read())
        self.assertEqual(frames(out.read_bytes()), [HELLO, RECORDS, END])
        child.stdin.close()
        child.stderr.close()


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    outcome = unittest.main(exit=False, verbosity=0).result
    bad = len(outcome.failures) + len(outcome.errors)
    print("%d passed, %d failed, %d skipped" % (outcome.testsRun - bad - len(outcome.skipped), bad, len(outcome.skipped)))
    sys.exit(1 if bad or not outcome.testsRun else 0)
