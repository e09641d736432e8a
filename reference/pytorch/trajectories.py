#!/usr/bin/python3
"""Train small models on request, in PyTorch: what every layer, optimizer, schedule and loss of cnnbench is held to.

Reads a JSON list of problems from stdin, each with the recipe, weights, batches and dropout masks of a few steps, and writes for each
the loss of every step, the weights after the last one, and what the model then makes of the last batch. Float32, one thread.
test/conformance/trajectories/ asks; with CNNBENCH_WRITE_GOLDEN=1 it keeps the answers in golden-pytorch.json.
"""

import json
import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import torch  # noqa: E402

from layers import Dropout, Net  # noqa: E402
from optimizers import loss_of, make_optimizer, make_schedule  # noqa: E402


def tensor_of(entry):
    return torch.tensor(entry["values"], dtype=torch.float32).reshape(entry["shape"])


def solve(problem):
    shape = problem["input"]
    model = Net(problem["layers"], shape)
    model.load({name: tensor_of(entry) for name, entry in problem["weights"].items()})
    for name, layer in model.named_layers():
        if isinstance(layer, Dropout):
            layer.masks = iter([torch.tensor(mask, dtype=torch.float32) for mask in problem["masks"][name]])
    optimizer = make_optimizer(problem["optimizer"], model.parameters())
    schedule = problem.get("schedule")
    scheduler = make_schedule(schedule, optimizer)
    loss_function = loss_of(problem)
    losses = []
    for number, batch in enumerate(problem["batches"]):
        images = torch.tensor(batch["images"], dtype=torch.float32).reshape(-1, *shape)
        loss = loss_function(model(images), torch.tensor(batch["labels"]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if schedule is not None and (schedule["unit"] == "step" or (number + 1) % problem["stepsPerEpoch"] == 0):
            scheduler.step()
    with torch.no_grad():
        outputs = model.eval()(images)
        weights = {name: tensor.flatten().tolist() for name, tensor in model.named_tensors()}
    return {"losses": losses, "outputs": outputs.flatten().tolist(), "weights": weights}


def main():
    torch.set_num_threads(1)
    answers = [solve(problem) for problem in json.load(sys.stdin)]
    json.dump({"software": f"PyTorch {torch.__version__}", "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
