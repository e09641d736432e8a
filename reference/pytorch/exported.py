"""Reads what `cnnbench export` writes, and gives a PyTorch model its weights. docs/export.md explains the layouts."""

import json
import struct

import numpy as np
import torch
from torch import nn


def read_safetensors(path):
    """The tensors of a file as numpy arrays, by name, and its metadata."""
    content = open(path, "rb").read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    dtypes = {"F32": "<f4", "I32": "<i4", "U8": "u1"}
    tensors = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(content[start:end], dtypes[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors, metadata


@torch.no_grad()
def load_weights(model, names, shape, tensors):
    """Copies weights into an nn.Sequential.

    names: of the model's layers in cnnbench, one a module. shape: [C,H,W] of an image.
    """
    probe = torch.zeros(1, *shape)
    flattened = None
    for name, module in zip(names, model, strict=True):
        if isinstance(module, nn.Flatten):
            flattened = probe.shape[1:]
        elif isinstance(module, nn.Conv2d):
            # [height, width, in, out] -> [out, in, height, width]
            weight = tensors[f"{name}.kernel"].transpose(3, 2, 0, 1)
        elif isinstance(module, nn.Linear):
            kernel = tensors[f"{name}.kernel"]  # [in, out]
            if flattened is not None and len(flattened) == 3:
                # Its inputs are in the order height, width, channel; PyTorch flattens channel, height, width.
                channels, height, width = flattened
                kernel = kernel.reshape(height, width, channels, -1).transpose(2, 0, 1, 3).reshape(kernel.shape)
            flattened = None
            weight = kernel.T
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.weight.copy_(torch.from_numpy(weight.copy()))
            if module.bias is not None:
                module.bias.copy_(torch.from_numpy(tensors[f"{name}.bias"].copy()))
        probe = module(probe)
