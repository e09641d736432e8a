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

Needs numpy and torch (written for 1.13, runs on 2.11 and 2.15). `--device cuda` trains on a GPU, whose results go into
files of their own: the environment of a file names the GPU, its driver and precision, and is never mixed.

Hardware: the committed results were made on one core of an AMD EPYC (x86-64, AVX-512), no GPU, unless the name of a
file says `gpu`. An epoch takes about 0.4 s (mlp-1) or 1.2 s (mlp-2..4) there when nothing else runs.
"""

import argparse
import json
import os
import sys
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
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    parser.add_argument("--float32", action="store_true", help="no TF32 on a GPU, where PyTorch convolves in it")
    parser.add_argument("--channels-last", action="store_true", help="memory order [N,H,W,C], faster on many GPUs")
    parser.add_argument("--autotune", action="store_true", help="let cuDNN try which algorithms are fastest")
    parser.add_argument("--fashion-mnist", type=Path, help="folder with the four .gz IDX files")
    parser.add_argument("--cifar", type=Path, help="folder with data_batch_1..5.bin and test_batch.bin, or .bin.gz")
    parser.add_argument("--stand-in", action="store_true", help="the folders hold what `cnnbench data draw` wrote")
    parser.add_argument("--out", type=Path, required=True, help="result JSON; completed if it exists")
    return parser.parse_args()


ARGUMENTS = parse_arguments()
# OpenBLAS reads its number of threads when it is loaded and does not listen to torch.set_num_threads.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(ARGUMENTS.threads)
os.environ["OMP_WAIT_POLICY"] = "passive"

import torch  # noqa: E402

from result_file import entry_for, environment, missing_seeds, note_data, open_results, save, used_recipe  # noqa: E402
from settings import Settings, use_device  # noqa: E402
from training import VALIDATION_FRACTION, load_for, to_device, train  # noqa: E402


def folder_of(dataset):
    flag, folder = {
        "fashion-mnist": ("--fashion-mnist", ARGUMENTS.fashion_mnist),
        "cifar-10": ("--cifar", ARGUMENTS.cifar),
    }[dataset]
    if folder is None:
        sys.exit(f"{dataset} is needed: give its folder with {flag}")
    return folder


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
    settings = Settings(
        use_device(ARGUMENTS.device, ARGUMENTS.float32, ARGUMENTS.autotune),
        threads=ARGUMENTS.threads,
        channels_last=ARGUMENTS.channels_last,
    )
    results = open_results(ARGUMENTS.out, {"schemaVersion": 1, "what": what, "environment": environment(settings)})

    for name in ARGUMENTS.experiment:
        recipe = used_recipe(available[name], ARGUMENTS.profile, ARGUMENTS.epochs)
        entry = entry_for(results, recipe, ARGUMENTS.out)
        missing = missing_seeds(entry, ARGUMENTS.seeds)
        if not missing:
            continue
        fingerprints = {}
        sets = load_for(recipe, ARGUMENTS.mode, folder_of(recipe["dataset"]), fingerprints)
        note_data(results, fingerprints, ARGUMENTS.out)
        training, evaluation = to_device(sets, settings)
        for seed in missing:
            entry["runs"].append(train(recipe, seed, training, evaluation, settings))
            save(results, ARGUMENTS.out)


if __name__ == "__main__":
    main()
