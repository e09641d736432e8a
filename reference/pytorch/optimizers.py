"""Optimizers, schedules and losses of cnnbench's recipes in PyTorch."""

import math
import sys

import torch
from torch.nn import functional as F


def make_optimizer(settings, parameters):
    """The torch.optim optimizer of a recipe's settings. Only PyTorch's own update rules are to be had."""
    name, rate = settings["name"], settings["learningRate"]
    if settings.get("form") == "keras":
        sys.exit(f"the recipe has Keras's {name}, which PyTorch does not have")
    decay = settings.get("weightDecay", 0)
    if decay and settings.get("decoupled") and name != "adam":
        sys.exit(f"PyTorch has no {name} with a decoupled weight decay")
    parameters = [parameter for parameter in parameters if parameter.requires_grad]
    if name in ("adam", "adamw"):
        module = torch.optim.AdamW if name == "adamw" or settings.get("decoupled") else torch.optim.Adam
        betas = (settings["beta1"], settings["beta2"])
        return module(parameters, rate, betas, settings["epsilon"], decay)
    if name == "sgd":
        momentum, nesterov = settings.get("momentum", 0), settings.get("nesterov", False)
        return torch.optim.SGD(parameters, rate, momentum, weight_decay=decay, nesterov=nesterov)
    if name == "rmsprop":
        momentum, centred = settings.get("momentum", 0), settings.get("centred", False)
        return torch.optim.RMSprop(
            parameters, rate, settings["rho"], settings["epsilon"], weight_decay=decay, momentum=momentum, centered=centred
        )
    if name == "adagrad":
        return torch.optim.Adagrad(
            parameters,
            rate,
            weight_decay=decay,
            initial_accumulator_value=settings["initialAccumulator"],
            eps=settings["epsilon"],
        )
    sys.exit(f"unknown optimizer {name}")


def make_schedule(schedule, optimizer):
    """The torch.optim.lr_scheduler of a recipe's schedule; step it once an epoch or once a step, as its unit says."""
    schedulers = torch.optim.lr_scheduler
    if schedule is None:
        return schedulers.LambdaLR(optimizer, lambda _: 1.0)
    kind = schedule["kind"]
    if kind == "step":
        return schedulers.StepLR(optimizer, schedule["every"], schedule["factor"])
    if kind == "exponential":
        return schedulers.ExponentialLR(optimizer, schedule["factor"] ** (1 / schedule["every"]))
    if kind == "milestones":
        return schedulers.MultiStepLR(optimizer, schedule["at"], schedule["factor"])
    if kind == "cosine":
        rate, over, minimum = optimizer.param_groups[0]["lr"], schedule["over"], schedule["minimum"]
        # CosineAnnealingLR, which would go up again after `over`.
        return schedulers.LambdaLR(
            optimizer,
            lambda time: (minimum + (rate - minimum) * (1 + math.cos(math.pi * min(time, over) / over)) / 2) / rate,
        )
    sys.exit(f"unknown schedule {kind}")


def squared_error(outputs, labels, reduction="mean"):
    error = F.mse_loss(outputs, F.one_hot(labels, outputs.shape[1]).to(outputs.dtype), reduction=reduction)
    return error / outputs.shape[1] if reduction == "sum" else error


def loss_of(recipe):
    """(outputs of the model, class indices, reduction="mean" or "sum") -> mean or sum over the batch."""
    loss = recipe.get("loss", "cross-entropy")
    if loss == "cross-entropy":
        return F.cross_entropy
    if loss == "cross-entropy-of-probabilities":
        return lambda outputs, labels, reduction="mean": F.nll_loss(torch.log(outputs), labels, reduction=reduction)
    if loss == "mean-squared-error":
        return squared_error
    sys.exit(f"unknown loss {loss}")
