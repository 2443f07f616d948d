"""A process that bench/cpu.py or bench/gpu.py drives, by the protocol of bench/peers/turns.py."""
import os
import pathlib
import select
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ANSWER_SECONDS = 300.0  # torch.compile takes some; a peer that takes longer hangs

# What would decide kernels or threads for one of the players only.
SETTINGS = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
            "MKL_DEBUG_CPU_TYPE", "LD_PRELOAD", "XLA_FLAGS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"}


class Failed(Exception):
    """A process that did not do what it was told."""


class Process:
    """One player at work: a line in, a line out, and idle in between."""

    def __init__(self, command, environment):
        self.errors = tempfile.TemporaryFile()
        clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        self.child = subprocess.Popen(command, cwd=ROOT, env={**clean, **environment}, bufsize=0, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=self.errors)

    def answer(self, seconds=ANSWER_SECONDS):
        """The next line that is an answer; libraries may print others."""
        end = time.monotonic() + seconds
        while True:
            if not select.select([self.child.stdout], [], [], max(0.0, end - time.monotonic()))[0]:
                self.close()
                raise Failed(f"no answer within {seconds:.0f} s")
            line = self.child.stdout.readline().decode(errors="replace")
            if not line:
                raise Failed(self.last_words())
            if line.startswith("="):
                return line[1:].strip()
            if line.startswith("!"):
                raise Failed(line[1:].strip())

    def tell(self, *words):
        try:
            self.child.stdin.write((" ".join(map(str, words)) + "\n").encode())
        except OSError as e:
            raise Failed(self.last_words()) from e

    def ask(self, *words):
        self.tell(*words)
        return self.answer()

    def is_alive(self):
        return self.child.poll() is None

    def last_words(self):
        try:
            if self.child.wait(5) < 0:
                return f"it was ended by signal {-self.child.returncode}"
        except subprocess.TimeoutExpired:
            self.close()
        self.errors.seek(0)
        lines = [line.strip() for line in self.errors.read().decode(errors="replace").splitlines() if line.strip()]
        told = [line for line in lines if "Error" in line or "Exception" in line] or lines
        return told[-1][:300] if told else f"it ended with exit code {self.child.returncode}"

    def peak_memory(self):
        """MiB of the resident set at its highest."""
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    def processor_seconds(self):
        try:
            fields = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.child.kill()
        self.child.wait()
