"""Seconds to say what a large library would have at any threshold, and to compare two versions over it.

Beside them, in the same run, what one version costs at the least: one matrix product over all vectors in memory.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from retagging import TAGS, make_library, retrain
from scratch import large_library

BLOCK = 400  # vectors in a product
CALLS = 15


def main() -> None:
    with large_library(argparse.ArgumentParser(description=__doc__)) as options:
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.tagging.dry_run import dry_run
        from tagsmith.tagging.what_if import what_if
        from tagsmith.training.models import Version
        from tagsmith.training.overrides import Override

        make_library(options.assets)
        if not Version.objects.filter(number=2).exists():
            retrain(seed=1)
        new = Version.objects.select_related("model", "encoder").filter(live=True).order_by("model").first()
        old = new.model.versions.select_related("model", "encoder").get(number=new.number - 1)
        product = bare_product(options.assets)
        first = seconds(lambda: what_if(EVERYTHING, new))
        tag = new.columns[0]
        later = [
            seconds(lambda at=at: what_if(EVERYTHING, new, {tag: Override(at)})) for at in np.linspace(0.1, 1, CALLS)
        ]
        compared = seconds(lambda: dry_run(EVERYTHING, new, old))
        print(f"bare matrix product {product:.2f} s")
        print(f"what if, the first time {first:.2f} s = {first / product:.1f} × the product")
        print(f"what if, later: median {median(later) * 1000:.0f} ms, longest {max(later) * 1000:.0f} ms")
        print(f"what if, later: {median(later) / product:.2f} × the product")
        print(f"dry run {compared:.2f} s = {compared / product:.1f} × the product")


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare_product(count: int) -> float:
    from tagsmith.vision.encoders import find_encoder

    dimension = find_encoder("standard").dimension
    X, W = np.ones((BLOCK, dimension), np.float32), np.ones((dimension, 3 * TAGS), np.float32)
    return median(seconds(lambda: [X @ W for _ in range(count // BLOCK)]) for _ in range(3))


if __name__ == "__main__":
    main()
