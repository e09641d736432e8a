"""Result files of the reference: JSON that is completed seed by seed, and never mixes conditions."""

import json
import platform
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch


def environment(settings):
    """What the numbers may depend on: versions, processor, and on a GPU its name, driver and precision."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    libraries = re.findall(r"[^/\n]*openblas[^/\n]*\.so\S*", Path("/proc/self/maps").read_text())
    host = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "blas": sorted(set(libraries)),
        "threads": settings.threads,
        "cpu": cpu.group(1) if cpu else platform.machine(),
    }
    return host if settings.device.type == "cpu" else {**host, "gpu": gpu_environment(settings)}


def gpu_environment(settings):
    driver = subprocess.run(
        ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"], capture_output=True, text=True
    )
    return {
        "name": torch.cuda.get_device_name(settings.device),
        "driver": driver.stdout.strip() or None,
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(),
        "tf32": {"convolutions": torch.backends.cudnn.allow_tf32, "products": torch.backends.cuda.matmul.allow_tf32},
        "channelsLast": settings.channels_last,
        "autotune": torch.backends.cudnn.benchmark,
        "deterministic": torch.backends.cudnn.deterministic,
    }


def used_recipe(experiment, profile_name, epochs):
    """The recipe with its profile filled in: what is trained, and nothing else."""
    if profile_name not in experiment["profiles"]:
        sys.exit(f"{experiment['id']} has no profile {profile_name}")
    profile = experiment["profiles"][profile_name]
    recipe = {key: value for key, value in experiment.items() if key != "profiles"}
    recipe["batchSize"] = profile.get("batchSize") or experiment["batchSize"]
    recipe["epochs"] = epochs or profile["epochs"]
    if "steps" in profile:
        recipe["steps"] = profile["steps"]
    recipe["trainImages"] = profile.get("trainImages")
    recipe["testImages"] = profile.get("testImages")
    return recipe


def open_results(path, header):
    """The results in `path`, to be completed, or empty ones. Refuses a file that was made under other conditions."""
    if not path.exists():
        return {**header, "dataSha256": {}, "experiments": []}
    results = json.loads(path.read_text())
    for key, value in header.items():
        if results[key] != value:
            sys.exit(f"{path} has {key} {results[key]}, this run {value}: choose another --out")
    return results


def entry_for(results, recipe, path):
    """The entry of `recipe` in the results, new if need be. Refuses the same experiment with another recipe."""
    for entry in results["experiments"]:
        if entry["recipe"]["id"] == recipe["id"]:
            if entry["recipe"] != recipe:
                sys.exit(f"{path} has {recipe['id']} with another recipe (or --epochs): choose another --out")
            return entry
    entry = {"recipe": recipe, "runs": []}
    results["experiments"].append(entry)
    return entry


def missing_seeds(entry, seeds):
    return [seed for seed in seeds if seed not in [run["seed"] for run in entry["runs"]]]


def note_data(results, fingerprints, path):
    """Keeps the digests of the data. Refuses other data than the file was made with."""
    for file, digest in fingerprints.items():
        if results["dataSha256"].setdefault(file, digest) != digest:
            sys.exit(f"{path} was made with another {file}: choose another --out")


def save(results, path):
    """Write all of it to a temporary file and rename it, so that a kill loses no finished seed."""
    text = json.dumps(results, indent=1, allow_nan=False)
    # One line for each list of numbers and each layer.
    text = re.sub(r'\[[^\[\]{}]*\]|\{\s*"kind"[^{}]*\}', lambda part: " ".join(part.group().split()), text)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text + "\n")
    temporary.rename(path)
