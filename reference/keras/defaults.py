#!/usr/bin/python3
"""Prints the default arguments of the optimizers and layers of Keras and PyTorch: what src/core/framework.ts is held to."""

import inspect
import json
import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import torch  # noqa: E402


def defaults(of):
    parameters = inspect.signature(of.__init__).parameters.values()
    return {p.name: p.default for p in parameters if isinstance(p.default, (bool, int, float))}


print(
    json.dumps(
        {
            "keras": {name: defaults(getattr(keras.optimizers, name)) for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")},
            "pytorch": {name: defaults(getattr(torch.optim, name)) for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")},
            "layers": {
                "keras": {
                    "batchNorm": defaults(keras.layers.BatchNormalization),
                    "layerNorm": defaults(keras.layers.LayerNormalization),
                    "leakyReLU": defaults(keras.layers.LeakyReLU),
                },
                "pytorch": {
                    "batchNorm": defaults(torch.nn.modules.batchnorm._NormBase),
                    "layerNorm": defaults(torch.nn.LayerNorm),
                    "leakyReLU": defaults(torch.nn.LeakyReLU),
                },
            },
        }
    )
)
