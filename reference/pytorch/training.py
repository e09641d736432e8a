"""Data and training of the reference: what train.py and on_gpu.py share. Set the number of threads before importing this.

Images are x / 255, then (x - 0.5) / 0.5, in PyTorch's order (channels first): flattening gives another order of inputs
than cnnbench's channels-last images, which is the same model up to a permutation of weights that are drawn
independently and alike. Start weights, the order of the examples and the validation split are drawn on the processor,
so they are the same on every device.
"""

import gzip
import hashlib
import math
import statistics
import sys
import time
from datetime import datetime, timezone

import numpy as np
import torch
from torch import nn

from model import build_model, initialise, random_stream
from optimizers import loss_of, make_optimizer, make_schedule

VALIDATION_FRACTION = 0.1
EVALUATION_BATCH = 1024

CIFAR_FILES = {"train": [f"data_batch_{i}.bin" for i in range(1, 6)], "test": ["test_batch.bin"]}
FASHION_FILES = {
    "train": ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
    "test": ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
}
FILES = {"fashion-mnist": FASHION_FILES, "cifar-10": CIFAR_FILES}


class OutOfTime(Exception):
    """The time that was given is over; `run` is what there is of the seed, an unfinished run."""

    def __init__(self, run):
        super().__init__("out of time")
        self.run = run


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
    images, labels = (read(folder / name, fingerprints) for name in FASHION_FILES[part])
    return images[16:].reshape(-1, 1, 28, 28), labels[8:]


def read_cifar10(folder, part, fingerprints):
    rows = np.concatenate([read(folder / name, fingerprints).reshape(-1, 3073) for name in CIFAR_FILES[part]])
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]


READERS = {"fashion-mnist": read_fashion_mnist, "cifar-10": read_cifar10}


def load(dataset, folder, part, limit, fingerprints):
    """The first `limit` images (None: all) as float32 [N,C,H,W] in [-1,1], and their labels as int64 [N]."""
    images, labels = READERS[dataset](folder, part, fingerprints)
    images = torch.tensor(images[:limit], dtype=torch.float32).div_(255).sub_(0.5).div_(0.5)
    return images, torch.tensor(labels[:limit], dtype=torch.int64)


def load_for(recipe, mode, folder, fingerprints):
    """(training set, evaluation set), each a pair (images, labels). In mode `validation` no test file is opened."""
    images, labels = load(recipe["dataset"], folder, "train", recipe["trainImages"], fingerprints)
    if mode == "test":
        return (images, labels), load(recipe["dataset"], folder, "test", recipe["testImages"], fingerprints)
    order = torch.randperm(len(images), generator=random_stream("validation split"))
    held_out = round(len(images) * VALIDATION_FRACTION)
    evaluation, training = order[:held_out], order[held_out:]
    return (images[training], labels[training]), (images[evaluation], labels[evaluation])


def to_device(sets, settings):
    """The sets on the device, in the memory order of the model. They stay there: a batch is gathered without a copy from the host."""
    order = torch.channels_last if settings.channels_last else torch.contiguous_format
    return tuple(
        (images.to(settings.device).contiguous(memory_format=order), labels.to(settings.device)) for images, labels in sets
    )


# ---- training ----


@torch.no_grad()
def evaluate(model, images, labels, loss_function=nn.functional.cross_entropy):
    """(mean loss, accuracy) over all images; the last, partial batch counts."""
    model.eval()
    loss = torch.zeros((), dtype=torch.float64, device=images.device)
    correct = torch.zeros((), dtype=torch.int64, device=images.device)
    for start in range(0, len(images), EVALUATION_BATCH):
        target = labels[start : start + EVALUATION_BATCH]
        logits = model(images[start : start + EVALUATION_BATCH])
        loss += loss_function(logits, target, reduction="sum")
        correct += (logits.argmax(1) == target).sum()
    return loss.item() / len(images), correct.item() / len(images)


def prepare(recipe, seed, shape, settings):
    """(model, optimizer) before the first step, on the device. shape: [C,H,W] of an image."""
    model = build_model(recipe["model"], shape)
    initialise(model, recipe["initialisation"], random_stream(recipe["id"], seed, "init"))
    model = model.to(settings.device)
    if settings.channels_last:
        model = model.to(memory_format=torch.channels_last)
    return model, make_optimizer(recipe["optimizer"], model.parameters())


def batches_of(recipe, order):
    """The examples of each step of an epoch; the last, partial batch is dropped unless the recipe keeps it."""
    batch_size = recipe["batchSize"]
    kept = len(order) if recipe.get("lastBatch") == "kept" else len(order) // batch_size * batch_size
    return order[:kept].split(batch_size)


def train_epoch(model, optimizer, images, labels, order, batch_size):
    """One pass in the given order; the last, partial batch is dropped. Returns the mean loss of the batches."""
    return train_batches(model, optimizer, images, labels, batches_of({"batchSize": batch_size}, order))


def train_batches(model, optimizer, images, labels, batches, loss_function=nn.functional.cross_entropy, after_step=None):
    """One step a batch. Returns the mean loss of the examples."""
    model.train()
    total = torch.zeros((), dtype=torch.float64, device=images.device)
    for batch in batches:
        loss = loss_function(model(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if after_step is not None:
            after_step()
        total += loss.detach() * (len(batch) / len(batches[0]))
    return total.item() / (sum(map(len, batches)) / len(batches[0]))


def train(recipe, seed, training, evaluation, settings):
    """One seed of one recipe: the curves, one value an epoch, and the median seconds of training an epoch.

    training, evaluation: pairs (images, labels) on settings.device. Ends early as settings.patience says. Raises
    OutOfTime, with what there is, once settings.is_over().
    """
    images, labels = training
    if len(images) < recipe["batchSize"] and recipe.get("lastBatch") != "kept":
        sys.exit(f"{recipe['id']}: {len(images)} images do not fill a batch of {recipe['batchSize']}")
    model, optimizer = prepare(recipe, seed, images.shape[1:], settings)
    loss_function, schedule = loss_of(recipe), recipe.get("schedule")
    scheduler = make_schedule(schedule, optimizer)
    step_by_step = scheduler.step if schedule is not None and schedule["unit"] == "step" else None
    shuffle = random_stream(recipe["id"], seed, "shuffle")
    # Masks of dropouts come from PyTorch's own generator.
    torch.manual_seed(random_stream(recipe["id"], seed, "dropout").initial_seed())
    steps_left = recipe.get("steps", math.inf)
    curves = {"trainLoss": [], "loss": [], "accuracy": []}
    seconds = []
    for epoch in range(recipe["epochs"]):
        if settings.is_over():
            raise OutOfTime(run_of(seed, seconds, curves))
        start = time.perf_counter()
        in_order = recipe.get("shuffle") is False
        order = torch.arange(len(images)) if in_order else torch.randperm(len(images), generator=shuffle)
        batches = batches_of(recipe, order.to(images.device))
        batches = batches[: min(len(batches), steps_left)]
        steps_left -= len(batches)
        train_loss = train_batches(model, optimizer, images, labels, batches, loss_function, step_by_step)
        if schedule is not None and schedule["unit"] == "epoch":
            scheduler.step()
        seconds.append(time.perf_counter() - start)
        loss, accuracy = evaluate(model, *evaluation, loss_function)
        curves["trainLoss"].append(round(train_loss, 6))
        curves["loss"].append(round(loss, 6))
        curves["accuracy"].append(round(accuracy, 6))
        if (epoch + 1) % 10 == 0 or epoch + 1 == recipe["epochs"]:
            print(f"{recipe['id']} seed {seed} epoch {epoch + 1}: accuracy {accuracy:.4f}", file=sys.stderr, flush=True)
        if steps_left == 0:
            break
        if settings.patience is not None and epoch - best_epoch(curves["accuracy"]) >= settings.patience:
            break
    return run_of(seed, seconds, curves)


def best_epoch(accuracies):
    """The first epoch, counted from 0, with the highest accuracy."""
    return accuracies.index(max(accuracies))


def run_of(seed, seconds, curves):
    return {
        "seed": seed,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "secondsPerEpoch": round(statistics.median(seconds), 3) if seconds else None,
        "finalAccuracy": curves["accuracy"][-1] if seconds else None,
        "curves": curves,
    }
