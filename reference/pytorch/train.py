#!/usr/bin/python3
"""Train cnnbench's experiments in PyTorch, the framework of the decks, over several seeds.

The results are the reference that TensorFlow.js is compared with, and the source of the number of epochs
where a deck leaves it out (see choose_epochs.py). Two modes:

  validation  train on nine tenths of the training set and evaluate on the other tenth after every epoch.
              The split is random but fixed: the same for every seed and experiment. No test file is opened.
  test        train on the whole training set and evaluate on the test set after every epoch. The result is
              the last epoch's, never the best one's.

Run (in this folder; a run that was stopped goes on after the last finished seed):

  /usr/bin/python3 train.py --recipes recipes.json --experiment mlp-1 mlp-2 --profile full --seeds 1,2,3 \\
      --mode test --fashion-mnist /usr/share/datasets/fashion-mnist --cifar <folder> --out results/full-mlp.json

Needs numpy and torch (written for 1.13). Images are x / 255, then (x - 0.5) / 0.5, in PyTorch's order
(channels first): flattening gives another order of inputs than cnnbench's channels-last images, which is the
same model up to a permutation of weights that are drawn independently and alike.

Hardware: the committed results were made on one core of an AMD EPYC (x86-64, AVX-512), no GPU. An epoch takes
about 0.4 s (mlp-1) or 1.2 s (mlp-2..4) there when nothing else runs.
"""

import argparse
import gzip
import hashlib
import json
import os
import platform
import re
import statistics
import sys
import time
from datetime import datetime, timezone
from pathlib import Path


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", type=Path, required=True, help="what `cnnbench list --recipes` prints")
    parser.add_argument("--experiment", nargs="+", required=True, metavar="ID", help="which recipes, in this order")
    parser.add_argument("--profile", default="full", help="profile of the recipe (default: full)")
    parser.add_argument("--seeds", default="1,2,3", type=lambda text: [int(s) for s in text.split(",")])
    parser.add_argument("--mode", choices=["test", "validation"], default="test")
    parser.add_argument("--epochs", type=int, help="instead of the profile's number")
    parser.add_argument("--threads", type=int, default=1, help="of PyTorch and of BLAS (default: 1)")
    parser.add_argument("--fashion-mnist", type=Path, help="folder with the four .gz IDX files")
    parser.add_argument("--cifar", type=Path, help="folder with data_batch_1..5.bin and test_batch.bin, or .bin.gz")
    parser.add_argument("--stand-in", action="store_true", help="the folders hold what `cnnbench data draw` wrote")
    parser.add_argument("--out", type=Path, required=True, help="result JSON; completed if it exists")
    return parser.parse_args()


# OpenBLAS reads its number of threads when it is loaded and does not listen to torch.set_num_threads.
ARGUMENTS = parse_arguments()
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(ARGUMENTS.threads)
os.environ["OMP_WAIT_POLICY"] = "passive"

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

from model import build_model, initialise, random_stream  # noqa: E402

VALIDATION_FRACTION = 0.1
EVALUATION_BATCH = 1024


# ---- data ----


def read(path, fingerprints):
    """The bytes of `path` or `path`.gz; adds the SHA-256 of the decompressed bytes to `fingerprints`."""
    if path.exists():
        content = path.read_bytes()
    else:
        content = gzip.decompress(path.with_name(path.name + ".gz").read_bytes())
    fingerprints[path.name] = hashlib.sha256(content).hexdigest()
    return np.frombuffer(content, dtype=np.uint8)


def read_fashion_mnist(folder, part, fingerprints):
    prefix = {"train": "train", "test": "t10k"}[part]
    images = read(folder / f"{prefix}-images-idx3-ubyte", fingerprints)[16:].reshape(-1, 1, 28, 28)
    labels = read(folder / f"{prefix}-labels-idx1-ubyte", fingerprints)[8:]
    return images, labels


def read_cifar10(folder, part, fingerprints):
    names = {"train": [f"data_batch_{i}.bin" for i in range(1, 6)], "test": ["test_batch.bin"]}[part]
    rows = np.concatenate([read(folder / name, fingerprints).reshape(-1, 3073) for name in names])
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]


def load(dataset, part, limit, fingerprints):
    """The first `limit` images (None: all) as float32 [N,C,H,W] in [-1,1], and their labels as int64 [N]."""
    reader, folder, flag = {
        "fashion-mnist": (read_fashion_mnist, ARGUMENTS.fashion_mnist, "--fashion-mnist"),
        "cifar-10": (read_cifar10, ARGUMENTS.cifar, "--cifar"),
    }[dataset]
    if folder is None:
        sys.exit(f"{dataset} is needed: give its folder with {flag}")
    images, labels = reader(folder, part, fingerprints)
    images = torch.tensor(images[:limit], dtype=torch.float32).div_(255).sub_(0.5).div_(0.5)
    return images, torch.tensor(labels[:limit], dtype=torch.int64)


def load_for(recipe, mode, fingerprints):
    """(training set, evaluation set), each a pair (images, labels)."""
    images, labels = load(recipe["dataset"], "train", recipe["trainImages"], fingerprints)
    if mode == "test":
        return (images, labels), load(recipe["dataset"], "test", recipe["testImages"], fingerprints)
    order = torch.randperm(len(images), generator=random_stream("validation split"))
    held_out = round(len(images) * VALIDATION_FRACTION)
    evaluation, training = order[:held_out], order[held_out:]
    return (images[training], labels[training]), (images[evaluation], labels[evaluation])


# ---- training ----


@torch.no_grad()
def evaluate(model, images, labels):
    """(mean cross entropy, accuracy) over all images; the last, partial batch counts."""
    loss = correct = 0
    for start in range(0, len(images), EVALUATION_BATCH):
        target = labels[start : start + EVALUATION_BATCH]
        logits = model(images[start : start + EVALUATION_BATCH])
        loss += nn.functional.cross_entropy(logits, target, reduction="sum").item()
        correct += (logits.argmax(1) == target).sum().item()
    return loss / len(images), correct / len(images)


def train(recipe, seed, training, evaluation):
    """One seed of one recipe: the curves, one value an epoch, and the median seconds of training an epoch."""
    images, labels = training
    model = build_model(recipe["model"], images.shape[1:])
    initialise(model, recipe["initialisation"], random_stream(recipe["id"], seed, "init"))
    shuffle = random_stream(recipe["id"], seed, "shuffle")
    settings = recipe["optimizer"]
    if settings["name"] != "adam":
        sys.exit(f"{recipe['id']}: unknown optimizer {settings['name']}")
    betas = (settings["beta1"], settings["beta2"])
    optimizer = torch.optim.Adam(model.parameters(), settings["learningRate"], betas, settings["epsilon"])

    batch_size = recipe["batchSize"]
    batches = len(images) // batch_size  # the last, partial batch is dropped
    if batches == 0:
        sys.exit(f"{recipe['id']}: {len(images)} images do not fill a batch of {batch_size}")
    curves = {"trainLoss": [], "loss": [], "accuracy": []}
    seconds = []
    for epoch in range(recipe["epochs"]):
        start = time.perf_counter()
        order = torch.randperm(len(images), generator=shuffle)
        total_loss = 0
        for batch in order[: batches * batch_size].split(batch_size):
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total_loss += loss.item()
        seconds.append(time.perf_counter() - start)
        loss, accuracy = evaluate(model, *evaluation)
        curves["trainLoss"].append(round(total_loss / batches, 6))
        curves["loss"].append(round(loss, 6))
        curves["accuracy"].append(round(accuracy, 6))
        if (epoch + 1) % 10 == 0 or epoch + 1 == recipe["epochs"]:
            print(f"{recipe['id']} seed {seed} epoch {epoch + 1}: accuracy {accuracy:.4f}", file=sys.stderr, flush=True)
    return {
        "seed": seed,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "secondsPerEpoch": round(statistics.median(seconds), 3),
        "finalAccuracy": curves["accuracy"][-1],
        "curves": curves,
    }


# ---- results ----


def environment():
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    libraries = re.findall(r"[^/\n]*openblas[^/\n]*\.so\S*", Path("/proc/self/maps").read_text())
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "blas": sorted(set(libraries)),
        "threads": ARGUMENTS.threads,
        "cpu": cpu.group(1) if cpu else platform.machine(),
    }


def used_recipe(experiment, profile_name, epochs):
    """The recipe with its profile filled in: what is trained, and nothing else."""
    if profile_name not in experiment["profiles"]:
        sys.exit(f"{experiment['id']} has no profile {profile_name}")
    profile = experiment["profiles"][profile_name]
    recipe = {key: value for key, value in experiment.items() if key != "profiles"}
    recipe["batchSize"] = profile.get("batchSize") or experiment["batchSize"]
    recipe["epochs"] = epochs or profile["epochs"]
    recipe["trainImages"] = profile.get("trainImages")
    recipe["testImages"] = profile.get("testImages")
    return recipe


def open_results(path, header):
    """The results in `path`, to be completed, or empty ones. Refuses a file that was made under other conditions."""
    if not path.exists():
        return {**header, "dataSha256": {}, "experiments": []}
    results = json.loads(path.read_text())
    for key, value in header.items():
        if results[key] != value:
            sys.exit(f"{path} has {key} {results[key]}, this run {value}: choose another --out")
    return results


def entry_for(results, recipe, path):
    """The entry of `recipe` in the results, new if need be. Refuses the same experiment with another recipe."""
    for entry in results["experiments"]:
        if entry["recipe"]["id"] == recipe["id"]:
            if entry["recipe"] != recipe:
                sys.exit(f"{path} has {recipe['id']} with another recipe (or --epochs): choose another --out")
            return entry
    entry = {"recipe": recipe, "runs": []}
    results["experiments"].append(entry)
    return entry


def save(results, path):
    """Write all of it to a temporary file and rename it, so that a kill loses no finished seed."""
    text = json.dumps(results, indent=1, allow_nan=False)
    # One line for each list of numbers and each layer.
    text = re.sub(r'\[[^\[\]{}]*\]|\{\s*"kind"[^{}]*\}', lambda part: " ".join(part.group().split()), text)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text + "\n")
    temporary.rename(path)


def main():
    torch.set_num_threads(ARGUMENTS.threads)
    available = {e["id"]: e for e in json.loads(ARGUMENTS.recipes.read_text())["experiments"]}
    unknown = [name for name in ARGUMENTS.experiment if name not in available]
    if unknown:
        sys.exit(f"not in {ARGUMENTS.recipes}: {', '.join(unknown)}; there are {', '.join(available)}")
    what = {"mode": ARGUMENTS.mode, "profile": ARGUMENTS.profile}
    if ARGUMENTS.mode == "validation":
        what["validationFraction"] = VALIDATION_FRACTION
    if ARGUMENTS.stand_in:
        what["data"] = "stand-in"
    results = open_results(ARGUMENTS.out, {"schemaVersion": 1, "what": what, "environment": environment()})

    for name in ARGUMENTS.experiment:
        recipe = used_recipe(available[name], ARGUMENTS.profile, ARGUMENTS.epochs)
        entry = entry_for(results, recipe, ARGUMENTS.out)
        missing = [seed for seed in ARGUMENTS.seeds if seed not in [run["seed"] for run in entry["runs"]]]
        if not missing:
            continue
        fingerprints = {}
        training, evaluation = load_for(recipe, ARGUMENTS.mode, fingerprints)
        for file, digest in fingerprints.items():
            if results["dataSha256"].setdefault(file, digest) != digest:
                sys.exit(f"{ARGUMENTS.out} was made with another {file}: choose another --out")
        for seed in missing:
            entry["runs"].append(train(recipe, seed, training, evaluation))
            save(results, ARGUMENTS.out)


if __name__ == "__main__":
    main()
