#!/usr/bin/python3
"""Spend some minutes of a GPU on the CNNs of the decks: first what fixes their epochs, then what judges them.

  python3 on_gpu.py --data FOLDER --out FOLDER --seconds 600

FOLDER of --data holds the files of both data sets, plain or gzipped one by one. It may still be filling: an experiment
waits until its last file is there, and another goes first (move files into the folder when they are whole). Needs no
network, and of this repository only the Python files and recipes.json.

The order is that in which an early end loses least:

  1. one validation run of each experiment, which fixes its epochs by the rule of choose_epochs.py -> validation-gpu.json
  2. `full` in test mode for that many epochs, seed 1 of each, then 2 and 3, then more            -> full-cnn-gpu.json
     and seed 1 of each once more in float32, without TF32, after seed 3          -> full-cnn-gpu-float32.json

--no-validation leaves step 1 out and trains for the epochs of the recipe, which an earlier validation fixed.

A validation run ends after 400 epochs, or after 100 without a new best accuracy. A result is written after every seed, and
the same command goes on after the last one. A seed that would not finish in the seconds that are left is not begun;
one that is cut off all the same, by that or by SIGTERM, is kept in unfinished.json, by which nothing is judged.
"""

import argparse
import json
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

START = time.monotonic()
THREADS = 4
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(THREADS)

import torch  # noqa: E402

from choose_epochs import choose  # noqa: E402
from probe import fastest_layout, known_layout  # noqa: E402
from result_file import entry_for, environment, missing_seeds, note_data, open_results, save, used_recipe  # noqa: E402
from settings import Settings, use_device  # noqa: E402
from training import FILES, VALIDATION_FRACTION, OutOfTime, load_for, to_device, train  # noqa: E402

VALIDATION_EPOCHS = 400
PATIENCE = 100
# PyTorch and cuDNN compile and load kernels in the first steps.
SECONDS_TO_SPARE = 5


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="stop by then")
    parser.add_argument("--seeds", type=int, default=10, help="most seeds of an experiment (default: 10)")
    parser.add_argument("--experiment", nargs="+", default=["cnn-1", "cnn-2"], metavar="ID")
    parser.add_argument("--recipes", type=Path, default=Path(__file__).with_name("recipes.json"))
    parser.add_argument("--validation-epochs", type=int, default=VALIDATION_EPOCHS)
    parser.add_argument("--no-validation", action="store_true", help="train for the recipe's own epochs")
    parser.add_argument("--device", default="cuda", help="cuda, or cpu to rehearse")
    return parser.parse_args()


class Queue:
    """What is to be trained, and what is known while it is: the epochs that validation chose, seconds an epoch."""

    def __init__(self, arguments):
        recipes = json.loads(arguments.recipes.read_text())["experiments"]
        self.experiments = {e["id"]: e for e in recipes if e["id"] in arguments.experiment}
        self.arguments = arguments
        self.deadline = START + arguments.seconds
        device = use_device(arguments.device)
        layout = known_layout(arguments.out) or fastest_layout(self.experiments.values(), device)
        self.settings = Settings(device, THREADS, layout.channels_last, self.is_over)
        self.autotune = layout.autotune
        self.epochs = {}
        if arguments.no_validation:
            self.epochs = {name: e["profiles"]["full"]["epochs"] for name, e in self.experiments.items()}
        self.seconds = {}
        self.sets = {}

    def jobs(self):
        """(mode, experiment, seed, float32) in order. Those of a later round are worth less."""
        ids = self.arguments.experiment
        if not self.arguments.no_validation:
            yield from (("validation", name, 1, False) for name in ids)
        for seed in range(1, self.arguments.seeds + 1):
            yield from (("test", name, seed, False) for name in ids)
            if seed == 3:
                yield from (("test", name, 1, True) for name in ids)

    def is_over(self):
        return time.monotonic() > self.deadline

    def stop(self, *_signal):
        self.deadline = time.monotonic()

    def run(self):
        waiting = list(self.jobs())
        while waiting and not self.is_over():
            ready = next((job for job in waiting if self.is_ready(job)), None)
            if ready is None:
                if all(self.has_data(job[1]) for job in waiting):
                    return
                time.sleep(0.2)
                continue
            waiting.remove(ready)
            self.train(*ready)

    def has_data(self, name):
        files = [file for part in FILES[self.experiments[name]["dataset"]].values() for file in part]
        folder = self.arguments.data
        return all((folder / file).exists() or (folder / f"{file}.gz").exists() for file in files)

    def is_ready(self, job):
        mode, name, _seed, float32 = job
        if not self.has_data(name):
            return False
        if mode == "validation":
            return True
        if name not in self.epochs:
            return False
        return time.monotonic() + self.expected_seconds(name, float32) + SECONDS_TO_SPARE < self.deadline

    def expected_seconds(self, name, float32):
        """Of one seed. Unknown in float32: three times as long as in TF32. Nothing known: it is tried."""
        an_epoch = self.seconds.get((name, float32)) or 3 * self.seconds.get((name, False), 0)
        return self.epochs[name] * an_epoch

    def train(self, mode, name, seed, float32):
        use_device(self.arguments.device, float32, self.autotune)
        epochs = self.arguments.validation_epochs if mode == "validation" else self.epochs[name]
        recipe = used_recipe(self.experiments[name], "full", epochs)
        path, results = self.open(mode, float32)
        entry = entry_for(results, recipe, path)
        if missing_seeds(entry, [seed]):
            sets, digests = self.load(recipe, mode)
            note_data(results, digests, path)
            print(f"{self.elapsed()} {mode} {name} seed {seed}{' float32' if float32 else ''}", file=sys.stderr, flush=True)
            try:
                entry["runs"].append(train(recipe, seed, *sets, self.settings_of(mode)))
            except OutOfTime as end:
                self.keep_unfinished(mode, name, float32, end.run)
                return
            save(results, path)
        self.learn(mode, name, float32, entry, seed)

    def settings_of(self, mode):
        return replace(self.settings, patience=PATIENCE if mode == "validation" else None)

    def open(self, mode, float32):
        """(path, results) of the file that the seed belongs to."""
        what = {"mode": mode, "profile": "full"}
        name = f"full-cnn-gpu{'-float32' if float32 else ''}.json"
        if mode == "validation":
            what |= {"validationFraction": VALIDATION_FRACTION, "patience": PATIENCE}
            name = "validation-gpu.json"
        path = self.arguments.out / name
        header = {"schemaVersion": 1, "what": what, "environment": environment(self.settings_of(mode))}
        return path, open_results(path, header)

    def learn(self, mode, name, float32, entry, seed):
        """What a finished seed says of the later ones: the seconds of an epoch, and after validation the epochs."""
        run = next(run for run in entry["runs"] if run["seed"] == seed)
        # Evaluation and the first steps come on top.
        self.seconds[name, float32] = 1.15 * run["secondsPerEpoch"]
        if mode == "validation":
            self.epochs[name] = choose(entry)["epoch"]
            print(f"{self.elapsed()} {name}: {choose(entry)}", file=sys.stderr, flush=True)

    def load(self, recipe, mode):
        """The sets on the device and the digests of their files, read once."""
        key = (recipe["id"], mode)
        if key not in self.sets:
            digests = {}
            sets = load_for(recipe, mode, self.arguments.data, digests)
            self.sets[key] = (to_device(sets, self.settings), digests)
        return self.sets[key]

    def keep_unfinished(self, mode, name, float32, run):
        path = self.arguments.out / "unfinished.json"
        known = json.loads(path.read_text()) if path.exists() else {"schemaVersion": 1, "runs": []}
        known["runs"].append({"mode": mode, "id": name, "float32": float32, **run})
        save(known, path)

    def elapsed(self):
        return f"[{time.monotonic() - START:.0f} s]"


def main():
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(THREADS)
    queue = Queue(arguments)
    signal.signal(signal.SIGTERM, queue.stop)
    queue.run()
    print(f"[{time.monotonic() - START:.0f} s] done", file=sys.stderr)


if __name__ == "__main__":
    main()
