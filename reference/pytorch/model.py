"""The models of cnnbench's recipes in PyTorch, and their start weights. Set the number of threads before importing this."""

import hashlib
import math

import torch
from torch import nn

# [C,H,W] of an image of each data set.
SHAPES = {"fashion-mnist": (1, 28, 28), "cifar-10": (3, 32, 32)}


def random_stream(*names):
    """A random generator of its own for every purpose, derived from the names (experiment, seed, purpose)."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big"))


def build_model(layers, shape):
    """The nn.Sequential of a layer-spec list for inputs of `shape` [C,H,W]."""
    modules = []
    probe = torch.zeros(1, *shape)
    for spec in layers:
        kind = spec["kind"]
        if kind == "flatten":
            module = nn.Flatten()
        elif kind == "dense":
            module = nn.Linear(probe.shape[1], spec["units"])
        elif kind == "conv2d":
            stride, padding = spec.get("stride", 1), spec.get("padding", "valid")
            module = nn.Conv2d(probe.shape[1], spec["filters"], spec["kernel"], stride, padding)
        elif kind == "max-pool":
            module = nn.MaxPool2d(spec["size"], spec["stride"])
        elif kind == "average-pool":
            module = nn.AvgPool2d(spec["size"], spec["stride"])
        else:
            module = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[kind]()
        with torch.no_grad():
            probe = module(probe)
        modules.append(module)
    return nn.Sequential(*modules)


@torch.no_grad()
def initialise(model, scheme, generator):
    """Draw all weights, U(-a, a). The formulas are those of torch.nn.init, which takes no generator."""
    for layer in model:
        if not isinstance(layer, (nn.Linear, nn.Conv2d)):
            continue
        fan_in = layer.weight[0].numel()
        fan_out = layer.weight[:, 0].numel()
        bound = {
            "he-uniform": math.sqrt(6 / fan_in),
            "xavier-uniform": math.sqrt(6 / (fan_in + fan_out)),
            "pytorch-default": 1 / math.sqrt(fan_in),
        }[scheme]
        layer.weight.uniform_(-bound, bound, generator=generator)
        if scheme == "pytorch-default":
            layer.bias.uniform_(-bound, bound, generator=generator)
        else:
            layer.bias.zero_()
