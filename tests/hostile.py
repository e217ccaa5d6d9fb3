#!/usr/bin/env python3
"""Files that were made to break their reader, given to the built program, from outside.

Each command must end within a minute, by itself, with exit code 0, 1 or 2; say no "internal fault" and nothing that a terminal
would obey; and write nothing outside of the folder that it was told. tests/hostile.py [--every K] [SECTION...]: each K-th of the files (1); all sections without a name.
Needs python3-h5py. ATELIER_BIN: the folder of the programs (build/release/bin)."""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

HOME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
BIN = os.environ.get("ATELIER_BIN", HOME + "/build/release/bin")
SECONDS = 60
os.environ.update(ATELIER_HOME=HOME, OMP_WAIT_POLICY="passive", PATH=BIN + ":" + os.environ["PATH"])
count = {"files": 0, "commands": 0, "wrong": 0}
every, met = 1, 0


def chosen():
    """Whether it is this file's turn, of each K-th."""
    global met
    met += 1
    return met % every == 0


FORBIDDEN = ("internal fault", "terminate called", "Sanitizer", "runtime error:", "Assertion", "Traceback")


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))


def outside():
    """What lies beside the folder that commands work in."""
    return sorted(name for name in os.listdir("..") if name != "inside") + sorted(os.listdir("../outside"))


def faults_of(code, text, before):
    wrong = [word for word in FORBIDDEN if word in text]
    wrong += [f"exit code {code}"] if code not in (0, 1, 2) else []
    wrong += ["a control character is printed"] if any(ord(c) < 32 and c not in "\n\t\r" or c in "\x7f\x9b" for c in text) else []
    wrong += ["a file outside"] if outside() != before else []
    return wrong


def say(claim, *words, stdin=None):
    """Runs one command; its exit code and text."""
    before = outside()
    count["commands"] += 1
    try:
        done = subprocess.run(["atelier", *words], capture_output=True, timeout=SECONDS, preexec_fn=limits, stdin=stdin)
        code, text = done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")
    except subprocess.TimeoutExpired as late:
        code, text = "none within a minute", ((late.stdout or b"") + (late.stderr or b"")).decode("utf-8", "replace")
    wrong = faults_of(code, text, before)
    if wrong:
        count["wrong"] += 1
        print(f"WRONG  {claim}: atelier {' '.join(words)[:120]}: {', '.join(wrong)}")
        print("\n".join("       | " + line[:160] for line in text.splitlines()[-4:]), flush=True)
    return code, text


def refused(claim, *words, named=""):
    """A command that must be refused: exit code 2 and one message, which names what was refused."""
    code, text = say(claim, *words)
    if code != 2 or text.count("atelier: ") != 1 or named not in text or (named and "unknown key" in text):
        count["wrong"] += 1
        print(f"WRONG  {claim}: atelier {' '.join(words)[:120]}: exit code {code}, expected 2 and one message\n{text[-300:]}", flush=True)


def write(name, text):
    with open(name, "wb") as out:
        out.write(text if isinstance(text, bytes) else text.encode())
    count["files"] += 1
    return name


def trial(name):
    tables = json.load(open(BIN + "/tables.json"))
    return next(e["trial"] for e in tables["agents"] + tables["models"] if e["name"] == name)


def learners():
    tables = json.load(open(BIN + "/tables.json"))
    return [e["name"] for e in tables["agents"] + tables["models"]]


made = {}


def run_of(name, yaml=None, *more):
    """The folder of a finished run, made once."""
    if name not in made:
        write(name + ".yaml", yaml or trial(name))
        code, text = say("a run", "run", name + ".yaml", "--quiet", "--force", "--out", "run-" + name, *more)
        if code != 0:
            sys.exit(f"{name} does not run:\n{text}")
        made[name] = "run-" + name
    return made[name]


def unseal(file):
    for name in ("seal", "contents"):
        file.attrs.pop(name, None)


def copy(run, unsealed=()):
    """A fresh copy of a run; of some files all checksums are taken away, as somebody would who knows of them."""
    shutil.rmtree("copy", ignore_errors=True)
    shutil.copytree(run, "copy")
    if os.path.exists("copy/previous.h5"):
        os.remove("copy/previous.h5")  # which would take the place of a damaged last.h5
    for name in ("run.h5", "episodes.h5"):
        if os.path.exists("copy/" + name):
            with h5py.File("copy/" + name, "r+") as file:
                unseal(file)
    for name in unsealed:
        with h5py.File("copy/" + name, "r+") as file:
            unseal(file)
            file.visititems(lambda _, item: item.attrs.pop("crc32", None))
    count["files"] += 1
    return "copy"


def reading(run):
    """What reads the files of a run and needs no LibTorch."""
    shutil.rmtree("out", ignore_errors=True)
    os.mkdir("out")
    yield "verify", run
    yield "report", run, "--out", "out/x.html"
    yield "diff", run, made["agent"]
    for kind, path in (("csv", "x.csv"), ("tensorboard", "events"), ("minari", "x-v0"), ("d4rl", "x.hdf5")):
        yield "export", run, "--format", kind, "--out", "out/" + path
    yield "watch", run, "--frames", "out/frames", "--max-steps", "3"


AGENT = """agent: dqn
env: {id: CartPole-v1, max_episode_steps: 20}
train: {steps: 60}
dqn: {buffer_size: 200, learning_starts: 20, num_envs: 2}
eval: {episodes: 2}
"""
MODEL = "model: vae\ndata: {name: stripes, train_size: 200, test_size: 50, batch_size: 50}\nnet: {hidden: [8]}\ntrain: {steps: 4}\n"


def base():
    run_of("agent", AGENT)
    run_of("model", MODEL)


# Sections -------------------------------------------------------------------------------------------------------------------


def other_attributes(old):
    """What could stand in the place of an attribute."""
    yield np.array([1, 2, 3])
    yield h5py.Empty("i8")
    yield "text of variable length"
    yield np.int64(-(2**63))
    yield np.float64("nan")
    yield np.bytes_(b"\x1b[2J\x07<script>alert(1)</script>")
    yield np.bytes_(b"../" * 20 + b"outside/x")
    yield np.zeros((), dtype=[("a", "i4"), ("b", "S3")])


def attributes():
    base()
    for run in ("agent", "model"):
        for name in ("run.h5", "episodes.h5", "last.h5", "best.h5"):
            if not os.path.exists(f"{made[run]}/{name}"):
                continue
            places = []
            with h5py.File(f"{made[run]}/{name}") as file:
                places += [("/", a) for a in file.attrs if a not in ("seal", "contents")]  # which copy() takes away
                file.visititems(lambda path, item: places.extend((path, a) for a in item.attrs if a != "crc32") if len(places) < 60 else None)
            for path, attribute in places[:: 1 if name != "run.h5" else 2]:
                for other in list(other_attributes(None))[:: 1 if path == "/" else 3]:
                    if not chosen():
                        continue
                    folder = copy(made[run], [name])
                    with h5py.File(f"{folder}/{name}", "r+") as file:
                        del file[path].attrs[attribute]
                        file[path].attrs[attribute] = other
                    claim = f"{name}: attribute {attribute} of {path} is {other!r}"[:110]
                    few = list(reading(folder))
                    for words in few[:2] + few[3:4] + few[-1:] if name != "last.h5" and name != "best.h5" else few[:1]:
                        say(claim, *words)
                    if name in ("last.h5", "best.h5"):
                        say(claim, "eval", folder, "--policy", name[:4], "--episodes", "1")


def replaced(file, path, data, **how):
    del file[path]
    return file.create_dataset(path, data=data, **how)


def other_datasets(old):
    """What could stand in the place of a dataset: of another rank, kind and size."""
    yield np.zeros((0,), old.dtype)
    yield np.zeros((3, 2, 2), old.dtype)
    yield np.array(1, dtype="f8")
    yield np.array([b"text"] * 2)
    yield np.zeros((2,), dtype=[("step", "i8")])
    yield h5py.Empty("f4")
    yield np.array(["of variable", "length"], dtype=h5py.string_dtype())


def datasets():
    base()
    for run in ("agent", "model"):
        for name in ("run.h5", "episodes.h5", "last.h5"):
            if not os.path.exists(f"{made[run]}/{name}"):
                continue
            paths = []
            with h5py.File(f"{made[run]}/{name}") as file:
                file.visititems(lambda path, item: paths.append(path) if isinstance(item, h5py.Dataset) else None)
            for path in paths:
                with h5py.File(f"{made[run]}/{name}") as file:
                    others = list(other_datasets(file[path]))
                for other in others:
                    if not chosen():
                        continue
                    folder = copy(made[run], [name])
                    with h5py.File(f"{folder}/{name}", "r+") as file:
                        replaced(file, path, other)
                    claim = f"{name}: {path} is {str(other)[:20]!r} {getattr(other, 'dtype', '')}"
                    if name == "last.h5":
                        say(claim, "eval", folder, "--policy", "last", "--episodes", "1")
                    else:
                        for words in reading(folder):
                            say(claim, *words)


def restored():
    """Every value that a learner restores, but for its weights, becomes one that breaks readers."""
    random = np.random.default_rng(1)
    for name in learners():
        run = run_of(name)
        paths = []
        with h5py.File(run + "/last.h5") as file:
            file.visititems(lambda path, item: paths.append(path) if isinstance(item, h5py.Dataset) else None)
        paths = [p for p in paths if p.split("/")[0] in ("buffers", "envs", "streams", "tallies", "logged")]
        for path in paths:
            for kind in ("ones", "top", "zeros", "some"):
                if not chosen():
                    continue
                folder = copy(run, ["last.h5"])
                with h5py.File(folder + "/last.h5", "r+") as file:
                    data = file[path][()]
                    if data.size == 0:
                        continue
                    raw = bytearray(data.tobytes())
                    if kind == "some":
                        for k in random.integers(0, len(raw), 8):
                            raw[k] = random.integers(0, 256)
                    else:
                        at = 8 * random.integers(0, max(1, len(raw) // 8))
                        value = {"ones": b"\xff" * 8, "top": b"\x00" * 6 + b"\x00\x7f", "zeros": b"\x00" * 8}[kind]
                        raw[at : at + 8] = value[: len(raw[at : at + 8])]
                    file[path][...] = np.frombuffer(bytes(raw), data.dtype).reshape(data.shape)
                say(f"{name}: {path} ({kind})", "run", "--resume", folder, "--quiet", *longer(run))


def longer(run):
    """A resume's argument: a budget of a few steps more."""
    with h5py.File(run + "/last.h5") as file:
        config, step = file["config"][()].decode().rstrip("\0"), int(file["counters"].attrs["step"])
    unit = next((u for u in ("steps", "env_steps", "epochs", "samples") if f"\n  {u}: " in config and f"\n  {u}: ~" not in config), "steps")
    held = int(file_counter(run, unit) or step)
    return [f"train.{unit}={held + max(2, held // 10)}"]


def file_counter(run, unit):
    with h5py.File(run + "/last.h5") as file:
        return {"steps": file["counters"].attrs["step"]}.get(unit, file["counters"].attrs.get({"epochs": "epoch"}.get(unit, unit)))


def links():
    base()

    def soft(file, path):
        del file[path]
        file[path] = h5py.SoftLink("/config")

    def external(file, path):
        del file[path]
        file[path] = h5py.ExternalLink(os.path.abspath("../outside/secret.h5"), "/x")

    def cycle(file, path):
        del file[path]
        file[path] = file["/"]

    def bytes_elsewhere(file, path):
        del file[path]
        file.create_dataset(path, (4,), "f4", external=[(os.path.abspath("../outside/secret"), 0, 16)])

    def virtual(file, path):
        del file[path]
        layout = h5py.VirtualLayout((4,), "f4")
        layout[:] = h5py.VirtualSource(os.path.abspath("../outside/secret.h5"), "x", (4,))
        file.create_virtual_dataset(path, layout)

    def enormous(file, path):
        del file[path]
        file.create_dataset(path, (1 << 50,), "f8", chunks=(1 << 20,), maxshape=(None,))

    def large_chunk(file, path):
        del file[path]
        file.create_dataset(path, (1 << 29,), "f8", chunks=(1 << 28,), maxshape=(None,))

    with h5py.File("../outside/secret.h5", "w") as secret:
        secret["x"] = np.ones(4, "f4")
    write("../outside/secret", b"secret secret secret secret")
    for name in ("run.h5", "episodes.h5", "last.h5"):
        paths = []
        with h5py.File(f"{made['agent']}/{name}") as file:
            file.visititems(lambda path, item: paths.append(path))
        for change in (soft, external, cycle, bytes_elsewhere, virtual, enormous, large_chunk):
            for path in paths[:: 1 if name != "last.h5" else 6]:
                if not chosen():
                    continue
                folder = copy(made["agent"], [name])
                with h5py.File(f"{folder}/{name}", "r+") as file:
                    change(file, path)
                claim = f"{name}: {path} is {change.__name__}"
                for words in list(reading(folder)) if name != "last.h5" else [("verify", folder), ("eval", folder, "--policy", "last", "--episodes", "1")]:
                    say(claim, *words)


def cut():
    """Files that are cut short, empty, of zeros, of noise, or no files at all."""
    base()
    random = np.random.default_rng(2)
    for name in ("run.h5", "episodes.h5", "last.h5", "best.h5"):
        size = os.path.getsize(f"{made['agent']}/{name}")
        for kind in ("empty", "head", "half", "end", "zeros", "noise", "fifo", "folder", "loop", "zero"):
            if not chosen():
                continue
            folder = copy(made["agent"])
            path = f"{folder}/{name}"
            whole = open(path, "rb").read()
            os.remove(path)
            content = {"empty": b"", "head": whole[:100], "half": whole[: size // 2], "end": whole[:-7], "zeros": bytes(size), "noise": random.bytes(size)}
            if kind in content:
                write(path, content[kind])
            elif kind == "fifo":
                os.mkfifo(path)
            elif kind == "folder":
                os.mkdir(path)
            else:
                os.symlink(name if kind == "loop" else "/dev/zero", path)
            for words in list(reading(folder)) + [("eval", folder, "--episodes", "1"), ("run", "--resume", folder, "--quiet", "train.steps=70")]:
                say(f"{name} ({kind})", *words)


def names():
    """Names that are paths, commands for a shell or a terminal, or HTML."""
    base()
    evil = ["../../outside/x", "/tmp/../" + os.path.abspath("../outside/x"), "a;touch ../outside/x", "$(touch ../outside/x)", "`touch ../outside/x`",
            "\x1b]0;x\x07\x1b[2J", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'\"><svg/onload=alert(1)>", "x" * 300, "x" * 5000, "\u202eabc", "-rf", ".."]
    for text in evil:
        for attribute in ("name", "seed", "learner", "command", "score", "start", "status", "failure", "host"):
            if not chosen():
                continue
            folder = copy(made["agent"])
            with h5py.File(folder + "/run.h5", "r+") as file:
                file.attrs[attribute] = np.bytes_(text.encode())
            for words in reading(folder):
                code, said = say(f"{attribute} is {text[:30]!r}", *words)
                if os.path.exists("out/x.html") and "<script>alert" + "(1)" in open("out/x.html", errors="replace").read():
                    count["wrong"] += 1
                    print(f"WRONG  {attribute} is {text!r}: stands in the page as it is")
        refused(f"out is {text[:30]!r}", "run", "agent.yaml", "name=" + text, "--quiet") if "/" in text or text == ".." else None
    for text in ("x" * 300, "x" * 100000):
        refused("a long name", "run", text)
        refused("a long name", "describe", text)
        refused("a long name", "eval", text)
    os.symlink("loop", "loop") if not os.path.islink("loop") else None
    for command in (("run", "loop"), ("eval", "loop"), ("verify", "loop"), ("import", "loop", "--out", "out/x.h5"), ("watch", "loop", "--frames", "out/f"), ("run", "agent.yaml", "--out", "loop/x")):
        refused("a loop of links", *command)


def yaml():
    base()
    deep, many = "a: " + "[" * 60000, "".join(f"k{k}: 1\n" for k in range(100000))
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"{chr(98 + k)}: &{chr(98 + k)} [{', '.join(['*' + chr(97 + k)] * 10)}]\n" for k in range(9))
    for kind, text in (("deep", deep), ("many keys", many), ("aliases", bomb), ("a cycle", "a: &a [*a]\n"), ("NUL", b"agent: ppo\0\n"), ("a NUL in quotes", 'name: "a\\0b"\nagent: ppo\nenv: CartPole-v1\ntrain: {steps: 1}\n'),
                       ("no UTF-8", b"name: \xff\xfe\n"), ("an escape", b"name: \x1b[2J\n"), ("large", b"#" * 5_000_000), ("a list", "- 1\n"), ("nothing", ""), ("a tag", "a: !!python/object:x {}\n"),
                       ("a long number", "train: {steps: " + "9" * 5000 + "}\n"), ("two documents", "a: 1\n---\nb: 2\n")):
        refused(f"YAML: {kind}", "run", write("x.yaml", text))
        refused(f"YAML: {kind}", "sweep", "x.yaml")
    refused("60,000 levels", "run", "agent.yaml", ".".join(["a"] * 60000) + "=1")
    refused("60,000 brackets", "run", "agent.yaml", "env=" + "[" * 60000)
    os.mkfifo("fifo") if not os.path.exists("fifo") else None
    for file in ("fifo", "/dev/zero", "/dev/full", "/proc/self/mem", ".", "nothing.yaml"):
        for words in (("run", file), ("check", file), ("sweep", file), ("env", "CartPole-v1", "--steps", "3", "--actions", file), ("import", file, "--out", "out/x.h5"), ("verify", file), ("eval", file)):
            if file != "." or words[0] not in ("verify", "eval"):  # which take a folder of runs
                refused(f"{file} as a file", *words)
        for source in ("csv", "idx", "text"):
            keys = ", ".join(f"{key}: {file}" for key in KEYS[source])
            refused(f"{file} as data", "check", write("data.yaml", f"model: {'gpt' if source == 'text' else 'mlp'}\ndata: {{name: {source}, {keys}}}\ntrain: {{steps: 1}}\n"), named="/inside/" if file == "." else file)
    for words in (("Pendulum-v1", "env.max_torque=1e18"), ("Pendulum-v1", "env.gravity=1e300"), ("Pendulum-v1", "env.dt=1e300"), ("CartPole-v1", "env.dt=0"), ("GridWorld-v0", "env.size=100000"),
                  ("FrozenLake-v1", "env.map_name=random", "env.map_size=1000"), ("FrozenLake-v1", "env.map_name=random", "env.map_size=1000", "env.map_ice=0.3"), ("FrozenLake-v1", "env.map_name=random", "env.map_ice=1e-300")):
        say("an environment of odd options", "env", words[0], *words[1:], "--steps", "100")
    odd_options()
    with open(write("model_options.yaml", MODEL)):
        pass
    for words in (("net.hidden=[65536,65536]",), ("net.hidden=[" + ",".join(["4096"] * 1000) + "]",), ("vae.latent=1000000",), ("data.train_size=1000000000000",), ("data.batch_size=1000000000",), ("record.n=1000000000",)):
        say("a model of odd options", "check", "model_options.yaml", *words)


def odd_options():
    """Each number of each environment at both ends of its range, and far beyond them."""
    for env in json.load(open(BIN + "/tables.json"))["envs"]:
        for option in env["options"]:
            if option["type"].startswith(("number", "whole")) and not env["name"].startswith("MiniGrid"):
                for value in (0, -1, 1e12, -1e12, 1e-300, "nan"):
                    if chosen():
                        say(f"{env['name']}: {option['name']}={value}", "env", env["name"], f"{option['name']}={value}", "--steps", "20")


KEYS = {"csv": ("path",), "idx": ("train_inputs", "train_labels", "test_inputs", "test_labels"), "text": ("file",)}


def idx(dims, kind=8, body=b""):
    return bytes([0, 0, kind, len(dims)]) + b"".join(int(d).to_bytes(4, "big") for d in dims) + body


def data():
    base()
    parts = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    experiment = "model: mlp\ndata: {name: idx, batch_size: 1, " + ", ".join(f"{key}: idx/{part}" for key, part in zip(KEYS["idx"], parts)) + "}\ntrain: {steps: 1}\n"
    good = [idx([4, 2, 2], body=bytes(16)), idx([4], body=bytes([0, 1, 0, 1]))] * 2
    for part in range(4):
        for kind, content in (("zero rows", idx([0, 2, 2])), ("zero columns", idx([4, 0, 2])), ("enormous", idx([2**31, 2**31, 2])), ("no dimension", idx([])), ("many dimensions", idx([1] * 255)),
                              ("another kind", idx([4, 2, 2], 0x07, bytes(64))), ("short", idx([4, 2, 2], body=bytes(3))), ("empty", b""), ("negative", idx([2**32 - 1, 2, 2]))):
            shutil.rmtree("idx", ignore_errors=True)
            os.mkdir("idx")
            for k, name in enumerate(parts):
                write("idx/" + name, content if k == part else good[k])
            refused(f"IDX: {parts[part]} of {kind}", "check", write("idx.yaml", experiment), named="ubyte")
    for kind, text in (("no line", ""), ("one line", "a,b\n"), ("ragged", "a,b\n1,2\n3\n"), ("words", "a,b\nx,y\n"), ("quotes", 'a,b\n"1,2\n'), ("NUL", b"a,b\n1,\0\n"), ("infinite", "a,b\ninf,1\nnan,2\n"), ("wide", ",".join("x" * 1 for _ in range(200000)) + "\n")):
        say(f"CSV: {kind}", "check", write("csv.yaml", f"model: mlp\ndata: {{name: csv, batch_size: 1, path: {write('x.csv', text)}, target: b}}\ntrain: {{steps: 1}}\n"))
        say(f"actions: {kind}", "env", "Pendulum-v1", "--steps", "3", "--actions", write("x.csv", text))
    foreign()


def foreign():
    """Minari and D4RL."""
    say("a Minari folder", "export", made["agent"], "--format", "minari", "--out", "good-v0")
    meta = json.load(open("good-v0/data/metadata.json"))
    for key in list(meta):
        for other in (None, 7, -1, 1e300, [], {}, "text", "../../outside/x", True, [[[[]]]]):
            shutil.rmtree("x-v0", ignore_errors=True)
            shutil.copytree("good-v0", "x-v0")
            write("x-v0/data/metadata.json", json.dumps({**meta, key: other}))
            say(f"metadata: {key} is {other!r}", "import", "x-v0", "--out", "out.h5")
    for text in ("", "[", "[" * 100000, "null", '{"a":' * 50000, b"\xff\xfe", '{"total_episodes": 1e999}'):
        write("x-v0/data/metadata.json", text)
        refused(f"metadata: {text[:20]!r}", "import", "x-v0", "--out", "out.h5")
    paths = []
    with h5py.File("good-v0/data/main_data.hdf5") as file:
        file.visititems(lambda path, item: paths.append(path) if "episode_0" in path and isinstance(item, h5py.Dataset) else None)
    for path in paths:
        with h5py.File("good-v0/data/main_data.hdf5") as file:
            others = list(other_datasets(file[path]))
        for other in others:
            shutil.rmtree("x-v0", ignore_errors=True)
            shutil.copytree("good-v0", "x-v0")
            with h5py.File("x-v0/data/main_data.hdf5", "r+") as file:
                replaced(file, path, other)
            say(f"Minari: {path} is {str(other)[:20]!r}", "import", "x-v0", "--out", "out.h5")
    say("a D4RL file", "export", made["agent"], "--format", "d4rl", "--out", "good.hdf5")
    with h5py.File("good.hdf5") as file:
        paths = [name for name in file if isinstance(file[name], h5py.Dataset)]
        others = {path: list(other_datasets(file[path])) for path in paths}
    for path in paths:
        for other in others[path]:
            shutil.copy("good.hdf5", "x.hdf5")
            with h5py.File("x.hdf5", "r+") as file:
                replaced(file, path, other)
            say(f"D4RL: {path} is {str(other)[:20]!r}", "import", "x.hdf5", "--out", "out.h5")


SECTIONS = {f.__name__: f for f in (attributes, datasets, restored, links, cut, names, yaml, data)}


def main():
    global every
    words = sys.argv[1:]
    if words[:1] == ["--every"]:
        every = int(words[1])
        words = words[2:]
    wanted = words or list(SECTIONS)
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        sys.exit(f"no section {unknown[0]!r}; there are: {', '.join(SECTIONS)}")
    with tempfile.TemporaryDirectory() as scratch:
        for folder in ("inside", "outside"):
            os.mkdir(f"{scratch}/{folder}")
        os.chdir(scratch + "/inside")
        os.environ["HOME"] = scratch + "/inside"
        for name in wanted:
            before = dict(count)
            SECTIONS[name]()
            print(f"{name}: {count['files'] - before['files']} files, {count['commands'] - before['commands']} commands, {count['wrong'] - before['wrong']} wrong", flush=True)
        os.chdir("/")
    print(f"{count['files']} files, {count['commands']} commands, {count['wrong']} wrong")
    sys.exit(count["wrong"] > 0)


main()
