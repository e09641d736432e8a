#!/usr/bin/python3
"""Train small models on request, in Keras 3: what cnnbench's layers and optimizers are held to where Keras has them otherwise than PyTorch.

The same as ../pytorch/trajectories.py, with any backend of Keras (KERAS_BACKEND; written for torch). The start values that Keras's
initializers draw are described too: {"moments": [{"scheme", "layer", "input"}]} -> mean, standard deviation and largest magnitude.
"""

import json
import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402


def window(spec):
    return {
        "kernel_size": spec["kernel"],
        "strides": spec.get("stride", 1),
        "dilation_rate": spec.get("dilation", 1),
        "padding": spec.get("padding", "valid"),
        "use_bias": spec.get("bias", True),
    }


def pool(spec):
    return {"pool_size": spec["size"], "strides": spec.get("stride"), "padding": spec.get("padding", "valid")}


def recurrent(spec):
    return {"return_sequences": spec.get("returnSequences", False), "use_bias": spec.get("bias", True)}


def transposed(spec):
    settings = window(spec)
    del settings["dilation_rate"]
    return settings


def batch_norm(spec):
    if spec.get("convention") == "pytorch":
        raise ValueError("Keras has batch normalisation by its own convention only")
    return layers.BatchNormalization(momentum=spec.get("momentum", 0.99), epsilon=spec.get("epsilon", 1e-3))


LAYERS = {
    "flatten": lambda s: layers.Flatten(),
    "reshape": lambda s: layers.Reshape(s["shape"]),
    "rescaling": lambda s: layers.Rescaling(s["scale"], s.get("offset", 0)),
    "dense": lambda s: layers.Dense(s["units"], use_bias=s.get("bias", True)),
    "conv1d": lambda s: layers.Conv1D(s["filters"], groups=s.get("groups", 1), **window(s)),
    "conv2d": lambda s: layers.Conv2D(s["filters"], groups=s.get("groups", 1), **window(s)),
    "conv2d-transpose": lambda s: layers.Conv2DTranspose(s["filters"], **transposed(s)),
    "depthwise-conv2d": lambda s: layers.DepthwiseConv2D(depth_multiplier=s.get("multiplier", 1), **window(s)),
    "separable-conv2d": lambda s: layers.SeparableConv2D(
        s["filters"], depth_multiplier=s.get("multiplier", 1), **window(s)
    ),
    "max-pool": lambda s: layers.MaxPooling2D(**pool(s)),
    "average-pool": lambda s: layers.AveragePooling2D(**pool(s)),
    "max-pool1d": lambda s: layers.MaxPooling1D(**pool(s)),
    "average-pool1d": lambda s: layers.AveragePooling1D(**pool(s)),
    "global-average-pool": lambda s: layers.GlobalAveragePooling2D(),
    "global-max-pool": lambda s: layers.GlobalMaxPooling2D(),
    "global-average-pool1d": lambda s: layers.GlobalAveragePooling1D(),
    "global-max-pool1d": lambda s: layers.GlobalMaxPooling1D(),
    "batch-norm": batch_norm,
    "layer-norm": lambda s: layers.LayerNormalization(epsilon=s.get("epsilon", 1e-3)),
    "leaky-relu": lambda s: layers.LeakyReLU(s.get("slope", 0.01)),
    "elu": lambda s: layers.ELU(s.get("alpha", 1.0)),
    "gelu": lambda s: layers.Activation(lambda x: keras.activations.gelu(x, s.get("approximate", False))),
    "zero-padding": lambda s: layers.ZeroPadding2D(s["padding"]),
    "zero-padding1d": lambda s: layers.ZeroPadding1D(s["padding"]),
    "upsampling": lambda s: layers.UpSampling2D(s["size"], interpolation=s.get("interpolation", "nearest")),
    "upsampling1d": lambda s: layers.UpSampling1D(s["size"]),
    "embedding": lambda s: layers.Embedding(s["vocabulary"], s["features"]),
    "simple-rnn": lambda s: layers.SimpleRNN(s["units"], **recurrent(s)),
    "lstm": lambda s: layers.LSTM(s["units"], **recurrent(s)),
    "gru": lambda s: layers.GRU(s["units"], reset_after=s.get("resetAfter", True), **recurrent(s)),
}


def layer_of(spec):
    kind = spec["kind"]
    return LAYERS[kind](spec) if kind in LAYERS else layers.Activation(kind.replace("-", "_"))


def model_of(specs, shape):
    return keras.Sequential([keras.Input(tuple(shape)), *map(layer_of, specs)])


def optimizer_of(settings, rate):
    name, common = settings["name"], {"learning_rate": rate}
    if settings.get("weightDecay"):
        if name != "adamw" and not settings.get("decoupled"):
            raise ValueError("Keras has decoupled weight decays only")
        common["weight_decay"] = settings["weightDecay"]
    momentum = settings.get("momentum", 0.0)
    epsilon = settings.get("epsilon")
    if name in ("adam", "adamw"):
        module = keras.optimizers.AdamW if name == "adamw" else keras.optimizers.Adam
        return module(beta_1=settings["beta1"], beta_2=settings["beta2"], epsilon=epsilon, **common)
    if name == "sgd":
        return keras.optimizers.SGD(momentum=float(momentum), nesterov=settings.get("nesterov", False), **common)
    if name == "rmsprop":
        centred = settings.get("centred", False)
        return keras.optimizers.RMSprop(rho=settings["rho"], momentum=momentum, epsilon=epsilon, centered=centred, **common)
    return keras.optimizers.Adagrad(
        initial_accumulator_value=settings["initialAccumulator"], epsilon=epsilon, **common
    )


def rate_of(problem):
    rate, schedule = problem["optimizer"]["learningRate"], problem.get("schedule")
    if schedule is None:
        return rate
    scale = problem["stepsPerEpoch"] if schedule["unit"] == "epoch" else 1
    schedules = keras.optimizers.schedules
    if schedule["kind"] in ("step", "exponential"):
        is_step = schedule["kind"] == "step"
        return schedules.ExponentialDecay(rate, schedule["every"] * scale, schedule["factor"], staircase=is_step)
    if schedule["kind"] == "cosine":
        return schedules.CosineDecay(rate, schedule["over"] * scale, schedule["minimum"] / rate)
    raise ValueError(f"no schedule {schedule['kind']}")


def loss_of(problem, classes):
    loss = problem.get("loss", "cross-entropy")
    if loss == "mean-squared-error":
        return lambda labels, outputs: keras.ops.mean(
            keras.ops.square(outputs - keras.ops.one_hot(keras.ops.squeeze(labels), classes)), axis=-1
        )
    return keras.losses.SparseCategoricalCrossentropy(from_logits=loss == "cross-entropy")


def solve(problem):
    shape, specs = problem["input"], problem["layers"]
    model = model_of(specs, shape)
    # Layers of Keras have their tensors in the order of cnnbench.
    entries = list(problem["weights"].values())
    model.set_weights([np.array(entry["values"], np.float32).reshape(entry["shape"]) for entry in entries])
    model.compile(optimizer_of(problem["optimizer"], rate_of(problem)), loss_of(problem, model.output_shape[-1]))
    losses = []
    for batch in problem["batches"]:
        images = np.array(batch["images"], np.float32).reshape(-1, *shape)
        # train_on_batch returns a running mean.
        model.reset_metrics()
        losses.append(float(model.train_on_batch(images, np.array(batch["labels"]))))
    outputs = keras.ops.convert_to_numpy(model(images, training=False))
    weights = {name: value.ravel().tolist() for name, value in zip(problem["weights"], model.get_weights())}
    return {"losses": losses, "outputs": outputs.ravel().tolist(), "weights": weights}


SCHEMES = {
    "glorot-uniform": keras.initializers.GlorotUniform,
    "glorot-normal": keras.initializers.GlorotNormal,
    "he-normal": keras.initializers.HeNormal,
    "lecun-uniform": keras.initializers.LecunUniform,
    "lecun-normal": keras.initializers.LecunNormal,
}


def describe(question):
    """Of each weight of a layer: what its start values are like."""
    keras.utils.set_random_seed(1)
    layer = layer_of(question["layer"])
    if question["scheme"] != "keras-default":
        for field in ("kernel", "depthwise", "pointwise", "recurrent", "embeddings"):
            if hasattr(layer, f"{field}_initializer"):
                setattr(layer, f"{field}_initializer", SCHEMES[question["scheme"]]())
    layer.build((None, *question["input"]))
    values = [np.asarray(value, np.float64) for value in layer.get_weights()]
    return [
        {"shape": list(v.shape), "mean": v.mean(), "deviation": v.std(), "largest": np.abs(v).max()} for v in values
    ]


def main():
    request = json.load(sys.stdin)
    keras.utils.set_random_seed(1)
    answers = [solve(problem) for problem in request["problems"]]
    moments = [describe(question) for question in request.get("moments", [])]
    json.dump({"software": f"Keras {keras.__version__}, {keras.backend.backend()}", "answers": answers, "moments": moments}, sys.stdout)


if __name__ == "__main__":
    main()
