#!/usr/bin/python3
"""Count the layers of the decks' larger nets in PyTorch: the oracle of cnnbench's layer specs.

Prints JSON: for each model its totals and one line for each convolution, dense layer, normalisation and pooling, in the
order in which a forward pass on one image of zeros runs them: `conv2d 112x112x64 9408+0` is kind, output (channels last),
weights + biases. Weights and biases are numel() of the parameters called `weight` and `bias`; nonTrainable are the running
means and variances. Pooling to the size that is there already (torchvision's AlexNet and VGG) and to 1x1 is left out.

Models are torchvision's own classes where it has them. The others are written down here in PyTorch, from the deck, from
the paper or from Dive into Deep Learning, not from cnnbench.

Run (in this folder):

  /usr/bin/python3 count_parameters.py > results/parameters.json

Needs torch and torchvision (written for 1.13 and 0.14). Takes seconds and 2 GB of memory.
"""

import json

import torch
import torchvision
from torch import nn
from torchvision import models
from torchvision.models.resnet import BasicBlock

KINDS = {
    nn.Conv2d: "conv2d",
    nn.Linear: "dense",
    nn.BatchNorm2d: "batch-norm",
    nn.MaxPool2d: "max-pool",
    nn.AvgPool2d: "average-pool",
}


class Inception(nn.Module):
    """Dive into Deep Learning, section 8.4.1: Table 1 of Szegedy et al. 2015, convolutions with biases."""

    def __init__(self, channels, c1, c2, c3, c4):
        super().__init__()
        self.b1 = nn.Conv2d(channels, c1, 1)
        self.b2 = nn.Sequential(nn.Conv2d(channels, c2[0], 1), nn.ReLU(), nn.Conv2d(c2[0], c2[1], 3, padding=1))
        self.b3 = nn.Sequential(nn.Conv2d(channels, c3[0], 1), nn.ReLU(), nn.Conv2d(c3[0], c3[1], 5, padding=2))
        self.b4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(channels, c4, 1))

    def forward(self, x):
        return torch.relu(torch.cat([self.b1(x), self.b2(x), self.b3(x), self.b4(x)], 1))


def paper_googlenet():
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1),
        nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1),
        Inception(192, 64, (96, 128), (16, 32), 32),
        Inception(256, 128, (128, 192), (32, 96), 64),
        nn.MaxPool2d(3, stride=2, padding=1),
        Inception(480, 192, (96, 208), (16, 48), 64),
        Inception(512, 160, (112, 224), (24, 64), 64),
        Inception(512, 128, (128, 256), (24, 64), 64),
        Inception(512, 112, (144, 288), (32, 64), 64),
        Inception(528, 256, (160, 320), (32, 128), 128),
        nn.MaxPool2d(3, stride=2, padding=1),
        Inception(832, 256, (160, 320), (32, 128), 128),
        Inception(832, 384, (192, 384), (48, 128), 128),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1024, 1000),
    )  # fmt: skip


def regular_block():
    return nn.Sequential(
        nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
    )  # fmt: skip


def projected_block():
    around = nn.Sequential(nn.Conv2d(64, 128, 1, stride=2, bias=False), nn.BatchNorm2d(128))
    return BasicBlock(64, 128, stride=2, downsample=around)


def deck_003_cnn():
    return nn.Sequential(
        nn.Conv2d(3, 32, 5, padding=2, bias=False), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 16, 5, padding=2, bias=False), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5, padding=2, bias=False), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(512, 10, bias=False), nn.Softmax(1),
    )  # fmt: skip


def deck_003_mlp():
    sizes = [32 * 32 * 3, 16 * 16 * 32, 8 * 8 * 16, 4 * 4 * 32, 10]
    return nn.Sequential(nn.Flatten(), *(nn.Linear(a, b, bias=False) for a, b in zip(sizes, sizes[1:])))


IMAGENET = (3, 224, 224)
MODELS = {
    "alexnet-torchvision": (models.alexnet, IMAGENET),
    "vgg-16": (models.vgg16, IMAGENET),
    "vgg-19": (models.vgg19, IMAGENET),
    "googlenet": (paper_googlenet, IMAGENET),
    "googlenet-bn": (lambda: models.googlenet(aux_logits=False, init_weights=False), IMAGENET),
    "regular-block": (regular_block, (64, 56, 56)),
    "residual-block": (lambda: BasicBlock(64, 64), (64, 56, 56)),
    "residual-block-1x1": (projected_block, (64, 56, 56)),
    "resnet-18": (models.resnet18, IMAGENET),
    "resnet-101": (models.resnet101, IMAGENET),
    "densenet-121": (models.densenet121, IMAGENET),
    "deck-003-cnn": (deck_003_cnn, (3, 32, 32)),
    "deck-003-mlp": (deck_003_mlp, (3, 32, 32)),
}


def count(build, shape):
    model = build().eval()
    layers = []
    macs = 0

    def record(module, _, output):
        nonlocal macs
        size = list(output.shape[1:])
        weights, biases = (0 if p is None else p.numel() for p in (getattr(module, n, None) for n in ("weight", "bias")))
        layers.append(f"{KINDS[type(module)]} {'x'.join(map(str, size[1:] + size[:1]))} {weights}+{biases}")
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            positions = output[0].numel() // output.shape[1]
            macs += weights * positions

    for module in model.modules():
        if type(module) in KINDS:
            module.register_forward_hook(record)
    with torch.no_grad():
        model(torch.zeros(1, *shape))
    named = list(model.named_parameters())
    return {
        "weights": sum(p.numel() for name, p in named if name.endswith("weight")),
        "biases": sum(p.numel() for name, p in named if name.endswith("bias")),
        "parameters": sum(p.numel() for p in model.parameters()),
        "nonTrainable": sum(b.numel() for name, b in model.named_buffers() if "running" in name),
        "macs": macs,
        "layers": layers,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
    counts = {name: count(build, shape) for name, (build, shape) in MODELS.items()}
    print(json.dumps({"environment": versions, "models": counts}, indent=1))
