#!/usr/bin/python3
"""Train one recipe in blocks of steps, on request: PyTorch's side of `npm run bench:wasm`.

  /usr/bin/python3 steps.py --threads 2 --experiment cnn-2 --batch 64
  python3 steps.py --device cuda --experiment cnn-2 --batch 1024

Reads {"steps": S, "seconds": T} from stdin, a line each, and trains until there are S steps and T seconds have passed;
then writes one line of JSON with the wall time of every step. src/bench/protocol.ts has the format. Nothing computes
between two requests.

On a GPU the bytes lie there from the start, and everything else is as PyTorch has it: convolutions in TF32.

The images are pseudo-random bytes. A step is what it is in cnnbench: gather a shuffled batch, normalise its bytes to
[-1,1], forward, backward, Adam, read the loss.
"""

import argparse
import json
import math
import os
import re
import sys
import time
from pathlib import Path


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--batch", type=int, required=True, help="examples a step")
    parser.add_argument("--threads", type=int, default=1, help="of PyTorch and of BLAS (default: 1)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    return parser.parse_args()


def send(**message):
    print(json.dumps(message), flush=True)


def fail(message):
    send(type="failed", message=message)
    sys.exit(1)


# OpenBLAS reads its number of threads when it is loaded and does not listen to torch.set_num_threads.
ARGUMENTS = parse_arguments()
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(ARGUMENTS.threads)
os.environ["OMP_WAIT_POLICY"] = "passive"

try:
    import torch
    from torch import nn

    from model import SHAPES, build_model, initialise, random_stream
except ImportError as error:
    fail(f"PyTorch cannot be imported ({error}): apt install python3-torch, or name another Python with --python")

# As many as cnnbench's side has.
IMAGES = 8192


def find_recipe(name):
    recipes = json.loads(Path(__file__).with_name("recipes.json").read_text())["experiments"]
    for recipe in recipes:
        if recipe["id"] == name:
            return recipe
    fail(f"there is no experiment {name} in recipes.json")


def software():
    loaded = Path("/proc/self/maps")
    libraries = re.findall(r"[^/\n]*blas[^/\n]*\.so\S*", loaded.read_text()) if loaded.exists() else []
    where = torch.cuda.get_device_name() if ARGUMENTS.device == "cuda" else ", ".join(sorted(set(libraries))) or "BLAS unknown"
    return f"PyTorch {torch.__version__}, {where}"


def train(recipe, batch_size):
    """Trains for ever; yields the loss after every step."""
    shape = SHAPES[recipe["dataset"]]
    model = build_model(recipe["model"], shape)
    initialise(model, recipe["initialisation"], random_stream(recipe["id"], 1, "init"))
    model = model.to(ARGUMENTS.device)
    settings = recipe["optimizer"]
    betas = (settings["beta1"], settings["beta2"])
    optimizer = torch.optim.Adam(model.parameters(), settings["learningRate"], betas, settings["epsilon"])
    shuffle = random_stream(recipe["id"], 1, "shuffle")
    images = torch.randint(256, (IMAGES, *shape), dtype=torch.uint8, generator=shuffle).to(ARGUMENTS.device)
    labels = torch.randint(10, (IMAGES,), generator=shuffle).to(ARGUMENTS.device)
    while True:
        order = torch.randperm(IMAGES, generator=shuffle).to(ARGUMENTS.device)
        for batch in order[: IMAGES // batch_size * batch_size].split(batch_size):
            pixels = images[batch].float().div_(255).sub_(0.5).div_(0.5)
            loss = nn.functional.cross_entropy(model(pixels), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield loss.item()


def main():
    torch.set_num_threads(ARGUMENTS.threads)
    training = train(find_recipe(ARGUMENTS.experiment), ARGUMENTS.batch)
    send(type="ready", software=software())
    # Of all threads of this process.
    cpu = time.process_time()
    for line in sys.stdin:
        request = json.loads(line)
        idle_cpu, cpu = time.process_time() - cpu, time.process_time()
        seconds = []
        while len(seconds) < request["steps"] or sum(seconds) < request["seconds"]:
            start = time.perf_counter()
            loss = next(training)
            seconds.append(time.perf_counter() - start)
        if not math.isfinite(loss):
            fail(f"the loss became {loss}")
        used, cpu = time.process_time() - cpu, time.process_time()
        send(type="block", stepSeconds=seconds, loss=loss, cpuSeconds=used, idleCpuSeconds=idle_cpu)


if __name__ == "__main__":
    main()
