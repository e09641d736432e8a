#!/usr/bin/python3
"""Take the first steps of a training in PyTorch, from weights and on batches that cnnbench exported.

The losses are the golden trajectory that every backend of cnnbench has to follow: golden/ID.json.

  npx cnnbench export mlp-4 --golden --out mlp-4.safetensors
  /usr/bin/python3 golden.py mlp-4.safetensors --out golden/mlp-4.json

float32, one thread, deterministic algorithms: the same machine gives the same bits.

A training can be chaotic: where a pre-activation comes close to zero, the order of a sum decides whether a ReLU passes its
gradient, and 20 steps later the losses differ by percents. Such a trajectory tells nothing of a backend. So the steps are
taken again from start weights that are moved at random by up to 1e-6 of themselves, and with a learning rate that is 1e-5
larger or smaller (tfjs computes Adam's bias correction in float32, which does as much). The result says how far the
losses moved ("sensitivity"). A trajectory that moves by more than 2e-5 is refused: it needs another seed or batch size.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

# Before numpy and torch are loaded: BLAS does not listen to torch.set_num_threads.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

from exported import load_weights, read_safetensors  # noqa: E402
from model import build_model, random_stream  # noqa: E402


PERTURBATION = 1e-6
RATE_PERTURBATION = 1e-5
PERTURBED_RUNS = 16
MOST_SENSITIVE = 2e-5


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what `cnnbench export ID --golden` wrote")
    parser.add_argument("--out", type=Path, required=True, help="result JSON")
    return parser.parse_args()


def train(model, images, labels, settings):
    """One step of Adam a batch. images: bytes [steps,n,H,W,C]. Returns each step's loss, before the step."""
    betas = (settings["beta1"], settings["beta2"])
    optimizer = torch.optim.Adam(model.parameters(), settings["learningRate"], betas, settings["epsilon"])
    losses = []
    for batch, target in zip(images, labels):
        pixels = torch.from_numpy(batch.transpose(0, 3, 1, 2).astype(np.float32)).div_(255).sub_(0.5).div_(0.5)
        loss = nn.functional.cross_entropy(model(pixels), torch.from_numpy(target.astype(np.int64)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def perturb(model, generator):
    for value in model.parameters():
        value.mul_(1 + PERTURBATION * (2 * torch.rand(value.shape, generator=generator) - 1))


def parameters(model, names):
    """Weights by their names in cnnbench, as float64."""
    found = {}
    for name, module in zip(names, model):
        for ending, value in (("kernel", "weight"), ("bias", "bias")):
            if getattr(module, value, None) is not None:
                found[f"{name}.{ending}"] = getattr(module, value).detach().double().clone()
    return found


def main():
    arguments = parse_arguments()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    tensors, metadata = read_safetensors(arguments.file)
    description = json.loads(metadata["model"])
    optimizer = json.loads(metadata["optimizer"])
    names = [layer["name"] for layer in description["layers"]]
    height, width, channels = description["input"]

    def start():
        model = build_model(description["layers"], (channels, height, width))
        load_weights(model, names, (channels, height, width), tensors)
        return model

    model = start()
    before = parameters(model, names)
    images, labels = tensors["batches.images"], tensors["batches.labels"]
    losses = train(model, images, labels, optimizer)
    after = parameters(model, names)
    sensitivity = 0
    for run in range(PERTURBED_RUNS):
        moved = start()
        perturb(moved, random_stream("perturbation", run))
        rate = optimizer["learningRate"] * (1 + (-1) ** run * RATE_PERTURBATION)
        others = train(moved, images, labels, {**optimizer, "learningRate": rate})
        sensitivity = max(sensitivity, *(abs(other / loss - 1) for other, loss in zip(others, losses)))
    if sensitivity > MOST_SENSITIVE:
        sys.exit(f"{metadata['experiment']}: the losses move by {sensitivity:.1e}, the trajectory is chaotic")
    result = {
        "schemaVersion": 1,
        "experiment": metadata["experiment"],
        "seed": int(metadata["seed"]),
        "batchSize": labels.shape[1],
        "dataset": {key: metadata[key] for key in ("dataset", "dataFingerprint", "provenance")},
        "initialWeightsSha256": metadata["weightsSha256"],
        "batchesSha256": hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest(),
        "model": description,
        "optimizer": optimizer,
        "losses": losses,
        "sensitivity": sensitivity,
        "weights": {
            name: {"norm": value.norm().item(), "changeNorm": (value - before[name]).norm().item()}
            for name, value in after.items()
        },
        "torch": torch.__version__,
        "numpy": np.__version__,
        "commands": [
            f"npx cnnbench export {metadata['experiment']} --golden --out {metadata['experiment']}.safetensors",
            f"/usr/bin/python3 golden.py {metadata['experiment']}.safetensors --out golden/{metadata['experiment']}.json",
        ],
    }
    arguments.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
