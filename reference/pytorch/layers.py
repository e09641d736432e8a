"""The layers of cnnbench's models in PyTorch, for inputs with their channels last. Set the number of threads before importing this.

Images are [N,H,W,C] and sequences [N,steps,C] between the layers, as in cnnbench and Keras, so flattening gives the same order
and tensors have Keras's names and layouts: `kernel` [kh,kw,in,out], `bias`, `gamma`, `moving_mean`, ... The layers themselves are
those of torch.nn, padded by hand where their padding is not the spec's.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F


def pair(value, count=2):
    return tuple(value) if isinstance(value, (list, tuple)) else (value,) * count


def margins(padding, length, extent, stride):
    """Positions before and behind one axis of a window. `same` is TensorFlow's."""
    if padding == "valid":
        return (0, 0)
    if padding == "causal":
        return (extent - 1, 0)
    if padding == "same":
        total = max(0, (math.ceil(length / stride) - 1) * stride + extent - length)
        return (total // 2, total - total // 2)
    return (padding, padding)


def all_margins(padding, lengths, sizes, strides, dilations):
    words = (padding,) * len(lengths) if isinstance(padding, str) else pair(padding, len(lengths))
    return [
        margins(word, length, (size - 1) * dilation + 1, stride)
        for word, length, size, stride, dilation in zip(words, lengths, sizes, strides, dilations)
    ]


def pad_channels_first(x, around, value=0.0):
    """Pads the axes behind the channels; F.pad begins with the last one."""
    flat = [amount for before_and_behind in reversed(around) for amount in before_and_behind]
    return F.pad(x, flat, value=value) if any(flat) else x


def first(x):
    """Channels first."""
    return x.movedim(-1, 1)


def last(x):
    return x.movedim(1, -1)


class Conv(nn.Module):
    """conv1d, conv2d, depthwise-conv2d and separable-conv2d."""

    def __init__(self, spec, shape):
        super().__init__()
        kind = spec["kind"]
        rank = len(shape) - 1
        channels, bias = shape[-1], spec.get("bias", True)
        self.sizes, self.strides, self.dilations = (
            pair(spec.get(key, 1), rank) for key in ("kernel", "stride", "dilation")
        )
        self.padding, self.rank = spec.get("padding", 0), rank
        module = nn.Conv1d if rank == 1 else nn.Conv2d
        window = (self.sizes, self.strides, 0, self.dilations)
        between = channels * spec.get("multiplier", 1)
        self.pointwise = None
        if kind == "separable-conv2d":
            self.conv = module(channels, between, *window, channels, False)
            self.pointwise = module(between, spec["filters"], 1, bias=bias)
        elif kind == "depthwise-conv2d":
            self.conv = module(channels, between, *window, channels, bias)
        else:
            self.conv = module(channels, spec["filters"], *window, spec.get("groups", 1), bias)
        self.is_depthwise = kind in ("separable-conv2d", "depthwise-conv2d")

    def forward(self, x):
        x = first(x)
        around = all_margins(self.padding, x.shape[2:], self.sizes, self.strides, self.dilations)
        x = self.conv(pad_channels_first(x, around))
        return last(x if self.pointwise is None else self.pointwise(x))

    def tensors(self):
        spatial = tuple(range(2, 2 + self.rank))
        if self.is_depthwise:
            weight = self.conv.weight
            multiplier = weight.shape[0] // self.conv.in_channels
            # [channels multiplier, 1, kh, kw] <-> [kh, kw, channels, multiplier]
            split = weight.view(self.conv.in_channels, multiplier, *weight.shape[2:])
            yield "depthwise_kernel", split.permute(2, 3, 0, 1)
            if self.pointwise is not None:
                yield "pointwise_kernel", self.pointwise.weight.permute(2, 3, 1, 0)
        else:
            yield "kernel", self.conv.weight.permute(*spatial, 1, 0)
        bias = (self.pointwise or self.conv).bias
        if bias is not None:
            yield "bias", bias


class ConvTranspose(nn.Module):
    def __init__(self, spec, shape):
        super().__init__()
        sizes, strides = pair(spec["kernel"]), pair(spec.get("stride", 1))
        self.padding, self.added = spec.get("padding", 0), spec.get("outputPadding", 0)
        self.sizes, self.strides = sizes, strides
        padding = 0 if isinstance(self.padding, str) else self.padding
        self.conv = nn.ConvTranspose2d(
            shape[-1], spec["filters"], sizes, strides, padding, self.added, bias=spec.get("bias", True)
        )

    def forward(self, x):
        bias = self.conv.bias
        if not isinstance(self.padding, str):
            return last(self.conv(first(x)))
        whole = F.conv_transpose2d(first(x), self.conv.weight, None, self.strides)
        for axis, (size, stride, length) in enumerate(zip(self.sizes, self.strides, x.shape[1:3])):
            excess = max(size - stride, 0)
            cut, wanted = (excess // 2, length * stride) if self.padding == "same" else (0, length * stride + excess)
            missing = max(0, cut + wanted - whole.shape[axis + 2])
            whole = F.pad(whole, (0, 0) * (1 - axis) + (0, missing)) if missing else whole
            whole = whole.narrow(axis + 2, cut, wanted)
        return last(whole if bias is None else whole + bias.view(1, -1, 1, 1))

    def tensors(self):
        yield "kernel", self.conv.weight.permute(2, 3, 1, 0)
        if self.conv.bias is not None:
            yield "bias", self.conv.bias


class Dense(nn.Module):
    def __init__(self, spec, shape):
        super().__init__()
        self.linear = nn.Linear(shape[-1], spec["units"], spec.get("bias", True))

    def forward(self, x):
        return self.linear(x)

    def tensors(self):
        yield "kernel", self.linear.weight.t()
        if self.linear.bias is not None:
            yield "bias", self.linear.bias


class Pool(nn.Module):
    def __init__(self, spec, shape):
        super().__init__()
        rank = len(shape) - 1
        self.sizes = pair(spec["size"], rank)
        self.strides = pair(spec.get("stride", spec["size"]), rank)
        self.padding, self.ceil = spec.get("padding", 0), spec.get("ceil", False)
        self.is_max = spec["kind"].startswith("max")
        self.max = F.max_pool1d if rank == 1 else F.max_pool2d
        self.average = F.avg_pool1d if rank == 1 else F.avg_pool2d

    def forward(self, x):
        x = first(x)
        if not isinstance(self.padding, str):
            window = (self.sizes, self.strides, self.padding if isinstance(self.padding, int) else tuple(self.padding))
            return last(self.max(x, *window, ceil_mode=self.ceil) if self.is_max else self.average(x, *window))
        around = all_margins(self.padding, x.shape[2:], self.sizes, self.strides, (1,) * len(self.sizes))
        if self.is_max:
            return last(self.max(pad_channels_first(x, around, -math.inf), self.sizes, self.strides))
        means = self.average(pad_channels_first(x, around), self.sizes, self.strides)
        shares = self.average(pad_channels_first(torch.ones_like(x), around), self.sizes, self.strides)
        return last(means / shares)


class BatchNorm(nn.Module):
    def __init__(self, spec, shape):
        super().__init__()
        if spec.get("convention") != "pytorch":
            raise ValueError("PyTorch has batch normalisation by its own convention only")
        momentum, epsilon = spec.get("momentum", 0.1), spec.get("epsilon", 1e-5)
        module = {1: nn.BatchNorm1d, 2: nn.BatchNorm1d, 3: nn.BatchNorm2d}[len(shape)]
        self.norm = module(shape[-1], epsilon, momentum)

    def forward(self, x):
        return self.norm(x) if x.dim() == 2 else last(self.norm(first(x)))

    def tensors(self):
        yield "gamma", self.norm.weight
        yield "beta", self.norm.bias
        yield "moving_mean", self.norm.running_mean
        yield "moving_variance", self.norm.running_var


class LayerNorm(nn.Module):
    def __init__(self, spec, shape):
        super().__init__()
        self.norm = nn.LayerNorm(shape[-1], spec.get("epsilon", 1e-3))

    def forward(self, x):
        return self.norm(x)

    def tensors(self):
        yield "gamma", self.norm.weight
        yield "beta", self.norm.bias


class Embedding(nn.Module):
    def __init__(self, spec, shape):
        super().__init__()
        self.table = nn.Embedding(spec["vocabulary"], spec["features"])

    def forward(self, x):
        return self.table(x.long())

    def tensors(self):
        yield "embeddings", self.table.weight


class Recurrent(nn.Module):
    """Gates of an LSTM come in the same order as cnnbench's; of a GRU reset and update are exchanged."""

    def __init__(self, spec, shape):
        super().__init__()
        kind = spec["kind"]
        if kind == "gru" and spec.get("resetAfter", True) is False:
            raise ValueError("PyTorch has no GRU that resets before the product")
        module = {"simple-rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind]
        self.rnn = module(shape[-1], spec["units"], bias=spec.get("bias", True), batch_first=True)
        self.sequences, self.kind, self.units = spec.get("returnSequences", False), kind, spec["units"]
        self.vectors = 2 if kind == "gru" else spec.get("biases", 1)
        if self.rnn.bias and self.vectors == 1:
            # One bias only: the other one is zero and stays so.
            self.rnn.bias_hh_l0.requires_grad_(False).zero_()

    def forward(self, x):
        outputs, _ = self.rnn(x)
        return outputs if self.sequences else outputs[:, -1]

    def exchanged(self, rows):
        if self.kind != "gru":
            return rows
        reset, update, new = rows.split(self.units)
        return torch.cat([update, reset, new])

    def tensors(self):
        yield "kernel", self.exchanged(self.rnn.weight_ih_l0).t()
        yield "recurrent_kernel", self.exchanged(self.rnn.weight_hh_l0).t()
        if self.rnn.bias:
            biases = [self.exchanged(self.rnn.bias_ih_l0), self.exchanged(self.rnn.bias_hh_l0)]
            yield "bias", torch.stack(biases) if self.vectors == 2 else biases[0]

    @torch.no_grad()
    def load(self, tensors):
        self.rnn.weight_ih_l0.copy_(self.exchanged(tensors["kernel"].t()))
        self.rnn.weight_hh_l0.copy_(self.exchanged(tensors["recurrent_kernel"].t()))
        if self.rnn.bias:
            rows = tensors["bias"] if self.vectors == 2 else [tensors["bias"]]
            for parameter, row in zip((self.rnn.bias_ih_l0, self.rnn.bias_hh_l0), rows):
                parameter.copy_(self.exchanged(row))


class Dropout(nn.Module):
    """Masks come from `masks` where there are some, one a step; else from PyTorch's generator."""

    def __init__(self, spec, shape):
        super().__init__()
        self.rate, self.masks = spec["rate"], None

    def forward(self, x):
        if self.masks is None or not self.training:
            return F.dropout(x, self.rate, self.training)
        scale = 0 if self.rate == 1 else 1 / (1 - self.rate)
        return x * (next(self.masks).view_as(x) * scale)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Junction(nn.Module):
    def __init__(self, spec, shape):
        super().__init__()
        self.branches = nn.ModuleList(Net(branch, shape) for branch in spec["branches"])
        self.kind = spec["kind"]

    def forward(self, x):
        ends = [branch(x) for branch in self.branches]
        return torch.cat(ends, -1) if self.kind == "concat" else sum(ends[1:], ends[0])


def zero_padding(padding, rank):
    axes = pair(padding) if rank == 2 else [pair(padding)]
    around = [pair(axis) for axis in axes]
    return lambda x: last(pad_channels_first(first(x), around))


def upsampling(spec, rank):
    scale = tuple(map(float, pair(spec["size"], rank)))
    if spec.get("interpolation", "nearest") == "nearest":
        return lambda x: last(F.interpolate(first(x), scale_factor=scale, mode="nearest"))
    return lambda x: last(F.interpolate(first(x), scale_factor=scale, mode="bilinear", align_corners=False))


MODULES = {
    "dense": Dense,
    "conv1d": Conv,
    "conv2d": Conv,
    "depthwise-conv2d": Conv,
    "separable-conv2d": Conv,
    "conv2d-transpose": ConvTranspose,
    "max-pool": Pool,
    "average-pool": Pool,
    "max-pool1d": Pool,
    "average-pool1d": Pool,
    "batch-norm": BatchNorm,
    "layer-norm": LayerNorm,
    "embedding": Embedding,
    "simple-rnn": Recurrent,
    "lstm": Recurrent,
    "gru": Recurrent,
    "dropout": Dropout,
    "concat": Junction,
    "add": Junction,
}

FUNCTIONS = {
    "flatten": lambda spec, rank: lambda x: x.flatten(1),
    "reshape": lambda spec, rank: lambda x: x.reshape(x.shape[0], *spec["shape"]),
    "rescaling": lambda spec, rank: lambda x: x * spec["scale"] + spec.get("offset", 0),
    "global-average-pool": lambda spec, rank: lambda x: F.adaptive_avg_pool2d(first(x), 1).flatten(1),
    "global-max-pool": lambda spec, rank: lambda x: F.adaptive_max_pool2d(first(x), 1).flatten(1),
    "global-average-pool1d": lambda spec, rank: lambda x: F.adaptive_avg_pool1d(first(x), 1).flatten(1),
    "global-max-pool1d": lambda spec, rank: lambda x: F.adaptive_max_pool1d(first(x), 1).flatten(1),
    "relu": lambda spec, rank: F.relu,
    "relu6": lambda spec, rank: F.relu6,
    "sigmoid": lambda spec, rank: torch.sigmoid,
    "tanh": lambda spec, rank: torch.tanh,
    "softmax": lambda spec, rank: lambda x: F.softmax(x, -1),
    "log-softmax": lambda spec, rank: lambda x: F.log_softmax(x, -1),
    "selu": lambda spec, rank: F.selu,
    "silu": lambda spec, rank: F.silu,
    "softplus": lambda spec, rank: F.softplus,
    "leaky-relu": lambda spec, rank: lambda x: F.leaky_relu(x, spec.get("slope", 0.01)),
    "elu": lambda spec, rank: lambda x: F.elu(x, spec.get("alpha", 1.0)),
    "gelu": lambda spec, rank: lambda x: F.gelu(x, approximate="tanh" if spec.get("approximate") else "none"),
    "zero-padding": lambda spec, rank: zero_padding(spec["padding"], 2),
    "zero-padding1d": lambda spec, rank: zero_padding(spec["padding"], 1),
    "upsampling": lambda spec, rank: upsampling(spec, 2),
    "upsampling1d": lambda spec, rank: upsampling(spec, 1),
}


class Net(nn.Module):
    """The model of a layer-spec list, for inputs of `shape` (of one example, channels last)."""

    def __init__(self, specs, shape):
        super().__init__()
        modules, names, seen = [], [], {}
        probe = torch.zeros(2, *shape)
        for spec in specs:
            kind = spec["kind"]
            seen[kind] = seen.get(kind, 0) + 1
            names.append(spec.get("name") or f"{kind}-{seen[kind]}")
            if kind in MODULES:
                module = MODULES[kind](spec, tuple(probe.shape[1:]))
            else:
                module = Function(FUNCTIONS[kind](spec, probe.dim() - 2))
            with torch.no_grad():
                probe = module.eval()(probe)
            modules.append(module.train())
        self.layers, self.names = nn.ModuleList(modules), names

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def named_layers(self, path=""):
        """(name, module) in cnnbench's order of evaluation, branches before their junction."""
        for name, layer in zip(self.names, self.layers):
            if isinstance(layer, Junction):
                for index, branch in enumerate(layer.branches):
                    yield from branch.named_layers(f"{path}{name}/branch{index + 1}/")
            yield path + name, layer

    def named_tensors(self):
        """(`layer.part`, tensor in Keras's layout)"""
        for name, layer in self.named_layers():
            if hasattr(layer, "tensors"):
                for part, tensor in layer.tensors():
                    yield f"{name}.{part}", tensor

    @torch.no_grad()
    def load(self, tensors):
        """Takes tensors by their names."""
        for name, layer in self.named_layers():
            if isinstance(layer, Recurrent):
                layer.load({part: tensors[f"{name}.{part}"] for part, _ in layer.tensors()})
            elif hasattr(layer, "tensors"):
                for part, tensor in layer.tensors():
                    tensor.copy_(tensors[f"{name}.{part}"])
