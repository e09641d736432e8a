#!/usr/bin/python3
"""Choose the number of epochs of every experiment from validation results, and write it as JSON.

The decks leave the number of epochs out. It is fixed here before any test set is opened: the epoch (1-based) at
which the validation accuracy, averaged over the seeds, is highest; the first one if several are. `peakAtEnd` says
that this epoch is in the last 5% of those tried, so that more might have been better.

Where several files hold the same experiment, the one with the most epochs counts, then the one with the most seeds.

Run (in this folder):

  /usr/bin/python3 choose_epochs.py results/validation*.json --out results/epochs.json
"""

import argparse
import json
import statistics
import sys
from pathlib import Path


def choose(entry):
    """The choice for one experiment of a validation file; accuracies are fractions, the sd is the sample's."""
    runs = entry["runs"]
    by_epoch = list(zip(*(run["curves"]["accuracy"] for run in runs)))
    means = [statistics.mean(accuracies) for accuracies in by_epoch]
    peak = means.index(max(means))
    return {
        "id": entry["recipe"]["id"],
        "epoch": peak + 1,
        "meanAccuracy": round(means[peak], 6),
        "sd": round(statistics.stdev(by_epoch[peak]), 6) if len(runs) > 1 else None,
        "seeds": sorted(run["seed"] for run in runs),
        "epochsTried": len(means),
        "peakAtEnd": peak + 1 > 0.95 * len(means),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="results of train.py --mode validation")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()

    choices = {}
    for file in arguments.files:
        results = json.loads(file.read_text())
        if results["what"]["mode"] != "validation":
            sys.exit(f"{file} is not from --mode validation: epochs are never chosen on the test set")
        for choice in map(choose, results["experiments"]):
            known = choices.get(choice["id"])
            size = (choice["epochsTried"], len(choice["seeds"]))
            if known is None or size > (known["epochsTried"], len(known["seeds"])):
                choices[choice["id"]] = choice

    lines = ",\n".join("  " + json.dumps(choice) for choice in choices.values())
    text = f'{{\n "schemaVersion": 1,\n "experiments": [\n{lines}\n ]\n}}\n'
    temporary = arguments.out.with_name(arguments.out.name + ".tmp")
    temporary.write_text(text)
    temporary.rename(arguments.out)
    print(text, end="")


if __name__ == "__main__":
    main()
