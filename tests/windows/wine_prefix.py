"""A Wine prefix of a test's own: programs run in it, and everything that runs in it ends with it."""
import os
import pathlib
import shutil
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
RUNNER = SOURCE / "packaging/windows/wine.sh"
SERVER = "/usr/lib/wine/wineserver"


class Prefix:
    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-wine-"))
        self.environment = dict(os.environ, WINEPREFIX=str(self.path / "prefix"), WINEDEBUG="-all")
        # Services end with the last ordinary process of a prefix unless its server is told to stay.
        subprocess.run(["sh", str(RUNNER)], env=self.environment, check=True, timeout=300)
        subprocess.run([SERVER, "-p"], env=self.environment, check=True, timeout=60)
        # Wine's own processes start with the first program, and would hold its pipes open for as long as they live.
        subprocess.run(self.command("cmd", "/c", "exit"), env=self.environment, check=True, timeout=300,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def drive(self):
        return self.path / "prefix/drive_c"

    def command(self, program, *arguments):
        return ["sh", str(RUNNER), str(program), *map(str, arguments)]

    def start(self, program, *arguments, **popen):
        return subprocess.Popen(self.command(program, *arguments), env=self.environment, **popen)

    def run(self, program, *arguments, timeout=120, **options):
        """(exit status's low byte, output, errors) of a program that ends by itself."""
        done = subprocess.run(self.command(program, *arguments), env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=timeout, check=False, **options)
        return done.returncode, done.stdout, done.stderr

    def close(self):
        subprocess.run([SERVER, "-k"], env=self.environment, check=False, timeout=60)
        subprocess.run([SERVER, "-w"], env=self.environment, check=False, timeout=60)
        shutil.rmtree(self.path, ignore_errors=True)


def windows_path(path):
    """How a path of this machine is called in a prefix."""
    return "Z:" + str(pathlib.Path(path).resolve()).replace("/", "\\")
