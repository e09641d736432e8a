"""The models of cnnbench's recipes in PyTorch, and their start weights. Set the number of threads before importing this."""

import hashlib
import math

import torch
from torch import nn

from initialisation import draw, initialise_net
from layers import Net

# [C,H,W] of an image of each data set.
SHAPES = {"fashion-mnist": (1, 28, 28), "cifar-10": (3, 32, 32)}


def random_stream(*names):
    """A random generator of its own for every purpose, derived from the names (experiment, seed, purpose)."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big"))


# What the nn.Sequential below knows: kinds of layers, and their options. The published references were trained by it.
PLAIN = {
    "flatten": set(),
    "dense": {"units"},
    "conv2d": {"filters", "kernel", "stride", "padding"},
    "max-pool": {"size", "stride"},
    "relu": set(),
    "sigmoid": set(),
}


def is_plain(spec):
    options = {key for key in spec if key not in ("kind", "name")}
    return spec["kind"] in PLAIN and options <= PLAIN[spec["kind"]] and (spec["kind"] != "max-pool" or "stride" in options)


class ChannelsLast(nn.Module):
    """A Net for inputs with their channels first."""

    def __init__(self, layers, shape):
        super().__init__()
        channels, height, width = shape
        self.net = Net(layers, (height, width, channels))

    def forward(self, images):
        return self.net(images.movedim(1, -1))


def build_model(layers, shape):
    """The model of a layer-spec list for inputs of `shape` [C,H,W]."""
    if not all(map(is_plain, layers)):
        return ChannelsLast(layers, shape)
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


BOUNDS = {
    "he-uniform": lambda fan_in, fan_out: math.sqrt(6 / fan_in),
    "xavier-uniform": lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out)),
    "pytorch-default": lambda fan_in, fan_out: 1 / math.sqrt(fan_in),
}


@torch.no_grad()
def initialise_sequential(model, scheme, generator):
    """The other schemes, which know tensors in Keras's layout."""
    for layer in model:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            weight = layer.weight.permute(*range(2, layer.weight.dim()), 1, 0)
            weight.copy_(draw(layer, "kernel", tuple(weight.shape), scheme, [], generator))
            layer.bias.zero_()


@torch.no_grad()
def initialise(model, scheme, generator):
    """Draw all weights. Of plain models U(-a, a); the formulas are those of torch.nn.init, which takes no generator."""
    if isinstance(model, ChannelsLast):
        initialise_net(model.net, scheme, generator)
        return
    if scheme not in BOUNDS:
        initialise_sequential(model, scheme, generator)
        return
    for layer in model:
        if not isinstance(layer, (nn.Linear, nn.Conv2d)):
            continue
        fan_in = layer.weight[0].numel()
        fan_out = layer.weight[:, 0].numel()
        bound = BOUNDS[scheme](fan_in, fan_out)
        layer.weight.uniform_(-bound, bound, generator=generator)
        if scheme == "pytorch-default":
            layer.bias.uniform_(-bound, bound, generator=generator)
        else:
            layer.bias.zero_()
