"""Which memory order and which cuDNN algorithms train a recipe fastest on a GPU: a few steps of each, on random images."""

import json
import sys
import time
from dataclasses import dataclass

import torch

from model import SHAPES
from settings import Settings, use_device
from training import prepare, train_epoch

STEPS = 8


@dataclass(frozen=True)
class Layout:
    channels_last: bool
    autotune: bool


def seconds_per_step(recipe, device, layout):
    """The mean of STEPS steps, after as many to warm up."""
    use_device(device.type, autotune=layout.autotune)
    settings = Settings(device, channels_last=layout.channels_last)
    shape = SHAPES[recipe["dataset"]]
    batch = recipe["batchSize"]
    model, optimizer = prepare(recipe, 1, shape, settings)
    images = torch.rand(STEPS * batch, *shape, device=device) * 2 - 1
    if layout.channels_last:
        images = images.contiguous(memory_format=torch.channels_last)
    labels = torch.randint(10, (len(images),), device=device)
    order = torch.arange(len(images), device=device)
    train_epoch(model, optimizer, images, labels, order, batch)
    start = time.perf_counter()
    train_epoch(model, optimizer, images, labels, order, batch)
    return (time.perf_counter() - start) / STEPS


def fastest_layout(recipes, device):
    """The one with the least time for a step of every recipe together. On a processor: PyTorch's defaults."""
    if device.type == "cpu":
        return Layout(channels_last=False, autotune=False)
    layouts = [Layout(last, tune) for last in (True, False) for tune in (False, True)]
    seconds = {layout: [seconds_per_step(recipe, device, layout) for recipe in recipes] for layout in layouts}
    for layout, times in seconds.items():
        print(f"{layout}: {', '.join(f'{1000 * t:.2f} ms' for t in times)} a step", file=sys.stderr, flush=True)
    return min(layouts, key=lambda layout: sum(seconds[layout]))


def known_layout(folder):
    """The one with which the results in the folder were made, so that further seeds go into the same files. None: none there."""
    for path in sorted(folder.glob("*-gpu.json")):
        gpu = json.loads(path.read_text())["environment"].get("gpu")
        if gpu:
            return Layout(gpu["channelsLast"], gpu["autotune"])
    return None
