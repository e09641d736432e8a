"""Start weights of a `layers.Net` by the schemes of cnnbench's recipes (src/core/initialisation.ts has the formulas)."""

import math

import torch

from layers import Embedding, Recurrent

# Standard deviation of a standard normal distribution that is cut off at two of them.
CUT_OFF_DEVIATION = 0.87962566103423978


def fans(part, shape, framework):
    """Inputs and outputs of each place of a kernel in Keras's layout. The frameworks differ for depthwise kernels."""
    field = math.prod(shape[:-2])
    inputs, outputs = shape[-2:]
    if part == "depthwise_kernel" and framework == "pytorch":
        return field, field * inputs * outputs
    return field * inputs, field * outputs


def draw(layer, part, shape, scheme, before, generator):
    """before: (part, shape) of the tensors of the layer, for the biases' bounds."""

    def uniform(limit):
        return torch.empty(shape).uniform_(-limit, limit, generator=generator)

    def normal(deviation):
        return torch.empty(shape).normal_(0, deviation, generator=generator)

    def cut_off(variance):
        deviation = math.sqrt(variance) / CUT_OFF_DEVIATION
        return torch.nn.init.trunc_normal_(torch.empty(shape), 0, deviation, -2 * deviation, 2 * deviation, generator)

    if part in ("gamma", "moving_variance"):
        return torch.ones(shape)
    if part in ("beta", "moving_mean"):
        return torch.zeros(shape)
    if scheme == "pytorch-default":
        if isinstance(layer, Embedding):
            return normal(1)
        if isinstance(layer, Recurrent):
            return uniform(1 / math.sqrt(layer.units))
        kernel = before[-2] if part == "bias" else (part, shape)
        return uniform(1 / math.sqrt(fans(*kernel, "pytorch")[0]))
    if part == "bias":
        bias = torch.zeros(shape)
        if scheme == "keras-default" and isinstance(layer, Recurrent) and layer.kind == "lstm":
            (bias if layer.vectors == 1 else bias[0])[layer.units : 2 * layer.units] = 1
        return bias
    fan_in, fan_out = fans(part, shape, "keras")
    if scheme == "keras-default":
        if isinstance(layer, Embedding):
            return uniform(0.05)
        if part == "recurrent_kernel":
            # torch.nn.init.orthogonal_, which takes no generator in older versions.
            rows, columns = shape
            flat = torch.empty(max(shape), min(shape)).normal_(generator=generator)
            q, r = torch.linalg.qr(flat)
            q *= torch.sign(torch.diagonal(r))
            return q if rows >= columns else q.t()
    if scheme in ("keras-default", "glorot-uniform"):
        return uniform(math.sqrt(6 / (fan_in + fan_out)))
    if scheme == "glorot-normal":
        return cut_off(2 / (fan_in + fan_out))
    if scheme == "he-normal":
        return cut_off(2 / fan_in)
    if scheme == "lecun-uniform":
        return uniform(math.sqrt(3 / fan_in))
    if scheme == "lecun-normal":
        return cut_off(1 / fan_in)
    if scheme == "zeros":
        return torch.zeros(shape)
    fan_in, fan_out = fans(part, shape, "pytorch")
    if scheme == "he-uniform":
        return uniform(math.sqrt(6 / fan_in))
    if scheme == "xavier-uniform":
        return uniform(math.sqrt(6 / (fan_in + fan_out)))
    if scheme == "xavier-normal":
        return normal(math.sqrt(2 / (fan_in + fan_out)))
    if scheme == "kaiming-normal":
        return normal(math.sqrt(2 / fan_in))
    kind, _, number = scheme.partition("-")
    return {"normal": normal, "uniform": uniform}[kind](float(number))


def initialise_net(net, scheme, generator):
    """Draws all weights, layer by layer, tensor by tensor."""
    tensors = {}
    for name, layer in net.named_layers():
        if hasattr(layer, "tensors"):
            parts = [(part, tuple(tensor.shape)) for part, tensor in layer.tensors()]
            for part, shape in parts:
                tensors[f"{name}.{part}"] = draw(layer, part, shape, scheme, parts, generator)
    net.load(tensors)
