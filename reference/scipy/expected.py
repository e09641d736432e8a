#!/usr/bin/python3
"""What SciPy makes of the samples that a test draws: the oracle of src/stats.

Reads JSON from stdin, {"cases": [{"a": [...], "b": [...], "pValues": [...], "successes": k, "trials": n, "t": t, "degreesOfFreedom": d,
"z": z}, ...]}, and writes a list of as many objects to stdout. `a` and `b` are samples of two or
more values, not both constant. Run by test/unit/stats/scipy.test.ts; needs numpy and scipy (written for 1.10, Debian 12).
"""

import itertools
import json
import sys

import numpy as np
from scipy import stats

# Above this, all ways to split tied values into two samples are too many to list.
MOST_LISTED = 12


def difference(a, b, equal_variances):
    """CI90 of mean(a) - mean(b), and the p-values of "it is 0 or less" and "it is 0 or more"."""
    va, vb, na, nb = a.var(ddof=1), b.var(ddof=1), len(a), len(b)
    if equal_variances:
        freedom = na + nb - 2
        error = np.sqrt(((na - 1) * va + (nb - 1) * vb) / freedom * (1 / na + 1 / nb))
    else:
        freedom = (va / na + vb / nb) ** 2 / ((va / na) ** 2 / (na - 1) + (vb / nb) ** 2 / (nb - 1))
        error = np.sqrt(va / na + vb / nb)
    low, high = stats.t.interval(0.9, freedom, a.mean() - b.mean(), error)
    test = lambda side: stats.ttest_ind(a, b, equal_var=equal_variances, alternative=side).pvalue  # noqa: E731
    return {"low": low, "high": high, "pAtMost": test("greater"), "pAtLeast": test("less")}


def mann_whitney(a, b):
    """U of `a` and both one-sided p-values: exact without ties and where all splits can be listed, normal for large samples."""
    u = stats.mannwhitneyu(a, b).statistic
    both = np.concatenate([a, b])
    tied = len(np.unique(both)) < len(both)
    if tied and len(both) <= MOST_LISTED:
        ranks = stats.rankdata(both)
        sums = np.array([ranks[list(split)].sum() for split in itertools.combinations(range(len(both)), len(a))])
        observed = ranks[: len(a)].sum()
        return {"u": u, "pLess": (sums <= observed).mean(), "pGreater": (sums >= observed).mean()}
    if tied and len(both) <= 50:
        return {"u": u}
    method = "exact" if len(both) <= 50 else "asymptotic"
    test = lambda side: stats.mannwhitneyu(a, b, alternative=side, method=method).pvalue  # noqa: E731
    return {"u": u, "pLess": test("less"), "pGreater": test("greater")}


def mean_intervals(a):
    mean, error, freedom = a.mean(), stats.sem(a), len(a) - 1
    if error == 0:
        return {"mean90": [mean, mean], "prediction95": [mean, mean]}
    one_more = error * np.sqrt(len(a) + 1)
    return {
        "mean90": list(stats.t.interval(0.9, freedom, mean, error)),
        "prediction95": list(stats.t.interval(0.95, freedom, mean, one_more)),
    }


def median_interval(a):
    """The narrowest symmetric pair of order statistics with a coverage of 95 %, else the extremes."""
    ranks = [rank for rank in range(1, len(a) // 2 + 1) if stats.binom.cdf(rank - 1, len(a), 0.5) <= 0.025]
    rank = max(ranks, default=1)
    return [np.sort(a)[rank - 1], np.sort(a)[-rank]]


def holm(p_values):
    """Straight from Holm (1979): the k-th smallest of m times m - k + 1, never less than one before it."""
    order = np.argsort(p_values, kind="stable")
    steps = np.minimum(1, np.maximum.accumulate(np.array(p_values)[order] * np.arange(len(p_values), 0, -1)))
    adjusted = np.empty(len(p_values))
    adjusted[order] = steps
    return adjusted.tolist()


def expected(case):
    a, b = np.array(case["a"], float), np.array(case["b"], float)
    wilson = stats.binomtest(case["successes"], case["trials"]).proportion_ci(0.95, method="wilson")
    return {
        "welch": difference(a, b, False),
        "pooled": difference(a, b, True),
        "mannWhitney": mann_whitney(a, b),
        **mean_intervals(a),
        "median95": median_interval(a),
        "holm": holm(case["pValues"]),
        "wilson95": [wilson.low, wilson.high],
        "tCumulative": stats.t.cdf(case["t"], case["degreesOfFreedom"]),
        "normalUpperTail": stats.norm.sf(case["z"]),
    }


json.dump([expected(case) for case in json.load(sys.stdin)["cases"]], sys.stdout, default=float, allow_nan=False)
