#!/usr/bin/env python3
"""Write small models as Keras 3 saves them, with Keras' own counts and shapes, for the test of the model.json reader.

  KERAS_BACKEND=torch python3 write_models.py --out ../../test/fixtures/keras-3.json
  KERAS_BACKEND=torch python3 write_models.py --applications FOLDER

The second form writes whole nets of keras.applications with their counts, one file each, which are too large to keep.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import keras
from keras import Model, Sequential, layers

APPLICATIONS = [
    "ConvNeXtTiny",
    "DenseNet121",
    "EfficientNetB0",
    "EfficientNetV2B0",
    "InceptionResNetV2",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "ResNet50",
    "ResNet50V2",
    "VGG16",
    "Xception",
]


def functional(shape, build, dtype=None):
    x = keras.Input(shape, dtype=dtype)
    return Model(x, build(x))


def one_dense():
    return functional((8,), layers.Dense(3))


def sequential():
    return Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10),
        ]
    )


def built_later():
    model = Sequential([layers.Dense(5), layers.PReLU(), layers.Dense(2, use_bias=False)])
    model.build((None, 7))
    return model


def shared_layer():
    a, b = keras.Input((6,)), keras.Input((6,))
    tower = Sequential([keras.Input((6,)), layers.Dense(4), layers.BatchNormalization()])
    dense = layers.Dense(3)
    return Model([a, b], layers.Concatenate()([dense(tower(a)), dense(tower(b))]))


def siamese_of_models():
    a, b = keras.Input((8, 8, 1)), keras.Input((8, 8, 1))
    tower = functional((8, 8, 1), lambda x: layers.GlobalAveragePooling2D()(layers.Conv2D(3, 3)(x)))
    return Model([a, b], layers.Dense(1)(layers.Subtract()([tower(a), tower(b)])))


def convolutions_1d():
    return Sequential(
        [
            keras.Input((50, 3)),
            layers.ZeroPadding1D((1, 2)),
            layers.Conv1D(8, 5, strides=2, padding="causal"),
            layers.SpatialDropout1D(0.1),
            layers.SeparableConv1D(6, 3, depth_multiplier=2),
            layers.UpSampling1D(2),
            layers.Cropping1D((2, 1)),
            layers.DepthwiseConv1D(3, depth_multiplier=2),
            layers.MaxPooling1D(2),
            layers.Conv1DTranspose(4, 3, strides=2),
            layers.Conv1D(4, 1, groups=2),
            layers.AveragePooling1D(3),
            layers.GlobalMaxPooling1D(),
        ]
    )


def convolutions_2d():
    return Sequential(
        [
            keras.Input((23, 17, 4)),
            layers.Conv2D(8, (3, 5), strides=(2, 1), padding="same", groups=4),
            layers.Conv2D(6, 3, dilation_rate=2, use_bias=False),
            layers.BatchNormalization(scale=False),
            layers.DepthwiseConv2D(2, depth_multiplier=2),
            layers.SeparableConv2D(5, 3, padding="same"),
            layers.Conv2DTranspose(3, 4, strides=2),
            layers.Conv2DTranspose(2, 2, strides=3, padding="same"),
            layers.Resizing(20, 22),
            layers.RandomFlip(),
            layers.UpSampling2D((2, 1)),
            layers.Cropping2D(((1, 2), (0, 3))),
            layers.ZeroPadding2D((1, 2)),
            layers.PReLU(shared_axes=[1, 2]),
            layers.MaxPooling2D((3, 2), strides=2, padding="same"),
            layers.GlobalAveragePooling2D(keepdims=True),
        ]
    )


def convolutions_3d():
    return Sequential(
        [
            keras.Input((8, 9, 10, 2)),
            layers.Conv3D(3, (2, 3, 3)),
            layers.ZeroPadding3D(1),
            layers.MaxPooling3D(2),
            layers.Conv3DTranspose(2, 2, strides=2),
            layers.Cropping3D(1),
            layers.UpSampling3D(2),
            layers.AveragePooling3D(3),
            layers.GlobalAveragePooling3D(),
        ]
    )


def recurrent():
    def build(x):
        x = layers.Embedding(100, 12)(x)
        x = layers.LSTM(8, return_sequences=True)(x)
        x = layers.GRU(6, return_sequences=True)(x)
        x = layers.GRU(5, reset_after=False, return_sequences=True)(x)
        x = layers.TimeDistributed(layers.Dense(7))(x)
        x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
        x = layers.Bidirectional(layers.GRU(3), merge_mode="sum")(x)
        x = layers.RepeatVector(4)(x)
        return layers.SimpleRNN(2, use_bias=False)(x)

    return functional((9,), build, "int32")


def states():
    x = keras.Input((5, 3))
    output, hidden, cell = layers.LSTM(4, return_state=True)(x)
    return Model(x, [layers.Dense(2)(output), layers.Concatenate()([hidden, cell])])


def seq2seq():
    source, target = keras.Input((5, 3)), keras.Input((6, 3))
    _, hidden, cell = layers.LSTM(4, return_state=True)(source)
    return Model(
        [source, target], layers.Dense(2)(layers.LSTM(4, return_sequences=True)(target, initial_state=[hidden, cell]))
    )


def normalisations():
    def build(x):
        x = layers.Normalization()(x)
        x = layers.Normalization(mean=1.0, variance=2.0)(x)
        x = layers.LayerNormalization()(x)
        x = layers.LayerNormalization(axis=[1, 3], center=False)(x)
        x = layers.GroupNormalization(2)(x)
        x = layers.UnitNormalization()(x)
        return layers.BatchNormalization(axis=1)(x)

    return functional((5, 6, 4), build)


def squeeze_and_excite():
    def build(x):
        scale = layers.GlobalAveragePooling2D(keepdims=True)(x)
        scale = layers.Conv2D(8, 1, activation="sigmoid")(scale)
        return layers.Concatenate(axis=1)([layers.Multiply()([x, scale]), x])

    return functional((4, 5, 8), build)


def operators():
    return functional((8,), lambda x: layers.Dense(3)(x + 1.0) * 2.0)


def named_ends():
    x = keras.Input((6,), name="x")
    return Model({"x": x}, {"y": layers.Dense(2)(x), "z": layers.Dense(3)(x)})


MODELS = [
    one_dense,
    sequential,
    built_later,
    shared_layer,
    siamese_of_models,
    convolutions_1d,
    convolutions_2d,
    convolutions_3d,
    recurrent,
    states,
    seq2seq,
    normalisations,
    squeeze_and_excite,
    operators,
    named_ends,
]


def described(model):
    return {
        "parameters": count(model.trainable_weights),
        "nonTrainable": count(model.non_trainable_weights),
        "output": list(model.outputs[0].shape[1:]),
        "model": json.loads(model.to_json()),
    }


def count(weights):
    """Values of the weights, but for the states of random generators, which non_trainable_weights has as well."""
    return sum(math.prod(weight.shape) for weight in weights if weight.name != "seed_generator_state")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--applications", type=Path)
    arguments = parser.parse_args()
    if arguments.out:
        models = {}
        for build in MODELS:
            keras.backend.clear_session()
            models[build.__name__] = described(build())
        arguments.out.write_text(json.dumps({"keras": keras.__version__, "models": models}) + "\n")
    if arguments.applications:
        for name in APPLICATIONS:
            described_model = described(getattr(keras.applications, name)(weights=None))
            (arguments.applications / f"{name}.json").write_text(json.dumps(described_model))
            print(name, described_model["parameters"], file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
