"""How to train: device, precision, threads, limits. The choice that train.py and on_gpu.py share."""

from collections.abc import Callable
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Settings:
    """is_over: asked before every epoch; training ends when it says so. patience: epochs without a new best accuracy
    before training ends (None: never)."""

    device: torch.device
    threads: int = 1
    channels_last: bool = False
    is_over: Callable[[], bool] = lambda: False
    patience: int | None = None


def use_device(name, float32=False, autotune=False):
    """The device, with its precision set for this process.

    On a GPU, PyTorch convolves in TF32 (10 bits of mantissa) and multiplies in float32 unless told otherwise: that is left
    as it is. float32: no TF32 anywhere. autotune: cuDNN tries its algorithms on each new shape and keeps the fastest.
    """
    device = torch.device(name)
    if device.type == "cuda":
        if float32:
            torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.benchmark = autotune
    return device
