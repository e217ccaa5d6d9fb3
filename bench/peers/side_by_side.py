"""What the scripts of this folder share: two programs in turn on one core, the ratio of their speeds, one table.

A speed is units per CPU second (user and system) of one thread. The peer's is that between a brief and a lasting
amount of the same work, so that no program's start counts; ours is what `atelier bench` prints, which measures alike. A
round measures both, one after the other, and a ratio is of one round: what slows the machine slows both sides of it.
"""
import argparse
import dataclasses
import importlib.util
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclasses.dataclass
class Ours:
    """A row of `atelier bench`, and where its speed stands in the JSON."""
    bench: str
    row: str
    key: str = "speed"
    where: dict = dataclasses.field(default_factory=dict)  # what else the JSON's row says of it


@dataclasses.dataclass
class Row:
    """One piece of work for both sides."""
    work: str  # its name, which the peer's program is given
    ours: Ours
    brief: int  # amounts of the peer's work: some tenths of a second, and some seconds
    lasting: int
    unit: str  # what is counted
    each: float = 1  # units in one of the amount
    goal: float = 1  # the least ratio that is wished for
    differs: str = ""  # what is not the same work


def missing(what, how):
    """Ends the script with exit code 3: something that it needs is not here."""
    print(f"{pathlib.Path(sys.argv[0]).name}: {what} is missing; {how}", file=sys.stderr)
    sys.exit(3)


def require(modules, how, checkout=None):
    """The Python modules that a peer's program imports, of this interpreter or of a checkout, whose folder children see."""
    if checkout:
        os.environ["PYTHONPATH"] = os.pathsep.join(str(pathlib.Path(folder).resolve()) for folder in checkout)
        sys.path[1:1] = os.environ["PYTHONPATH"].split(os.pathsep)
    for module in modules:
        if importlib.util.find_spec(module) is None:
            missing(f"Python's module {module} of {sys.executable}", how)


def run_work(works):
    """As a child of itself a script does one work, `SCRIPT work NAME AMOUNT`: works maps the name to a function."""
    if sys.argv[1:2] == ["work"]:
        works[sys.argv[2]](int(sys.argv[3]))
        sys.exit(0)


def itself(work, amount):
    """The command of a peer whose program is the script itself."""
    return [sys.executable, sys.argv[0], "work", work, str(amount)]


def parser(description):
    """The options of every script; it may add its own."""
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, metavar="N", help="measurements of each side (default: 5)")
    options.add_argument("--only", action="append", metavar="WORK", help="a row, by its name; may be repeated")
    options.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="where both sides run")
    options.add_argument("--atelier", type=pathlib.Path, default=REPOSITORY / "build/release/bin/atelier",
                         help="our program (default: the repository's, as ./atelier builds it)")
    return options


def with_program(description, of):
    """The options of a script whose peer is a program that the user has built, read."""
    options = parser(description)
    options.add_argument("--program", help="the peer's, as above")
    options.add_argument("--flags", help="what it was compiled with, for the table")
    options = options.parse_args()
    if not options.program or not options.flags:
        missing(f"a program of {of}", "name it and its compiler's flags: --program and --flags (--help says what it does)")
    return options


def cpu_seconds(words):
    """CPU seconds of a command, its output dropped. Ends the script when it fails."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if child.returncode:
            sys.exit(f"{shlex.join(map(str, words))}: exit code {child.returncode}\n{said.read().decode()[-2000:]}")
    return usage.ru_utime + usage.ru_stime


def peer_speed(row, command):
    seconds = cpu_seconds(command(row.work, row.lasting)) - cpu_seconds(command(row.work, row.brief))
    return (row.lasting - row.brief) * row.each / seconds


def our_speed(atelier, ours):
    words = [atelier, "bench", ours.bench, ours.row, "--times", "1", "--json"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{shlex.join(map(str, words))}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    [found] = [r for r in json.loads(done.stdout) if all(r[k] == v for k, v in ours.where.items())]
    return found[ours.key]


def our_flags(atelier):
    """Compiler and options of the build that a program of ours lies in."""
    commands = atelier.resolve().parent.parent / "compile_commands.json"
    if not commands.exists():
        return "compiler not known"
    words = next(shlex.split(c["command"]) for c in json.loads(commands.read_text()) if "/envs/" in c["file"])
    compiler = next(word for word in words if word.rsplit("/", 1)[-1].startswith(("c++", "g++", "clang++")))
    version = subprocess.run([compiler, "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
    return " ".join([pathlib.Path(compiler).name, version] + [w for w in words if w.startswith(("-O", "-f", "-m"))])


def figure(x):
    """Three digits: 38.1 M, 3.85 k, 448."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if x >= size:
            return f"{x / size:.3g} {unit}"
    return f"{x:.3g}"


def spread(values):
    return f"{statistics.median(values):.2f} [{min(values):.2f}, {max(values):.2f}]"


def measure(row, options, command):
    """The row's line of the table. The sides take turns in who is first."""
    speeds = {"ours": [], "peer": []}
    sides = {"ours": lambda: our_speed(options.atelier, row.ours), "peer": lambda: peer_speed(row, command)}
    for k in range(options.rounds):
        for side in list(sides) if k % 2 == 0 else reversed(sides):
            speeds[side].append(sides[side]())
    ours, peer = (statistics.median(speeds[side]) for side in ("ours", "peer"))
    ratios = [a / b for a, b in zip(speeds["ours"], speeds["peer"])]
    return (f"| {row.work} | {figure(ours)} | {figure(peer)} | {row.unit} | {spread(ratios)} | {row.goal:g} "
            f"| {row.differs} |")


def compare(options, rows, command, peer):
    """Prints the table. command(work, amount): the peer's; peer: what it is, with version and flags."""
    if not options.atelier.exists():
        missing(str(options.atelier), "build it first: ./atelier list")
    known = [row.work for row in rows]
    for name in options.only or []:
        if name not in known:
            sys.exit(f"--only: no row is called '{name}'; there are: {', '.join(known)}")
    os.environ.update(ONE_THREAD)
    os.sched_setaffinity(0, {options.core})
    print(f"Ours: {our_flags(options.atelier)}.  \nPeer: {peer}.  \n"
          f"Units per CPU second, one thread of core {options.core}, in turn; median of {options.rounds} rounds, of the "
          "ratio [least, most] as well.\n")
    print("| work | Atelier | peer | unit | ratio | goal | not the same work |\n| --- | --- | --- | --- | --- | --- | --- |",
          flush=True)
    for row in rows:
        if not options.only or row.work in options.only:
            print(measure(row, options, command), flush=True)
