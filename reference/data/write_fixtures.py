"""Writes test/fixtures/deck-data: files of every format that a deck's data may have, and what NumPy, Pillow, PyArrow and
torchvision make of them. Independent of cnnbench: what its readers decode is compared with `expected.json`.

    python reference/data/write_fixtures.py test/fixtures/deck-data

Written with NumPy 2.4.6, Pillow 13.0.0, PyArrow 26.0.1, torch 2.15.0 and torchvision 0.29.2; the arrays have 3 to 24 tiny images.
"""

import base64
import gzip
import io
import json
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from PIL import Image, ImageCms
from torchvision import transforms
from torchvision.datasets import ImageFolder
from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor

RANDOM = np.random.default_rng(20261127)
IDX_TYPES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}


def array(values):
    """An array as JSON: shape, type and bytes."""
    values = np.ascontiguousarray(values)
    return {
        "shape": list(values.shape),
        "dtype": values.dtype.name,
        "base64": base64.b64encode(values.tobytes()).decode(),
    }


def pictures(count, height, width, channels, dtype="uint8"):
    shape = (count, height, width, channels) if channels else (count, height, width)
    if dtype == "uint8":
        return RANDOM.integers(0, 256, shape, dtype=np.uint8)
    return RANDOM.normal(0, 1, shape).astype(dtype)


def labels(count, classes):
    """Every class at least once."""
    return RANDOM.permutation(np.arange(count) % classes)


def smooth(height, width, channels, seed):
    """A picture as JPEG likes them."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 120 * np.sin((x * (1 + c) + y * (2 - c)) / 9 + seed + c) for c in range(max(channels, 1))]
    values = np.stack(planes, axis=-1).astype(np.uint8)
    return values if channels else values[:, :, 0]


def four_dimensional(values):
    return values[..., None] if values.ndim == 3 else values


# IDX


def write_idx(path, values):
    header = struct.pack(">HBB", 0, IDX_TYPES[values.dtype.name], values.ndim)
    header += b"".join(struct.pack(">I", size) for size in values.shape)
    content = header + values.astype(values.dtype.newbyteorder(">")).tobytes()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    if path.suffix != ".gz" and values.ndim <= 3:
        # torchvision's own reader, which takes no more dimensions, agrees with what was meant.
        assert np.array_equal(read_sn3_pascalvincent_tensor(str(path), strict=True).numpy(), values)


def idx(out):
    expected = {}
    for name, dtype, channels in [("bytes", "uint8", 0), ("floats", "float32", 0), ("doubles", "float64", 3)]:
        suffix = ".gz" if name == "bytes" else ""
        images = pictures(6, 5, 4, channels, dtype)
        classes = labels(6, 3).astype("uint8" if name != "doubles" else "int32")
        write_idx(out / f"{name}-images{suffix}", images)
        write_idx(out / f"{name}-labels{suffix}", classes)
        expected[name] = {"images": array(four_dimensional(images.astype("float32") if dtype == "float64" else images)),
                          "labels": classes.tolist()}
    return expected


# CIFAR


def cifar(out):
    expected = {}
    for name, heads in [("cifar-10", 1), ("cifar-100", 2)]:
        images = pictures(4, 32, 32, 3)
        head = np.stack([labels(4, 4), labels(4, 2) + 10][: heads][::-1], axis=1).astype("uint8")
        planes = images.transpose(0, 3, 1, 2).reshape(4, -1)
        (out / f"{name}.bin").write_bytes(np.concatenate([head, planes], axis=1).tobytes())
        expected[name] = {"images": array(images), "heads": head.tolist()}
    return expected


# NumPy's archives


def npz(out):
    expected = {}

    def add(name, images, classes, decoded=None, save=np.savez_compressed):
        save(out / f"{name}.npz", x_train=images, y_train=classes)
        decoded = images if decoded is None else decoded
        expected[name] = {"images": array(decoded), "labels": np.asarray(classes).ravel().tolist()}

    grey = pictures(7, 5, 6, 0)
    add("grey-stored", grey, labels(7, 3).astype("uint8"), grey[..., None], np.savez)
    colour = pictures(6, 4, 5, 3)
    add("colour", colour, labels(6, 2).astype("int64").reshape(-1, 1))
    floats = pictures(5, 3, 4, 3, "float32")
    add("channels-first", floats.transpose(0, 3, 1, 2), labels(5, 5), floats)
    flat = pictures(5, 3, 4, 0, "float64")
    add("flat", flat.reshape(5, 12), labels(5, 2).astype("float32"), flat[..., None].astype("float32"))
    whole = pictures(4, 3, 3, 0)
    add("int64-fortran", np.asfortranarray(whole.astype(">i8")), labels(4, 2), whole[..., None])
    wide = RANDOM.integers(0, 65536, (4, 3, 3), dtype=np.uint16)
    add("uint16", wide, labels(4, 2), wide[..., None].astype("float32"))
    add("half", floats.astype("float16"), labels(5, 5), floats.astype("float16").astype("float32"))
    add("bool", whole > 127, labels(4, 2), (whole > 127)[..., None].astype("uint8"))
    add("strings", whole, np.array(["cat", "dog", "cat", "\u00e9lan"]), whole[..., None])
    many = labels(600, 300)
    add("300-classes", pictures(600, 2, 2, 0), many)
    expected["300-classes"]["images"] = array(np.load(out / "300-classes.npz")["x_train"][..., None])
    return expected


# Image files


def image_files(out):
    """Every kind of PNG and JPEG that Pillow writes, each beside what Pillow reads."""
    grey, colour = smooth(9, 11, 0, 1), smooth(9, 11, 3, 2)
    noise = pictures(1, 9, 11, 3)[0]
    alpha = np.dstack([noise, pictures(1, 9, 11, 0)[0]])
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = Image.Exif()
    turned[0x0112] = 6
    files = {
        "grey.png": (Image.fromarray(grey), {}),
        "colour.png": (Image.fromarray(noise), {}),
        "alpha.png": (Image.fromarray(alpha), {}),
        "grey-alpha.png": (Image.fromarray(alpha).convert("LA"), {}),
        "palette.png": (Image.fromarray(noise).quantize(16), {}),
        "one-bit.png": (Image.fromarray(grey).convert("1"), {}),
        "profile.png": (Image.fromarray(noise), {"icc_profile": profile}),
        "grey.jpg": (Image.fromarray(grey), {"quality": 90}),
        "colour.jpg": (Image.fromarray(colour), {"quality": 90}),
        "progressive.jpg": (Image.fromarray(colour), {"quality": 75, "progressive": True}),
        "no-subsampling.jpeg": (Image.fromarray(colour), {"quality": 95, "subsampling": 0}),
        "profile.jpg": (Image.fromarray(colour), {"quality": 90, "icc_profile": profile}),
        "turned.jpg": (Image.fromarray(colour), {"quality": 90, "exif": turned}),
    }
    expected = {}
    for name, (image, options) in files.items():
        image.save(out / name, **options)
        read = Image.open(out / name)
        mode = "L" if read.mode in ("L", "LA", "1") else "RGB"
        decoded = np.asarray(read.convert(mode))
        expected[name] = array(decoded if mode == "RGB" else decoded[..., None])
    # What cnnbench refuses.
    Image.fromarray(colour).convert("CMYK").save(out / "cmyk.jpg")
    Image.fromarray(grey.astype("uint16") * 257).save(out / "sixteen-bits.png")
    Image.fromarray(grey).save(out / "not-a-png.gif")
    return expected


def image_folder(out):
    for split, count in [("train", 4), ("test", 2)]:
        for seed, name in enumerate(["birch", "Oak", "\u00e9rable"]):
            folder = out / split / name
            folder.mkdir(parents=True)
            for index in range(count):
                values = smooth(8, 6, 3, seed * 10 + index + (100 if split == "test" else 0))
                Image.fromarray(values).save(folder / f"{index}.{'png' if index % 2 else 'JPG'}", format=None if index % 2 else "JPEG")
    expected = {}
    for split in ["train", "test"]:
        # torchvision's own order of classes and files, and what Pillow decodes.
        read = ImageFolder(str(out / split))
        images = np.stack([np.asarray(image) for image, _ in read])
        expected[split] = {"classes": read.classes, "images": array(images), "labels": read.targets}
    return expected


# Parquet


def parquet(out):
    expected = {}
    classes = ["cat", "dog", "fish"]

    def encoded(values, form):
        buffer = io.BytesIO()
        Image.fromarray(values).save(buffer, format=form)
        return buffer.getvalue()

    huggingface = {"info": {"features": {"image": {"_type": "Image"}, "label": {"names": classes, "_type": "ClassLabel"}}}}
    for compression in ["snappy", "zstd", "gzip", "none"]:
        images = [smooth(6, 7, 3, index) for index in range(5)]
        chosen = labels(5, 3)
        files = [{"bytes": encoded(image, "PNG"), "path": f"{index}.png"} for index, image in enumerate(images)]
        table = pa.table({
            "image": pa.array(files, type=pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
            "label": pa.array(chosen.tolist(), type=pa.int64()),
        })
        if compression == "snappy":
            table = table.replace_schema_metadata({"huggingface": json.dumps(huggingface)})
        pq.write_table(table, out / f"{compression}.parquet", compression=compression, row_group_size=3)
        expected[compression] = {"images": array(np.stack(images)), "labels": chosen.tolist(), "classes": classes}
    # Plain bytes, labels that are words.
    images = [smooth(6, 7, 0, index) for index in range(4)]
    words = ["dog", "cat", "dog", "cat"]
    table = pa.table({"picture": pa.array([encoded(image, "PNG") for image in images], type=pa.binary()), "kind": pa.array(words)})
    pq.write_table(table, out / "words.parquet")
    expected["words"] = {"images": array(np.stack(images)[..., None]), "labels": words, "classes": ["cat", "dog"]}
    return expected


# CSV


def csv(out):
    expected = {}
    cases = [
        ("label-first-header", 0, "first", True, "uint8"),
        ("label-last", 3, "last", False, "uint8"),
        ("floats", 0, "last", True, "float32"),
    ]
    for name, channels, place, header, dtype in cases:
        images = pictures(5, 3, 4, channels, dtype)
        chosen = labels(5, 3)
        rows = images.reshape(5, -1)
        columns = [f"pixel{index}" for index in range(rows.shape[1])]
        lines = []
        for row, label in zip(rows, chosen):
            values = [repr(float(value)) if dtype == "float32" else str(value) for value in row]
            lines.append(",".join([str(label), *values] if place == "first" else [*values, str(label)]))
        if header:
            lines.insert(0, ",".join(["label", *columns] if place == "first" else [*columns, "label"]))
        content = ("\r\n" if name == "label-last" else "\n").join(lines) + ("" if name == "floats" else "\n")
        if name == "floats":
            (out / f"{name}.csv.gz").write_bytes(gzip.compress(content.encode(), mtime=0))
        else:
            (out / f"{name}.csv").write_bytes(content.encode())
        expected[name] = {"images": array(four_dimensional(images)), "labels": chosen.tolist()}
    return expected


# Pixels


def grey_from_colour():
    colours = RANDOM.integers(0, 256, (1, 4096, 3), dtype=np.uint8)
    colours[0, :8] = [[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 255)]
    return {"colour": array(colours), "grey": array(np.asarray(Image.fromarray(colours).convert("L")))}


def resized():
    """Pillow's bilinear resampling: along the rows, then along the columns. In one call Pillow 13 may take them in the other order."""
    bilinear = Image.Resampling.BILINEAR
    cases = []
    for height, width, to_height, to_width, channels in [
        (9, 7, 4, 5, 3), (5, 6, 11, 13, 3), (8, 8, 8, 3, 1), (8, 8, 3, 8, 1), (33, 20, 7, 40, 1), (1, 1, 5, 4, 3),
        (40, 30, 1, 1, 3), (28, 28, 32, 32, 1), (32, 32, 28, 28, 3), (101, 67, 32, 32, 3), (6, 9, 6, 9, 1),
    ]:
        values = pictures(1, height, width, 3 if channels == 3 else 0)[0]
        image = Image.fromarray(values).resize((to_width, height), bilinear).resize((to_width, to_height), bilinear)
        cases.append({"from": array(values.reshape(height, width, channels)),
                      "to": array(np.asarray(image).reshape(to_height, to_width, channels))})
        floats = pictures(1, height, width, 0, "float32")[0]
        image = Image.fromarray(floats, mode="F").resize((to_width, height), bilinear).resize((to_width, to_height), bilinear)
        cases.append({"from": array(floats[..., None]), "to": array(np.asarray(image)[..., None])})
    return cases


def scaled():
    """torchvision's ToTensor and Normalize of every byte, and the same arithmetic on floats."""
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    cases = []
    for divide, mean, sd in [
        (255, None, None), (255, [0.5], [0.5]), (255, [0.1307], [0.3081]), (1, None, None), (255, [0.2860], [0.3530]), (16, None, None),
        (255, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), (255, [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]), (1, [33.3], None),
    ]:
        for dtype in ["uint8", "float32"]:
            channels = len(mean or [0])
            values = np.dstack([ramp] * channels) if dtype == "uint8" else pictures(1, 16, 16, channels, "float32")[0] * 100
            if dtype == "uint8" and divide == 255:
                tensor = transforms.ToTensor()(values)
            else:
                tensor = torch.from_numpy(values.astype("float32")).permute(2, 0, 1).div(divide)
            if mean is not None:
                tensor = transforms.Normalize(mean, sd or [1.0] * channels)(tensor)
            cases.append({"scale": {"divide": divide, **({"mean": mean} if mean else {}), **({"sd": sd} if sd else {})},
                          "values": array(values), "scaled": array(tensor.permute(1, 2, 0).numpy())})
    return cases


def main(target):
    out = Path(target)
    shutil.rmtree(out, ignore_errors=True)
    expected = {}
    for part in [idx, cifar, npz, image_files, image_folder, parquet, csv]:
        name = part.__name__.replace("_", "-")
        (out / name).mkdir(parents=True)
        expected[name] = part(out / name)
    expected |= {"grey": grey_from_colour(), "resized": resized(), "scaled": scaled()}
    (out / "expected.json").write_text(json.dumps(expected, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
